#include <algorithm>
#include <array>

#include "kernel/matter/definition_rules.h"

// Views (language.md 2.2): boards, lists and print slips. They hold no rules; what each kind needs
// of its `by` is checked here, so that a client can render a view without asking back.

namespace gewu::kernel {
namespace {

constexpr std::array kKinds = {"table", "kanban", "calendar", "map", "tree", "slip"};

bool is_any_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

class ViewRules {
 public:
  ViewRules(RuleReader& reader, const NodeEntry& entry)
      : reader_(reader), written_(entry.value), origin_(entry.origin),
        where_(inside(inside(reader.type.name, "views"), entry.key)) {
    view_.name = entry.key;
  }

  std::optional<ViewSpec> read() {
    check_name_form(view_.name, origin_, where_, reader_.messages);
    if (!expect_map(written_, where_, reader_.messages)) return std::nullopt;
    check_keys(written_, {"kind", "label", "columns", "by", "where", "order", "public", "source"}, {},
               where_, reader_.messages);
    view_.kind = read_name(written_, "kind", where_, reader_.messages);
    if (std::ranges::none_of(kKinds, [&](std::string_view kind) { return kind == view_.kind; }))
      complain("definition.unknown_word", origin_, view_.kind);
    view_.label = read_label(written_, where_, reader_.messages);
    if (view_.label.zh.empty())
      reader_.messages.warning("definition.label_missing", origin_, {{"where", where_}});
    read_columns();
    read_by();
    read_order();
    read_where();
    view_.is_public = read_boolean(written_, "public", false, where_, reader_.messages);
    return std::move(view_);
  }

 private:
  void complain(std::string_view key, const Origin& origin, const std::string& name) {
    reader_.messages.error(key, origin, {{"where", where_}, {"name", name}});
  }

  const FieldSpec* field(const Name& name) const {
    const auto at = reader_.type.find_field(name);
    return at ? &reader_.type.fields[*at] : nullptr;
  }

  void check_known(const Name& name, const Origin& origin) {
    const bool known = field(name) != nullptr || reader_.type.find_set(name) != nullptr ||
                       is_built_in_field(name);
    if (!known) complain("definition.unknown_field", origin, name);
  }

  /// Lists are filtered and sorted by built-in names and `index` fields alone.
  void check_indexed(const Name& name, const Origin& origin) {
    const FieldSpec* own = field(name);
    const bool is_set = reader_.type.find_set(name) != nullptr;
    if (is_set || (own != nullptr && !own->index))
      complain("definition.not_indexed", origin, name);
  }

  void read_columns() {
    for (WrittenName& column : read_names(written_, "columns", where_, reader_.messages)) {
      check_known(column.name, column.origin);
      view_.columns.push_back(std::move(column.name));
    }
    if (view_.columns.empty()) view_.columns = {"title", "state", "next_due"};
  }

  /// What the cards of a kind are put by: columns of a board, days, a point, the row above.
  bool fits(const Name& by) const {
    const FieldSpec* own = field(by);
    if (view_.kind == "kanban") {
      if (own == nullptr) return is_any_of(by, {"state", "owner", "handler", "territory", "lamp"});
      return !own->many && is_any_of(to_text(own->kind), {"choice", "link", "territory",
                                                          "organisation", "post", "yes_no"});
    }
    if (view_.kind == "calendar") {
      if (own == nullptr) return is_any_of(by, {"next_due", "opened_at", "closed_at"});
      return !own->many && is_any_of(to_text(own->kind), {"date", "instant", "period"});
    }
    if (view_.kind == "map") {
      if (own == nullptr) return by == "territory";
      return is_any_of(to_text(own->kind), {"place", "line", "territory"});
    }
    if (view_.kind == "tree") {
      if (own == nullptr) return by == "parent";
      return !own->many && own->kind == FieldKind::link && own->to != "any" &&
             reader_.world.is_kind_of(reader_.type.name, own->to);
    }
    return true;
  }

  void read_by() {
    view_.by = read_name(written_, "by", where_, reader_.messages);
    const bool is_needed = is_any_of(view_.kind, {"kanban", "calendar", "tree"});
    if (view_.by.empty()) {
      if (is_needed) complain("definition.key_missing", origin_, "by");
      return;
    }
    const Origin& at = written_.find("by")->origin;
    check_known(view_.by, at);
    const bool is_known = field(view_.by) != nullptr || is_built_in_field(view_.by);
    if (is_known && !fits(view_.by)) complain("definition.view_by", at, view_.by);
  }

  void read_order() {
    view_.order = read_name(written_, "order", where_, reader_.messages);
    if (view_.order.empty()) return;
    const Origin& at = written_.find("order")->origin;
    check_known(view_.order, at);
    check_indexed(view_.order, at);
  }

  void read_where() {
    RulePlace place;
    place.may.clocks = true;
    place.may.actor = false;
    view_.where = reader_.compile_key(written_, "where", kYesNo, place);
    if (view_.where == nullptr) return;
    const Origin& at = written_.find("where")->origin;
    for (const std::size_t own : view_.where->own_fields())
      check_indexed(reader_.type.fields[own].name, at);
    for (const ExpressionRead& read : view_.where->reads())
      if (!read.path.empty()) complain("definition.not_indexed", at, read.name);
  }

  RuleReader& reader_;
  const Node& written_;
  const Origin& origin_;
  std::string where_;
  ViewSpec view_;
};

}  // namespace

void RuleReader::read_views() {
  const Node* views = find_map(node, "views", type.name, messages);
  if (views == nullptr) return;
  for (const NodeEntry& entry : views->entries)
    if (auto view = ViewRules(*this, entry).read()) type.views.push_back(std::move(*view));
}

}  // namespace gewu::kernel
