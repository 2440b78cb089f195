#include "store/sqlite/sqlite_vault.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>

#include "security/sealed_box.h"
#include "store/erased_log.h"
#include "store/file.h"
#include "store/office_key.h"
#include "store/sqlite/database.h"
#include "store/sqlite/key_rows.h"
#include "store/sqlite/rotate_keys.h"

namespace gewu::store::sqlite {

namespace {

using security::Bytes;
using security::ByteView;
using security::Key;

constexpr std::string_view kErasedLines = "erased_lines";

/// Whether a rotation of the office key waits to be gone on with.
Status check_not_rotating(Connection& connection, const VaultPlaces& places) {
  GEWU_TRY(rotated, connection.prepare("select 1 from note where name = ?1"));
  GEWU_TRY(is_under_way, rotated.bind(1, kRotatedTo).step());
  if (is_under_way || std::filesystem::exists(next_key_path(places.office_key)))
    return refuse(ErrorCode::conflict, "vault.rotation.unfinished");
  return {};
}

/// Tells whether the file was made under this office key; a new file remembers it, with a key of
/// its own for what belongs to the office.
Status check_office_key(Connection& connection, const Key& office_key, Random& random) {
  GEWU_TRY(under, is_under(connection, office_key));
  if (under && !*under) return refuse(ErrorCode::forbidden, "vault.office_key.wrong");
  if (under) return {};
  GEWU_CHECK(write_note_bytes(
      connection, kOwnKey,
      security::wrap(Key::generate(random), office_key, security::view_of(kOwnKey), random)));
  return write_note_bytes(
      connection, kOfficeCheck,
      security::seal(office_key, security::view_of(kOfficeCheck), {}, random));
}

Result<Key> read_own_key(Connection& connection, const Key& office_key) {
  GEWU_TRY(wrapped, read_note_bytes(connection, kOwnKey));
  if (!wrapped) return office_key.clone();
  return security::unwrap(*wrapped, office_key, security::view_of(kOwnKey));
}

class SqliteVault : public Vault {
 public:
  SqliteVault(Connection writer, Connection reader, Key office_key, Key own_key, ErasedLog log,
              Random& random)
      : random_(random),
        office_key_(std::move(office_key)),
        own_key_(std::move(own_key)),
        log_(std::move(log)),
        writer_(std::move(writer)),
        reader_(std::move(reader)) {}

  Status prepare();

  Result<Key> key_of(KeySlot key) override;
  Result<bool> contains(KeySlot key) override;
  Result<Key> create(KeySlot key) override;
  Result<Key> create_first(KeySlot key) override;
  Result<MatterId> newest() override;
  Status flush() override;
  Bytes seal_own(std::string_view purpose, ByteView plain) override;
  Result<Bytes> open_own(std::string_view purpose, ByteView box) override;
  Status destroy(std::span<const KeySlot> keys, Instant at, std::string_view reason) override;
  Result<std::vector<Erasure>> apply_erased_log() override;
  Result<Key> back_up(const std::string& file) override;
  Result<Key> backup_key() override;

 private:
  struct Staged {
    Key key;
    Bytes wrapped;
  };

  // Each says which mutex its caller holds.
  Result<std::optional<Bytes>> find(KeySlot key);                   // read_
  Key stage(KeySlot key);                                           // write_ and read_
  Result<std::vector<KeySlot>> not_erased(std::vector<KeySlot> keys);  // write_
  Status flush_staged();                                            // write_
  Status overwrite(std::span<const KeySlot> keys);                  // write_
  Status clear_traces();                                            // write_
  Status write_backup_key(const std::string& file, const Key& key);

  Random& random_;
  const Key office_key_;
  const Key own_key_;

  std::mutex write_;  ///< taken before read_
  ErasedLog log_;
  Connection writer_;
  Statement insert_, overwrite_, note_lines_;

