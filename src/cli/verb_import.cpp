#include <fmt/format.h>

#include "base/limits.h"
#include "cli/files.h"
#include "cli/import_matters.h"
#include "cli/import_register.h"
#include "cli/noted.h"
#include "cli/open_office.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "codec/xlsx.h"
#include "usecase/import_table.h"
#include "usecase/sign_in.h"

namespace gewu::cli {

namespace {

void tell_rows(const char* what, const std::vector<usecase::RefusedRow>& rows) {
  for (const usecase::RefusedRow& row : rows) {
    fmt::print("line {}: {} {}", row.line, what, row.key);
    for (const ErrorDetail& detail : row.details) fmt::print(" {}={}", detail.name, detail.value);
    fmt::print(": {}\n", words_of(row.key, ErrorCode::invalid, language_of_terminal()));
  }
}

Result<usecase::TableImport> import(usecase::Office& office, const ImportOptions& options,
                                    const std::string& csv, const usecase::TableRules& rules) {
  if (options.what == "territory") return usecase::import_territory(office, csv, rules);
  if (options.what == "organisations") return usecase::import_organisations(office, csv, rules);
  if (options.what == "posts") return usecase::import_posts(office, csv, rules);
  return usecase::import_accounts(office, csv, rules);
}

/// The text of a table; of a spreadsheet its first sheet.
Result<std::string> table_of(std::string bytes) {
  if (codec::looks_like_xlsx(bytes)) return codec::csv_of_xlsx(bytes);
  return bytes;
}

Result<usecase::TableRules> rules_of(const ImportOptions& options) {
  usecase::TableRules rules;
  rules.partial = options.partial;
  const auto valid_from = parse_date(options.valid_from);
  if (!valid_from) return refuse(ErrorCode::invalid, "import.valid_from");
  rules.valid_from = *valid_from;
  if (!options.whole.empty()) rules.whole = options.whole;
  if (!options.grids.empty()) {
    GEWU_TRY(grids, read_packed_file(options.grids, kLimits.geojson_bytes_max));
    rules.grids_geojson = std::move(grids);
  }
  return rules;
}

}  // namespace

int run_import(const ImportOptions& options) {
  const auto opened = OpenOffice::open(options.place, OpenOffice::Mode::work);
  if (!opened) return fail(opened.error());
  usecase::Office& office = (*opened)->office();
  const auto file = read_packed_file(options.file, kLimits.import_bytes_max);
  if (!file) return fail(file.error());
  if (options.what == "matters") return import_matters_file(office, options, *file);
  if (options.what == "rows") return import_register_file(office, options, *file);
  auto rules = rules_of(options);
  if (!rules) return fail(rules.error());
  usecase::SignInDesk desk(office);
  rules->hash_password = [&](std::string_view password) { return desk.hash(password); };
  const auto table = table_of(*file);
  if (!table) return fail(in_file(table.error(), options.file));
  const auto done = import(office, options, *table, *rules);
  const auto kept = noted(office, "import", options.what,
                          done ? Status()
                               : Status(std::unexpected(in_file(done.error(), options.file))));
  if (!kept) return fail(kept.error());
  tell_rows("refused", done->refused);
  tell_rows("noted", done->noted);
  for (const auto& [login, password] : done->passwords) fmt::print("{} {}\n", login, password);
  fmt::print("{} taken, {} unchanged, {}{} refused{}\n", done->taken, done->unchanged,
             options.what == "territory" ? fmt::format("{} ended, ", done->ended) : "",
             done->refused.size(), done->stored ? "" : "; nothing was stored");
  if (done->unlisted > 0)
    fmt::print("{} unlisted: {}\n", done->unlisted,
               words_of("territory.import.unlisted", ErrorCode::invalid, language_of_terminal()));
  if (!done->posts_left.empty())
    fmt::print("{} posts_left: {} {}\n", done->posts_left.size(),
               words_of("territory.import.posts_left", ErrorCode::invalid, language_of_terminal()),
               fmt::join(done->posts_left, " "));
  return done->refused.empty() ? 0 : 1;
}

}  // namespace gewu::cli
