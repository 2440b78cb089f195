// What everybody is told by place and week, asked over the route as anybody does: whoever takes all
// weeks and adds and subtracts as he likes learns of no group of fewer than five.
#include <gtest/gtest.h>

#include <random>

#include "base/spans.h"
#include "support/difference_attack.h"
#include "unit/http/with_settings.h"
#include "usecase/check_data.h"
#include "usecase/open_figures.h"

namespace gewu::test {
namespace {

using codec::Json;


class OpenFigures : public ::testing::Test {
 protected:
  OpenFigures() {
    std::vector<usecase::DirectoryChange> changes;
    add(changes, "222401002002", kernel::Level::community);
    add(changes, "222401003002", kernel::Level::community);
    for (const char* code : {"222401002001001", "222401002001002", "222401002002001",
                             "222401002002002", "222401003001002", "222401003002001"}) {
      if (code != kOtherGrid) add(changes, code, kernel::Level::grid);
      grids.emplace_back(code);
    }
    grids.push_back(kGrid);
    EXPECT_TRUE(usecase::change_directory(*office.office, changes, "test"));
  }

  /// As a publication makes an indicator public.
  void publish() {
    std::string system(kSystem);
    const auto put = [&](std::string_view before, std::string_view after) {
      const auto at = system.find(before);
      ASSERT_NE(at, std::string::npos) << before;
      system.replace(at, before.size(), after);
    };
    put("type: appeal\nversion: 1", "type: appeal\nversion: 2");
    put("came_in: {label: 来件, flow: submit, ", "came_in: {label: 来件, flow: submit, public: true, ");
    publish_system(office, system);
  }

  static void add(std::vector<usecase::DirectoryChange>& changes, const std::string& code,
                  kernel::Level level) {
    kernel::Territory territory;
    territory.code = code;
    territory.level = level;
    territory.name.zh = "地" + code;
    territory.valid_from = *parse_date("2000-01-01");
    changes.push_back(kernel::TerritoryChange{territory});
  }

  /// `person` 0 leaves no number.
  void report(const std::string& grid, std::int64_t person) {
    std::string contact;
    if (person > 0)
      contact = R"(,"contact":{"name":"某人","phone":"139)" +
                std::to_string(10'000'000 + person) + R"("})";
    Ask ask{.method = "POST", .target = "/api/matters"};
    ask.body = R"({"type":"appeal","values":{"text":"灯不亮","place":{"territory":")" + grid +
               R"(","address":"路口"})" + contact + "}}";
    ++asked;
    ask.peer = "198.51." + std::to_string(asked / 250 % 250) + "." + std::to_string(asked % 250);
    const auto reply = office.ask(ask);
    ASSERT_EQ(reply.status, 201) << reply.body;
    reports[week()].push_back({grid, person});
  }
  Date week() {
    const auto days = static_cast<std::int32_t>((office.clock.now().ms + 8 * kMsPerHour) / kMsPerDay);
    return {days - (weekday({days}) - 1)};
  }
  void wait(std::int64_t days) { office.clock.set(office.clock.now() + days * kMsPerDay); }
  int tell() {
    for (int told = 0;; ++told) {
      const auto more = usecase::tell_open_week(*office.office);
      EXPECT_TRUE(more) << more.error().key;
      if (!more || !*more) return told;
    }
  }
  http::Response ask(const std::string& monday) {
    return office.get("/api/public/figures" + (monday.empty() ? "" : "?week=" + monday));
  }
  static std::vector<OpenCount> counts_of(const http::Response& reply) {
    const Json json = HttpOffice::json(reply);
    const Json* week = json.array_at("figures")->at(0).find("week");
    if (week == nullptr) return {};
    std::vector<OpenCount> counts;
    for (const Json& place : *week->array_at("places"))
      counts.push_back({std::string(*place.string_at("code")), *place.integer_at("count")});
    return counts;
  }
  std::vector<OpenCount> counts(const std::string& monday = "") { return counts_of(ask(monday)); }

  HttpOffice office;
  std::vector<std::string> grids;
  std::map<Date, std::vector<OpenReport>> reports;   ///< by Monday
  std::int64_t asked = 0;
};

