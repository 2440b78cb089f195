#include "store/sqlite/rotate_keys.h"

#include <filesystem>
#include <vector>

#include "security/sealed_box.h"
#include "store/file.h"
#include "store/office_key.h"
#include "store/sqlite/key_rows.h"

namespace gewu::store::sqlite {

namespace fs = std::filesystem;
using security::Bytes;
using security::Key;

namespace {

struct WrappedRow {
  std::int64_t id = 0;
  KeySlot key;
  Bytes wrapped;
};

Result<Connection> open_keys(const std::string& path) {
  if (!fs::exists(path)) return refuse(ErrorCode::not_found, "vault.keys.absent", {{"file", path}});
  GEWU_TRY(connection, Connection::open(path, false));
  GEWU_CHECK(connection.run("pragma secure_delete=on; pragma synchronous=full;"));
  GEWU_CHECK(make_key_tables(connection));
  return connection;
}

Result<std::vector<WrappedRow>> rows_after(Connection& keys, std::int64_t after,
                                           std::size_t rows) {
  GEWU_TRY(find, keys.prepare("select id, matter, slot, wrapped from key where id > ?1"
                              " order by id limit ?2"));
  find.bind(1, after).bind(2, static_cast<std::int64_t>(rows));
  std::vector<WrappedRow> found;
  for (;;) {
    GEWU_TRY(has_row, find.step());
    if (!has_row) return found;
    const auto wrapped = find.blob(3);
    found.push_back({find.integer(0),
                     {{find.integer(1)}, static_cast<std::uint8_t>(find.integer(2))},
                     Bytes(wrapped.begin(), wrapped.end())});
  }
}

Result<std::int64_t> rotated_to(Connection& keys) {
  GEWU_TRY(find, keys.prepare("select value from note where name = ?1"));
  GEWU_TRY(found, find.bind(1, kRotatedTo).step());
  return found ? find.integer(0) : 0;
}

/// One transaction: the rows and how far they go.
Status rewrap_rows(Connection& keys, const std::vector<WrappedRow>& rows, const Key& from,
                   const Key& to, Random& random) {
  GEWU_TRY(update, keys.prepare("update key set wrapped = ?2 where id = ?1"));
  GEWU_TRY(note, keys.prepare("insert or replace into note values (?1, ?2)"));
  Transaction transaction(keys);
  GEWU_CHECK(transaction.begin());
  for (const WrappedRow& row : rows) {
    if (is_erased(row.wrapped)) continue;
    GEWU_TRY(key, security::unwrap(row.wrapped, from, context_of(row.key)));
    const Bytes wrapped = security::wrap(key, to, context_of(row.key), random);
    GEWU_CHECK(update.bind(1, row.id).bind_blob(2, wrapped).run());
  }
  GEWU_CHECK(note.bind(1, kRotatedTo).bind(2, rows.back().id).run());
  return transaction.commit();
}

Status rewrap_note(Connection& keys, std::string_view name, const Key& from, const Key& to,
                   Random& random) {
  GEWU_TRY(wrapped, read_note_bytes(keys, name));
  const auto context = security::view_of(name);
  if (wrapped) {
    GEWU_TRY(key, security::unwrap(*wrapped, from, context));
    return write_note_bytes(keys, name, security::wrap(key, to, context, random));
  }
  // Of before there was one: the old office key goes on as the key of what is the office's own.
  if (name == kOwnKey)
    return write_note_bytes(keys, name, security::wrap(from, to, context, random));
  return {};
}

/// What is not a matter's key, and with it the file is under the new key: one transaction.
Status finish_rows(Connection& keys, const Key& from, const Key& to, Random& random) {
  Transaction transaction(keys);
  GEWU_CHECK(transaction.begin());
  GEWU_CHECK(rewrap_note(keys, kOwnKey, from, to, random));
  GEWU_CHECK(rewrap_note(keys, kBackupKey, from, to, random));
  GEWU_CHECK(write_note_bytes(keys, kOfficeCheck,
                              security::seal(to, security::view_of(kOfficeCheck), {}, random)));
  GEWU_TRY(drop, keys.prepare("delete from note where name = ?1"));
  GEWU_CHECK(drop.bind(1, kRotatedTo).run());
  return transaction.commit();
}

/// What was wrapped by the old key must not stay in the log.
Status clear_log(Connection& keys) {
  const int code = sqlite3_wal_checkpoint_v2(keys.raw(), nullptr, SQLITE_CHECKPOINT_TRUNCATE,
                                             nullptr, nullptr);
  if (code != SQLITE_OK) return refuse(ErrorCode::unavailable, "vault.trace");
  return {};
}

/// Steps until there is nothing left, or `steps_max` were made. Whether it came to the end.
Result<bool> rewrap_all(Connection& keys, const Key& from, const Key& to,
                        const KeyRotation& rotation, std::size_t& rows, Random& random) {
  for (std::size_t step = 0; rotation.steps_max == 0 || step < rotation.steps_max; ++step) {
    GEWU_TRY(after, rotated_to(keys));
    GEWU_TRY(found, rows_after(keys, after, rotation.rows_a_step));
    if (found.empty()) {
      GEWU_CHECK(finish_rows(keys, from, to, random));
      GEWU_CHECK(clear_log(keys));
      return true;
    }
    GEWU_CHECK(rewrap_rows(keys, found, from, to, random));
    rows += found.size();
  }
  return false;
}

Status rename_durably(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) return refuse(ErrorCode::unavailable, "file.write", {{"file", to}});
  return sync_folder_of(to);
}

/// It has its name only when it is whole: a call that is killed leaves no half of a retired key.
Status copy_durably(const std::string& from, const std::string& by_way_of, const std::string& to) {
  GEWU_TRY(source, File::open(from, File::Mode::read));
  GEWU_TRY(text, source.read_all());
  std::error_code ignored;
  fs::remove(by_way_of, ignored);  // of a call that was killed while it wrote
  GEWU_TRY(target, File::open(by_way_of, File::Mode::create_new));
  GEWU_CHECK(target.write_all(text));
  GEWU_CHECK(target.sync());
  return rename_durably(by_way_of, to);
}

/// The old key is kept beside, then the new one takes its name: at no moment is there none.
Status rename_keys(const KeyRotation& rotation, const std::string& retired) {
  GEWU_CHECK(copy_durably(rotation.office_key, rotation.office_key + ".retiring", retired));
  return rename_durably(next_key_path(rotation.office_key), rotation.office_key);
}

/// The key to be: one that was cut off while it was written has wrapped nothing yet.
Result<Key> next_key(const KeyRotation& rotation, Random& random) {
  const std::string path = next_key_path(rotation.office_key);
  if (fs::exists(path)) {
    auto known = read_office_key(path);
    if (known) return known;
    if (known.error().key != "vault.office_key.form") return known;
    std::error_code ignored;
    fs::remove(path, ignored);
  }
  GEWU_CHECK(create_office_key(path, random, rotation.cipher));
  return read_office_key(path);
}

}  // namespace

