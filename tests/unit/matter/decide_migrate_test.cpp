#include "decide_office.h"
#include "migration_fixture.h"

// A migration of one matter: what it carries over, what it computes anew, what stays as it was.

namespace gewu::test {
namespace {

constexpr std::string_view kHead = "migrate: errand\nfrom: 1\nto: 2\n";
constexpr std::string_view kStart = "2026-09-22 09:00";

/// An office that practises the errands of the fixture, and can publish others.
struct Errands {
  Errands() {
    practise(errands());
    office.go(kStart);
  }
  void practise(const CompileResult& compiled) {
    auto directory = std::make_shared<Directory>(*office.directory());
    directory->localities = compiled.localities;
    auto roster = directory->roster->with(clerk());
    ASSERT_TRUE(roster) << roster.error().key;
    directory->roster = std::make_shared<const Roster>(*std::move(roster));
    office.set_directory(directory);
  }
  static Post clerk() {
    Post post;
    post.id = PostId{50};
    post.key = "clerk_50";
    post.role = "clerk";
    post.unit = territory_unit("222401");
    post.organisation = "town_hall";
    post.state = PostState::filled;
    post.holders.push_back({.account = AccountId{150}, .from = Instant{0}, .until = {}});
    return post;
  }
  MatterId start(std::vector<NamedValue> values = {}) {
    const auto id = office.open("errand", office.at_post(50), std::move(values));
    EXPECT_TRUE(id) << (id ? "" : id.error().key);
    return id.value_or(MatterId{});
  }
  /// Publishes the edited definitions and keeps the migration to them.
  void publish(const Edits& edits, std::string_view file) {
    const Compiled made = compile_errand(edits, std::string(kHead) + std::string(file));
    ASSERT_EQ(errors_of(made.messages), "");
    migration = made.migration;
    practise(made.now);
  }
  /// "" when the matter moved.
  std::string move(MatterId id) {
    auto decision = migrate_matter(office.chamber(), id, *migration);
    if (!decision) return decision.error().key;
    if (decision->steps.empty()) return "nothing";
    EXPECT_EQ(decision->steps.front().event.kind, Event::Kind::migrate);
    office.take(*std::move(decision));
    return "";
  }

