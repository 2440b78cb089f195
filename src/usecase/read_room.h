#pragma once

#include <memory>

#include "kernel/matter/query.h"
#include "usecase/caller.h"
#include "usecase/find_matters.h"

namespace gewu::usecase {

/// What a reader asks the law with: one directory, one moment, the committed matters. Inside the
/// room only.
class ReadRoom {
 public:
  explicit ReadRoom(Office& office)
      : directory_(office.store.directory()),
        source_(office.store.read()),
        now_(office.clock.now()),
        chamber_{*directory_, *source_, now_, no_ids_} {}
  ReadRoom(const ReadRoom&) = delete;
  ReadRoom& operator=(const ReadRoom&) = delete;

  const kernel::DirectoryPtr& directory() const { return directory_; }
  kernel::DossierSource& source() const { return *source_; }
  const kernel::Chamber& chamber() const { return chamber_; }
  Instant now() const { return now_; }

  /// The matter as a row of a list; nothing when this actor may not see it.
  Result<std::optional<MatterRow>> row(const kernel::SnapshotPtr& matter,
                                       const kernel::Actor& actor) const;
  /// The same for those of several that he may see.
  Result<std::vector<MatterRow>> rows(const std::vector<kernel::SnapshotPtr>& matters,
                                      const kernel::Actor& actor) const;
  /// Where the matter's words and calendar come from; null when its place lies in no locality.
  const kernel::Locality* locality_of(const kernel::Snapshot& matter) const;

 private:
  /// Readers open nothing.
  class NoIds : public IdSource {
   public:
    std::int64_t next() override;
  };
  kernel::DirectoryPtr directory_;
  std::unique_ptr<kernel::DossierSource> source_;
  Instant now_;
  mutable NoIds no_ids_;
  kernel::Chamber chamber_;
};

}  // namespace gewu::usecase
