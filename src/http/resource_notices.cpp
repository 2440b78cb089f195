#include "base/text.h"
#include "http/door.h"
#include "http/render.h"
#include "usecase/notices.h"
#include "usecase/read_me.h"

namespace gewu::http {
namespace {

using namespace gewu::kernel;

/// The text that what happened is read under: the one the matter goes by, else that of today.
TypePtr type_of(const usecase::NoticeRow& row, std::string_view name, const Locality& locality) {
  if (row.matter && row.matter->seen.matter->type->name == name)
    return row.matter->seen.matter->type;
  return locality.find_type(name);
}

/// What happened, in the words of the definition: the row of the list `message` that the key names,
/// else the label of the action or clock that told ("type.action", "type.clock@step"). Nothing for
/// a key that no definition knows any more.
std::optional<Label> label_of(const usecase::NoticeRow& row, const Locality* locality) {
  if (!locality) return std::nullopt;
  const std::string_view key = row.notice.text;
  if (const auto list = locality->lists.find("message"); list != locality->lists.end())
    if (const ListRow* found = list->second.find(key)) return found->label;
  const auto dot = key.find('.');
  const TypePtr type =
      dot == std::string_view::npos ? nullptr : type_of(row, key.substr(0, dot), *locality);
  if (!type) return std::nullopt;
  const std::string_view happened = key.substr(dot + 1);
  Label label = taken_label(*type, happened, locality);
  if (label.zh.empty() || label.zh == happened) return std::nullopt;
  return label;
}

}  // namespace

Result<Answer> list_notices(Visit& visit) {
  GEWU_TRY(list, usecase::list_notices(visit.door.office, visit.caller));
  const auto locality =
      usecase::choose_locality(*list.directory, visit.caller, visit.now(), {});
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("notices").begin_array();
    for (const usecase::NoticeRow& row : list.rows) {
      out.begin_object().member("id", std::to_string(row.notice.id));
      out.member("at", format_instant(row.notice.at)).member("text", row.notice.text);
      if (const auto label = label_of(row, locality ? *locality : nullptr))
        write_label(out, "label", *label);
      if (!row.notice.words.empty()) out.member("words", row.notice.words);
      if (!row.person.empty()) out.member("person", row.person);
      out.member("read", row.notice.read);
      if (row.matter) {
        out.key("matter");
        write_row(out, *row.matter, *list.directory, visit.now());
      }
      out.end_object();
    }
    out.end_array().member("unread", static_cast<std::int64_t>(list.unread)).end_object();
  });
}

Result<Answer> mark_notices_read(Visit& visit) {
  GEWU_TRY(body, visit.body());
  const auto text = body.string_at("up_to");
  const auto up_to = text ? parse_integer(*text) : std::nullopt;
  if (!up_to || *up_to < 0) return refuse(ErrorCode::invalid, "notice.up_to");
  GEWU_CHECK(usecase::mark_notices_read(visit.door.office, visit.caller, *up_to));
  return empty_answer();
}

}  // namespace gewu::http
