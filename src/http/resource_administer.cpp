#include "base/text.h"
#include "http/door.h"
#include "http/render.h"
#include "usecase/administer.h"
#include "usecase/credentials.h"

// Accounts and posts as an administrator sees and changes them.

namespace gewu::http {
namespace {

using namespace gewu::kernel;

Result<std::string> text_at(const codec::Json& body, const char* name) {
  const auto text = body.string_at(name);
  if (!text) return refuse(ErrorCode::invalid, "account.form", {{"name", name}});
  return std::string(*text);
}

Result<PostId> read_post(std::string_view text) {
  const auto id = parse_integer(text);
  if (!id || *id <= 0) return refuse(ErrorCode::invalid, "post.form");
  return PostId{*id};
}

void write_seat(codec::JsonWriter& out, const usecase::Seat& seat, const Directory& directory) {
  out.begin_object();
  write_post_members(out, seat.post, directory);
  out.member("from", format_instant(seat.holder.from));
  if (seat.holder.until) out.member("until", format_instant(*seat.holder.until));
  if (seat.holder.deputy) out.member("deputy", true);
  out.end_object();
}

void write_account(codec::JsonWriter& out, const usecase::AccountView& view,
                   const Directory& directory) {
  out.begin_object().member("login", view.account.login);
  out.member("display_name", view.account.display_name);
  if (view.account.disabled) out.member("disabled", true);
  if (view.account.may_administer) out.member("may_administer", true);
  if (view.account.may_secure) out.member("may_secure", true);
  if (view.account.may_audit) out.member("may_audit", true);
  if (view.account.password.empty()) out.member("no_password", true);
  if (view.has_second_factor) out.member("second_factor", true);
  out.key("posts").begin_array();
  for (const usecase::Seat& seat : view.seats) write_seat(out, seat, directory);
  out.end_array().end_object();
}

}  // namespace

Result<Answer> list_accounts(Visit& visit) {
  usecase::AccountQuestion question;
  question.words = visit.request.parameter("words").value_or("");
  GEWU_TRY(rows, visit.rows(question.rows, "account.rows"));
  question.rows = rows;
  GEWU_TRY(list, usecase::list_accounts(visit.door.office, *visit.signed_in, question));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("accounts").begin_array();
    for (const auto& view : list.accounts) write_account(out, view, *list.directory);
    out.end_array().member("more", list.more).end_object();
  });
}

Result<Answer> read_account(Visit& visit) {
  GEWU_TRY(list, usecase::read_account(visit.door.office, *visit.signed_in, visit.captured[0]));
  return json_answer([&](codec::JsonWriter& out) {
    write_account(out, list.accounts.front(), *list.directory);
  });
}

Result<Answer> list_all_posts(Visit& visit) {
  GEWU_TRY(rows, visit.rows(50, "post.rows"));
  GEWU_TRY(list, usecase::list_all_posts(visit.door.office, *visit.signed_in,
                                         visit.request.parameter("words").value_or(""), rows));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("posts").begin_array();
    for (const auto& post : list.posts) write_held_post(out, post, *list.directory);
    out.end_array().end_object();
  });
}

Result<Answer> add_account(Visit& visit) {
  GEWU_TRY(body, visit.body());
  usecase::WantedAccount wanted;
  GEWU_TRY(login, text_at(body, "login"));
  wanted.login = std::move(login);
  visit.audit.subject = wanted.login;
  wanted.display_name = body.string_at("display_name").value_or("");
  if (const auto* posts = body.array_at("posts"))
    for (const codec::Json& post : *posts) {
      GEWU_TRY(id, read_post(post.as_string().value_or("")));
      wanted.posts.push_back(id);
    }
  GEWU_TRY(token, usecase::add_account(visit.door.office, *visit.signed_in, wanted));
  return json_answer(
      [&](codec::JsonWriter& out) { out.begin_object().member("token", token).end_object(); }, 201);
}

Result<Answer> disable_account(Visit& visit) {
  visit.audit.subject = visit.captured[0];
  GEWU_CHECK(
      usecase::disable_account(visit.door.office, *visit.signed_in, visit.captured[0]));
  return empty_answer();
}

Result<Answer> enable_account(Visit& visit) {
  visit.audit.subject = visit.captured[0];
  GEWU_CHECK(usecase::enable_account(visit.door.office, *visit.signed_in, visit.captured[0]));
  return empty_answer();
}

Result<Answer> change_seat(Visit& visit) {
  GEWU_TRY(body, visit.body());
  GEWU_TRY(post, read_post(body.string_at("post").value_or("")));
  GEWU_TRY(how, text_at(body, "as"));
  visit.audit.subject = visit.captured[0] + " " + how + " " + std::to_string(post.value);
  const auto seating = [&]() -> std::optional<usecase::Seating> {
    if (how == "holder") return usecase::Seating::seat;
    if (how == "deputy") return usecase::Seating::deputise;
    if (how == "leave") return usecase::Seating::leave;
    return std::nullopt;
  }();
  if (!seating) return refuse(ErrorCode::invalid, "account.form", {{"name", "as"}});
  GEWU_CHECK(usecase::change_seat(visit.door.office, *visit.signed_in, visit.captured[0], post,
                                  *seating));
  return empty_answer();
}

Result<Answer> set_rights(Visit& visit) {
  GEWU_TRY(body, visit.body());
  usecase::AccountRights rights;
  rights.system = body.boolean_at("system").value_or(false);
  rights.security = body.boolean_at("security").value_or(false);
  rights.audit = body.boolean_at("audit").value_or(false);
  visit.audit.subject = visit.captured[0];
  for (const auto& [name, has] : {std::pair{" system", rights.system},
                                  std::pair{" security", rights.security},
                                  std::pair{" audit", rights.audit}})
    if (has) visit.audit.subject += name;
  GEWU_CHECK(usecase::set_rights(visit.door.office, *visit.signed_in, visit.captured[0], rights));
  return empty_answer();
}

Result<Answer> drop_second_factor(Visit& visit) {
  visit.audit.subject = visit.captured[0];
  GEWU_CHECK(
      usecase::drop_second_factor(visit.door.office, *visit.signed_in, visit.captured[0]));
  return empty_answer();
}

}  // namespace gewu::http
