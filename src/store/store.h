#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "kernel/matter/decide.h"
#include "kernel/matter/directory_event.h"
#include "security/hash.h"

// The port to storage: the only door to what is kept. Adapters: sqlite/. Every write goes through
// `commit`; a reader never sees half of one.

namespace gewu::store {

class LogBook;                           // log_book.h
class RootBook;                          // root_book.h

using kernel::Decision;
using kernel::DirectoryPtr;
using kernel::Event;
using kernel::SnapshotPtr;

/// A request's id in the scope of whoever sent it ("account:12", "receipt:…", "import:SHA").
struct RequestKey {
  std::string scope;
  std::string id;                        ///< UUID
  security::Sha256 body{};               ///< of method, route and canonical body
};

/// An answer link (答复链接): lets whoever holds its code take one action of the author's, once.
struct AnswerLink {
  MatterId matter;
  kernel::Name action;
  Instant issued_at, until;
  std::string ended;                     ///< empty: it lives; "used", "revoked" (by a newer one),
                                         ///< "left": the matter went on to another state
  bool operator==(const AnswerLink&) const = default;
};
/// One that is given out: whatever link the matter had for the action is revoked by it.
struct IssuedLink {
  security::Sha256 code{};               ///< stored form (security/token.h)
  MatterId matter;
  kernel::Name action;
  Instant until;
};

/// A message for somebody outside that waits to be sent: to the author of the matter.
struct OutgoingMessage {
  std::int64_t row = 0;
  MatterId matter;
  EventId event;
  Instant at;
  std::string text;                      ///< message key
  std::string words;                     ///< or words that the definition computed
  kernel::Name answer;                   ///< what its answer link is to let him do; empty: no link
};

/// What the deciding function is given: the world as it is inside the writer's turn.
struct Turn {
  const kernel::Directory& directory;
  kernel::DossierSource& source;
  IdSource& ids;
  Instant now;                           ///< read once, for all of the decision
  /// Whether a row of `ripple` still waits: of two that work it, one finds it gone.
  std::function<bool(std::int64_t row)> ripple_waits;
  /// By the stored form of its code; none: nobody gave that out.
  std::function<std::optional<AnswerLink>(const security::Sha256& code)> answer_link;
};

/// An account (账号): who signs in. Its words are personal and stand in no journal.
struct Account {
  AccountId id;
  std::string login;
  std::string display_name;
  std::string password;                  ///< argon2id text; empty: cannot sign in by password
  bool disabled = false;
  bool may_administer = false;
  bool may_import_past = false;
  bool may_secure = false;               ///< security administrator (安全管理员)
  bool may_audit = false;                ///< audit administrator (审计管理员)
};

/// A session by the hash of its token.
struct Session {
  security::Sha256 token_hash{};
  AccountId account;
  Instant opened_at, last_seen_at, expires_at;
  std::string csrf;
  std::string agent;                     ///< what the browser called itself, cut: to be known again
};

/// An account's second factor (第二因素). The secret is sealed in the file.
struct SecondFactor {
  AccountId account;
  security::Bytes secret;
  std::int64_t last_step = 0;            ///< a code is taken once
  std::vector<security::Sha256> recovery;  ///< of the recovery codes that are left
  bool confirmed = false;                ///< else shown, and not yet proven
};

/// A one-use token by which an account sets a new password.
struct PasswordReset {
  security::Sha256 token_hash{};
  AccountId account;
  Instant expires_at;
};

/// What a turn may write beside matters. All of it in the same transaction.
struct Writing {
  Decision decision;                                ///< of kernel; may be empty
  std::vector<kernel::DirectoryEvent> directory;
  std::vector<Account> accounts;                    ///< created or changed
  std::optional<security::Sha256> receipt;          ///< hash of the code of the first opened matter
  /// A new receipt hash for a matter whose author may never have seen the first.
  std::optional<std::pair<MatterId, security::Sha256>> receipt_again;
  std::optional<IssuedLink> issued_link;
  std::optional<security::Sha256> used_link;        ///< by which the first step was taken
  std::vector<std::int64_t> ripple_rows_done;       ///< carried out or found idle
  std::vector<std::pair<std::int64_t, std::string>> ripple_rows_stopped;  ///< row, key: kept
  std::optional<kernel::TallyMark> gathered;        ///< counts that this decision took up
  /// Who plants the matter that the first step opens as a canary (log_book.h); none: it is none.
  AccountId canary_of;
};

struct CommitRequest {
  std::optional<RequestKey> request;
  std::function<Result<Writing>(const Turn&)> decide;  ///< called as often as needed
};

/// Where an event stands in the journal.
struct JournalMark {
  std::string stream;
  std::int64_t sequence = 0;             ///< from 1
  security::Sha256 hash{};               ///< of the line
};

/// The matter of a request's event, and when that was.
struct Answered {
  MatterId matter;
  Instant at;
};

/// A follow-up that waits to be carried out.
struct PendingRipple {
  std::int64_t row = 0;
  kernel::Ripple ripple;
  Instant since;
};

struct Committed {
  std::vector<Event> events;             ///< of the decision, numbers filled in
  std::vector<JournalMark> lines;        ///< of the events, in their order; none when repeated
  std::vector<SnapshotPtr> after;        ///< snapshots in the order of the decision's steps
  std::vector<PendingRipple> ripples;    ///< to work at once
  bool repeated = false;                 ///< the request was known: the answer is made anew
};

/// A line of the journal as stored: clear parts, and personal values encrypted beside commitments.
struct JournalLine {
  std::int64_t stream = 0, sequence = 0;
  std::string body;                      ///< canonical JSON
  security::Sha256 hash{};
};

/// Which unit's list: a territory up to any level, or an organisation as owner or handler.
struct WorkQuery {
  enum class Of { territory, owner, handler };
  Of of = Of::territory;
  std::string unit;                      ///< code or key
  std::vector<std::string> types;        ///< empty: all
  std::vector<std::string> states;       ///< "type.state"; empty: every one that is not final
  std::optional<kernel::Lamp> lamp;      ///< by stored instants
  bool claimed_only = false;
  Instant now;                           ///< for the lamp
  std::string cursor;                    ///< keyset, either direction; empty: from the start
  bool backwards = false;                ///< from the end: the last page is the first backwards
  std::size_t rows = 20;
};
struct WorkPage {
  std::vector<SnapshotPtr> rows;
  std::vector<std::string> places;       ///< the cursor of each row
  std::string next, previous;            ///< cursors; empty at an end
};

/// Open matters of a unit in one state.
struct OpenCount {
  std::string state;                     ///< "type.state"
  std::int64_t count = 0;
  bool operator==(const OpenCount&) const = default;
};

/// What to find by words, newest first. Sight is not asked here: an index only suggests.
struct WordQuery {
  std::string words;                     ///< as typed
  /// Where to look: a territory, an organisation that owns, handles or is named, a row that is
  /// linked to. A matter of any of them is found; none of them: nothing is.
  std::vector<kernel::Unit> within;
  std::vector<std::string> types;        ///< empty: all
  MatterId before;                       ///< only older ones
  std::size_t rows = 50;
};

using kernel::CellQuery;
using Cell = kernel::CountedBy;

/// One record behind a figure.
struct FigureRecord {
  MatterId matter;
  EventId event;
  Instant at;
  std::string organisation;  ///< that it is counted for; empty: for none
  std::int64_t count = 0, sum_micros = 0;
  std::vector<std::string> dimensions;
};

struct Notice {
  std::int64_t id = 0;
  PostId post;
  MatterId matter;
  EventId event;
  Instant at;
  std::string text;                      ///< message key
  std::string words;
  bool read = false;
};

/// What changed, for open pages: matters by id with the units whose lists they stand in.
struct Change {
  MatterId matter;
  EventId event;
  std::string type, territory, owner, handler;
  std::vector<PostId> noticed;
};

/// A folded or unfolded count, for the recount of `gewu check --data`.
struct CellRow {
  std::string indicator, unit;
  std::string period;                    ///< "d2026-09-22" or "m2026-09"
  std::vector<std::string> dimensions;
  std::int64_t count = 0, sum_micros = 0;
};

/// That a matter names a file (附件) by the hash of its content. A personal value's row goes with its
/// key, so that an erased photo is left without a name and swept.
struct FileUse {
  std::string sha256;
  MatterId matter;
  int slot = kNoSlot;                    ///< of the key that seals the value
  static constexpr int kNoSlot = -1;     ///< of a value that is not personal
  auto operator<=>(const FileUse&) const = default;
};
/// Every file that an event names.
std::vector<FileUse> file_uses_of(const Event& event);

/// Everything kept beside journal and snapshots, to be compared with what they say.
struct Inventory {
  std::vector<std::pair<MatterId, kernel::HoldRecord>> holds;
  std::vector<std::pair<MatterId, std::size_t>> notices;         ///< how many of a matter
  std::vector<std::pair<std::string, std::int64_t>> series;      ///< "type/county/year", last number
  std::vector<CellRow> cells;            ///< folded and tail together, zeros too
  /// What stands in each account of each book: amount is the balance, zeros too.
  std::vector<kernel::BookEntry> balances;
  std::int64_t last_sequence = 0;
  security::Sha256 head{};
  std::vector<FileUse> file_uses;        ///< in the order of their members
  /// Rows that the snapshots do not give: "worklist 12", "link 12", "wake 12", "column 12",
  /// "reference 12", "balance BOOK ACCOUNT", "words 12", "open_count 222401 appeal.received".
  std::vector<std::string> differences;
};

class Store {
 public:
  virtual ~Store() = default;

