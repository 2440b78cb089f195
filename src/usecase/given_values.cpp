#include "usecase/given_values.h"

#include "base/text.h"
#include "codec/input_json.h"
#include "kernel/matter/built_in.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

std::vector<FieldSpec> inputs_of(const Type& type, const Name& action) {
  if (const ActionSpec* spec = type.find_action(action)) return spec->input;
  if (!action.empty()) return built_in_inputs(type, action);
  std::vector<FieldSpec> inputs;
  for (const ActionSpec& spec : type.actions)
    if (spec.opens) inputs.insert(inputs.end(), spec.input.begin(), spec.input.end());
  return inputs;
}

}  // namespace

std::optional<MatterId> parse_matter_id(std::string_view text) {
  const auto number = parse_integer(text);
  if (!number || *number <= 0) return std::nullopt;
  return MatterId{*number};
}

std::optional<PostId> find_post(const Directory& directory, std::string_view text) {
  if (const Post* post = directory.roster->post_by_key(text)) return post->id;
  const auto number = parse_integer(text);
  if (!number || *number <= 0) return std::nullopt;
  return PostId{*number};
}

Result<std::vector<NamedValue>> take_values(const GivenValues& given, const Type& type,
                                            const Name& action, const Directory& directory) {
  if (const auto* ready = std::get_if<std::vector<NamedValue>>(&given)) return *ready;
  const codec::InputContext context{
      parse_matter_id, [&](std::string_view text) { return find_post(directory, text); }};
  return codec::read_values(type, action, inputs_of(type, action), std::get<codec::Json>(given),
                            context);
}

}  // namespace gewu::usecase
