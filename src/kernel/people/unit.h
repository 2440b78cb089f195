#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>

namespace gewu::kernel {

/// What a post sits on and what a figure is counted for (单位): a territory by its code, an
/// organisation by its key, or a row of a reference type (a lane, an estate) by its matter id
/// as text.
struct Unit {
  enum class Kind { none, territory, organisation, row };
  Kind kind = Kind::none;
  std::string code;
  auto operator<=>(const Unit&) const = default;
};

inline Unit territory_unit(std::string code) {
  return {Unit::Kind::territory, std::move(code)};
}
inline Unit organisation_unit(std::string key) {
  return {Unit::Kind::organisation, std::move(key)};
}
inline Unit row_unit(std::string matter_id) {
  return {Unit::Kind::row, std::move(matter_id)};
}

}  // namespace gewu::kernel

template <>
struct std::hash<gewu::kernel::Unit> {
  std::size_t operator()(const gewu::kernel::Unit& unit) const noexcept {
    return std::hash<std::string>{}(unit.code) * 4 + static_cast<std::size_t>(unit.kind);
  }
};
