#include "usecase/open_totals.h"

#include <algorithm>

#include "kernel/matter/access.h"
#include "kernel/matter/list_sight.h"
#include "usecase/coverage.h"

namespace gewu::usecase {

using namespace gewu::kernel;
using Of = store::WorkQuery::Of;

namespace {

constexpr std::int64_t kAskedMax = 100;

ListOf list_of(Of of) {
  switch (of) {
    case Of::territory: return ListOf::territory;
    case Of::owner: return ListOf::owner;
    case Of::handler: return ListOf::handler;
  }
  return ListOf::territory;
}

bool is_asked_for(const store::WorkQuery& list, const std::string& state) {
  if (!list.states.empty()) return std::ranges::find(list.states, state) != list.states.end();
  if (list.types.empty()) return true;
  return std::ranges::find(list.types, state.substr(0, state.find('.'))) != list.types.end();
}

/// Rows of those states that the caller sees, each asked by itself.
Result<std::int64_t> count_seen(Office& office, const ReadRoom& room, const Actor& actor,
                                store::WorkQuery list, std::vector<std::string> states) {
  list.states = std::move(states);
  list.cursor.clear();
  list.backwards = false;
  list.rows = static_cast<std::size_t>(kAskedMax);
  GEWU_TRY(page, office.store.read_worklist(list));
  std::int64_t seen = 0;
  for (const SnapshotPtr& matter : page.rows) {
    GEWU_TRY(shown, see_matter(room.chamber(), matter, actor));
    if (shown) ++seen;
  }
  return seen;
}

}  // namespace

Result<std::vector<Actor>> actors_of(const std::vector<const Post*>& posts, const Caller& caller,
                                     const ReadRoom& room) {
  std::vector<Actor> actors;
  for (const Post* post : posts) {
    Actor actor;
    actor.kind = Actor::Kind::post;
    actor.account = caller.account;
    actor.post = post->id;
    GEWU_TRY(whole, with_post(actor, *room.directory(), room.now()));
    actors.push_back(std::move(whole));
  }
  return actors;
}

Result<std::optional<std::int64_t>> total_of(Office& office, const ReadRoom& room,
                                             const Actor& actor, const std::vector<Actor>& posts,
                                             const store::WorkQuery& list) {
  if (list.lamp || list.claimed_only) return std::optional<std::int64_t>();
  GEWU_TRY(counts, office.store.count_open(list.of, {list.unit}));
  std::int64_t total = 0, to_ask = 0;
  std::vector<std::string> asked;
  for (const store::OpenCount& count : counts.front()) {
    if (!is_asked_for(list, count.state)) continue;
    switch (list_sight(count.state, posts, list_of(list.of), list.unit, *room.directory())) {
      case ListSight::none: break;
      case ListSight::all: total += count.count; break;
      case ListSight::some:
        to_ask += count.count;
        asked.push_back(count.state);
        break;
    }
  }
  if (to_ask > kAskedMax) return std::optional<std::int64_t>();
  if (to_ask > 0) {
    GEWU_TRY(seen, count_seen(office, room, actor, list, std::move(asked)));
    total += seen;
  }
  return std::optional(total);
}

Result<std::vector<std::optional<std::int64_t>>> count_open(
    Office& office, const Caller& caller, const std::vector<std::string>& codes) {
  std::vector<std::optional<std::int64_t>> open(codes.size());
  const ReadRoom room(office);
  const Directory& directory = *room.directory();
  const auto posts = posts_of(caller, directory, room.now());
  if (!posts) return open;
  GEWU_TRY(actors, actors_of(*posts, caller, room));
  GEWU_TRY(counts, office.store.count_open(Of::territory, codes));
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (!check_covered(*posts, territory_unit(codes[i]), directory, room.now())) continue;
    open[i] = 0;
    for (const store::OpenCount& count : counts[i])
      if (list_sight(count.state, actors, ListOf::territory, codes[i], directory) ==
          ListSight::all)
        *open[i] += count.count;
  }
  return open;
}

}  // namespace gewu::usecase
