#pragma once

#include <memory>
#include <string>

#include "base/random.h"
#include "store/vault.h"

namespace gewu::store::sqlite {

/// Where a vault lies. The last two belong outside the data and outside every backup of it.
struct VaultPlaces {
  std::string keys;        ///< keys.db
  std::string office_key;  ///< made by `create_office_key`
  std::string erased_log;  ///< beside the office key
  bool may_create = false; ///< else a missing keys file is `not_found` `vault.keys.absent`
  bool disposable = false; ///< as of the store: no key waits for the disk
};

/// Opens the keys file and applies `erased.log` to it. `random` must outlive the vault and be
/// safe to share. Errors as `read_office_key` and `Vault::apply_erased_log`; `forbidden`
/// `vault.office_key.wrong` for an office key that this file was not made under; `conflict`
/// `vault.rotation.unfinished` while a rotation of the office key is to be gone on with;
/// `unavailable` `store.sqlite`. Why WAL and how traces go: docs/decisions/keys_file.md.
Result<std::unique_ptr<Vault>> open_vault(const VaultPlaces& places, Random& random);

}  // namespace gewu::store::sqlite
