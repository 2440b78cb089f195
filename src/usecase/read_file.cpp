#include "usecase/read_file.h"

#include "usecase/read_log.h"
#include "usecase/read_matter.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

const FileRef* find_in(const Value& value, std::string_view sha256) {
  if (const auto* file = value.get_shared<FileRef>())
    return file->sha256 == sha256 ? file : nullptr;
  if (const auto* many = value.get_shared<Values>())
    for (const Value& element : *many)
      if (const FileRef* found = find_in(element, sha256)) return found;
  if (const auto* row = value.get_shared<Row>())
    for (const NamedValue& cell : row->cells)
      if (const FileRef* found = find_in(cell.value, sha256)) return found;
  return nullptr;
}

Result<std::string> seen_name(Office& office, const Caller& caller, MatterId id,
                              std::string_view sha256) {
  GEWU_TRY(fields, read_fields(office, caller, id));
  for (const SeenField& field : fields.row.seen.fields) {
    if (field.is_sealed) continue;
    const FileRef* found = find_in(field.value, sha256);
    if (found == nullptr) continue;
    const FieldSpec& spec = fields.row.seen.matter->type->fields[field.field];
    if (spec.personal || spec.sealed)
      GEWU_CHECK(note_seen(office, ReadRoom(office), caller, fields.row.seen,
                           store::ReadKind::file));
    return found->name;
  }
  GEWU_TRY(timeline, read_timeline(office, caller, id));
  for (const TimelineEntry& entry : timeline.entries)
    for (const RecordedValue& input : entry.event.input)
      if (const FileRef* found = find_in(input.value, sha256)) return found->name;
  return refuse(ErrorCode::not_found, "not_found");
}

}  // namespace

Result<ShownFile> read_file(Office& office, const Caller& caller, MatterId matter,
                            std::string_view sha256) {
  if (!office.files) return refuse(ErrorCode::not_found, "not_found");
  GEWU_TRY(name, seen_name(office, caller, matter, sha256));
  auto blob = office.files->read(sha256);
  if (!blob && blob.error().code == ErrorCode::not_found)
    return refuse(ErrorCode::not_found, "not_found");
  if (!blob) return std::unexpected(std::move(blob).error());
  return ShownFile{std::move(name), std::move(*blob)};
}

}  // namespace gewu::usecase
