#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>

#include "codec/yaml.h"
#include "support/scenario_stores.h"
#include "support/shipped_office.h"
#include "usecase/check_data.h"
#include "usecase/run_scenarios.h"
#include "usecase/run_timetables.h"

// What comes round by the calendar, turns, books and the figures made of them, on a small system
// beside the shipped ones: as scenarios say it, through the store and back from its journal.

namespace gewu::usecase {
namespace {

using test::must;

constexpr std::string_view kSystem = R"YAML(
system: rounds
label: 周期
books:
  quota: {label: 名额, unit: 名, accounts: [organisation, depot], floor: 0}
  cash: {label: 经费, unit: money, accounts: [organisation], floor: 0}
  points: {label: 积分, unit: 分, accounts: [organisation], floor: 0, expires: 30 day_natural}
  joint: {label: 双账, unit: 名, accounts: [[organisation, depot]], floor: none}
---
type: lane
label: 巷
register: true
keepers: [centre]
reference: true
fields:
  name: {kind: text, required: true, personal: false, label: 名}
  grid: {kind: territory, required: true, index: true, label: 网格}
  busy: {kind: yes_no, default: 'true', label: 要巡}
belongs: {territory: grid, owner: "office(up(grid, subdistrict))"}
---
type: patrol
label: 巡
fields:
  lane: {kind: link, to: lane, required: true, label: 巷}
  minutes: {kind: number, label: 分钟}
belongs: {territory: lane.territory, owner: lane.owner}
states: {marked: {label: 已记, final: true}}
actions:
  mark: {label: 记, opens: marked, by: [grid_worker]}
duties:
  daily:
    label: 每日巡
    of: lane
    every: day
    until: '18:00'
    count: mark
    match: lane
    when: it.busy
    lamp: {"50%": yellow, "100%": red}
    then:
      "-1 hour_natural": {warn: {tell: grid_worker}}
      "100%": {say: {tell: street_lead}, lead: {tell: "dispatcher@it.owner"}}
indicators:
  lanes: {label: 覆盖, coverage: "lane[busy]", by: {flow: mark}, match: lane, show: missing}
  walked: {label: 巡过, flow: mark, distinct: lane}
  mean_minutes: {label: 平均, flow: mark, mean: minutes}
  middle: {label: 中位, flow: mark, median: minutes}
---
type: evening
label: 夜间坐班
fields:
  street: {kind: territory, required: true, label: 街道}
  slot: {kind: period, required: true, label: 时段}
  leader: {kind: organisation, label: 带班, rota: {among: "[gas, heating, lighting_office]", per: "up(street, county)", rule: in_order}}
  helper: {kind: organisation, label: 帮手, rota: {among: "[gas, heating]", rule: fair}}
belongs: {territory: street, owner: office(street)}
states: {planned: 已排, held: {label: 已办, final: true}}
actions:
  plan: {label: 排, opens: planned, by: [system]}
  swap: {label: 换, from: [planned], by: [dispatcher], input: {leader: {kind: organisation, label: 带班}, helper: {kind: organisation, label: 帮手}}, set: {leader: input.leader else leader, helper: input.helper else helper}, most: 3}
  hold: {label: 办, from: [planned], to: held, by: [dispatcher]}
plan:
  weekly: {label: 每周三, each: "territory[level == subdistrict]", as: street, on: {every: week, day: wed, from: '18:30', to: '20:30'}, ahead: 7 day_natural, fill: slot, action: plan}
clocks:
  open: {label: 开, from: plan, until: hold, at: slot.to}
---
type: depot
label: 仓
register: true
keepers: [centre]
reference: true
fields: {name: {kind: text, required: true, personal: false, label: 名}}
belongs: {territory: actor.unit, owner: actor.organisation}
---
type: hut
label: 棚
fields:
  size: {kind: number, label: 平米}
  price: {kind: money, label: 价}
belongs: {territory: actor.unit, owner: actor.organisation}
states: {standing: {label: 在, resting: true}, gone: {label: 拆, final: true}}
actions:
  build: {label: 建, opens: standing, by: [grid_worker]}
  measure: {label: 量, from: [standing], by: [grid_worker], asks: [size, price]}
  raze: {label: 拆, from: [standing], to: gone, by: [grid_worker]}
indicators:
  huts: {label: 棚数, stock: [standing]}
  usual: {label: 中位, stock: [standing], median: size}
  usual_price: {label: 中位价, stock: [standing], median: price, by: size}
  few: {label: 少数, stock: [standing], median: size, group_min: 3}
---
type: warrant
label: 委托
reference: {active: [good]}
fields:
  name: {kind: text, required: true, label: 名}
  used: {kind: number, label: 用过}
belongs: {territory: actor.unit, owner: actor.organisation}
states: {good: {label: 有效, resting: true}, spent: {label: 用完, final: true}}
actions:
  issue: {label: 发, opens: good, by: [centre], asks: [name]}
  look: {label: 看, from: [good], by: [centre], set: {used: cited(this)}}
  spend:
    label: 收
    from: [good]
    to: spent
    by: [centre]
    when: cited(this) > 0
    must: {often: {label: 至少两次, that: "cited(this) >= 2"}}
    set: {used: cited(this)}
---
type: errand
label: 差事
fields:
  cost: {kind: money, label: 花费}
  before: {kind: number, label: 此前件数}
  mine: {kind: number, label: 本单位件数}
  spent: {kind: money, label: 此前花费}
  share: {kind: number, label: 办成率}
  open: {kind: number, label: 在办}
  middle: {kind: money, label: 中位花费}
  secret: {kind: money, label: 少数}
belongs: {territory: actor.unit, owner: actor.organisation}
states: {going: 在办, done: {label: 办完, final: true}}
actions:
  run:
    label: 办
    opens: going
    by: [centre]
    asks: [cost]
    basis: "warrant[owner == actor.organisation]"
    set:
      before: figure(errand.runs, territory, today)
      mine: "figure(runs, owner, period(start_of('month', today), end_of('month', today)))"
      spent: figure(errand.costs, territory, today) else 0
      open: figure(errand.going_now, territory, today)
      middle: figure(errand.usual, territory, today)
      secret: figure(errand.few, territory, today)
  finish:
    label: 完
    from: [going]
    to: done
    by: [centre]
    set: {share: "figure(errand.done_rate, '222401', day(now))"}
    then: {sheet: {open: sheet, with: {done_before: "figure(errand.ends, territory, today)"}}}
indicators:
  runs: {label: 件, flow: run}
  ends: {label: 完, flow: finish}
  costs: {label: 花费, flow: run, sum: cost}
  usual: {label: 中位, flow: run, median: cost}
  few: {label: 少数, flow: run, sum: cost, group_min: 3}
  going_now: {label: 在办, stock: [going]}
  done_rate: {label: 办成率, ratio: [ends, runs]}
---
type: sheet
label: 单
fields: {done_before: {kind: number, label: 此前办完}}
see: {centre: {fields: all}}
belongs: {territory: actor.unit, owner: actor.organisation}
states: {kept: {label: 存, final: true}}
actions: {keep: {label: 存, opens: kept, by: [system]}}
---
type: transfer
label: 调拨
fields:
  from: {kind: organisation, label: 从}
  to: {kind: organisation, label: 到}
  store: {kind: link, to: depot, label: 仓}
  amount: {kind: number, required: true, label: 数}
  money: {kind: money, label: 钱}
  left: {kind: number, value: "balance(quota, from)", label: 余}
belongs: {territory: actor.unit, owner: actor.organisation}
states: {booked: {label: 已记, resting: true}, spent: {label: 用掉, final: true}}
actions:
  grant: {label: 核, opens: booked, by: [centre], then: {in: {move: quota, to: to, amount: amount}, pay: {move: cash, to: to, amount: money, when: has(money)}}}
  shift: {label: 调, opens: booked, by: [centre], then: {over: {move: quota, from: from, to: to, amount: amount}}}
  stock: {label: 入仓, opens: booked, by: [centre], then: {in: {move: quota, from: from, to: store, amount: amount}, both: {move: joint, to: "[from, store]", amount: amount}}}
  reward: {label: 奖, opens: booked, by: [centre], then: {in: {move: points, to: to, amount: amount}}}
  spend: {label: 花, from: [booked], to: spent, by: [centre], must: {enough: {label: 够, that: "balance(points, to) >= amount"}}, then: {out: {move: points, from: to, amount: amount}}}
indicators:
  granted: {label: 核定, book: quota, sum: in}
  standing: {label: 名额, book: quota, balance: true}
  growth: {label: 增减, change: standing, since: "today"}
  paid: {label: 经费, book: cash, sum: net}
)YAML";

/// The shipped folder with that system beside it, switched on in the drawn town.
const kernel::CompileResult& definitions() {
  static const kernel::CompileResult compiled = [] {
    auto files = must(cli::office_files(test::shipped_folder().files, {"yanji"}));
    for (kernel::Node& node : must(codec::read_yaml(kSystem, "rounds.yaml"))) {
      const std::string name = node.entries.front().value.text;
      files.push_back({"systems/rounds/" + name + ".yaml", std::move(node)});
    }
    for (kernel::DefinitionFile& file : files)
      if (file.root.entries.front().key == "locality" &&
          file.root.entries.front().value.text == "yanji") {
        if (file.root.find("systems") == nullptr) file.root.put("systems", kernel::Node::map());
        file.root.find("systems")->put("rounds", kernel::Node::scalar("on"));
      }
    kernel::CompileOptions options;
    options.sha256 = hash_definition;
    auto result = kernel::compile_localities(files, options);
    for (const kernel::Message& message : result.messages.all())
      if (message.severity == kernel::Severity::error && message.file.ends_with("rounds.yaml"))
        ADD_FAILURE() << message.file << ":" << message.line << " " << message.key;
    return result;
  }();
  return compiled;
}

const kernel::DirectoryPtr& directory() {
  static const kernel::DirectoryPtr made = must(scenario_directory(
      definitions(), test::shipped_folder().tables, *parse_date("2020-01-01")));
  return made;
}

ScenarioReport run_rounds(const std::string& text) {
  test::ScenarioStores stores;
  return must(run_scenarios({{"t.scenario", text}}, directory(), stores.opener(), {}));
}

std::string failures(const ScenarioReport& report) {
  std::string text;
  for (const ScenarioFailure& failure : report.failures)
    text += std::to_string(failure.line) + ": " + failure.expected + " / " + failure.actual + "\n";
  return text;
}

constexpr const char* kTwoLanes =
    "locality yanji\nat 2026-09-22 08:00\n"
    "given lane east name='东巷' grid=222401002001007, lane west name='西巷' grid=222401002001007, "
    "lane quiet name='静巷' grid=222401002001007 busy=false\n";

TEST(Duties, missing_units_are_listed_and_told_at_their_steps) {
  const auto report = run_rounds(std::string("# name: a day\n") + kTwoLanes +
                          "grid_worker@222401002001007 mark patrol lane=east -> marked\n"
                          "figure patrol.daily 222401 2026-09-22 -> 1/2, missing: west\n"
                          "figure patrol.daily 222401003 2026-09-22 -> missing: none\n"
                          "at 2026-09-22 17:30 -> tells grid_worker\n"
                          "at 2026-09-22 18:01 -> tells street_lead, tells dispatcher@it.owner\n"
                          "figure patrol.daily 222401 2026-09-22 -> 1/2\n");
  EXPECT_EQ(failures(report), "");
  EXPECT_TRUE(report.exercised.contains("duty patrol.daily"));
  EXPECT_TRUE(report.exercised.contains("step patrol.daily@-1 hour_natural"));
  EXPECT_TRUE(report.exercised.contains("step patrol.daily@100%"));
}

TEST(Duties, nobody_is_told_when_all_did_it_and_the_next_day_begins_anew) {
  const auto report = run_rounds(std::string("# name: two days\n") + kTwoLanes +
                          "grid_worker@222401002001007 mark patrol lane=east\n"
                          "grid_worker@222401002001007 mark patrol lane=west\n"
                          "at 2026-09-22 18:01 -> tells street_lead\n");
  ASSERT_EQ(report.failures.size(), 1U);
  EXPECT_THAT(report.failures[0].actual, testing::HasSubstr("told:"));
  EXPECT_EQ(failures(run_rounds(std::string("# name: two days\n") + kTwoLanes +
                         "grid_worker@222401002001007 mark patrol lane=east\n"
                         "grid_worker@222401002001007 mark patrol lane=west\n"
                         "at 2026-09-22 18:01\n"
                         "at 2026-09-23 18:01 -> opens duty_round x1, tells street_lead\n"
                         "figure patrol.daily 222401 2026-09-22 -> 2/2, missing: none\n"
                         "figure patrol.daily 222401 2026-09-23 -> 0/2\n")),
            "");
}

TEST(Duties, list_unexercised_names_a_duty_that_no_scenario_asks_for) {
  const auto missing = list_unexercised(*directory(), {});
  EXPECT_THAT(missing, testing::Contains("duty patrol.daily"));
  EXPECT_THAT(missing, testing::Contains("step patrol.daily@100%"));
}

TEST(Plans, open_one_matter_a_unit_and_slot_once_and_turns_go_round) {
  const auto report = run_rounds(
      "# name: evenings\nlocality yanji\nat 2026-09-22 09:00\n"
      "figure evening.none 222401 -> refused not_found\n"
      "at 2026-09-23 19:00\nat 2026-09-23 19:30\nat 2026-09-29 10:00\n");
  EXPECT_EQ(failures(report), "");
  test::ScenarioStores stores;
  ManualClock clock(*parse_instant("2026-09-22T01:00:00Z"));
  SeededRandom random(3);
  auto store = must(stores.opener()(clock, random, directory()));
  Office office{*store, clock, random};
  const auto only = [](const kernel::Name& type) { return type == "evening"; };
  const auto first = must(run_timetables(office, only));
  std::string why;
  for (const auto& [key, error] : first.failed) why += key + " " + test::key_of(error) + "\n";
  EXPECT_EQ(why, "");
  EXPECT_GT(first.opened, 1U);
  EXPECT_EQ(must(run_timetables(office, only)).opened, 0U) << "once";
  std::vector<std::string> leaders, helpers;
  must(store->each_matter([&](const kernel::SnapshotPtr& matter) -> Status {
    if (matter->type->name != "evening") return {};
    leaders.push_back(matter->find_field("leader")->get<kernel::Unit>()->code);
    helpers.push_back(matter->find_field("helper")->get<kernel::Unit>()->code);
    return {};
  }));
  ASSERT_GE(leaders.size(), 4U);
  EXPECT_EQ(leaders[0], "gas");
  EXPECT_EQ(leaders[1], "heating");
  EXPECT_EQ(leaders[2], "lighting_office");
  EXPECT_EQ(leaders[3], "gas");
  EXPECT_EQ(helpers[0], "gas");
  EXPECT_EQ(helpers[1], "heating");
  EXPECT_EQ(helpers[2], "gas");
  ASSERT_TRUE(first.next);
  clock.set(*first.next);
  EXPECT_EQ(must(run_timetables(office, only)).opened, first.opened) << "the next Wednesday";
  const auto check = must(check_data(office));
  EXPECT_THAT(check.differences, testing::IsEmpty());
}

constexpr const char* kBooks = "locality yanji\nat 2026-09-22 09:00\n";

TEST(Books, amounts_move_between_accounts_and_never_below_the_floor) {
  EXPECT_EQ(failures(run_rounds(std::string("# name: quota\n") + kBooks +
                         "given depot big name='大仓'\n"
                         "centre@222401 grant transfer to=gas amount=5 money=12.50 -> booked\n"
                         "centre@222401 shift transfer from=gas to=heating amount=2 as s"
                         " -> booked\n"
                         "centre@222401 shift transfer from=gas to=heating amount=4"
                         " -> refused books.quota.floor\n"
                         "centre@222401 stock transfer from=gas store=big amount=1 -> booked\n"
                         "figure transfer.granted org:gas 2026-09-22 -> 5\n"
                         "figure transfer.granted 222401 2026-09-22 -> 8\n"
                         "figure transfer.standing org:gas at 2026-09-22 -> 2\n"
                         "figure transfer.standing org:heating at 2026-09-22 -> 2\n"
                         "figure transfer.paid org:gas 2026-09-22 -> 12.5\n")),
            "");
}

TEST(Books, what_came_in_expires_and_what_came_first_goes_first) {
  EXPECT_EQ(failures(run_rounds(std::string("# name: points\n") + kBooks +
                         "centre@222401 reward transfer to=gas amount=3 as a -> booked\n"
                         "at 2026-10-12 09:00\n"
                         "centre@222401 reward transfer to=gas amount=4 as b -> booked\n"
                         "centre@222401 spend a -> spent\n"
                         "at 2026-10-23 09:00\n"
                         "centre@222401 spend b -> spent\n"
                         "centre@222401 reward transfer to=heating amount=1 as c -> booked\n"
                         "at 2026-11-30 09:00\n"
                         "centre@222401 spend c -> refused transfer.spend.enough\n")),
            "");
}

TEST(Books, a_balance_that_was_changed_behind_the_journal_is_found) {
  const auto folder = std::filesystem::temp_directory_path() /
                      ("gewu-books-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::string path = (folder / "office.db").string();
  {
    test::ShippedOffice office(path, directory());
    const Caller centre = office.seat("centre_1", "centre");
    Submission grant;
    grant.caller = centre;
    grant.type = "transfer";
    grant.action = "grant";
    grant.values = std::vector<kernel::NamedValue>{
        {"to", kernel::Value(kernel::organisation_unit("gas"))},
        {"amount", kernel::Value(kernel::Number{5 * kernel::kMicros})}};
    const auto granted = must(submit_matter(*office.office, grant));
    ASSERT_EQ(granted.events.front().entries.size(), 1U);
    EXPECT_EQ(granted.events.front().entries.front().amount, 5 * kernel::kMicros);
    EXPECT_THAT(must(check_data(*office.office)).differences, testing::IsEmpty());
    sqlite3* file = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &file), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(file, "update book_balance set amount = amount + 1", nullptr, nullptr,
                           nullptr),
              SQLITE_OK);
    sqlite3_close(file);
    EXPECT_THAT(must(check_data(*office.office)).differences,
                testing::Contains(testing::HasSubstr("balance quota org:gas")));
  }
  std::filesystem::remove_all(folder);
}

