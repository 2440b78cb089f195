#include "kernel/time/deadline.h"

#include <algorithm>
#include <array>

#include "base/ensure.h"
#include "base/spans.h"
#include "kernel/time/pauses.h"

namespace gewu::kernel {
namespace {


/// From where a limit counts: the start of the clock, or the due that an extension moves.
struct Origin {
  Instant instant;
  Date day;
};

bool ignores_pauses(LimitUnit unit) { return unit == LimitUnit::month || unit == LimitUnit::year; }

Count count_limit(const Limit& limit, const Origin& from, std::span<const Interval> gaps,
                  const Calendar& calendar) {
  switch (limit.unit) {
    case LimitUnit::minute:
    case LimitUnit::hour_natural:
      return add_elapsed(from.instant, *limit_minutes(limit) * kMsPerMinute, gaps);
    case LimitUnit::hour_working:
      return add_working(calendar, from.instant, *limit_minutes(limit) * kMsPerMinute, gaps);
    case LimitUnit::day_working:
    case LimitUnit::day_natural:
      return add_days(calendar, from.day, limit.amount, measure_of(limit.unit), gaps);
    case LimitUnit::month:
    case LimitUnit::year: {
      const std::int64_t months = limit.amount * (limit.unit == LimitUnit::year ? 12 : 1);
      const Instant end = calendar.end_of_day(add_months(from.day, months));
      return {end, {{from.instant, end}}, {}};
    }
  }
  return {};
}

void append(std::vector<Interval>& list, std::vector<Interval> more) {
  if (list.empty())
    list = std::move(more);
  else
    list.insert(list.end(), more.begin(), more.end());
}

/// Counts one limit on top of what the derivation has.
void run_limit(Derivation& derivation, const Limit& limit, const Origin& from,
               std::span<const Interval> gaps, const Calendar& calendar) {
  ensure(check_limit(limit).has_value(), "a limit within bounds");
  if (ignores_pauses(limit.unit)) gaps = {};
  const Measure measure = measure_of(limit.unit);
  Count count = count_limit(limit, from, gaps, calendar);
  derivation.due = count.end;
  append(derivation.counted, std::move(count.counted));
  if (counts_days(measure)) {
    append(derivation.taken_out, std::move(count.left_out));
  } else {
    for (const Interval& gap : gaps) {
      const Interval part{std::max(gap.from, from.instant),
                          std::min(gap.to, count.end.value_or(gap.to))};
      if (part.from < part.to && part.to != kForever) derivation.taken_out.push_back(part);
    }
  }
  if (count.end && counts_working(measure)) {
    const Date first =
        counts_days(measure) ? Date{from.day.days + 1} : calendar.zone().local_date(from.instant);
    if (!calendar.is_known(first, due_day(calendar, *count.end))) derivation.provisional = true;
  }
}

Derivation run_fixed(Instant due, Instant start) {
  Derivation derivation;
  derivation.due = due;
  if (start < due) derivation.counted.push_back({start, due});
  return derivation;
}

Derivation run_date(const DateTarget& target, Instant start, const Calendar& calendar) {
  if (!target.office_close) return run_fixed(calendar.end_of_day(target.date), start);
  const Date day = calendar.is_workday(target.date) ? target.date
                                                    : calendar.previous_workday(target.date);
  Derivation derivation = run_fixed(calendar.close_of(day), start);
  derivation.provisional = !calendar.is_known(day, target.date);
  return derivation;
}

/// What pauses take out of a clock that runs towards this target.
std::vector<Interval> gaps_of(const ClockTarget& target, const ClockInputs& inputs,
                              const Calendar& calendar) {
  const auto* limit = std::get_if<Limit>(&target);
  if (!limit || ignores_pauses(limit->unit)) return {};
  return effective_pauses(inputs, measure_of(limit->unit), calendar);
}

Derivation run_target(const ClockTarget& target, const ClockInputs& inputs,
                      std::span<const Interval> gaps, const Calendar& calendar) {
  if (const auto* at = std::get_if<Instant>(&target)) return run_fixed(*at, inputs.start);
  if (const auto* at = std::get_if<DateTarget>(&target))
    return run_date(*at, inputs.start, calendar);
  const auto& limit = std::get<Limit>(target);
  Derivation derivation;
  derivation.measure = measure_of(limit.unit);
  run_limit(derivation, limit, {inputs.start, calendar.zone().local_date(inputs.start)}, gaps,
            calendar);
  return derivation;
}

/// Keeps the earlier of two targets of one kind, so that the list stays short.
bool absorb(ClockTarget& kept, const ClockTarget& other) {
  if (kept.index() != other.index()) return false;
  if (auto* limit = std::get_if<Limit>(&kept)) {
    const auto& another = std::get<Limit>(other);
    if (limit->unit != another.unit) return false;
    limit->amount = std::min(limit->amount, another.amount);
    return true;
  }
  if (auto* at = std::get_if<Instant>(&kept)) {
    *at = std::min(*at, std::get<Instant>(other));
    return true;
  }
  auto& date = std::get<DateTarget>(kept);
  const auto& another = std::get<DateTarget>(other);
  if (date.office_close != another.office_close) return false;
  date.date = std::min(date.date, another.date);
  return true;
}

ClockInputs without_lasting_pause(ClockInputs inputs, Instant now) {
  end_pause(inputs, now);
  return inputs;
}

constexpr std::array<std::string_view, 4> kClockChangeNames = {"recompute", "recompute_free",
                                                               "keep", "restart"};

}  // namespace

Result<PauseCaps> make_pause_caps(LimitUnit own, const std::optional<Limit>& most,
                                  const std::optional<Limit>& total) {
  PauseCaps caps;
  const auto convert = [own](const std::optional<Limit>& cap,
                             std::optional<std::int64_t>& amount) -> Status {
    if (!cap) return {};
    GEWU_CHECK(check_limit(*cap));
    if (measure_of(cap->unit) != measure_of(own) || ignores_pauses(cap->unit) ||
        ignores_pauses(own))
      return refuse(ErrorCode::invalid, "limit.measure",
                    {{"limit", format_limit(*cap)}, {"unit", std::string(limit_unit_name(own))}});
    amount = counts_days(measure_of(own)) ? cap->amount : *limit_minutes(*cap);
    return {};
  };
  GEWU_CHECK(convert(most, caps.most));
  GEWU_CHECK(convert(total, caps.total));
  return caps;
}

Derivation compute(const ClockInputs& inputs, const Calendar& calendar) {
  ensure(!inputs.targets.empty(), "a clock runs towards something");
  Derivation derivation;
  std::vector<Interval> gaps;
  for (std::size_t i = 0; i < inputs.targets.size(); ++i) {
    auto own_gaps = gaps_of(inputs.targets[i], inputs, calendar);
    Derivation other = run_target(inputs.targets[i], inputs, own_gaps, calendar);
    if (i > 0 && other.due.value_or(kForever) >= derivation.due.value_or(kForever)) continue;
    derivation = std::move(other);
    gaps = std::move(own_gaps);
  }
  derivation.first_due = derivation.due;
  for (const Limit& extension : inputs.extensions) {
    if (!derivation.due) break;
    const Instant old_due = *derivation.due;
    run_limit(derivation, extension, {old_due, due_day(calendar, old_due)}, gaps, calendar);
  }
  return derivation;
}

std::string_view clock_change_name(ClockChange change) {
  return kClockChangeNames[static_cast<std::size_t>(change)];
}

std::optional<ClockChange> parse_clock_change(std::string_view text) {
  for (std::size_t i = 0; i < kClockChangeNames.size(); ++i)
    if (kClockChangeNames[i] == text) return static_cast<ClockChange>(i);
  return std::nullopt;
}

ClockInputs change_inputs(ClockInputs inputs, ClockChange change, const ClockTarget& target,
                          Instant now) {
  switch (change) {
    case ClockChange::keep: break;
    case ClockChange::recompute_free: inputs.targets = {target}; break;
    case ClockChange::recompute:
      if (std::ranges::none_of(inputs.targets,
                               [&](ClockTarget& kept) { return absorb(kept, target); }))
        inputs.targets.push_back(target);
      break;
    case ClockChange::restart: {
      const bool lasts = !inputs.pauses.empty() && !inputs.pauses.back().to;
      inputs.start = now;
      inputs.targets = {target};
      inputs.extensions.clear();
      inputs.pauses.clear();
      if (lasts) begin_pause(inputs, now);
      break;
    }
  }
  return inputs;
}

void begin_pause(ClockInputs& inputs, Instant now) {
  if (inputs.pauses.empty() || inputs.pauses.back().to)
    inputs.pauses.push_back({now, std::nullopt});
}

void end_pause(ClockInputs& inputs, Instant now) {
  if (inputs.pauses.empty() || inputs.pauses.back().to) return;
  if (inputs.pauses.back().from < now)
    inputs.pauses.back().to = now;
  else
    inputs.pauses.pop_back();
}

bool is_paused(const ClockInputs& inputs, const Calendar& calendar, Instant now) {
  if (inputs.pauses.empty()) return false;
  const auto contains_now = [now](const Interval& gap) { return gap.contains(now); };
  return std::ranges::any_of(inputs.targets, [&](const ClockTarget& target) {
    return std::ranges::any_of(gaps_of(target, inputs, calendar), contains_now);
  });
}

TimeLeft time_left(const ClockInputs& inputs, const Calendar& calendar, Instant now) {
  const Derivation derivation = compute(without_lasting_pause(inputs, now), calendar);
  const Measure measure = derivation.measure;
  const Instant due = derivation.due.value_or(now);
  if (due <= now) return {0, measure};
  if (!counts_days(measure)) {
    const std::int64_t ms = measure == Measure::minute_working
                                ? working_ms(calendar, now, due, derivation.taken_out)
                                : elapsed_ms(now, due, derivation.taken_out);
    return {(ms + kMsPerMinute - 1) / kMsPerMinute, measure};
  }
  std::int64_t days = 0;
  const Date last = due_day(calendar, due);
  const Date start_day = calendar.zone().local_date(inputs.start);
  for (Date day = std::max(calendar.zone().local_date(now), Date{start_day.days + 1});
       day <= last; ++day.days) {
    if (!is_counted_day(calendar, day, measure)) continue;
    const Instant close = close_of_day(calendar, day, measure);
    const Instant noon = calendar.zone().to_instant(day, 12 * 60);
    const bool is_left_out = std::ranges::any_of(
        derivation.taken_out, [noon](const Interval& gap) { return gap.contains(noon); });
    if (close > now && close <= due && !is_left_out) ++days;
  }
  return {days, measure};
}

std::optional<Instant> step_instant(const ClockStep& step, Instant start,
                                    const Derivation& derivation, const Calendar& calendar) {
  if (!derivation.due) return std::nullopt;
  const Instant due = *derivation.due;
  if (const auto* offset = std::get_if<StepOffset>(&step))
    return shift_instant(calendar, due, offset->by, offset->is_before);
  const std::int64_t percent = std::get<StepFraction>(step).percent;
  if (percent >= 100) return due;
  const bool working = counts_working(derivation.measure);
  const auto& gaps = derivation.taken_out;
  const std::int64_t whole = working ? working_ms(calendar, start, due, gaps)
                                     : elapsed_ms(start, due, gaps);
  const std::int64_t minutes =
      (whole * percent + 100 * kMsPerMinute - 1) / (100 * kMsPerMinute);
  const std::int64_t part = minutes * kMsPerMinute;
  if (part >= whole) return due;
  return working ? working_end(calendar, start, part, gaps) : elapsed_end(start, part, gaps);
}

}  // namespace gewu::kernel
