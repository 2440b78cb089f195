#include <utility>

#include "base/text.h"
#include "kernel/matter/docket.h"

// `enter`: an effect that changes the directory (名册变更). A new version of a territory, the end of
// one with its successors, a post. What tree and roster refuse refuses the effect; the store makes
// an event of the directory of each entry, in the transaction of the event that it came of.

namespace gewu::kernel {

namespace {

/// The parts of one entry, evaluated.
struct Parts {
  std::vector<NamedValue> values;

  const Value* find(std::string_view name) const {
    const Value* value = find_value(values, name);
    return value == nullptr || value->is_missing() ? nullptr : value;
  }
  std::optional<std::string> text(std::string_view name) const {
    const Value* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (const auto* words = value->get<std::string>()) return *words;
    if (const auto* unit = value->get<Unit>()) return unit->code;
    if (const auto* key = value->get<Key>()) return key->key;
    return std::nullopt;
  }
  std::optional<Date> date(std::string_view name) const {
    const Value* value = find(name);
    const Date* day = value == nullptr ? nullptr : value->get<Date>();
    return day == nullptr ? std::nullopt : std::optional(*day);
  }
};

Result<Parts> parts_of(Hearing& hearing, const EffectSpec& effect, const Value* element) {
  Scope scope = hearing.scope();
  if (element != nullptr) scope.it = element;
  Parts parts;
  for (const auto& [name, expression] : effect.with) {
    GEWU_TRY(value, evaluate(*expression, scope));
    parts.values.push_back({name, std::move(value)});
  }
  return parts;
}

std::vector<TerritoryCode> codes_in(const Value* value) {
  std::vector<TerritoryCode> codes;
  if (value == nullptr) return codes;
  if (const auto* unit = value->get<Unit>()) codes.push_back(unit->code);
  if (const auto* text = value->get<std::string>()) codes.push_back(*text);
  if (const auto* set = value->get_shared<Values>())
    for (const Value& element : *set)
      for (TerritoryCode& code : codes_in(&element)) codes.push_back(std::move(code));
  return codes;
}

/// A closed line as the outline of a ground.
std::optional<Boundary> boundary_in(const Value* value) {
  const auto* line = value == nullptr ? nullptr : value->get_shared<std::vector<LonLat>>();
  if (line == nullptr || line->size() < 3) return std::nullopt;
  Ring ring = *line;
  if (!(ring.front() == ring.back())) ring.push_back(ring.front());
  return Boundary{{std::move(ring)}};
}

Status enter_territory(Hearing& hearing, const Parts& parts) {
  Docket& docket = hearing.docket;
  if (!docket.territory) docket.territory = *docket.directory().territory;
  GEWU_TRY(code, parse_territory_code(parts.text("code").value_or("")));
  const Territory* known = docket.territory->find(code);
  Territory entry = known == nullptr ? Territory{} : *known;
  entry.code = code;
  const auto until = parts.date("until");
  if (until) {
    if (known == nullptr)
      return refuse(ErrorCode::not_found, "territory.not_found", {{"code", code}});
    entry.valid_until = until;
    entry.successors = codes_in(parts.find("successors"));
  } else {
    entry.valid_from = parts.date("from").value_or(hearing.today());
    entry.valid_until = std::nullopt;
    entry.successors.clear();
  }
  if (const auto level = parts.text("level"))
    entry.level = parse_level(*level).value_or(entry.level);
  if (const auto name = parts.text("name")) entry.name = Label{*name, {}, {}};
  if (auto boundary = boundary_in(parts.find("boundary"))) {
    entry.boundary = std::move(boundary);
    entry.drawn = false;
  }
  GEWU_TRY(changed, docket.territory->with(entry));
  docket.territory = std::move(changed);
  docket.decision.directory.emplace_back(std::move(entry));
  return {};
}

std::optional<Unit> unit_in(const Value* value) {
  if (value == nullptr) return std::nullopt;
  if (const auto* unit = value->get<Unit>()) return *unit;
  if (const auto* link = value->get<Link>()) return row_unit(std::to_string(link->id.value));
  return std::nullopt;
}

/// A post of one's own: known again by what it came of.
Post new_post(Hearing& hearing) {
  Post post;
  post.id = PostId{hearing.docket.chamber.ids.next()};
  post.key = hearing.type.name + "_" + std::to_string(post.id.value);
  return post;
}

Status enter_post(Hearing& hearing, const EffectSpec& effect, const Parts& parts) {
  Docket& docket = hearing.docket;
  if (!docket.roster) docket.roster = *docket.directory().roster;
  const Value* named = parts.find("post");
  const auto* reference = named == nullptr ? nullptr : named->get<PostRef>();
  const Post* known = reference == nullptr ? nullptr : docket.roster->post(reference->id);
  if (reference != nullptr && known == nullptr) return refuse(ErrorCode::not_found, "post.unknown");
  Post post = known == nullptr ? new_post(hearing) : *known;
  if (const auto role = parts.text("role")) post.role = *role;
  if (const auto unit = unit_in(parts.find("unit"))) post.unit = *unit;
  if (const auto organisation = parts.text("organisation")) post.organisation = *organisation;
  if (const Value* seats = parts.find("seats"))
    if (const auto* number = seats->get<Number>())
      post.seats = static_cast<int>(number->micros / kMicros);
  if (const Value* ends = parts.find("abolished"); ends != nullptr && ends->get<bool>() != nullptr &&
                                                   *ends->get<bool>()) {
    GEWU_TRY(abolished, abolish(std::move(post), hearing.now()));
    post = std::move(abolished);
  }
  GEWU_TRY(changed, docket.roster->with(post));
  docket.roster = std::move(changed);
  if (effect.as) {
    hearing.draft->fields[*effect.as] = Value(PostRef{post.id});
    hearing.values_stale = true;
  }
  docket.decision.directory.emplace_back(std::move(post));
  return {};
}

Status enter_one(Hearing& hearing, const EffectSpec& effect, const Value* element) {
  GEWU_TRY(parts, parts_of(hearing, effect, element));
  return effect.type == "post" ? enter_post(hearing, effect, parts)
                               : enter_territory(hearing, parts);
}

}  // namespace

Status enter_all(Hearing& hearing, const EffectSpec& effect) {
  GEWU_TRY(applies, is_true(effect.when, hearing.scope(), true));
  if (!applies) return {};
  if (!effect.each) return enter_one(hearing, effect, nullptr);
  GEWU_TRY(elements, evaluate(*effect.each, hearing.scope()));
  const auto* set = elements.get_shared<Values>();
  if (set == nullptr) return {};
  for (const Value& element : *set) GEWU_CHECK(enter_one(hearing, effect, &element));
  return {};
}

}  // namespace gewu::kernel
