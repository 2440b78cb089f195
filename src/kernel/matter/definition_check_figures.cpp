#include <algorithm>

#include "kernel/matter/definition_check.h"
#include "kernel/matter/definition_reader.h"
#include "kernel/matter/deny_list.h"

// Language.md 2.10, paragraphs 12 and 13: figures and the product rules.

namespace gewu::kernel {
namespace {

bool is_of_a_person(const Expression& dimension) {
  using enum StaticType::Base;
  if (dimension.type().base == account || dimension.type().base == post ||
      dimension.type().base == contact)
    return true;
  return dimension.reads_own("author") || dimension.reads_own("claimed_by") ||
         dimension.uses().actor;
}

class FigureCheck {
 public:
  FigureCheck(const TypeDraft& draft, const DefinitionWorld& world, const IndicatorSpec& indicator,
              Messages& messages)
      : type_(*draft.type), world_(world), indicator_(indicator), messages_(messages),
        where_(inside(inside(type_.name, "indicators"), indicator.name)),
        origin_(indicator.origin) {}

  void check() {
    for (const auto& [name, path] : indicator_.by) {
      if (is_of_a_person(*path)) complain("definition.by_person", name);
      check_reads(path);
    }
    check_reads(indicator_.where);
    check_reads(indicator_.sum);
    check_reads(indicator_.book_to);
    if (indicator_.head == IndicatorHead::ratio) check_ratio();
    if (indicator_.head == IndicatorHead::change) check_change();
    if (indicator_.head == IndicatorHead::coverage) check_elsewhere();
    check_group();
    check_public();
    if (indicator_.head == IndicatorHead::stock && indicator_.of == FigureOf::median)
      check_stock_median();
  }

 private:
  /// What everybody is told has one table of plain counts: of two that overlap, the difference would
  /// tell of the few that only one of them counts. What another type counts lies under that type.
  void check_public() {
    if (!indicator_.is_public) return;
    const bool is_plain = indicator_.of == FigureOf::count && indicator_.sum == nullptr &&
                          indicator_.parts.empty();
    const auto first = std::ranges::find_if(type_.indicators, &IndicatorSpec::is_public);
    if (!is_plain || first->name != indicator_.name)
      complain("definition.public_figure", indicator_.name);
  }

  /// A mean over a few persons tells of each: what was entered in a type that knows persons needs
  /// a least size of group. Durations between events need none.
  void check_group() {
    const bool is_mean =
        indicator_.of == FigureOf::mean || indicator_.of == FigureOf::median;
    if (!is_mean || indicator_.group_min > 0 || indicator_.sum == nullptr) return;
    const bool knows_persons = std::ranges::any_of(type_.fields, &FieldSpec::personal);
    const bool is_entered =
        std::ranges::any_of(indicator_.sum->own_fields(), [&](std::size_t field) {
          const FieldKind kind = type_.fields[field].kind;
          return kind == FieldKind::number || kind == FieldKind::money ||
                 kind == FieldKind::quantity || kind == FieldKind::scores;
        });
    if (knows_persons && is_entered) complain("definition.group_min", indicator_.name);
  }

  /// Whatever stands in a step of the histogram must be found there again when it leaves: what the
  /// hour, the directory or another matter may change meanwhile would leave one step fuller and
  /// another below nothing, for good.
  void check_stock_median() {
    const auto moves = [&](const ExpressionPtr& expression) {
      if (expression == nullptr) return false;
      const ExpressionUses& uses = expression->uses();
      return uses.now || uses.today || uses.directory || !expression->settings().empty() ||
             std::ranges::any_of(expression->reads(),
                                 [](const ExpressionRead& read) { return !read.path.empty(); }) ||
             std::ranges::any_of(expression->own_fields(),
                                 [&](std::size_t field) { return type_.fields[field].live; });
    };
    const auto check = [&](const ExpressionPtr& expression) {
      if (moves(expression)) complain("definition.stock_moves", expression->text());
    };
    check(indicator_.sum);
    check(indicator_.where);
    check(indicator_.book_to);
    for (const auto& [name, path] : indicator_.by) check(path);
  }

