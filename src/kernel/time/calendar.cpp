#include "kernel/time/calendar.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/spans.h"
#include "base/text.h"

namespace gewu::kernel {
namespace {

constexpr std::array<std::string_view, 7> kWeekdayNames = {"mon", "tue", "wed", "thu",
                                                           "fri", "sat", "sun"};
constexpr int kMinutesPerDay = 24 * 60;
/// How far the table reaches beyond what the notices say: further than nearly every due.
constexpr int kDaysBeyond = 800;

bool are_lawful(const Frames& frames) {
  int last = 0;
  for (const Frame& frame : frames) {
    if (frame.from < last || frame.to <= frame.from || frame.to > kMinutesPerDay) return false;
    last = frame.to;
  }
  return true;
}

std::unexpected<Error> refuse_day(std::string key, const CalendarText& text, std::string day) {
  return refuse(ErrorCode::invalid, std::move(key),
                {{"calendar", text.name}, {"day", std::move(day)}});
}

/// Everything that can be said without the extended calendar.
Status check_text(const CalendarText& text, int year_first, int year_last) {
  if (!is_name(text.name) || text.name == kAlways)
    return refuse(ErrorCode::invalid, "calendar.name", {{"calendar", text.name}});
  const auto check_date = [&](Date date) -> Status {
    const int year = civil(date).year;
    if (year < year_first || year > year_last)
      return refuse_day("calendar.year", text, format_date(date));
    return {};
  };
  for (std::size_t day = 0; day < 7; ++day)
    if (text.frames[day] && !are_lawful(*text.frames[day]))
      return refuse_day("calendar.frames", text, std::string(kWeekdayNames[day]));
  for (const Date date : text.holidays) GEWU_CHECK(check_date(date));
  for (const auto& [date, hours] : text.makeup) {
    GEWU_CHECK(check_date(date));
    const auto* frames = std::get_if<Frames>(&hours);
    if (frames && !are_lawful(*frames))
      return refuse_day("calendar.frames", text, format_date(date));
  }
  for (const auto& [date, frames] : text.special) {
    GEWU_CHECK(check_date(date));
    if (!are_lawful(frames)) return refuse_day("calendar.frames", text, format_date(date));
  }
  for (const int year : text.years)
    if (year < year_first || year > year_last)
      return refuse_day("calendar.year", text, std::to_string(year));
  return {};
}

Result<Zone> find_zone(const CalendarText& text, const Calendar* extended) {
  if (text.zone.empty() && extended) return extended->zone();
  auto zone = Zone::find(text.zone);
  if (!zone)
    return refuse(ErrorCode::invalid, "calendar.zone",
                  {{"calendar", text.name}, {"zone", text.zone}});
  return zone;
}

}  // namespace

std::optional<int> parse_time_of_day(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() != 2 || parts[0].empty() || parts[0].size() > 2 || parts[1].size() != 2)
    return std::nullopt;
  const auto hour = parse_integer(parts[0]), minute = parse_integer(parts[1]);
  if (!hour || !minute || *hour < 0 || *minute < 0 || *minute > 59) return std::nullopt;
  const std::int64_t total = *hour * 60 + *minute;
  if (total > kMinutesPerDay) return std::nullopt;
  return static_cast<int>(total);
}

std::optional<Frame> parse_frame(std::string_view text) {
  const auto parts = split(text, '-');
  if (parts.size() != 2) return std::nullopt;
  const auto from = parse_time_of_day(parts[0]), to = parse_time_of_day(parts[1]);
  if (!from || !to || *from >= *to) return std::nullopt;
  return Frame{static_cast<std::int16_t>(*from), static_cast<std::int16_t>(*to)};
}

std::string format_frame(Frame frame) {
  return fmt::format("{:02}:{:02}-{:02}:{:02}", frame.from / 60, frame.from % 60, frame.to / 60,
                     frame.to % 60);
}

std::optional<Weekday> parse_weekday(std::string_view text) {
  for (std::size_t i = 0; i < kWeekdayNames.size(); ++i)
    if (kWeekdayNames[i] == text) return static_cast<Weekday>(i + 1);
  return std::nullopt;
}

std::string_view weekday_name(Weekday weekday) {
  return kWeekdayNames[static_cast<std::size_t>(weekday) - 1];
}

Result<Calendar> make_calendar(const CalendarText& text, const Calendar* extended) {
  GEWU_CHECK(check_text(text, Calendar::kYearFirst, Calendar::kYearLast));
  if (text.extends != (extended ? extended->name() : std::string()))
    return refuse(ErrorCode::invalid, "calendar.extends",
                  {{"calendar", text.name}, {"extends", text.extends}});
  GEWU_TRY(zone, find_zone(text, extended));
  Calendar calendar(std::move(zone));
  if (extended) {
    calendar.week_ = extended->week_;
    calendar.dated_ = extended->dated_;
    calendar.years_ = extended->years_;
    calendar.knows_all_years_ = extended->knows_all_years_;
  }
  calendar.name_ = text.name;
  for (std::size_t day = 0; day < 7; ++day)
    if (text.frames[day]) calendar.week_[day] = *text.frames[day];
  if (std::ranges::all_of(calendar.week_, &Frames::empty))
    return refuse(ErrorCode::invalid, "calendar.week", {{"calendar", text.name}});

  for (const Date date : text.holidays) calendar.dated_[date] = Frames{};
  for (const auto& [date, hours] : text.makeup) calendar.dated_[date] = hours;
  for (const auto& [date, frames] : text.special) calendar.dated_[date] = frames;
  for (const int year : text.years) calendar.years_.set(year - Calendar::kYearFirst);
  calendar.build_table();

  for (const auto& [date, hours] : text.makeup)
    if (!text.special.contains(date) && !calendar.is_workday(date))
      return refuse_day("calendar.makeup", text, format_date(date));
  return calendar;
}

