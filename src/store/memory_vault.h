#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "base/random.h"
#include "store/vault.h"

namespace gewu::store {

/// A vault that keeps nothing: for scenarios, demonstrations and tests on a store in memory.
class MemoryVault : public Vault {
 public:
  explicit MemoryVault(Random& random)
      : random_(random), own_key_(security::Key::generate(random)) {}

  Result<security::Key> key_of(KeySlot key) override;
  Result<bool> contains(KeySlot key) override;
  Result<security::Key> create(KeySlot key) override;
  Result<security::Key> create_first(KeySlot key) override { return create(key); }
  Result<MatterId> newest() override;
  Status flush() override { return {}; }
  security::Bytes seal_own(std::string_view purpose, security::ByteView plain) override;
  Result<security::Bytes> open_own(std::string_view purpose, security::ByteView box) override;
  Status destroy(std::span<const KeySlot> keys, Instant at, std::string_view reason) override;
  Result<std::vector<Erasure>> apply_erased_log() override;
  /// `unavailable` `vault.memory`: there is nothing that a file could bring back.
  Result<security::Key> back_up(const std::string& file) override;
  Result<security::Key> backup_key() override;

 private:
  std::mutex mutex_;
  Random& random_;
  const security::Key own_key_;
  std::map<KeySlot, std::optional<security::Key>> keys_;  ///< no key: destroyed
  std::vector<Erasure> erased_;
};

}  // namespace gewu::store