  void complain(std::string_view key, const std::string& name) {
    messages_.error(key, origin_, {{"where", where_}, {"name", name}});
  }

  void check_reads(const ExpressionPtr& expression) {
    if (expression == nullptr) return;
    const ActionSpec* action = type_.find_action(indicator_.action);
    if (reads_personal(*expression, type_, action, world_) && !counts_only(*expression))
      complain("definition.personal_figure", expression->text());
    for (const std::size_t field : expression->own_fields())
      if (type_.fields[field].live && indicator_.head == IndicatorHead::flow)
        complain("definition.live_figure", type_.fields[field].name);
    const bool reads_others = std::ranges::any_of(
        expression->reads(), [](const ExpressionRead& read) { return !read.path.empty(); });
    if (reads_others)
      messages_.warning("definition.fills_from_now", origin_,
                        {{"where", where_}, {"name", expression->text()}});
  }

  /// Whether something was given is no personal value: `has(photos)`, `count(photos)`.
  static bool counts_only(const Expression& expression) {
    const Op op = expression.nodes()[static_cast<std::size_t>(expression.root())].op;
    return op == Op::has || op == Op::count || op == Op::any || op == Op::none;
  }

  static bool counts_elsewhere(const IndicatorSpec& spec) {
    return spec.head == IndicatorHead::flow && !spec.parts.empty();
  }

  const IndicatorSpec* part(std::size_t at) const {
    const auto found =
        std::ranges::find(type_.indicators, indicator_.parts[at], &IndicatorSpec::name);
    return found == type_.indicators.end() ? nullptr : &*found;
  }

  /// What another type counts for a coverage must be of the units' own kind, or lie somewhere.
  void check_elsewhere() {
    if (indicator_.parts.empty() || indicator_.units == nullptr) return;
    const Name& counted = indicator_.parts.front();
    const auto dot = counted.find('.');
    const TypeDraft* there =
        dot == Name::npos ? nullptr : world_.find_draft(counted.substr(0, dot));
    if (there == nullptr) return;
    const auto found = std::ranges::find(there->type->indicators, counted.substr(dot + 1),
                                         &IndicatorSpec::name);
    if (found == there->type->indicators.end() || found->by.empty()) return;
    const StaticType& match = found->by.front().second->type();
    StaticType unit = indicator_.units->type();
    unit.is_set = false;
    const bool lies = !match.is_set && (match.base == StaticType::Base::place ||
                                        match.base == StaticType::Base::unit);
    if (indicator_.reach_minutes != nullptr && !lies)
      complain("definition.match_place", found->by.front().first);
    if (indicator_.reach_minutes == nullptr && !is_assignable(world_, match, unit))
      complain("definition.match_unit", found->by.front().first);
  }

  /// Only what stands at a date is more or less than at another.
  void check_change() {
    const IndicatorSpec* of = indicator_.parts.empty() ? nullptr : part(0);
    if (of != nullptr && of->head != IndicatorHead::stock && !of->at_end)
      complain("definition.change_of", of->name);
  }

  void check_ratio() {
    if (indicator_.parts.size() != 2) return;
    const IndicatorSpec* over = part(0);
    const IndicatorSpec* under = part(1);
    if (over == nullptr || under == nullptr) return;
    // What another type counts is booked by that type's own rules.
    if (counts_elsewhere(*over) || counts_elsewhere(*under)) return;
    const auto book = [](const IndicatorSpec& spec) {
      return spec.book_to == nullptr ? std::string() : spec.book_to->text();
    };
    if (book(*over) != book(*under)) complain("definition.ratio_books", indicator_.name);
    if (over->head == IndicatorHead::ratio || under->head == IndicatorHead::ratio)
      complain("definition.ratio_parts", indicator_.name);
  }

