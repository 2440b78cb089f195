#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/matter/rounds.h"

// Draws (抽取): when a round is over, so many of a hundred of the matters that came into a state are
// drawn for each owner, by a seed that nobody could know before, and a matter is opened of each. The
// ledger is a matter of the built-in type `draw_round` that keeps all it was drawn from. Which are
// drawn is not decided here (usecase/draw_lots.h): the law has no hash (docs/decisions/draws.md).

namespace gewu::kernel {

/// The built-in type of the ledgers (抽取台账).
inline constexpr std::string_view kDrawRound = "draw_round";

/// A round of a draw that is over.
struct DrawRound {
  Name locality, type;     ///< the type that the draw stands in
  Name name;               ///< of the draw
  DaySpan days;
  Interval slot;           ///< the same in instants
  std::string indicator;   ///< of what may be drawn
  /// "LOCALITY/TYPE.NAME", and with the owner and the round's beginning: one ledger's request.
  std::string key() const;
  std::string key_of(std::string_view owner) const;
};

/// The last rounds of every draw that were over before `end`, the oldest first, at most
/// kDrawRoundsBack of each.
inline constexpr int kDrawRoundsBack = 8;
std::vector<DrawRound> ended_draws(const Directory& directory, Instant end,
                                   const TypeFilter& only);
/// When the next round of any draw ends, later than `now`; nothing: there is no draw.
std::optional<Instant> next_draw_end(const Directory& directory, Instant now,
                                     const TypeFilter& only);
/// Whether it draws for this organisation: one that lies in its locality.
bool draws_for(const DrawRound& round, std::string_view owner, const Directory& directory,
               DossierSource& source);

/// How much is drawn, as the definition and the settings say now.
struct DrawTerms {
  std::int64_t share = 0;  ///< of a hundred
  std::int64_t least = 0;
  bool operator==(const DrawTerms&) const = default;
};
/// How many of so many, rounded up; never more than one decision opens (kLimits.opened_max).
std::size_t drawn_of(std::size_t candidates, const DrawTerms& terms);
/// `not_found` `draw.unknown` when the draw is gone from the locality.
Result<DrawTerms> draw_terms(const Directory& directory, const DrawRound& round, Instant now);

/// What a draw came to.
struct Lots {
  std::string owner;       ///< organisation whose matters they are
  std::string seed;        ///< in hex
  std::int64_t root = 0;   ///< the signed root that it is the hash of; 0: an office without roots
  std::size_t candidates = 0;
  std::string digest;      ///< of all their ids, in hex
  DrawTerms terms;
  std::vector<MatterId> drawn;  ///< in the order of the lots
};
/// The ledger, and a matter of each that was drawn. What cannot be opened is recorded on the ledger.
/// An empty Decision when the draw is gone.
Result<Decision> open_draw(const Chamber& chamber, const DrawRound& round, const Lots& lots);

}  // namespace gewu::kernel
