#include "usecase/check_data.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/ensure.h"
#include "base/spans.h"
#include "codec/event_json.h"
#include "kernel/figures/fold.h"
#include "kernel/matter/apply.h"
#include "security/bytes.h"
#include "security/chain.h"
#include "store/blobs.h"
#include "store/log_book.h"
#include "store/root_book.h"
#include "usecase/check_draws.h"
#include "usecase/log_settings.h"
#include "usecase/open_week.h"
#include "usecase/root_statement.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kDifferencesMax = 1'000;

/// One run over the journal.
class Replay {
 public:
  explicit Replay(Office& office)
      : office_(office), directory_(directory_of(office)), open_weeks_(office) {}

  Result<DataCheck> run() {
    read_roots();
    GEWU_CHECK(open_weeks_.begin());
    GEWU_CHECK(office_.store.read_journal(
        1, [&](const store::JournalLine& line) { return take(line); }));
    for (std::string& difference : open_weeks_.end()) note(std::move(difference));
    for (const std::string& difference : draws_.differences()) note(difference);
    for (const SignedRoot& root : roots_)
      note("root " + std::to_string(root.statement.number) + ": beyond the journal");
    // What can't be read is one more difference; the rest is compared all the same.
    const auto guard = [&](const char* part, const std::function<Status()>& work) {
      try {
        if (const Status done = work(); !done) note(std::string(part) + ": " + done.error().key);
      } catch (const BrokenInvariant& broken) {
        note(std::string(part) + ": " + broken.what());
      }
    };
    guard("tables", [&]() -> Status {
      GEWU_TRY(inventory, office_.store.take_inventory());
      for (const std::string& difference : inventory.differences) note(difference);
      compare_all(inventory);
      return {};
    });
    guard("snapshots", [&] { return compare_snapshots(); });
    for (const auto& [log, claims] : log_claims_)
      guard(log.c_str(), [&] { return compare_log(log, claims); });
    check_.head = security::hex_encode(head_);
    return std::move(check_);
  }

 private:
  void note(std::string difference) {
    if (check_.differences.size() < kDifferencesMax)
      check_.differences.push_back(std::move(difference));
    else
      ++check_.more;
  }

  void compare_all(const store::Inventory& inventory) {
    compare_heads(inventory);
    compare_holds(inventory);
    compare_notices(inventory);
    compare_series(inventory);
    compare_cells(inventory);
    compare_balances(inventory);
    compare_files(inventory);
    check_.cells = inventory.cells.size();
  }

  /// Each by itself and after the one before it; what they say of lines comes with the lines.
  void read_roots() {
    constexpr std::size_t kAtOnce = 1'000;
    security::Sha256 previous{};
    std::int64_t size = 0;
    for (std::int64_t next = 1;;) {
      const auto rows = office_.store.root_book().read_roots(next, kAtOnce);
      if (!rows) return note("root " + std::to_string(next) + ": " + rows.error().key);
      if (rows->empty()) return check_last_root(next - 1);
      for (const store::StoredRoot& row : *rows) {
        const std::string name = "root " + std::to_string(next);
        auto root = read_signed(row.body, row.signature);
        if (!root) return note(name + ": " + root.error().key);
        const RootStatement& said = root->statement;
        const StreamRoot* stream = said.find_stream("sqlite");
        const std::string key = security::hex_encode(said.key);
        if (row.number != next || said.number != next || said.at != row.at || !stream ||
            said.previous != previous || stream->size < size || !keep_logs(said) ||
            (!check_.root_key.empty() && check_.root_key != key))
          return note(name);
        check_.root_key = key;
        previous = hash_of(*root);
        size = stream->size;
        draws_.add_root(*root);
        roots_.push_back(std::move(*root));
        ++check_.roots;
        ++next;
      }
    }
  }

  /// What roots say of a log's line.
  struct LogClaim {
    std::int64_t root = 0;                     ///< the first that says it
    std::int64_t size = 0;
    security::Sha256 head{};
    std::int64_t last_root = 0;                ///< the last under which the log was no longer
    Instant until;                             ///< when that was signed
  };

  /// Whether a root's logs follow those of the root before; what it says is held against the lines
  /// when they are walked.
  bool keep_logs(const RootStatement& said) {
    if (!logs_follow(last_logs_, said)) return false;
    last_logs_.logs = said.logs;
    for (const LogRoot& log : said.logs) {
      auto& claims = log_claims_[log.name];
      if (claims.empty() || claims.back().size < log.size)
        claims.push_back({said.number, log.size, log.head, said.number, said.at});
      claims.back().last_root = said.number;
      claims.back().until = said.at;
    }
    return true;
  }

