#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/instant.h"
#include "base/result.h"
#include "security/key.h"

namespace gewu::store {

/// One key of a matter. A matter has one for each of its `erase` lines and one for its other
/// personal values, made when the first such value is written; each is destroyed by itself.
struct KeySlot {
  MatterId matter;
  std::uint8_t slot = 0;
  auto operator<=>(const KeySlot&) const = default;
};

/// A line of `erased.log`: which key was destroyed, when and why.
struct Erasure {
  KeySlot key;
  Instant at;
  std::string reason;  ///< [a-z0-9_.]+, e.g. "appeal.erase.contact"; never personal
  bool operator==(const Erasure&) const = default;
};

/// The vault (密钥库): keys of the matters' personal values, wrapped by the office key (本处密钥),
/// which lies outside the data. Destroying a key erases every value sealed under it, in the
/// journal and in all backups whose keys file is gone or gets `erased.log` applied.
///
/// Any thread may ask. The writer of a store stages keys with `create` while it decides, and calls
/// `flush` before it commits what was sealed under them: a key is durable before its values are.
class Vault {
 public:
  virtual ~Vault() = default;

  /// `not_found` `vault.key.absent` (never made) or `vault.key.erased` (destroyed: the value is
  /// to be shown as erased).
  virtual Result<security::Key> key_of(KeySlot key) = 0;
  /// Whether `key_of` would give a key.
  virtual Result<bool> contains(KeySlot key) = 0;

  /// The key of a slot, made and staged where there is none: at once visible to all, durable after
  /// `flush`. A staged key whose decision is given up does no harm.
  /// `conflict` `vault.key.erased`: a destroyed slot never gets a key again.
  virtual Result<security::Key> create(KeySlot key) = 0;
  /// The same where there can be none yet: of a matter that is opened just now, later than `newest`.
  /// Nothing is asked of the keys file.
  virtual Result<security::Key> create_first(KeySlot key) = 0;
  /// The latest matter of which there is a key, or was one; of none: 0.
  virtual Result<MatterId> newest() = 0;
  /// Makes all staged keys durable, in one transaction; at once when there are none. After a
  /// failure they stay staged.
  virtual Status flush() = 0;

  /// Seals what belongs to the office and to no matter (a second factor's secret) under a key that
  /// is derived from the office key for this purpose.
  virtual security::Bytes seal_own(std::string_view purpose, security::ByteView plain) = 0;
  /// Errors as `security::open`.
  virtual Result<security::Bytes> open_own(std::string_view purpose, security::ByteView box) = 0;

  /// Writes `erased.log`, then destroys the keys, then leaves no trace of them in the keys file;
  /// each step is durable before the next begins. May be repeated: a slot without a key is
  /// closed for ever, one already destroyed changes nothing. On `unavailable` call it again.
  /// `invalid` `vault.reason` for a reason of other form.
  virtual Status destroy(std::span<const KeySlot> keys, Instant at, std::string_view reason) = 0;

  /// Destroys whatever `erased.log` names (after a restore, or a crash amid `destroy`), and gives
  /// all its lines, so that the caller can clear snapshots and search of the same values.
  /// `conflict` `vault.erased_log.short` when the log lacks lines that this keys file has seen.
  virtual Result<std::vector<Erasure>> apply_erased_log() = 0;

  /// Copies the keys, still wrapped, to a new file (0600), with a fresh key for the snapshot of
  /// this backup in it, which is returned. `conflict` `store.file.exists`.
  virtual Result<security::Key> back_up(const std::string& file) = 0;
  /// In a restored keys file: the key that `back_up` returned. `not_found`
  /// `vault.backup_key.absent`.
  virtual Result<security::Key> backup_key() = 0;
};

/// What `destroy` takes as a reason: [a-z0-9_.]+, at most 128 bytes.
bool is_erasure_reason(std::string_view text);

}  // namespace gewu::store
