#include "usecase/import_table.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/limits.h"
#include "base/text.h"
#include "codec/csv.h"
#include "codec/geojson.h"
#include "codec/scaled.h"
#include "kernel/place/territory_diff.h"
#include "kernel/place/territory_import.h"
#include "security/bytes.h"
#include "security/hash.h"
#include "usecase/change_directory.h"
#include "usecase/coverage.h"
#include "usecase/draw_grids.h"
#include "usecase/table_changes.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

using Row = codec::CsvRow;

std::string cell(const Row& row, std::string_view column) {
  return std::string(trim(row.cell(column).value_or("")));
}

std::optional<std::string> optional_cell(const Row& row, std::string_view column) {
  std::string text = cell(row, column);
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

/// Which cell a refusal is about: its details say so, or its key has the column's name behind what
/// was refused (`post.unit`, `account.login.taken`). A repeated row repeats its first column.
std::string column_of(const Error& error, const Row& row, const std::string& first) {
  for (const ErrorDetail& detail : error.details)
    if (detail.name == "column") return detail.value;
  if (error.key == "import.repeat") return first;
  const auto parts = split(error.key, '.');
  for (std::size_t i = 1; i < parts.size(); ++i)
    if (std::ranges::find(row.columns, parts[i]) != row.columns.end()) return std::string(parts[i]);
  return "";
}

/// The same refusal, of the cell in this column.
template <typename Value>
Result<Value> in_column(const char* column, Result<Value> value) {
  if (!value) value.error().details.push_back({"column", column});
  return value;
}

std::string source_of(std::string_view csv, const TableRules& rules) {
  const std::string source = "import " + security::hex_encode(security::sha256(csv));
  return rules.by.empty() ? source : source + " by " + rules.by;
}

Result<codec::CsvTable> read_rows(std::string_view csv, std::vector<std::string> required,
                                  TableChanges& changes,
                                  const std::function<Status(const Row&)>& each) {
  const std::string first = required.front();
  return codec::read_csv(
      csv, {.required = std::move(required)},
      [&](const Row& row) -> Status {
        const Status taken = row.fault ? Status(std::unexpected(*row.fault)) : each(row);
        if (!taken) {
          const Error& error = taken.error();
          changes.refused.push_back({row.line, error.key, column_of(error, row, first),
                                     error.details});
        }
        return {};
      });
}

// ---- territory

Result<std::map<std::string, Boundary>> read_boundaries(std::string_view geojson) {
  std::map<std::string, Boundary> boundaries;
  if (geojson.empty()) return boundaries;
  GEWU_TRY(features, codec::read_geojson(geojson));
  for (codec::GeoFeature& feature : features) {
    const auto code = feature.properties.string_at("code");
    if (!code || feature.boundaries.size() != 1) continue;
    boundaries[std::string(*code)] = std::move(feature.boundaries.front());
  }
  return boundaries;
}

std::optional<LonLat> centre_of(const Row& row) {
  const auto lon = codec::parse_scaled(cell(row, "lon"), 6, codec::ExcessDigits::round);
  const auto lat = codec::parse_scaled(cell(row, "lat"), 6, codec::ExcessDigits::round);
  if (!lon || !lat) return std::nullopt;
  const LonLat point{static_cast<std::int32_t>(*lon), static_cast<std::int32_t>(*lat)};
  return is_on_earth(point) ? std::optional(point) : std::nullopt;
}

TerritoryRow territory_row(const Row& row, std::map<std::string, Boundary>& boundaries) {
  TerritoryRow made;
  made.line = static_cast<std::size_t>(row.line);
  made.code = cell(row, "code");
  made.name = cell(row, "name");
  made.level = cell(row, "level");
  made.parent = cell(row, "parent");
  made.name_ko = cell(row, "name_ko");
  made.name_en = cell(row, "name_en");
  for (const auto successor : split(row.cell("successors").value_or(""), ';'))
    if (!trim(successor).empty()) made.successors.emplace_back(trim(successor));
  made.centre = centre_of(row);
  made.drawn = cell(row, "drawn") == "true";
  if (const auto found = boundaries.find(made.code); found != boundaries.end())
    made.boundary = std::move(found->second);
  return made;
}

void add_findings(std::vector<RefusedRow>& to, const std::vector<ImportFinding>& findings) {
  for (const ImportFinding& finding : findings) {
    RefusedRow row{static_cast<std::int64_t>(finding.line), finding.key, "", finding.details};
    row.details.insert(row.details.begin(), {"code", finding.code});
    to.push_back(std::move(row));
  }
}

Result<std::optional<std::string>> whole_of(const TableRules& rules, const TerritoryTree& known) {
  if (!rules.whole) return std::optional<std::string>();
  auto code = parse_territory_code(*rules.whole);
  if (!code || known.find(*code, rules.valid_from) == nullptr)
    return refuse(ErrorCode::invalid, "territory.import.whole", {{"code", *rules.whole}});
  return std::optional(std::move(*code));
}

/// Whether the change ends a unit instead of making a version of it.
bool is_end(const TreeChange& change) { return change.territory.valid_until.has_value(); }

/// What the tree itself refuses of an end (something below stands longer) is a row's refusal, so
/// that a preview knows of it.
void take_changes(std::vector<TreeChange> found, const TerritoryTree& known, TableChanges& to) {
  const bool has_ends = std::ranges::any_of(found, is_end);
  TerritoryTree tree = known;
  for (TreeChange& change : found) {
    if (has_ends) {
      auto next = tree.with(change.territory);
      if (!next) {
        const TerritoryCode& code = change.territory.code;
        const auto line = to.lines.find(code);
        to.refused.push_back({line == to.lines.end() ? 0 : line->second, next.error().key, "", {{"code", code}}});
        continue;
      }
      tree = std::move(*next);
    }
    if (is_end(change)) {
      ++to.ended;
      if (!to.lines.contains(change.territory.code)) ++to.silent;
    }
    to.changes.push_back(TerritoryChange{std::move(change.territory)});
  }
}

// ---- organisations

Result<Organisation> organisation_of(const Row& row, Date valid_from) {
  Organisation organisation;
  organisation.key = cell(row, "key");
  organisation.label = {cell(row, "label"), cell(row, "label_ko"), cell(row, "label_en")};
  organisation.kind = cell(row, "kind");
  organisation.phone = cell(row, "phone");
  organisation.parent = optional_cell(row, "parent");
  organisation.valid_from = valid_from;
  const auto code = [&](const char* column) -> Result<std::optional<TerritoryCode>> {
    const auto text = optional_cell(row, column);
    if (!text) return std::optional<TerritoryCode>();
    GEWU_TRY(parsed, in_column(column, parse_territory_code(*text)));
    return std::optional(std::move(parsed));
  };
  GEWU_TRY(territory, code("territory"));
  GEWU_TRY(in_charge_of, code("in_charge_of"));
  GEWU_TRY(managing, code("managing_subdistrict"));
  organisation.territory = std::move(territory);
  organisation.in_charge_of = std::move(in_charge_of);
  organisation.managing_subdistrict = std::move(managing);
  return organisation;
}

// ---- posts

Result<Unit> unit_of(std::string_view text) {
  constexpr std::string_view kTerritory = "territory:", kOrganisation = "organisation:",
                             kRow = "row:";
  if (text.starts_with(kTerritory)) {
    GEWU_TRY(code, parse_territory_code(text.substr(kTerritory.size())));
    return territory_unit(std::move(code));
  }
  if (text.starts_with(kOrganisation))
    return organisation_unit(std::string(text.substr(kOrganisation.size())));
  if (text.starts_with(kRow)) return row_unit(std::string(text.substr(kRow.size())));
  return refuse(ErrorCode::invalid, "post.unit", {{"unit", std::string(text)}});
}

Result<Post> post_of(const Row& row, const Roster& roster, const TerritoryTree& tree) {
  Post post;
  post.key = cell(row, "key");
  if (const Post* known = roster.post_by_key(post.key)) post = *known;
  post.role = cell(row, "role");
  GEWU_TRY(unit, in_column("unit", unit_of(cell(row, "unit"))));
  post.unit = std::move(unit);
  if (post.unit.kind == Unit::Kind::territory && tree.find(post.unit.code) == nullptr)
    return refuse(ErrorCode::invalid, "post.unit", {{"unit", post.unit.code}});
  post.organisation = optional_cell(row, "organisation");
  const std::string seats = cell(row, "seats");
  const auto number = parse_integer(seats.empty() ? "1" : seats);
  if (!number || *number < 1 || *number > 10'000) return refuse(ErrorCode::invalid, "post.seats");
  post.seats = static_cast<int>(*number);
  return post;
}

/// Also where no locality is yet, so that nothing is said of any role.
bool is_role_used(const Directory& directory, const Name& role) {
  return directory.localities.empty() ||
         std::ranges::any_of(directory.localities, [&](const auto& named) {
           return named.second->roles.contains(role);
         });
}

/// All or nothing, unless good rows were asked for alone.
Result<TableImport> store_changes(Office& office, TableChanges changes, const TableRules& rules,
                                  std::string_view csv) {
  TableImport done;
  done.unchanged = changes.unchanged;
  done.unlisted = changes.unlisted;
  done.noted = std::move(changes.noted);
  done.refused = std::move(changes.refused);
  if (!done.refused.empty() && !rules.partial && !rules.preview) return done;
  done.ended = changes.ended;
  done.taken = changes.changes.size() - changes.silent;
  if (rules.preview) return done;
  GEWU_CHECK(change_directory(office, std::move(changes.changes), source_of(csv, rules)));
  done.stored = true;
  return done;
}

}  // namespace

Result<TableChanges> territory_changes(std::string_view csv, const TableRules& rules,
                                       const TerritoryTree& known) {
  TableChanges changes;
  GEWU_TRY(boundaries, read_boundaries(rules.grids_geojson));
  std::vector<TerritoryRow> rows;
  GEWU_TRY(table, read_rows(csv, {"code", "name"}, changes, [&](const Row& row) -> Status {
    rows.push_back(territory_row(row, boundaries));
    if (const auto code = parse_territory_code(rows.back().code)) changes.lines[*code] = row.line;
    return {};
  }));
  static_cast<void>(table);
  TerritoryImportRules import_rules;
  import_rules.valid_from = rules.valid_from;
  import_rules.subdistrict_endings = rules.subdistrict_endings;
  import_rules.usual_endings = rules.usual_endings;
  const TerritoryImport read = import_territories(std::move(rows), import_rules, known);
  add_findings(changes.refused, read.refused);
  add_findings(changes.noted, read.noted);
  GEWU_TRY(whole, whole_of(rules, known));
  TerritoryDiff diff = diff_territories(known, read, rules.valid_from, whole);
  for (ImportFinding& finding : diff.refused)
    if (finding.line == 0) finding.line = static_cast<std::size_t>(changes.lines[finding.code]);
  add_findings(changes.refused, diff.refused);
  changes.unchanged = diff.unchanged;
  changes.unlisted = diff.unlisted;
  take_changes(std::move(diff.changes), known, changes);
  std::ranges::stable_sort(changes.refused, {}, &RefusedRow::line);
  return changes;
}

Result<TableChanges> organisation_changes(std::string_view csv, const TableRules& rules,
                                          Roster& roster) {
  TableChanges changes;
  std::set<std::string> keys;
  GEWU_TRY(table, read_rows(csv, {"key", "label", "kind"}, changes, [&](const Row& row) -> Status {
    GEWU_TRY(organisation, organisation_of(row, rules.valid_from));
    if (!keys.insert(organisation.key).second)
      return refuse(ErrorCode::invalid, "import.repeat", {{"key", organisation.key}});
    if (const Organisation* known = roster.organisation(organisation.key)) {
      organisation.valid_from = known->valid_from;
      if (organisation == *known) {
        ++changes.unchanged;
        return {};
      }
    }
    GEWU_TRY(next, roster.with(organisation));
    roster = std::move(next);
    changes.changes.push_back(OrganisationChange{std::move(organisation)});
    return {};
  }));
  static_cast<void>(table);
  return changes;
}

Result<TableChanges> post_changes(std::string_view csv, Roster& roster,
                                  const Directory& directory) {
  TableChanges changes;
  std::set<std::string> keys;
  std::int64_t made = 0;
  GEWU_TRY(table, read_rows(csv, {"key", "role", "unit"}, changes, [&](const Row& row) -> Status {
    GEWU_TRY(post, post_of(row, roster, *directory.territory));
    if (!keys.insert(post.key).second)
      return refuse(ErrorCode::invalid, "import.repeat", {{"key", post.key}});
    if (!is_role_used(directory, post.role))
      changes.noted.push_back({row.line, "post.role.unused", "role", {{"role", post.role}}});
    const Post* known = roster.post_by_key(post.key);
    if (known && post == *known) {
      ++changes.unchanged;
      return {};
    }
    // Ids are given at commit; the check of the row needs one that nobody has.
    Post tried = post;
    if (!known) tried.id = PostId{INT64_MAX - made++};
    GEWU_TRY(next, roster.with(std::move(tried)));
    roster = std::move(next);
    changes.changes.push_back(PostChange{std::move(post)});
    return {};
  }));
  static_cast<void>(table);
  return changes;
}

namespace {

constexpr std::size_t kSubdistrictDigits = 9;

/// Boundaries of grids that a table brings, taken out of its rows: by subdistrict, as drawings.
struct BroughtBoundaries {
  std::vector<GridDrawing> drawings;
  std::map<TerritoryCode, std::vector<TerritoryCode>> grids;   ///< by the drawing's unit
};

void refuse_row(TableChanges& changes, const TerritoryCode& code, const char* key) {
  changes.refused.push_back({changes.lines[code], key, "", {{"code", code}}});
}

BroughtBoundaries take_boundaries(TableChanges& changes, const TableRules& rules,
                                  const TerritoryTree& known, Date today) {
  BroughtBoundaries brought;
  std::map<TerritoryCode, std::vector<codec::GeoFeature>> features;
  std::vector<DirectoryChange> left;
  for (DirectoryChange& change : changes.changes) {
    Territory& territory = std::get<TerritoryChange>(change).territory;
    const Territory* standing = known.find(territory.code);
    const auto before = standing ? standing->boundary : std::optional<Boundary>();
    if (!territory.boundary || territory.boundary == before) {
      left.push_back(std::move(change));
      continue;
    }
    const TerritoryCode under = territory.code.substr(0, kSubdistrictDigits);
    if (territory.level != Level::grid || under.ends_with("000")) {
      refuse_row(changes, territory.code, "territory.drawing.grids_only");
      continue;
    }
    if (today < rules.valid_from) {
      refuse_row(changes, territory.code, "territory.drawing.from");
      continue;
    }
    codec::GeoFeature feature;
    feature.properties = codec::Json(codec::Json::Object{{"code", codec::Json(territory.code)},
                                                         {"name", codec::Json(territory.name.zh)}});
    feature.boundaries.push_back(std::move(*territory.boundary));
    features[under].push_back(std::move(feature));
    brought.grids[under].push_back(territory.code);
    territory.boundary = before;
    Territory same = territory;
    if (standing) same.valid_from = standing->valid_from;
    if (!standing || same != *standing) left.push_back(std::move(change));
  }
  changes.changes = std::move(left);
  for (const auto& [under, of_unit] : features) {
    GridDrawing drawing;
    drawing.under = under;
    drawing.grids = codec::write_geojson(of_unit);
    drawing.from = rules.valid_from;
    brought.drawings.push_back(std::move(drawing));
  }
  return brought;
}

/// Whatever a unit's boundaries do wrong together refuses the rows of all of them.
Status refuse_barred(TableChanges& changes, BroughtBoundaries& brought, const TerritoryTree& known,
                     Date today) {
  TerritoryTree next = known;
  for (const DirectoryChange& change : changes.changes) {
    GEWU_TRY(with, next.with(std::get<TerritoryChange>(change).territory));
    next = std::move(with);
  }
  const TreePtr tree = std::make_shared<const TerritoryTree>(std::move(next));
  std::set<TerritoryCode> barred;
  for (const GridDrawing& drawing : brought.drawings) {
    const auto found = is_barred(tree, drawing, today);
    if (found && !*found) continue;
    const std::string key = found ? "territory.drawing.barred" : found.error().key;
    for (const TerritoryCode& code : brought.grids[drawing.under]) {
      refuse_row(changes, code, key.c_str());
      barred.insert(code);
    }
    brought.grids.erase(drawing.under);
  }
  std::erase_if(brought.drawings, [&](const GridDrawing& drawing) {
    return !brought.grids.contains(drawing.under);
  });
  std::erase_if(changes.changes, [&](const DirectoryChange& change) {
    return barred.contains(std::get<TerritoryChange>(change).territory.code);
  });
  return {};
}

std::size_t count_rows(const TableChanges& changes, const BroughtBoundaries& brought) {
  std::set<TerritoryCode> codes;
  for (const DirectoryChange& change : changes.changes) {
    const TerritoryCode& code = std::get<TerritoryChange>(change).territory.code;
    if (changes.lines.contains(code)) codes.insert(code);
  }
  for (const auto& [under, grids] : brought.grids) codes.insert(grids.begin(), grids.end());
  return codes.size();
}

/// Posts on units that the changes end, by their keys.
std::vector<std::string> posts_on_ended(const std::vector<DirectoryChange>& changes,
                                        const Roster& roster) {
  std::set<TerritoryCode> ended;
  for (const DirectoryChange& change : changes)
    if (const Territory& unit = std::get<TerritoryChange>(change).territory; unit.valid_until)
      ended.insert(unit.code);
  std::vector<std::string> keys;
  if (ended.empty()) return keys;
  for (const Post* post : roster.all_posts())
    if (post->unit.kind == Unit::Kind::territory && post->state != PostState::abolished &&
        ended.contains(post->unit.code))
      keys.push_back(post->key);
  std::ranges::sort(keys);
  return keys;
}

/// Rows at once, boundaries when a second person has agreed to them.
Result<TableImport> import_with_proposals(Office& office, std::string_view csv,
                                          const TableRules& rules, TableChanges changes) {
  const Date today = day_of(office.clock.now());
  const TreePtr known = office.store.directory()->territory;
  BroughtBoundaries brought = take_boundaries(changes, rules, *known, today);
  GEWU_CHECK(refuse_barred(changes, brought, *known, today));
  GEWU_CHECK(check_room(office, brought.drawings));
  std::ranges::stable_sort(changes.refused, {}, &RefusedRow::line);
  const std::size_t rows = count_rows(changes, brought);
  GEWU_TRY(done, store_changes(office, std::move(changes), rules, csv));
  if (done.taken == 0 && !done.stored && !rules.preview) return done;   // rows were refused
  done.taken = rows;
  for (const auto& [under, grids] : brought.grids) done.waiting += grids.size();
  // Killed before this, the same file finds its rows unchanged and proposes their boundaries.
  if (done.stored) GEWU_CHECK(propose_drawings(office, *rules.drawn_by, brought.drawings));
  return done;
}

}  // namespace

Result<TableImport> import_territory(Office& office, std::string_view csv,
                                     const TableRules& rules) {
  const DirectoryPtr directory = office.store.directory();
  GEWU_TRY(changes, territory_changes(csv, rules, *directory->territory));
  std::vector<std::string> posts_left = posts_on_ended(changes.changes, *directory->roster);
  const bool has_proposals = rules.drawn_by && !rules.grids_geojson.empty();
  GEWU_TRY(done, has_proposals ? import_with_proposals(office, csv, rules, std::move(changes))
                               : store_changes(office, std::move(changes), rules, csv));
  if (done.ended > 0) done.posts_left = std::move(posts_left);
  return done;
}

Result<TableImport> import_organisations(Office& office, std::string_view csv,
                                         const TableRules& rules) {
  Roster roster = *office.store.directory()->roster;
  GEWU_TRY(changes, organisation_changes(csv, rules, roster));
  return store_changes(office, std::move(changes), rules, csv);
}

Result<TableImport> import_posts(Office& office, std::string_view csv, const TableRules& rules) {
  const DirectoryPtr directory = office.store.directory();
  Roster roster = *directory->roster;
  GEWU_TRY(changes, post_changes(csv, roster, *directory));
  return store_changes(office, std::move(changes), rules, csv);
}

namespace {

/// Four groups of four letters that are not mistaken for others: some 76 bits.
std::string make_password(Random& random) {
  constexpr std::string_view kLetters = "abcdefghjkmnpqrstuvwxyz23456789";
  std::string password;
  for (int i = 0; i < 16; ++i) {
    if (i > 0 && i % 4 == 0) password += '-';
    password += kLetters[static_cast<std::size_t>(random.below(kLetters.size()))];
  }
  return password;
}

struct AccountRow {
  std::int64_t line = 0;
  NewAccount account;
  std::string password;
  bool was_made = false;
};

}  // namespace

Result<TableImport> import_accounts(Office& office, std::string_view csv,
                                    const TableRules& rules) {
  TableChanges changes;
  std::vector<AccountRow> rows;
  std::set<std::string> logins;
  std::map<std::string, Post> sitting;  // several rows may sit on one post
  const DirectoryPtr directory = office.store.directory();
  GEWU_TRY(table, read_rows(csv, {"login", "post"}, changes, [&](const Row& row) -> Status {
    AccountRow made;
    made.line = row.line;
    made.account.login = cell(row, "login");
    made.account.display_name = cell(row, "display_name");
    if (!logins.insert(made.account.login).second)
      return refuse(ErrorCode::invalid, "import.repeat", {{"login", made.account.login}});
    for (const auto key : split(row.cell("post").value_or(""), ';')) {
      if (trim(key).empty()) continue;
      if (rules.without_seats)
        return refuse(ErrorCode::forbidden, "administrator.security", {{"column", "post"}});
      const Post* post = directory->roster->post_by_key(trim(key));
      if (!post)
        return refuse(ErrorCode::not_found, "post.unknown",
                      {{"post", std::string(trim(key))}, {"column", "post"}});
      // The account has no id yet; a seat is counted all the same.
      Post& seats = sitting.try_emplace(post->key, *post).first->second;
      GEWU_TRY(seated, in_column("post", seat(seats, AccountId{INT64_MAX - row.line},
                                              office.clock.now())));
      seats = std::move(seated);
      made.account.posts.emplace_back(trim(key));
    }
    GEWU_CHECK(check_login(made.account.login));
    GEWU_TRY(known, office.store.find_account(made.account.login));
    if (known) return refuse(ErrorCode::conflict, "account.login.taken");
    made.password = cell(row, "password");
    if (!made.password.empty() && !rules.hash_password)
      return refuse(ErrorCode::invalid, "import.password", {{"column", "password"}});
    made.was_made = made.password.empty();
    if (made.was_made && rules.hash_password) made.password = make_password(office.random);
    rows.push_back(std::move(made));
    return {};
  }));
  static_cast<void>(table);
  TableImport done;
  done.refused = std::move(changes.refused);
  if (!done.refused.empty() && !rules.partial && !rules.preview) return done;
  done.taken = rows.size();
  if (rules.preview) return done;
  std::vector<NewAccount> accounts;
  for (AccountRow& row : rows) {
    if (rules.hash_password) {
      GEWU_TRY(hash, rules.hash_password(row.password));
      row.account.password_hash = std::move(hash);
    }
    accounts.push_back(row.account);
    if (row.was_made) done.passwords.emplace_back(row.account.login, row.password);
  }
  GEWU_CHECK(make_accounts(office, accounts, source_of(csv, rules)));
  done.stored = true;
  return done;
}

}  // namespace gewu::usecase
