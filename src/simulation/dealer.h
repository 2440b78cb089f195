#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulation/behaviour.h"
#include "simulation/chance.h"

namespace gewu::simulation {

/// Deals values whose sum or whose frequencies a plan fixes (发牌): the decks and totals of a
/// Behaviour, shuffled by the seed. A card that was refused goes back, so that what was carried out
/// adds up. A deck or a total that is used up begins anew.
class Dealer {
 public:
  /// `percent`: the decks of a smaller year have so many of their cards.
  Dealer(const Behaviour& behaviour, Chance& chance, std::int64_t percent);

  /// The card of "place.name"; nothing when no deck has this name.
  std::optional<std::string> deal(std::string_view place, std::string_view name);
  /// How often to repeat what has this name; `otherwise` when nothing says it. A plan gives it to
  /// so many of them and no more: then the total is reached although some never take place.
  std::int64_t times(const std::string& name, std::int64_t otherwise);

  /// Cards dealt since the last call, for `take_back`.
  std::vector<std::pair<std::string, std::string>> dealt();
  void take_back(const std::vector<std::pair<std::string, std::string>>& cards);

 private:
  using Cards = std::vector<std::string>;
  std::int64_t scaled(std::int64_t count) const;
  Cards cards_of(const Weights& weights);
  Cards cards_of(const Total& total);
  Cards shuffled(const std::string& key);

  const Behaviour& behaviour_;
  Chance& chance_;
  std::int64_t percent_;
  std::map<std::string, Cards> decks_;
  std::vector<std::pair<std::string, std::string>> dealt_;
};

/// A count of the whole year in a smaller one: at least one of what there is.
std::int64_t scale_count(std::int64_t count, std::int64_t percent);

}  // namespace gewu::simulation
