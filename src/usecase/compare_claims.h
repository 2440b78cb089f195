#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/matter/node.h"
#include "usecase/office.h"

// Figures that a document prints of a place, beside those that this office counts itself (对照).
// Which figure answers which claim is data of the locality (`claims.yaml`).

namespace gewu::usecase {

/// One line of a table of claims: columns claim_id, document, locality, system_id, indicator_zh,
/// value, unit.
struct Claim {
  std::string id, document, locality, system, label, unit;
  std::int64_t micros = 0;             ///< the printed value
  bool operator==(const Claim&) const = default;
};
/// Errors of read_csv; `invalid` `claims.value` for a value that is no number (`line`).
Result<std::vector<Claim>> read_claims(std::string_view csv);

/// How a claim is answered.
struct ClaimSource {
  enum class Kind {
    figure,     ///< an indicator, with unit and period
    territory,  ///< how many grounds of a level there are
    posts,      ///< how many posts of a role
    list,       ///< how many rows a list of the locality has
    actions,    ///< how many steps a way of work has, each an action: "type.action type.action"
    outside,    ///< an aggregate that others counted: cited with origin and date, and as it was
                ///< entered here
    none,       ///< not recorded here, with the reason
  };
  Kind kind = Kind::none;
  std::string name;                    ///< indicator, level, role, list, or the words
  std::string unit, period;            ///< of a figure; empty: the locality's root, the file's
  std::string by, key;                 ///< of a figure: the part of one value of a dimension; no
                                       ///< key: how many values it has
  std::string part;                    ///< of a ratio: `numerator`, `denominator`; empty: percent
  std::string date;                    ///< of `outside`
  std::string figure;                  ///< of `outside`: the indicator of what was entered
};
struct ClaimMap {
  std::string locality;
  std::string period;
  std::set<std::string> documents;     ///< whose claims are compared
  std::set<std::string> places;        ///< as the table names them; empty: all of the documents
  std::map<std::string, ClaimSource> sources;   ///< by claim
  std::map<std::string, std::string> systems;   ///< by system: why none of its claims is recorded
};
/// Reads the tree of `claims.yaml`. `invalid` `claims.form` (`file`, `reason`).
Result<ClaimMap> read_claim_map(const kernel::Node& node);

enum class ClaimVerdict { same, differs, outside, not_recorded };
std::string_view verdict_name(ClaimVerdict verdict);

struct ClaimAnswer {
  Claim claim;
  ClaimVerdict verdict = ClaimVerdict::not_recorded;
  std::optional<std::int64_t> micros;  ///< the office's own figure
  std::string source;                  ///< "whistle.whistles 2224 2020", "list five_power", words
  std::size_t records = 0;             ///< behind the figure
};

/// Every claim of the map's documents with the office's own figure. `not_found`
/// `definition.locality_absent` for a locality that the office has not.
Result<std::vector<ClaimAnswer>> compare_claims(Office& office, const std::vector<Claim>& claims,
                                                const ClaimMap& map);

/// Matters behind the figure of one claim, newest first, at most `rows_max`.
Result<std::vector<store::FigureRecord>> find_claim_records(Office& office, const ClaimMap& map,
                                                            const std::string& claim,
                                                            std::size_t rows_max);

}  // namespace gewu::usecase
