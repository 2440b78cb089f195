#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "kernel/matter/dossier.h"
#include "kernel/matter/expression_tree.h"
#include "kernel/matter/directory.h"

// Inside of evaluate(): one machine an evaluation. Values that lie somewhere already are pointed
// at, not copied; sets are walked, not built. Split over expression_evaluate.cpp (values and
// conditions), expression_sets.cpp (sets and aggregates), expression_calls.cpp (functions).

namespace gewu::kernel {

/// One of a set: a matter, a row of a list, or a value.
struct Element {
  const Snapshot* matter = nullptr;
  const ListRow* row = nullptr;
  const Value* value = nullptr;
};

/// Borrows a callable `bool(const Element&)`; false ends the walk.
class Visitor {
 public:
  template <typename Visit>
    requires(!std::is_same_v<std::remove_cvref_t<Visit>, Visitor>)
  Visitor(Visit&& visit)  // NOLINT: a visitor is what it borrows
      : held_(const_cast<void*>(static_cast<const void*>(&visit))),
        call_([](void* held, const Element& element) {
          return (*static_cast<std::remove_reference_t<Visit>*>(held))(element);
        }) {}
  bool operator()(const Element& element) const { return call_(held_, element); }

 private:
  void* held_;
  bool (*call_)(void*, const Element&);
};

class Machine {
 public:
  Machine(const Expression& expression, const Scope& scope, int depth = 0)
      : expression_(expression), scope_(scope), nodes_(expression.nodes().data()), depth_(depth) {}

  /// Points at the value: in the matter, in the expression, or in `scratch`, which is missing when
  /// handed in.
  const Value* value(std::int32_t at, const Element* element, Value& scratch);
  bool truth(std::int32_t at, const Element* element);
  /// What went wrong on the way, if anything did; the value then means nothing.
  const char* failure() const { return failure_; }

 private:
  // expression_evaluate.cpp
  bool compared(const ExpressionNode& node, const Element* element);
  bool is_in(const ExpressionNode& node, const Element* element);
  bool has_state(const ExpressionNode& node, const Element* element);
  bool has_type(const ExpressionNode& node, const Element* element);
  const Value* arithmetic(const ExpressionNode& node, const Element* element, Value& scratch);
  const Snapshot* matter(std::int32_t at, const Element* element);
  const Snapshot* find(MatterId id) const;
  const Value* field(const Snapshot& of, std::size_t slot, Value& scratch);
  std::optional<std::size_t> slot(const Snapshot& of, const ExpressionNode& node) const;
  void builtin(const Snapshot& of, Builtin name, Value& out) const;
  const Value* column(const ExpressionNode& node, const Element* element, Value& scratch);
  const Value* prop(const ExpressionNode& node, const Element* element, Value& scratch);
  const Value* named(const std::vector<NamedValue>* values, const ExpressionNode& node) const;
  void actor(ActorPart part, Value& out) const;
  void last(const ExpressionNode& node, Value& out) const;

  // expression_sets.cpp
  bool walk(std::int32_t at, const Element* element, const Visitor& visit);
  bool walk_matters(std::span<const MatterId> ids, const Visitor& visit) const;
  bool walk_value(const Value& set, const Visitor& visit) const;
  bool walk_rows(const ExpressionNode& node, const Element* element, const Visitor& visit);
  bool walk_units(const ExpressionNode& node, const Element* element, const Visitor& visit);
  bool walk_lists(const ExpressionNode& node, const Element* element, const Visitor& visit);
  bool walk_mapped(const ExpressionNode& node, const Element* element, const Visitor& visit);
  bool walk_merged(const ExpressionNode& node, const Element* element, const Visitor& visit);
  bool is_set(std::int32_t at) const;
  Values collect(std::int32_t at, const Element* element);
  /// The element that first, only, highest or lowest picks; `kept` holds what it points into.
  std::optional<Element> pick(const ExpressionNode& node, const Element* element, Value& kept);
  const Value* aggregate(const ExpressionNode& node, const Element* element, Value& scratch);
  void add_up(const ExpressionNode& node, const Element* element, Value& out);
  void extreme(const ExpressionNode& node, const Element* element, Value& out);
  void streak(const ExpressionNode& node, const Element* element, Value& out);
  Value value_of(const Element& element) const;

  // expression_calls.cpp
  void call(const ExpressionNode& node, const Element* element, Value& out);
  void call_number(const ExpressionNode& node, const Element* element, Value& out);
  void call_time(const ExpressionNode& node, const Element* element, Value& out);
  void call_place(const ExpressionNode& node, const Element* element, Value& out);
  void call_scores(const ExpressionNode& node, const Element* element, Value& out);
  void call_clock(const ExpressionNode& node, Value& out);
  void call_balance(const ExpressionNode& node, const Element* element, Value& out);
  void call_figure(const ExpressionNode& node, const Element* element, Value& out);
  void call_cited(Value& out);
  void table(const ExpressionNode& node, const Element* element, Value& out);
  void part(const ExpressionNode& node, const Element* element, Value& out);
  void as_unit(const ExpressionNode& node, const Element* element, Value& out);
  std::optional<TerritoryCode> ground_of(const Value& unit) const;
  std::optional<Date> date_of_moment(const Value& moment) const;
  std::optional<std::pair<Date, Date>> days_of(const Value& when) const;
  std::optional<Instant> start_of_moment(const Value& moment) const;
  std::optional<Instant> end_of_moment(const Value& moment) const;
  void distance(const Value& a, const Value& b, Value& out) const;

  const List* list(std::int32_t name, const Snapshot* pinned) const;
  const Name& name(std::int32_t at) const { return expression_.names()[at]; }
  const ExpressionNode& node(std::int32_t at) const { return nodes_[at]; }
  std::int32_t argument(const ExpressionNode& of, int i) const {
    return expression_.arguments()[of.first_argument + i];
  }
  const Calendar* calendar() const { return scope_.locality.calendar.get(); }
  std::optional<Date> today() const;
  void fail(const char* key) { failure_ = key; }

  const Expression& expression_;
  const Scope& scope_;
  const ExpressionNode* nodes_;
  const char* failure_ = nullptr;
  int depth_;
};

extern const Value kMissing;

}  // namespace gewu::kernel
