#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"

namespace gewu::kernel {

/// A clock on the wall: a local day and the milliseconds since its 00:00 by the hands.
struct LocalTime {
  Date date;
  std::int32_t ms_of_day = 0;
  auto operator<=>(const LocalTime&) const = default;
};

/// A time zone of the system's tz database, read once into a table of offsets; a shared immutable
/// handle, so copies are cheap and threads need no lock. Never reads TZ. After 2037 the last known
/// offset holds.
class Zone {
 public:
  /// `zone.unknown` for a name that the tz database does not have.
  static Result<Zone> find(std::string_view name);

  const std::string& name() const;
  LocalTime to_local(Instant instant) const;
  Date local_date(Instant instant) const { return to_local(instant).date; }
  /// `minute` of the local day, 0 to 1440 (24:00 is 00:00 of the next day). A local time that
  /// occurs twice is the first; one that does not occur is the end of the gap.
  Instant to_instant(Date date, int minute = 0) const;
  bool operator==(const Zone& other) const { return name() == other.name(); }

 private:
  struct Table;
  explicit Zone(std::shared_ptr<const Table> table) : table_(std::move(table)) {}
  std::shared_ptr<const Table> table_;
};

/// A due as people read it: an instant at local midnight is 24:00 of the day that it ends.
struct DueTime {
  Date day;
  int minute = 0;  ///< 1 to 1440
  bool operator==(const DueTime&) const = default;
};
DueTime due_time(const Zone& zone, Instant due);
/// "2026-09-29 24:00"; whole minutes, what is left of one is dropped.
std::string format_due(const Zone& zone, Instant due);

}  // namespace gewu::kernel
