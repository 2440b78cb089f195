#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/spans.h"
#include "usecase/root_statement.h"

namespace gewu::usecase {

// How lots are drawn (docs/decisions/draws.md): pure, so that anybody draws the same again from the
// seed that was told and the journal's export.

/// A round's seed is the first root dated so long after its end: every line of the round is under it.
inline constexpr std::int64_t kDrawGraceMs = kMsPerMinute;

/// The seed of a draw: the hash of a signed root, in hex.
std::string seed_of(const SignedRoot& root);
/// That of an office in the making, which signs no roots: of the ledger's own key. Everybody could
/// have known it before; such a ledger says root 0.
std::string made_up_seed(std::string_view key);

/// The first `count` of the candidates in the ascending order of
/// SHA-256("gewu/draw/1" 00, the seed's 32 bytes, the draw's name, 00, the id in decimal digits).
/// Neither their order nor one named twice makes a difference. `invalid` `draw.seed` for a seed that
/// is no hash in hex.
Result<std::vector<MatterId>> draw_lots(std::string_view seed, std::string_view draw,
                                        std::vector<MatterId> candidates, std::size_t count);
/// SHA-256 in hex over the ids of the candidates, ascending, each in decimal digits with a line end.
std::string digest_of(std::vector<MatterId> candidates);

}  // namespace gewu::usecase
