#include <algorithm>
#include <cstdlib>
#include <string>

#include "kernel/matter/expression_machine.h"
#include "kernel/matter/value_arithmetic.h"

namespace gewu::kernel {

const Value kMissing;

namespace {

/// A live field may read live fields of other matters; definitions keep this short, and a circle
/// over pinned texts ends here.
constexpr int kLiveNestingMax = 8;

std::unexpected<Error> refused(const Expression& expression, const char* key) {
  std::vector<ErrorDetail> details = {{"text", expression.text()}};
  if (expression.origin().file) details.push_back({"file", expression.origin().text()});
  return refuse(ErrorCode::invalid, key, std::move(details));
}

/// An account as a value: what a field of kind `account` holds.
Value account_value(AccountId account) { return Value(std::to_string(account.value)); }

template <typename Held, typename Id>
void set_if(Id id, Value& out) {
  if (id.has_value()) out = Held{id};
}

}  // namespace

Result<Value> evaluate(const Expression& expression, const Scope& scope) {
  Machine machine(expression, scope);
  Value scratch;
  const Value* found = machine.value(expression.root(), nullptr, scratch);
  if (machine.failure() != nullptr) return refused(expression, machine.failure());
  if (found == &scratch) return scratch;
  return *found;
}

Result<const Value*> evaluate_in_place(const Expression& expression, const Scope& scope,
                                       Value& scratch) {
  Machine machine(expression, scope);
  const Value* found = machine.value(expression.root(), nullptr, scratch);
  if (machine.failure() != nullptr) return refused(expression, machine.failure());
  return found;
}

Result<bool> holds_true(const Expression& expression, const Scope& scope) {
  Machine machine(expression, scope);
  const bool truth = machine.truth(expression.root(), nullptr);
  if (machine.failure() != nullptr) return refused(expression, machine.failure());
  return truth;
}

std::optional<Date> Machine::today() const {
  if (calendar() == nullptr) return std::nullopt;
  return calendar()->zone().local_date(scope_.now);
}

const Value* Machine::value(std::int32_t at, const Element* element, Value& scratch) {
  const ExpressionNode& of = node(at);
  switch (of.op) {
    case Op::constant: return &expression_.constants()[of.a];
    case Op::own_field:
      if (scope_.self == nullptr) return &kMissing;
      return field(*scope_.self, static_cast<std::size_t>(of.a), scratch);
    case Op::matter_field: {
      const Snapshot* owner = matter(of.a, element);
      if (owner == nullptr) return &kMissing;
      const auto found = slot(*owner, of);
      return found ? field(*owner, *found, scratch) : &kMissing;
    }
    case Op::matter_builtin:
      if (const Snapshot* owner = matter(of.a, element))
        builtin(*owner, static_cast<Builtin>(of.b), scratch);
      return &scratch;
    case Op::input: return named(scope_.input, of);
    case Op::fact: return named(scope_.facts, of);
    case Op::each: return scope_.it == nullptr ? &kMissing : scope_.it;
    case Op::column: return column(of, element, scratch);
    case Op::prop: return prop(of, element, scratch);
    case Op::setting:
      if (const auto found = scope_.locality.settings.find(name(of.c));
          found != scope_.locality.settings.end())
        return &found->second.value;
      return &kMissing;
    case Op::now: scratch = scope_.now; return &scratch;
    case Op::today:
      if (const auto day = today()) scratch = *day;
      return &scratch;
    case Op::actor_part: actor(static_cast<ActorPart>(of.b), scratch); return &scratch;
    case Op::last: last(of, scratch); return &scratch;
    case Op::part: part(of, element, scratch); return &scratch;
    case Op::as_unit: as_unit(of, element, scratch); return &scratch;
    case Op::self: case Op::basis: case Op::parent:
      if (const Snapshot* found = matter(at, element)) scratch = Link{found->id};
      else if (of.op == Op::parent)
        if (const Snapshot* child = matter(of.a, element)) set_if<Link>(child->parent, scratch);
      return &scratch;
    case Op::element:
      if (element == nullptr) return &kMissing;
      if (element->value != nullptr) return element->value;
      scratch = value_of(*element);
      return &scratch;
    case Op::not_true: case Op::both: case Op::either: case Op::equal: case Op::unequal:
    case Op::less: case Op::less_equal: case Op::greater: case Op::greater_equal: case Op::in:
    case Op::is_type: case Op::state_is: case Op::has: case Op::any: case Op::none: case Op::all:
      scratch = truth(at, element);
      return &scratch;
    case Op::negate: case Op::add: case Op::subtract: case Op::multiply: case Op::divide:
      return arithmetic(of, element, scratch);
    case Op::otherwise: {
      const Value* found = value(of.a, element, scratch);
      return found->is_missing() ? value(of.b, element, scratch) : found;
    }
    case Op::choose:
      return value(argument(of, truth(argument(of, 0), element) ? 1 : 2), element, scratch);
    case Op::members: case Op::rows: case Op::rows_equal: case Op::rows_covering: case Op::posts:
    case Op::territories: case Op::organisations: case Op::list_rows: case Op::elements:
    case Op::filter: case Op::map: case Op::join: case Op::without: case Op::grids_of:
      scratch = make_set(collect(at, element));
      return &scratch;
    case Op::count: case Op::sum: case Op::mean: case Op::min: case Op::max: case Op::first:
    case Op::only: case Op::highest: case Op::lowest: case Op::streak:
      return aggregate(of, element, scratch);
    case Op::min2: case Op::max2: case Op::round: case Op::times: case Op::days: case Op::minutes:
    case Op::years: case Op::day: case Op::year_of: case Op::start_of: case Op::end_of:
    case Op::at_time: case Op::is_workday: case Op::period: case Op::inside: case Op::grid_of:
    case Op::up: case Op::covers: case Op::common: case Op::office: case Op::distance:
    case Op::weighted: case Op::complete: case Op::reasoned: case Op::used: case Op::overdue:
    case Op::due: case Op::balance: case Op::figure: case Op::cited: case Op::table:
      call(of, element, scratch);
      return &scratch;
  }
  return &kMissing;
}

bool Machine::truth(std::int32_t at, const Element* element) {
  const ExpressionNode& of = node(at);
  switch (of.op) {
    case Op::not_true: return !truth(of.a, element);
    case Op::both: return truth(of.a, element) && truth(of.b, element);
    case Op::either: return truth(of.a, element) || truth(of.b, element);
    case Op::equal: case Op::unequal: case Op::less: case Op::less_equal: case Op::greater:
    case Op::greater_equal: return compared(of, element);
    case Op::in: return is_in(of, element);
    case Op::is_type: return has_type(of, element);
    case Op::state_is: return has_state(of, element);
    case Op::has: {
      Value scratch;
      return !value(of.a, element, scratch)->is_missing();
    }
    case Op::any: return !walk(argument(of, 0), element, [](const Element&) { return false; });
    case Op::none: return walk(argument(of, 0), element, [](const Element&) { return false; });
    case Op::all: {
      const std::int32_t condition = argument(of, 1);
      return walk(argument(of, 0), element,
                  [&](const Element& one) { return truth(condition, &one); });
    }
    case Op::constant: case Op::own_field: case Op::matter_field: case Op::matter_builtin:
    case Op::input: case Op::fact: case Op::each: case Op::column: case Op::prop:
    case Op::setting: case Op::now: case Op::today: case Op::actor_part: case Op::last:
    case Op::part: case Op::as_unit: case Op::self: case Op::basis: case Op::parent:
    case Op::element: case Op::negate: case Op::add: case Op::subtract: case Op::multiply:
    case Op::divide: case Op::otherwise: case Op::members: case Op::rows: case Op::rows_equal:
    case Op::rows_covering: case Op::posts: case Op::territories: case Op::organisations:
    case Op::list_rows: case Op::elements: case Op::filter: case Op::map: case Op::join:
    case Op::without: case Op::count: case Op::sum: case Op::mean: case Op::min: case Op::max:
    case Op::first: case Op::only: case Op::highest: case Op::lowest: case Op::choose:
    case Op::min2: case Op::max2: case Op::round: case Op::times: case Op::days:
    case Op::minutes: case Op::years: case Op::day: case Op::year_of: case Op::start_of:
    case Op::end_of: case Op::at_time: case Op::is_workday: case Op::period: case Op::inside:
    case Op::grid_of: case Op::grids_of: case Op::up: case Op::covers: case Op::common:
    case Op::office: case Op::distance: case Op::weighted: case Op::complete: case Op::reasoned:
    case Op::streak: case Op::balance: case Op::figure: case Op::cited: case Op::used:
    case Op::overdue: case Op::due:
    case Op::table: {
      // A yes_no by itself: missing counts as false.
      Value scratch;
      const bool* held = value(at, element, scratch)->get<bool>();
      return held != nullptr && *held;
    }
  }
  return false;
}

bool Machine::compared(const ExpressionNode& of, const Element* element) {
  Value scratch_a, scratch_b;
  const Value* a = value(of.a, element, scratch_a);
  const Value* b = value(of.b, element, scratch_b);
  if (of.op == Op::equal) return equals(*a, *b);
  if (of.op == Op::unequal) return !a->is_missing() && !b->is_missing() && !equals(*a, *b);
  const auto order = compare(*a, *b);
  if (!order) return false;
  if (of.op == Op::less) return *order < 0;
  if (of.op == Op::less_equal) return *order <= 0;
  if (of.op == Op::greater) return *order > 0;
  return *order >= 0;
}

bool Machine::is_in(const ExpressionNode& of, const Element* element) {
  Value scratch;
  const Value* sought = value(of.a, element, scratch);
  if (sought->is_missing()) return false;
  return !walk(of.b, element, [&](const Element& one) {
    return one.value != nullptr ? !equals(*sought, *one.value) : !equals(*sought, value_of(one));
  });
}

bool Machine::has_state(const ExpressionNode& of, const Element* element) {
  const Snapshot* owner = matter(of.a, element);
  if (owner == nullptr) return false;
  const Name& state = owner->type->states[owner->state].name;
  for (int i = 0; i < of.argument_count; ++i)
    if (name(argument(of, i)) == state) return true;
  return false;
}

/// Extensions count: a type extends at most a type that extends another.
bool Machine::has_type(const ExpressionNode& of, const Element* element) {
  const Snapshot* owner = matter(of.a, element);
  if (owner == nullptr) return false;
  const Name& wanted = name(of.c);
  if (owner->type->name == wanted || owner->type->base == wanted) return true;
  if (owner->type->base.empty()) return false;
  const auto base = scope_.locality.types.find(owner->type->base);
  return base != scope_.locality.types.end() && base->second->base == wanted;
}

const Value* Machine::arithmetic(const ExpressionNode& of, const Element* element,
                                 Value& scratch) {
  Value scratch_a, scratch_b;
  const Value* a = value(of.a, element, scratch_a);
  bool fits = true;
  if (of.op == Op::negate) {
    const Value zero = a->is<Money>() ? Value(Money{0}) : Value(Number{0});
    fits = calculate(Calculation::subtract, zero, *a, nullptr, scratch);
  } else {
    const auto how = of.op == Op::add        ? Calculation::add
                     : of.op == Op::subtract ? Calculation::subtract
                     : of.op == Op::multiply ? Calculation::multiply
                                             : Calculation::divide;
    fits = calculate(how, *a, *value(of.b, element, scratch_b), calendar(), scratch);
  }
  if (!fits) fail("expression.overflow");
  return &scratch;
}

const Snapshot* Machine::find(MatterId id) const {
  if (!id.has_value()) return nullptr;
  if (scope_.self != nullptr && scope_.self->id == id) return scope_.self;
  if (const Snapshot* loaded = scope_.dossier.peek(id)) return loaded;
  if (scope_.basis != nullptr && scope_.basis->id == id) return scope_.basis;
  for (const auto& [type, rows] : scope_.directory.references)
    if (rows)
      if (const SnapshotPtr row = rows->find(id)) return row.get();
  return nullptr;
}

const Snapshot* Machine::matter(std::int32_t at, const Element* element) {
  const ExpressionNode& of = node(at);
  if (of.op == Op::self) return scope_.self;
  if (of.op == Op::basis) return scope_.basis;
  if (of.op == Op::element && element != nullptr && element->matter != nullptr)
    return element->matter;
  if (of.op == Op::parent) {
    const Snapshot* child = matter(of.a, element);
    return child == nullptr ? nullptr : find(child->parent);
  }
  Value scratch;
  if (of.op == Op::first || of.op == Op::only || of.op == Op::highest || of.op == Op::lowest) {
    const auto picked = pick(of, element, scratch);
    if (!picked) return nullptr;
    if (picked->matter != nullptr) return picked->matter;
  }
  const Value* held = value(at, element, scratch);
  if (const Link* link = held->get<Link>()) return find(link->id);
  if (const Unit* unit = held->get<Unit>(); unit != nullptr && unit->kind == Unit::Kind::row)
    return find(MatterId{std::strtoll(unit->code.c_str(), nullptr, 10)});
  return nullptr;
}

/// The type a matter is pinned to may differ from the shape this was checked against: the slot is
/// tried first, then the name.
std::optional<std::size_t> Machine::slot(const Snapshot& of, const ExpressionNode& by) const {
  const auto& fields = of.type->fields;
  const Name& wanted = name(by.c);
  const auto guess = static_cast<std::size_t>(by.b);
  if (guess < fields.size() && fields[guess].name == wanted) return guess;
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (fields[i].name == wanted) return i;
  return std::nullopt;
}

const Value* Machine::field(const Snapshot& of, std::size_t at, Value& scratch) {
  const auto& fields = of.type->fields;
  if (at >= fields.size()) return &kMissing;
  const FieldSpec& spec = fields[at];
  if (!spec.live || !spec.value) return at < of.fields.size() ? &of.fields[at] : &kMissing;
  if (depth_ >= kLiveNestingMax) {
    fail("expression.depth");
    return &kMissing;
  }
  Scope inner{scope_.directory, scope_.locality, scope_.dossier};
  inner.self = &of;
  inner.now = scope_.now;
  Machine machine(*spec.value, inner, depth_ + 1);
  const Value* found = machine.value(spec.value->root(), nullptr, scratch);
  if (machine.failure() != nullptr) fail(machine.failure());
  if (found != &scratch) scratch = Value(*found);
  return &scratch;
}

void Machine::builtin(const Snapshot& of, Builtin wanted, Value& out) const {
  switch (wanted) {
    case Builtin::id: out = Link{of.id}; return;
    case Builtin::type: out = Key{of.type->name}; return;
    case Builtin::version:
      if (const auto micros = narrow(Wide{of.version} * kMicros)) out = Number{*micros};
      return;
    case Builtin::state: out = Key{of.type->states[of.state].name}; return;
    case Builtin::outcome:
      if (!of.outcome.empty()) out = Key{of.outcome};
      return;
    case Builtin::opened_at: out = of.opened_at; return;
    case Builtin::closed_at:
      if (of.closed_at) out = *of.closed_at;
      return;
    case Builtin::author:
      if (of.author_account.has_value()) out = account_value(of.author_account);
      return;
    case Builtin::territory:
      if (!of.territory.empty()) out = territory_unit(of.territory);
      return;
    case Builtin::owner:
      if (of.owner.kind != Unit::Kind::none) out = of.owner;
      return;
    case Builtin::handler:
      if (of.handler.kind != Unit::Kind::none) out = of.handler;
      return;
    case Builtin::claimed_by:
      if (of.claimed_by.has_value()) out = account_value(of.claimed_by);
      return;
    case Builtin::parent: set_if<Link>(of.parent, out); return;
    case Builtin::transferred_to: set_if<Link>(of.transferred_to, out); return;
    case Builtin::next_due: {
      std::optional<Instant> earliest;
      for (const ClockState& clock : of.clocks)
        if (clock.status == ClockStatus::running && (!earliest || clock.due < *earliest))
          earliest = clock.due;
      if (earliest) out = *earliest;
      return;
    }
    case Builtin::is_final: out = of.is_final(); return;
  }
}

const Value* Machine::named(const std::vector<NamedValue>* values,
                            const ExpressionNode& of) const {
  if (values == nullptr) return &kMissing;
  const auto guess = static_cast<std::size_t>(of.b);
  const Name& wanted = name(of.c);
  if (guess < values->size() && (*values)[guess].name == wanted) return &(*values)[guess].value;
  const Value* found = find_value(*values, wanted);
  return found == nullptr ? &kMissing : found;
}

const Value* Machine::column(const ExpressionNode& of, const Element* element, Value& scratch) {
  const Value* held = value(of.a, element, scratch);
  const Row* row = held->get_shared<Row>();
  if (row == nullptr) return &kMissing;
  const Value* found = named(&row->cells, of);
  if (held != &scratch) return found;
  Value cell = *found;  // the row lies in scratch itself
  scratch = std::move(cell);
  return &scratch;
}

const List* Machine::list(std::int32_t at, const Snapshot* pinned) const {
  const Name& wanted = name(at);
  for (const Snapshot* owner : {pinned, scope_.self}) {
    if (owner == nullptr) continue;
    const auto found = owner->type->lists.find(wanted);
    if (found != owner->type->lists.end()) return &found->second;
  }
  const auto found = scope_.locality.lists.find(wanted);
  return found == scope_.locality.lists.end() ? nullptr : &found->second;
}

const Value* Machine::prop(const ExpressionNode& of, const Element* element, Value& scratch) {
  const ListRow* row = nullptr;
  if (node(of.a).op == Op::element && element != nullptr) row = element->row;
  if (row == nullptr) {
    const Key* key = value(of.a, element, scratch)->get<Key>();
    if (key == nullptr) return &kMissing;
    const ExpressionNode& from = node(of.a);
    const Snapshot* pinned = from.op == Op::matter_field ? matter(from.a, element) : nullptr;
    const List* rows = list(of.b, pinned);
    if (rows == nullptr) return &kMissing;
    const auto found = std::ranges::find(rows->rows, key->key, &ListRow::key);
    if (found == rows->rows.end()) return &kMissing;
    row = &*found;
  }
  const Value* found = find_value(row->props, name(of.c));
  return found == nullptr ? &kMissing : found;
}

void Machine::actor(ActorPart wanted, Value& out) const {
  if (scope_.actor == nullptr) return;
  const Actor& who = *scope_.actor;
  switch (wanted) {
    case ActorPart::post: set_if<PostRef>(who.post, out); return;
    case ActorPart::unit:
      if (who.unit.kind != Unit::Kind::none) out = who.unit;
      return;
    case ActorPart::organisation:
      if (!who.organisation.empty()) out = organisation_unit(who.organisation);
      return;
    case ActorPart::account:
      if (who.account.has_value()) out = account_value(who.account);
      return;
  }
}

void Machine::last(const ExpressionNode& of, Value& out) const {
  if (scope_.self == nullptr) return;
  const auto& actions = scope_.self->actions;
  const auto found = std::ranges::find(actions, name(of.c), &ActionRecord::action);
  if (found == actions.end()) return;
  switch (static_cast<LastPart>(of.b)) {
    case LastPart::at: out = found->at; return;
    case LastPart::post: set_if<PostRef>(found->actor.post, out); return;
    case LastPart::unit:
      if (found->actor.unit.kind != Unit::Kind::none) out = found->actor.unit;
      return;
    case LastPart::organisation:
      if (!found->actor.organisation.empty()) out = organisation_unit(found->actor.organisation);
      return;
    case LastPart::account:
      if (found->actor.account.has_value()) out = account_value(found->actor.account);
      return;
    case LastPart::input:
      if (const Value* given = find_value(found->input, name(of.a))) out = *given;
      return;
  }
}

}  // namespace gewu::kernel
