#include "usecase/verify_export.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <set>

#include "base/ensure.h"
#include "codec/event_json.h"
#include "kernel/figures/fold.h"
#include "kernel/matter/heaps.h"
#include "kernel/place/grid_index.h"
#include "security/chain.h"
#include "security/merkle_log.h"
#include "security/token.h"
#include "usecase/check_draws.h"
#include "usecase/publish_definitions.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kDifferencesMax = 1'000;
constexpr std::size_t kHexOfHash = 64;

/// The directory that the lines build up: later changes are taken together when it is next asked.
class LineDirectory {
 public:
  explicit LineDirectory(DirectoryPtr preset) : directory_(std::move(preset)) {
    if (directory_) return;
    auto empty = std::make_shared<Directory>();
    empty->territory = std::make_shared<const TerritoryTree>();
    empty->grids = std::make_shared<const GridIndex>();
    empty->roster = std::make_shared<const Roster>();
    empty->pinned = std::make_shared<const std::unordered_map<std::string, TypePtr>>();
    directory_ = std::move(empty);
  }
  void take(DirectoryEvent event) { waiting_.push_back(std::move(event)); }
  Result<DirectoryPtr> now() {
    if (waiting_.empty()) return directory_;
    const auto events = std::exchange(waiting_, {});
    GEWU_TRY(next, apply_directory_events(directory_, events));
    directory_ = std::move(next);
    return directory_;
  }

 private:
  DirectoryPtr directory_;
  std::vector<DirectoryEvent> waiting_;
};

class Verification {
 public:
  Verification(const ReadLines& read, const VerifyWish& wish)
      : read_(read), wish_(wish), directory_(wish.preset) {}

  Result<ExportCheck> run() {
    GEWU_CHECK(read_roots());
    witnessed_.assign(wish_.witnessed.begin(), wish_.witnessed.end());
    std::ranges::sort(witnessed_, {}, [](const SignedRoot& root) { return size_of(root); });
    GEWU_CHECK(read_journal());
    GEWU_CHECK(read_figures());
    GEWU_CHECK(read_manifest());
    check_.head = security::hex_encode(head_);
    check_.audit = audit_.entries();
    GEWU_TRY(directory, directory_.now());
    std::ranges::move(draws_.faults(*directory), std::back_inserter(check_.audit));
    for (const std::string& difference : draws_.differences()) note(difference);
    if (!wish_.unit.empty()) GEWU_CHECK(prove_figures());
    return std::move(check_);
  }

 private:
  void note(std::string difference) {
    if (check_.differences.size() < kDifferencesMax)
      check_.differences.push_back(std::move(difference));
    else
      ++check_.more;
  }

  static std::int64_t size_of(const SignedRoot& root) {
    const StreamRoot* stream = root.statement.find_stream("sqlite");
    return stream ? stream->size : 0;
  }

  /// Every line, and the hash of the file's bytes.
  Result<security::Sha256> each_line(const char* file,
                                     const std::function<void(std::string_view)>& take) {
    security::Sha256Stream hash;
    GEWU_CHECK(read_(file, [&](std::string_view line) -> Status {
      hash.update(security::view_of(line));
      hash.update(security::view_of("\n"));
      take(line);
      return {};
    }));
    return hash.finish();
  }

  Status read_roots() {
    security::Sha256 previous{};
    bool broken = false;
    GEWU_TRY(hash, each_line(kRootsFile, [&](std::string_view line) {
      const std::string name = "root " + std::to_string(++check_.roots);
      auto root = read_root_line(line);
      if (!root) {
        note(name + ": " + root.error().key);
        broken = true;
        return;
      }
      const std::string key = security::hex_encode(root->statement.key);
      const bool follows = root->statement.number == check_.roots &&
                           root->statement.previous == previous &&
                           (roots_.empty() ||
                            (size_of(roots_.back()) <= size_of(*root) &&
                             logs_follow(roots_.back().statement, root->statement))) &&
                           (check_.key.empty() || check_.key == key);
      if (!follows && !broken) note(name + ": order");
      broken = false;
      if (wish_.key && *wish_.key != root->statement.key) note(name + ": key");
      check_.key = key;
      previous = hash_of(*root);
      check_.last_root = security::hex_encode(previous);
      check_.last = *root;
      draws_.add_root(*root);
      roots_.push_back(std::move(*root));
    }));
    root_file_ = hash;
    return {};
  }

  Status read_journal() {
    GEWU_TRY(hash, each_line(kJournalFile, [&](std::string_view line) { take_line(line); }));
    journal_file_ = hash;
    for (const SignedRoot& root : roots_)
      note("root " + std::to_string(root.statement.number) + ": beyond the journal");
    for (const SignedRoot& root : witnessed_)
      note("published root " + std::to_string(root.statement.number) + ": beyond the journal");
    check_.lines_after_root = check_.lines - (check_.last ? size_of(*check_.last) : 0);
    return {};
  }

