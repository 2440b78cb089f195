#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace gewu {

/// A number that can't be mistaken for another kind of number. 0 means none.
template <typename Tag>
struct Id {
  std::int64_t value = 0;
  constexpr bool has_value() const { return value != 0; }
  constexpr auto operator<=>(const Id&) const = default;
};

using MatterId = Id<struct MatterTag>;
using EventId = Id<struct EventTag>;
using PostId = Id<struct PostTag>;
using AccountId = Id<struct AccountTag>;

/// Gives ids that rise with time: 41 bits of milliseconds since 2020, 22 bits of a counter.
/// Kernel asks it for the ids of matters and events that a decision opens.
class IdSource {
 public:
  virtual ~IdSource() = default;
  virtual std::int64_t next() = 0;
};

}  // namespace gewu

template <typename Tag>
struct std::hash<gewu::Id<Tag>> {
  std::size_t operator()(gewu::Id<Tag> id) const noexcept {
    return std::hash<std::int64_t>{}(id.value);
  }
};
