#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "base/limits.h"
#include "cli/files.h"
#include "cli/noted.h"
#include "cli/open_office.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "codec/scaled.h"
#include "security/token.h"
#include "usecase/verify_export.h"

namespace gewu::cli {

namespace fs = std::filesystem;

namespace {

Status export_into(usecase::Office& office, const ExportOptions& options) {
  std::error_code error;
  fs::create_directories(options.folder, error);
  for (const char* name : {usecase::kJournalFile, usecase::kRootsFile, usecase::kFiguresFile,
                           usecase::kManifestFile})
    if (fs::exists(fs::path(options.folder) / name))
      return refuse(ErrorCode::conflict, "store.file.exists",
                    {{"file", (fs::path(options.folder) / name).string()}});
  std::map<std::string, std::ofstream> files;
  for (const char* name : {usecase::kJournalFile, usecase::kRootsFile, usecase::kFiguresFile,
                           usecase::kManifestFile})
    files[name].open(fs::path(options.folder) / name, std::ios::binary | std::ios::trunc);
  GEWU_TRY(summary, usecase::export_journal(
                        office, [&](const char* file, std::string_view line) -> Status {
                          files[file] << line << '\n';
                          if (files[file]) return {};
                          return refuse(ErrorCode::unavailable, "file.write", {{"file", file}});
                        }));
  for (auto& [name, file] : files)
    if (!file.flush()) return refuse(ErrorCode::unavailable, "file.write", {{"file", name}});
  fmt::print("{} lines, {} roots, {} cells in {}\n", summary.lines, summary.roots, summary.cells,
             options.folder);
  return {};
}

usecase::ReadLines lines_in(const std::string& folder) {
  return [folder](const char* name,
                  const std::function<Status(std::string_view)>& each) -> Status {
    const std::string path = (fs::path(folder) / name).string();
    std::ifstream file(path, std::ios::binary);
    if (!file) return refuse(ErrorCode::not_found, "file.absent", {{"file", path}});
    for (std::string line; std::getline(file, line);) {
      // A last line without its end is another file.
      if (file.eof()) line += '\0';
      GEWU_CHECK(each(line));
    }
    return {};
  };
}

Result<usecase::VerifyWish> read_wish(const VerifyOptions& options) {
  usecase::VerifyWish wish;
  wish.unit = options.unit;
  wish.period = options.period;
  if (!options.key.empty()) {
    const auto key = security::parse_sha256(options.key);
    if (!key) return refuse(ErrorCode::invalid, "root.form");
    wish.key = *key;
  }
  if (!options.receipt.empty()) {
    GEWU_TRY(stored, security::read_receipt_code(options.receipt));
    wish.receipt = stored;
  }
  if (options.roots.empty()) return wish;
  GEWU_TRY(text, read_file(options.roots, kLimits.import_bytes_max));
  std::size_t from = 0;
  while (from < text.size()) {
    const auto end = std::min(text.find('\n', from), text.size());
    const std::string_view line = std::string_view(text).substr(from, end - from);
    from = end + 1;
    if (line.empty()) continue;
    GEWU_TRY(root, usecase::read_root_line(line));
    wish.witnessed.push_back(std::move(root));
  }
  return wish;
}

std::string number_text(const std::optional<kernel::Number>& number) {
  if (!number) return "-";
  std::string text;
  codec::append_scaled(text, number->micros, 6);
  return text;
}

void print_check(const usecase::ExportCheck& check, const VerifyOptions& options) {
  for (const std::string& difference : check.differences) fmt::print("differs: {}\n", difference);
  if (check.more > 0) fmt::print("and {} more\n", check.more);
  for (const usecase::ProvenFigure& proven : check.figures)
    fmt::print("{:<44} {:>14} {}\n", proven.name,
               proven.figure.withheld ? "withheld" : number_text(proven.figure.value),
               proven.label.zh);
  for (const usecase::ReceiptLine& line : check.receipt) {
    fmt::print("line {}  {}  {}  {}\n", line.sequence, format_instant(line.at), line.action,
               line.root > 0 ? fmt::format("under root {}", line.root) : "under no root yet");
    for (const kernel::Delta& delta : line.figures)
      fmt::print("    counts {:+} in {} {} {}\n", delta.count, delta.indicator, delta.territory,
                 format_date(delta.day));
  }
  if (!options.receipt.empty() && !check.receipt_found)
    fmt::print("differs: no line was written under this receipt\n");
  fmt::print("{} lines, {} roots, {} cells, {} differences\n", check.lines, check.roots,
             check.cells, check.differences.size() + check.more);
  fmt::print("journal head {}\nlast root    {}\nkey          {}\n", check.head, check.last_root,
             check.key);
  if (check.lines_after_root > 0)
    fmt::print("{} lines came after the last root\n", check.lines_after_root);
}

}  // namespace

int run_export(const ExportOptions& options) {
  const auto opened = OpenOffice::open(options.place, OpenOffice::Mode::work);
  if (!opened) return fail(opened.error());
  usecase::Office& office = (*opened)->office();
  const Status done = noted(office, "export", options.what, export_into(office, options));
  if (!done) return fail(done.error());
  return 0;
}

int run_verify(const VerifyOptions& options) {
  const auto wish = read_wish(options);
  if (!wish) return fail(wish.error());
  const auto check = usecase::verify_export(lines_in(options.folder), *wish);
  if (!check) return fail(check.error());
  print_check(*check, options);
  const bool found = options.receipt.empty() || check->receipt_found;
  return check->differences.empty() && found ? 0 : 1;
}

}  // namespace gewu::cli
