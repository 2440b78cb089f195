#include "kernel/place/territory.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gewu::kernel {
namespace {

/// Digits of a code down to each depth; the last part of an entrance has two digits.
constexpr std::array<std::size_t, 9> kLengths{0, 2, 4, 6, 9, 12, 15, 18, 20};

constexpr std::array<std::pair<std::string_view, Level>, 9> kLevels{{
    {"province", Level::province},
    {"prefecture", Level::prefecture},
    {"county", Level::county},
    {"subdistrict", Level::subdistrict},
    {"level_4_other", Level::level_4_other},
    {"community", Level::community},
    {"grid", Level::grid},
    {"building", Level::building},
    {"entrance", Level::entrance},
}};

bool is_zeros(std::string_view part) {
  return part.find_first_not_of('0') == part.npos;
}

bool is_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == text.npos;
}

/// The code without its trailing parts of zeros; empty when nothing is left.
std::string_view without_padding(std::string_view code) {
  int depth = code_depth(code);
  while (depth > 0) {
    const std::size_t begin = kLengths[static_cast<std::size_t>(depth - 1)];
    if (!is_zeros(code.substr(begin))) break;
    code = code.substr(0, begin);
    --depth;
  }
  return code;
}

}  // namespace

std::string_view level_name(Level level) {
  return kLevels[static_cast<std::size_t>(level)].first;
}

std::optional<Level> parse_level(std::string_view name) {
  for (const auto& [spelling, level] : kLevels)
    if (spelling == name) return level;
  return std::nullopt;
}

int level_depth(Level level) {
  switch (level) {
    case Level::province:
      return 1;
    case Level::prefecture:
      return 2;
    case Level::county:
      return 3;
    case Level::subdistrict:
    case Level::level_4_other:
      return 4;
    case Level::community:
      return 5;
    case Level::grid:
      return 6;
    case Level::building:
      return 7;
    case Level::entrance:
      return 8;
  }
  std::unreachable();
}

int code_depth(std::string_view code) {
  const auto found = std::ranges::find(kLengths, code.size());
  return found == kLengths.end() ? 0 : static_cast<int>(found - kLengths.begin());
}

bool is_territory_code(std::string_view text) {
  return code_depth(text) > 0 && is_digits(text) && without_padding(text) == text;
}

Result<TerritoryCode> parse_territory_code(std::string_view text) {
  if (code_depth(text) == 0 || !is_digits(text) || without_padding(text).empty())
    return refuse(ErrorCode::invalid, "territory.code", {{"length", std::to_string(text.size())}});
  return TerritoryCode(without_padding(text));
}

CodeRange code_range(std::string_view code) {
  TerritoryCode high(code);
  while (!high.empty() && high.back() == '9') high.pop_back();
  if (high.empty())
    high = TerritoryCode(code) + ':';  // no next number; ':' follows '9' in byte order
  else
    ++high.back();
  return {TerritoryCode(code), std::move(high)};
}

std::optional<TerritoryCode> parent_code(std::string_view code) {
  const int depth = code_depth(code);
  if (depth <= 1) return std::nullopt;
  const std::string_view above =
      without_padding(code.substr(0, kLengths[static_cast<std::size_t>(depth - 1)]));
  if (above.empty()) return std::nullopt;
  return TerritoryCode(above);
}

std::vector<TerritoryCode> codes_above(std::string_view code) {
  std::vector<TerritoryCode> above;
  for (auto next = parent_code(code); next; next = parent_code(*next)) above.push_back(*next);
  return above;
}

bool covers(std::string_view upper, std::string_view lower) {
  return !upper.empty() && lower.starts_with(upper);
}

std::optional<TerritoryCode> common_code(std::string_view a, std::string_view b) {
  std::optional<TerritoryCode> candidate(a);
  while (candidate && !covers(*candidate, b)) candidate = parent_code(*candidate);
  return candidate;
}

}  // namespace gewu::kernel
