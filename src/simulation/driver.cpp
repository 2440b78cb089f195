#include "simulation/driver.h"

#include <algorithm>

#include "base/spans.h"
#include "simulation/glance.h"
#include "usecase/act_on_matter.h"
#include "usecase/pass_time.h"
#include "usecase/submit_matter.h"
#include "usecase/work_ripples.h"

namespace gewu::simulation {

using namespace gewu::kernel;
using usecase::Caller;

namespace {

constexpr std::size_t kCallersMax = 10;                  ///< asked what is offered to them
constexpr int kTries = 3;                                ///< after refusals
constexpr std::size_t kDueMax = 200;
constexpr int kFirstEveryMinutes = 7;
constexpr std::int64_t kWeekendWorkPercent = 15;

}  // namespace

Driver::Driver(usecase::Office& office, ManualClock& clock, const DemoPlan& plan, Chance& chance,
               DemoSummary& summary)
    : office_(office), clock_(clock), plan_(plan), chance_(chance), summary_(summary),
      directory_(office.store.directory()),
      people_(directory_, *directory_->find_locality(plan.behaviour.locality), chance),
      filler_(plan.behaviour, people_, chance, known_) {
  // A store keeps its listeners: ours falls silent when the driver is gone.
}

Status Driver::run() {
  plan_arrivals();
  while (!arrivals_.empty() || !agenda_.empty()) {
    const bool opens = agenda_.empty() || (!arrivals_.empty() &&
                                           arrivals_.front().at <= agenda_.begin()->first);
    const Instant next = opens ? arrivals_.front().at : agenda_.begin()->first;
    if (plan_.until < next) break;
    GEWU_CHECK(pass_time(next));
    clock_.set(std::max(clock_.now(), next));
    if (opens) {
      const Arrival arrival = arrivals_.front();
      arrivals_.pop_front();
      GEWU_CHECK(open(arrival));
    } else if (!agenda_.empty() && agenda_.begin()->first <= clock_.now()) {
      const std::size_t index = agenda_.begin()->second;
      agenda_.erase(agenda_.begin());
      looks_[index].reset();
      GEWU_CHECK(look(index));
    }
  }
  GEWU_CHECK(pass_time(plan_.until));
  clock_.set(plan_.until);
  return {};
}

void Driver::plan_arrivals() {
  std::vector<Arrival> arrivals;
  std::int64_t minutes = 0;
  for (const OpeningPlan& opening : plan_.behaviour.openings) {
    for (const auto& given : opening.first)
      arrivals.push_back(
          {clock_.now() + (minutes += kFirstEveryMinutes) * kMsPerMinute, &opening, &given});
    const std::int64_t count = plan_.small ? opening.count_small : opening.count;
    const bool by_residents = opening.by.front().first == "resident";
    const std::int64_t recent = opening.recent_percent.value_or(plan_.behaviour.recent_percent);
    for (std::int64_t i = 0; opening.first.empty() && i < count; ++i)
      arrivals.push_back({draw_arrival(!by_residents, recent), &opening, nullptr});
  }
  std::ranges::stable_sort(arrivals, {}, &Arrival::at);
  arrivals_.assign(arrivals.begin(), arrivals.end());
}

Instant Driver::draw_arrival(bool in_office_hours, std::int64_t recent_percent) {
  const std::int64_t days = plan_.behaviour.days;
  const std::int64_t recent = std::max<std::int64_t>(1, days / 5);
  const Zone& zone = people_.locality().calendar->zone();
  const Date last = zone.local_date(plan_.until);
  for (int tries = 0;; ++tries) {
    const bool is_recent = chance_.percent(recent_percent);
    const auto back = is_recent ? chance_.between(0, recent) : chance_.between(recent, days - 1);
    const int from = in_office_hours ? plan_.behaviour.hour_from : kResidentsFrom;
    const int until = in_office_hours ? plan_.behaviour.hour_until : kResidentsUntil;
    const auto minute = chance_.between(from * 60, until * 60 - 1);
    const Instant at =
        zone.to_instant({static_cast<std::int32_t>(last.days - back)}, static_cast<int>(minute));
    // What would come after now comes in the hours before it.
    if (at < plan_.until && beginning_of(plan_) + kMsPerHour < at) return at;
    if (tries > 20) return plan_.until + -chance_.between(5, 600) * kMsPerMinute;
  }
}

Instant Driver::at_work(Instant instant) {
  const Calendar& calendar = *people_.locality().calendar;
  const LocalTime local = calendar.zone().to_local(instant);
  const int hour = static_cast<int>(local.ms_of_day / kMsPerHour);
  Date day = local.date;
  const bool late = hour >= plan_.behaviour.hour_until;
  if (late) ++day.days;
  const bool works = calendar.is_workday(day) || chance_.percent(kWeekendWorkPercent);
  if (works && !late && hour >= plan_.behaviour.hour_from) return instant;
  for (int i = 0; i < 10 && !works && !calendar.is_workday(day); ++i) ++day.days;
  const auto minute = plan_.behaviour.hour_from * 60 + chance_.between(0, 120);
  return calendar.zone().to_instant(day, static_cast<int>(minute));
}

Status Driver::pass_time(Instant until) {
  for (;;) {
    GEWU_TRY(due, office_.store.find_due(until, kDueMax));
    std::erase_if(due, [&](MatterId id) { return stuck_.contains(id); });
    if (due.empty()) return {};
    const MatterId id = due.front();
    const SnapshotPtr matter = office_.store.read()->load(id);
    const auto wake = matter ? next_wake(*matter) : std::nullopt;
    if (wake) clock_.set(std::clamp(*wake, clock_.now(), std::max(clock_.now(), until)));
    const auto passed = usecase::pass_time(office_, id);
    if (!passed) {
      summary_.faults.push_back(passed.error());
      stuck_.insert(id);
    } else if (*passed == 0) {
      stuck_.insert(id);
      summary_.faults.push_back({ErrorCode::internal, "demo.idle_wake",
                                 {{"matter", std::to_string(id.value)}}, {}});
    }
    const auto known = index_.find(id);
    GEWU_CHECK(take_in(known == index_.end() ? nullptr : known_.all[known->second].topic));
  }
}

const Topic* Driver::draw_topic(const Name& type) {
  std::vector<std::int64_t> weights;
  for (const Topic& topic : plan_.behaviour.topics) {
    const auto weight = topic.types.find(type);
    weights.push_back(weight == topic.types.end() ? 0 : weight->second);
  }
  const std::size_t drawn = chance_.weighted(weights);
  return drawn == weights.size() ? nullptr : &plan_.behaviour.topics[drawn];
}

/// The code that a given place lies on: what is written down has its own people.
std::string Driver::ground_of(const Place& place) const {
  if (!place.point) return place.territory;
  return people_.directory().grids->smallest_of(*place.point).value_or(std::string());
}

Status Driver::open(const Arrival& arrival) {
  const OpeningPlan& opening = *arrival.plan;
  const TypePtr type = people_.locality().find_type(opening.type);
  if (!type)
    return refuse(ErrorCode::not_found, "demo.type", {{"type", opening.type}});
  std::vector<std::int64_t> weights;
  for (const auto& [role, weight] : opening.by) weights.push_back(weight);
  const std::size_t drawn = chance_.weighted(weights);
  std::string ground;
  if (arrival.given)
    for (const FieldSpec& field : type->fields)
      if (const auto given = arrival.given->find(field.name);
          field.kind == FieldKind::place && given != arrival.given->end())
        ground = ground_of(read_place(given->second));
  const auto pick = [&](const Name& role) {
    return ground.empty() ? people_.pick(role) : people_.pick_at(role, ground);
  };
  const auto caller = drawn < weights.size() ? pick(opening.by[drawn].first) : std::nullopt;
  if (!caller) return refuse(ErrorCode::not_found, "demo.nobody", {{"opening", opening.name}});
  Name action = opening.action;
  for (const ActionSpec& candidate : type->actions)
    if (action.empty() && candidate.opens) action = candidate.name;
  const Topic* topic = draw_topic(opening.type);
  usecase::Submission submission;
  submission.caller = *caller;
  submission.type = opening.type;
  submission.action = action;
  submission.locality = people_.locality().name;
  submission.values = filler_.fill({.type = *type,
                                    .action = action,
                                    .caller = *caller,
                                    .topic = topic,
                                    .now = clock_.now(),
                                    .given = arrival.given});
  const auto submitted = usecase::submit_matter(office_, submission);
  if (!submitted) {
    GEWU_CHECK(note_refusal(submitted.error()));
    try_later(arrival);
    return take_in(topic);
  }
  ++summary_.actions[opening.type + "." + action];
  return take_in(topic);
}

/// Whoever is refused comes again another day, with other people and other words.
void Driver::try_later(Arrival arrival) {
  if (++arrival.tries >= kTries) return;
  arrival.at = at_work(clock_.now() + chance_.between(kMsPerHour, 20 * kMsPerHour));
  const auto place = std::ranges::upper_bound(arrivals_, arrival.at, {}, &Arrival::at);
  arrivals_.insert(place, arrival);
}

std::int64_t Driver::weight_of(const Snapshot& matter, const OfferedAction& offered) const {
  // Nobody goes on writing notes on what is closed.
  if (!offered.possible || (matter.is_final() && !offered.spec)) return 0;
  const auto& weights = plan_.behaviour.weights;
  const auto in_state = weights.find(state_of(matter) + "." + offered.action);
  if (in_state != weights.end()) return in_state->second;
  const auto* weight = find_named(weights, matter.type->name, offered.action);
  if (weight) return *weight;
  return offered.spec ? 1 : 0;
}

std::vector<Driver::Option> Driver::find_options(const SnapshotPtr& matter) {
  Glance source(office_.store.read());
  const DirectoryPtr directory = office_.store.directory();
  OfferIds ids;
  const Chamber chamber{*directory, source, clock_.now(), ids};
  const SnapshotPtr parent = matter->parent.has_value() ? source.load(matter->parent) : nullptr;
  auto callers = people_.around(*matter, parent.get());
  chance_.shuffle(callers);
  if (callers.size() > kCallersMax) callers.resize(kCallersMax);
  std::vector<Option> options;
  for (const Caller& caller : callers) {
    const auto actor = usecase::actor_of(caller, *directory, clock_.now());
    if (!actor) continue;
    const auto offers = offer_actions(chamber, matter, *actor);
    if (!offers) {
      summary_.faults.push_back(offers.error());
      continue;
    }
    for (const OfferedAction& offered : *offers)
      if (const auto weight = weight_of(*matter, offered); weight > 0)
        options.push_back({caller, offered.action, weight});
  }
  return options;
}

std::optional<Driver::Option> Driver::choose(const std::vector<Option>& options) {
  // An action weighs the same however many people could take it.
  std::map<Name, std::vector<const Option*>> by_action;
  for (const Option& option : options) by_action[option.action].push_back(&option);
  std::vector<std::int64_t> weights;
  for (const auto& [action, takers] : by_action) weights.push_back(takers.front()->weight);
  const auto nothing = plan_.behaviour.weights.find("nothing");
  if (nothing != plan_.behaviour.weights.end()) weights.push_back(nothing->second);
  const std::size_t chosen = chance_.weighted(weights);
  if (chosen >= by_action.size()) return std::nullopt;
  return *chance_.of(std::next(by_action.begin(), static_cast<std::ptrdiff_t>(chosen))->second);
}

Status Driver::look(std::size_t index) {
  const MatterId id = known_.all[index].id;
  bool has_more = false;
  for (int tries = 0; tries < kTries; ++tries) {
    const SnapshotPtr matter = office_.store.read()->load(id);
    if (!matter) break;
    const auto options = find_options(matter);
    has_more = !options.empty();
    const auto option = choose(options);
    if (!option) break;
    bool refused = false;
    GEWU_CHECK(act(index, matter, *option, refused));
    if (!refused) break;
  }
  // What is closed is looked at again only while there is something left to do.
  if (!looks_[index] && (has_more || !known_.all[index].is_final)) schedule(index);
  return {};
}

Status Driver::act(std::size_t index, const SnapshotPtr& matter, const Option& option,
                   bool& refused) {
  const Topic* topic = known_.all[index].topic;
  usecase::MatterAction action;
  action.caller = option.caller;
  action.matter = matter->id;
  action.action = option.action;
  action.values = filler_.fill({.type = *matter->type,
                                .action = option.action,
                                .caller = option.caller,
                                .matter = matter.get(),
                                .topic = topic,
                                .now = clock_.now()});
  const auto taken = usecase::act_on_matter(office_, action);
  refused = !taken;
  if (refused) GEWU_CHECK(note_refusal(taken.error()));
  else ++summary_.actions[matter->type->name + "." + option.action];
  return take_in(topic);
}

Status Driver::note_refusal(const Error& error) {
  // A refusal is part of life; a storage that does not answer is not.
  if (error.code == ErrorCode::unavailable || error.code == ErrorCode::internal)
    return std::unexpected(error);
  ++summary_.refusals[error.key];
  return {};
}

Status Driver::take_in(const Topic* topic) {
  const auto source = office_.store.read();
  for (const MatterId id : inbox_.take()) {
    const SnapshotPtr matter = source->load(id);
    if (!matter) continue;
    const auto [place, is_new] = index_.try_emplace(id, known_.all.size());
    if (is_new) {
      known_.all.push_back({.id = id, .type = matter->type->name, .topic = topic});
      looks_.emplace_back();
    }
    if (known_.take(place->second, *matter, state_of(*matter))) schedule(place->second);
  }
  return {};
}

void Driver::schedule(std::size_t index) {
  if (looks_[index]) agenda_.erase({*looks_[index], index});
  looks_[index].reset();
  const KnownMatter& known = known_.all[index];
  const auto left = plan_.behaviour.left_percent.find(known.state);
  if (left != plan_.behaviour.left_percent.end() && chance_.percent(left->second)) return;
  auto delay = plan_.behaviour.delays.find(known.state);
  if (delay == plan_.behaviour.delays.end()) delay = plan_.behaviour.delays.find(known.type);
  if (delay == plan_.behaviour.delays.end()) delay = plan_.behaviour.delays.find("any");
  const MinuteRange range =
      delay == plan_.behaviour.delays.end() ? MinuteRange{60, 600} : delay->second;
  const Instant at =
      at_work(clock_.now() + std::max<std::int64_t>(1, chance_.between(range.from, range.to)) *
                                 kMsPerMinute);
  looks_[index] = at;
  agenda_.emplace(at, index);
}

}  // namespace gewu::simulation
