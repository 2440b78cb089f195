#include "kernel/time/zone.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace gewu::kernel {

/// One offset from UTC and the instants [begin, end) at which it holds.
struct OffsetRange {
  std::int64_t begin_ms, end_ms, offset_ms;
  std::int64_t local_begin() const { return begin_ms + offset_ms; }
  std::int64_t local_end() const { return end_ms + offset_ms; }
};

namespace {

/// Beyond every instant that a matter can have, and far from overflow.
constexpr std::int64_t kFar = std::int64_t{1} << 60;

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

Zone::Zone(std::shared_ptr<const Table> table) : table_(std::move(table)) {
  const auto& ranges = table_->ranges;
  last_ = {ranges.back().begin_ms, ranges.back().local_begin(), ranges.back().offset_ms};
  if (ranges.size() > 1)
    last_.local_from = std::max(last_.local_from, ranges[ranges.size() - 2].local_end());
}

Result<Zone> Zone::find(std::string_view name) {
  try {
    const auto* zone = date::locate_zone(std::string(name));
    return Zone(std::make_shared<const Table>(Table{std::string(name), read_ranges(*zone)}));
  } catch (const std::exception&) {  // the library's only way to say that it does not know
    return refuse(ErrorCode::invalid, "zone.unknown", {{"zone", std::string(name)}});
  }
}

const std::string& Zone::name() const { return table_->name; }

LocalTime Zone::look_up_local(Instant instant) const {
  const auto& ranges = table_->ranges;
  const auto range = std::upper_bound(
      ranges.begin(), ranges.end() - 1, instant.ms,
      [](std::int64_t ms, const OffsetRange& candidate) { return ms < candidate.end_ms; });
  return split_days(instant.ms + range->offset_ms);
}

Instant Zone::look_up_instant(std::int64_t local_ms) const {
  const auto& ranges = table_->ranges;
  // The earliest range whose wall clock has not yet run past it: the first of two equal times.
  const auto range = std::partition_point(
      ranges.begin(), ranges.end() - 1,
      [local_ms](const OffsetRange& candidate) { return candidate.local_end() <= local_ms; });
  return {std::max(local_ms - range->offset_ms, range->begin_ms)};
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
