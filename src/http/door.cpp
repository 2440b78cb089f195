#include "http/door.h"

#include <algorithm>

#include "base/spans.h"
#include "base/text.h"
#include "security/hash.h"
#include "usecase/read_budget.h"

namespace gewu::http {

namespace {

/// Far beyond what any action may be late.
constexpr std::int64_t kSinceMax = 30 * kMsPerDay;

}  // namespace

Result<codec::Json> Visit::body() const {
  const auto type = request.header("content-type");
  const auto kind = trim(type.value_or("").substr(0, type.value_or("").find(';')));
  if (kind != "application/json")
    return refuse(ErrorCode::invalid, "http.content_type");
  return codec::parse_json(request.body);
}

Result<std::optional<usecase::RequestStamp>> Visit::stamp() const {
  const auto id = request.header("gewu-request");
  if (!id) return std::optional<usecase::RequestStamp>();
  usecase::RequestStamp stamp;
  stamp.id = *id;
  security::Bytes hashed;
  security::append_part(hashed, security::view_of(request.path));
  security::append_part(hashed, security::view_of(request.body));
  stamp.body = security::sha256(hashed);
  return std::optional(std::move(stamp));
}

Result<std::optional<Instant>> Visit::sent() const {
  const auto beat = request.header("gewu-beat");
  if (!beat || !signed_in) return std::optional<Instant>();
  const auto since = parse_integer(request.header("gewu-since").value_or(""));
  if (!since || *since < 0 || *since > kSinceMax) return refuse(ErrorCode::invalid, "beat.since");
  const auto heard = door.beats.instant_of(*beat, caller.account);
  if (!heard) return std::optional<Instant>();
  return std::optional(std::min(*heard + *since, now()));
}

Result<MatterId> Visit::captured_matter() const {
  const auto id = captured.empty() ? std::nullopt : parse_integer(captured[0]);
  if (!id || *id <= 0) return refuse(ErrorCode::not_found, "not_found");
  return MatterId{*id};
}

Result<std::size_t> Visit::rows(std::size_t by_default, const char* refusal) const {
  const auto text = request.parameter("rows");
  if (!text) return by_default;
  const auto rows = parse_integer(*text);
  if (!rows || *rows < 1) return refuse(ErrorCode::invalid, refusal);
  return static_cast<std::size_t>(*rows);
}

Result<std::string_view> Visit::bytes() const {
  // A form of another site cannot send this one without being asked about it first.
  const auto type = request.header("content-type").value_or("");
  if (trim(type.substr(0, type.find(';'))) != "application/octet-stream")
    return refuse(ErrorCode::invalid, "http.content_type");
  return std::string_view(request.body);
}

Status Visit::count_shown(std::span<const MatterId> matters) {
  return usecase::count_listed(door.office, caller.account, matters,
                               door.options.list_matters_max);
}

store::AuditRecord Visit::audit_record(const Error* refused) const {
  store::AuditRecord record;
  record.event = audit.event;
  record.success = refused == nullptr && audit.refused.empty();
  record.account = audit.account.has_value() ? audit.account : caller.account;
  record.source = "web";
  record.subject = audit.subject;
  record.key = refused ? refused->key : audit.refused;
  record.peer = request.peer;
  record.request = request.id;
  return record;
}

bool Visit::is_secure() const { return comes_by_tls(request); }

Answer json_answer(const std::function<void(codec::JsonWriter&)>& write, int status) {
  Answer answer;
  answer.response.status = status;
  codec::JsonWriter out(answer.response.body);
  write(out);
  answer.response.headers.emplace_back("Cache-Control", "no-store");
  return answer;
}

Answer empty_answer() {
  Answer answer;
  answer.response.status = 204;
  answer.response.content_type.clear();
  return answer;
}

namespace {

std::string cookie(const char* name, const std::string& value, const char* rest, bool is_secure) {
  std::string text = std::string(name) + "=" + value + "; Path=/; HttpOnly; SameSite=Lax" + rest;
  if (is_secure) text += "; Secure";
  return text;
}

/// Only plain HTTP does without: there browsers take no such name.
std::string host_name(const char* name, bool is_secure) {
  return is_secure ? "__Host-" + std::string(name) : name;
}

}  // namespace

std::string session_cookie(const std::string& token, bool is_secure) {
  return cookie(host_name(kSessionCookie, is_secure).c_str(), token,
                token.empty() ? "; Max-Age=0" : "", is_secure);
}

std::optional<std::string_view> session_token(const Request& request) {
  return request.cookie(host_name(kSessionCookie, comes_by_tls(request)));
}

std::string staff_cookie(const std::string& mark, bool is_secure) {
  const std::string age = "; Max-Age=" + std::to_string(kStaffMarkMs / 1'000);
  return cookie(host_name(kStaffCookie, is_secure).c_str(), mark, age.c_str(), is_secure);
}

std::optional<std::string_view> staff_mark(const Request& request) {
  return request.cookie(host_name(kStaffCookie, comes_by_tls(request)));
}

std::string device_cookie(const std::string& device, bool is_secure) {
  return cookie(kDeviceCookie, device, "; Max-Age=15552000", is_secure);  // 180 days
}

}  // namespace gewu::http
