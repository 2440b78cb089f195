#include "usecase/nearby_matters.h"

#include <algorithm>
#include <set>

#include "kernel/place/square.h"
#include "usecase/near_matters.h"
#include "usecase/read_me.h"
#include "usecase/read_room.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::int64_t kNearbyMetres = 300;
constexpr std::int32_t kStepE6 = 2'700;      // some 300 m of latitude, 200 m of longitude at 45°
constexpr std::size_t kListedMax = 200;      // of one grid
constexpr std::size_t kNearbyMax = 5;
constexpr std::int64_t kSmall = 5;           // fewer than this are not counted in public
constexpr std::int64_t kRoundMetres = 100;

/// The grids around a point: its own and those that a step in any direction leads to.
std::vector<TerritoryCode> grids_around(const Directory& directory, LonLat point) {
  std::set<TerritoryCode> grids;
  for (const std::int32_t east : {-kStepE6, 0, kStepE6})
    for (const std::int32_t north : {-kStepE6, 0, kStepE6}) {
      const LonLat at{point.lon_e6 + east, point.lat_e6 + north};
      if (!is_on_earth(at)) continue;
      if (auto grid = directory.grids->grid_of(at)) grids.insert(std::move(*grid));
    }
  return {grids.begin(), grids.end()};
}

const ListRow* row_of(const Type& type, const FieldSpec& field, const Value& value) {
  const Key* key = value.get<Key>();
  const auto list = type.lists.find(field.list);
  if (key == nullptr || list == type.lists.end()) return nullptr;
  return list->second.find(key->key);
}

std::optional<JoinForm> join_form(const Type& type, const Locality& locality) {
  for (const SetSpec& set : type.sets) {
    const TypePtr member = locality.find_type(set.type);
    if (!member) continue;
    for (const ActionSpec& action : member->actions) {
      const bool is_open = action.opens && !action.is_auto &&
                           std::ranges::any_of(action.by, [](const Audience& audience) {
                             return audience.kind == Audience::Kind::everyone;
                           });
      if (!is_open || action.asks.size() != 1 || !action.input.empty()) continue;
      const FieldSpec& field = member->fields[action.asks.front()];
      if (field.name == set.field) return JoinForm{member, &action, &field};
    }
  }
  return std::nullopt;
}

/// What the public line of `see` tells of it; nothing where that is too little to know it by.
std::optional<NearbyMatter> told_of(const MatterRow& row, LonLat asked) {
  NearbyMatter near;
  near.type = row.seen.matter->type;
  std::optional<LonLat> point;
  for (const SeenField& shown : row.seen.fields) {
    const FieldSpec& field = near.type->fields[shown.field];
    if (field.kind == FieldKind::place && shown.is_coarse && !point) {
      if (const Place* place = shown.value.get_shared<Place>()) point = place->point;
    } else if (is_category(field) && near.what == nullptr) {
      near.what = row_of(*near.type, field, shown.value);
    }
  }
  if (!point || near.what == nullptr) return std::nullopt;
  const std::int64_t metres = distance_m(asked, *point);
  if (metres > kNearbyMetres) return std::nullopt;
  near.metres = (metres + kRoundMetres / 2) / kRoundMetres * kRoundMetres;
  near.id = row.seen.matter->id;
  near.state = row.seen.matter->state;
  return near;
}

void add_join(NearbyMatter& near, const ReadRoom& room, const Locality& locality) {
  near.join = join_form(*near.type, locality);
  if (!near.join) return;
  const auto members =
      room.source().members({near.join->type->name, near.join->field->name, near.id});
  if (static_cast<std::int64_t>(members.size()) >= kSmall)
    near.joined = static_cast<std::int64_t>(members.size());
}

}  // namespace

Result<Nearby> find_nearby(Office& office, const Caller& caller, const NearbyQuestion& question) {
  if (!is_on_earth(question.point)) return refuse(ErrorCode::invalid, "territory.point");
  const ReadRoom room(office);
  GEWU_TRY(locality, choose_locality(*room.directory(), caller, room.now(), question.locality));
  const TypePtr type = locality->find_type(question.type);
  if (!type) return refuse(ErrorCode::not_found, "not_found");
  Nearby nearby{room.directory(), {}};
  const Zone& zone = locality->calendar->zone();
  const LonLat asked = middle_of_square(question.point);
  const Actor anybody;
  for (const TerritoryCode& grid : grids_around(*room.directory(), question.point)) {
    store::WorkQuery list;
    list.types = {type->name};
    list.unit = grid;
    list.rows = kListedMax;
    list.now = room.now();
    GEWU_TRY(page, office.store.read_worklist(list));
    for (const SnapshotPtr& matter : page.rows) {
      if (matter->is_final()) continue;
      GEWU_TRY(row, room.row(matter, anybody));
      if (!row) continue;
      auto near = told_of(*row, asked);
      if (!near) continue;
      near->day = zone.local_date(matter->opened_at);
      nearby.matters.push_back(std::move(*near));
    }
  }
  std::ranges::stable_sort(nearby.matters, {}, &NearbyMatter::metres);
  if (nearby.matters.size() > kNearbyMax) nearby.matters.resize(kNearbyMax);
  for (NearbyMatter& near : nearby.matters) add_join(near, room, *locality);
  return nearby;
}

}  // namespace gewu::usecase
