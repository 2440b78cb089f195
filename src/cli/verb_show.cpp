#include <fmt/format.h>

#include "base/limits.h"
#include "base/file_limits.h"
#include "cli/files.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "codec/yaml.h"
#include "usecase/publish_definitions.h"

namespace gewu::cli {

int run_show(const ShowOptions& options) {
  if (options.limits) {
    for (const auto& [name, value] : list_limits(kLimits)) fmt::print("{} {}\n", name, value);
    for (const auto& [name, value] : list_limits(kFileLimits)) fmt::print("{} {}\n", name, value);
    return 0;
  }
  const auto folder = read_definitions(options.definitions);
  if (!folder) return fail(folder.error());
  kernel::CompileOptions compile;
  compile.sha256 = usecase::hash_definition;
  const auto compiled = kernel::compile_localities(folder->files, compile);
  const auto locality = compiled.published.find(options.locality);
  if (locality == compiled.published.end())
    return fail({ErrorCode::not_found, "show.locality", {{"name", options.locality}}, {}});
  const kernel::Node* type = kernel::show_type(locality->second, options.type);
  if (!type) return fail({ErrorCode::not_found, "show.type", {{"name", options.type}}, {}});
  codec::YamlStyle style;
  style.comment = [](const kernel::Origin& origin) { return origin.text(); };
  fmt::print("{}", codec::write_yaml(*type, style));
  return 0;
}

int run_fmt(const FmtOptions& options) {
  int status = 0;
  for (const std::string& path : options.files) {
    const auto bytes = read_file(path, kLimits.definition_bytes_max);
    if (!bytes) return fail(bytes.error());
    const auto text = codec::format_yaml(*bytes, path);
    if (!text) {
      status = fail(text.error());
      continue;
    }
    if (*text == *bytes) continue;
    fmt::print("{}\n", path);
    if (options.check) {
      status = 1;
    } else if (const auto written = write_file(path, *text); !written) {
      return fail(written.error());
    }
  }
  return status;
}

}  // namespace gewu::cli