  /// The lines of a log against every root that speaks of them. The first root that they do not
  /// bear out names the lines between it and the one before, which they do; what follows is one
  /// chain with them.
  Status compare_log(const std::string& log, const std::vector<LogClaim>& claims) {
    auto claim = claims.begin();
    std::int64_t known = 0;                    ///< lines that are proved or have gone
    bool begun = false, differs = false;
    const auto tell = [&](std::int64_t root, std::int64_t last, const char* why) {
      note("root " + std::to_string(root) + ": " + log + " " + std::to_string(known + 1) + "-" +
           std::to_string(last) + why);
    };
    GEWU_CHECK(office_.store.log_book().each_head(log, [&](const store::LogHead& head) {
      if (differs) return;
      if (!std::exchange(begun, true) && claim->size < head.size) {
        while (claim != claims.end() && claim->size < head.size) known = (claim++)->size;
        // Lines that came after this root are gone though none of them can be old enough.
        const LogClaim& last = *std::prev(claim);
        if (last.until.ms - kMsPerHour >= oldest_kept())
          tell(last.last_root, head.size, " gone early");
      }
      if (claim == claims.end() || claim->size > head.size) return;
      if (claim->size != head.size || claim->head != head.hash) {
        differs = true;
        return tell(claim->root, claim->size, "");
      }
      known = (claim++)->size;
    }));
    if (!differs && claim != claims.end()) tell(claim->root, claim->size, " gone");
    return {};
  }

  std::int64_t oldest_kept() const {
    return office_.clock.now().ms - kLogDaysLeast * kMsPerDay;
  }

  void check_last_root(std::int64_t last) {
    const auto noted = office_.store.read_office("last_root");
    if (!noted || noted->value_or("0") != std::to_string(last))
      note("root " + std::to_string(last) + ": not the last that was signed");
  }

  /// Whether the roots that were signed when the journal was this long say the same.
  void check_roots() {
    while (!roots_.empty()) {
      const RootStatement& said = roots_.front().statement;
      const StreamRoot& stream = *said.find_stream("sqlite");
      if (stream.size > edge_.size()) return;
      if (stream.size != edge_.size() || stream.head != head_ || stream.tree != edge_.root())
        note("root " + std::to_string(said.number) + ": line " + std::to_string(edge_.size()));
      roots_.pop_front();
    }
  }

  Status take(const store::JournalLine& line) {
    GEWU_CHECK(take_line(line));
    open_weeks_.pass(line.sequence, [&](MatterId id) {
      const auto known = matters_.find(id);
      return known == matters_.end() ? nullptr : known->second;
    });
    return {};
  }

  Status take_line(const store::JournalLine& line) {
    ++check_.events;
    const std::string number = std::to_string(line.sequence);
    if (line.sequence != ++sequence_) {
      note("sequence " + number);
      sequence_ = line.sequence;
    }
    head_ = security::chain_next(head_, security::view_of(line.body));
    if (head_ != line.hash) {
      note("chain " + number);
      head_ = line.hash;  // what follows is judged by itself
    }
    edge_.append(security::merkle_leaf(line.hash));
    check_roots();
    auto event = office_.store.read_event(line);
    if (!event) {
      note("event " + number + ": " + event.error().key);
      return {};
    }
    if (!*event) return {};
    check_previous(line, **event);
    draws_.take(line.sequence, **event, *directory_);
    try {
      replay(**event, number);
    } catch (const BrokenInvariant& broken) {
      note("event " + number + ": " + broken.what());
    }
    return {};
  }

  void check_previous(const store::JournalLine& line, const Event& event) {
    const auto json = codec::parse_json(line.body, codec::journal_limits());
    const auto written = json ? json->string_at("matter_previous") : std::nullopt;
    const auto known = last_hash_.find(event.matter);
    const std::string expected =
        known == last_hash_.end() ? std::string() : security::hex_encode(known->second);
    if (written.value_or("") != expected) note("previous " + std::to_string(line.sequence));
    last_hash_[event.matter] = line.hash;
  }

