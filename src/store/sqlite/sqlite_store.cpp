#include "store/sqlite/sqlite_store.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <iterator>
#include <latch>
#include <map>
#include <mutex>
#include <thread>

#include "base/ensure.h"
#include "store/sqlite/authored.h"
#include "store/sqlite/caches.h"
#include "store/sqlite/file_uses.h"
#include "store/sqlite/found_lists.h"
#include "store/sqlite/logs.h"
#include "store/sqlite/roots.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/writer.h"

namespace gewu::store::sqlite {
namespace {

using namespace gewu::kernel;

/// A write that waits for its turn. `work` runs inside the transaction; a plain write (a session,
/// a read mark) has `run` instead of a request.
struct Waiting {
  const CommitRequest* request = nullptr;
  std::function<Status(Writer&)> run;
  Result<Committed> result = Committed{};
  /// Of whoever waits; the writer holds it too, since the waiter may be gone before it was told.
  std::shared_ptr<std::latch> done;
};

Result<DirectoryPtr> load_directory(Connection& connection, const OpenOptions& options);
Result<DirectoryPtr> load_references(Reader& reader, DirectoryPtr directory);

/// How often an idle writer looks whether another process wrote: a publishing is taken up so soon.
constexpr std::chrono::milliseconds kLookOutside{250};

/// Turns of an office in the making that share a transaction.
constexpr int kHeldTurnsMax = 20'000;

/// Frames of WAL after which the writer itself restarts it between two batches (stack.md 4.2).
constexpr int kWalFramesMax = 20'000;

/// How long a reading waits for one of the readers that are kept before it opens one more.
constexpr std::chrono::milliseconds kReaderWait{100};

class SqliteStore : public Store {
 public:
  SqliteStore(OpenOptions options, DirectoryPtr directory)
      : options_(std::move(options)),
        secrets_(*options_.vault, *options_.random),
        directory_(std::move(directory)),
        in_memory_(options_.path == ":memory:"),
        is_alone_(in_memory_ || options_.disposable),
        root_book_(make_root_book(
            [this](const auto& use) { return with_reader([&](Reader& reader) { return use(reader); }); },
            [this](const auto& use) {
              return write_plain([&](Writer& writer) { return use(writer.reader()); });
            })),
        log_book_(make_log_book(
            [this](const auto& use) { return with_reader([&](Reader& reader) { return use(reader); }); },
            [this](const auto& use) {
              return write_plain([&](Writer& writer) { return use(writer.reader()); });
            },
            *options_.vault)) {}

  ~SqliteStore() override {
    {
      const std::lock_guard lock(queue_mutex_);
      stopping_ = true;
    }
    queue_ready_.notify_all();
    if (writer_thread_.joinable()) writer_thread_.join();
    if (checkpoint_thread_.joinable()) checkpoint_thread_.join();
    static_cast<void>(settle_held());
    static_cast<void>(release_held());
  }

  Status start(Connection connection) {
    writer_ = std::make_unique<Writer>(std::move(connection), secrets_, options_, directory_,
                                       [this](Reader& reader) { return reload(reader); });
    GEWU_CHECK(writer_->start());
    GEWU_TRY(with_rows, load_references(writer_->reader(), directory_));
    directory_ = with_rows;
    writer_->set_directory(std::move(with_rows));
    GEWU_CHECK(build_lists(writer_->reader()));
    GEWU_CHECK(build_file_uses(writer_->reader()));
    GEWU_CHECK(build_authored(writer_->reader()));
    if (in_memory_) return {};
    // Told by each commit; asking for it would be a checkpoint of its own, two syncs a batch.
    sqlite3_wal_hook(
        writer_->reader().connection().raw(),
        [](void* frames, sqlite3*, const char*, int count) {
          *static_cast<int*>(frames) = count;
          return SQLITE_OK;
        },
        &wal_frames_);
    if (is_alone_) return {};
    writer_thread_ = std::thread([this] { write_loop(); });
    checkpoint_thread_ = std::thread([this] { checkpoint_loop(); });
    return {};
  }

  Result<Committed> commit(CommitRequest request) override {
    Waiting waiting;
    waiting.request = &request;
    enqueue(waiting);
    return std::move(waiting.result);
  }

