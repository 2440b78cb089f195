#include "usecase/run_draws.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "kernel/matter/draws.h"
#include "security/bytes.h"
#include "security/hash.h"
#include "store/root_book.h"
#include "usecase/draw_lots.h"
#include "usecase/work_ripples.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr const char* kDrawScope = "timetable";
/// Up to which end a draw's rounds are done with: saves looking at them again, and no more.
constexpr const char* kDrawnUntil = "drawn_until ";
constexpr std::size_t kDrawnFromMax = 1'000'000;  ///< in one round, of all owners
/// So long until a root that is not there yet is looked for again: one is signed every minute.
constexpr std::int64_t kRootWaitMs = 20'000;

/// What a round is drawn by, and how far the journal had come then.
struct Seed {
  std::string text;            ///< empty: by the ledger's own key
  std::int64_t root = 0;
  std::int64_t lines = 0;
};

Result<std::optional<Seed>> find_seed(Office& office, const DrawRound& round, DrawSeeds seeds) {
  if (seeds == DrawSeeds::made_up) return std::optional(Seed{{}, 0, INT64_MAX});
  GEWU_TRY(stored, office.store.root_book().root_since(round.slot.to + kDrawGraceMs));
  if (!stored) return std::optional<Seed>();
  GEWU_TRY(root, read_signed(stored->body, stored->signature));
  GEWU_TRY(head, office.store.root_book().head());
  const StreamRoot* stream = root.statement.find_stream(head.name);
  return std::optional(
      Seed{seed_of(root), root.statement.number, stream != nullptr ? stream->size : 0});
}

/// Matters by their owner, in the order of their ids.
using Hats = std::map<std::string, std::vector<MatterId>>;

class RoundDrawing {
 public:
  RoundDrawing(Office& office, DrawSeeds seeds) : office_(office), seeds_(seeds) {}

  Status draw(const DrawRound& round, TimetablesRun& run) {
    GEWU_TRY(seed, find_seed(office_, round, seeds_));
    if (!seed) {
      const Instant again = office_.clock.now() + kRootWaitMs;
      if (!run.next || again < *run.next) run.next = again;
      return {};
    }
    GEWU_CHECK(read_records(round));
    GEWU_TRY(hats, hats_of(round, *seed));
    bool is_done = true;
    for (const auto& [owner, candidates] : hats) {
      GEWU_TRY(known, office_.store.find_request(kDrawScope, round.key_of(owner)));
      if (known) continue;
      const Status drawn = draw_of(round, owner, candidates, *seed, run);
      if (drawn) continue;
      if (drawn.error().code == ErrorCode::unavailable) return drawn;
      run.failed.emplace_back(round.key_of(owner), drawn.error());
      is_done = false;
    }
    if (!is_done) return {};
    return office_.store.write_office(kDrawnUntil + round.key(), std::to_string(round.slot.to.ms));
  }

 private:
  /// What came into the states in the round's days: localities that share a type ask for the same.
  Status read_records(const DrawRound& round) {
    const std::pair wanted(round.indicator, round.days);
    if (read_ == wanted) return {};
    store::CellQuery query;
    query.indicator = round.indicator;
    query.from = round.days.from;
    query.until = round.days.until;
    GEWU_TRY(records, office_.store.read_figure_records(query, kDrawnFromMax));
    if (records.size() == kDrawnFromMax) return refuse(ErrorCode::too_large, "figure.rows");
    records_ = std::move(records);
    read_ = wanted;
    return {};
  }

  /// By lines that stand under the root alone.
  Result<Hats> hats_of(const DrawRound& round, const Seed& seed) {
    const auto source = office_.store.read();
    std::map<std::string, bool, std::less<>> is_here;
    Hats hats;
    for (const store::FigureRecord& record : records_) {
      auto known = is_here.find(record.organisation);
      if (known == is_here.end()) {
        const bool here =
            draws_for(round, record.organisation, *office_.store.directory(), *source);
        known = is_here.emplace(record.organisation, here).first;
      }
      if (!known->second) continue;
      if (seed.root > 0) {
        GEWU_TRY(line, office_.store.root_book().find_line(record.event));
        if (!line || line->sequence > seed.lines) continue;
      }
      hats[record.organisation].push_back(record.matter);
    }
    for (auto& [owner, candidates] : hats) {
      std::ranges::sort(candidates);
      const auto twice = std::ranges::unique(candidates);
      candidates.erase(twice.begin(), twice.end());
    }
    return hats;
  }

  Status draw_of(const DrawRound& round, const std::string& owner,
                 const std::vector<MatterId>& candidates, const Seed& seed, TimetablesRun& run) {
    const std::string key = round.key_of(owner);
    Lots lots;
    lots.owner = owner;
    lots.seed = seed.text.empty() ? made_up_seed(key) : seed.text;
    lots.root = seed.root;
    lots.candidates = candidates.size();
    lots.digest = digest_of(candidates);
    store::CommitRequest request;
    request.request = store::RequestKey{kDrawScope, key, security::sha256(security::view_of(key))};
    request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
      GEWU_TRY(terms, draw_terms(turn.directory, round, turn.now));
      lots.terms = terms;
      GEWU_TRY(drawn, draw_lots(lots.seed, round.type + "." + round.name, candidates,
                                drawn_of(candidates.size(), terms)));
      lots.drawn = std::move(drawn);
      const Chamber chamber{turn.directory, turn.source, turn.now, turn.ids};
      store::Writing writing;
      GEWU_TRY(decision, open_draw(chamber, round, lots));
      if (decision.steps.empty()) return refuse(ErrorCode::not_found, "draw.unknown");
      writing.decision = std::move(decision);
      return writing;
    };
    GEWU_TRY(committed, office_.store.commit(std::move(request)));
    run.opened += committed.events.size();
    if (!committed.events.empty())
      settle_ripples(office_, committed.ripples, committed.events.front().matter);
    return {};
  }

  Office& office_;
  DrawSeeds seeds_;
  std::optional<std::pair<std::string, DaySpan>> read_;  ///< whose records these are
  std::vector<store::FigureRecord> records_;
};

}  // namespace

Result<TimetablesRun> run_draws(Office& office, const TypeFilter& only, DrawSeeds seeds) {
  const Instant now = office.clock.now();
  const DirectoryPtr directory = office.store.directory();
  TimetablesRun run;
  if (const auto next = next_draw_end(*directory, now, only)) run.next = *next + kDrawGraceMs;
  RoundDrawing drawing(office, seeds);
  for (const DrawRound& round : ended_draws(*directory, now, only)) {
    GEWU_TRY(until, office.store.read_office(kDrawnUntil + round.key()));
    if (until && round.slot.to.ms <= parse_integer(*until).value_or(0)) continue;
    if (now < round.slot.to + kDrawGraceMs) {
      run.next = std::min(run.next.value_or(kForever), round.slot.to + kDrawGraceMs);
      continue;
    }
    GEWU_CHECK(drawing.draw(round, run));
  }
  return run;
}

}  // namespace gewu::usecase
