#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "kernel/place/territory.h"
#include "kernel/place/territory_tree.h"

namespace gewu::kernel {

/// One line of a table of territories, as a file has it.
struct TerritoryRow {
  std::size_t line = 0;
  std::string code;    ///< padded or not
  std::string name;    ///< zh
  std::string level;   ///< a number from 1 to 8, a level's name, or empty: then the code tells
  std::string parent;  ///< padded or not; empty: then the code tells
  std::string name_ko;
  std::string name_en;
  /// Codes to which the ground of this unit went. A row with successors tells of an end, it adds
  /// no unit.
  std::vector<std::string> successors;
  std::optional<LonLat> centre;
  std::optional<Boundary> boundary;
  bool drawn = false;
};

/// What differs from one table to the next, handed in as data.
struct TerritoryImportRules {
  Date valid_from;  ///< the day whose state the table shows
  /// Endings of the names of fourth-level units that have a desk; others become `level_4_other`.
  /// Empty: all have one.
  std::vector<std::string> subdistrict_endings;
  /// Endings that are spelt in several ways, and how they are spelt here.
  std::vector<std::pair<std::string, std::string>> usual_endings;
};

/// What there is to say of a line. Keys of refused ones: `territory.import.` with `code`, `name`,
/// `level`, `parent` (does not fit the code), `orphan` (the parent is neither in the table nor
/// known), `repeat` (detail `first_line`), `conflict` (the same code under another name),
/// `successor`, `boundary`. Keys of noted ones: `territory.import.note.` with `level_4_other`,
/// `ending` (spelt the usual way), `prefix` (the names of two or more units above were taken
/// off its front), `same_name` (two siblings bear it).
struct ImportFinding {
  std::size_t line = 0;
  std::string code;  ///< as the file has it
  std::string key;
  std::vector<ErrorDetail> details;
  bool operator==(const ImportFinding&) const = default;
};

/// An ended unit and where its ground went, as the table tells it.
struct Succession {
  std::size_t line = 0;
  TerritoryCode code;
  std::vector<TerritoryCode> successors;
  bool operator==(const Succession&) const = default;
};

/// A table read: what it holds (in code order), what was refused and noted (in line order).
struct TerritoryImport {
  std::vector<Territory> territories;
  std::vector<Succession> successions;
  std::vector<ImportFinding> refused;
  std::vector<ImportFinding> noted;
};

/// Checks a table against itself and against the tree in which it will stand (`known`, which may
/// be empty). Every row ends in exactly one of territories, successions and refused.
TerritoryImport import_territories(std::vector<TerritoryRow> rows,
                                   const TerritoryImportRules& rules, const TerritoryTree& known);

}  // namespace gewu::kernel
