#include "usecase/log_settings.h"

#include <algorithm>

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr int kNightFrom = 22 * 60, kNightUntil = 6 * 60;
constexpr int kDayMinutes = 24 * 60;

int minute_of(const Locality& locality, const char* name, int standard) {
  const Setting* setting = locality.find_setting(name);
  const TimeOfDay* time = setting ? setting->value.get<TimeOfDay>() : nullptr;
  return time ? time->minutes : standard;
}

}  // namespace

std::int64_t value_of(const Locality& locality, const LogSetting& wanted) {
  const Setting* setting = locality.find_setting(wanted.name);
  const Number* number = setting ? setting->value.get<Number>() : nullptr;
  return std::max(wanted.least, number ? number->micros / kMicros : wanted.standard);
}

std::int64_t longest_kept_days(const Directory& directory, const LogSetting& setting) {
  std::int64_t longest = 0;
  for (const auto& [name, locality] : directory.localities)
    longest = std::max(longest, value_of(*locality, setting));
  return longest > 0 ? longest : setting.standard;
}

bool is_night(const Locality& locality, Instant at) {
  if (!locality.calendar) return false;
  const int from = minute_of(locality, "night_from", kNightFrom);
  const int until = minute_of(locality, "night_until", kNightUntil);
  const auto& zone = locality.calendar->zone();
  const auto passed = (at - zone.to_instant(zone.local_date(at))) / 60'000;
  const int minute = static_cast<int>(passed) % kDayMinutes;
  return from <= until ? from <= minute && minute < until : minute >= from || minute < until;
}

}  // namespace gewu::usecase
