#include "usecase/kept_refusal.h"

#include <fmt/format.h>

namespace gewu::usecase {

namespace {

constexpr const char* kRefusals = "refusal";

}  // namespace

std::optional<store::RequestKey> next_refusal(Office& office, const std::string& what,
                                              Instant at) {
  const std::int64_t hour = at.ms / kMsPerHour;
  const auto id_in = [&](std::int64_t of) { return fmt::format("{}.{}", what, of); };
  const auto known = office.store.find_request(kRefusals, id_in(hour - 1));
  if (known && *known && at.ms - kMsPerHour < (*known)->at.ms) return std::nullopt;
  // Of two that meet it at once one is kept: the hour is part of the request's id.
  return store::RequestKey{kRefusals, id_in(hour), {}};
}

}  // namespace gewu::usecase