  std::vector<Result<Committed>> commit_all(std::vector<CommitRequest> requests) override {
    std::vector<Waiting> waiting(requests.size());
    std::vector<Waiting*> all;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      waiting[i].request = &requests[i];
      all.push_back(&waiting[i]);
    }
    enqueue(all);
    std::vector<Result<Committed>> results;
    for (Waiting& one : waiting) results.push_back(std::move(one.result));
    return results;
  }

  DirectoryPtr directory() const override {
    const std::lock_guard lock(directory_mutex_);
    return directory_;
  }

  std::unique_ptr<DossierSource> read() override;

  Result<std::vector<MatterId>> find_number(const std::string& number) override {
    return with_reader([&](Reader& reader) { return reader.find_number(number); });
  }
  Result<std::optional<MatterId>> find_receipt(const security::Sha256& hash) override {
    return with_reader([&](Reader& reader) { return reader.find_receipt(hash); });
  }
  Result<std::vector<Event>> read_timeline(MatterId matter, std::size_t rows_max) override {
    return with_rows([&](Reader& reader) { return reader.timeline(matter, rows_max); });
  }
  Result<WorkPage> read_worklist(const WorkQuery& query) override {
    const DirectoryPtr today = directory();
    const auto units = units_to_merge(query, *today);
    const auto states = states_to_merge(query, *today);
    return with_reader([&](Reader& reader) { return reader.worklist(query, units, states); });
  }
  Result<std::vector<std::vector<OpenCount>>> count_open(
      WorkQuery::Of of, const std::vector<std::string>& units) override {
    return with_reader([&](Reader& reader) -> Result<std::vector<std::vector<OpenCount>>> {
      std::vector<std::vector<OpenCount>> counts;
      for (const std::string& unit : units) {
        GEWU_TRY(counted, reader.open_counts(list_unit(of, unit)));
        counts.push_back(std::move(counted));
      }
      return counts;
    });
  }
  Result<std::vector<SnapshotPtr>> find_words(const WordQuery& query) override {
    return with_reader([&](Reader& reader) { return reader.find_words(query); });
  }
  Result<std::vector<Cell>> read_cells(const CellQuery& query) override {
    return with_reader([&](Reader& reader) { return reader.cells(query); });
  }
  Result<std::vector<FigureRecord>> read_figure_records(const CellQuery& query,
                                                        std::size_t rows_max) override {
    if (options_.disposable) {
      const std::lock_guard lock(memory_mutex_);
      return writer_->figure_records(query, rows_max);
    }
    return with_reader([&](Reader& reader) { return reader.figure_records(query, rows_max); });
  }
  Result<std::size_t> fold() override {
    std::size_t folded = 0;
    GEWU_CHECK(write_plain([&](Writer& writer) -> Status {
      GEWU_TRY(rows, writer.fold_within());
      folded = rows;
      return {};
    }));
    GEWU_CHECK(release_held());
    return folded;
  }
  Result<std::vector<MatterId>> find_due(Instant until, std::size_t rows_max) override {
    if (options_.disposable) {
      const std::lock_guard lock(memory_mutex_);
      return writer_->by_heart().due(until, rows_max);
    }
    return with_rows([&](Reader& reader) { return reader.due(until, rows_max); });
  }
  Result<std::vector<MatterId>> find_pinned(const std::string& type,
                                            const std::string& text_sha256) override {
    return with_reader([&](Reader& reader) { return reader.pinned(type, text_sha256); });
  }
  Result<std::vector<PendingRipple>> read_ripples(Instant older_than,
                                                  std::size_t rows_max) override {
    return with_reader([&](Reader& reader) { return reader.ripples(older_than, rows_max); });
  }
  Result<std::size_t> count_stopped_ripples() override {
    return with_reader([&](Reader& reader) {
      return reader.count("select count(*) from ripple where stopped is not null");
    });
  }
  Result<std::vector<kernel::TallyMark>> read_tallies(std::size_t rows_max) override {
    return with_rows([&](Reader& reader) { return reader.tallies(rows_max); });
  }
  Result<std::vector<Notice>> read_notices(PostId post, Instant now,
                                           std::size_t rows_max) override {
    return with_reader([&](Reader& reader) { return reader.notices(post, now, rows_max); });
  }
  Result<std::size_t> count_unread(const std::vector<PostId>& posts, Instant now) override {
    return with_reader([&](Reader& reader) { return reader.unread(posts, now); });
  }
  Result<std::optional<AnswerLink>> find_answer_link(const security::Sha256& code) override {
    return with_reader([&](Reader& reader) { return reader.answer_link(code); });
  }
  Result<std::vector<OutgoingMessage>> read_outbox(Instant since, std::size_t rows_max) override {
    return with_reader([&](Reader& reader) { return reader.outbox(since, rows_max); });
  }
  Status mark_delivered(std::int64_t row, Instant at) override {
    return write_plain([&](Writer& writer) -> Status {
      GEWU_TRY(update, writer.reader().use("update outbox set delivered_at = ? where row = ?"));
      return update->bind(1, at.ms).bind(2, row).run();
    });
  }
  Status mark_read(PostId post, std::int64_t up_to) override {
    return write_plain([&](Writer& writer) -> Status {
      GEWU_TRY(upsert, writer.reader().use("insert into notice_read (post, up_to) values (?1, ?2)"
                                           " on conflict do update set up_to = max(up_to, ?2)"));
      return upsert->bind(1, post.value).bind(2, up_to).run();
    });
  }
  Result<std::optional<Account>> find_account(const std::string& login) override {
    return with_rows([&](Reader& reader) { return reader.account(login); });
  }
  Result<std::optional<Account>> find_account(AccountId id) override {
    return with_rows([&](Reader& reader) { return reader.account(id); });
  }
  Result<std::vector<Account>> find_accounts(const std::string& part_of_name,
                                             std::size_t rows_max) override {
    return with_reader([&](Reader& reader) { return reader.accounts(part_of_name, rows_max); });
  }
  Result<std::optional<Session>> find_session(const security::Sha256& token) override {
    return with_reader([&](Reader& reader) { return reader.session(token); });
  }
  Status write_session(const Session& session) override {
    return write_plain([&](Writer& writer) -> Status {
      GEWU_TRY(upsert, writer.reader().use(
                           "insert into session (token, account, opened_at, last_seen_at,"
                           " expires_at, csrf, agent) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                           " on conflict do update set last_seen_at = ?4, expires_at = ?5"));
      upsert->bind_blob(1, session.token_hash).bind(2, session.account.value);
      upsert->bind(3, session.opened_at.ms).bind(4, session.last_seen_at.ms);
      upsert->bind(5, session.expires_at.ms).bind(6, session.csrf);
      return upsert->bind(7, session.agent).run();
    });
  }
  Status end_session(const security::Sha256& token) override {
    return write_plain([&](Writer& writer) -> Status {
      GEWU_TRY(drop, writer.reader().use("delete from session where token = ?"));
      return drop->bind_blob(1, token).run();
    });
  }
  Result<std::vector<Session>> find_sessions(AccountId account) override {
    return with_reader([&](Reader& reader) { return reader.sessions(account); });
  }
  Result<std::optional<SecondFactor>> find_second_factor(AccountId account) override {
    return with_reader([&](Reader& reader) { return reader.second_factor(account); });
  }
  Status write_second_factor(const SecondFactor& factor) override {
    return write_plain([&](Writer& writer) { return writer.write_second_factor(factor); });
  }
  Status write_password_reset(const PasswordReset& reset) override {
    return write_plain([&](Writer& writer) -> Status {
      GEWU_TRY(insert, writer.reader().use("insert into password_reset (token, account, expires_at)"
                                           " values (?, ?, ?)"));
      insert->bind_blob(1, reset.token_hash).bind(2, reset.account.value);
      return insert->bind(3, reset.expires_at.ms).run();
    });
  }
  Result<std::optional<PasswordReset>> take_password_reset(
      const security::Sha256& token) override {
    std::optional<PasswordReset> taken;
    GEWU_CHECK(write_plain([&](Writer& writer) -> Status {
      GEWU_TRY(find, writer.reader().use("select account, expires_at from password_reset"
                                         " where token = ?"));
      GEWU_TRY(found, find->bind_blob(1, token).step());
      if (!found) return {};
      taken = PasswordReset{token, {find->integer(0)}, {find->integer(1)}};
      GEWU_TRY(drop, writer.reader().use("delete from password_reset where account = ?"));
      return drop->bind(1, taken->account.value).run();
    }));
    return taken;
  }
  Result<Value> open_sealed(MatterId matter, const Name& field) override {
    // As the file has it: whoever checks the file must not be answered from memory.
    GEWU_TRY(snapshot, with_reader([&](Reader& reader) { return reader.load_stored(matter); }));
    if (!snapshot) return refuse(ErrorCode::not_found, "not_found");
    const auto slot = snapshot->type->find_field(field);
    if (!slot) return refuse(ErrorCode::not_found, "not_found");
    const Sealed* sealed = snapshot->fields[*slot].get_shared<Sealed>();
    if (!sealed) return snapshot->fields[*slot];
    return secrets_.open_sealed(matter, snapshot->type->fields[*slot], *sealed);
  }
  Result<std::vector<SnapshotPtr>> find_parts(MatterId parent, std::size_t rows_max) override {
    const DirectoryPtr today = directory();
    return with_reader([&](Reader& reader) { return parts_of(reader, *today, parent, rows_max); });
  }
  Result<std::vector<MatterId>> find_authored(AccountId account, MatterId before,
                                              std::size_t rows_max) override {
    return with_reader(
        [&](Reader& reader) { return reader.authored(account, before, rows_max); });
  }
  Result<std::optional<Answered>> find_request(const std::string& scope,
                                               const std::string& id) override {
    if (options_.disposable) {
      const std::lock_guard lock(memory_mutex_);
      const Answered* known = writer_->by_heart().find_request(scope, id);
      return known != nullptr && known->matter.has_value() ? std::optional(*known) : std::nullopt;
    }
    return with_rows([&](Reader& reader) { return reader.find_request(scope, id); });
  }
  Result<std::optional<std::string>> read_office(const std::string& key) override {
    if (options_.disposable) {
      const std::lock_guard lock(memory_mutex_);
      const std::string* known = writer_->by_heart().office_value(key);
      return known != nullptr ? std::optional(*known) : std::nullopt;
    }
    return with_rows([&](Reader& reader) { return reader.office_value(key); });
  }
  Status write_office(const std::string& key, const std::string& value) override {
    const auto write = [&](Writer& writer) { return writer.write_office(key, value); };
    if (options_.disposable) {
      // Beside what is on its way: nothing else in the transaction leans on it.
      const std::lock_guard lock(memory_mutex_);
      if (is_held_) return write(*writer_);
    }
    return write_plain(write);
  }
  Result<std::vector<std::string>> used_files() override {
    return with_reader([](Reader& reader) { return reader.used_files(); });
  }
  Status each_matter(const std::function<Status(const SnapshotPtr&)>& each) override {
    return with_reader([&](Reader& reader) { return reader.each_matter(each); });
  }
  Result<Inventory> take_inventory() override {
    return with_reader([&](Reader& reader) { return reader.take_inventory(); });
  }
  Result<std::optional<Event>> read_event(const JournalLine& line) override {
    return with_reader([&](Reader& reader) { return reader.read_event(line); });
  }
  Status read_journal(std::int64_t from_sequence,
                      const std::function<Status(const JournalLine&)>& each) override {
    return with_reader([&](Reader& reader) { return reader.journal(from_sequence, each); });
  }
  RootBook& root_book() override { return *root_book_; }
  LogBook& log_book() override { return *log_book_; }
  void on_commit(std::function<void(const std::vector<Change>&)> listener) override {
    const std::lock_guard lock(directory_mutex_);
    listeners_.push_back(std::move(listener));
  }
  Status back_up(const std::string& folder) override {
    // Erased words must not go on in a copy.
    GEWU_CHECK(write_plain([](Writer& writer) { return writer.purge_erased_words(true); }));
    return with_reader([&](Reader& reader) -> Status {
      GEWU_TRY(statement, reader.connection().prepare("vacuum into ?"));
      return statement.bind(1, folder + "/office.db").run();
    });
  }

 private:
  /// A reader of the pool, or in memory the writer's own connection.
  template <typename Use>
  auto with_reader(Use use) -> decltype(use(std::declval<Reader&>())) {
    if (is_alone_) {
      const std::lock_guard lock(memory_mutex_);
      if (auto settled = settle_held(); !settled) return std::unexpected(settled.error());
      return use(writer_->reader());
    }
    return with_rows(std::move(use));
  }

  /// The same for whoever reads nothing that an office in the making puts off (writer.h).
  template <typename Use>
  auto with_rows(Use use) -> decltype(use(std::declval<Reader&>())) {
    if (is_alone_) {
      const std::lock_guard lock(memory_mutex_);
      if (auto written = writer_->await_file(); !written) return std::unexpected(written.error());
      return use(writer_->reader());
    }
    Lease lease(*this);
    if (!lease.reader) {
      auto opened = open_reader();
      if (!opened) return std::unexpected(opened.error());
      lease.reader = std::move(*opened);
    }
    return use(*lease.reader);
  }
  friend class ReadView;

  /// A reader in somebody's hands; it goes back however its use ends.
  struct Lease {
    explicit Lease(SqliteStore& of) : store(of) {
      std::unique_lock lock(store.pool_mutex_);
      // One that is free in a moment is better than one more: each has pages of its own. Whoever
      // reads inside a reading gets another all the same.
      store.reader_free_.wait_for(lock, kReaderWait, [&] {
        return !store.pool_.empty() || store.readers_out_ < kReadersKept;
      });
      ++store.readers_out_;
      if (store.pool_.empty()) return;
      reader = std::move(store.pool_.back());
      store.pool_.pop_back();
    }
    ~Lease() {
      if (reader) reader->rest();
      {
        const std::lock_guard lock(store.pool_mutex_);
        --store.readers_out_;
        if (reader && store.pool_.size() < kReadersKept) store.pool_.push_back(std::move(reader));
      }
      store.reader_free_.notify_one();
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    SqliteStore& store;
    std::unique_ptr<Reader> reader;  ///< null: none was free, one is to be opened
  };

  Result<std::unique_ptr<Reader>> open_reader() {
    GEWU_TRY(connection, Connection::open(options_.path, true));
    auto reader = std::make_unique<Reader>(
        std::move(connection), secrets_,
        [this](std::string_view sha256) { return directory()->find_pinned(sha256); });
    reader->use_cache(&cache_);
    return reader;
  }

  static Result<std::vector<SnapshotPtr>> parts_of(Reader& reader, const Directory& directory,
                                                   MatterId parent, std::size_t rows_max) {
    std::vector<SnapshotPtr> parts;
    std::map<std::string, std::string> fields;  // "type.field" with parent: true
    for (const auto& [name, locality] : directory.localities)
      for (const auto& [type_name, type] : locality->types)
        for (const FieldSpec& field : type->fields)
          if (field.parent) fields[type_name] = field.name;
    for (const auto& [type, field] : fields) {
      GEWU_TRY(members, reader.members({type, field, parent}));
      for (const MatterId member : members) {
        if (parts.size() >= rows_max) return parts;
        GEWU_TRY(part, reader.load(member));
        if (part) parts.push_back(std::move(part));
      }
    }
    return parts;
  }

  /// The directory as another process left it.
  Result<DirectoryPtr> reload(Reader& reader) {
    cache_.clear();
    GEWU_TRY(directory, load_directory(reader.connection(), options_));
    // Rows are pinned to texts that may have come with it.
    writer_->set_directory(directory);
    return load_references(reader, std::move(directory));
  }

  Status write_plain(std::function<Status(Writer&)> run) {
    Waiting waiting;
    waiting.run = std::move(run);
    enqueue(waiting);
    if (!waiting.result) return std::unexpected(waiting.result.error());
    return {};
  }

  void enqueue(Waiting& waiting) { enqueue(std::vector<Waiting*>{&waiting}); }

  void enqueue(const std::vector<Waiting*>& all) {
    if (is_alone_) {
      const std::lock_guard lock(memory_mutex_);
      for (Waiting* waiting : all) {
        if (in_memory_) run_batch({waiting});
        else run_held(*waiting);
      }
      return;
    }
    std::unique_lock lock(queue_mutex_);
    if (stopping_) {
      for (Waiting* waiting : all)
        waiting->result = refuse(ErrorCode::unavailable, "store.stopping");
      return;
    }
    const auto done = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(all.size()));
    for (Waiting* waiting : all) waiting->done = done;
    queue_.insert(queue_.end(), all.begin(), all.end());
    lock.unlock();
    queue_ready_.notify_one();
    done->wait();
  }

  void write_loop() {
    for (;;) {
      std::vector<Waiting*> batch;
      {
        std::unique_lock lock(queue_mutex_);
        const auto is_wanted = [&] { return stopping_ || !queue_.empty(); };
        if (!queue_ready_.wait_for(lock, kLookOutside, is_wanted)) {
          lock.unlock();
          if (writer_->changed_outside()) run_batch({});
          continue;
        }
        if (queue_.empty()) return;
        while (!queue_.empty() && batch.size() < kLimits.group_commit_max) {
          batch.push_back(queue_.front());
          queue_.pop_front();
        }
      }
      run_batch(batch);
      for (Waiting* waiting : batch) {
        const std::shared_ptr<std::latch> done = waiting->done;
        done->count_down();
      }
      restart_wal_if_large();
    }
  }

  /// One transaction for all; when a write breaks it, each is tried in one of its own.
  void run_batch(const std::vector<Waiting*>& batch) {
    if (run_together(batch) || batch.size() <= 1) return;
    for (Waiting* waiting : batch) run_together({waiting});
  }

  bool run_together(const std::vector<Waiting*>& batch) {
    const auto fail = [&](const Error& error) {
      writer_->abandon();
      for (Waiting* waiting : batch) waiting->result = std::unexpected(error);
      return false;
    };
    try {
      if (auto begun = writer_->begin(); !begun) return fail(begun.error());
      for (Waiting* waiting : batch) {
        if (waiting->run) {
          auto status = waiting->run(*writer_);
          if (!status) return fail(status.error());
          waiting->result = Committed{};
        } else {
          waiting->result = writer_->take(*waiting->request);
          if (writer_->broken()) return fail(waiting->result.error());
        }
      }
      auto changes = writer_->finish();
      if (!changes) return fail(changes.error());
      for (const Change& change : *changes)
        cache_.put(change.matter, writer_->known(change.matter));
      publish(*changes);
      return true;
    } catch (const BrokenInvariant& broken) {
      return fail(Error{ErrorCode::internal, "internal", {{"what", broken.what()}}, {}});
    }
  }

  /// A turn of an office in the making.
  void run_held(Waiting& waiting) {
    const auto lose = [&](const Error& error) {
      writer_->abandon();
      is_held_ = false;
      lost_ = error;
      waiting.result = std::unexpected(error);
    };
    if (lost_) {
      waiting.result = std::unexpected(*lost_);
      return;
    }
    try {
      if (!is_held_) {
        if (auto begun = writer_->begin(); !begun) return lose(begun.error());
        is_held_ = true;
        held_turns_ = 0;
      }
      if (waiting.run) {
        if (auto settled = writer_->settle(); !settled) return lose(settled.error());
        if (auto status = waiting.run(*writer_); !status) return lose(status.error());
        waiting.result = Committed{};
      } else {
        waiting.result = writer_->take(*waiting.request);
        if (writer_->broken()) return lose(waiting.result.error());
      }
      if (auto destroyed = writer_->destroy_noted(); !destroyed) return lose(destroyed.error());
      publish(writer_->take_changes());
      if (++held_turns_ < kHeldTurnsMax) return;
      held_turns_ = 0;
      if (auto given = writer_->commit_beside(); !given) return lose(given.error());
    } catch (const BrokenInvariant& broken) {
      lose(Error{ErrorCode::internal, "internal", {{"what", broken.what()}}, {}});
    }
  }

  /// An office in the making keeps more than the cache, and nobody else changes it.
  SnapshotPtr load_in_making(MatterId id) {
    const std::lock_guard lock(memory_mutex_);
    return writer_->load(id);
  }

  std::vector<MatterId> members_in_making(const SetKey& key) {
    const std::lock_guard lock(memory_mutex_);
    return writer_->by_heart().members(key);
  }

  /// Writes what an office in the making has put off, for whoever reads it.
  Status settle_held() {
    if (!options_.disposable) return {};
    if (is_held_) GEWU_CHECK(writer_->settle());
    if (!writer_->owes_words()) return {};
    return write_plain([](Writer& writer) { return writer.settle_words(); });
  }

  /// Commits what an office in the making holds.
  Status release_held() {
    const std::lock_guard lock(memory_mutex_);
    if (lost_) return std::unexpected(*lost_);
    if (!is_held_) return {};
    GEWU_TRY(changes, writer_->finish());
    static_cast<void>(changes);
    is_held_ = false;
    restart_wal_if_large();
    return {};
  }

  void publish(const std::vector<Change>& changes) {
    std::vector<std::function<void(const std::vector<Change>&)>> listeners;
    {
      const std::lock_guard lock(directory_mutex_);
      directory_ = writer_->directory();
      listeners = listeners_;
    }
    if (changes.empty()) return;
    for (const auto& listener : listeners) listener(changes);
  }

  void restart_wal_if_large() {
    if (wal_frames_ > kWalFramesMax)
      sqlite3_wal_checkpoint_v2(writer_->reader().connection().raw(), nullptr,
                                SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
  }

  void checkpoint_loop() {
    auto connection = Connection::open(options_.path, false);
    if (!connection) return;
    std::unique_lock lock(queue_mutex_);
    while (!queue_ready_checkpoint_.wait_for(lock, std::chrono::milliseconds(200),
                                             [&] { return stopping_; })) {
      lock.unlock();
      sqlite3_wal_checkpoint_v2(connection->raw(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                                nullptr);
      lock.lock();
    }
  }

  OpenOptions options_;
  Secrets secrets_;
  DirectoryPtr directory_;
  const bool in_memory_;
  const bool is_alone_;             ///< one connection for all, on the threads of the callers
  bool is_held_ = false;            ///< an office in the making has a transaction open
  int held_turns_ = 0;
  std::optional<Error> lost_;       ///< what ended the making
  const std::unique_ptr<RootBook> root_book_;
  const std::unique_ptr<LogBook> log_book_;
  std::unique_ptr<Writer> writer_;
  std::recursive_mutex memory_mutex_;

  mutable std::mutex directory_mutex_;
  std::vector<std::function<void(const std::vector<Change>&)>> listeners_;

  SnapshotCache cache_;
  std::mutex pool_mutex_;
  std::condition_variable reader_free_;
  int readers_out_ = 0;
  int wal_frames_ = 0;              ///< of the writer's thread
  std::vector<std::unique_ptr<Reader>> pool_;

  std::mutex queue_mutex_;
  std::condition_variable queue_ready_, queue_ready_checkpoint_;
  std::deque<Waiting*> queue_;
  bool stopping_ = false;
  std::thread writer_thread_, checkpoint_thread_;
};

/// What readers decide on: the tables as they are while they read.
class ReadView : public DossierSource {
 public:
  explicit ReadView(SqliteStore& store) : store_(store) {}

  SnapshotPtr load(MatterId id) override {
    if (store_.options_.disposable && !store_.in_memory_) return store_.load_in_making(id);
    if (SnapshotPtr known = store_.cache_.find(id)) return known;
    auto loaded = store_.with_rows([&](Reader& reader) { return reader.load(id); });
    return loaded ? *loaded : nullptr;
  }
  std::vector<MatterId> members(const SetKey& key) override {
    if (store_.options_.disposable) return store_.members_in_making(key);
    auto members = store_.with_rows([&](Reader& reader) { return reader.members(key); });
    return members ? std::move(*members) : std::vector<MatterId>{};
  }
  std::vector<HoldRecord> holds(const Name& type, const Name& hold,
                                const std::vector<std::string>& keys, MatterId except) override {
    auto held = store_.with_rows(
        [&](Reader& reader) { return reader.holds(hold_key(type, hold, keys), except); });
    return held ? std::move(*held) : std::vector<HoldRecord>{};
  }
  std::vector<BookEntry> entries(const Name& book, const std::string& account,
                                 Instant since) override {
    auto found = store_.with_rows(
        [&](Reader& reader) { return reader.entries(book, account, since); });
    return found ? std::move(*found) : std::vector<BookEntry>{};
  }
  std::int64_t balance(const Name& book, const std::string& account) override {
    return store_
        .with_rows([&](Reader& reader) { return reader.balance(book, account); })
        .value_or(0);
  }
  std::vector<CountedBy> counts(const std::string& indicator, Date from, Date until) override {
    auto found = store_.with_reader(
        [&](Reader& reader) { return reader.counts(indicator, from, until); });
    return found ? std::move(*found) : std::vector<CountedBy>{};
  }
  std::vector<CountedBy> cells(const CellQuery& query) override {
    auto found = store_.read_cells(query);
    return found ? std::move(*found) : std::vector<CountedBy>{};
  }
  std::int64_t cited(MatterId row) override {
    return store_.with_rows([&](Reader& reader) { return reader.cited(row); }).value_or(0);
  }

 private:
  SqliteStore& store_;
};

std::unique_ptr<DossierSource> SqliteStore::read() { return std::make_unique<ReadView>(*this); }

/// Organisations in an order in which each comes after its parent, whenever the parent is there.
std::vector<DirectoryEvent> parents_first(std::vector<DirectoryEvent> events) {
  std::map<std::string, DirectoryEvent*> waiting;
  for (DirectoryEvent& event : events)
    if (const auto* change = std::get_if<OrganisationChange>(&event.change))
      waiting[change->organisation.key] = &event;
  std::vector<DirectoryEvent> ordered;
  // By key, taking each parent before its child; a key is taken out before its parent is sought,
  // so that even a circle ends.
  const std::function<void(const std::string&)> take = [&](const std::string& key) {
    const auto found = waiting.find(key);
    if (found == waiting.end()) return;
    DirectoryEvent* event = found->second;
    waiting.erase(found);
    if (const auto& parent = std::get<OrganisationChange>(event->change).organisation.parent)
      take(*parent);
    ordered.push_back(std::move(*event));
  };
  while (!waiting.empty()) take(std::string(waiting.begin()->first));
  return ordered;
}

/// The directory from its entries, and the active reference rows.
Result<DirectoryPtr> load_directory(Connection& connection, const OpenOptions& options) {
  DirectoryPtr base = options.preset;
  if (!base) {
    auto empty = std::make_shared<Directory>();
    empty->territory = std::make_shared<const TerritoryTree>();
    empty->grids = std::make_shared<const GridIndex>();
    empty->roster = std::make_shared<const Roster>();
    empty->pinned = std::make_shared<const std::unordered_map<std::string, TypePtr>>();
    base = std::move(empty);
  }
  std::vector<DirectoryEvent> events;
  const auto read_all = [&](const char* sql) -> Result<std::vector<DirectoryEvent>> {
    std::vector<DirectoryEvent> read;
    GEWU_TRY(statement, connection.prepare(sql));
    for (;;) {
      GEWU_TRY(found, statement.step());
      if (!found) return read;
      GEWU_TRY(json, codec::parse_json(statement.text(0), codec::journal_limits()));
      GEWU_TRY(event, codec::read_directory_event(json));
      read.push_back(std::move(event));
    }
  };
  const auto append = [&](std::vector<DirectoryEvent> more) {
    std::move(more.begin(), more.end(), std::back_inserter(events));
  };
  // Each leans on those before. Publications in their order: an old one stays pinned, the last of
  // a locality is today's.
  GEWU_TRY(territories,
           read_all("select body from directory_entry where kind = 'territory' order by key"));
  GEWU_TRY(organisations,
           read_all("select body from directory_entry where kind = 'organisation' order by key"));
  GEWU_TRY(posts, read_all("select body from directory_entry where kind = 'post' order by key"));
  GEWU_TRY(publications, read_all("select body from publication order by position"));
  append(std::move(territories));
  append(parents_first(std::move(organisations)));
  append(std::move(posts));
  append(std::move(publications));
  if (events.empty()) return base;
  return options.apply_directory(std::move(base), events);
}

/// The directory with the active rows of reference types.
Result<DirectoryPtr> load_references(Reader& reader, DirectoryPtr directory) {
  std::vector<MatterId> rows;
  {
    GEWU_TRY(statement, reader.use("select id from reference_row order by id"));
    for (;;) {
      GEWU_TRY(found, statement->step());
      if (!found) break;
      rows.push_back({statement->integer(0)});
    }
  }
  Decision decision;
  for (const MatterId id : rows) {
    GEWU_TRY(row, reader.load(id));
    if (row) decision.touched.push_back(std::move(row));
  }
  return decision.touched.empty() ? directory : apply_references(directory, decision);
}

}  // namespace

Result<std::unique_ptr<Store>> open_store(OpenOptions options) {
  GEWU_TRY(connection, Connection::open(options.path, false));
  if (options.path == ":memory:") options.disposable = false;
  if (options.disposable) {
    // Nobody waits for it and nobody takes it up when it breaks: every page is written once.
    GEWU_CHECK(connection.run("pragma synchronous=off; pragma journal_mode=memory"));
    GEWU_CHECK(connection.run("pragma cache_size=-" + std::to_string(kMakingPagesKib)));
  }
  GEWU_TRY(version, schema_version_of(connection));
  if (version > schema_version())
    return refuse(ErrorCode::conflict, "store.newer",
                  {{"file", std::to_string(version)},
                   {"executable", std::to_string(schema_version())}});
  if (version != 0 && version < schema_version() && !options.may_migrate)
    return refuse(ErrorCode::conflict, "store.older");
  GEWU_CHECK(migrate(connection));
  GEWU_TRY(directory, load_directory(connection, options));
  auto store = std::make_unique<SqliteStore>(std::move(options), std::move(directory));
  GEWU_CHECK(store->start(std::move(connection)));
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace gewu::store::sqlite
