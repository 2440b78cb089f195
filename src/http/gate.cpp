#include "http/gate.h"

#include <cstdio>
#include <exception>

#include "base/text.h"
#include "http/error_reply.h"
#include "http/pages.h"
#include "security/hash.h"
#include "usecase/administrators.h"
#include "usecase/audit_log.h"
#include "usecase/credentials.h"

namespace gewu::http {
namespace {

constexpr const char* kBeatHeader = "Gewu-Beat";
constexpr const char* kInternalKey = "internal";
constexpr const char* kOnlyTls = "max-age=31536000";

Status check_rate(RateLimit& limit, const std::string& key, Instant now) {
  const auto seconds = limit.take(key, now);
  if (!seconds) return {};
  return refuse(ErrorCode::too_many, "http.too_many", {{"seconds", std::to_string(*seconds)}});
}

/// Browsers say where a request comes from; whoever is no browser says nothing.
Status check_site(const Request& request) {
  const auto site = request.header("sec-fetch-site");
  if (!site || *site == "same-origin" || *site == "none") return {};
  return refuse(ErrorCode::forbidden, "http.cross_site");
}

bool is_get(Method method) { return method == Method::get || method == Method::head; }

Answer refuse_method(const Request& request, const std::string& allow, Error& failure) {
  failure = {ErrorCode::invalid, "http.method", {}, {}};
  Answer answer;
  answer.response = error_response(failure, request, nullptr);
  answer.response.status = 405;
  answer.response.headers.emplace_back("Allow", allow);
  return answer;
}

void add_header(Response& response, const char* name, const char* value) {
  for (const auto& header : response.headers)
    if (header.first == name) return;
  response.headers.emplace_back(name, value);
}

void write_to_stderr(const std::string& line) {
  const std::string ended = line + "\n";
  std::fwrite(ended.data(), 1, ended.size(), stderr);
}

}  // namespace

Gate::Gate(usecase::Office& office, usecase::SignInDesk& desk, LiveFeed& live,
           const ServerOptions& options)
    : uploaded_(office.random),
      chores_(office.clock),
      beats_(options.beat_key.get(), office.random),
      staff_(options.beat_key.get(), office.random, options.staff_networks,
             options.staff_address_minutes),
      door_{office, desk, live, options, uploaded_, chores_, beats_, staff_},
      peers_(options.peer_requests_max),
      accounts_(options.account_requests_max),
      uploads_(options.uploads_max),
      id_seed_(std::to_string(office.clock.now().ms)) {}

/// Eight symbols that nobody mixes up on the phone: "7K3Q-0VXM". Not secret, only different.
std::string Gate::next_id() {
  constexpr char kSymbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const auto hash = security::sha256(id_seed_ + "." + std::to_string(++ids_));
  std::string id;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == 4) id += '-';
    id += kSymbols[hash[i] % 32];
  }
  return id;
}

/// Session, named post, and what guards a session against requests that others made up.
Status Gate::find_caller(Visit& visit, const Route& route) {
  if (route.changes_state) GEWU_CHECK(check_site(visit.request));
  if (route.session == SessionRule::none) return {};
  if (const auto token = session_token(visit.request); token && !token->empty()) {
    auto found = usecase::find_session(door_.office, *token);
    if (found) {
      visit.caller = found->caller;
      visit.caller.request = visit.request.id;
      visit.signed_in = std::move(*found);
    } else if (found.error().code != ErrorCode::unauthenticated || route.changes_state) {
      const bool ends = route.resource == &sign_out;
      if (!ends) return std::unexpected(found.error());
    }
  }
  GEWU_CHECK(check_second_factor(visit, route));
  if (route.session == SessionRule::needed && !visit.signed_in)
    return refuse(ErrorCode::unauthenticated, "session.absent");
  if (visit.signed_in) {
    GEWU_CHECK(check_rate(accounts_, std::to_string(visit.caller.account.value), visit.now()));
    if (route.changes_state)
      GEWU_CHECK(usecase::check_csrf(*visit.signed_in,
                                     visit.request.header("gewu-csrf").value_or("")));
  }
  if (route.resource == &keep_file)
    GEWU_CHECK(check_rate(uploads_,
                          visit.signed_in
                              ? "account:" + std::to_string(visit.caller.account.value)
                              : visit.request.peer,
                          visit.now()));
  if (const auto post = visit.request.header("gewu-post")) {
    const auto id = parse_integer(*post);
    if (!id || *id <= 0) return refuse(ErrorCode::invalid, "post.form");
    visit.caller.post = PostId{*id};
  }
  return {};
}

