#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "decide_definitions.h"
#include "definition_fixture.h"
#include "kernel/matter/apply.h"
#include "kernel/matter/decide.h"
#include "kernel/matter/directory_event.h"
#include "kernel/matter/query.h"

// An office in memory: what store does around decide, in the order in which it does it, with the
// invariants of engine.md checked after every commit.

namespace gewu::test {

using namespace kernel;  // NOLINT: a test's own vocabulary

class CountingIds final : public IdSource {
 public:
  std::int64_t next() override { return ++last_; }

 private:
  std::int64_t last_ = 1000;
};

inline Territory node(std::string code, Level level) {
  Territory territory;
  territory.code = std::move(code);
  territory.level = level;
  territory.name.zh = territory.code;
  territory.valid_from = *parse_date("2000-01-01");
  territory.drawn = true;
  return territory;
}

inline TerritoryTree small_tree() {
  std::vector<Territory> nodes = {node("22", Level::province),
                                  node("2224", Level::prefecture),
                                  node("222401", Level::county),
                                  node("222401002", Level::subdistrict),
                                  node("222401002001", Level::community),
                                  node("222401002001007", Level::grid),
                                  node("222401003", Level::subdistrict),
                                  node("222401003001", Level::community),
                                  node("222401003001002", Level::grid),
                                  node("2205", Level::prefecture),
                                  node("220521", Level::county),
                                  node("220521001", Level::subdistrict),
                                  node("220521001001", Level::community),
                                  node("220521001001001", Level::grid)};
  auto tree = TerritoryTree::build(std::move(nodes));
  if (!tree) ADD_FAILURE() << tree.error().key;
  return *std::move(tree);
}

inline const std::string kGrid = "222401002001007";
inline const std::string kOtherGrid = "222401003001002";
inline const std::string kFarGrid = "220521001001001";

/// Definitions are compiled once for all tests.
inline const CompileResult& compiled() {
  static const CompileResult result = [] {
    auto files = files_of(kSystem, "systems/common");
    for (DefinitionFile& place : files_of(kPlaces)) files.push_back(std::move(place));
    auto made = compile_localities(files, plain_options());
    EXPECT_EQ(errors_of(made.messages), "");
    return made;
  }();
  return result;
}

class Office final : public DossierSource {
 public:
  Office() {
    auto directory = std::make_shared<Directory>();
    directory->territory = std::make_shared<const TerritoryTree>(small_tree());
    directory->localities = compiled().localities;
    directory->roster = std::make_shared<const Roster>();
    directory_ = directory;
    organisation("town_hall", "222401", "222401");
    organisation("beishan_street", "222401002", "222401002");
    organisation("xinxing_street", "222401003", "222401003");
    organisation("county_hall", "220521", "220521");
    organisation("lighting_office", "222401", "");
    organisation("housing_office", "222401", "");
    organisation("call_centre", "222401", "");
    post("centre", territory_unit("222401"), 1);
    post("caller", territory_unit("222401"), 2, "call_centre");
    post("dispatcher", territory_unit("222401002"), 3);
    post("desk", territory_unit("222401002001"), 4, "beishan_street");
    post("street_lead", territory_unit("222401002"), 5);
    post("officer", organisation_unit("lighting_office"), 6);
    post("officer", organisation_unit("housing_office"), 7);
    post("unit_head", organisation_unit("lighting_office"), 8);
    post("dispatcher", territory_unit("222401003"), 9);
    post("grid_worker", territory_unit(kGrid), 10);
    post("officer", organisation_unit("beishan_street"), 11);
  }

  // ---- who

  /// Post 1 centre, 2 caller, 3 dispatcher, 4 desk, 5 street lead, 6 lighting, 7 housing,
  /// 8 head of lighting, 9 dispatcher of the other street, 10 grid worker.
  Actor at_post(std::int64_t post, std::int64_t account = 0) const {
    Actor actor;
    actor.kind = Actor::Kind::post;
    actor.post = PostId{post};
    actor.account = AccountId{account != 0 ? account : 100 + post};
    return actor;
  }
  static Actor resident() { return {}; }
  static Actor author_of(MatterId matter) {
    Actor actor;
    actor.receipt_of = matter;
    return actor;
  }

