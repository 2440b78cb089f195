#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "kernel/matter/directory.h"
#include "kernel/matter/node.h"
#include "kernel/time/zone.h"

namespace gewu::usecase {

/// Where a value comes from (language.md 2.12).
struct MappingSource {
  std::vector<std::string> concat;           ///< columns, or texts that stood in quotes
  std::vector<bool> is_text;                 ///< of `concat`
  std::string column;                        ///< with `values`
  std::map<std::string, std::string> values; ///< "else" is what others become
  std::string fixed;
  std::string lat, lon;                      ///< columns
};

/// A cell that is among those named; without any, one that is not empty.
struct MappingCondition {
  std::string column;
  std::vector<std::string> in;
};

struct MappingStep {
  std::string name, action;
  std::string by;                            ///< public, or role[@unit]
  std::string at_column;                     ///< or so long after the step before:
  std::optional<kernel::Limit> after;
  std::vector<MappingCondition> when;        ///< all of them
  std::vector<std::pair<std::string, MappingSource>> input;
};

/// A mapping drives the rows of a file through the engine by their own times.
struct Mapping {
  std::string name, type;
  std::string locality;                      ///< empty: see import_rows.h, fit
  std::vector<std::string> key;              ///< columns
  kernel::Zone zone;
  std::vector<std::pair<std::string, MappingSource>> fields;
  std::vector<MappingStep> steps;
};

/// `mapping.form` (`file`, `line`, `name`) for whatever is no mapping.
Result<Mapping> read_mapping(const kernel::Node& node);

/// A time of a row: with an offset, or by the mapping's zone: "2026-09-22 09:00[:00[.000]]",
/// "2026-09-22T…", "09/22/2026 09:00:00 AM". Nothing for other text.
std::optional<Instant> read_row_time(std::string_view text, const kernel::Zone& zone);

}  // namespace gewu::usecase