/// Whoever has not set up the second factor that his role asks for reaches his own account alone;
/// what everyone may read, he reads as everyone.
Status Gate::check_second_factor(Visit& visit, const Route& route) {
  constexpr std::string_view kOwnAccount = "/api/account/";
  if (!visit.signed_in || std::string_view(route.pattern).starts_with(kOwnAccount) ||
      route.resource == &read_me || route.resource == &sign_out)
    return {};
  GEWU_TRY(lacks, usecase::lacks_second_factor(door_.office, visit.caller.account));
  if (!lacks) return {};
  if (route.session == SessionRule::needed || route.changes_state)
    return refuse(ErrorCode::forbidden, "account.second_factor_required");
  visit.signed_in.reset();
  visit.caller = {};
  return {};
}

Result<Answer> Gate::pass(const Request& request, const FoundRoute& found) {
  if (!found.route) return refuse(ErrorCode::not_found, "http.route");
  Visit visit{door_, request, found.captured, std::nullopt, {}, {}};
  if (found.route->audit) visit.audit.event = found.route->audit;
  visit.caller.request = request.id;
  if (auto let_in = find_caller(visit, *found.route); !let_in) {
    // Whoever has no session is no account that could be asked about it.
    if (visit.signed_in) GEWU_CHECK(keep_audit(visit, &let_in.error()));
    return std::unexpected(let_in.error());
  }
  const bool is_staff = visit.signed_in && usecase::is_staff(door_.office, *visit.signed_in);
  if (is_staff) staff_.note_address(request.peer, visit.now());
  auto answered = found.route->resource(visit);
  GEWU_CHECK(keep_audit(visit, answered ? nullptr : &answered.error()));
  if (answered && visit.signed_in && found.route->resource != &sign_out)
    answered->response.headers.emplace_back(
        kBeatHeader, beats_.beat_of(visit.caller.account, visit.now()));
  if (answered && is_staff) mark_staff(visit, answered->response);
  return answered;
}

/// Whatever browser staff work in is known from then on, though they sign out.
void Gate::mark_staff(const Visit& visit, Response& response) {
  if (!staff_.is_stale(staff_mark(visit.request).value_or(""), visit.now())) return;
  response.headers.emplace_back(
      "Set-Cookie", staff_cookie(staff_.issue(visit.now()), visit.is_secure()));
}

/// What was done, or tried, as the audit log keeps it.
Status Gate::keep_audit(const Visit& visit, const Error* refused) {
  if (visit.audit.event.empty()) return {};
  return usecase::keep_audit(door_.office, visit.audit_record(refused));
}

Answer Gate::answer_api(const Request& request, const FoundRoute& found, Error& failure) {
  if (!found.route && !found.allow.empty()) return refuse_method(request, found.allow, failure);
  auto passed = pass(request, found);
  if (passed) return std::move(*passed);
  failure = passed.error();
  Answer answer;
  answer.response =
      error_response(failure, request, usecase::directory_of(door_.office).get());
  return answer;
}

void Gate::log_failure(const Request& request, const FoundRoute& found, int status,
                       const Error& failure, std::int64_t ms) const {
  std::string line;
  codec::JsonWriter out(line);
  out.begin_object().member("at", format_instant(door_.office.clock.now()));
  out.member("method", method_name(request.method));
  // The pattern, never the path: a receipt code is a key.
  out.member("route", found.route ? found.route->pattern : "");
  out.member("status", status).member("key", failure.key);
  out.member("ms", ms).member("request", request.id);
  if (status >= 500)
    for (const ErrorDetail& detail : failure.details) out.member(detail.name, detail.value);
  out.end_object();
  if (door_.options.log) door_.options.log(line);
  else write_to_stderr(line);
}

Answer Gate::answer(Request request) {
  const Instant begun = door_.office.clock.now();
  request.id = next_id();
  learn_peer(request, door_.options.proxy);
  const bool is_api = !request.segments.empty() && request.segments[0] == "api";
  FoundRoute found;
  if (is_api) found = find_route(routes(), request.method, request.segments);
  Error failure;
  Answer answer;
  try {
    if (auto allowed = check_rate(peers_, request.peer, begun); !allowed) {
      failure = allowed.error();
      answer.response = error_response(failure, request, nullptr);
    } else if (is_api) {
      answer = answer_api(request, found, failure);
    } else if (!is_get(request.method)) {
      answer = refuse_method(request, "GET, HEAD", failure);
    } else {
      answer.response = answer_page(request, pages(), failure);
    }
  } catch (const std::exception& broken) {
    failure = {ErrorCode::internal, kInternalKey, {{"what", broken.what()}}, {}};
    answer = {};
    answer.response = error_response(failure, request, nullptr);
  }
  if (request.method == Method::head) answer.stream = nullptr;  // nothing would ever end it
  Response& response = answer.response;
  for (const auto& [name, value] : kHeadersOfAll) add_header(response, name, value);
  if (comes_by_tls(request)) add_header(response, "Strict-Transport-Security", kOnlyTls);
  if (is_api) add_header(response, "Cache-Control", "no-store");
  if (is_api) add_header(response, "Content-Security-Policy", kNothingPolicy);
  if (response.status >= 400)
    log_failure(request, found, response.status, failure, door_.office.clock.now() - begun);
  return answer;
}

}  // namespace gewu::http
