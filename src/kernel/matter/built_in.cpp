#include "kernel/matter/built_in.h"

namespace gewu::kernel {
namespace {

FieldSpec input(std::string_view name, FieldKind kind, std::string_view list = "") {
  FieldSpec spec;
  spec.name = name;
  spec.kind = kind;
  spec.list = list;
  return spec;
}

}  // namespace

std::vector<Name> built_in_actions(const Type& type) {
  std::vector<Name> actions{"note", "claim", "release", "reroute", "unseal", "erase"};
  if (given_contact(type)) actions.insert(actions.end(), {"ask_contact", "change_contact"});
  for (const ClockSpec& clock : type.clocks) {
    if (!clock.extend_by.empty()) actions.push_back(clock.name + ".extend");
    if (!clock.exempt_by.empty()) actions.push_back(clock.name + ".exempt");
  }
  return actions;
}

std::vector<FieldSpec> built_in_inputs(const Type& type, std::string_view action) {
  if (action == "note") {
    FieldSpec text = input("text", FieldKind::text), files = input("files", FieldKind::file);
    text.personal = files.personal = files.many = true;
    return {text, input("audience", FieldKind::choice, "note_audience"), files};
  }
  if (action == "reroute")
    return {input("place", FieldKind::place), input("territory", FieldKind::territory),
            input("ground", FieldKind::choice, "grounds"), input("reason", FieldKind::text)};
  if (action == "unseal")
    return {input("ground", FieldKind::choice, "unseal_grounds"),
            input("reason", FieldKind::text)};
  if (const auto given = given_contact(type); given && action == "change_contact") {
    FieldSpec contact = type.fields[*given];
    contact.name = "contact";
    return {contact};
  }
  const auto dot = action.find('.');
  if (dot == std::string_view::npos || !type.find_clock(action.substr(0, dot))) return {};
  const FieldSpec ground = input("ground", FieldKind::choice, "grounds");
  if (action.substr(dot + 1) == "extend") return {input("by", FieldKind::limit), ground};
  if (action.substr(dot + 1) == "exempt") return {ground};
  return {};
}

bool is_demanded(std::string_view action, std::string_view input) {
  if (action == "change_contact") return input == "contact";
  if (action == "reroute") return input == "ground" || input == "reason";
  if (action == "unseal" || action.ends_with(".exempt")) return input == "ground";
  return action.ends_with(".extend") && (input == "by" || input == "ground");
}

std::optional<std::size_t> given_contact(const Type& type) {
  for (std::size_t i = 0; i < type.fields.size(); ++i)
    if (type.fields[i].kind == FieldKind::contact && type.fields[i].consent == Consent::none)
      return i;
  return std::nullopt;
}

}  // namespace gewu::kernel