  void take_line(std::string_view text) {
    ++check_.lines;
    const std::string number = std::to_string(check_.lines);
    const auto stated = security::parse_sha256(text.substr(0, kHexOfHash));
    if (!stated || text.size() <= kHexOfHash || text[kHexOfHash] != ' ' ||
        security::hex_encode(*stated) != text.substr(0, kHexOfHash)) {
      note("line " + number + ": form");
      return;
    }
    const std::string_view body = text.substr(kHexOfHash + 1);
    head_ = security::chain_next(head_, security::view_of(body));
    if (head_ != *stated) {
      note("chain " + number);
      head_ = *stated;  // what follows is judged by itself
    }
    edge_.append(security::merkle_leaf(head_));
    check_roots(roots_, "root ");
    check_roots(witnessed_, "published root ");
    try {
      if (const Status read = read_line(body); !read)
        note("line " + number + ": " + read.error().key);
    } catch (const BrokenInvariant& broken) {
      note("line " + number + ": " + broken.what());
    }
  }

  void check_roots(std::deque<SignedRoot>& roots, const char* name) {
    while (!roots.empty() && size_of(roots.front()) <= edge_.size()) {
      const StreamRoot* stream = roots.front().statement.find_stream("sqlite");
      if (!stream || stream->size != edge_.size() || stream->head != head_ ||
          stream->tree != edge_.root())
        note(name + std::to_string(roots.front().statement.number) + ": line " +
             std::to_string(edge_.size()));
      else if (&roots == &roots_)
        // Lines that it is the first to stand over.
        for (ReceiptLine& line : check_.receipt)
          if (line.root == 0) line.root = roots.front().statement.number;
      roots.pop_front();
    }
  }

  Status read_line(std::string_view body) {
    GEWU_TRY(json, codec::parse_json(body, codec::journal_limits()));
    if (json.integer_at("sequence") != check_.lines) return refuse(ErrorCode::invalid, "sequence");
    if (const codec::Json* change = json.find("directory")) {
      GEWU_TRY(event, codec::read_directory_event(*change));
      directory_.take(std::move(event));
      return {};
    }
    if (const codec::Json* again = json.find("receipt_again")) {
      if (is_receipt(json)) matters_.insert(again->integer_at("matter").value_or(0));
      return {};
    }
    const codec::Json* written = json.find("event");
    if (!written) return {};
    GEWU_TRY(directory, directory_.now());
    GEWU_TRY(event, codec::read_event(
                        *written,
                        [](MatterId, const Name&, std::uint8_t, const codec::Json&)
                            -> Result<Value> { return Value(Erased{}); },
                        [&](std::string_view sha256) { return directory->find_pinned(sha256); }));
    for (const Delta& delta : event.figures) fold_into(cells_, delta);
    audit_.take(check_.lines, event);
    draws_.take(check_.lines, event, *directory);
    last_at_ = event.recorded.value_or(event.at);
    take_receipt(json, event);
    return {};
  }

  bool is_receipt(const codec::Json& line) const {
    return wish_.receipt && line.string_at("receipt").value_or("") ==
                                security::hex_encode(security::receipt_mark(*wish_.receipt));
  }

  void take_receipt(const codec::Json& line, const Event& event) {
    if (!wish_.receipt) return;
    if (is_receipt(line)) matters_.insert(event.matter.value);
    if (event.opening && matters_.contains(event.opening->transferred_from.value))
      matters_.insert(event.matter.value);
    if (!matters_.contains(event.matter.value)) return;
    check_.receipt_found = true;
    check_.receipt.push_back({check_.lines, event.at, event.action, 0, event.figures});
  }

  Status read_figures() {
    CellMap shown;
    std::int64_t number = 0;
    GEWU_TRY(hash, each_line(kFiguresFile, [&](std::string_view line) {
      ++number;
      const auto json = codec::parse_json(line, codec::journal_limits());
      store::CellRow cell;
      if (json) {
        cell.indicator = json->string_at("indicator").value_or("");
        cell.unit = json->string_at("unit").value_or("");
        cell.period = json->string_at("period").value_or("");
        if (const auto* by = json->array_at("by"))
          for (const codec::Json& item : *by)
            cell.dimensions.emplace_back(item.as_string().value_or(""));
        cell.count = json->integer_at("count").value_or(0);
        cell.sum_micros = json->integer_at("sum_micros").value_or(0);
      }
      if (!json || cell_text(cell) != line) note("figure " + std::to_string(number) + ": form");
      shown[{cell.indicator, cell.unit, cell.period, join_dimensions(cell.dimensions)}] +=
          {cell.count, cell.sum_micros};
    }));
    figures_file_ = hash;
    check_.cells = number;
    const auto name_of = [](const CellKey& key) {
      return "figure " + std::get<0>(key) + " " + std::get<1>(key) + " " + std::get<2>(key);
    };
    for (const auto& [key, tally] : shown)
      if (const auto found = cells_.find(key); found == cells_.end() || found->second != tally)
        note(name_of(key));
    for (const auto& [key, tally] : cells_)
      if (tally != Tally{} && !shown.contains(key)) note(name_of(key) + ": absent");
    return {};
  }

