#include "http/door.h"
#include "http/render.h"
#include "kernel/figures/open_counts.h"
#include "usecase/open_draws.h"

// Draws as everybody is told of them; the same for whoever asks.

namespace gewu::http {
namespace {

using namespace gewu::kernel;

void write_draw(codec::JsonWriter& out, const usecase::OpenDraw& draw,
                const Directory& directory) {
  out.begin_object().member("name", draw.name);
  write_label(out, "label", draw.label);
  write_label(out, "type_label", draw.type_label);
  if (!draw.owner.empty()) {
    const Organisation* owner = directory.roster->organisation(draw.owner);
    write_label(out, "owner", owner ? owner->label : Label{draw.owner, "", ""});
  }
  out.member("from", format_date(draw.from)).member("until", format_date(draw.until));
  out.member("seed", draw.seed).member("root", draw.root);
  out.member("share", draw.share).member("least", draw.least);
  if (draw.candidates) out.member("candidates", *draw.candidates);
  if (draw.drawn) out.member("drawn", *draw.drawn);
  if (!draw.digest.empty()) out.member("digest", draw.digest);
  out.end_object();
}

}  // namespace

Result<Answer> read_open_draws(Visit& visit) {
  std::optional<Date> before;
  if (const auto asked = visit.request.parameter("before"); asked && !asked->empty()) {
    before = parse_date(*asked);
    if (!before) return refuse(ErrorCode::invalid, "figure.period");
  }
  GEWU_TRY(open, usecase::read_open_draws(visit.door.office, before));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object();
    out.member("candidates_min", static_cast<std::int64_t>(kOpenReportersMin));
    if (open.earlier) out.member("earlier", format_date(*open.earlier));
    out.key("draws").begin_array();
    for (const usecase::OpenDraw& draw : open.draws) write_draw(out, draw, *open.directory);
    out.end_array().end_object();
  });
}

}  // namespace gewu::http
