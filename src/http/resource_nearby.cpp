#include "http/degrees.h"
#include "http/door.h"
#include "http/render.h"
#include "usecase/nearby_matters.h"

// What anybody may know of open matters around a point.

namespace gewu::http {
namespace {

using namespace gewu::kernel;

void write_nearby(codec::JsonWriter& out, const usecase::NearbyMatter& near) {
  const StateSpec& state = near.type->states[near.state];
  out.begin_object().member("id", std::to_string(near.id.value));
  write_label(out, "what", near.what->label);
  out.member("state", state.name);
  write_label(out, "state_label", state.label);
  out.member("metres", near.metres).member("day", format_date(near.day));
  if (near.joined) out.member("joined", *near.joined);
  if (near.join) {
    out.key("join").begin_object().member("type", near.join->type->name);
    out.member("action", near.join->action->name).member("field", near.join->field->name);
    write_label(out, "label", near.join->action->label);
    out.end_object();
  }
  out.end_object();
}

}  // namespace

Result<Answer> list_nearby(Visit& visit) {
  const auto lon = parse_degrees(visit.request.parameter("lon"));
  const auto lat = parse_degrees(visit.request.parameter("lat"));
  if (!lon || !lat) return refuse(ErrorCode::invalid, "territory.point");
  usecase::NearbyQuestion question;
  question.locality = visit.request.parameter("locality").value_or("");
  question.type = visit.request.parameter("type").value_or("");
  question.point = {*lon, *lat};
  GEWU_TRY(nearby, usecase::find_nearby(visit.door.office, visit.caller, question));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("matters").begin_array();
    for (const usecase::NearbyMatter& near : nearby.matters) write_nearby(out, near);
    out.end_array().end_object();
  });
}

}  // namespace gewu::http
