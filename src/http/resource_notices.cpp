#include "base/text.h"
#include "http/door.h"
#include "http/render.h"
#include "usecase/notices.h"
#include "usecase/read_me.h"

namespace gewu::http {
namespace {

using namespace gewu::kernel;

/// The words of a message key, from the list `message` of the locality.
const Label* label_of_message(const Locality* locality, std::string_view key) {
  if (!locality) return nullptr;
  const auto list = locality->lists.find("message");
  if (list == locality->lists.end()) return nullptr;
  const ListRow* row = list->second.find(key);
  return row ? &row->label : nullptr;
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
      if (const Label* label =
              label_of_message(locality ? *locality : nullptr, row.notice.text))
        write_label(out, "label", *label);
      if (!row.notice.words.empty()) out.member("words", row.notice.words);
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
