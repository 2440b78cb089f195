#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "kernel/place/label.h"
#include "kernel/place/lonlat.h"

namespace gewu::kernel {

/// Level of a territory (层级). `level_4_other` stands beside `subdistrict` on the fourth level:
/// a forestry bureau, farm or industrial zone that has a code but no desk.
enum class Level {
  province,
  prefecture,
  county,
  subdistrict,
  level_4_other,
  community,
  grid,
  building,
  entrance,
};

/// The spelling of a level in definitions and tables.
std::string_view level_name(Level level);
std::optional<Level> parse_level(std::string_view name);
/// 1 for the province to 8 for the entrance; both levels of subdistricts are 4. The national
/// table numbers its five levels the same way.
int level_depth(Level level);

/// Code of a territory (区划代码): 2, 4, 6, 9, 12, 15, 18 or 20 digits without padding, beginning
/// with the parent's. A skipped level is three (or two) zeros, so that a subtree is a code range;
/// the last part is never zeros only.
using TerritoryCode = std::string;

/// Takes the unpadded form and every padded one (the national table's 12 digits, the 6 digits of
/// GB/T 2260) and gives the unpadded. Refuses anything else with `territory.code`.
Result<TerritoryCode> parse_territory_code(std::string_view text);
/// Whether the text is a code in the stored, unpadded form.
bool is_territory_code(std::string_view text);
/// Depth of the stored form by its length: 2 digits are 1, 20 digits are 8.
int code_depth(std::string_view code);

/// The codes c of a subtree, its root included, are those with low <= c < high in byte order.
struct CodeRange {
  TerritoryCode low;
  TerritoryCode high;
  bool operator==(const CodeRange&) const = default;
};
/// `high` holds digits only wherever a next number exists, so that every collation agrees.
CodeRange code_range(std::string_view code);

/// The next code upwards, skipped levels left out; nothing for a province.
std::optional<TerritoryCode> parent_code(std::string_view code);
/// All codes above, nearest first, without the code itself.
std::vector<TerritoryCode> codes_above(std::string_view code);
/// Whether `lower` is `upper` or lies in its subtree.
bool covers(std::string_view upper, std::string_view lower);
/// The lowest code that covers both, which may be one of them; nothing across provinces.
std::optional<TerritoryCode> common_code(std::string_view a, std::string_view b);

/// One version of a node of the tree (辖区), from one day to another. A rename or a new boundary
/// is a new version of the same code; a split or merger ends the version and names successors.
struct Territory {
  TerritoryCode code;
  Level level = Level::province;
  Label name;
  Date valid_from;
  std::optional<Date> valid_until;        ///< first day it no longer stands
  std::vector<TerritoryCode> successors;  ///< where its ground went, when it was ended
  std::optional<Boundary> boundary;
  std::optional<LonLat> centre;
  bool drawn = false;  ///< made up for tests and demonstrations, no survey stands behind it
  bool operator==(const Territory&) const = default;
};

constexpr bool is_valid_on(const Territory& territory, Date day) {
  return territory.valid_from <= day &&
         (!territory.valid_until.has_value() || day < *territory.valid_until);
}

}  // namespace gewu::kernel
