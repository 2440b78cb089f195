#include <fmt/format.h>

#include "cli/report.h"
#include "cli/root_keeper.h"
#include "cli/verbs.h"
#include "jobs/root_timer.h"
#include "usecase/prove.h"

namespace gewu::cli {

namespace {

/// In groups of eight, so that it can be read aloud from a printed page.
std::string spaced(const std::string& hex) {
  std::string text;
  for (std::size_t i = 0; i < hex.size(); i += 8)
    text += (text.empty() ? "" : " ") + hex.substr(i, 8);
  return text;
}

void print_root(const usecase::SignedRoot& root) {
  fmt::print("root {}  {}\n", root.statement.number, format_instant(root.statement.at));
  for (const usecase::StreamRoot& stream : root.statement.streams)
    fmt::print("lines {}  ({})\n", stream.size, stream.name);
  fmt::print("hash  {}\n", spaced(security::hex_encode(usecase::hash_of(root))));
  fmt::print("key   {}\n", spaced(security::hex_encode(root.statement.key)));
}

Status print_roots(const RootsOptions& options) {
  GEWU_TRY(opened, OpenOffice::open(options.place, OpenOffice::Mode::work));
  usecase::Office& office = opened->office();
  if (options.sign) {
    GEWU_TRY(keeper, open_root_keeper(*opened, options.place,
                                      {options.witness_files, options.witness_urls}));
    GEWU_CHECK(jobs::RootTimer::run_once(office, keeper, [](const std::string& line) {
      fmt::print(stderr, "{}\n", line);
    }));
  }
  std::optional<usecase::SignedRoot> root;
  if (options.number > 0) {
    GEWU_TRY(found, usecase::read_root(office, options.number));
    root = std::move(found);
  } else if (!options.day.empty()) {
    const auto day = parse_date(options.day);
    if (!day) return refuse(ErrorCode::invalid, "figure.period");
    GEWU_TRY(found, usecase::root_of_day(office, *day));
    root = std::move(found);
  } else {
    GEWU_TRY(found, usecase::latest_root(office));
    root = std::move(found);
  }
  if (!root) return refuse(ErrorCode::not_found, "root.none");
  if (options.line) fmt::print("{}\n", usecase::line_of(*root));
  else print_root(*root);
  return {};
}

}  // namespace

int run_roots(const RootsOptions& options) {
  if (const Status done = print_roots(options); !done) return fail(done.error());
  return 0;
}

}  // namespace gewu::cli