  Status read_manifest() {
    Manifest manifest;
    manifest.stream = "sqlite";
    manifest.lines = check_.lines;
    manifest.roots = check_.roots;
    manifest.cells = check_.cells;
    manifest.head = head_;
    manifest.last_root = check_.last_root;
    manifest.journal = journal_file_;
    manifest.root_file = root_file_;
    manifest.figures = figures_file_;
    std::string text;
    GEWU_TRY(hash, each_line(kManifestFile, [&](std::string_view line) {
      text += (text.empty() ? "" : "\n") + std::string(line);
    }));
    static_cast<void>(hash);
    if (text != manifest_text(manifest)) note("manifest");
    return {};
  }

  std::vector<store::Cell> cells_of(const std::string& indicator, const IndicatorSpec& spec,
                                    FigurePeriod period) const {
    if (is_at_end(spec)) period.from = date_of({1900, 1, 1});
    std::vector<store::Cell> cells;
    for (const auto& [dimensions, tally] : add_up(cells_, indicator, wish_.unit, period))
      cells.push_back({split_dimensions(dimensions), tally.count, tally.sum_micros});
    return cells;
  }

  /// Every indicator that is made of counts alone; a coverage or a change asks for more.
  Status prove_figures() {
    GEWU_TRY(directory, directory_.now());
    const Locality* locality = directory->locality_of(wish_.unit);
    if (!locality && !directory->localities.empty())
      locality = directory->localities.begin()->second.get();
    if (!locality) return refuse(ErrorCode::not_found, "locality.unknown");
    GEWU_TRY(period, parse_period(wish_.period, today_at(*locality->calendar, last_at_)));
    for (const auto& [name, type] : locality->types)
      for (const IndicatorSpec& spec : type->indicators) {
        if (spec.name.find('#') != Name::npos) continue;
        const std::string full = name + "." + spec.name;
        if (spec.head == IndicatorHead::ratio) {
          if (auto figure = prove_ratio(*locality, name, spec, period))
            check_.figures.push_back({full, spec.label, std::move(*figure)});
          continue;
        }
        if (spec.head == IndicatorHead::coverage || spec.head == IndicatorHead::change) continue;
        const auto counted = find_counted(*locality, full);
        if (!counted) continue;
        const Heaps heaps =
            heap_up(*counted->spec, cells_of(counted->cells, *counted->spec, period), {});
        check_.figures.push_back({full, spec.label, figure_of(*counted->spec, heaps.at(""))});
      }
    return {};
  }

  std::optional<Figure> prove_ratio(const Locality& locality, const Name& type_name,
                                    const IndicatorSpec& ratio, FigurePeriod period) const {
    std::vector<std::pair<const IndicatorSpec*, Heap>> parts;
    for (const Name& part : ratio.parts) {
      const bool is_elsewhere = part.find('.') != Name::npos;
      const auto counted =
          find_counted(locality, is_elsewhere ? part : type_name + "." + part);
      if (!counted) return std::nullopt;
      const Heaps heaps =
          heap_up(*counted->spec, cells_of(counted->cells, *counted->spec, period), {});
      parts.emplace_back(counted->spec, heaps.at(""));
    }
    if (parts.size() != 2) return std::nullopt;
    return ratio_of(ratio, *parts[0].first, parts[0].second, *parts[1].first, parts[1].second);
  }

  const ReadLines& read_;
  const VerifyWish& wish_;
  ExportCheck check_;
  std::deque<SignedRoot> roots_, witnessed_;   ///< that no line has answered yet
  security::Sha256 head_ = security::chain_start("sqlite");
  security::MerkleEdge edge_;
  security::Sha256 journal_file_{}, root_file_{}, figures_file_{};
  LineDirectory directory_;
  CellMap cells_;
  JournalAudit audit_;
  DrawCheck draws_;
  std::set<std::int64_t> matters_;             ///< of the receipt
  Instant last_at_;
};

}  // namespace

Result<ExportCheck> verify_export(const ReadLines& read, const VerifyWish& wish) {
  return Verification(read, wish).run();
}

}  // namespace gewu::usecase
