#include <algorithm>
#include <unordered_set>

#include "kernel/matter/expression_machine.h"
#include "kernel/matter/value_arithmetic.h"

namespace gewu::kernel {
namespace {

/// Elements met so far: `+` and `-` of sets know none twice.
class Seen {
 public:
  /// Whether it is new. Values without a key are taken as different from each other.
  bool add(const Value& value) {
    auto key = value_key(value);
    return !key || keys_.insert(std::move(*key)).second;
  }
  bool has(const Value& value) const {
    const auto key = value_key(value);
    return key && keys_.contains(*key);
  }

 private:
  std::unordered_set<std::string> keys_;
};

}  // namespace

Value Machine::value_of(const Element& element) const {
  if (element.value != nullptr) return *element.value;
  if (element.matter != nullptr) return Link{element.matter->id};
  if (element.row != nullptr) return Key{element.row->key};
  return {};
}

bool Machine::is_set(std::int32_t at) const {
  const Op op = node(at).op;
  return op == Op::members || op == Op::rows || op == Op::rows_equal || op == Op::rows_covering ||
         op == Op::posts || op == Op::territories || op == Op::organisations ||
         op == Op::list_rows || op == Op::elements || op == Op::filter || op == Op::map ||
         op == Op::join || op == Op::without;
}

Values Machine::collect(std::int32_t at, const Element* element) {
  Values values;
  if (node(at).op == Op::grids_of) {
    Value grids;
    call(node(at), element, grids);
    if (const Values* found = grids.get_shared<Values>()) values = *found;
    return values;
  }
  walk(at, element, [&](const Element& one) {
    values.push_back(value_of(one));
    return true;
  });
  return values;
}

bool Machine::walk_matters(std::span<const MatterId> ids, const Visitor& visit) const {
  for (const MatterId id : ids)
    if (const Snapshot* member = find(id))
      if (!visit({member, nullptr, nullptr})) return false;
  return true;
}

bool Machine::walk_value(const Value& set, const Visitor& visit) const {
  const Values* values = set.get_shared<Values>();
  if (values == nullptr) return true;
  for (const Value& one : *values) {
    const Link* link = one.get<Link>();
    if (!visit({link == nullptr ? nullptr : find(link->id), nullptr, &one})) return false;
  }
  return true;
}

/// Visits until `visit` gives false; true when it saw everything.
bool Machine::walk(std::int32_t at, const Element* element, const Visitor& visit) {
  const ExpressionNode& of = node(at);
  switch (of.op) {
    case Op::members: {
      const Snapshot* target = matter(of.a, element);
      if (target == nullptr) return true;
      return walk_matters(scope_.dossier.members({name(of.b), name(of.c), target->id}), visit);
    }
    case Op::filter:
      return walk(of.a, element,
                  [&](const Element& one) { return !truth(of.b, &one) || visit(one); });
    case Op::rows: case Op::rows_equal: case Op::rows_covering:
      return walk_rows(of, element, visit);
    case Op::posts: case Op::territories: case Op::organisations:
      return walk_units(of, element, visit);
    case Op::list_rows: case Op::elements: return walk_lists(of, element, visit);
    case Op::map: return walk_mapped(of, element, visit);
    case Op::join: case Op::without: return walk_merged(of, element, visit);
    case Op::choose:
      return walk(argument(of, truth(argument(of, 0), element) ? 1 : 2), element, visit);
    case Op::constant: case Op::own_field: case Op::matter_field: case Op::matter_builtin:
    case Op::input: case Op::fact: case Op::each: case Op::column: case Op::prop:
    case Op::setting: case Op::now: case Op::today: case Op::actor_part: case Op::last:
    case Op::part: case Op::as_unit: case Op::self: case Op::basis: case Op::parent:
    case Op::element: case Op::not_true: case Op::both: case Op::either: case Op::equal:
    case Op::unequal: case Op::less: case Op::less_equal: case Op::greater:
    case Op::greater_equal: case Op::in: case Op::is_type: case Op::state_is: case Op::has:
    case Op::negate: case Op::add: case Op::subtract: case Op::multiply: case Op::divide:
    case Op::otherwise: case Op::count: case Op::any: case Op::none: case Op::all: case Op::sum:
    case Op::mean: case Op::min: case Op::max: case Op::first: case Op::only: case Op::highest:
    case Op::lowest: case Op::min2: case Op::max2: case Op::round: case Op::times: case Op::days:
    case Op::minutes: case Op::years: case Op::day: case Op::year_of: case Op::start_of:
    case Op::end_of: case Op::at_time: case Op::is_workday: case Op::period: case Op::inside:
    case Op::grid_of: case Op::grids_of: case Op::up: case Op::covers: case Op::common:
    case Op::office: case Op::distance: case Op::weighted: case Op::complete: case Op::reasoned:
    case Op::streak: case Op::balance: case Op::figure: case Op::cited: case Op::used:
    case Op::overdue: case Op::due:
    case Op::table: {
      Value scratch;
      return walk_value(*value(at, element, scratch), visit);
    }
  }
  return true;
}

bool Machine::walk_rows(const ExpressionNode& of, const Element* element, const Visitor& visit) {
  const ReferenceRows& rows = scope_.directory.rows(name(of.c));
  const auto see = [&](const SnapshotPtr& row) { return visit({row.get(), nullptr, nullptr}); };
  if (of.op == Op::rows || !rows.is_indexed(name(of.b))) {
    bool all = true;
    rows.visit([&](const SnapshotPtr& row) { return all = see(row); });
    return all;
  }
  Value scratch;
  const Value* wanted = value(of.a, element, scratch);
  if (of.op == Op::rows_equal) {
    for (const SnapshotPtr& row : rows.find_equal(name(of.b), *wanted))
      if (!see(row)) return false;
    return true;
  }
  const auto ground = ground_of(*wanted);
  if (!ground) return true;
  std::vector<TerritoryCode> codes = codes_above(*ground);
  codes.push_back(*ground);
  std::vector<SnapshotPtr> found;
  for (TerritoryCode& code : codes)
    for (SnapshotPtr& row : rows.find_equal(name(of.b), territory_unit(std::move(code))))
      found.push_back(std::move(row));
  std::ranges::sort(found, {}, [](const SnapshotPtr& row) { return row->id; });
  return std::ranges::all_of(found, see);
}

bool Machine::walk_units(const ExpressionNode& of, const Element* element, const Visitor& visit) {
  const auto see = [&](Value one) { return visit({nullptr, nullptr, &one}); };
  if (of.op == Op::posts) {
    if (!scope_.directory.roster) return true;
    const Roster& roster = *scope_.directory.roster;
    Value scratch;
    const Key* role = of.a < 0 ? nullptr : value(of.a, element, scratch)->get<Key>();
    if (of.a >= 0 && role == nullptr) return true;
    for (const Post* post : role ? roster.posts_of_role(role->key) : roster.all_posts())
      if (post->state != PostState::abolished && !see(PostRef{post->id})) return false;
    return true;
  }
  const auto day = today();
  if (!day) return true;
  if (of.op == Op::organisations) {
    if (!scope_.directory.roster) return true;
    for (const Organisation* one : scope_.directory.roster->organisations())
      if (is_valid_on(*one, *day) && !see(organisation_unit(one->key))) return false;
    return true;
  }
  if (!scope_.directory.territory) return true;
  const TerritoryTree& tree = *scope_.directory.territory;
  std::vector<const Territory*> nodes;
  if (of.a >= 0) {
    Value scratch;
    const auto ground = ground_of(*value(of.a, element, scratch));
    if (ground) nodes = tree.children(*ground, *day);
  } else {
    nodes = tree.all();
  }
  for (const Territory* one : nodes)
    if (is_valid_on(*one, *day) && !see(territory_unit(one->code))) return false;
  return true;
}

bool Machine::walk_lists(const ExpressionNode& of, const Element* element, const Visitor& visit) {
  if (of.op == Op::elements) {
    for (int i = 0; i < of.argument_count; ++i) {
      Value scratch;
      const Value* one = value(argument(of, i), element, scratch);
      if (one->is_missing()) continue;
      const Link* link = one->get<Link>();
      if (!visit({link == nullptr ? nullptr : find(link->id), nullptr, one})) return false;
    }
    return true;
  }
  const List* rows = list(of.c, nullptr);
  if (rows == nullptr) return true;
  for (const ListRow& row : rows->rows)
    if (!row.off && !visit({nullptr, &row, nullptr})) return false;
  return true;
}

/// What each element has; missing ones are left out, sets are flattened.
bool Machine::walk_mapped(const ExpressionNode& of, const Element* element, const Visitor& visit) {
  const bool flatten = is_set(of.b);
  return walk(of.a, element, [&](const Element& one) {
    if (flatten) return walk(of.b, &one, visit);
    Value scratch;
    const Value* held = value(of.b, &one, scratch);
    if (held->is_missing()) return true;
    if (held->is<Shared<Values>>()) return walk_value(*held, visit);
    const Link* link = held->get<Link>();
    return visit({link == nullptr ? nullptr : find(link->id), nullptr, held});
  });
}

bool Machine::walk_merged(const ExpressionNode& of, const Element* element, const Visitor& visit) {
  Seen seen;
  if (of.op == Op::without)
    walk(of.b, element, [&](const Element& one) { return seen.add(value_of(one)), true; });
  const auto see_new = [&](const Element& one) {
    return of.op == Op::join ? !seen.add(value_of(one)) || visit(one)
                             : seen.has(value_of(one)) || visit(one);
  };
  if (!walk(of.a, element, see_new)) return false;
  return of.op == Op::without || walk(of.b, element, see_new);
}

std::optional<Element> Machine::pick(const ExpressionNode& of, const Element* element,
                                     Value& kept) {
  std::optional<Element> picked;
  const auto keep = [&](const Element& one) {
    picked = one;
    if (one.value != nullptr) {
      kept = Value(*one.value);
      picked->value = &kept;
    }
  };
  const std::int32_t set = argument(of, 0);
  if (of.op == Op::first) {
    walk(set, element, [&](const Element& one) { return keep(one), false; });
    return picked;
  }
  if (of.op == Op::only) {
    int seen = 0;
    walk(set, element, [&](const Element& one) {
      if (seen == 0) keep(one);
      return ++seen < 2;
    });
    if (seen != 1) picked.reset();
    return picked;
  }
  const bool highest = of.op == Op::highest;
  Value best;
  walk(set, element, [&](const Element& one) {
    Value scratch;
    const Value* held = value(argument(of, 1), &one, scratch);
    if (held->is_missing()) return true;
    const auto order = best.is_missing() ? std::nullopt : compare(*held, best);
    if (best.is_missing() || (order && (highest ? *order > 0 : *order < 0))) {
      best = Value(*held);
      keep(one);
    }
    return true;
  });
  return picked;
}

const Value* Machine::aggregate(const ExpressionNode& of, const Element* element,
                                Value& scratch) {
  if (of.op == Op::count) {
    std::int64_t n = 0;
    walk(argument(of, 0), element, [&](const Element&) { return ++n, true; });
    scratch = Number{n * kMicros};
  } else if (of.op == Op::sum || of.op == Op::mean) {
    add_up(of, element, scratch);
  } else if (of.op == Op::min || of.op == Op::max) {
    extreme(of, element, scratch);
  } else if (of.op == Op::streak) {
    streak(of, element, scratch);
  } else {
    Value kept;
    const auto picked = pick(of, element, kept);
    scratch = picked ? value_of(*picked) : Value();
  }
  return &scratch;
}

void Machine::add_up(const ExpressionNode& of, const Element* element, Value& out) {
  Wide total = 0;
  std::int64_t n = 0;
  bool is_money = false;
  walk(argument(of, 0), element, [&](const Element& one) {
    Value scratch;
    const Value* held = value(argument(of, 1), &one, scratch);
    if (const auto* number = held->get<Number>()) total += number->micros, ++n;
    if (const auto* money = held->get<Money>()) total += money->fen, ++n, is_money = true;
    return true;
  });
  if (n == 0) {
    out = of.op == Op::sum ? expression_.constants()[node(argument(of, 2)).a] : Value();
    return;
  }
  const auto narrowed = narrow(of.op == Op::mean ? divide_rounded(total, n) : total);
  if (!narrowed) return fail("expression.overflow");
  out = is_money ? Value(Money{*narrowed}) : Value(Number{*narrowed});
}

void Machine::extreme(const ExpressionNode& of, const Element* element, Value& out) {
  out = Missing{};
  walk(argument(of, 0), element, [&](const Element& one) {
    Value scratch;
    const Value* held = value(argument(of, 1), &one, scratch);
    if (held->is_missing()) return true;
    const auto order = out.is_missing() ? std::nullopt : compare(*held, out);
    if (out.is_missing() || (order && (of.op == Op::max ? *order > 0 : *order < 0)))
      out = Value(*held);
    return true;
  });
}

/// Fractions are no links of a run; a number that occurs twice counts once.
void Machine::streak(const ExpressionNode& of, const Element* element, Value& out) {
  std::vector<std::int64_t> found;
  walk(argument(of, 0), element, [&](const Element& one) {
    Value scratch;
    const auto* number = value(argument(of, 1), &one, scratch)->get<Number>();
    if (number != nullptr && number->micros % kMicros == 0)
      found.push_back(number->micros / kMicros);
    return true;
  });
  out = Missing{};
  if (found.empty()) return;
  std::ranges::sort(found);
  std::int64_t run = 1, longest = 1;
  for (std::size_t i = 1; i < found.size(); ++i) {
    if (found[i] == found[i - 1]) continue;
    run = found[i] == found[i - 1] + 1 ? run + 1 : 1;
    longest = std::max(longest, run);
  }
  out = Number{longest * kMicros};
}

}  // namespace gewu::kernel
