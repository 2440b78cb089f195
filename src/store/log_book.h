#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/instant.h"
#include "base/result.h"
#include "security/hash.h"

// Logs beside the journal: who read personal values, and what was done to the office itself. They
// are apart from the journal since they end: rows go when their time is over.

namespace gewu::store {

/// How somebody came to see a personal value.
enum class ReadKind {
  page,      ///< the matter's page
  sealed,    ///< the page, with sealed values open
  unseal,    ///< took the step that opens them
  timeline,  ///< what was entered when it happened
  list,      ///< a row of a list
  search,    ///< a row that was found by words
  file,      ///< a file that a personal field names
  table,     ///< a row of a table that left the office
};
std::string_view to_text(ReadKind kind);
std::optional<ReadKind> parse_read_kind(std::string_view text);

/// A read (查阅) of a matter's personal values by an account; never the values.
struct ReadRecord {
  std::int64_t id = 0;         ///< given by the log: 1, 2, 3 without a gap
  Instant at;
  Date day;                    ///< in the matter's place
  AccountId account;
  PostId post;                 ///< that let them in; none: needed no post
  MatterId matter;
  ReadKind kind = ReadKind::page;
  bool outside = false;        ///< the matter is closed, or none that the post works on
  bool night = false;
  std::string request;         ///< the door's id
  std::string locality;        ///< whose settings judge it
  bool operator==(const ReadRecord&) const = default;
};

/// An act (审计记录) that concerns the office itself: signing in, accounts, rights, logs.
struct AuditRecord {
  std::int64_t id = 0;         ///< given by the log
  Instant at;
  std::string event;           ///< usecase/audit_log.h has their list
  bool success = true;
  AccountId account;           ///< who; none: not signed in, or the command line
  std::string source;          ///< "web", "command" or "server"
  std::string subject;         ///< upon what: a login, a post, a table; never a resident
  std::string key;             ///< of the refusal; of unusual reading the rules that it broke
  std::string peer;            ///< address; of an alarm the posts that it told, "12,15"
  std::string request;         ///< the door's id
  std::int64_t times = 1;      ///< alike, within one writing
  bool operator==(const AuditRecord&) const = default;
};

struct ReadQuery {
  MatterId matter;             ///< none: all
  AccountId account;           ///< none: all
  Instant from, until{INT64_MAX};
  std::int64_t before = INT64_MAX;  ///< ids under this one
  std::size_t rows = 50;
};
struct AuditQuery {
  AccountId account;
  std::string event;           ///< empty: all
  std::optional<bool> success;
  Instant from, until{INT64_MAX};
  std::int64_t before = INT64_MAX;
  std::size_t rows = 50;
};

/// What an account read in one day of one place. Rows of lists, searches and tables do not count.
struct ReadSum {
  AccountId account;
  Date day;
  std::string locality;
  std::int64_t matters = 0;    ///< distinct ones
  std::int64_t outside = 0;    ///< distinct ones
  std::int64_t night = 0;      ///< distinct ones
  std::int64_t last = 0;       ///< id of the last read
};

/// A matter that a list showed to an account, in one day (UTC).
struct ListedMatter {
  AccountId account;
  Date day;
  MatterId matter;
};

/// A canary (诱饵事项): a final matter of a made-up author that nobody has a reason to read.
struct Canary {
  std::int64_t id = 0;         ///< 1, 2, 3 without a gap
  MatterId matter;
  Instant at;                  ///< when it was planted
  AccountId account;           ///< by whom
  bool operator==(const Canary&) const = default;
};

/// That somebody was shown personal values of a canary, in one day of its place.
struct CanaryRead {
  std::int64_t canary = 0;
  AccountId account;
  Date day;
  std::string locality;
  bool operator==(const CanaryRead&) const = default;
};

/// Which alarms of an account are one: all of their event, or those that say the same in `key` too.
enum class AlarmAlike { event, key };

/// How far a log has come: each line's hash is over the hash before it.
struct LogHead {
  std::string name;            ///< "read_log", "audit_log"
  std::int64_t size = 0;       ///< lines ever written, those that went when their time was over too
  security::Sha256 hash{};     ///< of the last one
  bool operator==(const LogHead&) const = default;
};

class LogBook {
 public:
  virtual ~LogBook() = default;

  /// Of every log that ever had a line, by name.
  virtual Result<std::vector<LogHead>> heads() = 0;
  /// Where a log stood when its oldest line was still to come, and after each line that is there,
  /// as its rows say. `not_found` for a name that no log has.
  virtual Status each_head(const std::string& log,
                           const std::function<void(const LogHead&)>& take) = 0;

  virtual Status add_reads(std::vector<ReadRecord> records) = 0;
  virtual Status add_audits(std::vector<AuditRecord> records) = 0;
  /// Adds it and tells the posts by its event, unless the account has one alike since the instant;
  /// whether it did.
  virtual Result<bool> raise(AuditRecord alarm, Instant since, const std::vector<PostId>& told,
                             AlarmAlike alike = AlarmAlike::event) = 0;

  /// Newest first.
  virtual Result<std::vector<ReadRecord>> find_reads(const ReadQuery& query) = 0;
  virtual Result<std::vector<AuditRecord>> find_audits(const AuditQuery& query) = 0;
  /// Sums of each account and day that has reads after this id.
  virtual Result<std::vector<ReadSum>> sum_reads(std::int64_t after) = 0;

  /// Every canary, by id; they are planted with their matter (Writing::canary_of). `internal`
  /// `canary.seal` when a row was changed by hand.
  virtual Result<std::vector<Canary>> find_canaries() = 0;
  /// Who was shown one by a read after this id; rows of lists and searches are not meant.
  virtual Result<std::vector<CanaryRead>> find_canary_reads(std::int64_t after) = 0;

  /// Takes one of the day's unsealings; false: that many are taken.
  virtual Result<bool> take_unseal(AccountId account, Date day, std::int64_t most) = 0;
  virtual Status give_unseal_back(AccountId account, Date day) = 0;

  /// Known ones are no news; those of other days go.
  virtual Status add_listed(const std::vector<ListedMatter>& matters) = 0;
  virtual Result<std::vector<MatterId>> find_listed(AccountId account, Date day) = 0;

  /// Removes the oldest rows from before an instant, at most so many; how many. Notices of alarms
  /// stay, since notices are counted without a gap.
  virtual Result<std::size_t> drop_reads(Instant before, std::size_t rows_max) = 0;
  virtual Result<std::size_t> drop_audits(Instant before, std::size_t rows_max) = 0;
};

}  // namespace gewu::store
