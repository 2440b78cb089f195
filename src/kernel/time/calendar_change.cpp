#include "kernel/time/calendar_change.h"

#include <algorithm>

namespace gewu::kernel {

namespace {

/// Of a year that no notice speaks of: the week as it is.
constexpr Date kPlainMonday{-25'567};  // 1900-01-01
constexpr std::int32_t kWeekDays = 7;

std::span<const Frame> weekly_frames(const Calendar& calendar, Date date) {
  const std::int32_t since = date.days - kPlainMonday.days;
  const std::int32_t weekday = (since % kWeekDays + kWeekDays) % kWeekDays;
  return calendar.frames(Date{kPlainMonday.days + weekday});
}

}  // namespace

std::vector<Date> edited_days(const Calendar& before, const Calendar& after, Date from, Date to) {
  std::vector<Date> edited;
  for (Date date = from; date <= to; ++date.days) {
    const auto was = before.frames(date);
    if (std::ranges::equal(was, weekly_frames(before, date))) continue;
    if (!std::ranges::equal(was, after.frames(date))) edited.push_back(date);
  }
  return edited;
}

}  // namespace gewu::kernel
