#include <algorithm>
#include <memory>
#include <unordered_map>

#include "bench/case.h"
#include "bench/place.h"
#include "codec/event_json.h"
#include "kernel/matter/apply.h"
#include "kernel/matter/decide.h"
#include "security/chain.h"

// From a loaded dossier to a Decision, on one core: no encoding, no encryption, no hash, no store.
// Loading, and encoding with the hash, are measured beside it.

namespace gewu::bench {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kMatters = 512;  ///< acted on in turn, so that no one stays warm
constexpr std::size_t kCalled = 3;

/// Matters in memory, as a writer holds those that it wrote last.
class Shelf final : public DossierSource {
 public:
  SnapshotPtr load(MatterId id) override {
    const auto found = matters_.find(id);
    return found == matters_.end() ? nullptr : found->second;
  }
  std::vector<MatterId> members(const SetKey& key) override {
    const auto found = members_.find(key);
    return found == members_.end() ? std::vector<MatterId>{} : found->second;
  }
  std::vector<HoldRecord> holds(const Name&, const Name&, const std::vector<std::string>&,
                                MatterId) override {
    return {};
  }
  std::vector<BookEntry> entries(const Name&, const std::string&, Instant) override { return {}; }
  std::int64_t balance(const Name&, const std::string&) override { return 0; }
  std::vector<CountedBy> cells(const CellQuery&) override { return {}; }
  std::int64_t cited(MatterId) override { return 0; }
  std::vector<CountedBy> counts(const std::string&, Date, Date) override { return {}; }
  void put(SnapshotPtr matter) { matters_[matter->id] = std::move(matter); }

 private:
  std::unordered_map<MatterId, SnapshotPtr> matters_;
  std::unordered_map<SetKey, std::vector<MatterId>, SetKeyHash> members_;
};

class CountingIds final : public IdSource {
 public:
  std::int64_t next() override { return ++last_; }

 private:
  std::int64_t last_ = 1'000'000'000;
};

struct World {
  DirectoryPtr directory;
  Instant now;
  Shelf shelf;
  CountingIds ids;
  std::vector<Spot> spots;

