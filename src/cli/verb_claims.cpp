#include <fmt/format.h>

#include <array>
#include <filesystem>

#include "cli/files.h"
#include "cli/open_office.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "codec/scaled.h"
#include "codec/yaml.h"
#include "usecase/compare_claims.h"

namespace gewu::cli {

namespace {

namespace fs = std::filesystem;

constexpr int kDecimals = 6;

std::string number_text(std::int64_t micros) {
  std::string text;
  codec::append_scaled(text, micros, kDecimals);
  return text;
}

Result<usecase::ClaimMap> read_map(const ClaimsOptions& options) {
  const fs::path path =
      fs::path(options.definitions) / "localities" / options.locality / "claims.yaml";
  GEWU_TRY(text, read_file(path.string(), kLimits.definition_bytes_max));
  GEWU_TRY(documents, codec::read_yaml(text, path.generic_string()));
  if (documents.size() != 1)
    return refuse(ErrorCode::invalid, "claims.form", {{"file", path.generic_string()}});
  GEWU_TRY(map, usecase::read_claim_map(documents.front()));
  if (!options.period.empty()) map.period = options.period;
  return map;
}

Status print_records(usecase::Office& office, const usecase::ClaimMap& map,
                     const ClaimsOptions& options) {
  GEWU_TRY(records, usecase::find_claim_records(office, map, options.claim, options.rows));
  for (const store::FigureRecord& record : records)
    fmt::print("{} {} {} {}\n", record.matter.value, format_instant(record.at), record.count,
               number_text(record.sum_micros));
  return {};
}

void print_answers(const std::vector<usecase::ClaimAnswer>& answers) {
  std::array<std::size_t, 4> counts{};
  for (const usecase::ClaimAnswer& answer : answers) {
    ++counts[static_cast<std::size_t>(answer.verdict)];
    fmt::print("{} {} {}: printed {}, here {}; {}; {} records; {}\n", answer.claim.id,
               answer.claim.system, answer.claim.label,
               number_text(answer.claim.micros) + answer.claim.unit,
               answer.micros ? number_text(*answer.micros) : "-", verdict_name(answer.verdict),
               answer.records, answer.source);
  }
  fmt::print("{} claims: {} same, {} differ, {} cited from outside, {} not recorded\n",
             answers.size(), counts[0], counts[1], counts[2], counts[3]);
}

Status tell_claims(const ClaimsOptions& options) {
  GEWU_TRY(map, read_map(options));
  GEWU_TRY(open, OpenOffice::open(options.place, OpenOffice::Mode::work));
  if (!options.claim.empty()) return print_records(open->office(), map, options);
  GEWU_TRY(csv, read_file(options.file, kLimits.import_bytes_max));
  GEWU_TRY(claims, usecase::read_claims(csv));
  GEWU_TRY(answers, usecase::compare_claims(open->office(), claims, map));
  print_answers(answers);
  return {};
}

}  // namespace

int run_claims(const ClaimsOptions& options) {
  const Status told = tell_claims(options);
  return told ? 0 : fail(told.error());
}

}  // namespace gewu::cli
