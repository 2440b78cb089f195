#include "kernel/matter/expression_tree.h"

#include <algorithm>

#include "kernel/matter/expression_builder.h"

namespace gewu::kernel {

bool Expression::reads_own(std::string_view name) const {
  return std::ranges::any_of(
      reads_, [&](const ExpressionRead& read) { return read.path.empty() && read.name == name; });
}

bool Expression::reads_links() const {
  return std::ranges::any_of(reads_, [](const ExpressionRead& read) {
    return !read.path.empty() && !(read.path.size() == 1 && read.path[0] == "^");
  });
}

bool Expression::reads_own_sets() const {
  return std::ranges::any_of(reads_, [](const ExpressionRead& read) {
    return !read.path.empty() && read.path[0].starts_with('<');
  });
}

bool Expression::is_constant() const {
  return reads_.empty() && uses_ == ExpressionUses{};
}

std::int32_t ExpressionBuilder::add(Op op, std::int32_t a, std::int32_t b, std::int32_t c) {
  made_->nodes_.push_back({op, 0, a, b, c, 0});
  return static_cast<std::int32_t>(made_->nodes_.size()) - 1;
}

std::int32_t ExpressionBuilder::call(Op op, const std::vector<std::int32_t>& arguments,
                                     std::int32_t a, std::int32_t b) {
  ExpressionNode node{op, static_cast<std::uint16_t>(arguments.size()), a, b, -1,
                      static_cast<std::int32_t>(made_->arguments_.size())};
  made_->arguments_.insert(made_->arguments_.end(), arguments.begin(), arguments.end());
  made_->nodes_.push_back(node);
  return static_cast<std::int32_t>(made_->nodes_.size()) - 1;
}

std::int32_t ExpressionBuilder::constant(Value value) {
  made_->constants_.push_back(std::move(value));
  return add(Op::constant, static_cast<std::int32_t>(made_->constants_.size()) - 1);
}

std::int32_t ExpressionBuilder::name(std::string_view text) {
  auto& names = made_->names_;
  const auto found = std::ranges::find(names, text);
  if (found != names.end()) return static_cast<std::int32_t>(found - names.begin());
  names.emplace_back(text);
  return static_cast<std::int32_t>(names.size()) - 1;
}

const Value* ExpressionBuilder::constant_at(std::int32_t at) const {
  if (at < 0 || node(at).op != Op::constant) return nullptr;
  return &made_->constants_[node(at).a];
}

std::vector<std::int32_t> ExpressionBuilder::children_of(std::int32_t at) const {
  const ExpressionNode& parent = node(at);
  std::vector<std::int32_t> children;
  const auto take = [&](std::int32_t child) {
    if (child >= 0) children.push_back(child);
  };
  switch (parent.op) {
    case Op::constant: case Op::own_field: case Op::input: case Op::fact: case Op::each:
    case Op::setting: case Op::now: case Op::today: case Op::actor_part: case Op::last:
    case Op::self: case Op::basis: case Op::element: case Op::rows: case Op::organisations:
    case Op::list_rows: case Op::times: case Op::cited: case Op::used: case Op::overdue: case Op::due:
    case Op::elements:
      break;
    case Op::matter_field: case Op::matter_builtin: case Op::column: case Op::prop:
    case Op::part: case Op::as_unit: case Op::parent: case Op::not_true: case Op::is_type:
    case Op::state_is: case Op::has: case Op::negate: case Op::members:
    case Op::rows_equal: case Op::rows_covering: case Op::posts: case Op::territories:
      take(parent.a);
      break;
    case Op::both: case Op::either: case Op::equal: case Op::unequal: case Op::less:
    case Op::less_equal: case Op::greater: case Op::greater_equal: case Op::in: case Op::add:
    case Op::subtract: case Op::multiply: case Op::divide: case Op::otherwise: case Op::filter:
    case Op::map: case Op::join: case Op::without: case Op::table:
      take(parent.a);
      take(parent.b);
      break;
    case Op::count: case Op::any: case Op::none: case Op::all: case Op::sum: case Op::mean:
    case Op::min: case Op::max: case Op::first: case Op::only: case Op::highest: case Op::lowest:
    case Op::choose: case Op::min2: case Op::max2: case Op::round: case Op::days:
    case Op::minutes: case Op::years: case Op::day: case Op::year_of: case Op::start_of:
    case Op::end_of: case Op::at_time: case Op::is_workday: case Op::period: case Op::inside:
    case Op::grid_of: case Op::grids_of: case Op::up: case Op::covers: case Op::common:
    case Op::office: case Op::distance: case Op::weighted: case Op::complete: case Op::reasoned:
    case Op::streak: case Op::figure:
      break;
    case Op::balance:
      take(parent.b);
      break;
  }
  if (parent.op != Op::state_is)
    for (int i = 0; i < parent.argument_count; ++i) take(argument(parent, i));
  return children;
}

bool ExpressionBuilder::reads_element(std::int32_t at) const {
  if (node(at).op == Op::element) return true;
  return std::ranges::any_of(children_of(at),
                             [this](std::int32_t child) { return reads_element(child); });
}

void ExpressionBuilder::read(ExpressionRead read) {
  if (std::ranges::find(made_->reads_, read) == made_->reads_.end())
    made_->reads_.push_back(std::move(read));
}

void ExpressionBuilder::own_field(std::size_t slot) {
  auto& slots = made_->own_fields_;
  const auto place = std::ranges::lower_bound(slots, slot);
  if (place == slots.end() || *place != slot) slots.insert(place, slot);
}

void ExpressionBuilder::put(std::vector<Name>& names, std::string_view name) {
  if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
}

void ExpressionBuilder::collect_results(std::int32_t at) {
  const ExpressionNode& parent = node(at);
  if (const Value* value = constant_at(at)) {
    if (const Key* key = value->get<Key>()) put(made_->result_keys_, key->key);
    else if (!value->is_missing()) made_->result_is_open_ = true;
  } else if (parent.op == Op::choose) {
    collect_results(argument(parent, 1));
    collect_results(argument(parent, 2));
  } else if (parent.op == Op::otherwise) {
    collect_results(parent.a);
    collect_results(parent.b);
  } else if (parent.op == Op::table) {
    for (int i = 1; i < parent.argument_count; i += 2) collect_results(argument(parent, i));
    if (parent.b >= 0) collect_results(parent.b);
  } else {
    made_->result_is_open_ = true;
  }
}

std::shared_ptr<const Expression> ExpressionBuilder::finish(std::string text, Origin origin,
                                                            StaticType type, std::int32_t root,
                                                            std::vector<ReadPath> elements) {
  made_->text_ = std::move(text);
  made_->origin_ = std::move(origin);
  made_->type_ = std::move(type);
  made_->root_ = root;
  collect_results(root);
  made_->element_paths_ = std::move(elements);
  return made_;
}

}  // namespace gewu::kernel
