#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/json.h"
#include "codec/json_writer.h"
#include "kernel/matter/definition.h"

namespace gewu::codec {

/// What a request may name in words that only the office can resolve. An absent function, or
/// nothing from one, makes the value `.kind`.
struct InputContext {
  /// A matter by decimal id; doors may allow more ("request:UUID").
  std::function<std::optional<MatterId>(std::string_view)> find_matter;
  /// A post by decimal id or by its key.
  std::function<std::optional<PostId>(std::string_view)> find_post;
};

/// One value of a request by its field's spec (openapi `Values`); null is missing. `key` is the
/// field's in refusals: `invalid` `KEY.kind`. Whether what is named exists is decided by kernel.
Result<kernel::Value> read_field_value(const kernel::FieldSpec& field, const Json& json,
                                       const std::string& key, const InputContext& context);

/// One scalar from the text of a table's cell, a mapping or a scenario: 12.5, 2026-09-22, 3
/// day_working, true, a key. Empty text is missing. Large kinds (contact, rows…) are `KEY.kind`.
Result<kernel::Value> read_field_text(const kernel::FieldSpec& field, std::string_view text,
                                      const std::string& key, const InputContext& context);

/// An object of values for an action: names of the type's fields, or of `inputs`. All faults
/// together; `form.unknown` (`name`) for a name that is neither.
Result<std::vector<kernel::NamedValue>> read_values(
    const kernel::Type& type, std::string_view action,
    const std::vector<kernel::FieldSpec>& inputs, const Json& json, const InputContext& context);

/// The value as a reply gives it, in the same form as requests. Missing, erased and sealed values
/// are null.
void write_field_value(JsonWriter& out, const kernel::FieldSpec& field,
                       const kernel::Value& value);

}  // namespace gewu::codec
