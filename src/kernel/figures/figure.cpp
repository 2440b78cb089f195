#include "kernel/figures/figure.h"

#include "base/text.h"

namespace gewu::kernel {
namespace {

std::unexpected<Error> bad_period() { return refuse(ErrorCode::invalid, "figure.period"); }

std::optional<int> digits(std::string_view text, std::size_t length) {
  if (text.size() != length) return std::nullopt;
  const auto number = parse_integer(text);
  if (!number || *number < 0) return std::nullopt;
  return static_cast<int>(*number);
}

FigurePeriod year_period(int year) { return {date_of({year, 1, 1}), date_of({year + 1, 1, 1})}; }

FigurePeriod month_period(int year, int month) {
  const Date from = date_of({year, month, 1});
  return {from, Date{from.days + days_in_month(year, month)}};
}

bool is_year(std::optional<int> year) { return year && *year >= 1900 && *year <= 2199; }

}  // namespace

Result<FigurePeriod> parse_period(std::string_view text, Date today) {
  if (text.empty()) {
    const auto now = civil(today);
    return month_period(now.year, now.month);
  }
  if (const auto dots = text.find(".."); dots != std::string_view::npos) {
    const auto first = parse_date(text.substr(0, dots)), last = parse_date(text.substr(dots + 2));
    if (!first || !last || *last < *first) return bad_period();
    return FigurePeriod{*first, Date{last->days + 1}};
  }
  if (text.size() == 4) {
    const auto year = digits(text, 4);
    return is_year(year) ? Result<FigurePeriod>(year_period(*year)) : bad_period();
  }
  if (text.size() == 7 && text[4] == '-') {
    const auto year = digits(text.substr(0, 4), 4), month = digits(text.substr(5), 2);
    if (!is_year(year) || !month || *month < 1 || *month > 12) return bad_period();
    return month_period(*year, *month);
  }
  const auto day = parse_date(text);
  if (!day) return bad_period();
  return FigurePeriod{*day, Date{day->days + 1}};
}

std::string format_period(const FigurePeriod& period) {
  const auto from = civil(period.from);
  const std::string first = format_date(period.from);
  if (period.until.days == period.from.days + 1) return first;
  if (period == month_period(from.year, from.month)) return first.substr(0, 7);
  if (period == year_period(from.year)) return first.substr(0, 4);
  return first + ".." + format_date({period.until.days - 1});
}

Date today_at(const Calendar& calendar, Instant now) { return calendar.zone().local_date(now); }

}  // namespace gewu::kernel
