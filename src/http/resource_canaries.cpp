#include "http/door.h"
#include "http/render.h"
#include "usecase/canaries.h"

// Canaries, as the security administrator plants and lists them.

namespace gewu::http {
namespace {

using namespace gewu::kernel;

void write_canary(codec::JsonWriter& out, const usecase::CanaryView& canary,
                  const Directory& directory) {
  out.begin_object().member("id", std::to_string(canary.id));
  out.member("at", format_instant(canary.at));
  if (!canary.login.empty()) out.member("login", canary.login).member("name", canary.name);
  if (canary.matter) {
    const Type& type = *canary.matter->type;
    out.member("matter", std::to_string(canary.matter->id.value));
    out.member("number", canary.matter->number).member("type", type.name);
    write_label(out, "type_label", type.label);
    write_label(out, "state_label", type.states[canary.matter->state].label);
    write_unit(out, "territory", territory_unit(canary.matter->territory), directory);
  }
  out.end_object();
}

void write_choice(codec::JsonWriter& out, const usecase::CanaryChoice& choice) {
  out.begin_object().member("type", choice.type->name);
  write_label(out, "label", choice.type->label);
  out.key("states").begin_array();
  for (const std::size_t state : choice.states) {
    out.begin_object().member("name", choice.type->states[state].name);
    write_label(out, "label", choice.type->states[state].label);
    out.end_object();
  }
  out.end_array().end_object();
}

Result<usecase::WantedCanary> read_wanted(const codec::Json& body) {
  for (const codec::JsonMember& member : *body.as_object())
    if (member.key != "type" && member.key != "state" && member.key != "locality" &&
        member.key != "values")
      return refuse(ErrorCode::invalid, "json.unknown", {{"name", member.key}});
  const auto type = body.string_at("type");
  if (!type) return refuse(ErrorCode::invalid, "type.required");
  const auto state = body.string_at("state");
  if (!state) return refuse(ErrorCode::invalid, "canary.state");
  usecase::WantedCanary wanted;
  wanted.type = *type;
  wanted.state = *state;
  wanted.locality = body.string_at("locality").value_or("");
  const codec::Json* values = body.find("values");
  wanted.values = values ? *values : codec::Json(codec::Json::Object{});
  return wanted;
}

}  // namespace

Result<Answer> list_canaries(Visit& visit) {
  usecase::Office& office = visit.door.office;
  GEWU_TRY(list, usecase::list_canaries(office, *visit.signed_in));
  GEWU_TRY(choices, usecase::list_canary_choices(office, *visit.signed_in));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("canaries").begin_array();
    for (const auto& canary : list.canaries) write_canary(out, canary, *list.directory);
    out.end_array().key("choices").begin_array();
    for (const auto& choice : choices) write_choice(out, choice);
    out.end_array().end_object();
  });
}

Result<Answer> plant_canary(Visit& visit) {
  GEWU_TRY(body, visit.body());
  GEWU_TRY(wanted, read_wanted(body));
  usecase::Office& office = visit.door.office;
  GEWU_TRY(canary, usecase::plant_canary(office, *visit.signed_in, wanted));
  visit.audit.subject = "canary " + std::to_string(canary.id);
  return json_answer(
      [&](codec::JsonWriter& out) {
        write_canary(out, canary, *usecase::directory_of(office));
      },
      201);
}

}  // namespace gewu::http
