#pragma once

#include <memory>
#include <string>

#include "base/instant.h"
#include "base/result.h"
#include "kernel/place/lonlat.h"
#include "security/secure_random.h"
#include "store/store.h"
#include "store/vault.h"
#include "usecase/office.h"

namespace gewu::bench {

/// An office that is open for a bench, with a clock of its own that stands still unless moved.
class Place {
 public:
  /// `disposable`: no commit waits for the disk, for growing a large office.
  static Result<std::unique_ptr<Place>> open(const std::string& data, bool disposable);

  usecase::Office& office() { return *office_; }
  store::Store& store() { return *store_; }
  ManualClock& clock() { return clock_; }

 private:
  Place() = default;

  ManualClock clock_;
  security::SecureRandom random_;
  std::unique_ptr<store::Vault> vault_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<usecase::Office> office_;
};

/// A territory of the lowest level, with the desk that opens and receives matters there.
struct Spot {
  std::string grid;
  PostId desk;
  AccountId officer;     ///< sits on the desk
  kernel::LonLat point;  ///< inside the grid; zero where it is not drawn
};
/// Every grid of the office that has a desk, by code.
std::vector<Spot> spots_of(const kernel::Directory& directory, Instant now);

}  // namespace gewu::bench
