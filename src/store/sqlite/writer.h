#pragma once

#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "store/sqlite/by_heart.h"
#include "store/sqlite/figures.h"
#include "store/sqlite/found_lists.h"
#include "store/sqlite/reader.h"
#include "store/sqlite/sqlite_store.h"
#include "store/sqlite/work_list.h"
#include "store/sqlite/write_thread.h"

namespace gewu::store::sqlite {

/// The one writer of the office's file: decides inside its turn and writes what came of it.
/// `begin`, any number of `take`, then `finish` or `abandon`.
class Writer : public kernel::DossierSource {
 public:
  using Reload = std::function<Result<kernel::DirectoryPtr>(Reader&)>;

  /// `reload` reads the directory anew, when another process has written to the file.
  Writer(Connection connection, Secrets& secrets, OpenOptions& options,
         kernel::DirectoryPtr directory, Reload reload);

  /// Takes the file's write lock and whatever another process (an import, a publishing beside the
  /// server) wrote since the last turn.
  Status begin();
  /// Whether another process wrote since this was last asked.
  bool changed_outside();
  /// One request inside the transaction. A refusal writes nothing; `broken()` tells that a write
  /// failed half-way, so that the whole transaction must be abandoned.
  Result<Committed> take(const CommitRequest& request);
  bool broken() const { return broken_; }
  /// Commits durably; changes to tell of, since `begin` or since they were taken.
  Result<std::vector<Change>> finish();
  /// Commits and begins anew what an office in the making has done, beside it: `finish` or
  /// `await_file` tell what became of it.
  Status commit_beside();
  /// Waits for what is on its way to the file; the failure of any of it, now and ever after. Before
  /// `reader` is used.
  Status await_file() { return beside_ ? beside_->drain() : Status{}; }
  /// Changes so far of a transaction that goes on.
  std::vector<Change> take_changes() { return std::exchange(changes_, {}); }
  /// Destroys at once the keys that the turn just taken erased, in a transaction that goes on: what
  /// a later turn seals in it must not lean on them.
  Status destroy_noted();
  /// Writes what this transaction has counted so far, or hands it over to be written.
  Status settle_counts();
  /// The same of everything that an office in the making puts off, but for the index of words.
  Status settle();
  /// The index of words of every matter of which an office in the making put it off.
  Status settle_words();
  bool owes_words() const { return owes_words_; }
  /// What an office in the making knows without its file.
  const ByHeart& by_heart() const { return by_heart_; }
  bool defers() const { return options_.disposable; }
  void abandon();

  const kernel::DirectoryPtr& directory() const { return directory_; }
  void set_directory(kernel::DirectoryPtr directory) { directory_ = std::move(directory); }
  Reader& reader() { return reader_; }
  /// A matter as this writer last wrote it; null when it no longer keeps that.
  SnapshotPtr known(MatterId id) {
    const Kept* kept = find_kept(id);
    return kept ? kept->snapshot : nullptr;
  }
  Status start();          ///< reads the heads of stream and series
  Status write_office(const std::string& key, const std::string& value);
  Status write_second_factor(const SecondFactor& factor);
  /// Folds the deltas inside the running transaction.
  Result<std::size_t> fold_within();
  /// Merges the index of words, so that erased ones leave the file: when it is time, or at once.
  Status purge_erased_words(bool at_once);

  SnapshotPtr load(MatterId id) override;
  std::vector<MatterId> members(const kernel::SetKey& key) override;
  std::vector<kernel::HoldRecord> holds(const kernel::Name& type, const kernel::Name& hold,
                                        const std::vector<std::string>& keys,
                                        MatterId except) override;
  std::vector<kernel::BookEntry> entries(const kernel::Name& book, const std::string& account,
                                         Instant since) override;
  std::int64_t balance(const kernel::Name& book, const std::string& account) override;
  std::vector<kernel::CountedBy> counts(const std::string& indicator, Date from,
                                        Date until) override;
  std::vector<kernel::CountedBy> cells(const kernel::CellQuery& query) override;
  std::int64_t cited(MatterId row) override;
  /// Of an office in the making, as Reader::figure_records.
  Result<std::vector<FigureRecord>> figure_records(const kernel::CellQuery& query,
                                                   std::size_t rows_max);

 private:
  struct Kept {
    SnapshotPtr snapshot;
    std::optional<security::Sha256> last_hash;
  };
  struct FigureRow {
    kernel::Delta delta;
    EventId event;
    std::int64_t position = 0;  ///< within the event
    MatterId matter;
  };
  /// A matter of an office in the making whose rows are not written yet.
  struct PutOff {
    SnapshotPtr written;  ///< as its rows stand; null: it has none
    Kept now;
    std::optional<security::Sha256> receipt;
  };
  using Matters = std::vector<std::pair<MatterId, PutOff>>;
  /// A line of the journal, chained to the one before.
  struct Line {
    std::int64_t sequence = 0;
    EventId id;
    MatterId matter;
    Instant at;
    std::string body;
    security::Sha256 hash{};
    std::optional<security::Sha256> matter_previous;
  };

