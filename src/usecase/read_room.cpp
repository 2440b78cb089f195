#include "usecase/read_room.h"

#include "base/ensure.h"
#include "usecase/matter_title.h"

namespace gewu::usecase {

using namespace gewu::kernel;

std::int64_t ReadRoom::NoIds::next() {
  ensure(false);
  return 0;
}

Result<std::optional<MatterRow>> ReadRoom::row(const SnapshotPtr& matter,
                                               const Actor& actor) const {
  GEWU_TRY(seen, see_matter(chamber_, matter, actor));
  if (!seen) return std::optional<MatterRow>();
  MatterRow row;
  row.title = matter_title(*matter, *directory_);
  row.claimed_by_me = actor.account.has_value() && matter->claimed_by == actor.account;
  row.seen = std::move(*seen);
  return std::optional(std::move(row));
}

Result<std::vector<MatterRow>> ReadRoom::rows(const std::vector<SnapshotPtr>& matters,
                                              const Actor& actor) const {
  std::vector<MatterRow> rows;
  for (const SnapshotPtr& matter : matters) {
    if (!matter) continue;
    GEWU_TRY(seen, row(matter, actor));
    if (seen) rows.push_back(std::move(*seen));
  }
  return rows;
}

const Locality* ReadRoom::locality_of(const Snapshot& matter) const {
  const Locality* locality = directory_->locality_of(matter.territory);
  return locality ? locality : directory_->find_locality(matter.type->locality);
}

}  // namespace gewu::usecase