TEST(RoundFigures, distinct_mean_and_median) {
  EXPECT_EQ(failures(run_rounds(std::string("# name: figures\n") + kTwoLanes +
                         "grid_worker@222401002001007 mark patrol lane=east minutes=10\n"
                         "grid_worker@222401002001007 mark patrol lane=east minutes=20\n"
                         "grid_worker@222401002001007 mark patrol lane=west minutes=60\n"
                         "grid_worker@222401002001007 mark patrol lane=west\n"
                         "figure patrol.walked 222401 2026-09-22 -> 2\n"
                         "figure patrol.mean_minutes 222401 2026-09-22 -> 90/3\n"
                         "figure patrol.lanes 222401 2026-09-22 -> 2/2, missing: none\n")),
            "");
}

/// A stock moves between the steps of its histogram when the value changes, and out of it when the
/// matter leaves; how it stood at a date stays.
TEST(RoundFigures, the_median_of_a_stock_follows_its_values) {
  EXPECT_EQ(failures(run_rounds(
                "# name: huts\nlocality yanji\nat 2026-09-22 08:00\n"
                "figure hut.usual 222401 at 2026-09-22 -> missing\n"
                "grid_worker@222401002001007 build hut size=10 price=100 as a -> standing\n"
                "grid_worker@222401002001007 build hut size=20 price=300 as b -> standing\n"
                "figure hut.few 222401 at 2026-09-22 -> missing\n"
                "grid_worker@222401002001007 build hut size=40 price=500 as c -> standing\n"
                "grid_worker@222401002001007 build hut as unknown -> standing\n"
                "figure hut.huts 222401 at 2026-09-22 -> 4\n"
                "figure hut.usual 222401 at 2026-09-22 -> 19.852624\n"
                "figure hut.few 222401 at 2026-09-22 -> 19.852624\n"
                "figure hut.usual_price 222401 at 2026-09-22 -> 297.324431\n"
                "at 2026-10-08 09:00\n"
                "grid_worker@222401002001007 measure b size=80 -> standing\n"
                "figure hut.usual 222401 at 2026-10-07 -> 19.852624\n"
                "figure hut.usual 222401 at 2026-10-08 -> 39.839468\n"
                "grid_worker@222401002001007 measure a size=none -> standing\n"
                "grid_worker@222401002001007 raze b -> gone\n"
                "grid_worker@222401002001007 raze unknown -> gone\n"
                "figure hut.usual 222401 at 2026-10-08 -> 39.839468\n"
                "figure hut.few 222401 at 2026-10-08 -> missing\n"
                "figure hut.usual 222401 2026-09 -> 19.852624\n"
                "grid_worker@222401002001007 raze c -> gone\n"
                "figure hut.usual 222401 at 2026-10-08 -> missing\n")),
            "");
}

