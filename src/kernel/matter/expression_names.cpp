#include <algorithm>
#include <array>
#include <utility>

#include "kernel/matter/expression_checker.h"

namespace gewu::kernel {
namespace {

using Base = StaticType::Base;

struct BuiltinName {
  std::string_view name;
  Builtin builtin;
  Base base;
  std::string_view of;
};

/// `state`, `parent` and `transferred_to` take their `of` from the matter.
constexpr BuiltinName kBuiltins[] = {
    {"id", Builtin::id, Base::link, ""},
    {"type", Builtin::type, Base::key, "type"},
    {"version", Builtin::version, Base::number, ""},
    {"state", Builtin::state, Base::key, "state"},
    {"outcome", Builtin::outcome, Base::choice, "outcome"},
    {"opened_at", Builtin::opened_at, Base::instant, ""},
    {"closed_at", Builtin::closed_at, Base::instant, ""},
    {"author", Builtin::author, Base::account, ""},
    {"territory", Builtin::territory, Base::unit, "territory"},
    {"owner", Builtin::owner, Base::unit, ""},
    {"handler", Builtin::handler, Base::unit, ""},
    {"claimed_by", Builtin::claimed_by, Base::account, ""},
    {"parent", Builtin::parent, Base::link, ""},
    {"transferred_to", Builtin::transferred_to, Base::link, ""},
    {"next_due", Builtin::next_due, Base::instant, ""},
    {"is_final", Builtin::is_final, Base::yes_no, ""},
};

/// Built-in names that people see and rules do not read.
constexpr std::array<std::string_view, 4> kUnreadable = {"number", "title", "lamp", "tags"};
constexpr std::array<std::string_view, 10> kFixed = {
    "this", "input", "actor", "parent", "basis", "today", "now", "setting", "list", "it"};
constexpr std::array<std::string_view, 8> kBuiltinActions = {
    "note",   "claim", "release",     "reroute",
    "unseal", "erase", "ask_contact", "change_contact"};

struct PartName {
  std::string_view name;
  Part part;
  Base base;
  std::string_view of;
};
constexpr PartName kUnitParts[] = {
    {"territory", Part::unit_territory, Base::unit, "territory"},
    {"parent", Part::unit_parent, Base::unit, ""},
    {"level", Part::unit_level, Base::key, "level"},
    {"code", Part::unit_code, Base::text, ""},
    {"kind", Part::unit_kind, Base::text, ""},
};
constexpr PartName kPostParts[] = {
    {"role", Part::post_role, Base::key, "role"},
    {"unit", Part::post_unit, Base::unit, ""},
    {"organisation", Part::post_organisation, Base::unit, "organisation"},
    {"seats", Part::post_seats, Base::number, ""},
    {"state", Part::post_state, Base::key, "post_state"},
};

template <typename Table>
auto find_in(const Table& table, std::string_view name) {
  const auto found = std::ranges::find_if(table, [&](const auto& row) { return row.name == name; });
  return found == std::end(table) ? nullptr : &*found;
}

template <typename Array>
bool is_one_of(const Array& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::optional<std::size_t> slot_of(const std::vector<FieldShape>& fields, std::string_view name) {
  const auto found = std::ranges::find(fields, name, &FieldShape::name);
  if (found == fields.end()) return std::nullopt;
  return static_cast<std::size_t>(found - fields.begin());
}

}  // namespace

bool Checker::is_fixed_name(std::string_view name) const {
  if (!is_one_of(kFixed, name)) return false;
  if (name == "this") return context_.self != nullptr;
  if (name == "input") return context_.input != nullptr;
  if (name == "parent") return context_.self != nullptr && context_.self->parent_field() != nullptr;
  if (name == "basis") return !context_.basis.empty();
  if (name == "it") return context_.it.has_value() || !elements_.empty();
  return true;
}

bool Checker::has_member(const StaticType& type, std::string_view name) const {
  switch (type.base) {
    case Base::link: {
      const TypeShape* shape = context_.world.find_type(type.of);
      return (shape != nullptr && (shape->find_field(name) || shape->find_set(name))) ||
             find_in(kBuiltins, name) != nullptr;
    }
    case Base::row: {
      const auto* columns = context_.world.find_columns(type.of);
      return columns != nullptr && slot_of(*columns, name);
    }
    case Base::choice: {
      const ListShape* list = context_.world.find_list(type.of);
      return list != nullptr && list->find_prop(name) != nullptr;
    }
    case Base::unit: return find_in(kUnitParts, name) != nullptr;
    case Base::post: return find_in(kPostParts, name) != nullptr || name == "territory";
    case Base::period: return name == "from" || name == "to";
    case Base::missing: case Base::yes_no: case Base::number: case Base::money: case Base::text:
    case Base::date: case Base::instant: case Base::time: case Base::limit: case Base::key:
    case Base::place: case Base::line: case Base::contact: case Base::account: case Base::file:
    case Base::scores: case Base::hours: return false;
  }
  return false;
}

/// A register is no name that a key could be mistaken for: nothing compares with a whole register.
bool Checker::is_in_scope(std::string_view name) const {
  if (!elements_.empty())
    return has_member(elements_.back().type, name) || is_fixed_name(name);
  if (context_.facts != nullptr && slot_of(*context_.facts, name)) return true;
  if (context_.self != nullptr &&
      (context_.self->find_field(name) || context_.self->find_set(name) ||
       find_in(kBuiltins, name) != nullptr))
    return true;
  return is_fixed_name(name);
}

Result<Typed> Checker::check_name(const Syntax& syntax, Hint hint) {
  const std::string& name = syntax.text;
  const bool in_scope = is_in_scope(name);
  if (hint != nullptr && has_keys(*hint) && !(in_scope && hint->base == Base::unit)) {
    // Organisations come and go: one named like a field must not turn a definition wrong.
    const StaticType element = element_of(*hint);
    const bool is_key = !hint->is_set && is_key_of(element, name);
    if (is_key && in_scope) return fail("expression.ambiguous", syntax, {{"of", to_text(element)}});
    if (is_key) return key_constant(element, name);
    if (!in_scope && !hint->is_set && !register_name(name))
      return fail("expression.key", syntax, {{"of", to_text(element)}});
  }
  if (!elements_.empty() && has_member(elements_.back().type, name))
    return member_of(elements_.back(), syntax);
  if (elements_.empty())
    if (auto own = own_name(name)) return *own;
  if (is_fixed_name(name)) {
    if ((name == "now" && !context_.may.now) || (name == "today" && !context_.may.today))
      return fail("expression.not_here", syntax);
    if (auto fixed = fixed_name(name)) return *fixed;
    return fail("expression.name", syntax, {{"why", "needs_member"}});
  }
  if (is_one_of(kUnreadable, name)) return fail("expression.not_here", syntax);
  if (!elements_.empty()) return fail("expression.name", syntax);
  if (context_.self != nullptr) {
    const Typed self{build_.add(Op::self), plain(Base::link, context_.self->name), {Located{}}};
    if (auto builtin = builtin_name(self, name)) return *builtin;
  }
  if (auto found = register_name(name)) return *found;
  return fail("expression.name", syntax);
}

std::optional<Typed> Checker::own_name(std::string_view name) {
  if (context_.self != nullptr) {
    const Typed self{build_.add(Op::self), plain(Base::link, context_.self->name), {Located{}}};
    if (const auto slot = slot_of(context_.self->fields, name))
      return field_of(self, context_.self->fields[*slot], *slot);
    if (const SetShape* set = context_.self->find_set(name)) return set_of(self, *set);
  }
  if (context_.facts != nullptr)
    if (const auto slot = slot_of(*context_.facts, name)) {
      build_.uses().input = true;
      return typed(build_.add(Op::fact, -1, static_cast<std::int32_t>(*slot), build_.name(name)),
                   (*context_.facts)[*slot].type);
    }
  return std::nullopt;
}

std::optional<Typed> Checker::fixed_name(std::string_view name) {
  if (name == "this")
    return Typed{build_.add(Op::self), plain(Base::link, context_.self->name), {Located{}}};
  if (name == "parent") {
    const Typed self{build_.add(Op::self), plain(Base::link, context_.self->name), {Located{}}};
    return builtin_name(self, name);
  }
  if (name == "basis") {
    build_.uses().basis = true;
    Typed made = typed(build_.add(Op::basis), plain(Base::link, context_.basis));
    made.from_directory = true;
    return made;
  }
  if (name == "now") {
    build_.uses().now = true;
    return typed(build_.add(Op::now), plain(Base::instant));
  }
  if (name == "today") {
    build_.uses().today = true;
    return typed(build_.add(Op::today), plain(Base::date));
  }
  if (name == "it") {
    if (!context_.it) {  // in brackets, where no `each` is around: the element
      Typed made = elements_.back();
      made.node = build_.add(Op::element);
      return made;
    }
    build_.uses().each = true;
    Typed made = typed(build_.add(Op::each), *context_.it);
    for (const ReadPath& path : context_.it_paths) {
      std::vector<Name> types(path.size(), "any");
      if (!types.empty()) types.back() = context_.it->of;
      made.at.push_back({path, std::move(types)});
    }
    made.from_directory = made.type.base == Base::link && made.at.empty();
    return made;
  }
  return std::nullopt;
}

std::optional<Typed> Checker::register_name(std::string_view name) {
  Typed made;
  if (name == "post") {
    made = typed(build_.add(Op::posts), set_of_type(plain(Base::post)));
  } else if (name == "territory") {
    made = typed(build_.add(Op::territories), set_of_type(plain(Base::unit, "territory")));
  } else if (name == "organisation") {
    made = typed(build_.add(Op::organisations), set_of_type(plain(Base::unit, "organisation")));
  } else {
    const TypeShape* shape = context_.world.find_type(name);
    if (shape == nullptr || !shape->is_reference) return std::nullopt;
    made = typed(build_.add(Op::rows, -1, -1, build_.name(name)),
                 set_of_type(plain(Base::link, std::string(name))));
    build_.reference_type(name);
  }
  build_.uses().directory = true;
  made.from_directory = true;
  made.is_register = true;
  return made;
}

void Checker::read_of(const Typed& matter, std::string_view name) {
  if (matter.from_directory) build_.uses().directory = true;
  for (const Located& located : matter.at)
    build_.read({located.path, located.types, std::string(name)});
}

std::vector<Located> Checker::beyond(const Typed& matter, const std::string& step,
                                     const Name& type) const {
  std::vector<Located> further = matter.at;
  for (Located& located : further) {
    located.path.push_back(step);
    located.types.push_back(type);
  }
  return further;
}

Typed Checker::field_of(const Typed& matter, const FieldShape& field, std::size_t slot) {
  read_of(matter, field.name);
  const auto index = static_cast<std::int32_t>(slot);
  Typed made;
  if (build_.node(matter.node).op == Op::self) {
    build_.own_field(slot);
    made = typed(build_.add(Op::own_field, index), field.type);
  } else {
    made = typed(build_.add(Op::matter_field, matter.node, index, build_.name(field.name)),
                 field.type);
  }
  if (field.type.base == Base::link) {
    made.at = beyond(matter, field.name, field.type.of);
    made.from_directory = matter.from_directory;
  }
  return made;
}

Typed Checker::set_of(const Typed& matter, const SetShape& set) {
  Typed made = typed(
      build_.add(Op::members, matter.node, build_.name(set.type), build_.name(set.field)),
      set_of_type(plain(Base::link, set.type)));
  made.at = beyond(matter, "<" + set.type + "." + set.field, set.type);
  read_of(made, "");
  return made;
}

std::optional<Typed> Checker::builtin_name(const Typed& matter, std::string_view name) {
  const BuiltinName* found = find_in(kBuiltins, name);
  if (found == nullptr) return std::nullopt;
  if (found->builtin == Builtin::id) return matter;
  const TypeShape* shape = context_.world.find_type(matter.type.of);
  const FieldShape* link = shape == nullptr ? nullptr : shape->parent_field();
  if (found->builtin == Builtin::parent && shape != nullptr && link == nullptr) return std::nullopt;
  read_of(matter, name);
  const std::string& of = matter.type.of;
  StaticType type = plain(found->base, std::string(found->of));
  if (found->builtin == Builtin::state) type.of = of == "any" ? "state" : "state:" + of;
  if (found->builtin == Builtin::transferred_to) type.of = of;
  if (found->builtin != Builtin::parent) {
    Typed made = typed(
        build_.add(Op::matter_builtin, matter.node, static_cast<std::int32_t>(found->builtin)),
        type);
    if (found->builtin == Builtin::transferred_to) made.at = beyond(matter, "transferred_to", of);
    return made;
  }
  Typed made = typed(build_.add(Op::parent, matter.node),
                     plain(Base::link, link == nullptr ? "any" : link->type.of));
  made.at = beyond(matter, "^", made.type.of);
  made.from_directory = matter.from_directory;
  return made;
}

Result<Typed> Checker::check_member(const Syntax& syntax) {
  const Syntax& base = syntax.children[0];
  const auto is_last = [](const Syntax& s) {
    return s.kind == SyntaxKind::call && s.text == "last";
  };
  if (is_last(base) || (base.kind == SyntaxKind::member && is_last(base.children[0])))
    return member_of_last(syntax);
  GEWU_TRY(special, member_of_space(syntax));
  if (special) return *special;
  GEWU_TRY(from, check(base, nullptr));
  GEWU_CHECK(use(from, base));
  return member_of(from, syntax);
}

Result<std::optional<Typed>> Checker::member_of_space(const Syntax& syntax) {
  const Syntax& base = syntax.children[0];
  if (base.kind != SyntaxKind::name || !is_fixed_name(base.text)) return std::nullopt;
  const std::string& name = syntax.text;
  if (base.text == "actor") {
    if (!context_.may.actor) return fail("expression.not_here", base);
    static constexpr PartName kActorParts[] = {{"post", {}, Base::post, ""},
                                               {"unit", {}, Base::unit, ""},
                                               {"organisation", {}, Base::unit, "organisation"},
                                               {"account", {}, Base::account, ""}};
    const PartName* part = find_in(kActorParts, name);
    if (part == nullptr) return fail("expression.name", syntax, {{"of", "actor"}});
    build_.uses().actor = true;
    return typed(build_.add(Op::actor_part, -1, static_cast<std::int32_t>(part - kActorParts)),
                 plain(part->base, std::string(part->of)));
  }
  if (base.text == "input") {
    const auto slot = slot_of(*context_.input, name);
    if (!slot) return fail("expression.name", syntax, {{"of", "input"}});
    build_.uses().input = true;
    const StaticType& type = (*context_.input)[*slot].type;
    Typed made =
        typed(build_.add(Op::input, -1, static_cast<std::int32_t>(*slot), build_.name(name)), type);
    if (type.base == Base::link) made.at = {{{"@" + name}, {type.of}}};
    return made;
  }
  if (base.text == "setting") {
    const auto type = context_.world.find_setting(name);
    if (!type) return fail("expression.name", syntax, {{"of", "setting"}});
    build_.uses().directory = true;
    build_.setting(name);
    return typed(build_.add(Op::setting, -1, -1, build_.name(name)), *type);
  }
  if (base.text == "list") {
    if (context_.world.find_list(name) == nullptr)
      return fail("expression.name", syntax, {{"of", "list"}});
    build_.list(name);
    return typed(build_.add(Op::list_rows, -1, -1, build_.name(name)),
                 set_of_type(plain(Base::choice, name)));
  }
  return std::nullopt;
}

Result<Typed> Checker::member_of_last(const Syntax& syntax) {
  const Syntax& base = syntax.children[0];
  const bool direct = base.kind == SyntaxKind::call;
  const Syntax& call = direct ? base : base.children[0];
  if (!context_.may.history) return fail("expression.not_here", call);
  if (call.children.size() != 1 || call.children[0].kind != SyntaxKind::name)
    return fail("expression.arguments", call);
  const std::string& action_name = call.children[0].text;
  const ActionShape* action =
      context_.self == nullptr ? nullptr : context_.self->find_action(action_name);
  if (action == nullptr && !is_one_of(kBuiltinActions, action_name))
    return fail("expression.name", call.children[0], {{"of", "action"}});
  build_.uses().history = true;
  build_.action(action_name);
  const auto made = [&](LastPart part, StaticType type, std::int32_t input = -1) {
    return typed(build_.add(Op::last, input, static_cast<std::int32_t>(part),
                            build_.name(action_name)),
                 std::move(type));
  };
  if (direct && syntax.text == "at") return made(LastPart::at, plain(Base::instant));
  if (!direct && base.text == "actor") {
    if (syntax.text == "post") return made(LastPart::post, plain(Base::post));
    if (syntax.text == "unit") return made(LastPart::unit, plain(Base::unit));
    if (syntax.text == "organisation")
      return made(LastPart::organisation, plain(Base::unit, "organisation"));
    if (syntax.text == "account") return made(LastPart::account, plain(Base::account));
  }
  if (!direct && base.text == "input" && action != nullptr)
    if (const auto slot = slot_of(action->input, syntax.text)) {
      const FieldShape& input = action->input[*slot];
      // What stands in history keeps no personal value, and its links are not in the dossier.
      if (input.personal) return fail("expression.not_here", syntax, {{"why", "personal"}});
      return made(LastPart::input, input.type, build_.name(syntax.text));
    }
  return fail("expression.name", syntax, {{"of", "last"}});
}

Result<Typed> Checker::member_of(const Typed& base, const Syntax& syntax) {
  const std::string& name = syntax.text;
  if (base.type.is_set) return member_of_set(base, syntax);
  const auto missing = [&] {
    return fail("expression.name", syntax, {{"of", to_text(base.type)}});
  };
  if (base.type.base == Base::link) return member_of_matter(base, syntax);
  if (base.type.base == Base::row) {
    const auto* columns = context_.world.find_columns(base.type.of);
    const auto slot = columns == nullptr ? std::nullopt : slot_of(*columns, name);
    if (!slot) return missing();
    return typed(
        build_.add(Op::column, base.node, static_cast<std::int32_t>(*slot), build_.name(name)),
        (*columns)[*slot].type);
  }
  if (base.type.base == Base::choice) {
    const ListShape* list = context_.world.find_list(base.type.of);
    const FieldShape* prop = list == nullptr ? nullptr : list->find_prop(name);
    if (prop == nullptr) return missing();
    build_.list(list->name);
    return typed(build_.add(Op::prop, base.node, build_.name(list->name), build_.name(name)),
                 prop->type);
  }
  std::optional<Typed> part;
  if (base.type.base == Base::unit) part = member_of_unit(base, name);
  if (base.type.base == Base::post) part = member_of_post(base, name);
  if (base.type.base == Base::period && (name == "from" || name == "to"))
    part = typed(build_.add(Op::part, base.node,
                            static_cast<std::int32_t>(name == "from" ? Part::period_from
                                                                     : Part::period_to)),
                 plain(Base::instant));
  if (!part) return missing();
  return *part;
}

Result<Typed> Checker::member_of_matter(const Typed& base, const Syntax& syntax) {
  const TypeShape* shape = context_.world.find_type(base.type.of);
  const std::string& name = syntax.text;
  // Beyond a row of the directory only further rows can be read: nothing else was loaded.
  if (base.from_directory && (shape == nullptr || !shape->is_reference))
    return fail("expression.cost", syntax, {{"why", "beyond_directory"}});
  if (shape != nullptr) {
    if (const auto slot = slot_of(shape->fields, name))
      return field_of(base, shape->fields[*slot], *slot);
    if (const SetShape* set = shape->find_set(name)) {
      if (base.from_directory)
        return fail("expression.cost", syntax, {{"why", "beyond_directory"}});
      return set_of(base, *set);
    }
  }
  if (auto builtin = builtin_name(base, name)) return *builtin;
  if (is_one_of(kUnreadable, name)) return fail("expression.not_here", syntax);
  return fail("expression.name", syntax, {{"of", to_text(base.type)}});
}

/// Maps over a set: a set of what each element has, flattened.
Result<Typed> Checker::member_of_set(const Typed& base, const Syntax& syntax) {
  Typed element = base;
  element.node = build_.add(Op::element);
  element.type = element_of(base.type);
  element.is_register = false;
  GEWU_TRY(body, member_of(element, syntax));
  Typed made = body;
  made.node = build_.add(Op::map, base.node, body.node);
  made.type = set_of_type(body.type);
  made.is_literal = false;
  return made;
}

std::optional<Typed> Checker::member_of_unit(const Typed& base, std::string_view name) {
  const PartName* found = find_in(kUnitParts, name);
  if (found == nullptr) return std::nullopt;
  build_.uses().directory = true;
  StaticType type = plain(found->base, std::string(found->of));
  if (found->part == Part::unit_parent) type.of = base.type.of;
  return typed(build_.add(Op::part, base.node, static_cast<std::int32_t>(found->part)), type);
}

std::optional<Typed> Checker::member_of_post(const Typed& base, std::string_view name) {
  build_.uses().directory = true;
  if (name == "territory") {
    const Typed unit =
        typed(build_.add(Op::part, base.node, static_cast<std::int32_t>(Part::post_unit)),
              plain(Base::unit));
    return member_of_unit(unit, name);
  }
  const PartName* found = find_in(kPostParts, name);
  if (found == nullptr) return std::nullopt;
  return typed(build_.add(Op::part, base.node, static_cast<std::int32_t>(found->part)),
               plain(found->base, std::string(found->of)));
}

}  // namespace gewu::kernel
