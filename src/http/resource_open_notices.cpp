#include "http/door.h"
#include "http/render.h"
#include "usecase/open_notices.h"

// What stands on billboards; the same for whoever asks.

namespace gewu::http {
namespace {

using namespace gewu::kernel;

void write_notice(codec::JsonWriter& out, const usecase::OpenNotice& notice,
                  const Directory& directory) {
  const Snapshot& matter = *notice.row.seen.matter;
  const StateSpec& state = matter.type->states[matter.state];
  out.begin_object().member("id", std::to_string(matter.id.value)).member("type", matter.type->name);
  write_label(out, "type_label", matter.type->label);
  write_label(out, "board", notice.board->label);
  out.member("number", matter.number).member("state", state.name);
  write_label(out, "state_label", state.label);
  write_unit(out, "territory", territory_unit(matter.territory), directory);
  write_unit(out, "owner", matter.owner, directory);
  if (const auto due = matter.next_due()) out.member("until", format_instant(*due));
  write_facts(out, notice.row, directory);
  out.end_object();
}

}  // namespace

Result<Answer> list_open_notices(Visit& visit) {
  const std::string place(visit.request.parameter("place").value_or(""));
  GEWU_TRY(open, usecase::list_open_notices(visit.door.office, place));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("notices").begin_array();
    for (const usecase::OpenNotice& notice : open.notices)
      write_notice(out, notice, *open.directory);
    out.end_array().end_object();
  });
}

Result<Answer> read_open_notice(Visit& visit) {
  GEWU_TRY(id, visit.captured_matter());
  GEWU_TRY(open, usecase::read_open_notice(visit.door.office, id));
  return json_answer([&](codec::JsonWriter& out) {
    write_notice(out, open.notices.front(), *open.directory);
  });
}

}  // namespace gewu::http
