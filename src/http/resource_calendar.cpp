#include "http/door.h"
#include "http/render.h"
#include "usecase/calendar_notice.h"

// Calendar notices: what the calendars as published would move, and the word of two administrators.

namespace gewu::http {
namespace {

using namespace gewu::kernel;

void write_moved(codec::JsonWriter& out, const usecase::NoticedMatter& moved,
                 const Directory& directory) {
  const Type& type = *moved.matter->type;
  const Locality* locality = directory.locality_of(moved.matter->territory);
  out.begin_object().member("id", std::to_string(moved.matter->id.value));
  out.member("number", moved.matter->number).member("type", type.name);
  write_label(out, "type_label", type.label);
  out.key("clocks").begin_array();
  for (const MovedClock& clock : moved.clocks) {
    const ClockSpec* spec = type.find_clock(clock.clock);
    out.begin_object().member("name", clock.clock);
    write_label(out, "label", spec ? spec->label : built_in_label(clock.clock, locality));
    out.member("was", format_instant(clock.was)).member("now", format_instant(clock.now));
    out.member("overdue", clock.turns_overdue).end_object();
  }
  out.end_array().end_object();
}

}  // namespace

Result<Answer> read_calendar_notice(Visit& visit) {
  usecase::Office& office = visit.door.office;
  GEWU_TRY(preview, usecase::preview_calendar_notice(office, *visit.signed_in));
  const DirectoryPtr directory = usecase::directory_of(office);
  return json_answer([&](codec::JsonWriter& out) {
    const auto count = [&](const char* name, std::size_t number) {
      out.member(name, static_cast<std::int64_t>(number));
    };
    out.begin_object();
    count("later", preview.later);
    count("earlier", preview.earlier);
    count("overdue", preview.overdue);
    count("matters", preview.matters);
    out.member("fingerprint", preview.fingerprint);
    out.member("proposed", preview.proposed_by.has_value());
    out.member("mine", preview.proposed_by.has_value() &&
                           preview.proposed_by == visit.signed_in->caller.account);
    out.key("rows").begin_array();
    for (const usecase::NoticedMatter& row : preview.rows) write_moved(out, row, *directory);
    out.end_array().end_object();
  });
}

Result<Answer> agree_calendar_notice(Visit& visit) {
  GEWU_TRY(body, visit.body());
  const auto fingerprint = body.string_at("fingerprint");
  if (!fingerprint) return refuse(ErrorCode::invalid, "calendar.fingerprint");
  GEWU_TRY(agreed, usecase::agree_calendar_notice(visit.door.office, *visit.signed_in,
                                                  std::string(*fingerprint)));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().member("moved", agreed.moved);
    out.member("matters", static_cast<std::int64_t>(agreed.matters)).end_object();
  });
}

}  // namespace gewu::http
