#include "base/spans.h"
#include "simulation/glance.h"
#include "simulation/year.h"

#include <algorithm>

// Of YearDriver: how matters are opened and moved on.

namespace gewu::simulation {

using namespace gewu::kernel;
using usecase::Caller;

namespace {

constexpr std::int64_t kInVainMax = 500;  ///< refusals of openings of which none ever passed
constexpr std::int64_t kNeverRefused = -1;
constexpr std::int64_t kWhole = 100;    ///< percent of the counts
constexpr int kTries = 40;      ///< of an opening that is refused
constexpr int kLooksMax = 60;   ///< of a matter at which nothing could be done
constexpr std::size_t kCallersMax = 6;

std::int64_t weight_of(const Behaviour& behaviour, const Type& type, std::size_t state,
                       const Name& action) {
  const std::string own = type.name + "." + type.states[state].name + "." + action;
  if (const auto in_state = behaviour.weights.find(own); in_state != behaviour.weights.end())
    return in_state->second;
  const auto weight = behaviour.weights.find(type.name + "." + action);
  return weight == behaviour.weights.end() ? 0 : weight->second;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

/// When a value says something happens.
std::optional<Instant> instant_of(const Value& value, const Zone& zone) {
  if (const auto* instant = value.get<Instant>()) return *instant;
  if (const auto* period = value.get<Period>()) return period->from;
  if (const auto* date = value.get<Date>()) return zone.to_instant(*date, 9 * 60);
  return std::nullopt;
}

/// Whether a choice of the matter is that of `FIELD=KEY`.
bool says(const Snapshot& matter, std::string_view words) {
  const auto equal = words.find('=');
  if (equal == words.npos) return false;
  const Value* value = matter.find_field(words.substr(0, equal));
  return value != nullptr && *value == Value(Key{std::string(words.substr(equal + 1))});
}

/// Whether somebody else may be allowed what this one was refused.
bool is_about_who(std::string_view key) {
  return key.ends_with(".by") || key.ends_with(".apart") || key == "not_found";
}

}  // namespace

const Topic* YearDriver::draw_topic(const Name& type) {
  std::vector<std::int64_t> weights;
  for (const Topic& topic : plan_.behaviour.topics) {
    const auto weight = topic.types.find(type);
    weights.push_back(weight == topic.types.end() ? 0 : weight->second);
  }
  const std::size_t drawn = chance_.weighted(weights);
  return drawn == weights.size() ? nullptr : &plan_.behaviour.topics[drawn];
}

std::string YearDriver::expand(std::string text, const Opening& opening) const {
  const Directory& directory = *directory_;
  replace_all(text, "$year", std::to_string(plan_.year));
  replace_all(text, "$unit", opening.unit);
  replace_all(text, "$post", opening.post);
  replace_all(text, "$matter", std::to_string(opening.about.value));
  if (text.find("$name") != std::string::npos)
    if (const Territory* territory = directory.territory->find(opening.unit))
      replace_all(text, "$name", territory->name.zh);
  replace_all(text, "$n", std::to_string(opening.number));  // what is left of "$name"
  if (text.find("$office") != std::string::npos)
    if (const Organisation* office =
            directory.roster->nearest_office(opening.unit, today()))
      replace_all(text, "$office", office->key);
  return text;
}

Date YearDriver::today() const {
  return people_.locality().calendar->zone().local_date(clock_.now());
}

/// `TYPE FIELD=KEY`: the matter of that type, on the ground or above it, whose field says so.
std::string YearDriver::find_above(std::string_view words, const std::string& ground) {
  const auto blank = words.find(' ');
  const auto open = known_.open.find(words.substr(0, blank));
  if (blank == words.npos || open == known_.open.end()) return {};
  const auto source = office_.store.read();
  for (const std::size_t index : open->second) {
    const KnownMatter& known = known_.all[index];
    if (!ground.starts_with(known.territory)) continue;
    const SnapshotPtr matter = source->load(known.id);
    if (matter && says(*matter, words.substr(blank + 1))) return std::to_string(known.id.value);
  }
  return {};
}

/// `$deal NAME`: a card of the deck of that name. `$above TYPE FIELD=KEY`: find_above.
std::map<Name, std::string> YearDriver::values_of(const Opening& opening) {
  constexpr std::string_view kDeal = "$deal ";
  constexpr std::string_view kAbove = "$above ";
  std::map<Name, std::string> values = opening.plan->values;
  if (opening.first)
    for (const auto& [name, value] : *opening.first) values[name] = value;
  for (auto& [name, value] : values) {
    if (value.starts_with(kDeal)) value = dealer_.deal({}, value.substr(kDeal.size())).value_or("");
    else if (value.starts_with(kAbove))
      value = find_above(std::string_view(value).substr(kAbove.size()), opening.unit);
    else value = expand(std::move(value), opening);
  }
  return values;
}

std::optional<usecase::Submission> YearDriver::fill(const Opening& opening,
                                                    FormFiller::Drawn& drawn) {
  const OpeningPlan& plan = *opening.plan;
  const TypePtr type = people_.locality().find_type(plan.type);
  if (!type) return std::nullopt;
  std::vector<std::int64_t> weights;
  for (const auto& [role, weight] : plan.by) weights.push_back(weight);
  const Name& role = plan.by[std::min(chance_.weighted(weights), plan.by.size() - 1)].first;
  std::optional<Caller> caller;
  if (!opening.post.empty()) caller = people_.on_post(opening.post);
  if (!caller || people_.post_of(*caller)->role != role) caller = people_.pick_at(role, opening.unit);
  if (!caller) return std::nullopt;
  usecase::Submission submission;
  submission.caller = *caller;
  submission.type = plan.type;
  submission.action = plan.action;
  for (const ActionSpec& candidate : type->actions)
    if (submission.action.empty() && candidate.opens) submission.action = candidate.name;
  submission.locality = people_.locality().name;
  const auto about = topics_.find(opening.about);
  const Topic* topic = about == topics_.end() ? draw_topic(plan.type) : about->second;
  const auto values = values_of(opening);
  const SnapshotPtr followed =
      opening.about.has_value() ? office_.store.read()->load(opening.about) : nullptr;
  submission.values = filler_.fill({.type = *type,
                                    .action = submission.action,
                                    .caller = *caller,
                                    .topic = topic,
                                    .now = clock_.now(),
                                    .given = &values,
                                    .about = followed.get(),
                                    .ground = opening.unit});
  drawn = filler_.drawn();
  return submission;
}

Status YearDriver::open(std::vector<Opening> openings) {
  for (std::size_t i = 0; i < openings.size(); i += kLimits.opened_max) {
    const auto first = openings.begin() + static_cast<std::ptrdiff_t>(i);
    const auto last = openings.begin() + static_cast<std::ptrdiff_t>(
                                             std::min(openings.size(), i + kLimits.opened_max));
    GEWU_CHECK(open_some({first, last}));
  }
  return {};
}

Status YearDriver::open_some(std::vector<Opening> openings) {
  std::vector<usecase::Submission> submissions;
  std::vector<FormFiller::Drawn> drawn(openings.size());
  for (std::size_t i = 0; i < openings.size(); ++i) {
    Opening& opening = openings[i];
    if (opening.number == 0) opening.number = ++numbers_[opening.plan];
    auto submission = fill(opening, drawn[i]);
    if (!submission)
      return refuse(ErrorCode::not_found, "demo.nobody", {{"opening", opening.plan->name}});
    submissions.push_back(std::move(*submission));
  }
  GEWU_TRY(submitted, usecase::submit_matters(office_, submissions));
  for (std::size_t i = 0; i < submitted.size(); ++i) {
    std::int64_t& in_vain = in_vain_[openings[i].plan];
    if (submitted[i]) {
      ++summary_.actions[openings[i].plan->type + "." + submissions[i].action];
      in_vain = kNeverRefused;
      continue;
    }
    filler_.put_back(drawn[i]);
    GEWU_CHECK(note_refusal("opening " + openings[i].plan->name, submitted[i].error()));
    // People try again; a plan that the law never lets pass is a wrong plan. In a part of a year
    // what an opening leans on may be among what was left out.
    const bool is_whole = plan_.percent == kWhole;
    if (is_whole && in_vain != kNeverRefused && ++in_vain >= kInVainMax)
      return refuse(ErrorCode::invalid, "demo.never_passes",
                    {{"opening", openings[i].plan->name}, {"refused", submitted[i].error().key}});
    try_later(openings[i]);
  }
  return take_in(nullptr);
}

/// Whoever is refused comes again another day, with other people and other words.
void YearDriver::try_later(Opening opening) {
  if (++opening.tries >= kTries) {
    ++summary_.refusals["given up: opening " + opening.plan->name];
    return;
  }
  put(at_work(clock_.now() + chance_.between(kMsPerHour, 30 * kMsPerHour)), opening);
}

const std::vector<YearDriver::Choice>& YearDriver::choices_of(const Snapshot& matter) {
  const auto [known, is_new] = choices_.try_emplace({matter.type->name, matter.state});
  if (!is_new) return known->second;
  const Type& type = *matter.type;
  for (std::size_t i = 0; i < type.actions.size(); ++i) {
    const ActionSpec& action = type.actions[i];
    const bool from_here = std::ranges::binary_search(action.from, matter.state);
    const auto weight = weight_of(plan_.behaviour, type, matter.state, action.name);
    if (!action.is_auto && from_here && weight > 0) known->second.push_back({i, weight});
  }
  return known->second;
}

/// Draws what to do, and finds who might; false when nothing is left to try.
bool YearDriver::choose(Look& look) {
  const Course& course = courses_[look.index];
  std::vector<std::size_t> actions;
  std::vector<std::int64_t> weights;
  for (const Choice& choice : choices_of(*look.matter)) {
    if (std::ranges::find(look.tried, choice.action) != look.tried.end()) continue;
    const auto repeat = course.repeats.find(choice.action);
    if (repeat != course.repeats.end() && repeat->second > 0) {
      actions.assign(1, choice.action);
      weights.assign(1, 1);
      break;
    }
    if (repeat != course.repeats.end()) continue;
    if (std::ranges::find(course.taken, choice.action) != course.taken.end()) continue;
    actions.push_back(choice.action);
    weights.push_back(choice.weight);
  }
  const std::size_t drawn = chance_.weighted(weights);
  if (drawn >= actions.size()) return false;
  look.action = actions[drawn];
  look.tried.push_back(actions[drawn]);
  const SnapshotPtr parent = look.matter->parent.has_value()
                                 ? office_.store.read()->load(look.matter->parent)
                                 : nullptr;
  look.callers =
      people_.for_action(*look.matter, look.matter->type->actions[*look.action], parent.get());
  if (look.callers.size() > kCallersMax) look.callers.resize(kCallersMax);
  std::ranges::reverse(look.callers);  // the likeliest is taken from the end
  return true;
}

Status YearDriver::look(const std::vector<std::size_t>& indexes) {
  std::vector<Look> looks;
  const auto source = office_.store.read();
  for (const std::size_t index : indexes) {
    Look look{.index = index, .matter = source->load(known_.all[index].id)};
    if (look.matter) looks.push_back(std::move(look));
  }
  while (!looks.empty()) {
    std::vector<Look> ready;
    for (Look& look : looks) {
      bool more = true;
      while (more && look.callers.empty()) more = choose(look);
      if (more) ready.push_back(std::move(look));
      else settle_look(look, false);
    }
    GEWU_CHECK(act(ready));
    looks = std::move(ready);
  }
  return take_in(nullptr);
}

/// One try of each; those that were refused stay in `looks`.
Status YearDriver::act(std::vector<Look>& looks) {
  std::vector<usecase::MatterAction> actions;
  for (Look& look : looks) {
    const Type& type = *look.matter->type;
    usecase::MatterAction action;
    action.caller = look.callers.back();
    look.callers.pop_back();
    action.matter = look.matter->id;
    action.action = type.actions[*look.action].name;
    action.values = filler_.fill({.type = type,
                                  .action = action.action,
                                  .caller = action.caller,
                                  .matter = look.matter.get(),
                                  .topic = known_.all[look.index].topic,
                                  .now = clock_.now(),
                                  .ground = look.matter->territory});
    look.drawn = filler_.drawn();
    actions.push_back(std::move(action));
  }
  if (actions.empty()) return {};
  GEWU_TRY(taken, usecase::act_on_matters(office_, actions));
  std::vector<Look> left;
  for (std::size_t i = 0; i < taken.size(); ++i) {
    Look& look = looks[i];
    const std::string where = look.matter->type->name + "." + actions[i].action;
    if (taken[i]) {
      ++summary_.actions[where];
      settle_look(look, true);
      continue;
    }
    filler_.put_back(look.drawn);
    GEWU_CHECK(note_refusal(where, taken[i].error()));
    if (!is_about_who(taken[i].error().key)) look.callers.clear();
    left.push_back(std::move(look));
  }
  looks = std::move(left);
  return {};
}

/// After a look: what was done here is not done again; nothing done: another day, not for ever.
void YearDriver::settle_look(Look& look, bool done) {
  Course& course = courses_[look.index];
  if (done) {
    course.taken.push_back(*look.action);
    if (const auto repeat = course.repeats.find(*look.action); repeat != course.repeats.end())
      --repeat->second;
    course.refused_looks = 0;
  } else if (choices_of(*look.matter).empty() || ++course.refused_looks > kLooksMax) {
    return;
  }
  schedule(look.index, *look.matter);
}

Status YearDriver::take_in(const Topic* topic) {
  std::unordered_set<std::int64_t> seen;
  const auto source = office_.store.read();
  for (const MatterId id : inbox_.take()) {
    if (!seen.insert(id.value).second) continue;
    const SnapshotPtr matter = source->load(id);
    if (!matter) continue;
    const auto [place, is_new] = index_.try_emplace(id, known_.all.size());
    if (is_new) {
      const Topic* own = topic;
      if (const auto above = index_.find(matter->parent); above != index_.end())
        own = known_.all[above->second].topic;
      if (!own) own = draw_topic(matter->type->name);
      known_.all.push_back({.id = id, .type = matter->type->name, .topic = own});
      courses_.emplace_back();
    }
    const std::size_t index = place->second;
    if (known_.take(index, *matter, state_of(*matter))) arrive(index, *matter);
  }
  return {};
}

/// A matter has come to a state: what is repeated there, and what is opened for it.
void YearDriver::arrive(std::size_t index, const Snapshot& matter) {
  Course& course = courses_[index];
  course = {};
  const KnownMatter known = known_.all[index];
  for (const Choice& choice : choices_of(matter)) {
    const std::string name = known.state + "." + matter.type->actions[choice.action].name;
    if (plan_.behaviour.repeats.contains(name))
      course.repeats[choice.action] = dealer_.times(name, 0);
  }
  if (const auto follow = follow_.find(known.state); follow != follow_.end()) {
    for (const OpeningPlan* opening : follow->second) {
      const Territory* ground = directory_->territory->find(known.territory);
      if (!opening->each.empty() && (!ground || level_name(ground->level) != opening->each))
        continue;
      const auto blank = opening->on.find(' ');
      if (blank != opening->on.npos && !says(matter, std::string_view(opening->on).substr(blank + 1)))
        continue;
      const std::string name = "opening." + opening->name;
      const auto delay = delay_of(name, name);
      const std::int64_t times = dealer_.times(name, 1);
      for (std::int64_t i = 0; i < times; ++i)
        put(at_work(clock_.now() + chance_.between(delay.from, delay.to) * kMsPerMinute),
            {.plan = opening, .unit = known.territory, .about = known.id});
    }
    topics_[known.id] = known.topic;
  }
  filler_.drawn();  // repeats are kept
  if (!choices_of(matter).empty()) schedule(index, matter);
}

MinuteRange YearDriver::delay_of(const std::string& state, const Name& type) const {
  for (const std::string& key : {state, std::string(type), std::string("any")})
    if (const auto delay = plan_.behaviour.delays.find(key); delay != plan_.behaviour.delays.end())
      return delay->second;
  return {60, 600};
}

void YearDriver::schedule(std::size_t index, const Snapshot& matter) {
  Course& course = courses_[index];
  if (course.due) return;
  const KnownMatter& known = known_.all[index];
  const auto left = plan_.behaviour.left_percent.find(known.state);
  if (left != plan_.behaviour.left_percent.end() && chance_.percent(left->second)) return;
  const auto delay = delay_of(known.state, known.type);
  Instant at = clock_.now() +
               std::max<std::int64_t>(1, chance_.between(delay.from, delay.to)) * kMsPerMinute;
  bool is_set = false;
  if (const auto field = plan_.behaviour.at.find(known.state);
      field != plan_.behaviour.at.end()) {
    const auto place = matter.type->find_field(field->second);
    const auto when = place && *place < matter.fields.size()
                          ? instant_of(matter.fields[*place],
                                       people_.locality().calendar->zone())
                          : std::nullopt;
    if (when && clock_.now() < *when) at = *when + chance_.between(1, 9) * kMsPerMinute;
    is_set = when.has_value();
  }
  course.due = rounded(is_set ? at : at_work(at));
  agenda_[*course.due].looks.push_back(index);
}

}  // namespace gewu::simulation
