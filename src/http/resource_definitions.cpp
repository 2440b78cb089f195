#include "http/door.h"
#include "http/render.h"
#include "usecase/effective_text.h"
#include "usecase/office_state.h"

// Definitions as they are at work and how the office is, for administrators.

namespace gewu::http {

using namespace gewu::kernel;

Result<Answer> list_definitions(Visit& visit) {
  GEWU_TRY(state, usecase::read_published(visit.door.office, *visit.signed_in));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("localities").begin_array();
    for (const auto& [name, locality] : state.directory->localities) {
      out.begin_object().member("name", name);
      write_label(out, "label", locality->label);
      out.member("sha256", locality->text_sha256).key("types").begin_array();
      for (const auto& [key, type] : locality->types) {
        out.begin_object().member("name", key);
        write_label(out, "label", type->label);
        out.member("version", type->version).end_object();
      }
      out.end_array().end_object();
    }
    // What a migration has still to move, and what goes on under its old text.
    out.end_array().key("waiting").begin_array();
    for (const auto& [move, matters] : state.waiting.moves) {
      out.begin_object().member("type", move.type).member("version", move.from);
      out.member("to", move.to).member("matters", static_cast<std::int64_t>(matters));
      out.end_object();
    }
    for (const auto& [text, matters] : state.waiting.stays) {
      out.begin_object().member("type", text.first).member("version", text.second);
      out.member("matters", static_cast<std::int64_t>(matters)).end_object();
    }
    out.end_array().end_object();
  });
}

Result<Answer> read_office(Visit& visit) {
  GEWU_TRY(state, usecase::read_office_state(visit.door.office, *visit.signed_in));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().member("version", visit.door.options.version);
    out.member("stopped_steps", static_cast<std::int64_t>(state.stopped_steps));
    if (state.backed_up_at) out.member("backed_up_at", format_instant(*state.backed_up_at));
    out.end_object();
  });
}

Result<Answer> read_definition(Visit& visit) {
  GEWU_TRY(text, usecase::read_effective_text(visit.door.office, *visit.signed_in,
                                              visit.captured[0], visit.captured[1]));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().member("name", text.type->name);
    write_label(out, "label", text.type->label);
    out.member("version", text.type->version).member("yaml", text.yaml);
    out.member("has_origins", text.has_origins).end_object();
  });
}

}  // namespace gewu::http
