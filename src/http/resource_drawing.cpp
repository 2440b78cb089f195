#include "http/door.h"
#include "usecase/draw_grids.h"

// Boundaries of grids as an administrator draws them.

namespace gewu::http {
namespace {

using namespace gewu::kernel;

Result<usecase::GridDrawing> read_drawing(Visit& visit, const codec::Json& body) {
  usecase::GridDrawing drawing;
  drawing.under = visit.captured[0];
  const auto grids = body.string_at("grids");
  if (!grids) return refuse(ErrorCode::invalid, "geojson.form");
  drawing.grids = *grids;
  const auto datum = parse_datum(body.string_at("datum").value_or("cgcs2000"));
  if (!datum) return refuse(ErrorCode::invalid, "territory.drawing.datum");
  drawing.datum = *datum;
  const auto from = parse_date(body.string_at("valid_from").value_or(""));
  if (!from) return refuse(ErrorCode::invalid, "territory.drawing.from");
  drawing.from = *from;
  drawing.version = static_cast<std::uint64_t>(body.integer_at("version").value_or(0));
  return drawing;
}

}  // namespace

Result<Answer> draw_grids(Visit& visit) {
  GEWU_TRY(body, visit.body());
  GEWU_TRY(drawing, read_drawing(visit, body));
  auto& office = visit.door.office;
  auto answered = body.boolean_at("preview").value_or(false)
                      ? usecase::check_drawing(office, *visit.signed_in, drawing)
                      : usecase::save_drawing(office, *visit.signed_in, drawing);
  GEWU_TRY(result, std::move(answered));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().member("stored", result.stored);
    out.member("version", static_cast<std::int64_t>(result.version));
    out.member("changed", static_cast<std::int64_t>(result.changed));
    out.key("findings").begin_array();
    for (const GridFinding& finding : result.findings) {
      out.begin_object().member("kind", finding_name(finding.kind)).member("code", finding.code);
      if (!finding.other.empty()) out.member("other", finding.other);
      if (finding.area_m2 > 0) out.member("area_m2", finding.area_m2);
      if (!finding.reason.empty()) out.member("reason", finding.reason);
      out.end_object();
    }
    out.end_array();
    if (!result.converted.empty()) out.member("converted", result.converted);
    out.end_object();
  });
}

}  // namespace gewu::http
