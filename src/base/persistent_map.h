#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace gewu {

/// An ordered set of values that never changes: `with` and `without` give a new one that shares
/// all but one chunk of pointers with the old, so that a snapshot of half a million values costs
/// microseconds to renew. KeyOf gives a value's key; a lookup takes anything comparable with it
/// by `<`. Pointers stay good as long as any map that holds the value.
template <typename Value, typename KeyOf = std::identity>
class PersistentMap {
  using Pointer = std::shared_ptr<const Value>;
  using Chunk = std::vector<Pointer>;
  using Chunks = std::vector<std::shared_ptr<const Chunk>>;
  static constexpr std::size_t kChunkMax = 128;

 public:
  PersistentMap() : chunks_(std::make_shared<const Chunks>()) {}

  /// From any number of values at once; of two with the same key the later one stays.
  static PersistentMap of(std::vector<Value> values) {
    std::ranges::stable_sort(values, std::less<>{}, KeyOf{});
    auto chunks = std::make_shared<Chunks>();
    PersistentMap map;
    Chunk chunk;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool repeated = i + 1 < values.size() && !(KeyOf{}(values[i]) < KeyOf{}(values[i + 1]));
      if (repeated) continue;
      chunk.push_back(std::make_shared<const Value>(std::move(values[i])));
      ++map.size_;
      if (chunk.size() == kChunkMax / 2) {
        chunks->push_back(std::make_shared<const Chunk>(std::move(chunk)));
        chunk.clear();
      }
    }
    if (!chunk.empty()) chunks->push_back(std::make_shared<const Chunk>(std::move(chunk)));
    map.chunks_ = std::move(chunks);
    return map;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  /// The value with that key, or nullptr.
  template <typename Key>
  const Value* find(const Key& key) const {
    const Value* found = next_from(key);
    return found != nullptr && !(key < KeyOf{}(*found)) ? found : nullptr;
  }

  /// The first value whose key is not less, or nullptr.
  template <typename Key>
  const Value* next_from(const Key& key) const {
    const auto [chunk, at] = position(key);
    if (chunk == chunks_->size()) return nullptr;
    return (*(*chunks_)[chunk])[at].get();
  }

  /// Calls `visit` in order from the first value whose key is not less, until it gives false.
  template <typename Key, typename Visit>
  void visit_from(const Key& key, Visit&& visit) const {
    auto [chunk, at] = position(key);
    for (; chunk < chunks_->size(); ++chunk, at = 0)
      for (; at < (*chunks_)[chunk]->size(); ++at)
        if (!visit(*(*(*chunks_)[chunk])[at])) return;
  }

  template <typename Visit>
  void visit_all(Visit&& visit) const {
    for (const auto& chunk : *chunks_)
      for (const Pointer& value : *chunk) visit(*value);
  }

  /// With the value added, or put in place of the one with its key.
  [[nodiscard]] PersistentMap with(Value value) const {
    auto pointer = std::make_shared<const Value>(std::move(value));
    auto chunks = std::make_shared<Chunks>(*chunks_);
    PersistentMap map;
    map.size_ = size_;
    if (chunks->empty()) {
      chunks->push_back(std::make_shared<const Chunk>(Chunk{std::move(pointer)}));
      map.size_ = 1;
    } else {
      const std::size_t index = chunk_for(KeyOf{}(*pointer));
      Chunk chunk = *(*chunks)[index];
      const std::size_t at = lower_bound(chunk, KeyOf{}(*pointer));
      const auto place = chunk.begin() + static_cast<std::ptrdiff_t>(at);
      if (at < chunk.size() && !(KeyOf{}(*pointer) < KeyOf{}(*chunk[at]))) {
        *place = std::move(pointer);
      } else {
        chunk.insert(place, std::move(pointer));
        ++map.size_;
      }
      store(*chunks, index, std::move(chunk));
    }
    map.chunks_ = std::move(chunks);
    return map;
  }

  /// Without the value of that key; the same map when there is none.
  template <typename Key>
  [[nodiscard]] PersistentMap without(const Key& key) const {
    if (find(key) == nullptr) return *this;
    auto chunks = std::make_shared<Chunks>(*chunks_);
    const auto [index, at] = position(key);
    Chunk chunk = *(*chunks)[index];
    chunk.erase(chunk.begin() + static_cast<std::ptrdiff_t>(at));
    if (chunk.empty())
      chunks->erase(chunks->begin() + static_cast<std::ptrdiff_t>(index));
    else
      (*chunks)[index] = std::make_shared<const Chunk>(std::move(chunk));
    PersistentMap map;
    map.size_ = size_ - 1;
    map.chunks_ = std::move(chunks);
    return map;
  }

 private:
  template <typename Key>
  static std::size_t lower_bound(const Chunk& chunk, const Key& key) {
    const auto less = [](const Pointer& value, const Key& k) { return KeyOf{}(*value) < k; };
    return static_cast<std::size_t>(std::lower_bound(chunk.begin(), chunk.end(), key, less) -
                                    chunk.begin());
  }

  /// The last chunk that begins at or before the key, else the first. There is at least one.
  template <typename Key>
  std::size_t chunk_for(const Key& key) const {
    const auto before = [](const Key& k, const auto& chunk) {
      return k < KeyOf{}(*chunk->front());
    };
    const auto after = std::upper_bound(chunks_->begin(), chunks_->end(), key, before);
    return after == chunks_->begin() ? 0 : static_cast<std::size_t>(after - chunks_->begin()) - 1;
  }

  template <typename Key>
  std::pair<std::size_t, std::size_t> position(const Key& key) const {
    if (chunks_->empty()) return {0, 0};
    const std::size_t chunk = chunk_for(key);
    const std::size_t at = lower_bound(*(*chunks_)[chunk], key);
    if (at == (*chunks_)[chunk]->size()) return {chunk + 1, 0};
    return {chunk, at};
  }

  static void store(Chunks& chunks, std::size_t index, Chunk chunk) {
    if (chunk.size() <= kChunkMax) {
      chunks[index] = std::make_shared<const Chunk>(std::move(chunk));
      return;
    }
    const auto middle = chunk.begin() + static_cast<std::ptrdiff_t>(chunk.size() / 2);
    auto upper = std::make_shared<const Chunk>(middle, chunk.end());
    chunk.erase(middle, chunk.end());
    chunks[index] = std::make_shared<const Chunk>(std::move(chunk));
    chunks.insert(chunks.begin() + static_cast<std::ptrdiff_t>(index) + 1, std::move(upper));
  }

  std::shared_ptr<const Chunks> chunks_;
  std::size_t size_ = 0;
};

}  // namespace gewu
