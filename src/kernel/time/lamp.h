#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace gewu::kernel {

/// Lamp (亮灯), from the quietest to the loudest: grey has no clock, green is in time, yellow is
/// near its due, red is past it, violet is listed for supervision (挂牌督办).
enum class Lamp { grey, green, yellow, red, violet };

inline constexpr std::array<std::string_view, 5> kLampNames = {"grey", "green", "yellow", "red",
                                                               "violet"};

/// What a matter shows when several clocks or rules speak.
constexpr Lamp worst(Lamp a, Lamp b) { return std::max(a, b); }

constexpr std::string_view lamp_name(Lamp lamp) {
  return kLampNames[static_cast<std::size_t>(lamp)];
}

constexpr std::optional<Lamp> parse_lamp(std::string_view text) {
  for (std::size_t i = 0; i < kLampNames.size(); ++i)
    if (kLampNames[i] == text) return static_cast<Lamp>(i);
  return std::nullopt;
}

}  // namespace gewu::kernel