constexpr const char* kWarrant =
    "locality yanji\nat 2026-09-22 09:00\n"
    "centre@222401 issue warrant name='甲' as w -> good\n";

/// Counted, summed, in the middle, over one another, of ground and organisation: what stood when the
/// action was taken, without the action itself.
TEST(Frozen, a_figure_is_what_stood_when_the_action_was_taken) {
  EXPECT_EQ(failures(run_rounds(std::string("# name: frozen\n") + kWarrant +
                "centre@222401 run errand cost=100 as a -> going, before=0, mine=0, spent=0,"
                " open=0, middle=none, secret=0\n"
                "centre@222401 run errand cost=300 as b -> before=1, mine=1, spent=100, open=1,"
                " middle=99.51, secret=none\n"
                "centre@222401 finish a -> done, share=0, opens sheet as s; s done_before=0\n"
                "centre@222401 finish b -> done, share=0.5, opens sheet as t; t done_before=1\n"
                "at 2026-09-23 09:00\n"
                "centre@222401 run errand cost=5 as c -> before=0, mine=2, spent=0, open=0\n"
                "at 2026-10-09 09:00\n"
                "centre@222401 run errand as d -> mine=0, open=1; a share=0\n")),
            "");
}

TEST(Frozen, a_row_knows_how_often_it_was_cited) {
  EXPECT_EQ(failures(run_rounds(std::string("# name: cited\n") + kWarrant +
                "centre@222401 look w -> good, used=0\n"
                "centre@222401 spend w -> refused warrant.spend.when\n"
                "centre@222401 run errand cost=1 -> going, cites w\n"
                "centre@222401 spend w -> refused warrant.spend.often\n"
                "centre@222401 run errand cost=1 -> going, cites w\n"
                "centre@222401 look w -> good, used=2\n"
                "centre@222401 spend w -> spent, used=2\n"
                "centre@222401 run errand cost=1 -> refused errand.run.basis\n")),
            "");
}

