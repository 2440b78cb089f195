#pragma once

#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/limits.h"
#include "codec/event_json.h"
#include "kernel/matter/matter.h"
#include "store/sqlite/database.h"
#include "store/sqlite/secrets.h"
#include "store/sqlite/snapshot_cache.h"
#include "store/store.h"

// Reading what the tables hold. The writer inside its turn and the readers beside it share this:
// each has a connection of its own, used by one thread at a time.

namespace gewu::store::sqlite {

/// The type by the hash of its text, from today's directory.
using FindType = codec::FindType;

/// Members of a set that are read: one more than a rule may visit, which then refuses.
/// What a set is called in the file: "type.field".
std::string set_name(const kernel::SetKey& key);
inline constexpr std::size_t kMembersRead = kLimits.dossier_rows_max + 1;

class Reader;

/// Everything read while it lives is of one moment, and the file is locked once for all of it.
class OneMoment {
 public:
  explicit OneMoment(Reader& reader);
  ~OneMoment();
  OneMoment(const OneMoment&) = delete;
  OneMoment& operator=(const OneMoment&) = delete;

 private:
  Reader* reader_ = nullptr;  ///< null: the moment was somebody else's already
};

class Reader {
 public:
  Reader(Connection connection, Secrets& secrets, FindType find_type)
      : connection_(std::move(connection)), secrets_(secrets), find_type_(std::move(find_type)) {}

  Connection& connection() { return connection_; }
  /// Snapshots that are known without asking the file; not for the writer, who changes them.
  void use_cache(SnapshotCache* cache) { cache_ = cache; }
  /// Reset and ready to bind; the text must be a literal.
  Result<Statement*> use(const char* sql);
  /// The same of a text that is put together from a few parts.
  Result<Statement*> use_composed(const std::string& sql);
  /// Resets every statement: one that stands on a row keeps the connection at an old moment, and
  /// the writer's log from being cut.
  void rest();

  Result<SnapshotPtr> load(MatterId id);                       ///< null: no such matter
  Result<SnapshotPtr> load_stored(MatterId id);                ///< as the file has it
  Result<std::vector<MatterId>> members(const kernel::SetKey& key);
  Result<std::vector<kernel::HoldRecord>> holds(const std::string& hold_key, MatterId except);
  Result<std::vector<kernel::BookEntry>> entries(const std::string& book,
                                                 const std::string& account, Instant since);
  Result<std::int64_t> balance(const std::string& book, const std::string& account);
  Result<std::vector<kernel::CountedBy>> counts(const std::string& indicator, Date from,
                                                Date until);
  /// How many actions had the row as their basis (citations.cpp).
  Result<std::int64_t> cited(MatterId row);
  Status add_citations(const kernel::Event& event);
  Result<std::vector<MatterId>> find_number(std::string_view number);
  Result<std::optional<MatterId>> find_receipt(const security::Sha256& hash);
  Result<std::optional<AnswerLink>> answer_link(const security::Sha256& code);
  Result<std::vector<OutgoingMessage>> outbox(Instant since, std::size_t rows_max);
  Result<std::vector<Event>> timeline(MatterId matter, std::size_t rows_max);
  Result<std::optional<Event>> event(EventId id);

  /// `units` are the lists to merge (work_list.h); one is the common case.
  Result<WorkPage> worklist(const WorkQuery& query, std::span<const std::string> units,
                            std::span<const std::string> states);
  Result<std::vector<OpenCount>> open_counts(std::string_view unit);
  Result<std::vector<SnapshotPtr>> find_words(const WordQuery& query);
  /// Matters that an account opened as their author (authored.cpp).
  Result<std::vector<MatterId>> authored(AccountId account, MatterId before, std::size_t rows_max);
  Status add_authored(const kernel::Snapshot& matter);
  Status compare_authored(Inventory& inventory);
  Result<std::vector<std::string>> used_files();
  Result<std::vector<MatterId>> due(Instant until, std::size_t rows_max);
  Result<std::vector<MatterId>> pinned(const std::string& type, const std::string& text_sha256);
  Result<std::vector<kernel::TallyMark>> tallies(std::size_t rows_max);
  Result<std::vector<PendingRipple>> ripples(Instant older_than, std::size_t rows_max);
  Result<std::size_t> count(const char* sql);

  Result<std::vector<Cell>> cells(const CellQuery& query);
  Result<std::vector<FigureRecord>> figure_records(const CellQuery& query, std::size_t rows_max);

  Result<std::vector<Notice>> notices(PostId post, Instant now, std::size_t rows_max);
  Result<std::size_t> unread(const std::vector<PostId>& posts, Instant now);
  Result<std::optional<Account>> account(const std::string& login);
  Result<std::optional<Account>> account(AccountId id);
  Result<std::vector<Account>> accounts(const std::string& part_of_name, std::size_t rows_max);
  Result<std::optional<Session>> session(const security::Sha256& token);
  Result<std::vector<Session>> sessions(AccountId account);
  Result<std::optional<SecondFactor>> second_factor(AccountId account);
  Status journal(std::int64_t from_sequence,
                 const std::function<Status(const JournalLine&)>& each);
  Result<std::optional<std::string>> office_value(std::string_view key);
  /// Makes a table that follows from the others anew, in a transaction of its own, unless the
  /// office's `key` says that this version of it stands. For a writer's connection.
  Status derive_anew(std::string_view key, std::string_view version,
                     const std::function<Status()>& build);
  Result<std::optional<Answered>> find_request(std::string_view scope, std::string_view id);
  Status each_matter(const std::function<Status(const SnapshotPtr&)>& each);
  Result<Inventory> take_inventory();
  Result<std::optional<Event>> read_event(const JournalLine& line);

 private:
  Status read_small_tables(Inventory& inventory);
  Status count_all_cells(Inventory& inventory);
  Status compare_tables(Inventory& inventory);
  Status count_balances(Inventory& inventory);
  Status compare_lists(Inventory& inventory);
  Result<std::vector<FileUse>> file_uses();
  Result<Event> read_event_body(std::string_view body);
  template <typename Sql>
  Result<Statement*> prepared(std::unordered_map<Sql, Statement>& known, const Sql& sql);

  Connection connection_;
  Secrets& secrets_;
  FindType find_type_;
  SnapshotCache* cache_ = nullptr;
  std::unordered_map<const char*, Statement> statements_;
  std::unordered_map<std::string, Statement> composed_;
};

/// "type.hold" and its keys, as the table `held` names it.
std::string hold_key(const kernel::Name& type, const kernel::Name& hold,
                     const std::vector<std::string>& keys);

}  // namespace gewu::store::sqlite