  // ---- time

  Instant now;
  void go(std::string_view text) {
    const auto date = parse_date(text.substr(0, 10));
    const auto minute = parse_time_of_day(text.substr(11));
    ASSERT_TRUE(date && minute) << text;
    now = calendar().zone().to_instant(*date, *minute);
  }
  const Calendar& calendar() const { return *directory_->localities.at("town")->calendar; }
  std::string due_of(MatterId matter, std::string_view clock) {
    const ClockState* state = load(matter)->find_clock(clock);
    return state == nullptr ? "none" : format_due(calendar().zone(), state->due);
  }
  std::string clock_of(MatterId matter, std::string_view clock) {
    const ClockState* state = load(matter)->find_clock(clock);
    return state == nullptr ? "none" : to_text(state->status);
  }
  /// Everything that falls due until now, in the order of instants, each at its own instant.
  void tick() {
    const Instant until = now;
    for (int passed = 0; passed < 1000; ++passed) {
      std::optional<std::pair<Instant, MatterId>> first;
      for (const auto& [id, matter] : matters_)
        if (const auto wake = next_wake(*matter); wake && *wake <= until)
          first = first ? std::min(*first, std::pair{*wake, id}) : std::pair{*wake, id};
      if (!first) break;
      now = std::max(first->first, last_at_);
      auto decision = pass_time(chamber(), first->second);
      ASSERT_TRUE(decision) << decision.error().key;
      ASSERT_FALSE(decision->steps.empty());
      commit(*std::move(decision));
      follow();
    }
    now = until;
  }

  // ---- verbs

  Result<MatterId> open(const Name& type, const Actor& actor, std::vector<NamedValue> values,
                        const Name& action = {}, std::optional<Instant> sent = {}) {
    OpenRequest request{.type = type, .action = action, .actor = actor,
                        .values = std::move(values), .locality = {}, .arrival = {}};
    request.arrival.sent = sent;
    auto decision = open_matter(chamber(), request);
    if (!decision) return std::unexpected(decision.error());
    const MatterId id = decision->steps.front().event.matter;
    commit(*std::move(decision));
    follow();
    return id;
  }
  /// "" when it was taken, else the refusal's key and those with it.
  std::string act(MatterId matter, const Name& action, const Actor& actor,
                  std::vector<NamedValue> values = {}, std::optional<std::int64_t> version = {},
                  std::optional<Instant> sent = {}) {
    ActRequest request{.matter = matter, .action = action, .actor = actor,
                       .values = std::move(values), .version = version, .arrival = {}};
    request.arrival.sent = sent;
    auto decision = act_on_matter(chamber(), request);
    if (!decision) {
      std::string keys = decision.error().key;
      for (const Error& other : decision.error().others) keys += " " + other.key;
      return keys;
    }
    last_decision = *decision;
    commit(*std::move(decision));
    follow();
    return "";
  }
  MatterId appeal(const std::string& grid = kGrid) {
    const auto id = open("appeal", resident(),
                         {{"text", Value(std::string("路灯不亮"))},
                          {"place", make_large(Place{.territory = grid})},
                          {"contact", make_large(Contact{"李", "138", ""})}});
    EXPECT_TRUE(id) << (id ? "" : id.error().key);
    return id.value_or(MatterId{});
  }
  static NamedValue key(Name name, std::string value) {
    return {std::move(name), Value(Key{std::move(value)})};
  }
  static NamedValue text(Name name, std::string value) {
    return {std::move(name), Value(std::move(value))};
  }
  static NamedValue tasks(const std::vector<std::string>& organisations, Date due) {
    Values rows;
    for (const std::string& organisation : organisations)
      rows.push_back(make_large(Row{{{"by_whom", Value(organisation_unit(organisation))},
                                     {"what", Value(std::string("修灯"))},
                                     {"due", Value(due)}}}));
    return {"tasks", make_set(std::move(rows))};
  }

  // ---- what there is

