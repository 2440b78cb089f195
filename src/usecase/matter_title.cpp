#include "usecase/matter_title.h"

#include <algorithm>

#include "base/text.h"
#include "codec/scaled.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

const ListRow* find_row(const FieldSpec& field, const std::string& key, const Type& type) {
  const auto list = type.lists.find(field.list);
  return list == type.lists.end() ? nullptr : list->second.find(key);
}

std::string shortened(const std::string& text) {
  constexpr std::size_t kTitleBytes = 120;
  if (text.size() <= kTitleBytes) return text;
  std::size_t end = kTitleBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

}  // namespace

Label unit_label(const Unit& unit, const Directory& directory) {
  if (unit.kind == Unit::Kind::territory)
    if (const Territory* territory = directory.territory->find(unit.code)) return territory->name;
  if (unit.kind == Unit::Kind::organisation)
    if (const Organisation* organisation = directory.roster->organisation(unit.code))
      return organisation->label;
  return {unit.code, {}, {}};
}

std::string value_words(const FieldSpec& field, const Value& value, const Type& type,
                        const Directory& directory) {
  if (const auto* text = value.get<std::string>()) return shortened(*text);
  if (const auto* key = value.get<Key>()) {
    const ListRow* row = find_row(field, key->key, type);
    return row ? row->label.zh : key->key;
  }
  if (const auto* unit = value.get<Unit>()) return unit_label(*unit, directory).zh;
  if (const auto* date = value.get<Date>()) return format_date(*date);
  if (const auto* limit = value.get<Limit>()) return format_limit(*limit);
  std::string text;
  if (const auto* number = value.get<Number>()) codec::append_scaled(text, number->micros, 6);
  if (const auto* money = value.get<Money>()) codec::append_scaled(text, money->fen, 2);
  if (const auto* post = value.get<PostRef>())
    if (const Post* found = directory.roster->post(post->id)) text = found->key;
  if (const auto* place = value.get_shared<Place>()) {
    text = place->address;
    if (text.empty() && !place->territory.empty())
      text = unit_label(territory_unit(place->territory), directory).zh;
  }
  if (const auto* row = value.get_shared<kernel::Row>())
    if (const Value* zh = find_value(row->cells, "zh"))
      if (const auto* words = zh->get<std::string>()) text = shortened(*words);
  return text;
}

std::string matter_title(const Snapshot& matter, const Directory& directory) {
  const std::string& pattern = matter.type->title;
  std::string title;
  for (std::size_t at = 0; at < pattern.size();) {
    const auto open = pattern.find('{', at);
    const auto close = open == std::string::npos ? open : pattern.find('}', open);
    if (close == std::string::npos) {
      title += pattern.substr(at);
      break;
    }
    title += pattern.substr(at, open - at);
    const std::string name = pattern.substr(open + 1, close - open - 1);
    const auto field = matter.type->find_field(name);
    if (field && !matter.type->fields[*field].personal)
      title += value_words(matter.type->fields[*field], matter.fields[*field], *matter.type,
                           directory);
    else if (name == "number")
      title += matter.number;
    at = close + 1;
  }
  const std::string_view trimmed = trim(title);
  return trimmed.empty() ? matter.number : std::string(trimmed);
}

}  // namespace gewu::usecase
