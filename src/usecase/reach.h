#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kernel/matter/directory.h"
#include "kernel/place/lonlat.h"

namespace gewu::usecase {

/// How far there is help (步行可达): what was counted, by the place or territory that it was counted
/// at, and how far people walk. The distance is straight, for there is no network of streets here;
/// whoever reads the figure is told so by its note. A unit or thing without a known point is not
/// reached.
class Reach {
 public:
  /// `counts` by the texts of dimensions (kernel::dimension_text): places and codes of territories.
  Reach(const std::map<std::string, std::int64_t>& counts, const kernel::Directory& directory,
        std::int64_t metres);

  /// Whether something lies within reach of the middle of that ground.
  bool covers(const kernel::TerritoryCode& ground) const;

 private:
  const kernel::Directory& directory_;
  std::int64_t metres_ = 0;
  std::vector<kernel::LonLat> points_;
};

/// The point that stands for a ground: the one given with it, else the mean of its outline.
std::optional<kernel::LonLat> middle_of(const kernel::Territory& territory);

}  // namespace gewu::usecase
