#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "codec/scaled.h"

namespace gewu::http {

/// "129.508123" in micro-degrees.
inline std::optional<std::int32_t> parse_degrees(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  const auto scaled = codec::parse_scaled(*text, 6, codec::ExcessDigits::refuse);
  if (!scaled || *scaled > 180'000'000 || *scaled < -180'000'000) return std::nullopt;
  return static_cast<std::int32_t>(*scaled);
}

}  // namespace gewu::http
