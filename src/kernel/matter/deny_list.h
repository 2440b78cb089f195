#pragma once

#include <optional>
#include <string_view>

namespace gewu::kernel {

/// What Gewu keeps of nobody (隐私禁列): ethnicity, religion, politics, health risk, ways of
/// scoring people. On names and labels of fields, on list keys and columns of imports.
/// Gives the kind of fact that a name or label in zh or en asks for; nothing when it is harmless.
std::optional<std::string_view> denied_kind(std::string_view name_or_label);

}  // namespace gewu::kernel
