#include "kernel/time/zone.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace gewu::kernel {
namespace {

constexpr std::int64_t kMsPerDay = 86'400'000;
/// Beyond every instant that a matter can have, and far from overflow.
constexpr std::int64_t kFar = std::int64_t{1} << 60;

/// One offset from UTC and the instants [begin, end) at which it holds.
struct OffsetRange {
  std::int64_t begin_ms, end_ms, offset_ms;
  std::int64_t local_begin() const { return begin_ms + offset_ms; }
  std::int64_t local_end() const { return end_ms + offset_ms; }
};

std::vector<OffsetRange> read_ranges(const date::time_zone& zone) {
  using namespace std::chrono;
  const auto ms = [](date::sys_seconds at) {
    return duration_cast<milliseconds>(at.time_since_epoch()).count();
  };
  const date::sys_seconds stop = date::sys_days{date::year{2200} / 1 / 1};
  std::vector<OffsetRange> ranges;
  date::sys_seconds at = date::sys_days{date::year{1800} / 1 / 1};
  while (at < stop) {
    const auto info = zone.get_info(at);
    const std::int64_t offset_ms = duration_cast<milliseconds>(info.offset).count();
    if (!ranges.empty() && ranges.back().offset_ms == offset_ms)
      ranges.back().end_ms = ms(info.end);
    else
      ranges.push_back({ms(at), ms(info.end), offset_ms});
    at = info.end;
  }
  ranges.front().begin_ms = -kFar;
  ranges.back().end_ms = kFar;
  return ranges;
}

}  // namespace

struct Zone::Table {
  std::string name;
  std::vector<OffsetRange> ranges;  ///< without holes, never empty
};

Result<Zone> Zone::find(std::string_view name) {
  try {
    const auto* zone = date::locate_zone(std::string(name));
    return Zone(std::make_shared<const Table>(Table{std::string(name), read_ranges(*zone)}));
  } catch (const std::exception&) {  // the library's only way to say that it does not know
    return refuse(ErrorCode::invalid, "zone.unknown", {{"zone", std::string(name)}});
  }
}

const std::string& Zone::name() const { return table_->name; }

LocalTime Zone::to_local(Instant instant) const {
  const auto& ranges = table_->ranges;
  const OffsetRange* range = &ranges.back();
  if (instant.ms < range->begin_ms)
    range = &*std::upper_bound(
        ranges.begin(), ranges.end() - 1, instant.ms,
        [](std::int64_t ms, const OffsetRange& candidate) { return ms < candidate.end_ms; });
  const std::int64_t local = instant.ms + range->offset_ms;
  std::int64_t days = local / kMsPerDay;
  if (local % kMsPerDay < 0) --days;
  return {{static_cast<std::int32_t>(days)}, static_cast<std::int32_t>(local - days * kMsPerDay)};
}

Instant Zone::to_instant(Date date, int minute) const {
  const auto& ranges = table_->ranges;
  const std::int64_t local = date.days * kMsPerDay + minute * std::int64_t{60'000};
  const OffsetRange* range = &ranges.back();
  const bool is_last =
      ranges.size() == 1 ||
      (local >= range->local_begin() && local >= ranges[ranges.size() - 2].local_end());
  // The earliest range whose wall clock has not yet run past `local`: the first of two equal times.
  if (!is_last)
    range = &*std::partition_point(
        ranges.begin(), ranges.end() - 1,
        [local](const OffsetRange& candidate) { return candidate.local_end() <= local; });
  return {std::max(local - range->offset_ms, range->begin_ms)};
}

DueTime due_time(const Zone& zone, Instant due) {
  const LocalTime local = zone.to_local(due);
  if (due == zone.to_instant(local.date)) return {{local.date.days - 1}, 24 * 60};
  return {local.date, local.ms_of_day / 60'000};
}

std::string format_due(const Zone& zone, Instant due) {
  const auto [day, minute] = due_time(zone, due);
  return fmt::format("{} {:02}:{:02}", format_date(day), minute / 60, minute % 60);
}

}  // namespace gewu::kernel
