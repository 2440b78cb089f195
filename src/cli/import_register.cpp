#include "cli/import_register.h"

#include <fmt/format.h>

#include "cli/report.h"
#include "cli/words.h"
#include "usecase/compare_rows.h"

namespace gewu::cli {

namespace {

using usecase::RowVerdict;

Result<usecase::RowsFile> question_of(usecase::Office& office, const ImportOptions& options,
                                      const std::string& csv) {
  usecase::RowsFile file;
  GEWU_TRY(account, office.store.find_account(options.login));
  if (!account) return refuse(ErrorCode::not_found, "account.unknown", {{"login", options.login}});
  file.caller.account = account->id;
  const kernel::Post* post = office.store.directory()->roster->post_by_key(options.as_post);
  if (!post) return refuse(ErrorCode::not_found, "post.unknown", {{"post", options.as_post}});
  file.caller.post = post->id;
  file.type = options.type;
  file.import = options.rule;
  file.csv = csv;
  return file;
}

void print_rows(const usecase::RowsComparison& comparison) {
  for (const usecase::ComparedRow& row : comparison.rows) {
    if (row.verdict == RowVerdict::same) continue;
    fmt::print("{} {} {}", row.line, usecase::verdict_word(row.verdict), row.matter.value);
    for (const usecase::FieldChange& change : row.changes) fmt::print(" {}", change.field);
    if (!row.key.empty())
      fmt::print(" {}: {}", row.key,
                 words_of(row.key, ErrorCode::invalid, language_of_terminal()));
    fmt::print("\n");
  }
  for (const std::string& column : comparison.dropped) fmt::print("column not taken: {}\n", column);
}

}  // namespace

int import_register_file(usecase::Office& office, const ImportOptions& options,
                         const std::string& csv) {
  const auto file = question_of(office, options, csv);
  if (!file) return fail(file.error());
  auto comparison = usecase::compare_rows(office, *file);
  if (!comparison) return fail(comparison.error());
  const bool waits = comparison->needs_review && options.accept.empty();
  if (!waits) {
    auto taken = usecase::import_rows(office, *file, options.accept);
    if (!taken) return fail(taken.error());
    comparison = std::move(taken);
  }
  print_rows(*comparison);
  fmt::print("{} new, {} changed, {} missing, {} the same, {} refused{}\n",
             comparison->count(RowVerdict::fresh), comparison->count(RowVerdict::changed),
             comparison->count(RowVerdict::missing), comparison->count(RowVerdict::same),
             comparison->count(RowVerdict::refused),
             waits ? "; nothing was stored. Accept it with --accept " + comparison->digest : "");
  return comparison->count(RowVerdict::refused) == 0 ? 0 : 1;
}

}  // namespace gewu::cli
