#pragma once

#include <array>
#include <bitset>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "kernel/time/zone.h"

namespace gewu::kernel {

/// Minutes of the local day with 0 <= from < to <= 1440: one stretch of office hours.
struct Frame {
  std::int16_t from = 0, to = 0;
  bool operator==(const Frame&) const = default;
};
/// In order, without overlap; empty is a day without work.
using Frames = std::vector<Frame>;

enum class Weekday { mon = 1, tue, wed, thu, fri, sat, sun };

/// "8:30", "08:30" or "24:00" in minutes of the day.
std::optional<int> parse_time_of_day(std::string_view text);
/// "08:30-12:00".
std::optional<Frame> parse_frame(std::string_view text);
std::string format_frame(Frame frame);
std::optional<Weekday> parse_weekday(std::string_view text);
std::string_view weekday_name(Weekday weekday);

/// A make-up workday (调休上班) has the hours of a weekday (`as:mon`) or its own.
using MakeupHours = std::variant<Weekday, Frames>;

/// A calendar as written (language.md 2.7), before it is joined with the one it extends.
struct CalendarText {
  std::string name;
  std::string zone;                                ///< empty: that of the extended calendar
  std::string extends;                             ///< empty: none
  std::array<std::optional<Frames>, 7> frames;     ///< from Monday; nothing: as extended, else none
  std::set<Date> holidays;
  std::map<Date, MakeupHours> makeup;
  std::map<Date, Frames> special;
  std::set<int> years;                             ///< whose notice is in
  bool operator==(const CalendarText&) const = default;
};

/// A working calendar (工作日历), resolved and immutable; handed around as
/// shared_ptr<const Calendar>. Each day's frames are looked up in a table.
class Calendar {
 public:
  const std::string& name() const { return name_; }
  const Zone& zone() const { return zone_; }
  std::span<const Frame> frames(Date date) const {
    const std::int64_t at = std::int64_t{date.days} - table_first_.days;
    if (at >= 0 && at < static_cast<std::int64_t>(table_.size()))
      return patterns_[table_[static_cast<std::size_t>(at)]];
    return patterns_[static_cast<std::size_t>(gewu::weekday(date) - 1)];
  }
  bool is_workday(Date date) const { return !frames(date).empty(); }
  /// The first workday after, the last before the day.
  Date next_workday(Date date) const;
  Date previous_workday(Date date) const;
  /// End of the last frame of a workday.
  Instant close_of(Date workday) const;
  /// 24:00 of the day.
  Instant end_of_day(Date date) const { return zone_.to_instant(date, 24 * 60); }
  /// Office hours that lie before the instant, in ms since a day of long ago; nothing where days are
  /// not in the table. The difference of two is the work between them.
  std::optional<std::int64_t> work_before(Instant instant) const;
  /// The first instant before which so much work lies; nothing when that is beyond the table.
  std::optional<Instant> end_of_work(std::int64_t work_ms) const;
  /// Whether the notices of all years from the first day's to the last's are in. If not, a due
  /// that counted workdays between them is provisional.
  bool is_known(Date first, Date last) const;

 private:
  friend Result<Calendar> make_calendar(const CalendarText&, const Calendar*);
  friend Calendar make_always(Zone);
  explicit Calendar(Zone zone) : zone_(std::move(zone)) {}
  void build_table();
  void count_work();

  static constexpr int kYearFirst = 1900, kYearLast = 2199;

  std::string name_;
  Zone zone_;
  std::array<Frames, 7> week_;
  std::map<Date, MakeupHours> dated_;     ///< own before inherited; a holiday has no frames
  std::bitset<kYearLast - kYearFirst + 1> years_;
  bool knows_all_years_ = false;
  std::vector<Frames> patterns_;          ///< 0 to 6 are the week's
  std::vector<std::uint32_t> table_;      ///< pattern of each day from table_first_ on
  std::vector<std::int64_t> work_before_; ///< ms of work before each of them; empty: not counted
  Date table_first_;
};

/// Joins a calendar with the one it extends (null when it extends none). Within one calendar
/// special > makeup > holiday > week; a dated day of its own goes before an inherited one, and any
/// dated day before the week. An inherited `as:mon` takes the Monday of the joined calendar.
/// Errors: calendar.name, calendar.extends, calendar.zone, calendar.frames (unordered, overlapping
/// or out of the day), calendar.week (no weekday has hours), calendar.makeup (a make-up day without
/// hours), calendar.year (a day or year outside 1900 to 2199).
Result<Calendar> make_calendar(const CalendarText& text, const Calendar* extended);

/// `always`: every day, 24 hours, every year known.
Calendar make_always(Zone zone);
inline constexpr std::string_view kAlways = "always";

/// Whether the instant lies in a frame.
bool is_open(const Calendar& calendar, Instant instant);
/// The instant itself in office hours, else the next opening: when messages may go out.
Instant next_opening(const Calendar& calendar, Instant instant);

}  // namespace gewu::kernel
