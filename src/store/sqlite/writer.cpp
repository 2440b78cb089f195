#include "store/sqlite/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/limits.h"
#include "codec/matter_json.h"
#include "codec/value_json.h"
#include "security/chain.h"
#include "security/token.h"
#include "store/sqlite/answer_links.h"
#include "store/sqlite/caches.h"
#include "store/sqlite/canaries.h"
#include "store/sqlite/evidence.h"
#include "store/sqlite/file_uses.h"
#include "store/sqlite/number_text.h"

namespace gewu::store::sqlite {

using namespace gewu::kernel;

namespace {

/// Ids that rise with time, of this writer alone.
class TurnIds : public IdSource {
 public:
  explicit TurnIds(std::int64_t& last, Instant now) : last_(last) {
    constexpr std::int64_t kEpoch2020Ms = 1'577'836'800'000;
    last_ = std::max(last_, (now.ms - kEpoch2020Ms) << 22);
  }
  std::int64_t next() override { return ++last_; }

 private:
  std::int64_t& last_;
};

bool is_too_deep(const Ripple& ripple) {
  return ripple.depth >= static_cast<std::int32_t>(kLimits.ripple_depth_max);
}

}  // namespace

Writer::Writer(Connection connection, Secrets& secrets, OpenOptions& options,
               DirectoryPtr directory, Reload reload)
    : reader_(std::move(connection), secrets,
              [this](std::string_view sha256) { return directory_->find_pinned(sha256); }),
      secrets_(secrets),
      options_(options),
      reload_(std::move(reload)),
      directory_(std::move(directory)),
      beside_(options.disposable ? std::make_unique<WriteThread>() : nullptr) {}

Status Writer::start() {
  GEWU_CHECK(read_heads());
  static_cast<void>(changed_outside());
  return {};
}

bool Writer::changed_outside() {
  const auto version = [&]() -> Result<std::int64_t> {
    GEWU_TRY(statement, reader_.use("pragma data_version"));
    GEWU_TRY(found, statement->step());
    const std::int64_t read = found ? statement->integer(0) : 0;
    reader_.rest();
    return read;
  }();
  // What can't be read now is told by the next turn.
  if (!version || *version == data_version_) return false;
  data_version_ = *version;
  return true;
}

Status Writer::catch_up() {
  GEWU_TRY(stream, reader_.use("select sequence from stream where id = 1"));
  GEWU_TRY(found, stream->step());
  if (found && stream->integer(0) == sequence_) return {};
  kept_.clear();
  kept_before_.clear();
  series_.clear();
  GEWU_CHECK(read_heads());
  GEWU_TRY(directory, reload_(reader_));
  directory_ = std::move(directory);
  return {};
}

Status Writer::read_heads() {
  GEWU_TRY(stream, reader_.use("select sequence, head, name from stream where id = 1"));
  GEWU_TRY(found, stream->step());
  if (!found) return refuse(ErrorCode::internal, "store.stream");
  sequence_ = stream->integer(0);
  stream_ = stream->text(2);
  const auto head = stream->blob(1);
  if (head.size() == head_.size()) std::copy(head.begin(), head.end(), head_.begin());
  GEWU_TRY(ripple, reader_.use("select coalesce(max(row), 0) from ripple"));
  GEWU_TRY(has_ripple, ripple->step());
  if (has_ripple) ripple_row_ = ripple->integer(0);
  GEWU_TRY(rows, reader_.count("select count(*) from delta"));
  delta_rows_ = rows;
  GEWU_TRY(last_event, reader_.count("select coalesce(max(id), 0) from event"));
  GEWU_TRY(last_matter, reader_.count("select coalesce(max(id), 0) from matter"));
  // A key may be there of a matter that never was: its transaction broke off.
  GEWU_TRY(last_key, secrets_.vault().newest());
  last_id_ = std::max(static_cast<std::int64_t>(std::max(last_event, last_matter)), last_key.value);
  GEWU_CHECK(learn_links());
  if (!defers()) return {};
  GEWU_CHECK(read_series());
  return by_heart_.learn(reader_);
}

Status Writer::read_series() {
  GEWU_TRY(rows, reader_.use("select series, last from number_series"));
  for (;;) {
    GEWU_TRY(found, rows->step());
    if (!found) return {};
    series_[std::string(rows->text(0))] = rows->integer(1);
  }
}

Status Writer::begin() {
  // A statement that was read half-way holds an older moment of the file: with it SQLite refuses to
  // write at once, without waiting, as soon as another process wrote.
  reader_.rest();
  GEWU_CHECK(reader_.connection().run("begin immediate"));
  GEWU_CHECK(catch_up());
  sequence_before_ = sequence_;
  head_before_ = head_;
  directory_before_ = directory_;
  deltas_ = {};
  open_counts_.clear();
  cleans_ = false;
  changes_.clear();
  broken_ = false;
  return {};
}

void Writer::abandon() {
  static_cast<void>(await_file());  // what became of it is told with the failure
  reader_.rest();
  static_cast<void>(reader_.connection().run("rollback"));
  sequence_ = sequence_before_;
  head_ = head_before_;
  directory_ = directory_before_;
  series_.clear();
  static_cast<void>(learn_links());  // the next turn asks the file for whatever it can't tell
  kept_.clear();
  kept_before_.clear();
  put_off_.clear();
  figure_rows_.clear();
  ripples_.clear();
  changes_.clear();
  erasures_.clear();
  secrets_.abandon();
  broken_ = false;
}

Status Writer::destroy_noted() {
  if (erasures_.empty()) return {};
  GEWU_CHECK(secrets_.vault().flush());
  GEWU_CHECK(destroy_keys());
  erasures_.clear();
  cleans_ = true;
  return {};
}

Status Writer::settle_counts() {
  if (defers()) return put_down_figure_rows();
  if (!deltas_.empty()) ++delta_rows_;
  GEWU_CHECK(write_deltas(std::exchange(deltas_, {})));
  return std::exchange(open_counts_, {}).write(reader_);
}

Status Writer::write_deltas(const DeltaBatch& deltas) {
  if (deltas.empty()) return {};
  GEWU_TRY(insert, reader_.use("insert into delta (body) values (?)"));
  return insert->bind(1, deltas.body()).run();
}

Status Writer::settle() {
  GEWU_CHECK(put_down());
  for (const auto& [row, ripple] : ripples_)
    GEWU_CHECK(write_later([this, ripple] { return write_ripple(ripple); }));
  ripples_.clear();
  return await_file();
}

Status Writer::put_down() {
  if (defers()) GEWU_CHECK(put_down_matters());
  return settle_counts();
}

Status Writer::put_down_matters() {
  if (put_off_.empty()) return {};
  Matters matters(std::make_move_iterator(put_off_.begin()),
                  std::make_move_iterator(put_off_.end()));
  put_off_.clear();
  // Few change again when they are over: their words needn't wait.
  for (const auto& [id, matter] : matters)
    if (matter.now.snapshot->is_final()) wordless_.erase(id);
  return write_later([this, matters = std::move(matters), now = options_.clock->now()]() mutable {
    return write_put_off(std::move(matters), now);
  });
}

Status Writer::put_down_figure_rows() {
  if (figure_rows_.empty()) return {};
  ++delta_rows_;
  return write_later([this, rows = std::exchange(figure_rows_, {})]() mutable {
    return write_figure_rows(std::move(rows));
  });
}

/// In the order of the keys: what lies side by side in the file is written one after the other.
Status Writer::write_put_off(Matters matters, Instant now) {
  std::ranges::sort(matters, {}, [](const auto& matter) { return matter.first; });
  OpenCounts open_counts;
  for (const auto& [id, matter] : matters) {
    GEWU_CHECK(write_matter_rows(matter.written, matter.now.snapshot, matter.now.last_hash,
                                 matter.receipt));
    open_counts.move(matter.written.get(), *matter.now.snapshot);
    if (matter.now.snapshot->is_final())
      GEWU_CHECK(renew_words(reader_, *matter.now.snapshot, now));
  }
  return open_counts.write(reader_);
}

Status Writer::write_figure_rows(std::vector<FigureRow> rows) {
  const auto key = [](const FigureRow& row) {
    return std::tuple(std::string_view(row.delta.indicator), row.delta.day, row.event,
                      row.position);
  };
  std::ranges::sort(rows, {}, key);
  DeltaBatch deltas;
  for (const FigureRow& row : rows) {
    GEWU_CHECK(write_figure_row(row));
    deltas.add(row.delta);
  }
  return write_deltas(deltas);
}

Status Writer::settle_words() {
  if (!owes_words_) return {};
  GEWU_CHECK(await_file());
  std::vector<MatterId> matters(wordless_.begin(), wordless_.end());
  wordless_.clear();
  std::ranges::sort(matters);
  load_error_ = {};  // of a turn before
  for (const MatterId id : matters) {
    const SnapshotPtr matter = load(id);
    if (!load_error_) return load_error_;
    if (matter) GEWU_CHECK(renew_words(reader_, *matter, options_.clock->now()));
  }
  owes_words_ = false;
  return note_words_stand(reader_);
}

Result<std::vector<Change>> Writer::finish() {
  GEWU_CHECK(settle());
  if (delta_rows_ >= kLimits.delta_tail_rows_max) {
    GEWU_TRY(folded, fold_deltas(reader_));
    static_cast<void>(folded);
    delta_rows_ = 0;
  }
  if (sequence_ != sequence_before_) GEWU_CHECK(write_head(sequence_, head_));
  // The keys must be durable before what they encrypt.
  GEWU_CHECK(secrets_.flush());
  GEWU_CHECK(destroy_keys());
  reader_.rest();
  GEWU_CHECK(reader_.connection().run("commit"));
  if (!erasures_.empty() || cleans_) {
    // What was erased must not stay in a freed page or in the log.
    GEWU_CHECK(reader_.connection().run("pragma secure_delete=off"));
    sqlite3_wal_checkpoint_v2(reader_.connection().raw(), nullptr, SQLITE_CHECKPOINT_TRUNCATE,
                              nullptr, nullptr);
    erasures_.clear();
  }
  return std::move(changes_);
}

Status Writer::write_head(std::int64_t sequence, const security::Sha256& head) {
  GEWU_TRY(update, reader_.use("update stream set sequence = ?, head = ? where id = 1"));
  return update->bind(1, sequence).bind_blob(2, head).run();
}

Status Writer::commit_beside() {
  GEWU_CHECK(put_down());
  GEWU_CHECK(secrets_.flush());
  delta_rows_ = 0;
  return write_later([this, sequence = sequence_, head = head_]() -> Status {
    // Here it costs nobody's time; what is left for the end would.
    GEWU_TRY(folded, fold_deltas(reader_));
    static_cast<void>(folded);
    GEWU_CHECK(write_head(sequence, head));
    reader_.rest();
    return reader_.connection().run("commit; begin immediate");
  });
}

namespace {

/// For `erased.log`: "appeal.erase.contact", of the author's own wish "appeal.erase.author".
std::string reason_of(const Event& event, const Type& type) {
  const std::string prefix = type.name + ".erase.";
  if (event.action.starts_with(prefix)) return event.action;  // applied anew after a restore
  if (event.kind != Event::Kind::erase) return prefix + "author";
  const std::string_view line = std::string_view(event.action).substr(0, event.action.find('@'));
  return prefix + std::string(line.substr(line.find('.') + 1));
}

}  // namespace

Status Writer::note_erasure(const Event& event, const Snapshot& after) {
  if (event.change.erased.empty() && event.change.erased_keys.empty()) return {};
  GEWU_CHECK(write_later([this] { return reader_.connection().run("pragma secure_delete=on"); }));
  for (const std::uint8_t slot : erased_slots(event, after)) {
    const KeySlot key{event.matter, slot};
    // A line whose values were never given has no key.
    GEWU_TRY(is_there, secrets_.vault().contains(key));
    if (is_there) erasures_[reason_of(event, *after.type)].push_back({key, event.at});
  }
  return {};
}

/// Before the commit: a crash in between leaves keys gone and the step still due, never a value
/// that was told to be erased and is not.
Status Writer::destroy_keys() {
  for (const auto& [reason, keys] : erasures_)
    for (const auto& [key, at] : keys) {
      secrets_.forget(key);
      GEWU_CHECK(secrets_.vault().destroy(std::span(&key, 1), at, reason));
    }
  return {};
}

Result<std::size_t> Writer::fold_within() {
  GEWU_CHECK(settle());
  GEWU_CHECK(settle_words());
  GEWU_TRY(rows, fold_deltas(reader_));
  delta_rows_ = 0;
  GEWU_CHECK(purge_erased_words(false));
  return rows;
}

Status Writer::purge_erased_words(bool at_once) {
  GEWU_TRY(purged, purge_words(reader_, options_.clock->now(), at_once));
  cleans_ = cleans_ || purged;
  return {};
}

Writer::Kept* Writer::find_kept(MatterId id) {
  if (const auto found = kept_.find(id); found != kept_.end()) return &found->second;
  if (const auto older = kept_before_.find(id); older != kept_before_.end())
    keep(id, std::move(older->second));
  else if (const auto put_off = put_off_.find(id); put_off != put_off_.end())
    keep(id, put_off->second.now);
  else
    return nullptr;
  return &kept_.find(id)->second;
}

void Writer::keep(MatterId id, Kept kept) {
  // Two halves: what was asked for lately outlives the older one.
  const std::size_t most = options_.disposable ? kSnapshotsKeptMaking : kSnapshotsKept;
  if (kept_.size() >= most / 2) kept_before_ = std::exchange(kept_, {});
  kept_[id] = std::move(kept);
}

SnapshotPtr Writer::load(MatterId id) {
  if (const Kept* kept = find_kept(id)) return kept->snapshot;
  auto loaded = [&]() -> Result<SnapshotPtr> {
    GEWU_CHECK(await_file());
    return reader_.load(id);
  }();
  if (!loaded) {
    load_error_ = std::unexpected(loaded.error());
    return nullptr;
  }
  if (*loaded) keep(id, {*loaded, std::nullopt});
  return *loaded;
}

std::vector<MatterId> Writer::members(const SetKey& key) {
  if (defers()) return by_heart_.members(key);
  auto members = reader_.members(key);
  if (members) return std::move(*members);
  load_error_ = std::unexpected(members.error());
  return {};
}

std::vector<HoldRecord> Writer::holds(const Name& type, const Name& hold,
                                      const std::vector<std::string>& keys, MatterId except) {
  if (defers()) return by_heart_.holds(hold_key(type, hold, keys), except);
  auto held = reader_.holds(hold_key(type, hold, keys), except);
  if (held) return std::move(*held);
  load_error_ = std::unexpected(held.error());
  return {};
}

std::vector<BookEntry> Writer::entries(const Name& book, const std::string& account,
                                       Instant since) {
  if (defers()) return by_heart_.entries(book, account, since);
  auto found = reader_.entries(book, account, since);
  if (found) return std::move(*found);
  load_error_ = std::unexpected(found.error());
  return {};
}

std::int64_t Writer::balance(const Name& book, const std::string& account) {
  if (defers()) return by_heart_.balance(book, account);
  const auto found = reader_.balance(book, account);
  if (!found) load_error_ = std::unexpected(found.error());
  return found.value_or(0);
}

std::vector<CountedBy> Writer::counts(const std::string& indicator, Date from, Date until) {
  // What turns before this one counted may be in this very transaction.
  auto found = [&]() -> Result<std::vector<CountedBy>> {
    if (!defers()) return reader_.counts(indicator, from, until);
    if (!by_heart_.knows_counts(indicator)) {
      GEWU_CHECK(put_down_figure_rows());
      GEWU_CHECK(await_file());
      GEWU_CHECK(by_heart_.learn_counts(reader_, indicator));
    }
    return by_heart_.counts(indicator, from, until);
  }();
  if (found) return std::move(*found);
  load_error_ = std::unexpected(found.error());
  return {};
}

std::vector<CountedBy> Writer::cells(const CellQuery& query) {
  // The tail is read through for each figure: a long one is folded first.
  constexpr std::size_t kTailRowsMost = 100;
  const auto read = [&]() -> Result<std::vector<CountedBy>> {
    GEWU_CHECK(settle_counts());
    GEWU_CHECK(await_file());
    if (delta_rows_ > kTailRowsMost) {
      GEWU_TRY(folded, fold_deltas(reader_));
      static_cast<void>(folded);
      delta_rows_ = 0;
    }
    return reader_.cells(query);
  };
  auto found = read();
  if (found) return std::move(*found);
  load_error_ = std::unexpected(found.error());
  return {};
}

Result<std::vector<FigureRecord>> Writer::figure_records(const CellQuery& query,
                                                         std::size_t rows_max) {
  if (!by_heart_.knows_records(query.indicator)) {
    GEWU_CHECK(put_down_figure_rows());
    GEWU_CHECK(await_file());
    GEWU_CHECK(by_heart_.learn_records(reader_, query.indicator));
  }
  return by_heart_.records(query, rows_max);
}

std::int64_t Writer::cited(MatterId row) {
  const auto found = [&]() -> Result<std::int64_t> {
    GEWU_CHECK(await_file());
    return reader_.cited(row);
  }();
  if (!found) load_error_ = std::unexpected(found.error());
  return found.value_or(0);
}

Result<std::optional<Committed>> Writer::repeat(const RequestKey& key) {
  if (defers() && by_heart_.find_request(key.scope, key.id) == nullptr)
    return std::optional<Committed>();
  GEWU_CHECK(await_file());
  GEWU_TRY(statement, reader_.use("select body, event from request where scope = ? and id = ?"));
  GEWU_TRY(found, statement->bind(1, key.scope).bind(2, key.id).step());
  if (!found) return std::optional<Committed>();
  const auto body = statement->blob(0);
  if (!std::equal(body.begin(), body.end(), key.body.begin(), key.body.end()))
    return refuse(ErrorCode::conflict, "request.reused");
  const EventId event_id{statement->integer(1)};
  Committed committed;
  committed.repeated = true;
  GEWU_TRY(event, reader_.event(event_id));
  if (event) {
    if (auto snapshot = load(event->matter)) committed.after.push_back(std::move(snapshot));
    committed.events.push_back(std::move(*event));
  }
  return std::optional(std::move(committed));
}

Result<Committed> Writer::take(const CommitRequest& request) {
  if (request.request) {
    GEWU_TRY(repeated, repeat(*request.request));
    if (repeated) return std::move(*repeated);
  }
  const Instant now = options_.clock->now();
  TurnIds ids(last_id_, now);
  load_error_ = {};
  auto writing = request.decide(
      Turn{*directory_, *this, ids, now, [this](std::int64_t row) { return ripple_waits(row); },
           [this](const security::Sha256& code) { return answer_link(code); }});
  if (!load_error_) return std::unexpected(load_error_.error());
  if (!writing) return std::unexpected(writing.error());
  auto committed = write(request, std::move(*writing), ids, now);
  if (!committed) broken_ = true;
  return committed;
}

bool Writer::ripple_waits(std::int64_t row) {
  if (defers()) return by_heart_.waits(row);
  const auto waits = [&]() -> Result<bool> {
    GEWU_TRY(statement, reader_.use("select 1 from ripple where row = ? and stopped is null"));
    return statement->bind(1, row).step();
  }();
  if (!waits) load_error_ = std::unexpected(waits.error());
  return waits.value_or(false);
}

Result<Committed> Writer::write(const CommitRequest& request, Writing writing, IdSource& ids,
                               Instant now) {
  Committed committed;
  enter_directory(writing, ids, now);
  if (!writing.directory.empty()) {
    // Refused before anything is written: what the directory can't take up is a plain error.
    GEWU_TRY(directory, options_.apply_directory(directory_, writing.directory));
    GEWU_CHECK(write_directory(writing.directory));
    directory_ = std::move(directory);
  }
  GEWU_CHECK(write_accounts(writing.accounts, ids, now));
  if (writing.used_link) GEWU_CHECK(use_link(*writing.used_link));
  GEWU_CHECK(write_steps(writing, committed));
  if (writing.canary_of.has_value()) {
    GEWU_CHECK(await_file());
    if (committed.events.empty()) return refuse(ErrorCode::internal, "internal");
    GEWU_CHECK(add_canary(reader_, secrets_.vault(),
                          {0, committed.events.front().matter, now, writing.canary_of}));
  }
  GEWU_CHECK(write_ripples(writing, committed, now));
  GEWU_CHECK(write_tallies(writing));
  if (writing.receipt_again)
    GEWU_CHECK(renew_receipt(writing.receipt_again->first, writing.receipt_again->second, ids,
                             now));
  if (writing.issued_link) GEWU_CHECK(issue_link(*writing.issued_link, ids, now));
  if (!writing.decision.steps.empty())
    directory_ = apply_references(directory_, writing.decision);
  if (request.request) {
    const std::int64_t event = committed.events.empty() ? 0 : committed.events[0].id.value;
    if (defers())
      by_heart_.note_request(*request.request,
                             committed.events.empty()
                                 ? Answered{}
                                 : Answered{committed.events[0].matter, committed.events[0].at});
    GEWU_CHECK(write_later([this, key = *request.request, event]() -> Status {
      GEWU_TRY(insert,
               reader_.use("insert into request (scope, id, body, event) values (?, ?, ?, ?)"));
      insert->bind(1, key.scope).bind(2, key.id);
      return insert->bind_blob(3, key.body).bind(4, event).run();
    }));
  }
  return committed;
}

/// What effects entered becomes events of the directory, by whoever took the action.
void Writer::enter_directory(Writing& writing, IdSource& ids, Instant now) {
  if (writing.decision.directory.empty()) return;
  const Event& event = writing.decision.steps.front().event;
  const std::string source = "event " + std::to_string(event.id.value);
  for (kernel::DirectoryEntry& entry : writing.decision.directory) {
    DirectoryEvent change{EventId{ids.next()}, event.actor, now, source, {}};
    if (auto* ground = std::get_if<kernel::Territory>(&entry))
      change.change = kernel::TerritoryChange{std::move(*ground)};
    else if (auto* post = std::get_if<kernel::Post>(&entry))
      change.change = kernel::PostChange{std::move(*post)};
    writing.directory.push_back(std::move(change));
  }
}

Status Writer::write_tallies(const Writing& writing) {
  if (!writing.decision.tallies.empty() || writing.gathered) GEWU_CHECK(await_file());
  for (const kernel::TallyMark& mark : writing.decision.tallies) {
    GEWU_TRY(upsert, reader_.use("insert into tally (matter, action, times) values (?1, ?2, ?3)"
                                 " on conflict do update set times = times + ?3"));
    GEWU_CHECK(upsert->bind(1, mark.matter.value).bind(2, mark.action).bind(3, mark.times).run());
  }
  if (!writing.gathered) return {};
  const kernel::TallyMark& mark = *writing.gathered;
  GEWU_TRY(update, reader_.use("update tally set times = times - ?3"
                               " where matter = ?1 and action = ?2"));
  GEWU_CHECK(update->bind(1, mark.matter.value).bind(2, mark.action).bind(3, mark.times).run());
  GEWU_TRY(drop, reader_.use("delete from tally where matter = ? and action = ? and times <= 0"));
  return drop->bind(1, mark.matter.value).bind(2, mark.action).run();
}

Status Writer::write_steps(Writing& writing, Committed& committed) {
  Decision& decision = writing.decision;
  committed.events.reserve(decision.steps.size());
  for (std::size_t i = 0; i < decision.steps.size(); ++i) {
    Step& step = decision.steps[i];
    if (!step.after) {
      GEWU_CHECK(write_refusal(step.event));
      committed.events.push_back(step.event);
      committed.lines.push_back({stream_, sequence_, head_});
      continue;
    }
    if (step.event.opening)
      for (const NumberWish& wish : decision.numbers)
        if (wish.matter == step.event.matter) {
          GEWU_TRY(number, next_number(wish));
          step.event.opening->number = number;
          auto numbered = std::make_shared<Snapshot>(*step.after);
          numbered->number = number;
          step.after = std::move(numbered);
        }
    // A decision may hold several events of one matter: each sees what the one before left.
    const Kept* kept = find_kept(step.event.matter);
    SnapshotPtr before = kept ? kept->snapshot
                              : (step.event.opening ? nullptr : load(step.event.matter));
    const bool has_receipt = i == 0 && step.event.opening && writing.receipt;
    GEWU_CHECK(write_step(step.event, before, step.after,
                          has_receipt ? writing.receipt : std::nullopt));
    if (step.event.opening && step.event.opening->transferred_from.has_value())
      GEWU_CHECK(move_receipt(step.event.opening->transferred_from, step.event.matter));
    committed.events.push_back(step.event);
    committed.lines.push_back({stream_, sequence_, head_});
    committed.after.push_back(step.after);
  }
  if (!decision.steps.empty())
    GEWU_CHECK(write_touched(decision.steps[0].event, decision.touched));
  return {};
}

/// A new code in place of one that may never have arrived; the journal tells of it, else whoever
/// changes the file could take over the author's matter.
Status Writer::renew_receipt(MatterId matter, const security::Sha256& receipt, IdSource& ids,
                             Instant now) {
  const EventId id{ids.next()};
  std::string body;
  codec::JsonWriter out(body);
  out.begin_object().member("id", id.value).member("matter", matter.value);
  out.member("at", now.ms).end_object();
  GEWU_CHECK(append_event(id, {}, now, "receipt_again", body, security::receipt_mark(receipt)));
  GEWU_CHECK(put_down_matters());
  GEWU_CHECK(await_file());
  GEWU_TRY(renew, reader_.use("update matter set receipt = ? where id = ?"));
  return renew->bind_blob(1, receipt).bind(2, matter.value).run();
}

/// The author's code opens the matter that took the place of his.
Status Writer::move_receipt(MatterId from, MatterId to) {
  GEWU_CHECK(put_down_matters());
  GEWU_CHECK(await_file());
  GEWU_TRY(find, reader_.use("select receipt from matter where id = ? and receipt is not null"));
  GEWU_TRY(found, find->bind(1, from.value).step());
  if (!found) return {};
  security::Sha256 hash{};
  const auto blob = find->blob(0);
  if (blob.size() != hash.size()) return refuse(ErrorCode::internal, "store.receipt");
  std::copy(blob.begin(), blob.end(), hash.begin());
  GEWU_TRY(clear, reader_.use("update matter set receipt = null where id = ?"));
  GEWU_CHECK(clear->bind(1, from.value).run());
  GEWU_TRY(set, reader_.use("update matter set receipt = ? where id = ?"));
  return set->bind_blob(1, hash).bind(2, to.value).run();
}

Status Writer::write_step(Event& event, SnapshotPtr before, SnapshotPtr& after,
                          const std::optional<security::Sha256>& receipt) {
  if (event.opening) secrets_.note_opening(event.matter);
  std::string body;
  Status hidden;
  codec::write_event(body, event, [&](MatterId matter, const RecordedValue& value) {
    auto text = secrets_.hide_recorded(matter, value);
    if (!text) hidden = std::unexpected(text.error());
    return text ? *text : std::string("null");
  });
  GEWU_CHECK(hidden);
  GEWU_CHECK(note_erasure(event, *after));
  GEWU_CHECK(end_links(event));
  std::optional<security::Sha256> mark;
  if (receipt) mark = security::receipt_mark(*receipt);
  const bool is_first = event.opening.has_value();
  GEWU_CHECK(append_event(event.id, event.matter, event.at, "event", body, mark, is_first));
  GEWU_TRY(sealed, secrets_.seal_fields(after));
  after = std::move(sealed);
  GEWU_CHECK(write_matter(before, after, receipt));
  GEWU_CHECK(write_figures(event));
  // An imported matter tells nobody (language.md 2.12).
  if (event.source.empty())
    for (const MessageRecord& message : event.messages)
      changes_.back().noticed.insert(changes_.back().noticed.end(), message.posts.begin(),
                                     message.posts.end());
  if (!beside_) return write_beside_matter(event, before, *after);
  by_heart_.note_holds(event.change, *after);
  by_heart_.note_entries(event);
  return write_later([this, event, before, after] {
    return write_beside_matter(event, before, *after);
  });
}

Status Writer::write_beside_matter(const Event& event, const SnapshotPtr& before,
                                   const Snapshot& after) {
  GEWU_CHECK(write_links(before, after));
  GEWU_CHECK(write_reference(before, after));
  GEWU_CHECK(write_holds(event.change, after));
  GEWU_CHECK(write_messages(event, after));
  GEWU_CHECK(reader_.add_citations(event));
  GEWU_CHECK(write_entries(event));
  return write_file_uses(reader_, event, after);
}

/// Of an opening: there is no matter, only that it was refused, and what counts it.
Status Writer::write_refusal(const Event& event) {
  std::string body;
  codec::write_event(body, event, [](MatterId, const RecordedValue&) {
    return std::string("null");  // it has no input
  });
  GEWU_CHECK(append_event(event.id, event.matter, event.at, "event", body, {}, true));
  kept_.erase(event.matter);
  return write_figures(event);
}

Status Writer::write_touched(const Event& event, const std::vector<SnapshotPtr>& touched) {
  for (const SnapshotPtr& other : touched) {
    const SnapshotPtr before = load(other->id);
    GEWU_CHECK(write_matter(before, other, std::nullopt));
    std::vector<MatterChange> changes;
    for (const MatterChange& change : event.touched)
      if (change.matter == other->id) changes.push_back(change);
    if (defers())
      for (const MatterChange& change : changes) by_heart_.note_holds(change, *other);
    const auto write = [this, before, other, changes = std::move(changes)]() -> Status {
      GEWU_CHECK(write_links(before, *other));
      GEWU_CHECK(write_reference(before, *other));
      for (const MatterChange& change : changes) GEWU_CHECK(write_holds(change, *other));
      return {};
    };
    GEWU_CHECK(write_later(write));
  }
  return {};
}

Status Writer::append_event(EventId id, MatterId matter, Instant at, const char* member,
                            const std::string& event_json,
                            const std::optional<security::Sha256>& receipt, bool is_first) {
  std::optional<security::Sha256> matter_previous;
  if (matter.has_value() && !is_first) {
    Kept* kept = find_kept(matter);
    if (kept && kept->last_hash) {
      matter_previous = kept->last_hash;
    } else {
      GEWU_CHECK(await_file());
      GEWU_TRY(last, reader_.use("select last_hash from matter where id = ?"));
      GEWU_TRY(found, last->bind(1, matter.value).step());
      if (found) {
        security::Sha256 hash{};
        const auto blob = last->blob(0);
        if (blob.size() == hash.size()) std::copy(blob.begin(), blob.end(), hash.begin());
        matter_previous = hash;
      }
    }
  }
  Line line{++sequence_, id, matter, at, {}, {}, matter_previous};
  codec::JsonWriter out(line.body);
  out.begin_object().member("stream", 1).member("sequence", sequence_);
  if (matter_previous)
    out.member("matter_previous", security::hex_encode(*matter_previous));
  if (receipt) out.member("receipt", security::hex_encode(*receipt));
  out.key(member).raw(event_json).end_object();
  head_ = security::chain_next(head_, security::view_of(line.body));
  line.hash = head_;
  GEWU_CHECK(write_later([this, line = std::move(line)] { return write_line(line); }));
  if (matter.has_value()) {
    Kept* kept = find_kept(matter);
    if (kept) kept->last_hash = head_;
    else keep(matter, {nullptr, head_});
  }
  return {};
}

Status Writer::write_line(const Line& line) {
  GEWU_TRY(insert, reader_.use("insert into event (stream, sequence, id, matter, at, body, hash,"
                               " matter_previous) values (1, ?, ?, ?, ?, ?, ?, ?)"));
  insert->bind(1, line.sequence).bind(2, line.id.value).bind(3, line.matter.value);
  insert->bind(4, line.at.ms).bind(5, line.body).bind_blob(6, line.hash);
  if (line.matter_previous) insert->bind_blob(7, *line.matter_previous);
  else insert->bind_null(7);
  return insert->run();
}

Status Writer::write_matter(const SnapshotPtr& before, const SnapshotPtr& after,
                            const std::optional<security::Sha256>& receipt) {
  const Kept* kept = find_kept(after->id);
  const auto last_hash = kept ? kept->last_hash : std::nullopt;
  if (defers()) {
    by_heart_.note_matter(before.get(), *after);
    GEWU_CHECK(put_off_matter(before, {after, last_hash}, receipt));
  } else {
    open_counts_.move(before.get(), *after);
    GEWU_CHECK(write_matter_rows(before, after, last_hash, receipt));
    GEWU_CHECK(write_words(reader_, before.get(), *after, options_.clock->now()));
  }
  keep(after->id, {after, last_hash});
  changes_.push_back({after->id, {}, after->type->name, after->territory, after->owner.code,
                      after->handler.code, {}});
  return {};
}

/// Its rows are written once for all that the transaction does with it.
Status Writer::put_off_matter(const SnapshotPtr& before, Kept after,
                              const std::optional<security::Sha256>& receipt) {
  const MatterId id = after.snapshot->id;
  if (!before && !after.last_hash) after.last_hash = head_;
  if (!std::exchange(owes_words_, true))
    GEWU_CHECK(write_later([this] { return note_words_owed(reader_); }));
  wordless_.insert(id);
  const auto [place, is_new] = put_off_.try_emplace(id);
  PutOff& matter = place->second;
  if (is_new) matter.written = before;
  if (receipt) matter.receipt = receipt;
  if (!after.last_hash) after.last_hash = matter.now.last_hash;
  matter.now = std::move(after);
  return {};
}

Status Writer::write_matter_rows(const SnapshotPtr& before, const SnapshotPtr& after,
                                 const std::optional<security::Sha256>& last_hash,
                                 const std::optional<security::Sha256>& receipt) {
  std::string body;
  Status hidden;
  codec::write_snapshot(body, *after, [&](MatterId, const RecordedValue&) {
    hidden = refuse(ErrorCode::internal, "store.unsealed");  // seal_fields came before
    return std::string("null");
  });
  GEWU_CHECK(hidden);
  const auto wake = next_wake(*after);
  if (!before) {
    GEWU_TRY(insert, reader_.use("insert into matter (id, type, number, state, territory,"
                                 " text_sha256, wake_at, receipt, last_hash, snapshot)"
                                 " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    insert->bind(1, after->id.value).bind(2, after->type->name).bind(3, after->number);
    insert->bind(4, after->type->states[after->state].name).bind(5, after->territory);
    insert->bind(6, after->type->text_sha256);
    if (wake) insert->bind(7, wake->ms);
    else insert->bind_null(7);
    if (receipt) insert->bind_blob(8, *receipt);
    else insert->bind_null(8);
    insert->bind_blob(9, last_hash ? *last_hash : head_).bind(10, body);
    GEWU_CHECK(insert->run());
    GEWU_CHECK(reader_.add_authored(*after));
  } else {
    GEWU_TRY(update, reader_.use("update matter set state = ?, territory = ?, text_sha256 = ?,"
                                 " wake_at = ?, last_hash = coalesce(?, last_hash), snapshot = ?"
                                 " where id = ?"));
    update->bind(1, after->type->states[after->state].name).bind(2, after->territory);
    update->bind(3, after->type->text_sha256);
    if (wake) update->bind(4, wake->ms);
    else update->bind_null(4);
    if (last_hash) update->bind_blob(5, *last_hash);
    else update->bind_null(5);
    GEWU_CHECK(update->bind(6, body).bind(7, after->id.value).run());
  }
  return write_worklist(before, *after);
}

Status Writer::write_links(const SnapshotPtr& before, const Snapshot& after) {
  const auto old_links = before ? links_of(*before) : decltype(links_of(after)){};
  const auto new_links = links_of(after);
  for (const auto& [field, target] : old_links) {
    if (new_links.contains({field, target})) continue;
    GEWU_TRY(drop, reader_.use("delete from link where field = ? and target = ? and member = ?"));
    GEWU_CHECK(drop->bind(1, field).bind(2, target).bind(3, after.id.value).run());
  }
  for (const auto& [field, target] : new_links) {
    if (old_links.contains({field, target})) continue;
    GEWU_TRY(insert, reader_.use("insert into link (field, target, member) values (?, ?, ?)"));
    GEWU_CHECK(insert->bind(1, field).bind(2, target).bind(3, after.id.value).run());
  }
  return {};
}

Status Writer::write_worklist(const SnapshotPtr& before, const Snapshot& after) {
  const auto old_entries = before ? work_entries(*before) : std::vector<WorkEntry>{};
  const auto new_entries = work_entries(after);
  if (old_entries == new_entries) return {};
  const auto holds = [](const std::vector<WorkEntry>& entries, const WorkEntry& entry) {
    return std::find(entries.begin(), entries.end(), entry) != entries.end();
  };
  for (const WorkEntry& entry : old_entries) {
    if (holds(new_entries, entry)) continue;
    GEWU_TRY(drop, reader_.use("delete from worklist"
                               " where unit = ? and state = ? and due = ? and id = ?"));
    drop->bind(1, entry.unit).bind(2, entry.state).bind(3, entry.due);
    GEWU_CHECK(drop->bind(4, after.id.value).run());
  }
  for (const WorkEntry& entry : new_entries) {
    if (holds(old_entries, entry)) continue;
    GEWU_TRY(insert, reader_.use("insert into worklist (unit, state, due, id, yellow_at, red_at,"
                                 " claimed) values (?, ?, ?, ?, ?, ?, ?)"));
    insert->bind(1, entry.unit).bind(2, entry.state).bind(3, entry.due);
    insert->bind(4, after.id.value).bind_optional(5, entry.yellow_at);
    insert->bind_optional(6, entry.red_at).bind(7, entry.claimed ? 1 : 0);
    GEWU_CHECK(insert->run());
  }
  return {};
}

Status Writer::write_reference(const SnapshotPtr& before, const Snapshot& after) {
  const auto is_listed = [](const Snapshot& matter) {
    if (!matter.type->reference) return false;
    const auto& active = matter.type->reference->active;
    return std::find(active.begin(), active.end(), matter.state) != active.end();
  };
  const bool is_active = is_listed(after);
  if (!is_active && !(before && before->type->reference)) return {};
  GEWU_TRY(statement, reader_.use(is_active ? "insert or ignore into reference_row (id) values (?)"
                                            : "delete from reference_row where id = ?"));
  return statement->bind(1, after.id.value).run();
}

Status Writer::write_holds(const MatterChange& change, const Snapshot& after) {
  for (const HoldRecord& hold : change.holds) {
    const std::string prefix = after.type->name + "." + hold.hold;
    GEWU_TRY(drop, reader_.use("delete from held where matter = ?1"
                               " and (hold = ?2 or hold like ?2 || char(31) || '%')"));
    GEWU_CHECK(drop->bind(1, after.id.value).bind(2, prefix).run());
    if (hold.keys.empty()) continue;
    std::string body;
    codec::JsonWriter out(body);
    codec::write_hold(out, hold);
    GEWU_TRY(insert, reader_.use("insert into held (hold, matter, body) values (?, ?, ?)"));
    insert->bind(1, hold_key(after.type->name, hold.hold, hold.keys)).bind(2, after.id.value);
    GEWU_CHECK(insert->bind(3, body).run());
  }
  return {};
}

Status Writer::write_messages(const Event& event, const Snapshot& after) {
  if (!event.source.empty()) return {};
  for (const MessageRecord& message : event.messages) {
    for (const PostId post : message.posts) {
      GEWU_TRY(insert, reader_.use("insert into notice (post, matter, event, at, not_before, text,"
                                   " words) values (?, ?, ?, ?, ?, ?, ?)"));
      insert->bind(1, post.value).bind(2, after.id.value).bind(3, event.id.value);
      insert->bind(4, event.at.ms);
      if (message.not_before) insert->bind(5, message.not_before->ms);
      else insert->bind_null(5);
      GEWU_CHECK(insert->bind(6, message.text).bind(7, message.words).run());
    }
    for (const auto& [matter, body] : outbox_bodies(message, after.id)) {
      GEWU_TRY(insert,
               reader_.use("insert into outbox (matter, event, at, body) values (?, ?, ?, ?)"));
      insert->bind(1, matter.value).bind(2, event.id.value).bind(3, event.at.ms);
      GEWU_CHECK(insert->bind(4, body).run());
    }
  }
  return {};
}

Status Writer::write_figures(const Event& event) {
  if (defers()) by_heart_.note_figures(event);
  std::int64_t position = 0;
  for (const Delta& delta : event.figures) {
    FigureRow row{delta, event.id, position++, event.matter};
    if (defers()) {
      figure_rows_.push_back(std::move(row));
      continue;
    }
    deltas_.add(delta);
    GEWU_CHECK(write_figure_row(row));
  }
  return {};
}

Status Writer::write_figure_row(const FigureRow& row) {
  GEWU_TRY(insert, reader_.use("insert into figure_row (indicator, day, event, position, matter,"
                               " territory, organisation, dimensions, count, sum)"
                               " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  const Delta& delta = row.delta;
  insert->bind(1, delta.indicator).bind(2, delta.day.days).bind(3, row.event.value);
  insert->bind(4, row.position).bind(5, row.matter.value).bind(6, delta.territory);
  insert->bind(7, delta.organisation).bind(8, join_dimensions(delta.dimensions));
  return insert->bind(9, delta.count).bind(10, delta.sum_micros).run();
}

Status Writer::write_entries(const Event& event) {
  std::int64_t position = 0;
  for (const BookEntry& entry : event.entries) {
    GEWU_TRY(insert, reader_.use("insert into book_entry (book, account, at, event, position,"
                                 " matter, amount, other) values (?, ?, ?, ?, ?, ?, ?, ?)"));
    insert->bind(1, entry.book).bind(2, entry.account).bind(3, entry.at.ms);
    insert->bind(4, event.id.value).bind(5, position++).bind(6, event.matter.value);
    GEWU_CHECK(insert->bind(7, entry.amount).bind(8, entry.other).run());
    GEWU_TRY(upsert, reader_.use("insert into book_balance (book, account, amount)"
                                 " values (?, ?, ?) on conflict do update"
                                 " set amount = amount + excluded.amount returning amount"));
    upsert->bind(1, entry.book).bind(2, entry.account);
    GEWU_TRY(written, upsert->bind(3, entry.amount).step());
    const bool is_even = written && upsert->integer(0) == 0;
    upsert->reset();
    if (!is_even) continue;
    GEWU_TRY(drop, reader_.use("delete from book_balance where book = ? and account = ?"));
    GEWU_CHECK(drop->bind(1, entry.book).bind(2, entry.account).run());
  }
  return {};
}

Status Writer::write_ripples(const Writing& writing, Committed& committed, Instant now) {
  for (const std::int64_t row : writing.ripple_rows_done) {
    by_heart_.drop_ripple(row);
    if (ripples_.erase(row) > 0) continue;
    GEWU_CHECK(write_later([this, row]() -> Status {
      GEWU_TRY(drop, reader_.use("delete from ripple where row = ?"));
      return drop->bind(1, row).run();
    }));
  }
  for (const auto& [row, key] : writing.ripple_rows_stopped) {
    by_heart_.drop_ripple(row);
    if (const auto put_off = ripples_.extract(row))
      GEWU_CHECK(write_later([this, ripple = put_off.mapped()] { return write_ripple(ripple); }));
    GEWU_CHECK(write_later([this, row, key]() -> Status {
      GEWU_TRY(stop, reader_.use("update ripple set stopped = ? where row = ?"));
      return stop->bind(1, key).bind(2, row).run();
    }));
  }
  for (const Ripple& ripple : writing.decision.ripples) {
    const PendingRipple pending{++ripple_row_, ripple, now};
    // Most are worked at once: an office in the making writes those alone that are left.
    if (defers() && !is_too_deep(ripple)) {
      by_heart_.note_ripple(pending.row);
      ripples_.emplace(pending.row, pending);
    } else {
      GEWU_CHECK(write_later([this, pending] { return write_ripple(pending); }));
    }
    if (!is_too_deep(ripple)) committed.ripples.push_back(pending);
  }
  return {};
}

Status Writer::write_ripple(const PendingRipple& pending) {
  std::string body;
  codec::write_ripple(body, pending.ripple);
  GEWU_TRY(insert,
           reader_.use("insert into ripple (row, since, body, stopped) values (?, ?, ?, ?)"));
  insert->bind(1, pending.row).bind(2, pending.since.ms).bind(3, body);
  if (is_too_deep(pending.ripple)) insert->bind(4, std::string_view("ripple.depth"));
  else insert->bind_null(4);
  return insert->run();
}

Result<std::string> Writer::next_number(const NumberWish& wish) {
  const std::string series = fmt::format("{}/{}/{}", wish.type, wish.county, wish.year);
  auto known = series_.find(series);
  if (known == series_.end() && defers()) {
    known = series_.emplace(series, 0).first;  // all that there are were read
  } else if (known == series_.end()) {
    GEWU_TRY(statement, reader_.use("select last from number_series where series = ?"));
    GEWU_TRY(found, statement->bind(1, series).step());
    known = series_.emplace(series, found ? statement->integer(0) : 0).first;
  }
  ++known->second;
  GEWU_CHECK(write_later([this, series, last = known->second]() -> Status {
    GEWU_TRY(upsert, reader_.use("insert into number_series (series, last) values (?1, ?2)"
                                 " on conflict do update set last = ?2"));
    return upsert->bind(1, series).bind(2, last).run();
  }));
  return format_matter_number(wish, known->second);
}

Status Writer::write_directory(const std::vector<DirectoryEvent>& events) {
  for (const DirectoryEvent& event : events) {
    std::string body;
    codec::write_directory_event(body, event);
    GEWU_CHECK(append_event(event.id, {}, event.at, "directory", body));
    GEWU_CHECK(write_later([this, event, body] { return write_entry(event, body); }));
  }
  return {};
}

Status Writer::write_entry(const DirectoryEvent& event, const std::string& body) {
  if (const auto* publication = std::get_if<Publication>(&event.change)) {
    GEWU_TRY(insert, reader_.use("insert into publication (sha256, locality, body)"
                                 " values (?, ?, ?)"));
    insert->bind(1, publication->sha256).bind(2, publication->locality);
    return insert->bind(3, body).run();
  }
  const auto [kind, key] = entry_key(event);
  GEWU_TRY(upsert, reader_.use("insert into directory_entry (kind, key, body) values (?, ?, ?)"
                               " on conflict do update set body = excluded.body"));
  return upsert->bind(1, kind).bind(2, key).bind(3, body).run();
}

Status Writer::write_office(const std::string& key, const std::string& value) {
  if (defers()) by_heart_.note_office(key, value);
  return write_later([this, key, value]() -> Status {
    GEWU_TRY(upsert, reader_.use("insert into office (key, value) values (?1, ?2)"
                                 " on conflict do update set value = ?2"));
    return upsert->bind(1, key).bind(2, value).run();
  });
}

Status Writer::write_second_factor(const SecondFactor& factor) {
  if (factor.secret.empty()) {
    GEWU_TRY(drop, reader_.use("delete from second_factor where account = ?"));
    return drop->bind(1, factor.account.value).run();
  }
  std::string recovery;
  for (const security::Sha256& hash : factor.recovery)
    recovery += (recovery.empty() ? "" : " ") + security::hex_encode(hash);
  GEWU_TRY(upsert, reader_.use("insert into second_factor (account, secret, last_step, recovery,"
                               " confirmed) values (?, ?, ?, ?, ?) on conflict do update set"
                               " secret = excluded.secret, last_step = excluded.last_step,"
                               " recovery = excluded.recovery, confirmed = excluded.confirmed"));
  upsert->bind(1, factor.account.value);
  upsert->bind_blob(2, secrets_.vault().seal_own(kSecondFactor, factor.secret));
  upsert->bind(3, factor.last_step).bind(4, recovery);
  return upsert->bind(5, factor.confirmed ? 1 : 0).run();
}

Status Writer::write_accounts(const std::vector<Account>& accounts, IdSource& ids, Instant now) {
  for (const Account& account : accounts) {
    // The journal holds that an account exists and what it may, never its words.
    std::string body;
    codec::JsonWriter out(body);
    const EventId id{ids.next()};
    const auto seal = secrets_.vault().seal_own(kAccountWords, words_hash(account));
    out.begin_object().member("account", account.id.value).member("disabled", account.disabled);
    out.member("may_administer", account.may_administer);
    out.member("may_import_past", account.may_import_past);
    if (account.may_secure) out.member("may_secure", true);
    if (account.may_audit) out.member("may_audit", true);
    out.member("at", now.ms);
    out.member("id", id.value).member("seal", security::hex_encode(security::sha256(seal)));
    out.end_object();
    GEWU_CHECK(append_event(id, {}, now, "account", body));
    GEWU_CHECK(await_file());
    GEWU_TRY(upsert, reader_.use("insert into account (id, login, display_name, password,"
                                 " disabled, may_administer, may_import_past, seal, may_secure,"
                                 " may_audit) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                 " on conflict (id) do update set"
                                 " login = excluded.login, display_name = excluded.display_name,"
                                 " password = excluded.password, disabled = excluded.disabled,"
                                 " may_administer = excluded.may_administer,"
                                 " may_import_past = excluded.may_import_past,"
                                 " seal = excluded.seal, may_secure = excluded.may_secure,"
                                 " may_audit = excluded.may_audit"));
    upsert->bind(1, account.id.value).bind(2, account.login).bind(3, account.display_name);
    upsert->bind(4, account.password).bind(5, account.disabled ? 1 : 0);
    upsert->bind(6, account.may_administer ? 1 : 0);
    upsert->bind(7, account.may_import_past ? 1 : 0).bind_blob(8, seal);
    upsert->bind(9, account.may_secure ? 1 : 0).bind(10, account.may_audit ? 1 : 0);
    GEWU_CHECK(upsert->run());
  }
  return {};
}

}  // namespace gewu::store::sqlite
