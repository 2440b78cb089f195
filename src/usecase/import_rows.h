#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/matter/directory.h"
#include "usecase/import_mapping.h"

// The rows of a file, read by a mapping: which step is taken when, by which post, with what. All of
// it is known before the first commit of a row, so that a row with a fault leaves nothing behind.

namespace gewu::usecase {

struct FileRow {
  std::int64_t line = 0;
  std::vector<std::string> cells;
  std::string key;
  Instant first;                         ///< of its first step; rows run in this order
};

/// A step that a row takes.
struct PlannedStep {
  const MappingStep* step = nullptr;
  PostId post;                           ///< none: the public
  Instant at;
  std::vector<kernel::NamedValue> values;
  std::string body;                      ///< what a repeated request must have in common with it
};

/// A mapping together with the place that it means and the columns of a file.
class MappedFile {
 public:
  /// The place is the one that the mapping names, else one whose post takes a step (`role@PLACE`),
  /// else the only one that practises the type. Refuses a mapping that does not fit: `not_found` `mapping.locality`, `mapping.type`,
  /// `import.post` (`by`); `invalid` `mapping.action`, `mapping.field` (`name`).
  static Result<MappedFile> fit(const Mapping& mapping, const kernel::Directory& directory,
                                Instant now);

  /// `invalid` `mapping.column` (`column`) for each that the mapping names and the file lacks.
  Status take_columns(const std::vector<std::string>& columns);
  /// Key and first time. `invalid` `import.key`, `import.time` (`column`).
  Status begin(FileRow& row) const;
  /// Every step of a row. `invalid` `import.time` (`column`) for one that is missing or before the
  /// step before, `import.future` (`step`), `import.value`, `import.place` (`column`), and what
  /// the form of a field refuses.
  Result<std::vector<PlannedStep>> plan(const FileRow& row) const;

  const kernel::Locality& locality() const { return *locality_; }

 private:
  MappedFile(const Mapping& mapping, const kernel::Directory& directory, Instant now);

  using Named = std::pair<std::string, MappingSource>;

  Status check_step(const MappingStep& step, bool is_first);
  Status check_values(const MappingStep& step, const std::vector<Named>& values);
  const std::string& cell(const FileRow& row, const std::string& column) const;
  bool is_wanted(const FileRow& row, const MappingStep& step) const;
  Result<Instant> time_of(const FileRow& row, const MappingStep& step, Instant before) const;
  Result<kernel::Value> value_of(const FileRow& row, const kernel::FieldSpec& spec,
                                 const MappingSource& source) const;
  Result<kernel::Value> point_of(const FileRow& row, const MappingSource& source) const;
  Status check_form(const kernel::FieldSpec& spec, const kernel::Value& value,
                    const std::string& prefix) const;
  Status add_value(const FileRow& row, const Named& named, PlannedStep& to) const;

  const Mapping& mapping_;
  const kernel::Directory& directory_;
  Instant now_;
  kernel::LocalityPtr locality_;
  kernel::TypePtr type_;
  std::vector<PostId> posts_;                       ///< of the steps
  std::map<std::string, std::size_t> columns_;
};

}  // namespace gewu::usecase
