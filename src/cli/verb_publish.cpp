#include <fmt/format.h>

#include "cli/files.h"
#include "cli/open_office.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "usecase/calendar_notice.h"
#include "usecase/publish_definitions.h"
#include "usecase/sign_in.h"

namespace gewu::cli {

namespace {

Status publish(usecase::Office& office, const std::string& definitions,
               const std::vector<std::string>& localities, const std::string& source) {
  GEWU_TRY(folder, read_definitions(definitions));
  if (!folder.errors.empty()) {
    Error all{ErrorCode::invalid, "publish.errors", {}, folder.errors};
    return std::unexpected(std::move(all));
  }
  GEWU_TRY(files, office_files(folder.files, localities));
  GEWU_TRY(published, usecase::publish_definitions(office, files, source));
  for (const kernel::Message& message : published.messages.sorted())
    tell(message);
  for (const kernel::Name& name : published.published) fmt::print("published {}\n", name);
  for (const kernel::Name& name : published.unchanged) fmt::print("unchanged {}\n", name);
  if (published.published.empty()) return {};
  GEWU_TRY(moved, usecase::find_moved_clocks(office));
  if (moved.matters > 0)
    fmt::print("by the new calendar days {} running clocks move later, {} earlier, {} become"
               " overdue: two administrators agree to it\n",
               moved.later, moved.earlier, moved.overdue);
  return {};
}

}  // namespace

int run_init(const InitOptions& options) {
  const auto opened = OpenOffice::open(options.place, OpenOffice::Mode::make);
  if (!opened) return fail(opened.error());
  usecase::Office& office = (*opened)->office();
  if (const auto done = publish(office, options.definitions, options.localities, "init"); !done)
    return fail(done.error());
  const auto token = usecase::issue_first_token(office);
  if (!token) return fail(token.error());
  const OfficeFiles files(options.place);
  fmt::print("office made in {}\n", files.data);
  fmt::print("keep {} apart from the data and every backup of it\n", files.keys);
  fmt::print("one-use token of the first administrator: {}\n", *token);
  return 0;
}

int run_publish(const PublishOptions& options) {
  const auto opened = OpenOffice::open(options.place, OpenOffice::Mode::work);
  if (!opened) return fail(opened.error());
  const auto done =
      publish((*opened)->office(), options.definitions, options.localities, "publish");
  return done ? 0 : fail(done.error());
}

}  // namespace gewu::cli
