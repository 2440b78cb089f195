#include "http/door.h"
#include "http/render.h"
#include "usecase/read_sight.h"

// Why somebody sees a matter, and who else does.

namespace gewu::http {
namespace {

using namespace gewu::kernel;

const char* kind_name(Audience::Kind kind, bool is_role_line) {
  switch (kind) {
    case Audience::Kind::author: return "author";
    case Audience::Kind::holder: return "post";
    case Audience::Kind::role: return is_role_line ? "role" : "post";
    case Audience::Kind::member: return "member";
    case Audience::Kind::others: return "others";
    case Audience::Kind::everyone:
    case Audience::Kind::system: return "public";
  }
  return "public";
}

void write_names(codec::JsonWriter& out, std::string_view key, const std::vector<Name>& names) {
  out.key(key).begin_array();
  for (const Name& name : names) out.string(name);
  out.end_array();
}

void write_line(codec::JsonWriter& out, const usecase::LineOfSight& shown,
                const usecase::Sight& sight) {
  const SightLine& line = shown.line;
  const Type& type = *sight.matter->type;
  out.begin_object().member("audience", line.audience);
  out.member("kind", kind_name(line.kind, line.see == nullptr));
  if (!line.role.empty()) {
    out.member("role", line.role);
    if (sight.locality)
      if (const auto role = sight.locality->roles.find(line.role);
          role != sight.locality->roles.end())
        write_label(out, "label", role->second.label);
  }
  const bool is_all = line.see == nullptr || line.see->all_fields;
  out.member("all_fields", is_all);
  write_names(out, "fields", line.see ? line.see->fields : std::vector<Name>{});
  if (line.see && !line.see->coarse.empty()) write_names(out, "coarse", line.see->coarse);
  out.member("sealed", line.see != nullptr && line.see->sealed);
  if (line.see && !line.see->in.empty()) {
    out.key("in").begin_array();
    for (const std::size_t state : line.see->in) {
      out.begin_object().member("zh", type.states[state].label.zh);
      if (!type.states[state].label.ko.empty()) out.member("ko", type.states[state].label.ko);
      if (!type.states[state].label.en.empty()) out.member("en", type.states[state].label.en);
      out.end_object();
    }
    out.end_array();
  }
  if (line.see && line.see->when) out.member("conditional", true);
  if (shown.through_parent) out.member("through_parent", true);
  if (!shown.posts.empty()) {
    out.key("posts").begin_array();
    for (const usecase::HeldPost& post : shown.posts)
      write_held_post(out, post, *sight.directory);
    out.end_array();
  }
  if (shown.more > 0) out.member("more", static_cast<std::int64_t>(shown.more));
  out.end_object();
}

}  // namespace

Result<Answer> read_sight(Visit& visit) {
  GEWU_TRY(id, visit.captured_matter());
  GEWU_TRY(sight, usecase::read_sight(visit.door.office, visit.caller, id));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("why");
    write_line(out, sight.why, sight);
    out.key("who").begin_array();
    for (const usecase::LineOfSight& line : sight.who) write_line(out, line, sight);
    out.end_array();
    if (sight.parent.has_value()) out.member("parent", std::to_string(sight.parent.value));
    out.end_object();
  });
}

}  // namespace gewu::http
