#include "http/door.h"
#include "usecase/audit_log.h"
#include "usecase/credentials.h"

namespace gewu::http {
namespace {

Result<std::string> text_at(const codec::Json& body, const char* name) {
  const auto text = body.string_at(name);
  if (!text) return refuse(ErrorCode::invalid, "account.form", {{"name", name}});
  return std::string(*text);
}

}  // namespace

Result<Answer> list_sessions(Visit& visit) {
  GEWU_TRY(lines, usecase::list_sessions(visit.door.office, visit.caller.account));
  GEWU_TRY(factor, usecase::read_second_factor(visit.door.office, visit.caller.account));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("sessions").begin_array();
    for (const usecase::SessionLine& line : lines) {
      out.begin_object().member("id", line.id).member("agent", line.agent);
      out.member("opened_at", format_instant(line.opened_at));
      out.member("last_seen_at", format_instant(line.last_seen_at));
      out.member("expires_at", format_instant(line.expires_at));
      if (line.id == visit.signed_in->session) out.member("current", true);
      out.end_object();
    }
    out.end_array().member("second_factor", factor.is_on);
    out.member("recovery_left", static_cast<std::int64_t>(factor.recovery_left)).end_object();
  });
}

Result<Answer> read_device_key(Visit& visit) {
  const AccountId account = visit.caller.account;
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().member("account", std::to_string(account.value));
    out.member("key", visit.door.beats.device_key_of(account)).end_object();
  });
}

Result<Answer> end_session(Visit& visit) {
  GEWU_CHECK(usecase::end_session(visit.door.office, visit.caller.account,
                                  visit.captured.front()));
  return empty_answer();
}

Result<Answer> end_other_sessions(Visit& visit) {
  GEWU_CHECK(usecase::end_other_sessions(visit.door.office, visit.caller.account,
                                         visit.signed_in->session));
  return empty_answer();
}

Result<Answer> change_password(Visit& visit) {
  GEWU_TRY(body, visit.body());
  GEWU_TRY(current, text_at(body, "current"));
  GEWU_TRY(wanted, text_at(body, "password"));
  GEWU_CHECK(usecase::change_password(visit.door.office, visit.door.desk, *visit.signed_in,
                                      current, wanted));
  return empty_answer();
}

Result<Answer> offer_second_factor(Visit& visit) {
  GEWU_TRY(body, visit.body());
  GEWU_TRY(password, text_at(body, "password"));
  GEWU_TRY(offer, usecase::offer_second_factor(visit.door.office, visit.door.desk,
                                               *visit.signed_in, password));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().member("secret", offer.secret).member("uri", offer.uri).end_object();
  });
}

Result<Answer> confirm_second_factor(Visit& visit) {
  GEWU_TRY(body, visit.body());
  GEWU_TRY(code, text_at(body, "code"));
  GEWU_TRY(codes, usecase::confirm_second_factor(visit.door.office, *visit.signed_in, code));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("recovery").begin_array();
    for (const std::string& recovery : codes) out.string(recovery);
    out.end_array().end_object();
  });
}

Result<Answer> remove_second_factor(Visit& visit) {
  GEWU_TRY(body, visit.body());
  GEWU_TRY(password, text_at(body, "password"));
  GEWU_CHECK(usecase::remove_second_factor(visit.door.office, visit.door.desk, *visit.signed_in,
                                           password));
  return empty_answer();
}

Result<Answer> issue_password_reset(Visit& visit) {
  GEWU_TRY(body, visit.body());
  GEWU_TRY(login, text_at(body, "login"));
  GEWU_TRY(known, usecase::known_login(visit.door.office, login));
  visit.audit.subject = std::move(known);
  GEWU_TRY(token, usecase::issue_password_reset(visit.door.office, *visit.signed_in, login));
  return json_answer(
      [&](codec::JsonWriter& out) { out.begin_object().member("token", token).end_object(); }, 201);
}

Result<Answer> use_password_reset(Visit& visit) {
  GEWU_TRY(body, visit.body());
  GEWU_TRY(token, text_at(body, "token"));
  GEWU_TRY(password, text_at(body, "password"));
  GEWU_TRY(account,
           usecase::use_password_reset(visit.door.office, visit.door.desk, token, password));
  visit.audit.account = account;
  return empty_answer();
}

}  // namespace gewu::http
