#include "http/door.h"
#include "http/render.h"
#include "usecase/administrators.h"
#include "usecase/audit_log.h"
#include "usecase/credentials.h"
#include "usecase/read_me.h"

namespace gewu::http {
namespace {

using namespace gewu::kernel;

/// What somebody's session adds to what he is.
struct Standing {
  std::string csrf;
  std::vector<const char*> doors;       ///< of administration
  bool lacks_second_factor = false;
};

void write_me(codec::JsonWriter& out, const usecase::Me& me, const Standing& standing,
              const Door& door) {
  out.begin_object();
  if (me.account) {
    out.key("account").begin_object().member("id", std::to_string(me.account->id.value));
    out.member("login", me.account->login).member("display_name", me.account->display_name);
    if (!standing.doors.empty()) {
      out.key("doors").begin_array();
      for (const char* name : standing.doors) out.string(name);
      out.end_array();
    }
    if (usecase::has_three_administrators(*me.directory))
      out.member("three_administrators", true);
    out.end_object().member("csrf", standing.csrf);
  }
  out.key("posts").begin_array();
  for (const usecase::MyPost& mine : me.posts) {
    out.begin_object();
    write_post_members(out, mine, *me.directory);
    if (mine.deputy) out.member("deputy", true);
    out.member("unread", static_cast<std::int64_t>(mine.unread)).end_object();
  }
  out.end_array().member("unread", static_cast<std::int64_t>(me.unread));
  out.member("locality", me.locality ? me.locality->name : "");
  out.key("localities").begin_array();
  for (const auto& [name, locality] : me.directory->localities) {
    out.begin_object().member("name", name);
    write_label(out, "label", locality->label);
    out.member("territory", locality->territory);
    if (locality->calendar) out.member("zone", locality->calendar->zone().name());
    out.end_object();
  }
  out.end_array();
  if (me.account) out.member("live", door.live.newest());
  if (door.office.is_demo) out.member("demo", true);
  if (standing.lacks_second_factor) out.member("second_factor_required", true);
  if (const usecase::SingleSignOn* sso = door.options.single_sign_on; sso && !me.account) {
    out.key("single_sign_on").begin_object();
    for (const auto& [language, words] : sso->label()) out.member(language, words);
    out.end_object();
  }
  out.end_object();
}

Result<Answer> answer_signed_in(Visit& visit, const usecase::SignedIn& signed_in, int status) {
  visit.audit.account = signed_in.account;
  usecase::Caller caller;
  caller.account = signed_in.account;
  GEWU_TRY(me, usecase::read_me(visit.door.office, caller));
  GEWU_TRY(lacks, usecase::lacks_second_factor(visit.door.office, signed_in.account));
  GEWU_TRY(session, usecase::find_session(visit.door.office, signed_in.token));
  const Standing standing{signed_in.csrf, usecase::open_doors(visit.door.office, session), lacks};
  Answer answer = json_answer(
      [&](codec::JsonWriter& out) { write_me(out, me, standing, visit.door); }, status);
  answer.response.headers.emplace_back(
      "Set-Cookie", session_cookie(signed_in.token, visit.is_secure()));
  answer.response.headers.emplace_back(
      "Set-Cookie", device_cookie(signed_in.device, visit.is_secure()));
  // Whoever signs in anew leaves the session that he came with.
  if (const auto before = session_token(visit.request))
    GEWU_CHECK(usecase::sign_out(visit.door.office, *before));
  return answer;
}

}  // namespace

Result<Answer> sign_in(Visit& visit) {
  GEWU_TRY(body, visit.body());
  const auto login = body.string_at("login"), password = body.string_at("password");
  if (!login || !password) return refuse(ErrorCode::invalid, "sign_in.form");
  usecase::SignInAttempt attempt;
  attempt.login = *login;
  attempt.password = *password;
  attempt.code = body.string_at("code").value_or("");
  attempt.device = visit.request.cookie(kDeviceCookie).value_or("");
  attempt.peer = visit.request.peer;
  attempt.agent = visit.request.header("user-agent").value_or("");
  GEWU_TRY(known, usecase::known_login(visit.door.office, *login));
  visit.audit.subject = std::move(known);
  GEWU_TRY(signed_in, visit.door.desk.sign_in(attempt));
  return answer_signed_in(visit, signed_in, 200);
}

Result<Answer> make_first_administrator(Visit& visit) {
  GEWU_TRY(body, visit.body());
  const auto token = body.string_at("token"), login = body.string_at("login"),
             password = body.string_at("password");
  if (!token || !login || !password) return refuse(ErrorCode::invalid, "sign_in.form");
  GEWU_TRY(signed_in, visit.door.desk.make_first_administrator(*token, *login, *password));
  return answer_signed_in(visit, signed_in, 201);
}

Result<Answer> sign_out(Visit& visit) {
  if (const auto token = session_token(visit.request))
    GEWU_CHECK(usecase::sign_out(visit.door.office, *token));
  if (visit.signed_in) visit.door.live.end_session(visit.signed_in->csrf);
  Answer answer = empty_answer();
  answer.response.headers.emplace_back("Set-Cookie", session_cookie("", visit.is_secure()));
  return answer;
}

Result<Answer> read_me(Visit& visit) {
  GEWU_TRY(me, usecase::read_me(visit.door.office, visit.caller));
  Standing standing;
  if (visit.signed_in) {
    standing.csrf = visit.signed_in->csrf;
    standing.doors = usecase::open_doors(visit.door.office, *visit.signed_in);
  }
  GEWU_TRY(lacks, usecase::lacks_second_factor(visit.door.office, visit.caller.account));
  standing.lacks_second_factor = lacks;
  return json_answer([&](codec::JsonWriter& out) { write_me(out, me, standing, visit.door); });
}

Result<Answer> read_health(Visit& visit) {
  GEWU_TRY(stopped, usecase::count_stopped_steps(visit.door.office));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().member("status", "ok").member("version", visit.door.options.version);
    if (visit.door.office.is_demo) out.member("demo", true);
    out.member("stopped_steps", static_cast<std::int64_t>(stopped)).end_object();
  });
}

}  // namespace gewu::http
