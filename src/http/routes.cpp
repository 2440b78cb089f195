#include "http/routes.h"

#include "base/text.h"

namespace gewu::http {
namespace {

constexpr bool kChanges = true;
constexpr auto none = SessionRule::none;
constexpr auto optional = SessionRule::optional;
constexpr auto needed = SessionRule::needed;
constexpr auto get = Method::get;
constexpr auto post = Method::post;

// Every route of the office (openapi.yaml), on one screen.
constexpr Route kRoutes[] = {
    {get, "/api/health", read_health, none},
    {post, "/api/sign-in", sign_in, none, kChanges, "sign_in"},
    {post, "/api/sign-out", sign_out, optional, kChanges, "sign_out"},
    {get, "/api/sign-in/provider", begin_single_sign_on, none},
    {get, "/api/sign-in/provider/return", finish_single_sign_on, none, !kChanges, "sign_in"},
    {post, "/api/first-administrator", make_first_administrator, none, kChanges,
     "first_administrator"},
    {get, "/api/me", read_me, optional},
    {get, "/api/me/data", read_own_data, needed},

    {get, "/api/account/sessions", list_sessions, needed},
    {post, "/api/account/sessions/end-others", end_other_sessions, needed, kChanges, "session_end"},
    {post, "/api/account/sessions/{id}/end", end_session, needed, kChanges, "session_end"},
    {get, "/api/account/device-key", read_device_key, needed},
    {post, "/api/account/password", change_password, needed, kChanges, "password_change"},
    {post, "/api/account/second-factor", offer_second_factor, needed, kChanges,
     "second_factor_offer"},
    {post, "/api/account/second-factor/confirm", confirm_second_factor, needed, kChanges,
     "second_factor_confirm"},
    {post, "/api/account/second-factor/remove", remove_second_factor, needed, kChanges,
     "second_factor_remove"},
    {post, "/api/password-resets", issue_password_reset, needed, kChanges, "password_reset_issue"},
    {post, "/api/password-resets/use", use_password_reset, none, kChanges, "password_reset_use"},

    {get, "/api/calendar-notice", read_calendar_notice, needed},
    {post, "/api/calendar-notice", agree_calendar_notice, needed, kChanges, "calendar_agree"},
    {get, "/api/accounts", list_accounts, needed},
    {post, "/api/accounts", add_account, needed, kChanges, "account_add"},
    {get, "/api/accounts/{login}", read_account, needed},
    {post, "/api/accounts/{login}/disable", disable_account, needed, kChanges, "account_disable"},
    {post, "/api/accounts/{login}/enable", enable_account, needed, kChanges, "account_enable"},
    {post, "/api/accounts/{login}/posts", change_seat, needed, kChanges, "post_change"},
    {post, "/api/accounts/{login}/rights", set_rights, needed, kChanges, "account_rights"},
    {post, "/api/accounts/{login}/second-factor/drop", drop_second_factor, needed, kChanges,
     "second_factor_drop"},
    {get, "/api/all-posts", list_all_posts, needed},
    {post, "/api/imports/{table}", import_table, needed, kChanges, "import"},
    {post, "/api/types/{type}/imports/{import}", compare_register, needed, kChanges},
    {post, "/api/uploads", begin_upload, needed, kChanges},
    {post, "/api/uploads/{id}", add_to_upload, needed, kChanges},
    {get, "/api/chores/{id}", read_chore, needed},
    {get, "/api/definitions", list_definitions, needed},
    {get, "/api/definitions/{locality}/{type}", read_definition, needed},
    {get, "/api/publication", read_publication, needed},
    {post, "/api/publication/check", check_publication, needed, kChanges},
    {post, "/api/publication/propose", propose_publication, needed, kChanges, "publish_propose"},
    {post, "/api/publication/withdraw", withdraw_publication, needed, kChanges,
     "publish_withdraw"},
    {post, "/api/publication/confirm", confirm_publication, needed, kChanges, "publish"},
    {get, "/api/office", read_office, needed},
    {get, "/api/office/backups", list_backups, needed},
    {post, "/api/office/backups", make_backup, needed, kChanges, "backup"},
    {get, "/api/audit/log", read_audit_log, needed, !kChanges, "audit_read"},
    {get, "/api/audit/reads", read_read_log, needed, !kChanges, "audit_read"},
    {get, "/api/canaries", list_canaries, needed, !kChanges, "canary_list"},
    {post, "/api/canaries", plant_canary, needed, kChanges, "canary_plant"},

    {get, "/api/types", list_types, optional},
    {get, "/api/types/{type}", read_type, optional},
    {get, "/api/lists/{list}", read_list, optional},

    {get, "/api/matters", list_matters, needed},
    {post, "/api/matters", submit_matter, optional, kChanges},
    {post, "/api/matters/preview", preview_submission, needed, kChanges},
    {get, "/api/matters/nearby", list_nearby, optional},
    {get, "/api/matters/{id}", read_matter, optional},
    {get, "/api/matters/{id}/timeline", read_timeline, optional},
    {get, "/api/matters/{id}/sight", read_sight, optional},
    {post, "/api/matters/{id}/actions", act_on_matter, optional, kChanges},
    {post, "/api/matters/{id}/preview", preview_action, needed, kChanges},
    {post, "/api/matters/actions", act_on_matters, needed, kChanges},
    {get, "/api/search", search, needed},
    {get, "/api/exports", read_export_choice, needed},
    {post, "/api/exports", ask_export, needed, kChanges},
    {post, "/api/exports/{id}/file", fetch_export, needed, kChanges},
    {post, "/api/files", keep_file, optional, kChanges},
    {get, "/api/matters/{id}/files/{sha256}", read_file, optional},
    {get, "/api/receipts/{code}/files/{sha256}", read_receipt_file, none},

    {get, "/api/receipts/{code}", read_receipt, none},
    {get, "/api/receipts/{code}/timeline", read_receipt_timeline, none},
    {post, "/api/receipts/{code}/actions", act_by_receipt, none, kChanges},
    {get, "/api/receipts/{code}/proof", read_receipt_proof, none},
    {get, "/api/receipts/{code}/data", read_receipt_data, none},
    {get, "/api/answer", read_answer, none},
    {post, "/api/answer", give_answer, none, kChanges},

    {get, "/api/public/figures", read_open_figures, none},
    {get, "/api/public/draws", read_open_draws, none},
    {get, "/api/public/places/{code}", read_open_place, none},
    {get, "/api/public/notices", list_open_notices, none},
    {get, "/api/public/notices/{id}", read_open_notice, none},
    {get, "/api/roots/latest", read_latest_root, none},
    {get, "/api/roots/{number}", read_root, none},
    {get, "/api/roots/{number}/since/{older}", read_root_consistency, none},

    {get, "/api/base-map", read_base_map, none},
    {get, "/api/base-map/file", read_base_map_file, none},
    {get, "/api/base-map/tiles/{layer}/{zoom}/{column}/{row}", read_tile, none},
    {get, "/api/territory", list_territory, optional},
    {get, "/api/territory/at", find_territory, optional},
    {get, "/api/territory/{code}", read_territory, optional},
    {get, "/api/territory/{code}/grids.geojson", read_grids, optional},
    {get, "/api/drawings", list_drawings, needed},
    {post, "/api/territory/{code}/drawing/check", check_drawing, needed, kChanges},
    {post, "/api/territory/{code}/drawing/propose", propose_drawing, needed, kChanges,
     "drawing_propose"},
    {post, "/api/territory/{code}/drawing/withdraw", withdraw_drawing, needed, kChanges,
     "drawing_withdraw"},
    {post, "/api/territory/{code}/drawing/confirm", confirm_drawing, needed, kChanges, "drawing"},
    {get, "/api/organisations", list_organisations, optional},
    {get, "/api/posts", list_posts, needed},
    {get, "/api/views", list_saved_views, needed},
    {post, "/api/views", save_view, needed, kChanges},
    {post, "/api/views/drop", drop_saved_view, needed, kChanges},

    {get, "/api/indicators", list_indicators, needed},
    {get, "/api/figures", read_indicators, needed},
    {get, "/api/indicators/{name}", read_indicator, needed},
    {get, "/api/indicators/{name}/records", read_indicator_records, needed},

    {get, "/api/notices", list_notices, needed},
    {post, "/api/notices/read", mark_notices_read, needed, kChanges},
    {get, "/api/live", follow_live, needed},
};

/// Whether the path is one of the pattern's, and what it captures.
bool fits(std::string_view pattern, const std::vector<std::string>& segments,
          std::vector<std::string>& captured) {
  const auto parts = split(pattern.substr(1), '/');
  if (parts.size() != segments.size()) return false;
  captured.clear();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].starts_with('{')) {
      if (segments[i].empty()) return false;
      captured.push_back(segments[i]);
    } else if (parts[i] != segments[i]) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

const char* method_name(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::head: return "HEAD";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::patch: return "PATCH";
    case Method::del: return "DELETE";
    case Method::options: return "OPTIONS";
    case Method::other: return "other";
  }
  return "other";
}

FoundRoute find_route(std::span<const Route> among, Method method,
                      const std::vector<std::string>& segments) {
  const Method asked = method == Method::head ? Method::get : method;
  FoundRoute found;
  std::vector<std::string> captured;
  for (const Route& route : among) {
    if (!fits(route.pattern, segments, captured)) continue;
    if (route.method == asked) return {&route, std::move(captured), ""};
    if (!found.allow.empty()) found.allow += ", ";
    found.allow += method_name(route.method);
    if (route.method == Method::get) found.allow += ", HEAD";
  }
  return found;
}

}  // namespace gewu::http
