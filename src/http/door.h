#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "codec/json_writer.h"
#include "http/beats.h"
#include "http/chores.h"
#include "http/live.h"
#include "http/message.h"
#include "http/server.h"
#include "http/staff_marks.h"
#include "http/uploads.h"
#include "usecase/audit_log.h"
#include "usecase/sign_in.h"

// What every resource is handed.

namespace gewu::http {

/// What the resources share; lives as long as the server.
struct Door {
  usecase::Office& office;
  usecase::SignInDesk& desk;
  LiveFeed& live;
  const ServerOptions& options;
  Uploads& uploads;
  Chores& chores;
  const Beats& beats;
  StaffMarks& staff;
};

/// What the audit log will say of the request.
struct AuditNote {
  std::string event;                                 ///< empty: nothing
  std::string subject;                               ///< upon what; never a resident
  AccountId account;                                 ///< who; none: whose session it is
  std::string refused;                               ///< key, where the answer itself is no error
};

/// One request on its way through a resource.
struct Visit {
  Door& door;
  const Request& request;
  std::vector<std::string> captured;                 ///< of the pattern's {…}, in order
  std::optional<usecase::SignedInCaller> signed_in;
  usecase::Caller caller;                            ///< of the session, with the named post
  AuditNote audit;                                   ///< of the route, made whole by the resource