  /// Decides inside the turn and stores everything in one transaction; returns when it is durable.
  /// A refusal by `decide` is returned as it is and writes nothing.
  virtual Result<Committed> commit(CommitRequest request) = 0;

  /// Several at once, in this order and each by itself: a refusal of one leaves the others. They
  /// wait for the same few syncs, so that an import is not one sync a row.
  virtual std::vector<Result<Committed>> commit_all(std::vector<CommitRequest> requests) = 0;

  /// The directory as of the last commit.
  virtual DirectoryPtr directory() const = 0;

  /// A view for readers: matters, members, holds, as of one moment.
  virtual std::unique_ptr<kernel::DossierSource> read() = 0;
  /// Matters of every series that has the number.
  virtual Result<std::vector<MatterId>> find_number(const std::string& number) = 0;
  virtual Result<std::optional<MatterId>> find_receipt(const security::Sha256& hash) = 0;
  virtual Result<std::optional<AnswerLink>> find_answer_link(const security::Sha256& code) = 0;
  /// Messages to people outside that are not sent, of `since` or later, oldest first.
  virtual Result<std::vector<OutgoingMessage>> read_outbox(Instant since,
                                                           std::size_t rows_max) = 0;
  virtual Status mark_delivered(std::int64_t row, Instant at) = 0;
  virtual Result<std::vector<Event>> read_timeline(MatterId matter, std::size_t rows_max) = 0;
  virtual Result<WorkPage> read_worklist(const WorkQuery& query) = 0;
  /// Open matters by state of each unit, from counters: no row is counted. Units as in a WorkQuery.
  virtual Result<std::vector<std::vector<OpenCount>>> count_open(
      WorkQuery::Of of, const std::vector<std::string>& units) = 0;
  virtual Result<std::vector<SnapshotPtr>> find_words(const WordQuery& query) = 0;