  void replay(const Event& event, const std::string& number) {
    open_weeks_.take(event);
    const auto before = matters_.find(event.matter);
    const bool is_known = before != matters_.end();
    // An opening that was refused: no matter came of it, its figures count.
    if (event.kind == Event::Kind::refusal && !is_known) {
      for (const Delta& delta : event.figures) fold_into(cells_, delta);
      return;
    }
    if (is_known == event.opening.has_value()) {
      note("order " + number);
      return;
    }
    const SnapshotPtr after = kernel::apply(is_known ? before->second : nullptr, event);
    matters_[event.matter] = after;
    hold(event.change);
    for (const MatterChange& change : event.touched) {
      const auto other = matters_.find(change.matter);
      if (other == matters_.end()) {
        note("touched " + number);
        continue;
      }
      other->second = apply_touched(other->second, change);
      hold(change);
    }
    if (event.opening) count_number(event, *after);
    if (event.source.empty())
      for (const MessageRecord& message : event.messages)
        notices_[event.matter] += message.posts.size();
    for (const Delta& delta : event.figures) fold_into(cells_, delta);
    for (const BookEntry& entry : event.entries)
      balances_[{entry.book, entry.account}] += entry.amount;
    for (store::FileUse& use : store::file_uses_of(event)) files_.insert(std::move(use));
  }

  void hold(const MatterChange& change) {
    for (const HoldRecord& record : change.holds) {
      auto& held = holds_[change.matter];
      std::erase_if(held, [&](const HoldRecord& old) { return old.hold == record.hold; });
      if (!record.keys.empty()) held.push_back(record);
    }
  }

  void count_number(const Event& event, const Snapshot& opened) {
    const Locality* locality = office_.store.directory()->locality_of(opened.territory);
    if (!locality) locality = office_.store.directory()->find_locality(opened.type->locality);
    if (!locality) return;
    const int year = civil(locality->calendar->zone().local_date(event.at)).year;
    ++series_[opened.type->name + "/" + opened.territory.substr(0, 6) + "/" +
              std::to_string(year)];
  }

  void compare_heads(const store::Inventory& inventory) {
    if (inventory.last_sequence != sequence_) note("stream sequence");
    if (inventory.head != head_) note("stream head");
  }

  Status compare_snapshots() {
    const Status done = office_.store.each_matter([&](const SnapshotPtr& stored) -> Status {
      ++check_.matters;
      const auto replayed = matters_.find(stored->id);
      if (replayed == matters_.end()) {
        note("snapshot " + std::to_string(stored->id.value) + ": not in the journal");
        return {};
      }
      GEWU_CHECK(compare(*stored, *replayed->second));
      seen_.push_back(stored->id);
      return {};
    });
    GEWU_CHECK(done);
    for (const auto& [id, matter] : matters_)
      if (!std::ranges::binary_search(seen_, id))
        note("snapshot " + std::to_string(id.value) + ": absent");
    return {};
  }

  /// A sealed value is a box in the snapshot and open in the replay.
  Result<bool> is_same(const Snapshot& stored, std::size_t field, const Value& replayed) {
    const Value& value = stored.fields[field];
    if (!value.get_shared<Sealed>()) return value == replayed;
    GEWU_TRY(opened, office_.store.open_sealed(stored.id, stored.type->fields[field].name));
    return opened == replayed;
  }

  Status compare(const Snapshot& stored, const Snapshot& replayed) {
    const std::string name = "snapshot " + std::to_string(stored.id.value) + ": ";
    const auto differs = [&](const char* what, bool same) {
      if (!same) note(name + what);
    };
    differs("type", stored.type == replayed.type);
    if (stored.type != replayed.type) return {};
    for (std::size_t i = 0; i < stored.fields.size(); ++i) {
      const auto same = is_same(stored, i, replayed.fields[i]);
      if (!same.value_or(false)) note(name + "field " + stored.type->fields[i].name);
    }
    differs("version", stored.version == replayed.version);
    differs("state", stored.state == replayed.state);
    differs("number", stored.number == replayed.number);
    differs("opened_at", stored.opened_at == replayed.opened_at);
    differs("closed_at", stored.closed_at == replayed.closed_at);
    differs("outcome", stored.outcome == replayed.outcome);
    differs("author", stored.author_account == replayed.author_account &&
                          stored.has_receipt == replayed.has_receipt);
    differs("belongs", stored.territory == replayed.territory && stored.owner == replayed.owner &&
                           stored.handler == replayed.handler);
    differs("claimed_by", stored.claimed_by == replayed.claimed_by);
    differs("parent", stored.parent == replayed.parent);
    differs("transferred_to", stored.transferred_to == replayed.transferred_to);
    differs("clocks", stored.clocks == replayed.clocks);
    differs("actions", stored.actions == replayed.actions);
    differs("erased", stored.erased_any == replayed.erased_any);
    return {};
  }

