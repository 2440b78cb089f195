#include "unit/matter/expression_fixture.h"

namespace gewu::test {
namespace {

class ExpressionFunctions : public ExpressionTest {
 protected:
  Value instant(const char* text) { return *parse_instant(text); }
};

TEST_F(ExpressionFunctions, every_function_counts_its_arguments) {
  const std::pair<const char*, int> counts[] = {
      {"count", 1}, {"any", 1}, {"none", 1}, {"all", 2}, {"sum", 2}, {"mean", 2}, {"min", 2},
      {"max", 2}, {"first", 1}, {"only", 1}, {"highest", 2}, {"lowest", 2}, {"has", 1}, {"if", 3},
      {"min2", 2}, {"max2", 2}, {"round", 2}, {"times", 1}, {"days", 2}, {"minutes", 2},
      {"years", 2}, {"day", 1}, {"year_of", 1}, {"start_of", 2}, {"end_of", 2}, {"at_time", 2},
      {"is_workday", 1}, {"period", 2}, {"inside", 2}, {"grid_of", 1}, {"grids_of", 1}, {"up", 2},
      {"covers", 2}, {"common", 1}, {"office", 1}, {"distance", 2}, {"weighted", 1},
      {"complete", 1}, {"reasoned", 1}, {"used", 1}, {"overdue", 1}, {"due", 1}, {"streak", 2},
      {"figure", 3}, {"cited", 1}};
  for (const auto& [name, count] : counts)
    for (int given = 0; given <= 5; ++given) {
      std::string text = std::string(name) + "(";
      for (int i = 0; i < given; ++i) text += i == 0 ? "n" : ", n";
      const std::string key = refusal(text + ")");
      EXPECT_EQ(key == "expression.arguments", given != count) << text << " " << key;
    }
}

TEST_F(ExpressionFunctions, choice_and_numbers) {
  EXPECT_EQ(run("if(n > 1, 'much', 'little')"), Value(std::string("much")));
  EXPECT_EQ(run("min2(n, 3)"), number(3));
  EXPECT_EQ(run("max2(n, 3)"), number(7));
  EXPECT_EQ(run("min2(cost, 50)"), Value(Money{5'000}));
  EXPECT_TRUE(run("min2(n, m)").is_missing());
  EXPECT_EQ(run("max2(day_due, today)"), Value(date_of({2026, 9, 28})));
  EXPECT_EQ(run("round(2.5, 1)"), number(3));
  EXPECT_EQ(run("round(-2.5, 1)"), number(-3));
  EXPECT_EQ(run("round(cost / 3, 0.1)"), Value(Money{3'330}));
  EXPECT_TRUE(run("round(n, 0)").is_missing());
}

TEST_F(ExpressionFunctions, history) {
  EXPECT_EQ(run("times(reply)"), number(0));
  EXPECT_TRUE(run("last(reply).at").is_missing());
  ActionRecord record{.action = "reply", .times = 2, .at = now};
  record.actor.post = PostId{71};
  record.actor.organisation = "beishan_street";
  record.actor.unit = territory_unit("222401002001");
  record.actor.account = AccountId{5};
  record.input = {{"answer", Key{"partly"}}};
  self->actions = {record};
  EXPECT_EQ(run("times(reply)"), number(2));
  EXPECT_EQ(run("times(note)"), number(0));
  EXPECT_EQ(run("last(reply).at"), Value(now));
  EXPECT_TRUE(holds("last(reply).actor.organisation == actor.organisation"));
  EXPECT_TRUE(holds("last(reply).actor.post == actor.post"));
  EXPECT_TRUE(holds("last(reply).actor.account == actor.account"));
  EXPECT_TRUE(holds("last(reply).actor.unit == actor.unit"));
  EXPECT_TRUE(holds("last(reply).input.answer == partly"));
  EXPECT_TRUE(run("last(reply).input.share_of").is_missing());
  EXPECT_TRUE(run("last(accept).actor.post").is_missing());
}

TEST_F(ExpressionFunctions, days_and_times) {
  EXPECT_EQ(run("days(today, day_due)"), number(6));
  EXPECT_EQ(run("days(day_due, now)"), number(-6));
  EXPECT_EQ(run("minutes(at, now)"), number(30));
  EXPECT_EQ(run("minutes(now, at)"), number(-30));
  EXPECT_EQ(run("years('2000-09-22', today)"), number(26));
  EXPECT_EQ(run("years('2000-09-23', today)"), number(25));
  EXPECT_EQ(run("years(today, '2000-09-22')"), number(-26));
  EXPECT_EQ(run("year_of(today)"), number(2026));
  EXPECT_EQ(run("day(at)"), Value(date_of({2026, 9, 22})));
  put(*self, "at", instant("2026-09-22T16:30:00Z"));  // already the next day here
  EXPECT_EQ(run("day(at)"), Value(date_of({2026, 9, 23})));
  EXPECT_EQ(run("start_of('week', today)"), Value(date_of({2026, 9, 21})));
  EXPECT_EQ(run("end_of('week', today)"), Value(date_of({2026, 9, 27})));
  EXPECT_EQ(run("start_of('month', today)"), Value(date_of({2026, 9, 1})));
  EXPECT_EQ(run("end_of('month', now)"), Value(date_of({2026, 9, 30})));
  EXPECT_EQ(run("start_of('quarter', today)"), Value(date_of({2026, 7, 1})));
  EXPECT_EQ(run("end_of('quarter', today)"), Value(date_of({2026, 9, 30})));
  EXPECT_EQ(run("start_of('half', today)"), Value(date_of({2026, 7, 1})));
  EXPECT_EQ(run("end_of('half', '2026-02-01')"), Value(date_of({2026, 6, 30})));
  EXPECT_EQ(run("start_of('year', today)"), Value(date_of({2026, 1, 1})));
  EXPECT_EQ(run("end_of('year', opened_at)"), Value(date_of({2026, 12, 31})));
  EXPECT_EQ(refusal("start_of('day', today)"), "expression.key");
  EXPECT_EQ(refusal("start_of(month, today)"), "expression.key");
  EXPECT_EQ(run("at_time('8:30', today)"), instant("2026-09-22T00:30:00Z"));
  EXPECT_EQ(refusal("at_time('25:00', today)"), "expression.type");
  EXPECT_TRUE(
      holds("is_workday(today) and not is_workday('2026-09-26') and not is_workday('2026-10-01')"));
  for (const char* text : {"days(into.day_due, today)", "minutes(into.at, now)", "day(into.at)",
                           "start_of('year', into.at)", "is_workday(into.day_due)"})
    EXPECT_TRUE(run(text).is_missing()) << text;
}

TEST_F(ExpressionFunctions, periods_and_hours) {
  EXPECT_EQ(run("period(at, now)"), Value(Period{*parse_instant("2026-09-22T00:30:00Z"), now}));
  EXPECT_TRUE(run("period(now, at)").is_missing());
  EXPECT_EQ(run("period(today, today)"), Value(Period{*parse_instant("2026-09-21T16:00:00Z"),
                                                      *parse_instant("2026-09-22T16:00:00Z")}));
  EXPECT_EQ(run("period(at, now).to"), Value(now));
  Hours hours;
  hours.days[1] = {{480, 720}, {720, 1080}};  // Tuesday, two frames that touch
  hours.days[2] = {{0, 600}};
  put(*self, "hours", make_large(hours));
  const auto inside = [&](const char* from, const char* to) {
    put(*self, "slot", Period{*parse_instant(from), *parse_instant(to)});
    return holds("inside(slot, hours)");
  };
  EXPECT_TRUE(inside("2026-09-22T00:00:00Z", "2026-09-22T10:00:00Z"));
  EXPECT_FALSE(inside("2026-09-21T23:59:00Z", "2026-09-22T10:00:00Z"));
  EXPECT_FALSE(inside("2026-09-22T00:00:00Z", "2026-09-22T10:01:00Z"));
  EXPECT_FALSE(inside("2026-09-22T09:00:00Z", "2026-09-22T17:00:00Z"));
  EXPECT_TRUE(inside("2026-09-22T16:00:00Z", "2026-09-23T02:00:00Z"));
  EXPECT_FALSE(inside("2026-09-24T02:00:00Z", "2026-09-24T03:00:00Z"));
}

TEST_F(ExpressionFunctions, places) {
  put(*self, "place", make_large(Place{.territory = "222401002001007"}));
  EXPECT_EQ(run("grid_of(place)"), Value(territory_unit("222401002001007")));
  put(*self, "place", make_large(Place{.address = "x", .territory = "222401002"}));
  EXPECT_TRUE(run("grid_of(place)").is_missing());
  const auto point = [](std::int32_t lon, std::int32_t lat) { return LonLat{lon, lat}; };
  put(*self, "place", make_large(Place{.point = point(129'500'000, 42'900'000)}));
  put(*self, "path",
      make_large(
          std::vector<LonLat>{point(129'490'000, 42'901'000), point(129'510'000, 42'901'000)}));
  const Number metres = *run("distance(place, path)").get<Number>();
  EXPECT_NEAR(metres.micros / 1e6, 111, 1);  // a thousandth of a degree of latitude
  EXPECT_EQ(run("distance(path, place)"), Value(metres));
  EXPECT_EQ(run("distance(place, place)"), number(0));
  EXPECT_TRUE(run("distance(place, into.place)").is_missing());
  const auto square = [&](std::string code, std::int32_t west) {
    Territory grid{.code = std::move(code), .level = Level::grid, .name = {"格"}};
    grid.boundary = Boundary{{{point(west, 42'800'000), point(west + 10'000, 42'800'000),
                               point(west + 10'000, 42'950'000), point(west, 42'950'000),
                               point(west, 42'800'000)}}};
    return grid;
  };
  const Territory a = square("222401002001007", 129'495'000),
                  b = square("222401002001008", 129'505'000);
  const Territory* grids[] = {&a, &b};
  directory.grids = std::make_shared<const GridIndex>(GridIndex::build(grids).value());
  EXPECT_EQ(run("grid_of(place)"), Value(territory_unit("222401002001007")));
  EXPECT_EQ(run("grids_of(path)"),
            make_set({territory_unit("222401002001007"), territory_unit("222401002001008")}));
  EXPECT_EQ(run("count(grids_of(path)[level == grid])"), number(2));
  EXPECT_EQ(run("common(grids_of(path))"), Value(territory_unit("222401002001")));
}

TEST_F(ExpressionFunctions, territories_and_offices) {
  EXPECT_EQ(run("up(territory, subdistrict)"), Value(territory_unit("222401002")));
  EXPECT_EQ(run("office(up(territory, subdistrict))"), Value(organisation_unit("beishan_street")));
  EXPECT_TRUE(run("office(territory)").is_missing());
  EXPECT_TRUE(run("up(territory, building)").is_missing());
  EXPECT_TRUE(holds("covers(actor.unit, territory) and not covers(territory, actor.unit)"));
  EXPECT_TRUE(holds("covers(owner, territory)"));  // where the organisation works
  EXPECT_FALSE(holds("covers(into.territory, territory)"));
  EXPECT_EQ(run("territory.parent"), Value(territory_unit("222401002001")));
  EXPECT_EQ(run("territory.level"), Value(Key{"grid"}));
  EXPECT_EQ(run("territory.code"), Value(std::string("222401002001007")));
  EXPECT_EQ(run("handler.parent"), Value(organisation_unit("beishan_street")));
  EXPECT_EQ(run("handler.kind"), Value(std::string("department")));
  EXPECT_EQ(run("handler.territory"), Value(territory_unit("222401")));
  put(*self, "areas",
      make_set({territory_unit("222401002001007"), territory_unit("222401002001008")}));
  EXPECT_EQ(run("common(areas)"), Value(territory_unit("222401002001")));
  put(*self, "areas", make_set({}));
  EXPECT_TRUE(run("common(areas)").is_missing());
  EXPECT_FALSE(holds("has(areas)"));
  put(*self, "helper", PostRef{PostId{71}});
  EXPECT_EQ(run("helper.territory"), Value(territory_unit("222401002001")));
}

TEST_F(ExpressionFunctions, scores) {
  EXPECT_TRUE(run("weighted(rates)").is_missing());
  EXPECT_FALSE(holds("complete(rates) or reasoned(rates)"));
  put(*self, "rates",
      make_large(
          std::vector<Score>{{"speed", {90 * kMicros}, "quick"}, {"result", {80 * kMicros}, ""}}));
  EXPECT_EQ(run("weighted(rates)"), number(83));
  EXPECT_TRUE(holds("complete(rates) and not reasoned(rates)"));
  put(*self, "rates", make_large(std::vector<Score>{{"speed", {90 * kMicros}, "quick"}}));
  EXPECT_EQ(run("weighted(rates)"), number(90));
  EXPECT_FALSE(holds("complete(rates)"));
}

TEST_F(ExpressionFunctions, clocks) {
  EXPECT_TRUE(run("due(promise)").is_missing());
  EXPECT_FALSE(holds("overdue(promise)"));
  EXPECT_TRUE(run("used(promise)").is_missing());
  ClockState clock{.name = "promise", .status = ClockStatus::running};
  clock.inputs.start = now;
  clock.inputs.targets = {Limit{4, LimitUnit::hour_working}};
  clock.due = *parse_instant("2026-09-22T06:30:00Z");
  self->clocks = {clock};
  EXPECT_EQ(run("due(promise)"), Value(clock.due));
  EXPECT_EQ(run("used(promise)"), number(0));
  now = *parse_instant("2026-09-22T03:00:00Z");
  EXPECT_EQ(run("used(promise)"), number(0.5));
  EXPECT_FALSE(holds("overdue(promise)"));
  now = *parse_instant("2026-09-22T06:31:00Z");
  EXPECT_EQ(run("used(promise)"), number(1));
  EXPECT_TRUE(holds("overdue(promise)"));
  self->clocks[0].status = ClockStatus::paused;
  EXPECT_TRUE(run("due(promise)").is_missing());
}

TEST_F(ExpressionFunctions, lists) {
  EXPECT_EQ(run("list.category"), make_set({Key{"lighting"}, Key{"water"}, Key{"other"}}));
  EXPECT_EQ(run("highest(list.category[weight <= this.n], weight)"), Value(Key{"water"}));
  EXPECT_EQ(run("lowest(list.category, weight).weight"), number(2));
  EXPECT_EQ(run("sum(list.category, weight)"), number(9));
  locality.lists["category"].rows[1].off = true;  // cannot be used anew, old matters keep it
  EXPECT_EQ(run("count(list.category)"), number(2));
  put(*self, "category", Key{"water"});
  EXPECT_EQ(run("category.weight"), number(7));
}

}  // namespace
}  // namespace gewu::test
