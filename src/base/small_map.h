#pragma once

#include <cstddef>
#include <functional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gewu {

/// A map that mostly holds a handful of entries: they lie side by side and are looked through; only
/// beyond `kSmall` of them an index is kept. Entries stay in the order in which they came; nothing
/// is taken out. Pointers last until the next entry.
template <typename Key, typename Value, typename Hash = std::hash<Key>>
class SmallMap {
  static constexpr std::size_t kSmall = 12, kReserved = 4;

 public:
  std::size_t size() const { return entries_.size(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

  Value* find(const Key& key) {
    return const_cast<Value*>(std::as_const(*this).find(key));
  }
  const Value* find(const Key& key) const {
    if (entries_.size() <= kSmall) {
      for (const auto& [known, value] : entries_)
        if (known == key) return &value;
      return nullptr;
    }
    const auto found = index_.find(key);
    return found == index_.end() ? nullptr : &entries_[found->second].second;
  }

  /// The value of the key, made where there is none.
  Value& operator[](Key key) {
    if (Value* known = find(key)) return *known;
    return add(std::move(key));
  }
  /// The value of a key that is not there yet.
  Value& add(Key key) {
    if (entries_.empty()) entries_.reserve(kReserved);
    if (entries_.size() == kSmall)
      for (std::size_t i = 0; i < kSmall; ++i) index_.emplace(entries_[i].first, i);
    if (entries_.size() >= kSmall) index_.emplace(key, entries_.size());
    return entries_.emplace_back(std::move(key), Value()).second;
  }

 private:
  std::vector<std::pair<Key, Value>> entries_;
  std::unordered_map<Key, std::size_t, Hash> index_;
};

}  // namespace gewu
