#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "codec/yaml_remarks.h"
#include "kernel/matter/node.h"

namespace gewu::codec {

/// Reads the documents of a definition file. `file` is the name that origins and errors carry.
///
/// YAML 1.2 cut down to what a definition needs, so that a text means one thing: scalars stay
/// text (dates, 8:30, yes, on, 010 too), an empty value and `null` are null. Documents that are
/// empty are left out. Lines may end with CR LF.
///
/// Refused, each with details `file` and `line` (and `column` where known), all faults of a file
/// together in `others` as far as the reader can go on after one:
/// `definition.yaml.` too_large · encoding (no UTF-8, or a byte-order mark) · control · tab ·
/// directive · syntax (`reason`) · document (neither a map nor a list, or text behind a finished
/// one without ---) · depth · duplicate_key (`key`, `first_line`) · anchor · tag · merge · key (no
/// scalar, empty, over 256 bytes) · null (~, Null, NULL: write `null`) · cut (`text`: inside { }
/// or [ ] a plain scalar has a bracket ( without its ): YAML has cut an expression at its comma;
/// it belongs in double quotes).
Result<std::vector<kernel::Node>> read_yaml(std::string_view bytes, std::string_view file,
                                            const Limits& limits = kLimits);

struct YamlStyle {
  std::size_t columns_max = 100;
  /// What stands behind a line as `# …`, from the origin of its key or item; "" for nothing.
  /// With it, maps whose parts come from several files are never put on one line.
  std::function<std::string(const kernel::Origin&)> comment;
  /// Comments and empty lines of the file that the nodes were read from, to stand where they stood;
  /// null: none. A map or list with a comment inside is never put on one line.
  const std::vector<YamlRemark>* remarks = nullptr;
};

/// Readable YAML that read_yaml turns back into an equal node: short maps and lists on one line,
/// others as blocks. A plain expression that { } would cut keeps its map in block form, so that
/// writing never changes what is quoted, nor the canonical text. Only a plain scalar that YAML
/// cannot hold plain (made by code, not by a file) is put in double quotes.
std::string write_yaml(const kernel::Node& node, const YamlStyle& style = {});
/// Several documents, parted by ---.
std::string write_yaml(const std::vector<kernel::Node>& documents, const YamlStyle& style = {});

/// A definition file in the one form, its comments kept. What read_yaml refuses; `internal`
/// `definition.yaml.format` (`file`) for a text whose content or comments would not come back the
/// same: it is better left as it is.
Result<std::string> format_yaml(std::string_view bytes, std::string_view file,
                                const Limits& limits = kLimits);

}  // namespace gewu::codec
