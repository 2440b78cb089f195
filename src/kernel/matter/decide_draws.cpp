#include <algorithm>
#include <limits>
#include <utility>

#include "base/limits.h"
#include "kernel/matter/docket.h"
#include "kernel/matter/draws.h"

namespace gewu::kernel {

namespace {

constexpr const char* kDrawAction = "draw";
constexpr std::int64_t kHundred = 100;

template <typename OnDraw>
void each_draw(const Directory& directory, const TypeFilter& only, const OnDraw& on_draw) {
  for (const auto& [name, locality] : directory.localities)
    for (const auto& [type_name, type] : locality->types) {
      if (type->draws.empty() || (only && !only(type_name))) continue;
      for (const DrawSpec& draw : type->draws) on_draw(*locality, *type, draw);
    }
}

Interval slot_of(const DaySpan& days, const Calendar& calendar) {
  return {calendar.zone().to_instant(days.from, 0),
          calendar.end_of_day(Date{days.until.days - 1})};
}

/// A whole number of an expression that reads nothing but settings.
Result<std::int64_t> whole_of(const ExpressionPtr& expression, std::int64_t otherwise,
                              const Directory& directory, const Locality& locality, Instant now) {
  if (!expression) return otherwise;
  const Dossier none;
  GEWU_TRY(value, evaluate(*expression, {.directory = directory,
                                         .locality = locality,
                                         .dossier = none,
                                         .now = now}));
  const auto* number = value.get<Number>();
  return number == nullptr ? otherwise : number->micros / kMicros;
}

Value whole_value(std::int64_t number) { return Value(Number{number * kMicros}); }

}  // namespace

std::string DrawRound::key() const { return locality + "/" + type + "." + name; }

std::string DrawRound::key_of(std::string_view owner) const {
  return key() + "/" + std::string(owner) + "/" + std::to_string(slot.from.ms);
}

std::vector<DrawRound> ended_draws(const Directory& directory, Instant end,
                                   const TypeFilter& only) {
  std::vector<DrawRound> rounds;
  each_draw(directory, only, [&](const Locality& locality, const Type& type,
                                 const DrawSpec& draw) {
    const Calendar& calendar = *locality.calendar;
    auto days = round_of(draw.every, calendar.zone().local_date(end), calendar);
    const std::size_t first = rounds.size();
    for (int back = 0; days && back < kDrawRoundsBack; ++back) {
      days = round_of(draw.every, Date{days->from.days - 1}, calendar);
      if (days)
        rounds.push_back({locality.name, type.name, draw.name, *days, slot_of(*days, calendar),
                          type.name + "." + draw.name + std::string(kDrawCount)});
    }
    std::reverse(rounds.begin() + static_cast<std::ptrdiff_t>(first), rounds.end());
  });
  return rounds;
}

std::optional<Instant> next_draw_end(const Directory& directory, Instant now,
                                     const TypeFilter& only) {
  std::optional<Instant> next;
  each_draw(directory, only, [&](const Locality& locality, const Type&, const DrawSpec& draw) {
    const Calendar& calendar = *locality.calendar;
    const auto days = round_of(draw.every, calendar.zone().local_date(now), calendar);
    if (!days) return;
    const Instant end = slot_of(*days, calendar).to;
    if (!next || end < *next) next = end;
  });
  return next;
}

bool draws_for(const DrawRound& round, std::string_view owner, const Directory& directory,
               DossierSource& source) {
  const std::string ground =
      ground_of_unit(Value(organisation_unit(std::string(owner))), directory, source);
  const Locality* nearest = ground.empty() ? nullptr : directory.locality_of(ground);
  return nearest == nullptr ? directory.localities.size() == 1 : nearest->name == round.locality;
}

std::size_t drawn_of(std::size_t candidates, const DrawTerms& terms) {
  const auto all = static_cast<std::int64_t>(
      std::min<std::size_t>(candidates, std::numeric_limits<std::int32_t>::max()));
  const std::int64_t share = std::clamp<std::int64_t>(terms.share, 0, kHundred);
  const std::int64_t wanted = std::max((all * share + kHundred - 1) / kHundred, terms.least);
  return static_cast<std::size_t>(
      std::min({wanted, all, static_cast<std::int64_t>(kLimits.opened_max)}));
}

Result<DrawTerms> draw_terms(const Directory& directory, const DrawRound& round, Instant now) {
  const Locality* locality = directory.find_locality(round.locality);
  const TypePtr type = locality != nullptr ? locality->find_type(round.type) : nullptr;
  const DrawSpec* draw = type ? type->find_draw(round.name) : nullptr;
  if (draw == nullptr) return refuse(ErrorCode::not_found, "draw.unknown");
  DrawTerms terms;
  GEWU_TRY(share, whole_of(draw->share, 0, directory, *locality, now));
  GEWU_TRY(least, whole_of(draw->least, 1, directory, *locality, now));
  terms.share = std::clamp<std::int64_t>(share, 0, kHundred);
  terms.least = std::max<std::int64_t>(least, 0);
  return terms;
}

Result<Decision> open_draw(const Chamber& chamber, const DrawRound& round, const Lots& lots) {
  const Locality* locality = chamber.directory.find_locality(round.locality);
  const TypePtr type = locality != nullptr ? locality->find_type(round.type) : nullptr;
  const DrawSpec* draw = type ? type->find_draw(round.name) : nullptr;
  const TypePtr ledger = locality != nullptr ? locality->find_type(kDrawRound) : nullptr;
  const ActionSpec* action = ledger ? ledger->find_action(kDrawAction) : nullptr;
  if (draw == nullptr || action == nullptr) return Decision{};
  const Value owner(organisation_unit(lots.owner));
  std::string ground = ground_of_unit(owner, chamber.directory, chamber.source);
  if (ground.empty()) ground = locality->territory;
  Values matters;
  for (const MatterId id : lots.drawn) matters.push_back(Link{id});
  OpeningOrder order;
  order.locality = locality;
  order.type = ledger;
  order.action = action;
  order.actor.kind = Actor::Kind::system;
  order.by_effect = true;
  order.by_person = false;
  order.draw = draw;
  order.drawn = lots.drawn;
  order.values = {{"draw", Value(type->name + "." + draw->name)},
                  {"what", Value(draw->label.zh)},
                  {"slot", Value(Period{round.slot.from, round.slot.to})},
                  {"unit", lots.owner.empty() ? Value() : owner},
                  {"ground", Value(territory_unit(ground))},
                  {"seed", Value(lots.seed)},
                  {"root", whole_value(lots.root)},
                  {"share", whole_value(lots.terms.share)},
                  {"least", whole_value(lots.terms.least)},
                  {"candidates", whole_value(static_cast<std::int64_t>(lots.candidates))},
                  {"drawn", whole_value(static_cast<std::int64_t>(lots.drawn.size()))},
                  {"digest", Value(lots.digest)},
                  {"matters", matters.empty() ? Value() : make_set(std::move(matters))}};
  Docket docket(chamber);
  GEWU_CHECK(open_inside(docket, order));
  return std::move(docket.decision);
}

/// As the text that the matter is pinned to says, which counted it.
Status carry_out_for_drawn(Hearing& hearing) {
  if (hearing.draw == nullptr) return {};
  const Dossier own = hearing.docket.dossier;
  for (const MatterId id : hearing.drawn) {
    const SnapshotPtr matter = hearing.docket.source.load(id);
    const DrawSpec* draw = matter ? matter->type->find_draw(hearing.draw->name) : nullptr;
    if (draw == nullptr) {
      hearing.event.refused.push_back({hearing.draw->name, "not_found"});
      continue;
    }
    GEWU_CHECK(load_matter(hearing.docket, matter, {}));
    hearing.subject = matter;
    GEWU_CHECK(carry_out(hearing, {draw->opens}));
    // Each is read by itself, however many there are.
    hearing.docket.dossier = own;
  }
  hearing.subject.reset();
  return {};
}

}  // namespace gewu::kernel
