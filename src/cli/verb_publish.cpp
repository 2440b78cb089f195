#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/definition_files.h"
#include "cli/office_folder.h"
#include "cli/verb.h"
#include "usecase/publish_definitions.h"

namespace gewu::cli {
namespace {

struct Options {
  std::string definitions = ".", data = "var/office";
};

int publish(const Options& options) {
  auto files = read_definitions(options.definitions, false);
  if (!files) {
    print_error(files.error());
    return 1;
  }
  auto open = open_office({options.data}, {});
  if (!open) {
    print_error(open.error());
    return 1;
  }
  auto published = usecase::publish_definitions(*open->office, *files, "publish");
  if (!published) {
    print_error(published.error());
    return 1;
  }
  print_messages(published->messages);
  for (const auto& name : published->published) fmt::print("published {}\n", name);
  for (const auto& name : published->unchanged) fmt::print("unchanged {}\n", name);
  return 0;
}

}  // namespace

void declare_publish(CLI::App& program, Outcome& outcome) {
  auto* verb = program.add_subcommand("publish", "check definitions and put them to work");
  auto options = std::make_shared<Options>();
  verb->add_option("DIR", options->definitions, "folder with systems/ and localities/")
      ->capture_default_str();
  verb->add_option("--data", options->data, "folder of the office")->capture_default_str();
  verb->callback([options, &outcome] { outcome.status = publish(*options); });
}

}  // namespace gewu::cli