  void compare_holds(const store::Inventory& inventory) {
    std::map<MatterId, std::vector<HoldRecord>> stored;
    for (const auto& [matter, record] : inventory.holds) stored[matter].push_back(record);
    for (auto& [matter, expected] : holds_) {
      auto& actual = stored[matter];
      if (!std::ranges::is_permutation(actual, expected))
        note("holds " + std::to_string(matter.value));
      stored.erase(matter);
    }
    for (const auto& [matter, records] : stored) note("holds " + std::to_string(matter.value));
  }

  void compare_notices(const store::Inventory& inventory) {
    std::erase_if(notices_, [](const auto& entry) { return entry.second == 0; });
    std::map<MatterId, std::size_t> stored(inventory.notices.begin(), inventory.notices.end());
    for (const auto& [matter, count] : notices_)
      if (stored[matter] != count) note("notices " + std::to_string(matter.value));
    for (const auto& [matter, count] : stored)
      if (count > 0 && !notices_.contains(matter)) note("notices " + std::to_string(matter.value));
  }

  void compare_series(const store::Inventory& inventory) {
    std::map<std::string, std::int64_t> stored(inventory.series.begin(), inventory.series.end());
    for (const auto& [series, last] : series_)
      if (stored[series] != last) note("numbers " + series);
    for (const auto& [series, last] : stored)
      if (last > 0 && !series_.contains(series)) note("numbers " + series);
  }

  void compare_cells(const store::Inventory& inventory) {
    for (const store::CellRow& row : inventory.cells) {
      // Also of those that came down to nothing: none that no line ever counted.
      if (!cells_.contains({row.indicator, row.unit, row.period, join_dimensions(row.dimensions)}))
        note("cell " + row.indicator + " " + row.unit + " " + row.period);
      auto& cell = cells_[{row.indicator, row.unit, row.period, join_dimensions(row.dimensions)}];
      cell += {-row.count, -row.sum_micros};
    }
    for (const auto& [key, rest] : cells_) {
      if (rest == Tally{}) continue;
      const auto& [indicator, unit, period, dimensions] = key;
      note("cell " + indicator + " " + unit + " " + period + ": " + std::to_string(rest.count) +
           " missing");
    }
  }

  void compare_balances(const store::Inventory& inventory) {
    for (const BookEntry& standing : inventory.balances)
      balances_[{standing.book, standing.account}] -= standing.amount;
    for (const auto& [account, rest] : balances_)
      if (rest != 0)
        note("balance " + account.first + " " + account.second + ": " + std::to_string(rest) +
             " missing");
  }

  /// Rows of files against the journal, and the shelf against the rows.
  void compare_files(const store::Inventory& inventory) {
    std::vector<store::FileUse> differing;
    std::ranges::set_symmetric_difference(files_, inventory.file_uses,
                                          std::back_inserter(differing));
    for (const store::FileUse& use : differing)
      note("file_use " + use.sha256 + " " + std::to_string(use.matter.value));
    if (!office_.files) return;
    std::set<std::string> hashes;
    for (const store::FileUse& use : inventory.file_uses) hashes.insert(use.sha256);
    for (const std::string& sha256 : hashes)
      if (const auto blob = office_.files->read(sha256); !blob)
        note("file " + sha256 + ": " + blob.error().key);
    check_.files = hashes.size();
  }

  Office& office_;
  DirectoryPtr directory_;                     ///< as it is now: places and calendars
  DataCheck check_;
  std::deque<SignedRoot> roots_;               ///< that no line has answered yet
  RootStatement last_logs_;                    ///< only its logs
  std::map<std::string, std::vector<LogClaim>> log_claims_;  ///< by log, in the order of roots
  security::MerkleEdge edge_;
  OpenWeekCheck open_weeks_;
  DrawCheck draws_;
  std::int64_t sequence_ = 0;
  security::Sha256 head_ = security::chain_start("sqlite");
  std::unordered_map<MatterId, SnapshotPtr> matters_;
  std::unordered_map<MatterId, security::Sha256> last_hash_;
  std::vector<MatterId> seen_;                 ///< in the order of ids
  std::map<MatterId, std::vector<HoldRecord>> holds_;
  std::map<MatterId, std::size_t> notices_;
  std::map<std::string, std::int64_t> series_;
  CellMap cells_;
  std::set<store::FileUse> files_;
  std::map<std::pair<std::string, std::string>, std::int64_t> balances_;  ///< by book, account
};

}  // namespace

Result<DataCheck> check_data(Office& office) { return Replay(office).run(); }

}  // namespace gewu::usecase
