#include "cli/import_matters.h"

#include <fmt/format.h>

#include <cstdio>

#include "base/limits.h"
#include "cli/files.h"
#include "cli/report.h"
#include "cli/words.h"
#include "codec/yaml.h"
#include "usecase/import_matters.h"

namespace gewu::cli {

namespace {

constexpr std::size_t kProgressRows = 500;

Result<usecase::Mapping> read_mapping_file(const std::string& path) {
  GEWU_TRY(bytes, read_file(path, kLimits.definition_bytes_max));
  GEWU_TRY(documents, codec::read_yaml(bytes, path));
  if (documents.size() != 1) return refuse(ErrorCode::invalid, "mapping.form", {{"file", path}});
  return usecase::read_mapping(documents.front());
}

Result<usecase::MatterImport> import(usecase::Office& office, const ImportOptions& options,
                                     const std::string& csv) {
  for (const auto& [option, given] : {std::pair("--mapping", &options.mapping),
                                      std::pair("--login", &options.login)})
    if (given->empty()) return refuse(ErrorCode::invalid, "import.option", {{"option", option}});
  GEWU_TRY(mapping, read_mapping_file(options.mapping));
  GEWU_TRY(account, office.store.find_account(options.login));
  if (!account) return refuse(ErrorCode::not_found, "account.unknown", {{"login", options.login}});
  std::size_t told = 0;
  return usecase::import_matters(office, mapping, csv, account->id, [&](std::size_t done, std::size_t) {
    if (done < told + kProgressRows) return true;
    told = done;
    fmt::print(stderr, "{} rows\n", done);
    return true;
  });
}

}  // namespace

namespace {

std::string say(const Error& error) {
  return words_of(error.key, error.code, language_of_terminal());
}

}  // namespace

int import_matters_file(usecase::Office& office, const ImportOptions& options,
                        const std::string& csv) {
  const auto done = import(office, options, csv);
  if (!done)
    return fail(done.error().key.starts_with("csv.") ? in_file(done.error(), options.file)
                                                     : done.error());
  fmt::print("{} rows: {} taken, {} known already, {} refused\n", done->rows, done->taken,
             done->repeated, done->refused.size());
  if (done->refused.empty()) return 0;
  const std::string path = options.refused.empty() ? options.file + ".refused.csv"
                                                   : options.refused;
  if (const auto written = write_file(path, usecase::refused_table(*done, say)); !written)
    return fail(written.error());
  fmt::print("refused rows: {}\n", path);
  return 1;
}

}  // namespace gewu::cli
