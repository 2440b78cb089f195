#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/spans.h"
#include "decide_office.h"
#include "kernel/time/deadline.h"

// Clocks of a matter that read a value over its own sets: the event is a member's, the clock the
// parent's. What the clocks hold after any walk is what a count from nothing gives.

namespace gewu::test {
namespace {

constexpr std::string_view kJobs = R"YAML(
system: common
label: 公共件
roles:
  desk: {label: 社区坐班, unit: territory}
lists:
  builtin_state: {transferred: 已移交}
  outcome: {solved: 解决}
---
type: part
version: 1
see: {desk: {fields: all}}
label: 子项
fields:
  of: {kind: link, label: 属于, to: job, parent: true}
  by_when: {kind: date, label: 期限}
states: {open: 开, done: {label: 完, final: true}}
actions:
  add: {label: 加, opens: open, by: [desk, system]}
  finish: {label: 完, from: [open], to: done, by: [desk]}
---
type: job
version: 1
label: 活
fields:
  where: {kind: place, label: 地点, required: true}
  left: {kind: number, label: 剩, value: 'count(parts[state == open])'}
  is_large: {kind: yes_no, label: 大, value: left > 2}
  last: {kind: date, label: 最晚, value: 'max(parts, by_when)'}
sets: {parts: part.of}
states: {open: 开, done: {label: 完, final: true}}
actions:
  start:
    label: 起
    opens: open
    by: [desk]
    asks: [where]
    input: {n: {kind: rows, label: 数, max: 9, fields: {day: {kind: date, label: 日}}}}
    then: {parts: {open: parts, each: input.n, with: {by_when: it.day}}}
  finish: {label: 止, from: [open], to: done, by: [desk]}
  stop_free: {label: 停一, from: [open], by: [desk], most: 1}
  stop_kept: {label: 停二, from: [open], by: [desk], most: 1}
  stop_ends: {label: 停三, from: [open], by: [desk], most: 1}
clocks:
  promise:
    label: 承诺
    from: start
    until: finish
    within: if(is_large, 3 day_working, 10 day_working)
    then: {"100%": {say: {tell: desk}}}
  free:
    label: 随动
    from: start
    until: [finish, stop_free]
    within: if(left > 2, 4 day_working, 9 day_working)
    change: recompute_free
  kept:
    label: 不动
    from: start
    until: [finish, stop_kept]
    within: if(left > 2, 1 day_working, 2 day_working)
    change: keep
  ends: {label: 到期, from: start, until: [finish, stop_ends], at: last, change: recompute_free}
)YAML";

constexpr std::string_view kTown = R"YAML(
locality: town
label: 镇
territory: "222401"
systems: {common: on}
calendar: work
calendars:
  work:
    zone: Asia/Shanghai
    frames: {mon: ['08:30-17:00'], tue: ['08:30-17:00'], wed: ['08:30-17:00'],
             thu: ['08:30-17:00'], fri: ['08:30-17:00']}
    years: [2026]
)YAML";

const CompileResult& jobs() {
  static const CompileResult result = [] {
    auto files = files_of(kJobs, "systems/common");
    for (DefinitionFile& place : files_of(kTown)) files.push_back(std::move(place));
    auto made = compile_localities(files, plain_options());
    EXPECT_EQ(errors_of(made.messages), "");
    return made;
  }();
  return result;
}

/// An office of jobs, and what their clocks should be: counted from the parts alone.
class Jobs {
 public:
  Jobs() {
    auto directory = std::make_shared<Directory>(*office.directory());
    if (jobs().localities.empty()) throw std::runtime_error("the definitions have faults");
    directory->localities = jobs().localities;
    office.set_directory(directory);
    office.go("2026-11-09 09:00");
  }
  Actor desk() const { return office.at_post(4); }
  Date day(int offset) const { return Date{parse_date("2026-11-20")->days + offset}; }

  MatterId start(const std::vector<Date>& days) {
    Values rows;
    for (const Date by_when : days) rows.push_back(make_large(Row{{{"day", Value(by_when)}}}));
    const auto made = office.open("job", desk(),
                                  {{"where", make_large(Place{.territory = kGrid})},
                                   {"n", make_set(std::move(rows))}});
    EXPECT_TRUE(made) << (made ? "" : made.error().key);
    return made.value_or(MatterId{});
  }
  MatterId add(MatterId job, std::optional<Date> by_when) {
    std::vector<NamedValue> values = {{"of", Value(Link{job})}};
    if (by_when) values.push_back({"by_when", Value(*by_when)});
    const auto made = office.open("part", desk(), std::move(values));
    EXPECT_TRUE(made) << (made ? "" : made.error().key);
    return made.value_or(MatterId{});
  }
  void finish(MatterId part) { EXPECT_EQ(office.act(part, "finish", desk()), ""); }

  int open_parts(MatterId job) {
    int open = 0;
    for (const MatterId part : office.members({"part", "of", job}))
      open += office.state(part) == "open" ? 1 : 0;
    return open;
  }
  Instant due(MatterId job, std::int64_t days) {
    ClockInputs inputs;
    inputs.start = office.load(job)->opened_at;
    inputs.targets = {ClockTarget(Limit{days, LimitUnit::day_working})};
    return *compute(inputs, office.calendar()).due;
  }
  const ClockState& clock(MatterId job, std::string_view name) {
    return *office.load(job)->find_clock(name);
  }

  Office office;
};

class Renewed : public testing::Test {
 protected:
  Jobs all;
};