  std::string state(MatterId matter) {
    const SnapshotPtr snapshot = load(matter);
    return snapshot ? snapshot->type->states[snapshot->state].name : "none";
  }
  std::vector<MatterId> all_of(const Name& type) const {
    std::vector<MatterId> ids;
    for (const auto& [id, matter] : matters_)
      if (matter->type->name == type) ids.push_back(id);
    return ids;
  }
  std::int64_t figure(const std::string& indicator, const std::string& organisation = {}) const {
    std::int64_t count = 0;
    for (const Event& event : events)
      for (const Delta& delta : event.figures)
        if (delta.indicator == indicator &&
            (organisation.empty() || delta.organisation == organisation))
          count += delta.count;
    return count;
  }
  Lamp lamp(MatterId matter) { return *lamp_of(chamber(), load(matter)); }
  Chamber chamber() { return {*directory_, *this, now, ids_}; }
  const DirectoryPtr& directory() const { return directory_; }
  void set_directory(std::shared_ptr<Directory> changed) { directory_ = std::move(changed); }

  std::vector<Event> events;
  std::vector<std::pair<Ripple, std::string>> refused;
  Decision last_decision;

  // ---- the source

  SnapshotPtr load(MatterId id) override {
    const auto found = matters_.find(id);
    return found == matters_.end() ? nullptr : found->second;
  }
  std::vector<MatterId> members(const SetKey& key) override {
    std::vector<MatterId> ids;
    for (const auto& [id, matter] : matters_) {
      if (matter->type->name != key.type && matter->type->base != key.type) continue;
      const Value* value = matter->find_field(key.field);
      if (value == nullptr) continue;
      const auto* link = value->get<Link>();
      const auto* set = value->get_shared<Values>();
      const bool points =
          (link != nullptr && link->id == key.target) ||
          (set != nullptr && std::ranges::find(*set, Value(Link{key.target})) != set->end());
      if (points) ids.push_back(id);
    }
    return ids;
  }
  std::vector<HoldRecord> holds(const Name& type, const Name& hold,
                                const std::vector<std::string>& keys, MatterId except) override {
    std::vector<HoldRecord> held;
    for (const auto& [place, record] : held_)
      if (place.first != except && place.second == hold && record.keys == keys &&
          load(place.first)->type->name == type)
        held.push_back(record);
    return held;
  }
  std::vector<BookEntry> entries(const Name& book, const std::string& account,
                                 Instant since) override {
    std::vector<BookEntry> found;
    for (const Event& event : events)
      for (const BookEntry& entry : event.entries)
        if (entry.book == book && entry.account == account && since <= entry.at)
          found.push_back(entry);
    return found;
  }
  std::int64_t balance(const Name& book, const std::string& account) override {
    std::int64_t balance = 0;
    for (const BookEntry& entry : entries(book, account, Instant{})) balance += entry.amount;
    return balance;
  }
  std::vector<CountedBy> counts(const std::string& indicator, Date from, Date until) override {
    std::vector<CountedBy> found;
    for (const Event& event : events)
      for (const Delta& delta : event.figures)
        if (delta.indicator == indicator && from <= delta.day && delta.day < until)
          found.push_back({delta.dimensions, delta.count, delta.sum_micros});
    return found;
  }
  std::vector<CountedBy> cells(const CellQuery& query) override {
    std::vector<CountedBy> found;
    for (const Event& event : events)
      for (const Delta& delta : event.figures) {
        const bool is_there = query.unit.starts_with("org:")
                                  ? delta.organisation == query.unit.substr(4)
                                  : covers(query.unit, delta.territory);
        const bool is_then = (query.at_end || query.from <= delta.day) && delta.day < query.until;
        if (delta.indicator == query.indicator && is_there && is_then)
          found.push_back({delta.dimensions, delta.count, delta.sum_micros});
      }
    return found;
  }
  std::int64_t cited(MatterId row) override {
    return std::ranges::count_if(events, [&](const Event& event) {
      return event.kind == Event::Kind::action && std::ranges::count(event.basis, row) > 0;
    });
  }

  /// Commits what somebody decided, with its follow-ups.
  void take(Decision decision) {
    commit(std::move(decision));
    follow();
  }
  /// Puts a matter as it stands, for rows that a test needs ready.
  void put(SnapshotPtr snapshot) { matters_[snapshot->id] = std::move(snapshot); }