  Status catch_up();
  Status read_heads();
  Status read_series();
  bool ripple_waits(std::int64_t row);
  Result<std::optional<Committed>> repeat(const RequestKey& key);
  Result<Committed> write(const CommitRequest& request, Writing writing, IdSource& ids,
                          Instant now);
  Status write_steps(Writing& writing, Committed& committed);
  Status move_receipt(MatterId from, MatterId to);
  Status write_step(Event& event, SnapshotPtr before, SnapshotPtr& after,
                    const std::optional<security::Sha256>& receipt);
  Status note_erasure(const Event& event, const kernel::Snapshot& after);
  Status destroy_keys();
  Status write_refusal(const Event& event);
  Status write_touched(const Event& event, const std::vector<SnapshotPtr>& touched);
  /// `receipt`: what the line shall keep of it (security::receipt_mark). `is_first`: of a matter
  /// that no line tells of yet.
  Status append_event(EventId id, MatterId matter, Instant at, const char* member,
                      const std::string& event_json,
                      const std::optional<security::Sha256>& receipt = std::nullopt,
                      bool is_first = false);
  Status renew_receipt(MatterId matter, const security::Sha256& receipt, IdSource& ids,
                       Instant now);
  /// Answer links (answer_links.cpp): given out, used, and ended by what the event did.
  Status learn_links();
  std::optional<AnswerLink> answer_link(const security::Sha256& code);
  Status issue_link(const IssuedLink& link, IdSource& ids, Instant now);
  Status use_link(const security::Sha256& code);
  Status end_links(const Event& event);
  Status write_matter(const SnapshotPtr& before, const SnapshotPtr& after,
                      const std::optional<security::Sha256>& receipt);
  Status put_off_matter(const SnapshotPtr& before, Kept after,
                        const std::optional<security::Sha256>& receipt);
  Status write_matter_rows(const SnapshotPtr& before, const SnapshotPtr& after,
                           const std::optional<security::Sha256>& last_hash,
                           const std::optional<security::Sha256>& receipt);
  /// Runs now; in an office in the making beside it, after what went before.
  template <typename Job>
  Status write_later(Job job) {
    if (!beside_) return job();
    beside_->add(std::move(job));
    return {};
  }
  Status write_line(const Line& line);
  Status write_deltas(const DeltaBatch& deltas);
  /// Gives everything that was put off to be written.
  Status put_down();
  Status put_down_matters();
  Status put_down_figure_rows();
  Status write_put_off(Matters matters, Instant now);
  Status write_figure_rows(std::vector<FigureRow> rows);
  Status write_figure_row(const FigureRow& row);
  Status write_ripple(const PendingRipple& ripple);
  Status write_head(std::int64_t sequence, const security::Sha256& head);
  /// What follows from an event beside the matter's own rows.
  Status write_beside_matter(const Event& event, const SnapshotPtr& before,
                             const kernel::Snapshot& after);
  Status write_links(const SnapshotPtr& before, const kernel::Snapshot& after);
  Status write_worklist(const SnapshotPtr& before, const kernel::Snapshot& after);
  Status write_reference(const SnapshotPtr& before, const kernel::Snapshot& after);
  Status write_holds(const kernel::MatterChange& change, const kernel::Snapshot& after);
  Status write_messages(const Event& event, const kernel::Snapshot& after);
  Status write_figures(const Event& event);
  Status write_entries(const Event& event);
  Status write_ripples(const Writing& writing, Committed& committed, Instant now);
  void enter_directory(Writing& writing, IdSource& ids, Instant now);
  Status write_tallies(const Writing& writing);
  Status write_directory(const std::vector<kernel::DirectoryEvent>& events);
  Status write_entry(const kernel::DirectoryEvent& event, const std::string& body);
  Status write_accounts(const std::vector<Account>& accounts, IdSource& ids, Instant now);
  Result<std::string> next_number(const kernel::NumberWish& wish);
  void keep(MatterId id, Kept kept);
  Kept* find_kept(MatterId id);

  Reader reader_;
  Secrets& secrets_;
  OpenOptions& options_;
  Reload reload_;
  std::int64_t data_version_ = 0;
  kernel::DirectoryPtr directory_, directory_before_;
  std::string stream_;
  std::int64_t sequence_ = 0, sequence_before_ = 0;
  security::Sha256 head_{}, head_before_{};
  std::int64_t ripple_row_ = 0;
  std::int64_t last_id_ = 0;
  std::unordered_map<std::string, std::int64_t> series_;
  /// What this writer knows without asking the file: matters of late, and those before them.
  std::unordered_map<MatterId, Kept> kept_, kept_before_;
  /// What an office in the making puts off: rows of matters and of figures until somebody reads
  /// them or the transaction ends, the index of words until the counts are folded.
  std::unordered_map<MatterId, PutOff> put_off_;
  std::unordered_set<MatterId> wordless_;
  bool owes_words_ = false;  ///< the file says that its index is not whole
  std::vector<FigureRow> figure_rows_;
  std::map<std::int64_t, PendingRipple> ripples_;  ///< by their row
  ByHeart by_heart_;  ///< of an office in the making
  /// Matters with a link that lives, so that no other asks the file about any.
  std::unordered_set<MatterId> linked_;
  DeltaBatch deltas_;
  OpenCounts open_counts_;
  bool cleans_ = false;    ///< erased words leave the file with this batch
  std::size_t delta_rows_ = 0;
  std::vector<Change> changes_;
  /// Keys that this batch destroys, with the instant, by reason.
  std::map<std::string, std::vector<std::pair<KeySlot, Instant>>> erasures_;
  Status load_error_;
  bool broken_ = false;
  std::unique_ptr<WriteThread> beside_;  ///< of an office in the making; last: it uses the others
};

}  // namespace gewu::store::sqlite
