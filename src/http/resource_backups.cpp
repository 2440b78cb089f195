#include "http/door.h"
#include "usecase/administrators.h"
#include "usecase/backups.h"

// Backups that an administrator lets be made, and those there are.

namespace gewu::http {
namespace {

void write_backup_entry(codec::JsonWriter& out, const usecase::BackupEntry& entry) {
  out.begin_object().member("name", entry.name).member("at", format_instant(entry.at));
  out.member("bytes", entry.bytes).member("files", entry.files);
  out.member("verified", entry.verified).member("whole", entry.whole);
  out.member("can_open", entry.can_open).end_object();
}

}  // namespace

Result<Answer> list_backups(Visit& visit) {
  const Door& door = visit.door;
  GEWU_TRY(entries, usecase::list_backups(door.office, *visit.signed_in, door.options.backups));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().member("set_up", door.options.backups != nullptr);
    out.key("backups").begin_array();
    for (const usecase::BackupEntry& entry : entries) write_backup_entry(out, entry);
    out.end_array().end_object();
  });
}

Result<Answer> make_backup(Visit& visit) {
  const Door& door = visit.door;
  GEWU_CHECK(usecase::check_duty(door.office, *visit.signed_in, {usecase::Duty::system}));
  if (!door.options.backups) return refuse(ErrorCode::not_found, "backup.not_set_up");
  return chore_answer(
      visit, [&office = door.office, by = *visit.signed_in,
              backups = door.options.backups](const Chores::Tell& tell) -> Result<std::string> {
        GEWU_TRY(made, usecase::make_backup(office, by, backups, tell));
        std::string json;
        codec::JsonWriter out(json);
        write_backup_entry(out, made);
        return json;
      });
}

}  // namespace gewu::http
