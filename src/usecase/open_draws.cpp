#include "usecase/open_draws.h"

#include <algorithm>
#include <tuple>

#include "base/spans.h"
#include "kernel/figures/open_counts.h"
#include "kernel/matter/draws.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr const char* kDraws = "draws";
constexpr std::int32_t kDaysShown = 35;
constexpr std::size_t kLedgersMax = 2'000;
/// As public figures: told when the round has been over for a whole day (reliability 8.5).
constexpr std::int64_t kDelayMs = kMsPerDay;

std::string text_in(const Snapshot& ledger, const char* field) {
  const Value* value = ledger.find_field(field);
  const auto* text = value != nullptr ? value->get<std::string>() : nullptr;
  return text != nullptr ? *text : std::string();
}

std::int64_t whole_in(const Snapshot& ledger, const char* field) {
  const Value* value = ledger.find_field(field);
  const auto* number = value != nullptr ? value->get<Number>() : nullptr;
  return number != nullptr ? number->micros / kMicros : 0;
}

/// Nothing: not to be told yet.
std::optional<OpenDraw> open_draw_of(const Snapshot& ledger, const Directory& directory,
                                     Instant now) {
  const Locality* locality = directory.locality_of(ledger.territory);
  const Value* slot = ledger.find_field("slot");
  const auto* period = slot != nullptr ? slot->get<Period>() : nullptr;
  if (locality == nullptr || period == nullptr || now < period->to + kDelayMs)
    return std::nullopt;
  OpenDraw open;
  open.name = text_in(ledger, "draw");
  const auto dot = std::min(open.name.find('.'), open.name.size());
  const TypePtr type = locality->find_type(open.name.substr(0, dot));
  const DrawSpec* draw =
      type ? type->find_draw(open.name.substr(std::min(dot + 1, open.name.size()))) : nullptr;
  open.label = draw != nullptr ? draw->label : Label{text_in(ledger, "what"), "", ""};
  if (type) open.type_label = type->label;
  if (const Value* unit = ledger.find_field("unit"))
    if (const auto* owner = unit->get<Unit>()) open.owner = owner->code;
  const Zone& zone = locality->calendar->zone();
  open.from = zone.local_date(period->from);
  open.until = zone.local_date(period->to + -1);
  open.seed = text_in(ledger, "seed");
  open.root = whole_in(ledger, "root");
  open.share = whole_in(ledger, "share");
  open.least = whole_in(ledger, "least");
  const std::int64_t candidates = whole_in(ledger, "candidates");
  if (candidates < static_cast<std::int64_t>(kOpenReportersMin)) return open;
  open.candidates = candidates;
  open.drawn = whole_in(ledger, "drawn");
  open.digest = text_in(ledger, "digest");
  return open;
}

}  // namespace

Result<OpenDraws> read_open_draws(Office& office, std::optional<Date> before) {
  OpenDraws answer;
  answer.directory = office.store.directory();
  const Directory& directory = *answer.directory;
  if (directory.localities.empty()) return answer;
  const Instant now = office.clock.now();
  const Zone& zone = directory.localities.begin()->second->calendar->zone();
  store::CellQuery query;
  query.indicator = std::string(kDrawRound) + "." + kDraws;
  query.until = before.value_or(Date{zone.local_date(now).days + 1});
  query.from = {query.until.days - kDaysShown};
  const auto source = office.store.read();
  for (const Territory* root : directory.territory->children("")) {
    query.unit = root->code;
    GEWU_TRY(records, office.store.read_figure_records(query, kLedgersMax));
    for (const store::FigureRecord& record : records)
      if (const SnapshotPtr ledger = source->load(record.matter))
        if (auto open = open_draw_of(*ledger, directory, now))
          answer.draws.push_back(std::move(*open));
    store::CellQuery past = query;
    past.at_end = true;
    past.until = query.from;
    GEWU_TRY(earlier, office.store.read_figure_records(past, 1));
    if (!earlier.empty()) answer.earlier = query.from;
  }
  std::ranges::stable_sort(answer.draws, [](const OpenDraw& a, const OpenDraw& b) {
    return std::tuple(b.from, a.name, a.owner) < std::tuple(a.from, b.name, b.owner);
  });
  return answer;
}

}  // namespace gewu::usecase