TEST_F(OpenFigures, no_difference_over_the_route_singles_anybody_out_week_by_week) {
  publish();
  std::mt19937_64 random(85);
  const auto below = [&](std::uint64_t most) { return random() % most; };
  std::map<Date, std::string> first_told;
  std::size_t told = 0, withheld = 0;
  for (int i = 0; i < 24; ++i) {
    const std::uint64_t people = 3 + below(40);
    for (std::uint64_t j = 0, most = below(70); j < most; ++j) {
      // Skewed, so that most grids have few and some have many.
      report(grids[below(1 + below(grids.size()))], static_cast<std::int64_t>(below(people)));
      if (HasFatalFailure()) return;
    }
    wait(7);
    tell();
    for (const auto& [monday, week] : reports) {
      const auto reply = ask(format_date(monday));
      ASSERT_EQ(reply.status, 200);
      const auto shown = counts_of(reply);
      if (!first_told.contains(monday) && shown.empty()) continue;
      std::string places;
      for (const OpenCount& count : shown)
        places += count.place + "=" + std::to_string(count.reports) + " ";
      // Told once: later reports, and what time does, change nothing of it.
      const auto [known, is_new] = first_told.try_emplace(monday, places);
      EXPECT_EQ(known->second, places) << format_date(monday);
      if (!is_new) continue;
      ASSERT_EQ(singled_out(week, shown), 0u) << format_date(monday) << ": " << places;
      told += shown.size();
      std::set<std::string> places_of_week;
      for (const OpenReport& report : week) places_of_week.insert(report.place);
      withheld += places_of_week.size();
    }
  }
  EXPECT_GT(told, 40u);
  EXPECT_GT(withheld, 40u);
}

TEST_F(OpenFigures, a_week_is_told_when_it_has_been_over_for_a_day_and_not_changed_again) {
  publish();
  for (std::int64_t person = 1; person <= 5; ++person) report(kGrid, person);
  EXPECT_EQ(ask("").status, 200);
  EXPECT_TRUE(counts().empty());
  wait(7);                                     // the Monday after
  tell();
  EXPECT_TRUE(counts("2026-11-09").empty());
  wait(1);
  EXPECT_EQ(tell(), 1);
  EXPECT_EQ(tell(), 0);
  const std::vector<OpenCount> expected{{"222401", 5},
                                        {"222401002", 5},
                                        {"222401002001", 5},
                                        {kGrid, 5}};
  EXPECT_EQ(counts("2026-11-09"), expected);
  EXPECT_EQ(counts(), expected);
  const auto reply = ask("");
  EXPECT_EQ(reply.body, office.get("/api/public/figures", office.browser("centre")).body);
  EXPECT_EQ(reply.body.find("139"), std::string::npos);
  EXPECT_EQ(HttpOffice::key_of(ask("2026-11-10")), "figure.period");
  EXPECT_EQ(HttpOffice::key_of(ask("yesterday")), "figure.period");
  EXPECT_TRUE(counts("2030-01-07").empty());
  wait(7);
  tell();
  EXPECT_TRUE(counts().empty()) << "nothing came in";
  EXPECT_EQ(counts("2026-11-09"), expected);
  const Json week = *HttpOffice::json(ask("2026-11-09")).array_at("figures")->at(0).find("week");
  EXPECT_EQ(week.string_at("later"), "2026-11-16");
  EXPECT_EQ(week.string_at("earlier"), "2026-11-02");
}

TEST_F(OpenFigures, one_who_reports_often_and_all_who_leave_no_number_are_one_each) {
  publish();
  for (int i = 0; i < 9; ++i) {
    report(kGrid, 7);
    report(kGrid, 0);
  }
  wait(8);
  tell();
  EXPECT_TRUE(counts("2026-11-09").empty());
}

