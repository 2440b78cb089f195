#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/matter/directory.h"
#include "usecase/office.h"

namespace gewu::usecase {

/// A draw of one owner and round as everybody is told of it (抽取公开): numbers of matters and what
/// they were drawn by, never which. Fewer than kOpenReportersMin candidates are withheld, with what
/// was drawn of them.
struct OpenDraw {
  kernel::Label label, type_label;           ///< of the draw, of what it is of
  std::string name;                          ///< "type.draw"
  std::string owner;                         ///< key of the organisation
  Date from, until;                          ///< first and last day of the round
  std::string seed;                          ///< in hex
  std::int64_t root = 0;
  std::int64_t share = 0, least = 0;
  std::optional<std::int64_t> candidates, drawn;
  std::string digest;                        ///< of the candidates; empty: withheld
};
struct OpenDraws {
  kernel::DirectoryPtr directory;
  std::vector<OpenDraw> draws;               ///< the newest round first, then by owner
  std::optional<Date> earlier;               ///< `before` for those that came before these
};

/// Draws made in the five weeks before a day, without one up to today, of rounds that have been over
/// for a whole day.
Result<OpenDraws> read_open_draws(Office& office, std::optional<Date> before);

}  // namespace gewu::usecase
