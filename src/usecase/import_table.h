#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "usecase/office.h"

namespace gewu::usecase {

/// A row that was not taken.
struct RefusedRow {
  std::int64_t line = 0;
  std::string key;                     ///< of the refusal
  std::vector<ErrorDetail> details;
};

struct TableImport {
  std::size_t taken = 0;
  std::size_t unchanged = 0;
  std::vector<RefusedRow> refused;
  std::vector<RefusedRow> noted;       ///< taken, with something to say
  /// accounts: one-time passwords made here, by login; shown this once
  std::vector<std::pair<std::string, std::string>> passwords;
  bool stored = false;                 ///< false: rows were refused and `partial` was not asked
};

struct TableRules {
  bool partial = false;                ///< take the good rows though others are refused
  Date valid_from;                     ///< territories and organisations: since when
  std::string grids_geojson;           ///< territories: boundaries by code; empty: none
  /// Endings of fourth-level units that have a desk (kernel/place/territory_import.h).
  std::vector<std::string> subdistrict_endings;
  std::vector<std::pair<std::string, std::string>> usual_endings;
  std::function<Result<std::string>(std::string_view)> hash_password;  ///< accounts
};

/// Tables of a place (localities/*/…csv). UTF-8 or GB18030. Rows refused by line and reason; all
/// or nothing for a file unless `partial`. A row equal to what is known changes nothing.
Result<TableImport> import_territory(Office& office, std::string_view csv,
                                     const TableRules& rules);
Result<TableImport> import_organisations(Office& office, std::string_view csv,
                                         const TableRules& rules);
Result<TableImport> import_posts(Office& office, std::string_view csv, const TableRules& rules);
/// login, display_name, post, password (may be empty: then one is made and returned).
Result<TableImport> import_accounts(Office& office, std::string_view csv,
                                    const TableRules& rules);

}  // namespace gewu::usecase