  Chamber chamber() { return {*directory, shelf, now, ids}; }
};

Value place_at(const std::string& grid) {
  kernel::Place place;
  place.territory = grid;
  return make_large(std::move(place));
}

/// An appeal by a resident without account, put on the shelf.
Result<SnapshotPtr> shelve_appeal(World& world, const Spot& spot) {
  OpenRequest request;
  request.type = "appeal";
  request.action = "submit";
  request.values = {{"text", std::string("路灯三天不亮，老人晚上出门怕摔。")},
                    {"place", place_at(spot.grid)}};
  GEWU_TRY(decision, open_matter(world.chamber(), request));
  world.shelf.put(decision.steps.front().after);
  return decision.steps.front().after;
}

Actor post_actor(PostId post) {
  Actor actor;
  actor.kind = Actor::Kind::post;
  actor.post = post;
  return actor;
}

ActRequest acceptance(MatterId matter, const Spot& spot) {
  ActRequest request;
  request.matter = matter;
  request.action = "accept";
  request.actor = post_actor(spot.desk);
  request.actor.account = spot.officer;
  request.values = {{"category", Key{"lighting"}}};
  return request;
}

/// The desk receives an appeal: a field is asked, a clock stops, another starts in working days,
/// four figures move.
Status check_acceptance(const Decision& decision) {
  GEWU_CHECK(expect_equal("accept.steps", 1, static_cast<std::int64_t>(decision.steps.size())));
  const Step& step = decision.steps.front();
  const Snapshot& after = *step.after;
  GEWU_CHECK(expect_equal("accept.state", "accepted", after.type->states[after.state].name));
  GEWU_CHECK(expect_equal("accept.version", 2, after.version));
  const ClockState* waited = after.find_clock("accept");
  const ClockState* promise = after.find_clock("promise");
  if (waited == nullptr || promise == nullptr) return wrong("accept.clocks", "both", "not both");
  GEWU_CHECK(expect_equal("accept.clock", "met", to_text(waited->status)));
  GEWU_CHECK(expect_equal("accept.promise", "running", to_text(promise->status)));
  if (!(step.event.at < promise->due)) return wrong("accept.due", "later", "not later");
  return expect_equal("accept.figures", 4, static_cast<std::int64_t>(step.event.figures.size()));
}

// Functions of their own, so that a profiler can be told to count what is measured and no more
// (docs/decisions/decide.md).
[[gnu::noinline]] Result<Decision> decide_act(World& world, const ActRequest& request) {
  return act_on_matter(world.chamber(), request);
}
[[gnu::noinline]] Result<Decision> decide_whistle(World& world, const OpenRequest& request) {
  return open_matter(world.chamber(), request);
}

Result<double> measure_act(World& world, double seconds,
                           const std::vector<std::pair<SnapshotPtr, Spot>>& open) {
  std::vector<ActRequest> requests;
  for (const auto& [matter, spot] : open) requests.push_back(acceptance(matter->id, spot));
  return rate_of(seconds, [&](std::size_t number) -> Status {
    GEWU_TRY(decision, decide_act(world, requests[number % requests.size()]));
    if (number % 64 == 0) return check_acceptance(decision);
    return expect_equal("accept.steps", 1, static_cast<std::int64_t>(decision.steps.size()));
  });
}

/// A dispatcher whose subdistrict was handed the power to whistle, and departments to call.
Result<OpenRequest> whistle_request(World& world) {
  OpenRequest request;
  request.type = "whistle";
  request.action = "sound";
  std::string holder;
  const ReferenceRows& powers = world.directory->rows("devolved_power");
  for (const SnapshotPtr& power : powers.all()) {
    const Value* opens = power->find_field("opens_action");
    const Value* of = power->find_field("holder");
    const Key* key = opens == nullptr ? nullptr : opens->get<Key>();
    const Unit* unit = of == nullptr ? nullptr : of->get<Unit>();
    if (key == nullptr || unit == nullptr || key->key != "whistle.sound") continue;
    holder = unit->code;
    break;
  }
  const Organisation* street = world.directory->roster->organisation(holder);
  if (street == nullptr) return wrong("whistle.power", "one", "none");
  const std::string ground = street->territory.value_or(street->in_charge_of.value_or(""));
  for (const Post* post : world.directory->roster->posts_of_role("dispatcher"))
    if (post->organisation == holder) request.actor = post_actor(post->id);
  Values called, issues;
  for (const Post* post : world.directory->roster->posts_of_role("officer"))
    if (post->organisation && called.size() < kCalled) {
      const Value unit(organisation_unit(*post->organisation));
      if (std::ranges::find(called, unit) == called.end()) called.push_back(unit);
    }
  GEWU_CHECK(expect_equal("whistle.departments", kCalled, static_cast<std::int64_t>(called.size())));
  for (const Spot& spot : world.spots)
    if (covers(ground, spot.grid)) {
      GEWU_TRY(issue, shelve_appeal(world, spot));
      issues.push_back(Link{issue->id});
      request.values.push_back({"place", place_at(spot.grid)});
      break;
    }
  request.values.push_back({"reason", std::string("积水淹了路灯线路，需要三家一起到场。")});
  request.values.push_back({"urgency", Key{"emergency"}});
  request.values.push_back({"issues", make_set(std::move(issues))});
  request.values.push_back({"called", make_set(std::move(called))});
  return request;
}

Status check_whistle(const Decision& decision) {
  GEWU_CHECK(expect_equal("whistle.steps", 1 + kCalled,
                          static_cast<std::int64_t>(decision.steps.size())));
  const Step& whistle = decision.steps.front();
  GEWU_CHECK(expect_equal("whistle.opened", kCalled,
                          static_cast<std::int64_t>(whistle.event.opened.size())));
  GEWU_CHECK(
      expect_equal("whistle.basis", 1, static_cast<std::int64_t>(whistle.event.basis.size())));
  for (std::size_t i = 1; i < decision.steps.size(); ++i) {
    const Snapshot& call = *decision.steps[i].after;
    GEWU_CHECK(expect_equal("call.state", "waiting", call.type->states[call.state].name));
    if (call.parent != whistle.event.matter) return wrong("call.parent", "the whistle", "another");
    const ClockState* clock = call.find_clock("report_in");
    if (clock == nullptr) return wrong("call.clock", "report_in", "none");
    GEWU_CHECK(expect_equal("call.clock", "running", to_text(clock->status)));
    if (decision.steps[i].event.messages.empty()) return wrong("call.told", "officers", "nobody");
  }
  return {};
}

std::string never_hidden(MatterId, const RecordedValue&) { return "null"; }

/// A decision's bytes with the chain's hash over its events.
std::size_t encode(const Decision& decision) {
  security::Sha256 head{};
  std::string body;
  for (const Step& step : decision.steps) {
    body.clear();
    codec::write_event(body, step.event, never_hidden);
    head = security::chain_next(head, security::view_of(body));
    codec::write_snapshot(body, *step.after, never_hidden);
  }
  return body.size() + head[0];
}

/// Snapshots from the file, parsed: what a decision on a matter that nobody touched lately waits
/// for. All of the demonstration's, over and over.
Result<double> measure_load(Place& place, double seconds) {
  std::size_t loaded = 0;
  const double began = thread_seconds();
  double took = 0;
  do {
    const std::size_t before = loaded;
    GEWU_CHECK(place.store().each_matter([&](const SnapshotPtr& matter) -> Status {
      ++loaded;
      if (!matter->id.has_value() || !matter->type) return wrong("load", "a matter", "none");
      return {};
    }));
    if (loaded == before) return wrong("load", "some", "none");
    took = thread_seconds() - began;
  } while (took < seconds);
  return static_cast<double>(loaded) / took;
}

}  // namespace