  virtual Result<std::vector<Cell>> read_cells(const CellQuery& query) = 0;
  virtual Result<std::vector<FigureRecord>> read_figure_records(const CellQuery& query,
                                                                std::size_t rows_max) = 0;
  /// Folds the tail of deltas into cells; how many rows it folded.
  virtual Result<std::size_t> fold() = 0;

  /// Matters with something to do by `until`, earliest first.
  virtual Result<std::vector<MatterId>> find_due(Instant until, std::size_t rows_max) = 0;
  /// Open matters of a type that are pinned to this text (hex SHA-256), by id.
  virtual Result<std::vector<MatterId>> find_pinned(const std::string& type,
                                                    const std::string& text_sha256) = 0;
  /// Pending steps that wait since before an instant, oldest first.
  virtual Result<std::vector<PendingRipple>> read_ripples(Instant older_than,
                                                          std::size_t rows_max) = 0;
  virtual Result<std::size_t> count_stopped_ripples() = 0;
  /// Anonymous counts that no event holds yet, by matter and action.
  virtual Result<std::vector<kernel::TallyMark>> read_tallies(std::size_t rows_max) = 0;

  virtual Result<std::vector<Notice>> read_notices(PostId post, Instant now,
                                                   std::size_t rows_max) = 0;
  virtual Result<std::size_t> count_unread(const std::vector<PostId>& posts, Instant now) = 0;
  virtual Status mark_read(PostId post, std::int64_t up_to) = 0;