TEST_F(OpenFigures, a_told_week_is_counted_again_from_the_journal_and_one_that_differs_is_named) {
  publish();
  for (std::int64_t person = 1; person <= 9; ++person) report(kGrid, person);
  for (std::int64_t person = 1; person <= 6; ++person) report(kOtherGrid, person);
  wait(7);
  for (std::int64_t person = 1; person <= 7; ++person) report(kGrid, person);
  wait(8);
  EXPECT_GT(tell(), 2);
  const auto differences = [&] {
    auto checked = usecase::check_data(*office.office);
    EXPECT_TRUE(checked) << checked.error().key;
    return checked ? checked->differences : std::vector<std::string>{"?"};
  };
  EXPECT_EQ(differences(), std::vector<std::string>{});
  // What comes in later of the week, and what moves, changes nothing of it.
  report(kGrid, 99);
  EXPECT_EQ(differences(), std::vector<std::string>{});

  const std::string key = "open_week appeal.came_in", week = key + " 2026-11-09";
  const auto kept = [&](const std::string& fact) { return **office.store->read_office(fact); };
  const std::string told = kept(week);
  const auto changed = [&](const std::string& before, const std::string& after) {
    std::string text = told;
    const auto at = text.find(before);
    EXPECT_NE(at, std::string::npos) << before << " in " << told;
    if (at == std::string::npos) return differences();
    text.replace(at, before.size(), after);
    EXPECT_TRUE(office.store->write_office(week, text));
    auto found = differences();
    EXPECT_TRUE(office.store->write_office(week, told));
    return found;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(changed(R"({"place":"222401","count":15})", R"({"place":"222401","count":16})"),
            Names{week + ": 222401"});
  EXPECT_EQ(changed(R"({"place":"222401","count":15},)", ""), Names{week + ": 222401"});
  EXPECT_EQ(changed(R"("counts":[)", R"("counts":[{"place":"222401009","count":5},)"),
            Names{week + ": 222401009"});
  EXPECT_EQ(changed(R"({"place":"222401003","count":6})", R"({"place":"222401002","count":9})"),
            (Names{week + ": 222401003"}));
  EXPECT_EQ(changed(R"({"sequence":)", R"({"sequence":9)"), Names{week + ": beyond the journal"});
  EXPECT_EQ(changed("counts", "count"), Names{week + ": figure.week"});
  EXPECT_EQ(changed(told, R"([{"place":"222401","count":15}])"), Names{week + ": sequence"})
      << "one of before there were marks shows what it says and proves nothing";
  const std::string last = kept(key);
  EXPECT_TRUE(office.store->write_office(key, "2026-11-02"));
  EXPECT_EQ(differences(), Names{key + ": last"});
  EXPECT_TRUE(office.store->write_office(key, last));
  EXPECT_EQ(differences(), Names{});
}

TEST_F(OpenFigures, a_told_week_whose_reporters_were_erased_is_still_held_against_its_reports) {
  publish();
  for (std::int64_t person = 1; person <= 6; ++person) report(kGrid, person);
  wait(8);
  tell();
  // A number is destroyed, as a restore or the author's own wish does.
  MatterId first;
  EXPECT_TRUE(office.store->each_matter([&](const kernel::SnapshotPtr& matter) -> Status {
    if (!first.has_value()) first = matter->id;
    return {};
  }));
  const auto events = *office.store->read_timeline(first, 10);
  std::uint8_t slot = 0;
  for (const kernel::RecordedValue& value : events.back().change.fields)
    if (value.name == "contact") slot = value.key_slot;
  const store::KeySlot gone{first, slot};
  ASSERT_TRUE(office.vault.destroy(std::span(&gone, 1), office.clock.now(), "test"));
  const std::string week = "open_week appeal.came_in 2026-11-09";
  const auto of_weeks = [&] {
    auto found = usecase::check_data(*office.office)->differences;
    std::erase_if(found, [](const std::string& one) { return !one.starts_with("open_week"); });
    return found;
  };
  EXPECT_EQ(of_weeks(), std::vector<std::string>{});
  std::string text = **office.store->read_office(week);
  const std::string honest = R"({"place":"222401002","count":6})";
  const auto at = text.find(honest);
  ASSERT_NE(at, std::string::npos) << text;
  text.replace(at, honest.size(), R"({"place":"222401002","count":7})");
  EXPECT_TRUE(office.store->write_office(week, text));
  EXPECT_EQ(of_weeks(), std::vector<std::string>{week + ": 222401002"});
}

TEST_F(OpenFigures, what_no_definition_makes_public_is_told_of_nowhere) {
  for (std::int64_t person = 1; person <= 9; ++person) report(kGrid, person);
  wait(8);
  EXPECT_EQ(tell(), 0);
  const auto reply = ask("");
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(HttpOffice::json(reply).array_at("figures")->empty());
}

}  // namespace
}  // namespace gewu::test