Result<Report> run_decide(Ground& ground) {
  GEWU_TRY(folder, ground.copy_demo("decide"));
  GEWU_TRY(place, Place::open(folder, true));
  World world{place->store().directory(), place->clock().now(), {}, {}, {}};
  world.spots = spots_of(*world.directory, world.now);
  if (world.spots.empty()) return wrong("spots", "some", "none");
  std::vector<std::pair<SnapshotPtr, Spot>> open;
  for (std::size_t i = 0; i < kMatters; ++i) {
    const Spot& spot = world.spots[i % world.spots.size()];
    GEWU_TRY(matter, shelve_appeal(world, spot));
    open.emplace_back(std::move(matter), spot);
  }
  const double seconds = ground.options.seconds;
  const auto copy_once = [&](std::size_t number) -> Status {
    const auto copy = std::make_shared<Snapshot>(*open[number % open.size()].first);
    return expect_equal("copy", 1, copy->version);
  };
  Report report;
  GEWU_TRY(copies, rate_of(seconds / 2, copy_once));
  GEWU_TRY(acts, measure_act(world, seconds, open));
  GEWU_TRY(request, whistle_request(world));
  GEWU_TRY(whistles, rate_of(seconds, [&](std::size_t) -> Status {
    GEWU_TRY(decision, decide_whistle(world, request));
    return check_whistle(decision);
  }));
  GEWU_TRY(copies_after, rate_of(seconds / 2, copy_once));
  GEWU_TRY(acted, act_on_matter(world.chamber(), acceptance(open[0].first->id, open[0].second)));
  GEWU_TRY(encodings, rate_of(seconds / 2, [&](std::size_t) -> Status {
    if (encode(acted) == 0) return wrong("encode", "bytes", "none");
    return {};
  }));
  GEWU_TRY(loads, measure_load(*place, seconds / 2));
  const double copy_rate = (copies + copies_after) / 2;
  report.add("copy_per_s", copy_rate);
  report.add("act_per_s", acts);
  report.add("act_in_copies", copy_rate / acts);
  report.add("whistle_per_s", whistles);
  report.add("whistle_in_copies", copy_rate / whistles);
  report.add("load_per_s", loads);
  report.add("encode_per_s", encodings);
  report.goals = {{"act_per_s", acts, 300'000}, {"whistle_per_s", whistles, 60'000}};
  return report;
}

}  // namespace gewu::bench
