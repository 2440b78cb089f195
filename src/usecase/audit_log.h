#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/log_book.h"
#include "usecase/session.h"

// The audit log (审计日志): who signed in, changed accounts, rights, posts or definitions, exported,
// opened sealed values or read the logs, and whether it was done. It ends after the setting
// `audit_log_days`; nobody removes a row before.

namespace gewu::usecase {

/// Events that the log knows. A door that is in it writes one whether it was let through or not.
inline constexpr const char* kAuditEvents[] = {
    "sign_in", "sign_out", "session_end", "password_change", "password_reset_issue",
    "password_reset_use", "second_factor_offer", "second_factor_confirm", "second_factor_remove",
    "second_factor_drop",
    "first_administrator", "account_add", "account_disable", "account_enable", "account_rights",
    "post_change", "import", "drawing", "drawing_propose", "drawing_withdraw",
    "calendar_agree", "publish", "publish_propose", "publish_withdraw",
    "export", "backup", "restore",
    "unseal", "author_refused",
    "audit_read", "unusual_reading", "unseal_drawn", "logs_removed",
    "canary_plant", "canary_list", "canary_read",
};
bool is_audit_event(std::string_view event);

/// Writes a line; its instant is given here. What was done is durable when this returns; refusals
/// wait for their second in the office's buffer, alike ones as one line, so that a storm of them is
/// a line a second.
Status keep_audit(Office& office, store::AuditRecord record);
/// The login where there is such an account, else nothing: people type passwords there.
Result<std::string> known_login(Office& office, std::string_view login);

struct AuditQuestion {
  std::string login;             ///< of whoever did it; empty: all
  std::string event;             ///< empty: all
  std::optional<bool> success;
  Instant from, until{INT64_MAX};
  std::int64_t before = INT64_MAX;
  std::size_t rows = 50;
};
struct AuditLine {
  store::AuditRecord record;
  std::string login, name;       ///< of the account; empty: none
};
struct AuditPage {
  std::vector<AuditLine> lines;  ///< newest first
  std::int64_t next = 0;         ///< ask for those before it; 0: there are no more
};
/// `forbidden` as check_duty(audit); `invalid` `audit.rows`, `audit.event`; `not_found`
/// `account.unknown`.
Result<AuditPage> read_audit_log(Office& office, const SignedInCaller& by,
                                 const AuditQuestion& question);

struct ReadsQuestion {
  std::string login;             ///< of whoever read; empty: all
  std::string number;            ///< of the matter, or its id; empty: all
  Instant from, until{INT64_MAX};
  std::int64_t before = INT64_MAX;
  std::size_t rows = 50;
};
struct ReadLine {
  store::ReadRecord record;
  std::string login, name;
  kernel::SnapshotPtr matter;    ///< for its number and kind alone; null: not there
  const kernel::Post* post = nullptr;  ///< in `directory`; null: none was needed
};
struct ReadPage {
  kernel::DirectoryPtr directory;
  std::vector<ReadLine> lines;
  std::int64_t next = 0;
};
/// Who read personal values. Errors as read_audit_log; `not_found` `not_found` for a number that no
/// matter has.
Result<ReadPage> read_read_log(Office& office, const SignedInCaller& by,
                               const ReadsQuestion& question);

/// For the command line, which is the office's own.
Result<AuditPage> find_audit_log(Office& office, const AuditQuestion& question);
Result<ReadPage> find_read_log(Office& office, const ReadsQuestion& question);

/// Removes what is older than the longest of `read_log_days` and `audit_log_days` of the office's
/// localities, never younger than 184 days; how many rows.
Result<std::size_t> drop_old_logs(Office& office);

}  // namespace gewu::usecase
