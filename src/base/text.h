#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gewu {

/// Whether the bytes are well-formed UTF-8 (RFC 3629).
bool is_utf8(std::string_view text);
/// Code points of well-formed UTF-8: text lengths are counted and shown in these.
std::size_t count_code_points(std::string_view text);
std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
/// A whole number with an optional leading minus, nothing else; nothing when it does not fit.
std::optional<std::int64_t> parse_integer(std::string_view text);
/// [a-z][a-z0-9_]*, at most 64 bytes: the form of every name in a definition.
bool is_name(std::string_view text);

}  // namespace gewu
