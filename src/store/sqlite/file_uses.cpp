#include "store/sqlite/file_uses.h"

namespace gewu::store::sqlite {

using namespace gewu::kernel;

namespace {

constexpr const char* kUsesKey = "files_version";
constexpr const char* kUsesVersion = "1";

Status add(Reader& writer, const std::vector<FileUse>& uses) {
  for (const FileUse& use : uses) {
    GEWU_TRY(insert, writer.use("insert or ignore into file_use (sha256, matter, slot)"
                                " values (?, ?, ?)"));
    GEWU_CHECK(insert->bind(1, use.sha256).bind(2, use.matter.value).bind(3, use.slot).run());
  }
  return {};
}

Status rebuild_uses(Reader& writer) {
  GEWU_CHECK(writer.connection().run("delete from file_use"));
  return writer.journal(1, [&](const JournalLine& line) -> Status {
    // A line that cannot be read is told by `gewu check --data`, which must be able to open it.
    const auto event = writer.read_event(line);
    return event && *event ? add(writer, file_uses_of(**event)) : Status{};
  });
}

}  // namespace

std::vector<std::uint8_t> erased_slots(const Event& event, const Snapshot& after) {
  if (!event.change.erased_keys.empty()) return event.change.erased_keys;
  std::vector<std::uint8_t> slots;
  for (const Name& name : event.change.erased)
    if (const auto field = after.type->find_field(name))
      slots.push_back(after.type->fields[*field].key_slot);
  return slots;
}

Status write_file_uses(Reader& writer, const Event& event, const Snapshot& after) {
  for (const int slot : erased_slots(event, after)) {
    GEWU_TRY(drop, writer.use("delete from file_use where matter = ? and slot = ?"));
    GEWU_CHECK(drop->bind(1, event.matter.value).bind(2, slot).run());
  }
  return add(writer, file_uses_of(event));
}

Status build_file_uses(Reader& writer) {
  return writer.derive_anew(kUsesKey, kUsesVersion, [&] { return rebuild_uses(writer); });
}

Result<std::vector<std::string>> Reader::used_files() {
  GEWU_TRY(statement, use("select distinct sha256 from file_use order by sha256"));
  std::vector<std::string> hashes;
  for (;;) {
    GEWU_TRY(found, statement->step());
    if (!found) return hashes;
    hashes.emplace_back(statement->text(0));
  }
}

Result<std::vector<FileUse>> Reader::file_uses() {
  GEWU_TRY(statement, use("select sha256, matter, slot from file_use"
                          " order by sha256, matter, slot"));
  std::vector<FileUse> uses;
  for (;;) {
    GEWU_TRY(found, statement->step());
    if (!found) return uses;
    uses.push_back({std::string(statement->text(0)), {statement->integer(1)},
                    static_cast<int>(statement->integer(2))});
  }
}

}  // namespace gewu::store::sqlite
