#include "http/door.h"
#include "http/render.h"
#include "usecase/open_figures.h"

// What everybody is told by place and week; the same for whoever asks.

namespace gewu::http {
namespace {

using namespace gewu::kernel;

void write_open_week(codec::JsonWriter& out, const usecase::OpenWeek& week,
                     const Directory& directory) {
  out.key("week").begin_object().member("from", format_date(week.from));
  out.member("until", format_date({week.from.days + 6}));
  if (week.earlier) out.member("earlier", format_date(*week.earlier));
  if (week.later) out.member("later", format_date(*week.later));
  out.key("places").begin_array();
  for (const OpenCount& count : week.counts) {
    const Territory* territory = directory.territory->find(count.place);
    out.begin_object().member("code", count.place);
    write_label(out, "label", territory ? territory->name : Label{count.place, "", ""});
    out.member("count", count.reports).end_object();
  }
  out.end_array().end_object();
}

}  // namespace

Result<Answer> read_open_figures(Visit& visit) {
  std::optional<Date> week;
  if (const auto asked = visit.request.parameter("week"); asked && !asked->empty()) {
    week = parse_date(*asked);
    if (!week) return refuse(ErrorCode::invalid, "figure.period");
  }
  GEWU_TRY(open, usecase::read_open_figures(visit.door.office, week));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object();
    out.member("reporters_min", static_cast<std::int64_t>(kOpenReportersMin));
    out.key("figures").begin_array();
    for (const usecase::OpenFigure& figure : open.figures) {
      out.begin_object().member("name", figure.name);
      write_label(out, "label", figure.indicator->label);
      write_label(out, "type_label", figure.type->label);
      if (!figure.indicator->note.empty()) out.member("note", figure.indicator->note);
      if (figure.week) write_open_week(out, *figure.week, *open.directory);
      out.end_object();
    }
    out.end_array().end_object();
  });
}

}  // namespace gewu::http
