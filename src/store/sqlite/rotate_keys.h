#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "base/instant.h"
#include "base/random.h"
#include "base/result.h"
#include "security/key.h"

namespace gewu::store::sqlite {

/// KEYS/office.key.next: the key to be, while a rotation is under way.
std::string next_key_path(const std::string& office_key);

struct KeyRotation {
  std::string keys;                    ///< keys.db
  std::string office_key;
  security::Cipher cipher = security::Cipher::aes_256_gcm;  ///< of the new key
  Instant now;                         ///< names the retired key
  std::size_t rows_a_step = 1'000;
  std::size_t steps_max = 0;           ///< stop after so many, as if killed; 0: to the end
};
struct Rotated {
  std::size_t rows = 0;                ///< keys that this call wrapped anew
  bool is_done = false;
  std::string retired;                 ///< where the old office key lies
};
/// Makes a new office key and wraps every key of the file with it; the old one becomes
/// office.key.retired.MS beside it, for backups of before. Goes on where an earlier call was killed,
/// whenever that was: the old key stands until the last row is under the new one, and each step is
/// one transaction. The caller holds the office (OfficeLock): nobody else may have the vault open.
/// `forbidden` `vault.office_key.wrong` when the file is under neither key.
Result<Rotated> rotate_office_key(const KeyRotation& rotation, Random& random);

/// Wraps a restored keys file, of before a rotation, with today's office key.
Status rewrap_keys(const std::string& keys, const security::Key& from, const security::Key& to,
                   Random& random);
/// Whether a keys file was made under this office key.
Result<bool> is_made_under(const std::string& keys, const security::Key& office_key);

}  // namespace gewu::store::sqlite
