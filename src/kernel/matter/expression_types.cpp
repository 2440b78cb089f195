#include <algorithm>

#include "base/text.h"
#include "kernel/matter/expression_checker.h"
#include "kernel/matter/named.h"
#include "kernel/people/post.h"
#include "kernel/place/territory.h"
#include "kernel/time/calendar.h"
#include "kernel/time/limit.h"

namespace gewu::kernel {
namespace {

using Base = StaticType::Base;

const char* base_text(Base base) {
  switch (base) {
    case Base::missing: return "none";
    case Base::yes_no: return "yes_no";
    case Base::number: return "number";
    case Base::money: return "money";
    case Base::text: return "text";
    case Base::date: return "date";
    case Base::instant: return "instant";
    case Base::time: return "time";
    case Base::limit: return "limit";
    case Base::period: return "period";
    case Base::choice: return "choice";
    case Base::key: return "key";
    case Base::unit: return "unit";
    case Base::link: return "link";
    case Base::post: return "post";
    case Base::place: return "place";
    case Base::line: return "line";
    case Base::contact: return "contact";
    case Base::account: return "account";
    case Base::file: return "file";
    case Base::scores: return "scores";
    case Base::row: return "row";
    case Base::hours: return "hours";
  }
  return "";
}

/// "state:task" into "state" and "task"; a key without a type stands for every type.
std::pair<std::string_view, std::string_view> split_key(std::string_view of) {
  const auto colon = of.find(':');
  if (colon == std::string_view::npos) return {of, {}};
  return {of.substr(0, colon), of.substr(colon + 1)};
}

bool is_same_key(std::string_view a, std::string_view b) {
  const auto [kind_a, type_a] = split_key(a);
  const auto [kind_b, type_b] = split_key(b);
  return kind_a == kind_b && (type_a == type_b || type_a.empty() || type_b.empty());
}

}  // namespace

StaticType plain(Base base, std::string of) { return {base, std::move(of), false}; }

StaticType element_of(StaticType set) {
  set.is_set = false;
  return set;
}

StaticType set_of_type(StaticType element) {
  element.is_set = true;
  return element;
}

bool is_matter(const StaticType& type) { return type.base == Base::link && !type.is_set; }

std::string to_text(const StaticType& type) {
  std::string text = type.is_set ? "set of " : "";
  if (type.base == Base::unit && !type.of.empty()) return text + type.of;
  if (type.base == Base::key) return text + (type.of.empty() ? "key" : type.of);
  text += base_text(type.base);
  if (!type.of.empty()) text += " of " + type.of;
  return text;
}

const FieldShape* TypeShape::find_field(std::string_view field) const {
  return find_named(fields, field);
}
const SetShape* TypeShape::find_set(std::string_view set) const { return find_named(sets, set); }
const ActionShape* TypeShape::find_action(std::string_view action) const {
  return find_named(actions, action);
}
bool TypeShape::has_state(std::string_view state) const { return is_among(states, state); }
bool TypeShape::has_clock(std::string_view clock) const { return is_among(clocks, clock); }
const FieldShape* TypeShape::parent_field() const {
  const auto found = std::ranges::find_if(fields, &FieldShape::parent);
  return found == fields.end() ? nullptr : &*found;
}

bool ListShape::has_key(std::string_view key) const { return is_among(keys, key); }
const FieldShape* ListShape::find_prop(std::string_view prop) const {
  return find_named(props, prop);
}

namespace {

/// Columns of a small table, or of the table in its column of that name.
const std::vector<FieldShape>* columns_below(const FieldShape& table, std::string_view column) {
  if (column.empty()) return &table.columns;
  const FieldShape* inner = find_named(table.columns, column);
  return inner == nullptr ? nullptr : &inner->columns;
}

}  // namespace

const std::vector<FieldShape>* World::find_columns(std::string_view row_of) const {
  const auto first = row_of.find('.');
  const TypeShape* type = find_type(row_of.substr(0, first));
  if (type == nullptr || first == std::string_view::npos) return nullptr;
  const std::string_view rest = row_of.substr(first + 1);
  const auto second = rest.find('.');
  const std::string_view name = rest.substr(0, second);
  const FieldShape* field = type->find_field(name);
  if (field != nullptr && field->type.base == StaticType::Base::row)
    return columns_below(*field, second == std::string_view::npos ? "" : rest.substr(second + 1));
  const ActionShape* action = type->find_action(name);
  if (action == nullptr || second == std::string_view::npos) return nullptr;
  const std::string_view inner = rest.substr(second + 1);
  const auto third = inner.find('.');
  field = find_named(action->input, inner.substr(0, third));
  if (field == nullptr) return nullptr;
  return columns_below(*field, third == std::string_view::npos ? "" : inner.substr(third + 1));
}

bool World::is_kind_of(std::string_view type, std::string_view wanted) const {
  if (wanted == "any" || type == wanted) return true;
  const TypeShape* shape = find_type(type);
  return shape != nullptr && is_among(shape->bases, wanted);
}

bool is_assignable(const World& world, const StaticType& from, const StaticType& to) {
  if (to == kAnyType || from == kAnyType) return true;  // none clears anything
  if (from.is_set != to.is_set) return false;
  if (from.is_set && from.base == Base::missing) return true;  // the empty list
  if (from.base == Base::link && to.base == Base::unit) return to.of.empty() || to.of == "row";
  if (from.base != to.base) return false;
  switch (from.base) {
    case Base::unit: return from.of.empty() || to.of.empty() || from.of == to.of;
    case Base::link: return from.of == "any" || world.is_kind_of(from.of, to.of);
    case Base::key: return is_same_key(from.of, to.of);
    case Base::choice:
    case Base::scores:
    case Base::row: return from.of == to.of;
    case Base::missing:
    case Base::yes_no:
    case Base::number:
    case Base::money:
    case Base::text:
    case Base::date:
    case Base::instant:
    case Base::time:
    case Base::limit:
    case Base::period:
    case Base::post:
    case Base::place:
    case Base::line:
    case Base::contact:
    case Base::account:
    case Base::file:
    case Base::hours: return true;
  }
  return false;
}

bool Checker::has_keys(const StaticType& type) const {
  return type.base == Base::choice || type.base == Base::key || type.base == Base::unit;
}

bool Checker::is_key_of(const StaticType& type, std::string_view word) const {
  const World& world = context_.world;
  if (type.base == Base::choice) {
    const ListShape* list = world.find_list(type.of);
    return list != nullptr && list->has_key(word);
  }
  if (type.base == Base::unit) {
    const bool may_be_place = type.of.empty() || type.of == "territory";
    if (may_be_place && is_territory_code(word)) return true;
    return (type.of.empty() || type.of == "organisation") && is_name(word) &&
           world.has_organisation(word);
  }
  const auto [kind, owner] = split_key(type.of);
  const auto types = [&]() -> std::vector<const TypeShape*> {
    if (owner.empty() || owner == "any") return world.all_types();
    const TypeShape* only = world.find_type(owner);
    return only == nullptr ? std::vector<const TypeShape*>{} : std::vector{only};
  };
  if (kind == "state")
    return std::ranges::any_of(types(), [&](const auto* shape) { return shape->has_state(word); });
  if (kind == "action") {
    const auto dot = word.find('.');
    if (dot != std::string_view::npos) {
      const TypeShape* shape = world.find_type(word.substr(0, dot));
      return shape != nullptr && shape->find_action(word.substr(dot + 1)) != nullptr;
    }
    return !owner.empty() && std::ranges::any_of(types(), [&](const auto* shape) {
      return shape->find_action(word);
    });
  }
  if (kind == "role") return world.has_role(word);
  if (kind == "level") return parse_level(word).has_value();
  if (kind == "type") return world.find_type(word) != nullptr;
  if (kind == "indicator") return world.has_indicator(word);
  if (kind == "post_state") return parse_post_state(word).has_value();
  if (kind == "rule") return true;  // names in `must` of whatever action
  return false;
}

Typed Checker::key_constant(const StaticType& type, std::string_view word) {
  Value value = Key{std::string(word)};
  if (type.base == Base::unit)
    value = is_territory_code(word) ? territory_unit(std::string(word))
                                    : organisation_unit(std::string(word));
  if (type.base == Base::choice) build_.list(type.of);
  StaticType element = element_of(type);
  if (element.base == Base::unit)
    element.of = is_territory_code(word) ? "territory" : "organisation";
  return typed(build_.constant(std::move(value)), std::move(element));
}

std::optional<Value> Checker::literal_as(const Syntax& syntax, const StaticType& type) const {
  if (syntax.kind == SyntaxKind::negate) {
    const auto value = literal_as(syntax.children[0], type);
    if (!value) return std::nullopt;
    if (const auto* money = value->get<Money>()) return Value(Money{-money->fen});
    if (const auto* number = value->get<Number>()) return Value(Number{-number->micros});
    return std::nullopt;
  }
  if (syntax.kind == SyntaxKind::number && type.base == Base::money) {
    if (syntax.number.micros % 10'000 != 0) return std::nullopt;  // less than a fen
    return Value(Money{syntax.number.micros / 10'000});
  }
  if (syntax.kind == SyntaxKind::number && type.base == Base::number) return Value(syntax.number);
  if (syntax.kind != SyntaxKind::text) return std::nullopt;
  if (type.base == Base::text) return Value(syntax.text);
  if (type.base == Base::date)
    if (const auto date = parse_date(syntax.text)) return Value(*date);
  if (type.base == Base::instant)
    if (const auto instant = parse_instant(syntax.text)) return Value(*instant);
  if (type.base == Base::time)
    if (const auto time = parse_time_of_day(syntax.text)) return Value(TimeOfDay{*time});
  return std::nullopt;
}

std::optional<StaticType> Checker::common_type(const StaticType& a, const StaticType& b) const {
  if (a == kAnyType) return b;
  if (b == kAnyType || a == b) return a;
  if (a.is_set != b.is_set) return std::nullopt;
  if (a.base == Base::missing) return b;
  if (b.base == Base::missing) return a;
  if (is_assignable(context_.world, a, b) && b.base != Base::unit) return b;
  if (is_assignable(context_.world, b, a) && a.base != Base::unit) return a;
  StaticType wide = a;
  if (a.base == Base::unit && b.base == Base::unit) return wide.of = "", wide;
  if (a.base == Base::link && b.base == Base::link) return wide.of = "any", wide;
  return std::nullopt;
}

bool Checker::meet(Typed& a, const Syntax& from_a, Typed& b, const Syntax& from_b) {
  const auto adapt = [this](Typed& literal, const Syntax& from, const StaticType& to) {
    if (!literal.is_literal || literal.type == to) return;
    if (auto value = literal_as(from, to))
      literal = typed(build_.constant(std::move(*value)), element_of(to));
  };
  adapt(a, from_a, b.type);
  adapt(b, from_b, a.type);
  return common_type(a.type, b.type).has_value();
}

std::optional<Typed> Checker::convert(Typed from, const StaticType& to) {
  if (!is_assignable(context_.world, from.type, to)) return std::nullopt;
  if (to == kAnyType || from.type == to || from.type.base == Base::missing) return from;
  if (to.base == Base::unit && !to.is_set) {
    const auto kind = to.of == "territory"      ? Unit::Kind::territory
                      : to.of == "organisation" ? Unit::Kind::organisation
                      : to.of == "row"          ? Unit::Kind::row
                                                : Unit::Kind::none;
    if (kind != Unit::Kind::none || from.type.base == Base::link)
      from.node = build_.add(Op::as_unit, from.node, static_cast<std::int32_t>(kind));
  }
  from.type = to;
  return from;
}

}  // namespace gewu::kernel
