#include "usecase/keep_file.h"

#include <algorithm>

#include "base/file_limits.h"
#include "base/spans.h"
#include "codec/file_kind.h"
#include "gateway/pictures.h"
#include "store/blobs.h"
#include "usecase/given_values.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::int64_t kUnnamedMs = kMsPerDay;

struct Content {
  codec::FileKind kind;
  std::string bytes;
};

/// What goes on the shelf: never what came, where that can tell where it was taken.
Result<Content> clean_content(Office& office, const Upload& upload) {
  const auto kind = codec::sniff_file(upload.content);
  if (!kind) return refuse(ErrorCode::invalid, "upload.type");
  if (kind->is_picture) {
    GEWU_TRY(drawn, office.pictures->redraw(upload.content));
    const auto drawn_kind = codec::sniff_file(drawn);
    if (!drawn_kind || !drawn_kind->is_picture) return refuse(ErrorCode::invalid, "upload.picture");
    return Content{*drawn_kind, std::move(drawn)};
  }
  if (!upload.caller.account.has_value())
    return refuse(ErrorCode::forbidden, "upload.pictures_only");
  if (std::string_view(kind->media_type) != "video/mp4") return Content{*kind, upload.content};
  auto stripped = codec::strip_mp4(upload.content);
  if (!stripped) return refuse(ErrorCode::invalid, "upload.type");
  return Content{*kind, std::move(*stripped)};
}

const FieldSpec* find_spec(const Type& type, const Name& action, const Name& name) {
  if (const ActionSpec* spec = type.find_action(action))
    for (const FieldSpec& input : spec->input)
      if (input.name == name) return &input;
  const auto field = type.find_field(name);
  return field ? &type.fields[*field] : nullptr;
}

/// One value with everything inside it.
class Settling {
 public:
  Settling(Office& office, std::string field) : office_(office), field_(std::move(field)) {}

  Result<Value> settle(const Value& value) {
    if (const auto* file = value.get_shared<FileRef>()) return settle_file(*file);
    if (const auto* many = value.get_shared<Values>()) {
      Values settled;
      for (const Value& element : *many) {
        GEWU_TRY(one, settle(element));
        settled.push_back(std::move(one));
      }
      return make_set(std::move(settled));
    }
    if (const auto* row = value.get_shared<Row>()) {
      Row settled = *row;
      for (NamedValue& cell : settled.cells) {
        GEWU_TRY(one, settle(cell.value));
        cell.value = std::move(one);
      }
      return make_large(std::move(settled));
    }
    return value;
  }
  std::size_t count() const { return count_; }

 private:
  Result<Value> settle_file(const FileRef& given) {
    ++count_;
    GEWU_TRY(note, office_.files->claim(given.sha256, office_.clock.now()));
    const auto kind = note ? codec::find_file_kind(note->media_type) : std::nullopt;
    if (!kind) return refuse(ErrorCode::invalid, "upload.absent", {{"field", field_}});
    return make_large(FileRef{given.sha256, codec::clean_file_name(given.name, *kind),
                              note->media_type, note->bytes});
  }

  Office& office_;
  const std::string field_;
  std::size_t count_ = 0;
};

bool holds_file(const Value& value) {
  if (value.get_shared<FileRef>()) return true;
  if (const auto* many = value.get_shared<Values>()) return std::ranges::any_of(*many, holds_file);
  const auto* row = value.get_shared<Row>();
  return row && std::ranges::any_of(row->cells,
                                    [](const NamedValue& cell) { return holds_file(cell.value); });
}

}  // namespace

Result<FileRef> keep_file(Office& office, const Upload& upload) {
  if (!office.files || !office.pictures) return refuse(ErrorCode::unavailable, "upload.off");
  if (upload.content.size() > kFileLimits.file_bytes_max)
    return refuse(ErrorCode::too_large, "upload.too_large",
                  {{"max", std::to_string(kFileLimits.file_bytes_max)}});
  GEWU_TRY(content, clean_content(office, upload));
  GEWU_TRY(sha256, office.files->put(content.bytes, content.kind.media_type, office.clock.now()));
  return FileRef{std::move(sha256), codec::clean_file_name(upload.name, content.kind),
                 content.kind.media_type, static_cast<std::int64_t>(content.bytes.size())};
}

Status settle_files(Office& office, const Type& type, const Name& action,
                    std::vector<NamedValue>& values) {
  if (!office.files) return {};
  for (NamedValue& given : values) {
    if (!holds_file(given.value)) continue;
    Settling settling(office, given.name);
    GEWU_TRY(settled, settling.settle(given.value));
    const FieldSpec* spec = find_spec(type, action, given.name);
    // A `max` of the definition is the law's own to judge.
    if (!(spec && spec->max) && settling.count() > kFileLimits.files_max)
      return refuse(ErrorCode::invalid, "upload.count",
                    {{"field", given.name}, {"max", std::to_string(kFileLimits.files_max)}});
    given.value = std::move(settled);
  }
  return {};
}

Result<std::size_t> sweep_files(Office& office) {
  if (!office.files) return 0;
  // Young first, names after: what is named between the two has been made young before.
  const Instant older_than = office.clock.now() + -kUnnamedMs;
  GEWU_TRY(used, office.store.used_files());
  return office.files->sweep(used, older_than);
}

}  // namespace gewu::usecase
