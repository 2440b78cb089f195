#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/limits.h"
#include "cli/definition_files.h"
#include "cli/office_folder.h"
#include "cli/verb.h"
#include "codec/yaml.h"

namespace gewu::cli {
namespace {

struct Options {
  std::string type, locality, definitions = ".";
  bool limits = false;
};

/// The effective type with the origin of each line.
Status show(const Options& options) {
  if (options.limits) {
    for (const auto& [name, value] : list_limits(kLimits)) fmt::print("{} {}\n", name, value);
    return {};
  }
  if (options.type.empty() || options.locality.empty())
    return refuse(ErrorCode::invalid, "show.type_and_locality");
  GEWU_TRY(files, read_definitions(options.definitions, true));
  const auto compiled = kernel::compile_localities(files, {});
  const auto published = compiled.published.find(options.locality);
  if (published == compiled.published.end())
    return refuse(ErrorCode::not_found, "locality.unknown", {{"name", options.locality}});
  const kernel::Node* type = kernel::show_type(published->second, options.type);
  if (!type) return refuse(ErrorCode::not_found, "type.unknown", {{"name", options.type}});
  codec::YamlStyle style;
  style.comment = [](const kernel::Origin& origin) { return origin.text(); };
  fmt::print("{}", codec::write_yaml(*type, style));
  return {};
}

}  // namespace

void declare_show(CLI::App& program, Outcome& outcome) {
  auto* verb = program.add_subcommand("show", "print the effective text of a type, or the limits");
  auto options = std::make_shared<Options>();
  verb->add_option("TYPE", options->type, "of which type");
  verb->add_option("--locality", options->locality, "as practised where");
  verb->add_option("--definitions", options->definitions, "folder with systems/ and localities/")
      ->capture_default_str();
  verb->add_flag("--limits", options->limits, "every bound on input");
  verb->callback([options, &outcome] {
    if (auto shown = show(*options); !shown) {
      print_error(shown.error());
      outcome.status = 1;
    }
  });
}

}  // namespace gewu::cli