class FrozenFile : public testing::Test {
 protected:
  FrozenFile()
      : folder_(std::filesystem::temp_directory_path() /
                ("gewu-frozen-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~FrozenFile() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return (folder_ / "office.db").string(); }

  void spoil(const char* sql) {
    sqlite3* file = nullptr;
    ASSERT_EQ(sqlite3_open(path().c_str(), &file), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(file, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sql;
    sqlite3_close(file);
  }
  static Submission errand(const Caller& centre, std::int64_t yuan) {
    Submission run;
    run.caller = centre;
    run.type = "errand";
    run.action = "run";
    run.values = std::vector<kernel::NamedValue>{{"cost", kernel::Value(kernel::Money{yuan * 100})}};
    return run;
  }
  static Submission warrant(const Caller& centre) {
    Submission issue;
    issue.caller = centre;
    issue.type = "warrant";
    issue.action = "issue";
    issue.values = std::vector<kernel::NamedValue>{{"name", kernel::Value(std::string("甲"))}};
    return issue;
  }
  static std::vector<std::string> differences(test::ShippedOffice& office) {
    return must(check_data(*office.office)).differences;
  }

 private:
  std::filesystem::path folder_;
};

/// Turns of one transaction see one another's counts; what was frozen is not read anew by a replay,
/// not even when the cells were changed behind the journal.
TEST_F(FrozenFile, a_figure_holds_every_turn_before_it_and_is_replayed_as_it_was) {
  test::ShippedOffice office(path(), directory());
  const Caller centre = office.seat("centre_1", "centre");
  must(submit_matter(*office.office, warrant(centre)));
  std::vector<Submission> runs;
  for (int i = 0; i < 5; ++i) runs.push_back(errand(centre, 10));
  const auto made = must(submit_matters(*office.office, runs));
  ASSERT_EQ(made.size(), runs.size());
  for (std::size_t i = 0; i < made.size(); ++i) {
    const auto matter = must(made[i]).matter;
    const auto n = static_cast<std::int64_t>(i);
    EXPECT_EQ(*matter->find_field("before"), kernel::Value(kernel::Number{n * kernel::kMicros}));
    EXPECT_EQ(*matter->find_field("open"), kernel::Value(kernel::Number{n * kernel::kMicros}));
    EXPECT_EQ(*matter->find_field("spent"), kernel::Value(kernel::Money{n * 1'000}));
  }
  must(office.store->fold());
  const auto last = must(submit_matter(*office.office, errand(centre, 10)));
  EXPECT_EQ(*last.matter->find_field("before"),
            kernel::Value(kernel::Number{5 * kernel::kMicros}));
  EXPECT_THAT(differences(office), testing::IsEmpty());
  spoil("update cell set count = count + 1 where indicator = 'errand.runs'");
  EXPECT_THAT(differences(office), testing::Each(testing::HasSubstr("cell errand.runs")));
}

TEST_F(FrozenFile, citations_are_counted_again_from_the_journal) {
  test::ShippedOffice office(path(), directory());
  const Caller centre = office.seat("centre_1", "centre");
  const MatterId row = must(submit_matter(*office.office, warrant(centre))).matter->id;
  std::vector<Submission> runs(3, errand(centre, 1));
  for (const auto& made : must(submit_matters(*office.office, runs))) must(made);
  EXPECT_EQ(office.store->read()->cited(row), 3);
  EXPECT_THAT(differences(office), testing::IsEmpty());
  for (const char* change : {"update citation set times = times + 1", "delete from citation"}) {
    spoil(change);
    EXPECT_THAT(differences(office),
                testing::ElementsAre("citation " + std::to_string(row.value)));
  }
  // An office from before the table: the journal tells it all.
  office.office.reset();
  office.store.reset();
  spoil("drop table citation; drop table answer_link; drop index outbox_waiting;"
        " pragma user_version = 14");
  store::sqlite::OpenOptions options;
  options.path = path();
  options.clock = &office.clock;
  options.random = &office.random;
  options.vault = &office.vault;
  options.apply_directory = apply_directory_events;
  options.preset = directory();
  options.may_migrate = true;
  office.store = must(store::sqlite::open_store(std::move(options)));
  office.office = std::make_unique<Office>(Office{*office.store, office.clock, office.random});
  EXPECT_EQ(office.store->read()->cited(row), 3);
  EXPECT_THAT(differences(office), testing::IsEmpty());
}

}  // namespace
}  // namespace gewu::usecase
