#include "http/door.h"
#include "http/render.h"
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

void write_result(codec::JsonWriter& out, const usecase::DrawingResult& result) {
  out.begin_object().member("stored", result.stored);
  if (!result.proposed.empty()) out.member("proposed", result.proposed);
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
}

constexpr std::size_t kHashShown = 12;
/// What the log says of a drawing that its findings forbid, or that changes nothing.
constexpr const char* kBarred = "territory.drawing.barred";

/// Which unit and which drawing, for the log: the two lines of one drawing say the same.
std::string subject_of(const TerritoryCode& under, std::string_view sha256) {
  return under + " " + std::string(sha256.substr(0, kHashShown));
}

Result<std::string> wanted_drawing(Visit& visit) {
  GEWU_TRY(body, visit.body());
  const auto sha256 = body.string_at("sha256");
  if (!sha256) return refuse(ErrorCode::invalid, "import.form", {{"name", "sha256"}});
  visit.audit.subject = subject_of(visit.captured[0], *sha256);
  return std::string(*sha256);
}

}  // namespace

Result<Answer> check_drawing(Visit& visit) {
  GEWU_TRY(body, visit.body());
  GEWU_TRY(drawing, read_drawing(visit, body));
  GEWU_TRY(result, usecase::check_drawing(visit.door.office, *visit.signed_in, drawing));
  return json_answer([&](codec::JsonWriter& out) { write_result(out, result); });
}

Result<Answer> propose_drawing(Visit& visit) {
  GEWU_TRY(body, visit.body());
  GEWU_TRY(drawing, read_drawing(visit, body));
  visit.audit.subject = drawing.under;
  GEWU_TRY(result, usecase::propose_drawing(visit.door.office, *visit.signed_in, drawing));
  if (result.proposed.empty()) visit.audit.refused = kBarred;
  else visit.audit.subject = subject_of(drawing.under, result.proposed);
  return json_answer([&](codec::JsonWriter& out) { write_result(out, result); });
}

Result<Answer> list_drawings(Visit& visit) {
  usecase::Office& office = visit.door.office;
  GEWU_TRY(waiting, usecase::list_drawings(office, *visit.signed_in));
  const DirectoryPtr directory = usecase::directory_of(office);
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("drawings").begin_array();
    for (const usecase::DrawingProposal& one : waiting) {
      out.begin_object().key("unit");
      if (const Territory* unit = directory->territory->find(one.drawing.under))
        write_territory(out, *unit, *directory);
      out.member("sha256", one.sha256).member("at", format_instant(one.at));
      out.member("mine", one.by == visit.signed_in->caller.account);
      out.member("stale", usecase::is_stale(office, one));
      out.member("changed", static_cast<std::int64_t>(one.changed));
      out.member("from", format_date(one.drawing.from));
      out.member("grids", one.drawing.grids).end_object();
    }
    out.end_array().end_object();
  });
}

Result<Answer> withdraw_drawing(Visit& visit) {
  GEWU_TRY(sha256, wanted_drawing(visit));
  GEWU_CHECK(usecase::withdraw_drawing(visit.door.office, *visit.signed_in, visit.captured[0],
                                       sha256));
  return empty_answer();
}

Result<Answer> confirm_drawing(Visit& visit) {
  usecase::Office& office = visit.door.office;
  GEWU_TRY(sha256, wanted_drawing(visit));
  GEWU_TRY(confirmed,
           usecase::confirm_drawing(office, *visit.signed_in, visit.captured[0], sha256));
  // Beside the line of whoever proposed it: this one names him too.
  GEWU_TRY(first, office.store.find_account(confirmed.proposed_by));
  if (first) visit.audit.subject += " " + first->login;
  if (!confirmed.result.stored) visit.audit.refused = kBarred;
  return json_answer([&](codec::JsonWriter& out) { write_result(out, confirmed.result); });
}

}  // namespace gewu::http
