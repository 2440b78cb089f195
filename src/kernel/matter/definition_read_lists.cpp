#include <algorithm>

#include "base/text.h"
#include "kernel/matter/definition_read.h"
#include "kernel/matter/definition_reader.h"

// Lists (language.md 2.1): rows with labels, and props typed once for all rows.

namespace gewu::kernel {
namespace {

bool is_refused_row_key(std::string_view key) {
  return key == "of" || key == "else" || key == "props";
}

ListRow read_row(const NodeEntry& entry, std::string_view where, Messages& messages) {
  ListRow row;
  row.key = entry.key;
  if (!is_name(entry.key) || is_refused_row_key(entry.key))
    messages.error("definition.list_key", entry.origin,
                   {{"where", std::string(where)}, {"name", entry.key}});
  const std::string here = inside(where, entry.key);
  if (!expect_map(entry.value, here, messages)) return row;
  row.label = need_label(entry.value, entry.origin, here, messages);
  row.off = read_boolean(entry.value, "off", false, here, messages);
  return row;
}

void read_prop_specs(List& list, const Node& props, std::string_view where, Messages& messages) {
  if (!expect_map(props, where, messages)) return;
  for (const NodeEntry& entry : props.entries) {
    check_new_name(entry.key, entry.origin, where, messages);
    if (entry.key == "label" || entry.key == "off" || entry.key == "source")
      messages.error("definition.hides_built_in", entry.origin,
                     {{"where", std::string(where)}, {"name", entry.key}});
    FieldSpec prop = read_field(entry.key, entry.value, entry.origin, inside(where, entry.key),
                                false, messages);
    if (prop.personal || prop.kind == FieldKind::rows || prop.kind == FieldKind::link)
      messages.error("definition.prop_kind", entry.origin,
                     {{"where", std::string(where)}, {"name", entry.key}});
    list.props.push_back(std::move(prop));
  }
}

}  // namespace

List read_list_shape(const Name& name, const Node& node, Messages& messages) {
  List list;
  list.name = name;
  const std::string where = inside("lists", name);
  if (!expect_map(node, where, messages)) return list;
  for (const NodeEntry& entry : node.entries) {
    if (entry.key == "props") {
      read_prop_specs(list, entry.value, inside(where, "props"), messages);
    } else {
      list.rows.push_back(read_row(entry, where, messages));
    }
  }
  return list;
}

void read_list_props(List& list, const Node& node, const World& world, Messages& messages) {
  for (ListRow& row : list.rows) {
    const Node* written = node.find(row.key);
    if (written == nullptr || !written->is_map()) continue;
    for (const NodeEntry& entry : written->entries) {
      if (entry.key == "label" || entry.key == "off" || entry.key == "source") continue;
      const auto prop = std::ranges::find(list.props, entry.key, &FieldSpec::name);
      if (prop == list.props.end()) {
        messages.error("definition.unknown_key", entry.origin,
                       {{"where", inside(inside("lists", list.name), row.key)},
                        {"name", entry.key}});
        continue;
      }
      const Result<Value> value = constant_of(entry.value, world, type_of(*prop, {}));
      if (value) {
        row.props.push_back({entry.key, *value});
      } else {
        messages.error(value.error(), entry.value.origin);
      }
    }
  }
}

ListShape shape_of(const List& list) {
  ListShape shape;
  shape.name = list.name;
  for (const ListRow& row : list.rows) shape.keys.push_back(row.key);
  for (const FieldSpec& prop : list.props) shape.props.push_back(shape_of(prop, {}));
  return shape;
}

}  // namespace gewu::kernel
