#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "base/spans.h"

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
  LocalTime to_local(Instant instant) const {
    return instant.ms >= last_.begin_ms ? split_days(instant.ms + last_.offset_ms)
                                        : look_up_local(instant);
  }
  Date local_date(Instant instant) const { return to_local(instant).date; }
  /// `minute` of the local day, 0 to 1440 (24:00 is 00:00 of the next day). A local time that
  /// occurs twice is the first; one that does not occur is the end of the gap.
  Instant to_instant(Date date, int minute = 0) const {
    const std::int64_t local = date.days * kMsPerDay + minute * std::int64_t{60'000};
    return local >= last_.local_from ? Instant{local - last_.offset_ms} : look_up_instant(local);
  }
  /// Whether the offset stays what it is from that local day on: then all days are equally long.
  bool is_steady_from(Date date) const { return date.days * kMsPerDay >= last_.local_from; }
  bool operator==(const Zone& other) const { return name() == other.name(); }

 private:
  struct Table;
  /// The offset that holds to the end of the table. In a zone without summer time it answers
  /// nearly every question, inline; others look into the table.
  struct Last {
    std::int64_t begin_ms, local_from, offset_ms;
  };

  explicit Zone(std::shared_ptr<const Table> table);
  static LocalTime split_days(std::int64_t local_ms) {
    std::int64_t days = local_ms / kMsPerDay;
    if (local_ms % kMsPerDay < 0) --days;
    return {{static_cast<std::int32_t>(days)},
            static_cast<std::int32_t>(local_ms - days * kMsPerDay)};
  }
  LocalTime look_up_local(Instant instant) const;
  Instant look_up_instant(std::int64_t local_ms) const;

  std::shared_ptr<const Table> table_;
  Last last_;
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
