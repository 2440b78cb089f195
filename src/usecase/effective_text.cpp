#include "usecase/effective_text.h"

#include "codec/event_json.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "codec/yaml.h"
#include "usecase/administrators.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

std::string key_of_lines(std::string_view locality) {
  return "effective_text " + std::string(locality);
}

/// {"TYPE": "lines"}
std::string lines_of(const PublishedLocality& published) {
  std::string json;
  codec::JsonWriter out(json);
  out.begin_object();
  for (const auto& [type, text] : effective_lines(published)) out.member(type, text.lines);
  out.end_object();
  return json;
}

}  // namespace

EffectiveLines effective_lines(const PublishedLocality& published) {
  codec::YamlStyle style;
  style.comment = [](const Origin& origin) { return origin.text(); };
  EffectiveLines lines;
  if (const Node* types = published.node.find("types"))
    for (const NodeEntry& entry : types->entries)
      if (const Node* type = show_type(published, entry.key))
        lines[entry.key] = {codec::write_yaml(*type), codec::write_yaml(*type, style)};
  return lines;
}

Status keep_effective_texts(Office& office,
                            const std::map<Name, PublishedLocality>& published) {
  for (const auto& [name, locality] : published) {
    const std::string key = key_of_lines(name);
    std::string lines = lines_of(locality);
    GEWU_TRY(kept, office.store.read_office(key));
    if (kept != lines) GEWU_CHECK(office.store.write_office(key, lines));
  }
  return {};
}

Result<EffectiveText> read_effective_text(Office& office, const SignedInCaller& by,
                                          std::string_view locality_name,
                                          std::string_view type_name) {
  GEWU_CHECK(check_duty(office, by, {Duty::system, Duty::security}));
  const DirectoryPtr directory = office.store.directory();
  const Locality* locality = directory->find_locality(locality_name);
  if (!locality) return refuse(ErrorCode::not_found, "locality.unknown");
  const auto type = locality->types.find(std::string(type_name));
  if (type == locality->types.end()) return refuse(ErrorCode::not_found, "type.unknown");
  EffectiveText text{type->second, "", false};
  GEWU_TRY(kept, office.store.read_office(key_of_lines(locality_name)));
  if (kept) {
    GEWU_TRY(lines, codec::parse_json(*kept, codec::journal_limits()));
    if (const auto found = lines.string_at(type_name)) {
      text.yaml = *found;
      text.has_origins = true;
      return text;
    }
  }
  if (!locality->text) return refuse(ErrorCode::internal, "definition.canonical");
  GEWU_TRY(published, from_canonical(*locality->text));
  if (const Node* node = show_type(published, type_name)) text.yaml = codec::write_yaml(*node);
  return text;
}

Result<PublishedState> read_published(Office& office, const SignedInCaller& by) {
  GEWU_CHECK(check_duty(office, by, {Duty::system, Duty::security}));
  PublishedState state{office.store.directory(), {}};
  GEWU_TRY(waiting, preview_migrations(office, *state.directory));
  state.waiting = std::move(waiting);
  return state;
}

}  // namespace gewu::usecase
