#include "simulation/form.h"

#include <algorithm>
#include <utility>

#include "base/spans.h"
#include "base/text.h"
#include "kernel/matter/built_in.h"

namespace gewu::simulation {

using namespace gewu::kernel;

namespace {

constexpr int kPointTries = 8;
constexpr std::int64_t kManyTries = 4, kDealtTries = 40;  ///< for each of a set

std::int32_t between(std::int32_t a, std::int32_t b, std::int64_t percent) {
  return a + static_cast<std::int32_t>((static_cast<std::int64_t>(b) - a) * percent / 100);
}

const List* find_list(const Type& type, const Locality& locality, const Name& name) {
  if (const auto list = type.lists.find(name); list != type.lists.end()) return &list->second;
  const auto list = locality.lists.find(name);
  return list == locality.lists.end() ? nullptr : &list->second;
}

/// Organisations that a matter has in a set: its members.
std::vector<std::string> members_of(const Snapshot* matter) {
  std::vector<std::string> members;
  for (std::size_t i = 0; matter && i < matter->fields.size(); ++i)
    if (const auto* many = matter->fields[i].get_shared<Values>())
      for (const Value& element : *many)
        if (const auto* unit = element.get<Unit>();
            unit && unit->kind == Unit::Kind::organisation)
          members.push_back(unit->code);
  return members;
}

bool is_same_ground(std::string_view a, std::string_view b, std::size_t digits) {
  return a.substr(0, digits) == b.substr(0, digits);
}

}  // namespace

KnownMatters::KnownMatters(const Behaviour& behaviour) {
  for (const auto& [place, states] : behaviour.links)
    for (const std::string& state : states) by_state[state];
}

bool KnownMatters::take(std::size_t index, const Snapshot& matter, std::string state) {
  KnownMatter& known = all[index];
  known.territory = matter.territory;
  known.is_final = matter.is_final();
  if (known.is_final) open[known.type].erase(index);
  else open[known.type].insert(index);
  if (known.state == state) return false;
  if (const auto left = by_state.find(known.state); left != by_state.end())
    left->second.erase(index);
  if (const auto come = by_state.find(state); come != by_state.end()) come->second.insert(index);
  known.state = std::move(state);
  return true;
}

std::optional<LonLat> point_in(const Directory& directory, const std::string& code,
                               Chance& chance) {
  const Territory* territory = directory.territory->find(code);
  if (!territory || !territory->centre) return std::nullopt;
  if (!territory->boundary || territory->boundary->rings.empty()) return territory->centre;
  const LonLat centre = *territory->centre;
  for (int i = 0; i < kPointTries; ++i) {
    const LonLat corner = chance.of(territory->boundary->rings.front());
    const auto percent = chance.between(5, 80);
    const LonLat point{between(centre.lon_e6, corner.lon_e6, percent),
                       between(centre.lat_e6, corner.lat_e6, percent)};
    if (directory.grids->smallest_of(point) == code) return point;
  }
  return centre;
}

Place read_place(const std::string& text) {
  const auto comma = text.find(',');
  const auto lon = parse_integer(std::string_view(text).substr(0, comma));
  const auto lat = comma == std::string::npos
                       ? std::nullopt
                       : parse_integer(std::string_view(text).substr(comma + 1));
  if (!lon || !lat) return {{}, {}, text};
  return {LonLat{static_cast<std::int32_t>(*lon), static_cast<std::int32_t>(*lat)}, {}, {}};
}

std::vector<NamedValue> FormFiller::fill(const FormCase& form) {
  const std::string place = form.type.name + "." + form.action;
  std::vector<NamedValue> values;
  const auto add = [&](const FieldSpec& field) {
    if (!is_filled(form, field, place)) return;
    Value value = fill_field(form, field, place);
    if (!value.is_missing()) values.push_back({field.name, std::move(value)});
  };
  if (const ActionSpec* action = form.type.find_action(form.action)) {
    for (const std::size_t asked : action->asks) add(form.type.fields[asked]);
    for (const FieldSpec& input : action->input) add(input);
  } else {
    for (const FieldSpec& input : built_in_inputs(form.type, form.action)) add(input);
  }
  return values;
}

FormFiller::Drawn FormFiller::drawn() {
  return {dealer_ ? dealer_->dealt() : std::vector<std::pair<std::string, std::string>>{},
          std::exchange(linked_now_, {})};
}

void FormFiller::put_back(const Drawn& drawn) {
  if (dealer_) dealer_->take_back(drawn.cards);
  for (const auto& [link, matter] : drawn.links) linked_[link].erase(matter);
}

bool FormFiller::is_filled(const FormCase& form, const FieldSpec& field,
                           const std::string& place) {
  if (field.required || (form.given && form.given->contains(field.name))) return true;
  if (behaviour_.decks.contains(place + "." + field.name) ||
      behaviour_.totals.contains(place + "." + field.name))
    return true;
  const auto* percent = find_named(behaviour_.asked_percent, place, field.name);
  return !percent || chance_.percent(*percent);
}

Value FormFiller::fill_field(const FormCase& form, const FieldSpec& field,
                             const std::string& place) {
  if (form.given)
    if (const auto given = form.given->find(field.name); given != form.given->end()) {
      Value value = read_given(field, given->second);
      return field.many && !value.is_missing() ? make_set({std::move(value)}) : value;
    }
  if (dealer_ && !field.many)
    if (const auto card = dealer_->deal(place, field.name)) return read_given(field, *card);
  if (field.kind == FieldKind::rows) return fill_rows(form, field, place);
  return field.many ? fill_many(form, field, place) : fill_one(form, field, place);
}

Value FormFiller::fill_many(const FormCase& form, const FieldSpec& field,
                            const std::string& place) {
  // Of a choice all that are usual; else a few that differ.
  std::int64_t wanted = number(place, field.name, 1, 3);
  Values values;
  for (std::int64_t tries = wanted * (dealer_ ? kDealtTries : kManyTries); tries > 0 && wanted > 0; --tries) {
    Value value = fill_one(form, field, place);
    if (value.is_missing()) break;
    if (std::ranges::find(values, value) != values.end()) continue;
    values.push_back(std::move(value));
    --wanted;
  }
  // Too few of what there is only once: later there may be enough.
  if (wanted > 0 && behaviour_.once.contains(place + "." + field.name)) return {};
  return values.empty() ? Value() : make_set(std::move(values));
}

Value FormFiller::fill_one(const FormCase& form, const FieldSpec& field,
                           const std::string& place) {
  const auto& behaviour = behaviour_;
  switch (field.kind) {
    case FieldKind::text: return say(form, place, field.name);
    case FieldKind::number:
    case FieldKind::quantity: return Number{number(place, field.name, 1, 10) * kMicros};
    case FieldKind::money: return Money{number(place, field.name, 100, 9'000) * 100};
    case FieldKind::date: {
      const auto today = people_.locality().calendar->zone().local_date(form.now);
      return Date{static_cast<std::int32_t>(today.days + number(place, field.name, 1, 5))};
    }
    case FieldKind::instant: return form.now + number(place, field.name, 1, 48) * kMsPerHour;
    case FieldKind::time: return TimeOfDay{static_cast<std::int32_t>(
        number(place, field.name, behaviour.hour_from, behaviour.hour_until - 1) * 60)};
    case FieldKind::period: {
      const Instant from = form.now + number(place, field.name, 1, 5) * kMsPerDay;
      return Period{from, from + 2 * kMsPerHour};
    }
    case FieldKind::limit: {
      const auto* texts = find_named(behaviour.texts, place, field.name);
      const auto limit = texts ? parse_limit(chance_.of(*texts)) : parse_limit("1 day_working");
      return limit ? Value(*limit) : Value();
    }
    case FieldKind::yes_no:
    case FieldKind::choice: return choose(form, field, place);
    case FieldKind::link: return choose_link(form, field, place);
    case FieldKind::territory: return choose_territory(form);
    case FieldKind::organisation: return choose_organisation(form, field);
    case FieldKind::post: {
      const auto* roles = find_named(behaviour.choices, place, field.name);
      const bool says_role = field.role.empty() && roles && !roles->empty();
      const auto post = people_.pick(says_role ? roles->front().first : field.role);
      return post && post->post.has_value() ? Value(PostRef{post->post}) : Value();
    }
    case FieldKind::place: return make_place(form, field);
    case FieldKind::contact: return make_contact();
    case FieldKind::scores: return fill_scores(form, field);
    case FieldKind::rows:
    case FieldKind::hours:
    case FieldKind::file:
    case FieldKind::line:
    case FieldKind::account:
    case FieldKind::tally:
    case FieldKind::action:
    case FieldKind::indicator: return {};
  }
  return {};
}

Value FormFiller::choose_territory(const FormCase& form) {
  if (!form.ground.empty()) return territory_unit(form.ground);
  return territory_unit(behaviour_.rerouted_to.empty() ? people_.pick_grid(form.caller)
                                                       : chance_.of(behaviour_.rerouted_to));
}

Value FormFiller::choose_organisation(const FormCase& form, const FieldSpec& field) {
  if (const auto members = members_of(form.about); !members.empty())
    return organisation_unit(chance_.of(members));
  if (!form.topic || form.topic->organisations.empty())
    return behaviour_.organisations.empty()
               ? Value()
               : Value(organisation_unit(chance_.of(behaviour_.organisations)));
  return organisation_unit(field.many || form.topic->organisations.size() == 1
                               ? chance_.of(form.topic->organisations)
                               : form.topic->organisations[chance_.percent(85) ? 0 : 1]);
}

Value FormFiller::fill_rows(const FormCase& form, const FieldSpec& field,
                            const std::string& place) {
  const std::int64_t count = number(place, field.name, 1, 2);
  const std::string inner = place + "." + field.name;
  Values rows;
  for (std::int64_t i = 0; i < count; ++i) {
    Row row;
    for (const FieldSpec& column : field.fields) {
      Value cell = fill_field(form, column, inner);
      // The first row leads, the others stand behind it.
      const auto* choices = find_named(behaviour_.choices, inner, column.name);
      if (column.kind == FieldKind::choice && !choices)
        if (const List* list = find_list(form.type, people_.locality(), column.list))
          cell = Key{list->rows[std::min<std::size_t>(i, list->rows.size() - 1)].key};
      if (column.kind == FieldKind::organisation && form.topic &&
          !form.topic->organisations.empty()) {
        const auto& organisations = form.topic->organisations;
        cell = organisation_unit(organisations[static_cast<std::size_t>(i) %
                                               organisations.size()]);
      }
      row.cells.push_back({column.name, std::move(cell)});
    }
    rows.push_back(make_large(std::move(row)));
  }
  return make_set(std::move(rows));
}

Value FormFiller::fill_scores(const FormCase& form, const FieldSpec& field) {
  const List* list = find_list(form.type, people_.locality(), field.list);
  if (!list) return {};
  std::vector<Score> scores;
  for (const ListRow& row : list->rows)
    if (!row.off) scores.push_back({row.key, {number({}, field.name, 60, 100) * kMicros}, {}});
  return make_large(std::move(scores));
}

Value FormFiller::choose(const FormCase& form, const FieldSpec& field, const std::string& place) {
  if (form.topic)
    if (const auto own = form.topic->values.find(field.name); own != form.topic->values.end())
      return read_given(field, own->second);
  if (const auto* choices = find_named(behaviour_.choices, place, field.name)) {
    std::vector<std::int64_t> weights;
    for (const auto& [key, weight] : *choices) weights.push_back(weight);
    const std::size_t chosen = chance_.weighted(weights);
    if (chosen < choices->size()) return read_given(field, (*choices)[chosen].first);
  }
  if (field.kind == FieldKind::yes_no) return chance_.percent(50);
  const List* list = find_list(form.type, people_.locality(), field.list);
  if (!list) return {};
  std::vector<Name> keys;
  for (const ListRow& row : list->rows)
    if (!row.off) keys.push_back(row.key);
  return keys.empty() ? Value() : Value(Key{chance_.of(keys)});
}

Value FormFiller::choose_link(const FormCase& form, const FieldSpec& field,
                              const std::string& place) {
  const auto* states = find_named(behaviour_.links, place, field.name);
  const std::string key = place + "." + field.name;
  auto* const met = behaviour_.once.contains(key) ? &linked_[key] : nullptr;
  std::string ground = form.ground;
  if (form.matter) ground = form.matter->territory;
  if (const Post* post = people_.post_of(form.caller))
    if (post->unit.kind == Unit::Kind::territory && ground.empty()) ground = post->unit.code;
  const std::size_t digits = std::min<std::size_t>(ground.size(), 9);
  std::vector<MatterId> near, same;
  const auto weigh = [&](const KnownMatter& known) {
    if (form.matter && known.id == form.matter->id) return;
    if (met && met->contains(known.id.value)) return;
    const bool is_related = form.ground.empty()
                                ? known.territory.size() <= digits ||
                                      is_same_ground(known.territory, ground, digits)
                                : known.territory.starts_with(ground) ||
                                      ground.starts_with(known.territory);
    if (!is_related) return;
    near.push_back(known.id);
    if (form.topic && known.topic == form.topic) same.push_back(known.id);
  };
  std::vector<std::size_t> candidates;
  const auto take = [&](const std::set<std::size_t>& some) {
    candidates.insert(candidates.end(), some.begin(), some.end());
  };
  const auto is_meant = [&](const kernel::Name& type) { return field.to == "any" || field.to == type; };
  if (states) {
    for (const std::string& state : *states)
      if (const auto in = known_.by_state.find(state);
          in != known_.by_state.end() && is_meant(state.substr(0, state.find('.'))))
        take(in->second);
  } else {
    for (const auto& [type, open] : known_.open)
      if (is_meant(type)) take(open);
  }
  std::ranges::sort(candidates);
  for (const std::size_t index : candidates) weigh(known_.all[index]);
  const auto& found = same.empty() ? near : same;
  if (found.empty()) return {};
  const MatterId chosen = chance_.of(found);
  if (met && met->insert(chosen.value).second) linked_now_.emplace_back(key, chosen.value);
  return Link{chosen};
}

Value FormFiller::make_place(const FormCase& form, const FieldSpec& field) {
  const Directory& directory = people_.directory();
  Place place;
  // A matter that goes elsewhere; else somebody's own ground.
  const bool goes = form.matter && !form.type.find_action(form.action);
  if (goes && !behaviour_.rerouted_to.empty() && chance_.percent(40)) {
    place.territory = chance_.of(behaviour_.rerouted_to);
    return make_large(std::move(place));
  }
  std::string grid = form.matter && !goes ? form.matter->territory
                     : form.ground.empty() ? people_.pick_grid(form.caller)
                                           : people_.pick_grid_in(form.ground);
  place.point = point_in(directory, grid, chance_);
  if (!place.point) place.territory = grid;
  const Territory* territory = directory.territory->find(grid);
  if (territory && !behaviour_.addresses.empty() && field.personal)
    place.address = territory->name.zh + chance_.of(behaviour_.addresses);
  return make_large(std::move(place));
}

Value FormFiller::make_contact() {
  Contact contact;
  contact.name = chance_.of(behaviour_.surnames) + chance_.of(behaviour_.given_names);
  contact.phone = behaviour_.phone_prefix + std::to_string(chance_.between(1000, 9999));
  return make_large(std::move(contact));
}

Value FormFiller::say(const FormCase& form, const std::string& place, const Name& name) {
  const auto* words = behaviour_.find_texts(form.topic, place, name);
  if (!words) return {};
  const std::string& said = chance_.of(*words);
  // "中文 || 한국어", of a field that takes several languages.
  constexpr std::string_view kBetween = " || ";
  const auto cut = said.find(kBetween);
  if (cut == std::string::npos) return Value(said);
  Row row;
  row.cells = {{"zh", Value(said.substr(0, cut))}, {"ko", Value(said.substr(cut + kBetween.size()))}};
  return make_large(std::move(row));
}

Value FormFiller::read_given(const FieldSpec& field, const std::string& text) const {
  switch (field.kind) {
    case FieldKind::text: return text;
    case FieldKind::yes_no: return text == "true";
    case FieldKind::choice:
    case FieldKind::action:
    case FieldKind::indicator: return Key{text};
    case FieldKind::organisation: return organisation_unit(text);
    case FieldKind::territory: return territory_unit(text);
    case FieldKind::date: {
      const auto date = parse_date(text);
      return date ? Value(*date) : Value();
    }
    case FieldKind::limit: {
      const auto limit = parse_limit(text);
      return limit ? Value(*limit) : Value();
    }
    case FieldKind::post: {
      const Post* post = people_.directory().roster->post_by_key(text);
      return post ? Value(PostRef{post->id}) : Value();
    }
    case FieldKind::place: return make_large(read_place(text));
    case FieldKind::number:
    case FieldKind::quantity: return Number{parse_integer(text).value_or(0) * kMicros};
    case FieldKind::link: return Link{MatterId{parse_integer(text).value_or(0)}};
    case FieldKind::money:
    case FieldKind::instant:
    case FieldKind::time:
    case FieldKind::period:
    case FieldKind::hours:
    case FieldKind::file:
    case FieldKind::line:
    case FieldKind::contact:
    case FieldKind::account:
    case FieldKind::scores:
    case FieldKind::rows:
    case FieldKind::tally: return {};
  }
  return {};
}

std::int64_t FormFiller::number(const std::string& place, const Name& name, std::int64_t from,
                                std::int64_t to) {
  if (dealer_)
    if (const auto card = dealer_->deal(place, name)) return parse_integer(*card).value_or(from);
  const auto* range = find_named(behaviour_.numbers, place, name);
  return range ? chance_.between(range->first, range->second) : chance_.between(from, to);
}

}  // namespace gewu::simulation
