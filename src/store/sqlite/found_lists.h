#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "kernel/matter/matter.h"
#include "store/sqlite/reader.h"
#include "store/store.h"

// What stands beside the work lists: how many are open, and the words by which a matter is found.

namespace gewu::store::sqlite {

/// Units that an open matter counts for: its grid and every node above, its owner and handler.
/// None once it is final.
std::vector<std::string> counted_units(const kernel::Snapshot& matter);
/// "appeal.received".
std::string state_key(const kernel::Snapshot& matter);

/// Changes of the counters in one batch, merged: one write for each counter that moved.
class OpenCounts {
 public:
  void move(const kernel::Snapshot* before, const kernel::Snapshot& after);
  Status write(Reader& writer);
  void clear() { stands_.clear(); }

 private:
  /// Open matters that came less those that went, of one ground, owner, handler and state; who is
  /// above the ground is told when it is written.
  struct Stand {
    std::string territory, owner, handler, state;
    std::int64_t by = 0;
  };
  void add(const kernel::Snapshot& matter, std::int64_t by);

  std::unordered_map<std::string, Stand> stands_;
};

/// Where a matter may be looked for, as tokens: "t222401" for its grid and every node above, "oKEY"
/// for an organisation that owns, handles or is named, "rID" for itself and rows that it links to,
/// "yTYPE" for its type and base.
std::string scope_of(const kernel::Snapshot& matter);

/// Puts the matter's words into the index, or changes them there; nothing when they are the same.
Status write_words(Reader& writer, const kernel::Snapshot* before, const kernel::Snapshot& after,
                   Instant at);

/// The same by what the index holds of it, for whoever did not keep how the matter was.
Status renew_words(Reader& writer, const kernel::Snapshot& matter, Instant at);
/// Notes that the index stands, or that some words are owed to it: then `build_lists` would make it
/// anew.
Status note_words_stand(Reader& writer);
Status note_words_owed(Reader& writer);

/// Words that were erased leave the answers at once, and the index's segments when these are merged:
/// here, `kWordsPurgeMs` after the first of them, or now. Whether it did.
inline constexpr std::int64_t kWordsPurgeMs = 10 * 60'000;
Result<bool> purge_words(Reader& writer, Instant now, bool at_once);

/// Makes counters and words anew when an older executable kept the file. A transaction of its own.
Status build_lists(Reader& writer);

/// The expression that the index is asked with; empty: nothing can be found.
std::string match_of(const WordQuery& query);

}  // namespace gewu::store::sqlite
