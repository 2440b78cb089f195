#include "kernel/matter/words.h"

namespace gewu::kernel {
namespace {

void add_line(std::string& words, const std::string& line) {
  if (line.empty()) return;
  if (!words.empty()) words += '\n';
  words += line;
}

void add_label(std::string& words, const Type& type, const FieldSpec& field, const Key& key) {
  const auto list = type.lists.find(field.list);
  const ListRow* row = list == type.lists.end() ? nullptr : list->second.find(key.key);
  if (row == nullptr) return;
  add_line(words, row->label.zh);
  add_line(words, row->label.ko);
  add_line(words, row->label.en);
}

/// A row of a small table, or a text in several languages.
void add_row(std::string& words, const Type& type, const FieldSpec& field, const Row& row) {
  if (field.kind == FieldKind::text) {
    for (const NamedValue& cell : row.cells)
      if (const auto* text = cell.value.get<std::string>()) add_line(words, *text);
    return;
  }
  for (const FieldSpec& column : field.fields)
    if (const Value* cell = find_value(row.cells, column.name))
      append_words(words, type, column, *cell);
}

}  // namespace

bool is_in_title(const Type& type, const FieldSpec& field) {
  return !field.personal && type.title.find("{" + field.name + "}") != std::string::npos;
}

void append_words(std::string& words, const Type& type, const FieldSpec& field,
                  const Value& value) {
  if (field.sealed || value.is_missing()) return;
  if (const Values* many = value.get_shared<Values>()) {
    for (const Value& element : *many) append_words(words, type, field, element);
    return;
  }
  switch (field.kind) {
    case FieldKind::text:
      if (const auto* text = value.get<std::string>()) add_line(words, *text);
      if (const Row* row = value.get_shared<Row>()) add_row(words, type, field, *row);
      return;
    case FieldKind::place:
      if (const Place* place = value.get_shared<Place>()) add_line(words, place->address);
      return;
    case FieldKind::rows:
      if (const Row* row = value.get_shared<Row>()) add_row(words, type, field, *row);
      return;
    case FieldKind::choice:
      if (const Key* key = value.get<Key>(); key && is_in_title(type, field))
        add_label(words, type, field, *key);
      return;
    case FieldKind::number: case FieldKind::money: case FieldKind::date: case FieldKind::instant:
    case FieldKind::time: case FieldKind::period: case FieldKind::limit: case FieldKind::yes_no:
    case FieldKind::quantity: case FieldKind::hours: case FieldKind::file: case FieldKind::link:
    case FieldKind::territory: case FieldKind::organisation: case FieldKind::post:
    case FieldKind::line: case FieldKind::contact: case FieldKind::account:
    case FieldKind::scores: case FieldKind::tally: case FieldKind::action:
    case FieldKind::indicator: return;
  }
}

std::string words_of(const Snapshot& matter) {
  std::string words = matter.number;
  for (std::size_t i = 0; i < matter.fields.size() && i < matter.type->fields.size(); ++i)
    append_words(words, *matter.type, matter.type->fields[i], matter.fields[i]);
  return words;
}

}  // namespace gewu::kernel
