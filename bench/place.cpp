#include "bench/place.h"

#include <algorithm>

#include "store/sqlite/sqlite_store.h"
#include "store/sqlite/sqlite_vault.h"
#include "usecase/publish_definitions.h"

namespace gewu::bench {

using namespace gewu::kernel;

Result<std::unique_ptr<Place>> Place::open(const std::string& data, bool disposable) {
  std::unique_ptr<Place> place(new Place());
  place->clock_.set(SystemClock().now());
  const std::string keys = data + ".keys";
  GEWU_TRY(vault, store::sqlite::open_vault({data + "/keys.db", keys + "/office.key",
                                             keys + "/erased.log", false, disposable},
                                            place->random_));
  place->vault_ = std::move(vault);
  store::sqlite::OpenOptions options;
  options.path = data + "/office.db";
  options.clock = &place->clock_;
  options.random = &place->random_;
  options.vault = place->vault_.get();
  options.apply_directory = usecase::apply_directory_events;
  options.disposable = disposable;
  GEWU_TRY(store, store::sqlite::open_store(std::move(options)));
  place->store_ = std::move(store);
  place->office_ = std::make_unique<usecase::Office>(
      usecase::Office{*place->store_, place->clock_, place->random_, true});
  return place;
}

std::vector<Spot> spots_of(const Directory& directory, Instant now) {
  std::vector<Spot> spots;
  for (const Territory* territory : directory.territory->all()) {
    if (territory->level != Level::grid || territory->valid_until) continue;
    for (const Post* desk : directory.roster->posts_covering("desk", territory->code)) {
      const std::vector<AccountId> officers = holders_at(*desk, now);
      if (officers.empty()) continue;
      Spot spot{territory->code, desk->id, officers.front(), {}};
      if (territory->centre && directory.grids->grid_of(*territory->centre) == territory->code)
        spot.point = *territory->centre;
      spots.push_back(std::move(spot));
      break;
    }
  }
  std::ranges::sort(spots, {}, &Spot::grid);
  return spots;
}

}  // namespace gewu::bench
