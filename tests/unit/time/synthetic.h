#pragma once

#include <string>
#include <string_view>

#include "base/ensure.h"
#include "kernel/time/deadline.h"

namespace gewu::kernel {

/// The calendar of deadlines.md section 4.
inline CalendarText synthetic_text(std::string zone = "Asia/Shanghai") {
  CalendarText text;
  text.name = "synthetic";
  text.zone = std::move(zone);
  for (int day = 0; day < 5; ++day)
    text.frames[static_cast<std::size_t>(day)] =
        Frames{*parse_frame("08:30-12:00"), *parse_frame("13:30-17:00")};
  for (int day = 1; day <= 7; ++day) text.holidays.insert(date_of({2026, 10, day}));
  text.makeup[date_of({2026, 9, 27})] = Weekday::mon;
  text.makeup[date_of({2026, 10, 10})] = Weekday::mon;
  for (int year = 2024; year <= 2026; ++year) text.years.insert(year);
  return text;
}

inline Calendar build(const CalendarText& text, const Calendar* extended = nullptr) {
  auto calendar = make_calendar(text, extended);
  ensure(calendar.has_value(), "a lawful calendar");
  return *std::move(calendar);
}

inline const Calendar& synthetic() {
  static const Calendar calendar = build(synthetic_text());
  return calendar;
}

inline const Calendar& pacific() {
  static const Calendar calendar = build(synthetic_text("America/Los_Angeles"));
  return calendar;
}

/// "09-22 09:00" of 2026 or "2024-02-29 10:00", by the clock on the wall; 24:00 is allowed.
inline Instant at(std::string_view text, const Calendar& calendar = synthetic()) {
  const std::string full = text.size() == 11 ? "2026-" + std::string(text) : std::string(text);
  const auto date = parse_date(full.substr(0, 10));
  const auto minute = parse_time_of_day(full.substr(11));
  ensure(date && minute, "a local time");
  return calendar.zone().to_instant(*date, *minute);
}

inline Date day(std::string_view text) {
  const auto date = parse_date("2026-" + std::string(text));
  ensure(date.has_value(), "a date");
  return *date;
}

inline Limit limit(std::string_view text) {
  auto parsed = parse_limit(text);
  ensure(parsed.has_value(), "a limit");
  return *parsed;
}

inline ClockInputs clock_of(Instant start, ClockTarget target) {
  ClockInputs inputs;
  inputs.start = start;
  inputs.targets = {target};
  inputs.calendar = "synthetic";
  return inputs;
}

/// "2026-09-29 24:00", or "none".
inline std::string due_text(const ClockInputs& inputs, const Calendar& calendar = synthetic()) {
  const auto due = compute(inputs, calendar).due;
  return due ? format_due(calendar.zone(), *due) : "none";
}

}  // namespace gewu::kernel