TEST_F(Renewed, a_part_that_joins_moves_the_clock_of_its_job) {
  const MatterId job = all.start({});
  EXPECT_EQ(all.clock(job, "promise").due, all.due(job, 10));
  all.add(job, {});
  all.add(job, {});
  EXPECT_EQ(all.clock(job, "promise").due, all.due(job, 10));
  const MatterId third = all.add(job, {});
  EXPECT_EQ(all.clock(job, "promise").due, all.due(job, 3));
  EXPECT_EQ(all.clock(job, "promise").first_due, all.due(job, 10));
  EXPECT_EQ(all.clock(job, "free").due, all.due(job, 4));
  EXPECT_EQ(all.clock(job, "kept").due, all.due(job, 2));
  all.finish(third);
  EXPECT_EQ(all.clock(job, "promise").due, all.due(job, 3)) << "never later";
  EXPECT_EQ(all.clock(job, "free").due, all.due(job, 9)) << "as it is";
}

TEST_F(Renewed, parts_opened_with_the_job_count_for_its_clocks) {
  const MatterId job = all.start({all.day(0), all.day(3), all.day(1)});
  EXPECT_EQ(all.clock(job, "promise").due, all.due(job, 3));
  EXPECT_EQ(all.clock(job, "free").due, all.due(job, 4));
  EXPECT_EQ(all.clock(job, "ends").due, all.office.calendar().end_of_day(all.day(3)));
}

TEST_F(Renewed, a_clock_without_a_date_starts_with_the_first_part_that_has_one) {
  const MatterId job = all.start({});
  EXPECT_EQ(all.office.load(job)->find_clock("ends"), nullptr);
  all.add(job, {});
  EXPECT_EQ(all.office.load(job)->find_clock("ends"), nullptr);
  all.add(job, all.day(2));
  EXPECT_EQ(all.clock(job, "ends").due, all.office.calendar().end_of_day(all.day(2)));
  all.add(job, all.day(7));
  EXPECT_EQ(all.clock(job, "ends").due, all.office.calendar().end_of_day(all.day(7)));
}

TEST_F(Renewed, a_step_that_is_past_by_it_fires_at_once) {
  const MatterId job = all.start({});
  all.office.go("2026-11-16 09:00");  // the fourth working day after is over
  all.office.tick();
  for (int i = 0; i < 3; ++i) all.add(job, {});
  const auto wake = next_wake(*all.office.load(job));
  ASSERT_TRUE(wake.has_value());
  EXPECT_LE(*wake, all.office.now);
  all.office.tick();
  bool told = false;
  for (const Event& event : all.office.events)
    told = told || (event.matter == job && event.action == "promise@100%");
  EXPECT_TRUE(told);
  EXPECT_EQ(all.office.lamp(job), Lamp::red);
}

TEST_F(Renewed, a_job_that_is_done_keeps_what_it_had) {
  const MatterId job = all.start({});
  EXPECT_EQ(all.office.act(job, "finish", all.desk()), "");
  const std::vector<ClockState> before = all.office.load(job)->clocks;
  for (int i = 0; i < 3; ++i) all.add(job, {});
  EXPECT_EQ(all.office.load(job)->clocks, before);
}

// Whatever is added and finished, at whatever hour: what the events moved step by step is what a
// count from nothing over the history gives, and replaying the journal gives the same.
RC_GTEST_PROP(RenewedWalk, step_by_step_equals_from_nothing, ()) {
  Jobs all;
  const MatterId job = all.start({});
  bool was_large = false;
  const int steps = *rc::gen::inRange(1, 25);
  for (int i = 0; i < steps; ++i) {
    all.office.now = all.office.now + *rc::gen::inRange<std::int64_t>(0, 9 * kMsPerHour);
    all.office.tick();
    std::vector<MatterId> open;
    for (const MatterId part : all.office.members({"part", "of", job}))
      if (all.office.state(part) == "open") open.push_back(part);
    if (!open.empty() && *rc::gen::inRange(0, 3) == 0)
      all.finish(*rc::gen::elementOf(open));
    else
      all.add(job, *rc::gen::arbitrary<bool>()
                       ? std::optional(all.day(*rc::gen::inRange(0, 60)))
                       : std::nullopt);
    const int left = all.open_parts(job);
    was_large = was_large || left > 2;
    RC_ASSERT(*all.office.load(job)->find_field("left") == Value(Number{left * kMicros}));
    RC_ASSERT(all.clock(job, "promise").due == all.due(job, was_large ? 3 : 10));
    RC_ASSERT(all.clock(job, "free").due == all.due(job, left > 2 ? 4 : 9));
    std::optional<Date> last;
    for (const MatterId part : all.office.members({"part", "of", job}))
      if (const auto* by_when = all.office.load(part)->find_field("by_when")->get<Date>())
        last = last ? std::max(*last, *by_when) : *by_when;
    const ClockState* ends = all.office.load(job)->find_clock("ends");
    RC_ASSERT((ends != nullptr) == last.has_value());
    if (last) RC_ASSERT(ends->due == all.office.calendar().end_of_day(*last));
  }
  std::map<MatterId, SnapshotPtr> replayed;
  for (const Event& event : all.office.events) {
    replayed[event.matter] = kernel::apply(replayed[event.matter], event);
    for (const MatterChange& change : event.touched)
      replayed[change.matter] = apply_touched(replayed[change.matter], change);
  }
  for (const auto& [id, matter] : replayed) RC_ASSERT(*matter == *all.office.load(id));
  RC_ASSERT(!testing::Test::HasFailure());
}

}  // namespace
}  // namespace gewu::test
