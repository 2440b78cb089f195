#include "simulation/dealer.h"

#include <algorithm>
#include <utility>

namespace gewu::simulation {

std::int64_t scale_count(std::int64_t count, std::int64_t percent) {
  if (count == 0) return 0;
  return std::max<std::int64_t>(1, count * percent / 100);
}

Dealer::Dealer(const Behaviour& behaviour, Chance& chance, std::int64_t percent)
    : behaviour_(behaviour), chance_(chance), percent_(percent) {
  for (const auto& [key, weights] : behaviour_.decks) decks_[key] = cards_of(weights);
  for (const auto& [key, total] : behaviour_.totals) decks_[key] = cards_of(total);
  for (const auto& [key, total] : behaviour_.repeats) decks_["repeat " + key] = cards_of(total);
  for (auto& [key, cards] : decks_) chance_.shuffle(cards);
}

std::int64_t Dealer::scaled(std::int64_t count) const { return scale_count(count, percent_); }

Dealer::Cards Dealer::cards_of(const Weights& weights) {
  Cards cards;
  for (const auto& [value, count] : weights) cards.insert(cards.end(), scaled(count), value);
  return cards;
}

/// As even as whole numbers allow, then some of it moved about, so that no two need be equal.
Dealer::Cards Dealer::cards_of(const Total& total) {
  const std::int64_t of = scaled(total.of), sum = scaled(total.total);
  std::vector<std::int64_t> shares(static_cast<std::size_t>(of), sum / of);
  for (std::int64_t i = 0; i < sum % of; ++i) ++shares[static_cast<std::size_t>(i)];
  const std::int64_t most = sum / of / 2;
  for (std::size_t i = 0; most > 0 && i + 1 < shares.size(); i += 2) {
    const std::int64_t moved = chance_.between(0, most);
    shares[i] -= moved;
    shares[i + 1] += moved;
  }
  Cards cards;
  for (const std::int64_t share : shares) cards.push_back(std::to_string(share));
  return cards;
}

Dealer::Cards Dealer::shuffled(const std::string& key) {
  Cards cards;
  if (const auto deck = behaviour_.decks.find(key); deck != behaviour_.decks.end())
    cards = cards_of(deck->second);
  else if (const auto total = behaviour_.totals.find(key); total != behaviour_.totals.end())
    cards = cards_of(total->second);
  chance_.shuffle(cards);
  return cards;
}

std::optional<std::string> Dealer::deal(std::string_view place, std::string_view name) {
  std::string key(place);
  if (!key.empty()) key += ".";
  key += name;
  const auto deck = decks_.find(key);
  if (deck == decks_.end()) return std::nullopt;
  if (deck->second.empty()) deck->second = shuffled(key);
  if (deck->second.empty()) return std::nullopt;
  std::string card = std::move(deck->second.back());
  deck->second.pop_back();
  dealt_.emplace_back(key, card);
  return card;
}

std::int64_t Dealer::times(const std::string& name, std::int64_t otherwise) {
  if (!behaviour_.repeats.contains(name)) return otherwise;
  const auto card = deal({}, "repeat " + name);
  return card ? std::stoll(*card) : 0;
}

std::vector<std::pair<std::string, std::string>> Dealer::dealt() {
  return std::exchange(dealt_, {});
}

void Dealer::take_back(const std::vector<std::pair<std::string, std::string>>& cards) {
  for (const auto& [key, card] : cards) decks_[key].push_back(card);
}

}  // namespace gewu::simulation
