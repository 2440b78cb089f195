#include "codec/clock_inputs_json.h"

#include "codec/matter_json.h"

namespace gewu::codec {
namespace {

using namespace gewu::kernel;

void write_target(JsonWriter& out, const ClockTarget& target) {
  out.begin_object();
  if (const auto* limit = std::get_if<Limit>(&target)) {
    out.member("within", format_limit(*limit));
  } else if (const auto* instant = std::get_if<Instant>(&target)) {
    write_instant(out, "at", *instant);
  } else if (const auto* day = std::get_if<DateTarget>(&target)) {
    out.member("on", day->date.days);
    if (day->office_close) out.member("office_close", true);
  }
  out.end_object();
}

Result<ClockTarget> read_target(const Json& json) {
  if (const auto within = json.string_at("within")) {
    GEWU_TRY(limit, parse_limit(*within));
    return ClockTarget(limit);
  }
  if (const auto at = optional_instant_at(json, "at")) return ClockTarget(*at);
  if (const auto on = json.integer_at("on"))
    return ClockTarget(DateTarget{Date{static_cast<std::int32_t>(*on)},
                                  json.boolean_at("office_close").value_or(false)});
  return bad_record("clock target");
}

}  // namespace

void write_clock_inputs(JsonWriter& out, const ClockInputs& inputs) {
  out.begin_object();
  write_instant(out, "start", inputs.start);
  out.key("targets").begin_array();
  for (const ClockTarget& target : inputs.targets) write_target(out, target);
  out.end_array().member("calendar", inputs.calendar);
  if (!inputs.pauses.empty()) {
    out.key("pauses").begin_array();
    for (const Pause& pause : inputs.pauses) {
      out.begin_object();
      write_instant(out, "from", pause.from);
      if (pause.to) write_instant(out, "to", *pause.to);
      out.end_object();
    }
    out.end_array();
  }
  if (inputs.caps.most) out.member("pause_most", *inputs.caps.most);
  if (inputs.caps.total) out.member("pause_total", *inputs.caps.total);
  if (!inputs.extensions.empty()) {
    out.key("extensions").begin_array();
    for (const Limit& extension : inputs.extensions) out.string(format_limit(extension));
    out.end_array();
  }
  out.end_object();
}

Result<ClockInputs> read_clock_inputs(const Json& json) {
  ClockInputs inputs;
  GEWU_TRY(start, instant_at(json, "start"));
  inputs.start = start;
  if (const auto* targets = json.array_at("targets"))
    for (const Json& item : *targets) {
      GEWU_TRY(target, read_target(item));
      inputs.targets.push_back(std::move(target));
    }
  inputs.calendar = text_at(json, "calendar");
  if (const auto* pauses = json.array_at("pauses"))
    for (const Json& item : *pauses) {
      GEWU_TRY(from, instant_at(item, "from"));
      inputs.pauses.push_back({from, optional_instant_at(item, "to")});
    }
  inputs.caps.most = json.integer_at("pause_most");
  inputs.caps.total = json.integer_at("pause_total");
  if (const auto* extensions = json.array_at("extensions"))
    for (const Json& item : *extensions) {
      GEWU_TRY(limit, parse_limit(item.as_string().value_or("")));
      inputs.extensions.push_back(limit);
    }
  return inputs;
}

}  // namespace gewu::codec
