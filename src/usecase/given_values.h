#pragma once

#include "kernel/matter/decide.h"
#include "usecase/caller.h"

namespace gewu::usecase {

/// Values of a request for an action of a type, from JSON or as they are. Inside the room only.
/// `action` empty: inputs of any opening action are known.
Result<std::vector<kernel::NamedValue>> take_values(const GivenValues& given,
                                                    const kernel::Type& type,
                                                    const kernel::Name& action,
                                                    const kernel::Directory& directory);

/// A matter by decimal id.
std::optional<MatterId> parse_matter_id(std::string_view text);
/// A post by decimal id or by its key.
std::optional<PostId> find_post(const kernel::Directory& directory, std::string_view text);

}  // namespace gewu::usecase