  Office office;
  MigrationPtr migration;
};

TEST(DecideMigrate, a_matter_goes_on_under_the_new_text) {
  Errands town;
  const MatterId id = town.start({Office::text("note", "送药"), Office::key("size", "small"),
                                  {"amount", Value(Number{3 * kMicros})}});
  ASSERT_EQ(town.office.act(id, "go_on", town.office.at_post(50)), "");
  const std::int64_t version = town.office.load(id)->version;
  town.publish({{"busy: 忙", "running: 在跑"}, {"to: busy", "to: running"},
                {"go_on: {", "carry: {"}, {"[open, busy], to", "[open, running], to"},
                {"in: [open, busy]", "in: [open, running]"},
                {"stock: [open, busy]", "stock: [open, running]"},
                {"stock: [busy]", "stock: [running]"},
                {"  amount: {kind: number, label: 数量}",
                 "  count: {kind: number, label: 件数, required: true}\n"
                 "  twice: {kind: number, label: 倍数, value: count * 2}"},
                {"size, amount, room", "size, count, room"}},
               "states: {busy: running}\nactions: {go_on: carry}\n"
               "fields: {count: amount + times(go_on)}\n");
  EXPECT_EQ(town.move(id), "");
  const SnapshotPtr moved = town.office.load(id);
  EXPECT_EQ(moved->type, town.office.directory()->localities.at("town")->find_type("errand"));
  EXPECT_EQ(town.office.state(id), "running");
  EXPECT_EQ(moved->version, version + 1);
  EXPECT_EQ(*moved->find_field("note"), Value(std::string("送药")));
  EXPECT_EQ(*moved->find_field("count"), Value(Number{4 * kMicros}));
  EXPECT_EQ(*moved->find_field("twice"), Value(Number{8 * kMicros}));
  ASSERT_TRUE(moved->find_action("carry"));
  EXPECT_EQ(moved->find_action("carry")->times, 1);
  EXPECT_FALSE(moved->find_action("go_on"));
  const Event& event = town.office.events.back();
  ASSERT_TRUE(event.change.moved);
  EXPECT_EQ(event.change.moved->from->version, 1);
  for (const RecordedValue& value : event.change.fields)
    EXPECT_FALSE(value.personal) << "what is carried over is not written again: " << value.name;
  EXPECT_EQ(town.move(id), "nothing") << "a second time";
  EXPECT_EQ(town.office.act(id, "finish", town.office.at_post(50)), "");
}

TEST(DecideMigrate, what_is_over_and_what_is_of_another_text_stays) {
  Errands town;
  const MatterId over = town.start();
  ASSERT_EQ(town.office.act(over, "finish", town.office.at_post(50)), "");
  town.publish({}, "");
  EXPECT_EQ(town.move(over), "nothing");
  EXPECT_EQ(town.move(town.start()), "nothing") << "opened under the new text";
}

TEST(DecideMigrate, stock_figures_follow_the_state_and_the_rule) {
  Errands town;
  const MatterId id = town.start();
  ASSERT_EQ(town.office.act(id, "go_on", town.office.at_post(50)), "");
  EXPECT_EQ(town.office.figure("errand.open_now"), 1);
  EXPECT_EQ(town.office.figure("errand.in_hand"), 1);
  town.publish({{"busy: 忙", "calm: 闲"}, {"to: busy", "to: calm"},
                {"[open, busy], to", "[open, calm], to"}, {"in: [open, busy]", "in: [open, calm]"},
                {"stock: [open, busy]}, in_hand: {label: 在手, stock: [busy]}",
                 "stock: [open, calm]}, calm_now: {label: 闲着, stock: [calm]}"}},
               "states: {busy: calm}\n");
  EXPECT_EQ(town.move(id), "");
  EXPECT_EQ(town.office.figure("errand.open_now"), 1) << "in it before and after";
  EXPECT_EQ(town.office.figure("errand.in_hand"), 0);
  EXPECT_EQ(town.office.figure("errand.calm_now"), 1);
}

struct Word {
  const char* word;
  const char* within;
  const char* due;       ///< of a clock of 5 working days from Tuesday 09:00, moved on Thursday
  const char* status;
};
class ClockWords : public ::testing::TestWithParam<Word> {};

TEST_P(ClockWords, say_what_becomes_of_a_due) {
  const Word& word = GetParam();
  Errands town;
  const MatterId id = town.start();
  ASSERT_EQ(town.office.due_of(id, "answer"), "2026-09-29 17:00");
  const Instant first = town.office.load(id)->find_clock("answer")->first_due;
  town.office.go("2026-09-24 10:00");
  town.publish({{"within: 5 day_working", std::string("within: ") + word.within}},
               std::string("clocks: {answer: ") + word.word + "}\n");
  EXPECT_EQ(town.move(id), "");
  EXPECT_EQ(town.office.clock_of(id, "answer"), word.status);
  EXPECT_EQ(town.office.due_of(id, "answer"), word.due);
  EXPECT_EQ(town.office.load(id)->find_clock("answer")->first_due, first)
      << "the first promise stays visible";
}

INSTANTIATE_TEST_SUITE_P(
    All, ClockWords,
    ::testing::Values(Word{"keep", "3 day_working", "2026-09-29 17:00", "running"},
                      Word{"recompute", "3 day_working", "2026-09-25 17:00", "running"},
                      Word{"recompute", "1 day_working", "2026-09-23 17:00", "running"},
                      Word{"recompute", "8 day_working", "2026-09-29 17:00", "running"},
                      Word{"recompute_free", "8 day_working", "2026-10-02 17:00", "running"},
                      Word{"restart", "3 day_working", "2026-09-29 17:00", "running"},
                      Word{"restart", "1 day_working", "2026-09-25 17:00", "running"},
                      Word{"stop", "3 day_working", "2026-09-29 17:00", "void"}),
    [](const auto& of) {
      return std::string(of.param.word) + "_" + std::string(1, of.param.within[0]);
    });

TEST(DecideMigrate, a_clock_that_comes_out_overdue_is_red_at_once) {
  Errands town;
  const MatterId id = town.start();
  town.office.go("2026-09-24 10:00");
  ASSERT_EQ(town.office.lamp(id), Lamp::green);
  town.publish({{"within: 5 day_working", "within: 1 day_working"}},
               "clocks: {answer: recompute}\n");
  EXPECT_EQ(town.move(id), "");
  EXPECT_EQ(town.office.lamp(id), Lamp::red);
}

TEST(DecideMigrate, a_new_clock_starts_where_its_action_was_or_waits_for_the_next) {
  const Edits added = {{"clocks: {answer:", "clocks: {first: {label: 首接, from: start, until: go_on,"
                                            " within: 1 day_working}, answer:"}};
  for (const auto& [word, due] : {std::pair{"keep", "none"}, {"restart", "2026-09-25 17:00"},
                                  {"recompute", "2026-09-23 17:00"}}) {
    Errands town;
    const MatterId id = town.start();
    town.office.go("2026-09-24 10:00");
    town.publish(added, std::string("clocks: {first: ") + word + "}\n");
    EXPECT_EQ(town.move(id), "");
    EXPECT_EQ(town.office.due_of(id, "first"), due) << word;
  }
  Errands town;
  const MatterId id = town.start();
  ASSERT_EQ(town.office.act(id, "go_on", town.office.at_post(50)), "");
  town.publish(added, "clocks: {first: restart}\n");
  EXPECT_EQ(town.move(id), "");
  EXPECT_EQ(town.office.due_of(id, "first"), "none") << "what ends it was done already";
}

TEST(DecideMigrate, a_clock_that_is_gone_leaves_the_matter_watched) {
  Errands town;
  const MatterId id = town.start();
  town.publish({{"clocks: {answer: {label: 答复, from: start, until: finish,"
                 " within: 5 day_working}}\n",
                 ""}},
               "clocks: {answer: stop}\n");
  EXPECT_EQ(town.move(id), "");
  EXPECT_EQ(town.office.clock_of(id, "answer"), "void");
  EXPECT_EQ(town.office.clock_of(id, "idle"), "running");
}

TEST(DecideMigrate, a_pause_goes_by_the_states_of_the_new_text) {
  Errands town;
  const MatterId id = town.start();
  EXPECT_EQ(town.office.act(id, "go_on", town.office.at_post(50)), "");
  town.publish({{"within: 5 day_working",
                 "within: 5 day_working, pause: {in: [busy], most: 9 day_working}"},
                {"to: busy, by: [clerk]",
                 "to: busy, by: [clerk], apart: {start: person},"
                 " input: {ground: {kind: choice, list: grounds, label: 由, required: true}}"},
                {"  size: {small", "  grounds: {wait: 等}\n  size: {small"}},
               "clocks: {answer: keep}\n");
  EXPECT_EQ(town.move(id), "");
  EXPECT_EQ(town.office.clock_of(id, "answer"), "paused");
}

TEST(DecideMigrate, a_needed_field_that_comes_out_empty_keeps_the_matter_back) {
  Errands town;
  const MatterId with = town.start({{"amount", Value(Number{3 * kMicros})}});
  const MatterId without = town.start();
  town.publish({{"  amount:", "  pieces: {kind: number, label: 件, required: true}\n  amount:"}},
               "fields: {pieces: amount}\n");
  EXPECT_EQ(town.move(with), "");
  EXPECT_EQ(town.move(without), "migration.needed");
  EXPECT_EQ(town.office.load(without)->type->version, 1);
  EXPECT_EQ(town.office.act(without, "go_on", town.office.at_post(50)), "")
      << "it acts by its old text";
}

TEST(DecideMigrate, what_is_held_is_held_by_the_new_rule) {
  Errands town;
  const MatterId one = town.start({Office::text("room", "201")});
  const auto taken = town.office.open("errand", town.office.at_post(50),
                                      {Office::text("room", "201")});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().key, "errand.holds.room");
  ASSERT_EQ(town.office.act(one, "go_on", town.office.at_post(50)), "");
  town.publish({{"in: [open, busy], most", "in: [open], most"}}, "");
  EXPECT_EQ(town.move(one), "");
  const MatterId two = town.start({Office::text("room", "201")});
  EXPECT_EQ(town.office.state(two), "open") << "the first lets go of it while busy";
}

TEST(DecideMigrate, belongs_is_evaluated_only_where_its_rule_is_another) {
  Errands town;
  const MatterId id = town.start();
  const Unit owner = town.office.load(id)->owner;
  town.publish({{"states: {open", "belongs: {handler: \"office(territory)\"}\nstates: {open"}}, "");
  EXPECT_EQ(town.move(id), "");
  EXPECT_EQ(town.office.load(id)->owner, owner);
  EXPECT_EQ(town.office.load(id)->territory, "222401");
  EXPECT_EQ(town.office.load(id)->handler, organisation_unit("town_hall"));
}

}  // namespace
}  // namespace gewu::test