  const Type& type_;
  const DefinitionWorld& world_;
  const IndicatorSpec& indicator_;
  Messages& messages_;
  std::string where_;
  Origin origin_;
};

void check_denied(const FieldSpec& field, const std::string& where, Messages& messages) {
  for (const std::string& words : {field.name, field.label.zh, field.label.ko, field.label.en})
    if (const auto kind = denied_kind(words)) {
      messages.error("definition.denied", field.origin,
                     {{"where", inside(where, field.name)}, {"kind", std::string(*kind)}});
      break;
    }
  for (const FieldSpec& column : field.fields)
    check_denied(column, inside(where, field.name), messages);
}

}  // namespace

namespace {

/// An indicator by "type.name" as drafts have it, through the pointers to what another type counts.
const IndicatorSpec* find_spec(const DefinitionWorld& world, std::string_view name) {
  for (int depth = 0; depth < 4; ++depth) {
    const auto dot = name.find('.');
    const TypeDraft* there =
        dot == Name::npos ? nullptr : world.find_draft(std::string(name.substr(0, dot)));
    if (there == nullptr) return nullptr;
    const auto found = std::ranges::find(there->type->indicators, name.substr(dot + 1),
                                         &IndicatorSpec::name);
    if (found == there->type->indicators.end()) return nullptr;
    if (found->head != IndicatorHead::flow || found->parts.empty()) return &*found;
    name = found->parts.front();
  }
  return nullptr;
}

bool is_of_money(const DefinitionWorld& world, const IndicatorSpec& spec) {
  if (spec.head == IndicatorHead::book) {
    const Book* book = world.find_book(spec.book);
    return book != nullptr && book->is_money();
  }
  const bool has_value = spec.of == FigureOf::sum || spec.of == FigureOf::mean ||
                         spec.of == FigureOf::median;
  return has_value && spec.sum != nullptr && spec.sum->type().base == StaticType::Base::money;
}

/// Figures that an action freezes: made of counts alone, and money only where money is stored.
void check_frozen(const Expression& expression, const DefinitionWorld& world, Messages& messages) {
  for (const ExpressionNode& node : expression.nodes()) {
    if (node.op != Op::figure) continue;
    const Name& name = expression.names()[static_cast<std::size_t>(node.c)];
    const IndicatorSpec* spec = find_spec(world, name);
    if (spec == nullptr) continue;
    const auto complain = [&](std::string_view key) {
      messages.error(key, expression.origin(), {{"where", expression.text()}, {"name", name}});
    };
    if (spec->head == IndicatorHead::coverage || spec->head == IndicatorHead::change)
      complain("definition.frozen_figure");
    else if (is_of_money(world, *spec) != (node.b == 1))
      complain("definition.frozen_money");
  }
}

}  // namespace

void check_figures(const TypeDraft& draft, const DefinitionWorld& world, Messages& messages) {
  for (const IndicatorSpec& indicator : draft.type->indicators)
    FigureCheck(draft, world, indicator, messages).check();
  visit_expressions(*draft.type, [&](const Expression& expression) {
    check_frozen(expression, world, messages);
  });
}

void check_product(const TypeDraft& draft, Messages& messages) {
  const Type& type = *draft.type;
  for (const FieldSpec& field : type.fields) check_denied(field, type.name, messages);
  for (const ActionSpec& action : type.actions)
    for (const FieldSpec& input : action.input)
      check_denied(input, inside(type.name, action.name), messages);
}

void check_list_words(const List& list, const Node& written, Messages& messages) {
  for (const ListRow& row : list.rows)
    for (const std::string& words : {row.key, row.label.zh, row.label.ko, row.label.en})
      if (const auto kind = denied_kind(words)) {
        const NodeEntry* entry = written.find_entry(row.key);
        messages.error("definition.denied", entry == nullptr ? written.origin : entry->origin,
                       {{"where", inside(inside("lists", list.name), row.key)},
                        {"kind", std::string(*kind)}});
        break;
      }
}

}  // namespace gewu::kernel