Calendar make_always(Zone zone) {
  Calendar calendar(std::move(zone));
  calendar.name_ = kAlways;
  calendar.week_.fill({{0, kMinutesPerDay}});
  calendar.knows_all_years_ = true;
  calendar.build_table();
  return calendar;
}

void Calendar::build_table() {
  patterns_.assign(week_.begin(), week_.end());
  table_.clear();
  if (dated_.empty()) return;
  table_first_ = {dated_.begin()->first.days - kDaysBeyond};
  const Date last{dated_.rbegin()->first.days + kDaysBeyond};
  table_.reserve(static_cast<std::size_t>(last.days - table_first_.days) + 1);
  for (Date date = table_first_; date <= last; ++date.days)
    table_.push_back(static_cast<std::uint32_t>(gewu::weekday(date) - 1));
  for (const auto& [date, hours] : dated_) {
    auto& entry = table_[static_cast<std::size_t>(date.days - table_first_.days)];
    if (const auto* as = std::get_if<Weekday>(&hours)) {
      entry = static_cast<std::uint32_t>(static_cast<int>(*as) - 1);
      continue;
    }
    const auto& frames = std::get<Frames>(hours);
    auto pattern = std::ranges::find(patterns_, frames);
    if (pattern == patterns_.end()) pattern = patterns_.insert(pattern, frames);
    entry = static_cast<std::uint32_t>(pattern - patterns_.begin());
  }
  count_work();
}

void Calendar::count_work() {
  work_before_.clear();
  // Where clocks are put forward and back, a day's work is not what its frames say.
  if (!zone_.is_steady_from(table_first_)) return;
  work_before_.reserve(table_.size() + 1);
  std::int64_t work = 0;
  for (const std::uint32_t pattern : table_) {
    work_before_.push_back(work);
    for (const Frame& frame : patterns_[pattern]) work += (frame.to - frame.from) * kMsPerMinute;
  }
  work_before_.push_back(work);
}

std::optional<std::int64_t> Calendar::work_before(Instant instant) const {
  const LocalTime local = zone_.to_local(instant);
  const std::int64_t at = std::int64_t{local.date.days} - table_first_.days;
  if (at < 0 || at + 1 >= static_cast<std::int64_t>(work_before_.size())) return std::nullopt;
  std::int64_t work = work_before_[static_cast<std::size_t>(at)];
  for (const Frame& frame : patterns_[table_[static_cast<std::size_t>(at)]]) {
    const std::int64_t from = frame.from * kMsPerMinute, to = frame.to * kMsPerMinute;
    if (local.ms_of_day <= from) break;
    work += std::min<std::int64_t>(local.ms_of_day, to) - from;
  }
  return work;
}

std::optional<Instant> Calendar::end_of_work(std::int64_t work_ms) const {
  if (work_before_.empty() || work_ms <= 0 || work_before_.back() < work_ms) return std::nullopt;
  const auto next = std::ranges::lower_bound(work_before_, work_ms);
  const auto at = static_cast<std::size_t>(next - work_before_.begin()) - 1;
  std::int64_t left = work_ms - work_before_[at];
  const Date day{table_first_.days + static_cast<std::int32_t>(at)};
  for (const Frame& frame : patterns_[table_[at]]) {
    const std::int64_t length = (frame.to - frame.from) * kMsPerMinute;
    if (left <= length) return zone_.to_instant(day, frame.from) + left;
    left -= length;
  }
  return std::nullopt;
}

Date Calendar::next_workday(Date date) const {
  do ++date.days;
  while (!is_workday(date));
  return date;
}

Date Calendar::previous_workday(Date date) const {
  do --date.days;
  while (!is_workday(date));
  return date;
}

Instant Calendar::close_of(Date workday) const {
  return zone_.to_instant(workday, frames(workday).back().to);
}

bool Calendar::is_known(Date first, Date last) const {
  if (knows_all_years_) return true;
  const int year_last = civil(last).year;
  for (int year = civil(first).year; year <= year_last; ++year)
    if (year < kYearFirst || year > kYearLast || !years_.test(year - kYearFirst)) return false;
  return true;
}

bool is_open(const Calendar& calendar, Instant instant) {
  return next_opening(calendar, instant) == instant;
}

Instant next_opening(const Calendar& calendar, Instant instant) {
  const Zone& zone = calendar.zone();
  for (Date date = zone.local_date(instant);; date = calendar.next_workday(date))
    for (const Frame& frame : calendar.frames(date))
      if (instant < zone.to_instant(date, frame.to))
        return std::max(instant, zone.to_instant(date, frame.from));
}

}  // namespace gewu::kernel
