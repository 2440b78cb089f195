#include "store/memory_vault.h"

#include "security/sealed_box.h"

namespace gewu::store {

using security::Bytes;
using security::ByteView;
using security::Key;

Result<Key> MemoryVault::key_of(KeySlot key) {
  const std::scoped_lock lock(mutex_);
  const auto found = keys_.find(key);
  if (found == keys_.end()) return refuse(ErrorCode::not_found, "vault.key.absent");
  if (!found->second) return refuse(ErrorCode::not_found, "vault.key.erased");
  return found->second->clone();
}

Result<bool> MemoryVault::contains(KeySlot key) {
  const std::scoped_lock lock(mutex_);
  const auto found = keys_.find(key);
  return found != keys_.end() && found->second.has_value();
}

Result<Key> MemoryVault::create(KeySlot key) {
  const std::scoped_lock lock(mutex_);
  const auto found = keys_.find(key);
  if (found == keys_.end()) return keys_[key].emplace(Key::generate(random_)).clone();
  if (!found->second) return refuse(ErrorCode::conflict, "vault.key.erased");
  return found->second->clone();
}

Result<MatterId> MemoryVault::newest() {
  const std::scoped_lock lock(mutex_);
  return keys_.empty() ? MatterId{} : keys_.rbegin()->first.matter;
}

Bytes MemoryVault::seal_own(std::string_view purpose, ByteView plain) {
  return security::seal(own_key_.derive(purpose), security::view_of(purpose), plain, random_);
}

Result<Bytes> MemoryVault::open_own(std::string_view purpose, ByteView box) {
  return security::open(own_key_.derive(purpose), security::view_of(purpose), box);
}

Status MemoryVault::destroy(std::span<const KeySlot> keys, Instant at, std::string_view reason) {
  if (!is_erasure_reason(reason)) return refuse(ErrorCode::invalid, "vault.reason");
  const std::scoped_lock lock(mutex_);
  for (const KeySlot key : keys) {
    const auto found = keys_.find(key);
    if (found != keys_.end() && !found->second) continue;
    erased_.push_back({key, at, std::string(reason)});
    keys_[key].reset();
  }
  return {};
}

Result<std::vector<Erasure>> MemoryVault::apply_erased_log() {
  const std::scoped_lock lock(mutex_);
  return erased_;
}

Result<Key> MemoryVault::back_up(const std::string& file) {
  return refuse(ErrorCode::unavailable, "vault.memory", {{"file", file}});
}

Result<Key> MemoryVault::backup_key() {
  return refuse(ErrorCode::not_found, "vault.backup_key.absent");
}

}  // namespace gewu::store