  Instant now() const { return door.office.clock.now(); }
  /// The body as JSON; `http.content_type` when it is declared as something else.
  Result<codec::Json> body() const;
  /// `Gewu-Request` with the hash of method, route and body; nothing when the header is absent.
  Result<std::optional<usecase::RequestStamp>> stamp() const;
  /// When something was done that arrives late: `Gewu-Since` milliseconds after `Gewu-Beat`, now at
  /// the latest. Nothing without them, and for a beat that this account never got: then it counts
  /// from its arrival. `invalid` `beat.since` for what is no number of milliseconds of some days.
  Result<std::optional<Instant>> sent() const;
  Result<MatterId> captured_matter() const;
  /// The parameter `rows`, at least one; `invalid` with the key given.
  Result<std::size_t> rows(std::size_t by_default, const char* refusal) const;
  /// The body where it is bytes and no JSON. `http.content_type`.
  Result<std::string_view> bytes() const;
  /// Counts what a list shows against the account's day; errors of usecase/read_budget.h.
  Status count_shown(std::span<const MatterId> matters);
  /// The line of the audit log; `refused` null: it was done.
  store::AuditRecord audit_record(const Error* refused) const;
  /// Decides the cookie's `Secure`.
  bool is_secure() const;
};

/// Where a resource answers; errors become error_response.
using Resource = Result<Answer> (*)(Visit&);

/// A 200 with the JSON that `write` writes.
Answer json_answer(const std::function<void(codec::JsonWriter&)>& write, int status = 200);
Answer empty_answer();
/// 202 with the id of a chore that somebody signed in begins: its answer comes by read_chore, and the
/// audit log says what came of it instead of what came of the request.
Result<Answer> chore_answer(Visit& visit, Chores::Work work);

/// The token of a session in the cookie, and how the cookie is set and cleared.
inline constexpr const char* kSessionCookie = "gewu_session";
/// With TLS its name begins with `__Host-`: no other host of the domain can set one of that name.
std::string session_cookie(const std::string& token, bool is_secure);
std::optional<std::string_view> session_token(const Request& request);
/// By which a browser is known at the next sign-in; it opens nothing.
inline constexpr const char* kDeviceCookie = "gewu_device";
std::string device_cookie(const std::string& device, bool is_secure);
/// By which a browser is known in which staff signed in; it opens nothing and stays at sign-out.
inline constexpr const char* kStaffCookie = "gewu_staff";
std::string staff_cookie(const std::string& mark, bool is_secure);
std::optional<std::string_view> staff_mark(const Request& request);

// Resources, one file a subject.
Result<Answer> read_health(Visit& visit);
Result<Answer> sign_in(Visit& visit);
Result<Answer> sign_out(Visit& visit);
Result<Answer> begin_single_sign_on(Visit& visit);
Result<Answer> finish_single_sign_on(Visit& visit);
Result<Answer> make_first_administrator(Visit& visit);
Result<Answer> read_me(Visit& visit);
Result<Answer> list_sessions(Visit& visit);
Result<Answer> end_session(Visit& visit);
Result<Answer> read_device_key(Visit& visit);
Result<Answer> end_other_sessions(Visit& visit);
Result<Answer> change_password(Visit& visit);
Result<Answer> offer_second_factor(Visit& visit);
Result<Answer> confirm_second_factor(Visit& visit);
Result<Answer> remove_second_factor(Visit& visit);
Result<Answer> issue_password_reset(Visit& visit);
Result<Answer> use_password_reset(Visit& visit);
Result<Answer> list_types(Visit& visit);
Result<Answer> read_type(Visit& visit);
Result<Answer> read_list(Visit& visit);
Result<Answer> list_matters(Visit& visit);
Result<Answer> submit_matter(Visit& visit);
Result<Answer> list_nearby(Visit& visit);
Result<Answer> read_matter(Visit& visit);
Result<Answer> read_timeline(Visit& visit);
Result<Answer> read_sight(Visit& visit);
Result<Answer> act_on_matter(Visit& visit);
Result<Answer> act_on_matters(Visit& visit);
Result<Answer> preview_submission(Visit& visit);
Result<Answer> preview_action(Visit& visit);
Result<Answer> search(Visit& visit);
Result<Answer> read_export_choice(Visit& visit);
Result<Answer> ask_export(Visit& visit);
Result<Answer> fetch_export(Visit& visit);
Result<Answer> keep_file(Visit& visit);
Result<Answer> read_file(Visit& visit);
Result<Answer> read_receipt_file(Visit& visit);
Result<Answer> read_receipt(Visit& visit);
Result<Answer> read_receipt_timeline(Visit& visit);
Result<Answer> act_by_receipt(Visit& visit);
Result<Answer> read_answer(Visit& visit);
Result<Answer> give_answer(Visit& visit);
Result<Answer> read_receipt_proof(Visit& visit);
Result<Answer> read_receipt_data(Visit& visit);
Result<Answer> read_own_data(Visit& visit);
Result<Answer> read_open_figures(Visit& visit);
Result<Answer> read_open_draws(Visit& visit);
Result<Answer> read_open_place(Visit& visit);
Result<Answer> list_open_notices(Visit& visit);
Result<Answer> read_open_notice(Visit& visit);
Result<Answer> read_latest_root(Visit& visit);
Result<Answer> read_root(Visit& visit);
Result<Answer> read_root_consistency(Visit& visit);
Result<Answer> read_base_map(Visit& visit);
Result<Answer> read_base_map_file(Visit& visit);
Result<Answer> read_tile(Visit& visit);
Result<Answer> list_territory(Visit& visit);
Result<Answer> find_territory(Visit& visit);
Result<Answer> read_territory(Visit& visit);
Result<Answer> read_grids(Visit& visit);
Result<Answer> check_drawing(Visit& visit);
Result<Answer> propose_drawing(Visit& visit);
Result<Answer> list_drawings(Visit& visit);
Result<Answer> withdraw_drawing(Visit& visit);
Result<Answer> confirm_drawing(Visit& visit);
Result<Answer> list_organisations(Visit& visit);
Result<Answer> list_posts(Visit& visit);
Result<Answer> list_saved_views(Visit& visit);
Result<Answer> save_view(Visit& visit);
Result<Answer> drop_saved_view(Visit& visit);
Result<Answer> list_indicators(Visit& visit);
Result<Answer> read_indicator(Visit& visit);
Result<Answer> read_indicators(Visit& visit);
Result<Answer> read_indicator_records(Visit& visit);
Result<Answer> list_notices(Visit& visit);
Result<Answer> read_calendar_notice(Visit& visit);
Result<Answer> agree_calendar_notice(Visit& visit);
Result<Answer> list_accounts(Visit& visit);
Result<Answer> read_account(Visit& visit);
Result<Answer> add_account(Visit& visit);
Result<Answer> disable_account(Visit& visit);
Result<Answer> enable_account(Visit& visit);
Result<Answer> change_seat(Visit& visit);
Result<Answer> set_rights(Visit& visit);
Result<Answer> drop_second_factor(Visit& visit);
Result<Answer> list_all_posts(Visit& visit);
Result<Answer> import_table(Visit& visit);
Result<Answer> compare_register(Visit& visit);
Result<Answer> begin_upload(Visit& visit);
Result<Answer> add_to_upload(Visit& visit);
Result<Answer> read_chore(Visit& visit);
Result<Answer> list_definitions(Visit& visit);
Result<Answer> read_definition(Visit& visit);
Result<Answer> read_publication(Visit& visit);
Result<Answer> check_publication(Visit& visit);
Result<Answer> propose_publication(Visit& visit);
Result<Answer> withdraw_publication(Visit& visit);
Result<Answer> confirm_publication(Visit& visit);
Result<Answer> list_backups(Visit& visit);
Result<Answer> make_backup(Visit& visit);
Result<Answer> read_office(Visit& visit);
Result<Answer> read_audit_log(Visit& visit);
Result<Answer> read_read_log(Visit& visit);
Result<Answer> list_canaries(Visit& visit);
Result<Answer> plant_canary(Visit& visit);
Result<Answer> mark_notices_read(Visit& visit);
Result<Answer> follow_live(Visit& visit);

}  // namespace gewu::http