  std::mutex read_;
  Connection reader_;
  Statement find_;
  std::map<KeySlot, Staged> staged_;
};

Status SqliteVault::prepare() {
  GEWU_TRY(insert, writer_.prepare("insert into key (matter, slot, wrapped) values (?1, ?2, ?3)"));
  GEWU_TRY(overwrite,
           writer_.prepare("update key set wrapped = ?3 where matter = ?1 and slot = ?2"));
  GEWU_TRY(note_lines, writer_.prepare("insert or replace into note values (?1, ?2)"));
  GEWU_TRY(find, reader_.prepare("select wrapped from key where matter = ?1 and slot = ?2"));
  insert_ = std::move(insert);
  overwrite_ = std::move(overwrite);
  note_lines_ = std::move(note_lines);
  find_ = std::move(find);
  return {};
}

Result<std::optional<Bytes>> SqliteVault::find(KeySlot key) {
  auto has_row = find_.bind(1, key.matter.value).bind(2, std::int64_t{key.slot}).step();
  if (!has_row) return std::unexpected(has_row.error());
  std::optional<Bytes> wrapped;
  if (*has_row) wrapped.emplace(find_.blob(0).begin(), find_.blob(0).end());
  find_.reset();
  return wrapped;
}

Result<Key> SqliteVault::key_of(KeySlot key) {
  std::unique_lock lock(read_);
  if (const auto staged = staged_.find(key); staged != staged_.end())
    return staged->second.key.clone();
  GEWU_TRY(wrapped, find(key));
  lock.unlock();
  if (!wrapped) return refuse(ErrorCode::not_found, "vault.key.absent");
  if (is_erased(*wrapped)) return refuse(ErrorCode::not_found, "vault.key.erased");
  return security::unwrap(*wrapped, office_key_, context_of(key));
}

Result<bool> SqliteVault::contains(KeySlot key) {
  const std::scoped_lock lock(read_);
  if (staged_.contains(key)) return true;
  GEWU_TRY(wrapped, find(key));
  return wrapped && !is_erased(*wrapped);
}

Result<Key> SqliteVault::create(KeySlot key) {
  const std::scoped_lock write_lock(write_);
  const std::scoped_lock read_lock(read_);
  if (const auto staged = staged_.find(key); staged != staged_.end())
    return staged->second.key.clone();
  GEWU_TRY(wrapped, find(key));
  if (wrapped && is_erased(*wrapped)) return refuse(ErrorCode::conflict, "vault.key.erased");
  if (wrapped) return security::unwrap(*wrapped, office_key_, context_of(key));
  return stage(key);
}

Result<Key> SqliteVault::create_first(KeySlot key) {
  const std::scoped_lock write_lock(write_);
  const std::scoped_lock read_lock(read_);
  if (const auto staged = staged_.find(key); staged != staged_.end())
    return staged->second.key.clone();
  return stage(key);
}

Key SqliteVault::stage(KeySlot key) {
  Key made = Key::generate(random_, office_key_.cipher());
  Bytes wrapped = security::wrap(made, office_key_, context_of(key), random_);
  Key given = made.clone();
  staged_.emplace(key, Staged{std::move(made), std::move(wrapped)});
  return given;
}

Result<MatterId> SqliteVault::newest() {
  const std::scoped_lock lock(read_);
  GEWU_TRY(row, reader_.prepare("select coalesce(max(matter), 0) from key"));
  GEWU_TRY(found, row.step());
  MatterId newest{found ? row.integer(0) : 0};
  if (!staged_.empty()) newest = std::max(newest, staged_.rbegin()->first.matter);
  return newest;
}

Bytes SqliteVault::seal_own(std::string_view purpose, ByteView plain) {
  return security::seal(own_key_.derive(purpose), security::view_of(purpose), plain, random_);
}

Result<Bytes> SqliteVault::open_own(std::string_view purpose, ByteView box) {
  return security::open(own_key_.derive(purpose), security::view_of(purpose), box);
}

Status SqliteVault::flush() {
  const std::scoped_lock lock(write_);
  return flush_staged();
}

Status SqliteVault::flush_staged() {
  std::vector<std::pair<KeySlot, Bytes>> rows;
  {
    const std::scoped_lock lock(read_);
    for (const auto& [key, staged] : staged_) rows.emplace_back(key, staged.wrapped);
  }
  if (rows.empty()) return {};
  Transaction transaction(writer_);
  GEWU_CHECK(transaction.begin());
  for (const auto& [key, wrapped] : rows)
    GEWU_CHECK(insert_.bind(1, key.matter.value)
                   .bind(2, std::int64_t{key.slot})
                   .bind_blob(3, wrapped)
                   .run());
  GEWU_CHECK(transaction.commit());
  const std::scoped_lock lock(read_);
  staged_.clear();  // `create` needs write_ too: nothing was staged in between
  return {};
}

Result<std::vector<KeySlot>> SqliteVault::not_erased(std::vector<KeySlot> keys) {
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  const std::scoped_lock lock(read_);
  std::vector<KeySlot> left;
  for (const KeySlot key : keys) {
    GEWU_TRY(wrapped, find(key));
    if (!wrapped || !is_erased(*wrapped)) left.push_back(key);
  }
  return left;
}

Status SqliteVault::destroy(std::span<const KeySlot> keys, Instant at, std::string_view reason) {
  if (!is_erasure_reason(reason)) return refuse(ErrorCode::invalid, "vault.reason");
  const std::scoped_lock lock(write_);
  GEWU_CHECK(flush_staged());
  GEWU_TRY(doomed, not_erased({keys.begin(), keys.end()}));
  if (!doomed.empty()) {
    std::vector<Erasure> lines;
    for (const KeySlot key : doomed) lines.push_back({key, at, std::string(reason)});
    GEWU_CHECK(log_.append(lines));
    GEWU_CHECK(overwrite(doomed));
  }
  return clear_traces();
}

Status SqliteVault::overwrite(std::span<const KeySlot> keys) {
  const Bytes zeros(kWrappedSize);
  Transaction transaction(writer_);
  GEWU_CHECK(transaction.begin());
  for (const KeySlot key : keys) {
    const std::int64_t slot = key.slot;
    GEWU_CHECK(overwrite_.bind(1, key.matter.value).bind(2, slot).bind_blob(3, zeros).run());
    if (sqlite3_changes(writer_.raw()) == 0)
      GEWU_CHECK(insert_.bind(1, key.matter.value).bind(2, slot).bind_blob(3, zeros).run());
  }
  GEWU_CHECK(
      note_lines_.bind(1, kErasedLines).bind(2, static_cast<std::int64_t>(log_.size())).run());
  return transaction.commit();
}

Status SqliteVault::clear_traces() {
  const std::scoped_lock lock(read_);  // no reader stands in the way of the checkpoint
  const int code = sqlite3_wal_checkpoint_v2(writer_.raw(), nullptr, SQLITE_CHECKPOINT_TRUNCATE,
                                             nullptr, nullptr);
  if (code != SQLITE_OK) return refuse(ErrorCode::unavailable, "vault.trace");
  return {};
}

Result<std::vector<Erasure>> SqliteVault::apply_erased_log() {
  const std::scoped_lock lock(write_);
  GEWU_TRY(lines, log_.read());
  GEWU_TRY(seen, writer_.prepare("select value from note where name = ?1"));
  GEWU_TRY(has_row, seen.bind(1, kErasedLines).step());
  if (has_row && seen.integer(0) > static_cast<std::int64_t>(lines.size()))
    return refuse(ErrorCode::conflict, "vault.erased_log.short",
                  {{"lines", std::to_string(lines.size())},
                   {"lines_min", std::to_string(seen.integer(0))}});
  seen.reset();
  std::vector<KeySlot> keys;
  for (const Erasure& line : lines) keys.push_back(line.key);
  GEWU_TRY(doomed, not_erased(std::move(keys)));
  if (!doomed.empty()) GEWU_CHECK(overwrite(doomed));
  GEWU_CHECK(clear_traces());
  return lines;
}

Result<Key> SqliteVault::back_up(const std::string& file) {
  const std::scoped_lock lock(write_);
  GEWU_CHECK(flush_staged());
  GEWU_TRY(made, File::open(file, File::Mode::create_new));  // 0600 before anything is in it
  Key key = Key::generate(random_, office_key_.cipher());
  const auto copy = [&]() -> Status {
    GEWU_TRY(vacuum, writer_.prepare("vacuum into ?1"));
    GEWU_CHECK(vacuum.bind(1, std::string_view(file)).run());
    GEWU_CHECK(write_backup_key(file, key));
    GEWU_CHECK(made.sync());
    return sync_folder_of(file);
  };
  if (auto copied = copy(); !copied) {
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    return std::unexpected(copied.error());
  }
  return key;
}

Status SqliteVault::write_backup_key(const std::string& file, const Key& key) {
  GEWU_TRY(copy, Connection::open(file, false));
  const Bytes wrapped =
      security::wrap(key, office_key_, security::view_of(kBackupKey), random_);
  GEWU_CHECK(write_note_bytes(copy, kBackupKey, wrapped));
  return copy.run("pragma journal_mode=delete");  // one file, nothing beside it
}

Result<Key> SqliteVault::backup_key() {
  const std::scoped_lock lock(read_);
  GEWU_TRY(wrapped, read_note_bytes(reader_, kBackupKey));
  if (!wrapped) return refuse(ErrorCode::not_found, "vault.backup_key.absent");
  return security::unwrap(*wrapped, office_key_, security::view_of(kBackupKey));
}

/// The keys file, readable by its owner only; SQLite gives its companions the same mode.
Status make_keys_file(const VaultPlaces& places) {
  if (std::filesystem::exists(places.keys)) return {};
  if (!places.may_create)
    return refuse(ErrorCode::not_found, "vault.keys.absent", {{"file", places.keys}});
  GEWU_TRY(file, File::open(places.keys, File::Mode::create_new));
  GEWU_CHECK(file.sync());
  return sync_folder_of(places.keys);
}

}  // namespace

Result<std::unique_ptr<Vault>> open_vault(const VaultPlaces& places, Random& random) {
  GEWU_TRY(office_key, read_office_key(places.office_key));
  GEWU_CHECK(make_keys_file(places));
  GEWU_TRY(log, ErasedLog::open(places.erased_log, !places.disposable));
  GEWU_TRY(writer, Connection::open(places.keys, false));
  GEWU_CHECK(writer.run("pragma secure_delete=on; pragma synchronous=full;"
                        "pragma wal_autocheckpoint=1000;"));
  if (places.disposable) GEWU_CHECK(writer.run("pragma synchronous=off"));
  GEWU_CHECK(make_key_tables(writer));
  GEWU_CHECK(check_not_rotating(writer, places));
  GEWU_CHECK(check_office_key(writer, office_key, random));
  GEWU_TRY(own_key, read_own_key(writer, office_key));
  GEWU_TRY(reader, Connection::open(places.keys, true));
  auto vault =
      std::make_unique<SqliteVault>(std::move(writer), std::move(reader), std::move(office_key),
                                    std::move(own_key), std::move(log), random);
  GEWU_CHECK(vault->prepare());
  GEWU_CHECK(vault->apply_erased_log());
  return vault;
}

}  // namespace gewu::store::sqlite
