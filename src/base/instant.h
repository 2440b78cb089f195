#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gewu {

/// A point in time: milliseconds since 1970-01-01T00:00:00Z, no leap seconds.
struct Instant {
  std::int64_t ms = 0;
  constexpr auto operator<=>(const Instant&) const = default;
};

constexpr Instant operator+(Instant instant, std::int64_t ms) { return {instant.ms + ms}; }
constexpr std::int64_t operator-(Instant a, Instant b) { return a.ms - b.ms; }

/// A day of the proleptic Gregorian calendar, in days since 1970-01-01.
struct Date {
  std::int32_t days = 0;
  constexpr auto operator<=>(const Date&) const = default;
};

struct YearMonthDay {
  int year = 1970;
  int month = 1;
  int day = 1;
  bool operator==(const YearMonthDay&) const = default;
};

YearMonthDay civil(Date date);
/// The day must exist (1 <= month <= 12, day within its month).
Date date_of(YearMonthDay ymd);
int days_in_month(int year, int month);
/// 1 = Monday … 7 = Sunday.
inline int weekday(Date date) {
  const int shifted = (date.days + 3) % 7;  // 1970-01-01 was a Thursday
  return (shifted < 0 ? shifted + 7 : shifted) + 1;
}

/// "2026-09-22"; nothing for text of any other form or a day that does not exist.
std::optional<Date> parse_date(std::string_view text);
std::string format_date(Date date);

/// RFC 3339 in UTC: "2026-09-22T01:00:00.000Z". Parsing accepts any offset and 0 to 3 decimals.
std::optional<Instant> parse_instant(std::string_view text);
std::string format_instant(Instant instant);

/// The only reader of time; a real one lives in cli, tests use ManualClock.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() = 0;
};

class ManualClock : public Clock {
 public:
  explicit ManualClock(Instant start = {}) : now_(start) {}
  Instant now() override { return now_; }
  void set(Instant instant) { now_ = instant; }

 private:
  Instant now_;
};

class SystemClock : public Clock {
 public:
  Instant now() override;
};

}  // namespace gewu
