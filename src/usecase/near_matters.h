#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "usecase/find_matters.h"
#include "usecase/read_room.h"

namespace gewu::usecase {

/// An open matter that may be about the same thing (疑似重复), and why.
struct NearMatter {
  MatterRow row;
  std::optional<std::int64_t> metres;   ///< between their points
  int likeness = 0;                     ///< of their texts, 0 to 100
  bool same_category = false;
  bool same_address = false;
  bool is_near() const { return metres && *metres <= kNearMetres; }
  bool is_alike() const { return likeness >= kAlike; }

  static constexpr std::int64_t kNearMetres = 200;
  static constexpr int kAlike = 40;
};

/// Matters that were merged into this one: final ones whose link to it an action of theirs stored.
/// Inside the room only, as below.
Result<std::vector<MatterRow>> find_duplicates(const ReadRoom& room, const kernel::Actor& actor,
                                               const kernel::Snapshot& matter);

/// At most five open matters of the type in the same community that lie near or at the same address
/// and are of the same category or alike in words, or that are nearly word for word the same; the
/// likest first. Compared by what the reader may see of either. Nothing for readers without a post,
/// for matters that are final, or whose text he may not see.
Result<std::vector<NearMatter>> find_near(Office& office, const ReadRoom& room,
                                          const kernel::Actor& actor,
                                          const kernel::SeenMatter& seen);

/// A choice that somebody made: one with a default says where a matter came from, not what it is.
bool is_category(const kernel::FieldSpec& field);

}  // namespace gewu::usecase
