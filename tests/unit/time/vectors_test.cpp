// The 65 vectors of deadlines.md section 4. Dates without a year are of 2026.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/spans.h"
#include "unit/time/synthetic.h"

namespace gewu::kernel {
namespace {


std::string working_due(std::string_view start, std::int64_t minutes) {
  const Count count = add_working(synthetic(), at(start), minutes * kMsPerMinute, {});
  return format_due(synthetic().zone(), *count.end);
}

TEST(Vectors, V01_to_V14_working_minutes) {
  const struct {
    const char *name, *start;
    std::int64_t minutes;
    const char* due;
  } rows[] = {
      {"V01", "09-22 09:00", 240, "2026-09-22 14:30"},
      {"V02", "09-22 11:00", 240, "2026-09-22 16:30"},
      {"V03", "09-22 12:30", 60, "2026-09-22 14:30"},
      {"V04", "09-22 16:30", 60, "2026-09-23 09:00"},
      {"V05", "09-25 16:30", 60, "2026-09-27 09:00"},
      {"V06", "09-26 10:00", 60, "2026-09-27 09:30"},
      {"V07", "09-27 09:00", 420, "2026-09-28 09:00"},
      {"V08", "09-30 16:00", 120, "2026-10-08 09:30"},
      {"V09", "10-03 03:00", 1, "2026-10-08 08:31"},
      {"V10", "10-09 16:30", 60, "2026-10-10 09:00"},
      {"V11", "09-22 17:00", 30, "2026-09-23 09:00"},
      {"V12", "09-22 08:30", 210, "2026-09-22 12:00"},
      {"V13", "09-22 08:30", 420, "2026-09-22 17:00"},
      {"V14", "09-22 08:30", 421, "2026-09-23 08:31"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(working_due(row.start, row.minutes), row.due) << row.name;
    if (row.minutes % 60 != 0) continue;
    const Limit hours{row.minutes / 60, LimitUnit::hour_working};
    EXPECT_EQ(due_text(clock_of(at(row.start), hours)), row.due) << row.name << " as a clock";
  }
}

struct Case {
  const char *name, *start, *limit;
  std::vector<std::pair<const char*, const char*>> pauses;  ///< without end: ""
  PauseCaps caps;
  const char* due;
};

ClockInputs inputs_of(const Case& row) {
  ClockInputs inputs = clock_of(at(row.start), limit(row.limit));
  inputs.caps = row.caps;
  for (const auto& [from, to] : row.pauses) {
    inputs.pauses.push_back({at(from), std::nullopt});
    if (*to) inputs.pauses.back().to = at(to);
  }
  return inputs;
}

TEST(Vectors, V15_to_V23_and_V42_to_V49_pauses_caps_and_days) {
  const Case rows[] = {
      {"V15", "09-22 09:00", "4 hour_working", {{"09-22 10:00", "09-22 14:00"}}, {},
       "2026-09-22 17:00"},
      {"V16", "09-22 15:00", "4 hour_working", {{"09-22 16:00", "09-23 10:00"}}, {},
       "2026-09-23 14:30"},
      {"V17", "09-22 15:00", "4 hour_working", {{"09-22 18:00", "09-23 08:00"}}, {},
       "2026-09-23 10:30"},
      {"V18", "09-22 09:00", "4 hour_working",
       {{"09-22 10:00", "09-22 11:00"}, {"09-22 10:30", "09-22 11:30"}}, {}, "2026-09-22 16:00"},
      {"V19", "09-22 09:00", "1 day_working", {}, {}, "2026-09-23 17:00"},
      {"V20", "09-25 00:00", "1 day_working", {}, {}, "2026-09-27 17:00"},
      {"V21", "09-30 00:00", "1 day_working", {}, {}, "2026-10-08 17:00"},
      {"V22", "10-09 20:00", "2 day_working", {}, {}, "2026-10-12 17:00"},
      {"V23", "09-24 23:50", "3 day_working", {}, {}, "2026-09-28 17:00"},
      {"V42", "09-22 09:00", "3 day_working", {{"09-23 10:00", "09-24 15:00"}}, {},
       "2026-09-27 17:00"},
      {"V43", "09-22 09:00", "3 day_working", {{"09-23 10:00", "09-23 16:00"}}, {},
       "2026-09-25 17:00"},
      {"V44", "09-22 09:00", "1 day_working", {{"09-23 16:00", "09-23 17:00"}}, {},
       "2026-09-23 17:00"},
      {"V45", "09-22 09:00", "3 day_natural", {{"09-23 10:00", "09-25 00:00"}}, {},
       "2026-09-26 24:00"},
      {"V46", "09-22 09:00", "4 hour_working", {{"09-22 10:00", ""}}, {60, {}},
       "2026-09-22 15:30"},
      {"V47", "09-22 09:00", "4 hour_working", {{"09-22 11:30", ""}}, {60, {}},
       "2026-09-22 15:30"},
      {"V48", "09-22 09:00", "4 hour_working",
       {{"09-22 10:00", "09-22 11:00"}, {"09-22 13:30", "09-22 15:00"}}, {60, 90},
       "2026-09-22 16:00"},
      {"V49", "09-22 09:00", "5 day_working", {{"09-23 10:00", ""}}, {2, {}}, "2026-09-30 17:00"},
  };
  for (const Case& row : rows) EXPECT_EQ(due_text(inputs_of(row)), row.due) << row.name;
}

TEST(Vectors, V24_to_V26_elapsed_working_minutes) {
  EXPECT_EQ(elapsed_working_minutes(synthetic(), at("09-25 16:30"), at("09-28 09:00")), 480);
  EXPECT_EQ(elapsed_working_minutes(synthetic(), at("09-30 16:00"), at("10-09 09:00")), 510);
  EXPECT_EQ(elapsed_working_minutes(synthetic(), at("09-22 18:00"), at("09-22 20:00")), 0);
}

TEST(Vectors, V27_to_V37_elapsed_hours_natural_days_months_years) {
  const struct {
    const char *name, *start, *limit, *due;
    const Calendar& calendar;
  } rows[] = {
      {"V27", "10-03 23:30", "2 hour_natural", "2026-10-04 01:30", synthetic()},
      {"V28", "09-30 16:00", "24 hour_natural", "2026-10-01 16:00", synthetic()},
      {"V29", "11-01 00:30", "2 hour_natural", "2026-11-01 01:30", pacific()},
      {"V30", "09-22 09:00", "7 day_natural", "2026-09-29 24:00", synthetic()},
      {"V31", "09-22 00:00", "1 day_natural", "2026-09-23 24:00", synthetic()},
      {"V32", "09-30 23:59", "3 day_natural", "2026-10-03 24:00", synthetic()},
      {"V33", "10-31 10:00", "1 day_natural", "2026-11-01 24:00", pacific()},
      {"V34", "01-31 10:00", "1 month", "2026-02-28 24:00", synthetic()},
      {"V35", "08-31 10:00", "1 month", "2026-09-30 24:00", synthetic()},
      {"V36", "02-28 10:00", "1 month", "2026-03-28 24:00", synthetic()},
      {"V37", "2024-02-29 10:00", "1 year", "2025-02-28 24:00", synthetic()},
  };
  for (const auto& row : rows)
    EXPECT_EQ(due_text(clock_of(at(row.start, row.calendar), limit(row.limit)), row.calendar),
              row.due)
        << row.name;
  EXPECT_EQ(compute(clock_of(at("11-01 00:30", pacific()), limit("2 hour_natural")), pacific()).due,
            parse_instant("2026-11-01T09:30:00Z"));
  EXPECT_EQ(compute(clock_of(at("10-31 10:00", pacific()), limit("1 day_natural")), pacific()).due,
            parse_instant("2026-11-02T08:00:00Z"));
}

TEST(Vectors, V38_to_V41_fixed_dates) {
  const struct {
    const char* name;
    DateTarget target;
    const char* due;
  } rows[] = {
      {"V38", {day("10-03"), false}, "2026-10-03 24:00"},
      {"V39", {day("10-03"), true}, "2026-09-30 17:00"},
      {"V40", {day("09-26"), true}, "2026-09-25 17:00"},
      {"V41", {day("09-27"), true}, "2026-09-27 17:00"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(due_text(clock_of(at("09-22 09:00"), row.target)), row.due) << row.name;
}

TEST(Vectors, V50_to_V53_extensions_count_from_the_old_due) {
  const struct {
    const char *name, *start, *limit, *old_due, *by, *due;
  } rows[] = {
      {"V50", "09-22 09:00", "5 day_working", "2026-09-28 17:00", "2 day_working",
       "2026-09-30 17:00"},
      {"V51", "09-22 09:00", "5 day_working", "2026-09-28 17:00", "3 day_working",
       "2026-10-08 17:00"},
      {"V52", "09-22 09:00", "4 hour_working", "2026-09-22 14:30", "4 hour_working",
       "2026-09-23 10:00"},
      {"V53", "09-22 09:00", "7 day_natural", "2026-09-29 24:00", "2 day_natural",
       "2026-10-01 24:00"},
  };
  for (const auto& row : rows) {
    ClockInputs inputs = clock_of(at(row.start), limit(row.limit));
    EXPECT_EQ(due_text(inputs), row.old_due) << row.name;
    inputs.extensions.push_back(limit(row.by));
    EXPECT_EQ(due_text(inputs), row.due) << row.name;
    EXPECT_EQ(format_due(synthetic().zone(), *compute(inputs, synthetic()).first_due), row.old_due)
        << row.name << ": the first due stays visible";
  }
}

TEST(Vectors, V54_to_V58_changes) {
  const Instant now = at("09-24 10:00");
  const auto changed = [now](const ClockInputs& inputs, ClockChange change, const char* to) {
    return change_inputs(inputs, change, limit(to), now);
  };
  const ClockInputs v54 = clock_of(at("09-22 09:00"), limit("10 day_working"));
  EXPECT_EQ(due_text(v54), "2026-10-10 17:00");
  const ClockInputs v55 = changed(v54, ClockChange::recompute, "5 day_working");
  EXPECT_EQ(due_text(v55), "2026-09-28 17:00");
  const ClockInputs v56 = changed(v55, ClockChange::recompute, "10 day_working");
  EXPECT_EQ(due_text(v56), "2026-09-28 17:00");
  const ClockInputs v57 = changed(v56, ClockChange::recompute_free, "10 day_working");
  EXPECT_EQ(due_text(v57), "2026-10-10 17:00");
  const ClockInputs v58 = changed(v54, ClockChange::recompute, "1 day_working");
  EXPECT_EQ(due_text(v58), "2026-09-23 17:00");
  EXPECT_LT(*compute(v58, synthetic()).due, now) << "overdue with that event";
}

std::string step_text(const ClockInputs& inputs, const char* step) {
  const Derivation derivation = compute(inputs, synthetic());
  const auto instant =
      step_instant(*parse_clock_step(step), inputs.start, derivation, synthetic());
  return instant ? format_due(synthetic().zone(), *instant) : "none";
}

TEST(Vectors, V59_to_V65_steps) {
  const Instant start = at("09-22 09:00");
  const ClockInputs hours = clock_of(start, limit("4 hour_working"));
  EXPECT_EQ(step_text(hours, "80%"), "2026-09-22 13:42") << "V59";
  const ClockInputs one_day = clock_of(start, limit("1 day_working"));
  EXPECT_EQ(working_ms(synthetic(), start, *compute(one_day, synthetic()).due), 810 * kMsPerMinute);
  EXPECT_EQ(step_text(one_day, "80%"), "2026-09-23 14:18") << "V60";
  EXPECT_EQ(step_text(clock_of(start, limit("7 day_natural")), "80%"), "2026-09-28 11:24")
      << "V61";
  EXPECT_EQ(step_text(clock_of(start, at("09-28 09:00")), "-1 hour_working"), "2026-09-27 16:30")
      << "V62";
  EXPECT_EQ(step_text(clock_of(start, at("10-08 17:00")), "-2 day_working"), "2026-09-29 17:00")
      << "V63";
  EXPECT_EQ(step_text(clock_of(start, at("09-30 17:00")), "+1 day_working"), "2026-10-08 17:00")
      << "V64";
  EXPECT_EQ(step_text(clock_of(start, at("10-31 24:00")), "-30 day_natural"), "2026-10-01 24:00")
      << "V65";
}

}  // namespace
}  // namespace gewu::kernel
