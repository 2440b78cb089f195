#include <fmt/format.h>

#include "cli/open_office.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "usecase/check_data.h"

namespace gewu::cli {

int run_check_data(const CheckDataOptions& options) {
  const auto opened = OpenOffice::open(options.place, OpenOffice::Mode::work);
  if (!opened) return fail(opened.error());
  const auto check = usecase::check_data((*opened)->office());
  if (!check) return fail(check.error());
  for (const std::string& difference : check->differences) fmt::print("differs: {}\n", difference);
  if (check->more > 0) fmt::print("and {} more\n", check->more);
  fmt::print("{} events, {} matters, {} cells, {} files, {} differences\n", check->events,
             check->matters, check->cells, check->files, check->differences.size() + check->more);
  fmt::print("journal head {}\n", check->head);
  return check->differences.empty() ? 0 : 1;
}

}  // namespace gewu::cli