 private:
  void organisation(const std::string& key, const std::string& ground, const std::string& charge) {
    Organisation made;
    made.key = key;
    made.label.zh = key;
    made.kind = "department";
    made.territory = ground;
    if (!charge.empty()) made.in_charge_of = charge;
    made.valid_from = *parse_date("2000-01-01");
    renew(directory_->roster->with(std::move(made)));
  }
  void post(const std::string& role, Unit unit, std::int64_t id, const std::string& house = {}) {
    Post made;
    made.id = PostId{id};
    made.key = role + "_" + std::to_string(id);
    made.role = role;
    made.unit = std::move(unit);
    if (!house.empty()) made.organisation = house;
    made.state = PostState::filled;
    made.holders.push_back({.account = AccountId{100 + id}, .from = Instant{0}, .until = {}});
    renew(directory_->roster->with(std::move(made)));
  }
  void renew(Result<Roster> roster) {
    ASSERT_TRUE(roster) << roster.error().key;
    auto changed = std::make_shared<Directory>(*directory_);
    changed->roster = std::make_shared<const Roster>(*std::move(roster));
    directory_ = changed;
  }

  void keep(const MatterChange& change) {
    for (const HoldRecord& record : change.holds) {
      const auto place = std::pair{change.matter, record.hold};
      if (record.keys.empty())
        held_.erase(place);
      else
        held_[place] = record;
    }
  }
  void commit(Decision decision) {
    for (const Step& step : decision.steps) {
      const auto known = load(step.event.matter);
      const SnapshotPtr replayed = kernel::apply(known, step.event);
      EXPECT_TRUE(*replayed == *step.after) << step.event.action;
      check(*step.after);
      matters_[step.event.matter] = replayed;
      keep(step.event.change);
      for (const MatterChange& change : step.event.touched)
        matters_[change.matter] = apply_touched(load(change.matter), change);
      events.push_back(step.event);
    }
    for (const SnapshotPtr& touched : decision.touched)
      EXPECT_TRUE(*load(touched->id) == *touched);
    directory_ = apply_references(directory_, decision);
    for (Ripple& ripple : decision.ripples) waiting_.push_back(std::move(ripple));
    last_at_ = now;
  }
  void follow() {
    for (int steps = 0; !waiting_.empty(); ++steps) {
      ASSERT_LT(steps, 500);
      const Ripple ripple = std::move(waiting_.front());
      waiting_.pop_front();
      ASSERT_LE(ripple.depth, 16);
      auto decision = follow_up(chamber(), ripple);
      if (decision) {
        commit(*std::move(decision));
        continue;
      }
      refused.emplace_back(ripple, decision.error().key);
      auto record = refused_effect_event(chamber(), ripple, decision.error());
      ASSERT_TRUE(record) << record.error().key;
      commit(*std::move(record));
    }
  }
  /// Invariants of every open matter.
  static void check(const Snapshot& matter) {
    std::vector<Name> names;
    bool is_watched = false;
    for (const ClockState& clock : matter.clocks) {
      names.push_back(clock.name);
      const bool is_going =
          clock.status == ClockStatus::running || clock.status == ClockStatus::paused;
      is_watched = is_watched || (is_going && is_deadline(clock));
      EXPECT_FALSE(matter.is_final() && is_deadline(clock) && is_going) << clock.name;
      EXPECT_EQ(is_going, !clock.ended.has_value()) << clock.name;
    }
    std::ranges::sort(names);
    EXPECT_TRUE(std::ranges::adjacent_find(names) == names.end()) << "two of one clock";
    const bool rests = matter.is_final() || matter.type->states[matter.state].resting;
    EXPECT_TRUE(rests || is_watched) << matter.type->name << " in " << matter.state;
    EXPECT_EQ(matter.closed_at.has_value(), matter.is_final());
  }

  DirectoryPtr directory_;
  CountingIds ids_;
  Instant last_at_;
  std::map<MatterId, SnapshotPtr> matters_;
  std::map<std::pair<MatterId, Name>, HoldRecord> held_;
  std::deque<Ripple> waiting_;
};

}  // namespace gewu::test
