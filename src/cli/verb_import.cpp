#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/office_folder.h"
#include "cli/verb.h"
#include "kernel/figures/figure.h"
#include "security/password.h"
#include "usecase/import_table.h"

namespace gewu::cli {
namespace {

struct Options {
  std::string file, data = "var/office", boundaries, valid_from = "2000-01-01";
  bool partial = false;
};

using Import = Result<usecase::TableImport> (*)(usecase::Office&, std::string_view,
                                                const usecase::TableRules&);

void print_rows(const char* what, const std::vector<usecase::RefusedRow>& rows) {
  for (const usecase::RefusedRow& row : rows) {
    std::string line = fmt::format("{} line {}: {}", what, row.line, row.key);
    for (const ErrorDetail& detail : row.details)
      line += fmt::format("  {}={}", detail.name, detail.value);
    fmt::print("{}\n", line);
  }
}

Result<int> import_file(const Options& options, Import import) {
  GEWU_TRY(text, read_file(options.file));
  usecase::TableRules rules;
  rules.partial = options.partial;
  const auto valid_from = parse_date(options.valid_from);
  if (!valid_from) return refuse(ErrorCode::invalid, "import.valid_from");
  rules.valid_from = *valid_from;
  if (!options.boundaries.empty()) {
    GEWU_TRY(boundaries, read_file(options.boundaries));
    rules.grids_geojson = std::move(boundaries);
  }
  rules.hash_password = [](std::string_view password) {
    return security::hash_password(password, security::kPasswordCost);
  };
  GEWU_TRY(open, open_office({options.data}, {}));
  GEWU_TRY(done, import(*open.office, text, rules));
  print_rows("refused", done.refused);
  print_rows("noted", done.noted);
  for (const auto& [login, password] : done.passwords)
    fmt::print("password of {}, shown this once: {}\n", login, password);
  fmt::print("{} taken, {} unchanged, {} refused{}\n", done.taken, done.unchanged,
             done.refused.size(),
             done.stored ? "" : "; nothing was stored (mend the file, or take the good rows with "
                                "--partial)");
  return done.stored && done.refused.empty() ? 0 : 1;
}

void declare_table(CLI::App& verb, Outcome& outcome, const char* name, const char* what,
                   Import import) {
  auto* table = verb.add_subcommand(name, what);
  auto options = std::make_shared<Options>();
  table->add_option("FILE", options->file, "CSV, UTF-8 or GB18030")->required();
  table->add_option("--data", options->data, "folder of the office")->capture_default_str();
  table->add_option("--valid-from", options->valid_from, "since when, 2026-01-31")
      ->capture_default_str();
  table->add_flag("--partial", options->partial, "take the good rows though others are refused");
  if (std::string_view(name) == "territory")
    table->add_option("--boundaries", options->boundaries, "GeoJSON with `code` a feature");
  table->callback([options, import, &outcome] {
    auto done = import_file(*options, import);
    if (!done) print_error(done.error());
    outcome.status = done ? *done : 1;
  });
}

}  // namespace

void declare_import(CLI::App& program, Outcome& outcome) {
  auto* verb = program.add_subcommand("import", "fill an office from tables");
  verb->require_subcommand(1);
  declare_table(*verb, outcome, "territory", "columns code, name, level (and parent, successors)",
                usecase::import_territory);
  declare_table(*verb, outcome, "organisations", "columns key, label, kind, parent, territory …",
                usecase::import_organisations);
  declare_table(*verb, outcome, "posts", "columns key, role, unit, organisation, seats",
                usecase::import_posts);
  declare_table(*verb, outcome, "accounts", "columns login, display_name, post, password",
                usecase::import_accounts);
}

}  // namespace gewu::cli