  virtual Result<std::optional<Account>> find_account(const std::string& login) = 0;
  virtual Result<std::optional<Account>> find_account(AccountId id) = 0;
  /// Accounts whose display name or login has these words in it, by id; disabled ones too.
  virtual Result<std::vector<Account>> find_accounts(const std::string& part_of_name,
                                                     std::size_t rows_max) = 0;
  virtual Result<std::optional<Session>> find_session(const security::Sha256& token_hash) = 0;
  virtual Status write_session(const Session& session) = 0;
  virtual Status end_session(const security::Sha256& token_hash) = 0;
  /// Of one account, the newest first.
  virtual Result<std::vector<Session>> find_sessions(AccountId account) = 0;

  virtual Result<std::optional<SecondFactor>> find_second_factor(AccountId account) = 0;
  /// In place of what was there; one without a secret is taken away.
  virtual Status write_second_factor(const SecondFactor& factor) = 0;
  virtual Status write_password_reset(const PasswordReset& reset) = 0;
  /// Found once: whoever finds it has used it, and every other of the account is gone too.
  virtual Result<std::optional<PasswordReset>> take_password_reset(
      const security::Sha256& token_hash) = 0;

  /// Opens sealed values for a reader that `unseal` allowed.
  virtual Result<kernel::Value> open_sealed(MatterId matter, const kernel::Name& field) = 0;

  virtual Result<std::vector<SnapshotPtr>> find_parts(MatterId parent, std::size_t rows_max) = 0;
  /// Matters that this account opened as their author, the newest first; only ones older than
  /// `before` when it is given.
  virtual Result<std::vector<MatterId>> find_authored(AccountId account, MatterId before,
                                                      std::size_t rows_max) = 0;
  /// What came of a request that was answered; none where no event did.
  virtual Result<std::optional<Answered>> find_request(const std::string& scope,
                                                       const std::string& id) = 0;
  /// Facts about the office itself, by key: whether it is a demonstration, the hash of the first
  /// administrator's token.
  virtual Result<std::optional<std::string>> read_office(const std::string& key) = 0;
  virtual Status write_office(const std::string& key, const std::string& value) = 0;
  /// Hashes of the files that any matter names, sorted, each once.
  virtual Result<std::vector<std::string>> used_files() = 0;
  /// Every matter, by id.
  virtual Status each_matter(const std::function<Status(const SnapshotPtr&)>& each) = 0;
  virtual Result<Inventory> take_inventory() = 0;
  /// The event of a matter that a line holds; nothing for lines of directory and accounts.
  virtual Result<std::optional<Event>> read_event(const JournalLine& line) = 0;
  virtual Status read_journal(std::int64_t from_sequence,
                              const std::function<Status(const JournalLine&)>& each) = 0;
  /// Signed roots of the journal, and the tree under them.
  virtual RootBook& root_book() = 0;
  /// Who read what, and what was done to the office itself.
  virtual LogBook& log_book() = 0;
  /// Told after each commit, on the writer's thread: must be quick.
  virtual void on_commit(std::function<void(const std::vector<Change>&)> listener) = 0;

  virtual Status back_up(const std::string& folder) = 0;
};

}  // namespace gewu::store
