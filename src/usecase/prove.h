#pragma once

#include <optional>
#include <string>
#include <vector>

#include "security/merkle.h"
#include "usecase/caller.h"
#include "usecase/root_statement.h"

namespace gewu::usecase {

/// The last root that was signed; nothing before the first.
Result<std::optional<SignedRoot>> latest_root(Office& office);
/// The last one of a day of the office (the first locality's days): what the daily print carries.
Result<std::optional<SignedRoot>> root_of_day(Office& office, Date day);
/// `not_found` for a number that there is not.
Result<SignedRoot> read_root(Office& office, std::int64_t number);

/// That a later root only adds to an earlier one (RFC 9162 2.1.4), for each stream of the later.
struct ConsistencyProof {
  SignedRoot older, newer;
  std::vector<std::pair<std::string, security::MerklePath>> streams;
};
/// `invalid` `root.order` when `from` is later than `to`; 0 < from.
Result<ConsistencyProof> prove_consistency(Office& office, std::int64_t from, std::int64_t to);
/// Needs nothing but the proof itself.
bool verify(const ConsistencyProof& proof);

/// Where an event of a matter stands in the journal, and that it stands under a root.
struct LineProof {
  std::string stream;
  std::int64_t sequence = 0;         ///< from 1
  security::Sha256 hash{};           ///< of the line
  std::string action;
  Instant at;
  /// Under `MatterProof::root`; nothing when the line came after it.
  std::optional<security::MerklePath> path;
};
/// Where an event stands: what a receipt carries beside its code.
Result<store::JournalMark> find_line(Office& office, EventId event);

struct MatterProof {
  std::optional<SignedRoot> root;
  std::vector<LineProof> lines;      ///< oldest first
};
/// Of the author's own matter, by the receipt: nothing but positions and hashes.
Result<MatterProof> prove_matter(Office& office, MatterId matter);
bool verify(const LineProof& line, const RootStatement& root);

}  // namespace gewu::usecase