std::string next_key_path(const std::string& office_key) { return office_key + ".next"; }

Result<Rotated> rotate_office_key(const KeyRotation& rotation, Random& random) {
  GEWU_TRY(keys, open_keys(rotation.keys));
  GEWU_TRY(old_key, read_office_key(rotation.office_key));
  GEWU_TRY(started_at, rotated_to(keys));
  GEWU_TRY(under_old, is_under(keys, old_key));
  const bool was_begun = fs::exists(next_key_path(rotation.office_key));
  if (!was_begun && (!under_old.value_or(false) || started_at != 0))
    return refuse(ErrorCode::forbidden, "vault.office_key.wrong");
  GEWU_TRY(new_key, next_key(rotation, random));
  Rotated rotated;
  rotated.retired = rotation.office_key + ".retired." + std::to_string(rotation.now.ms);
  if (under_old.value_or(false)) {
    GEWU_TRY(is_done, rewrap_all(keys, old_key, new_key, rotation, rotated.rows, random));
    if (!is_done) return rotated;
  } else {
    GEWU_TRY(under_new, is_under(keys, new_key));
    if (!under_new.value_or(false)) return refuse(ErrorCode::forbidden, "vault.office_key.wrong");
    GEWU_CHECK(clear_log(keys));
  }
  GEWU_CHECK(rename_keys(rotation, rotated.retired));
  rotated.is_done = true;
  return rotated;
}

Status rewrap_keys(const std::string& path, const Key& from, const Key& to, Random& random) {
  GEWU_TRY(keys, open_keys(path));
  std::size_t rows = 0;
  GEWU_TRY(is_done, rewrap_all(keys, from, to, {}, rows, random));
  if (!is_done) return refuse(ErrorCode::internal, "vault.rotation.unfinished");
  return {};
}

Result<bool> is_made_under(const std::string& path, const Key& office_key) {
  GEWU_TRY(keys, open_keys(path));
  GEWU_TRY(under, is_under(keys, office_key));
  return under.value_or(false);
}

}  // namespace gewu::store::sqlite
