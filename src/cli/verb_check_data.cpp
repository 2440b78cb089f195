#include <fmt/format.h>

#include "cli/open_office.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "usecase/check_data.h"

namespace gewu::cli {

int run_check_data(const CheckDataOptions& options) {
  const auto opened = OpenOffice::open(options.place, OpenOffice::Mode::work);
  if (!opened) return fail(opened.error());
  const auto check = usecase::check_data((*opened)->office());
  if (!check) return fail(check.error());
  const auto count = [](std::size_t n) { return std::to_string(n); };
  for (const std::string& difference : check->differences)
    fmt::print("{}\n", said("check_data.differs", {{"what", difference}}));
  if (check->more > 0) fmt::print("{}\n", said("check_data.more", {{"n", count(check->more)}}));
  fmt::print("{}\n", said("check_data.counted",
                          {{"events", count(check->events)},
                           {"matters", count(check->matters)},
                           {"cells", count(check->cells)},
                           {"files", count(check->files)},
                           {"differences", count(check->differences.size() + check->more)}}));
  fmt::print("{}\n", said("check_data.head", {{"head", check->head}}));
  return check->differences.empty() ? 0 : 1;
}

}  // namespace gewu::cli
