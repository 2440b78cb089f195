#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "usecase/office.h"
#include "usecase/session.h"

namespace gewu::usecase {

/// A row that was not taken.
struct RefusedRow {
  std::int64_t line = 0;
  std::string key;                     ///< of the refusal
  std::string column;                  ///< of the cell it is about; empty: the row as a whole
  std::vector<ErrorDetail> details;
};

struct TableImport {
  std::size_t taken = 0;
  std::size_t unchanged = 0;
  std::vector<RefusedRow> refused;
  std::vector<RefusedRow> noted;       ///< taken, with something to say
  /// accounts: one-time passwords made here, by login; shown this once. Empty ones where the owner
  /// is to set it by a token (`TableRules::hash_password`).
  std::vector<std::pair<std::string, std::string>> passwords;
  /// false: rows were refused and `partial` was not asked, or only a preview was
  bool stored = false;
  /// territories: units that end, with those below them
  std::size_t ended = 0;
  /// territories: units beside listed ones of which a table says nothing that is not the whole of
  /// anything; they stay
  std::size_t unlisted = 0;
  /// territories: keys of posts on units that end; they go on there until a table of posts, or an
  /// administrator, gives them another unit
  std::vector<std::string> posts_left;
  /// territories: grids whose boundary waits, or would wait, for a second person
  std::size_t waiting = 0;
};

struct TableRules {
  bool partial = false;                ///< take the good rows though others are refused
  bool preview = false;                ///< judge every row, store nothing
  std::string by;                      ///< who imports, for the journal; empty: the office itself
  Date valid_from;                     ///< territories and organisations: since when
  /// territories: the code of a unit of which the table is the whole: what stands there, down to the
  /// deepest level that the table has, and is not listed ends on `valid_from`
  std::optional<std::string> whole;
  std::string grids_geojson;           ///< territories: boundaries by code; empty: none
  /// Endings of fourth-level units that have a desk (kernel/place/territory_import.h).
  std::vector<std::string> subdistrict_endings;
  std::vector<std::pair<std::string, std::string>> usual_endings;
  /// territories: boundaries of grids are proposed by this person and wait for another one
  /// (draw_grids.h); none: they stand at once, as at the command line, where an office begins
  std::optional<SignedInCaller> drawn_by;
  bool without_seats = false;          ///< accounts: a row that names a post is refused
  /// accounts; none: they are made without a password, and a table that has one is refused
  std::function<Result<std::string>(std::string_view)> hash_password;
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
