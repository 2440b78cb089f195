#include "usecase/open_place.h"

#include <algorithm>

#include "base/text.h"
#include "usecase/coverage.h"
#include "usecase/reach.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kFacilitiesMax = 30;
constexpr std::size_t kServingPostsMax = 60;
constexpr int kOfficeDepth = 4;     // from the subdistrict down
constexpr int kServingDepth = 5;    // from the community down

bool has(const std::vector<Name>& names, const Name& name) {
  return std::ranges::find(names, name) != names.end();
}

/// The field that says where a row lies, as everybody sees it; nothing where the type does not tell.
const FieldSpec* open_place_field(const Type& type) {
  if (!type.reference) return nullptr;
  const auto is_open = [](const SeeSpec& see) {
    return see.audience.kind == Audience::Kind::everyone;
  };
  const auto see = std::ranges::find_if(type.see, is_open);
  if (see == type.see.end()) return nullptr;
  for (const FieldSpec& field : type.fields) {
    if (field.kind != FieldKind::place || field.personal || field.many) continue;
    if ((see->all_fields || has(see->fields, field.name)) && !has(see->coarse, field.name))
      return &field;
  }
  return nullptr;
}

/// Where everybody sees it: nothing for a row that is only words, or not theirs to see.
std::optional<Facility> facility_of(MatterRow row, const std::optional<LonLat>& middle) {
  for (const SeenField& seen : row.seen.fields) {
    if (seen.is_sealed || seen.is_coarse) continue;
    const Place* place = seen.value.get_shared<Place>();
    if (place == nullptr || !place->point) continue;
    Facility found{std::move(row), *place->point, place->address, std::nullopt};
    if (middle) found.metres = distance_m(*middle, found.point);
    return found;
  }
  return std::nullopt;
}

/// Rows with their own place, the nearest first; where the place has no middle, by their ids.
std::vector<SnapshotPtr> nearest_rows(const Locality& locality, const Directory& directory,
                                      const std::optional<LonLat>& middle) {
  std::vector<std::pair<std::int64_t, SnapshotPtr>> rows;
  for (const auto& [name, type] : locality.types) {
    const FieldSpec* field = open_place_field(*type);
    if (field == nullptr) continue;
    directory.rows(name).visit([&](const SnapshotPtr& row) {
      // An extension's rows stand under its base too; they are taken as what they are.
      if (row->type->name != name) return true;
      const auto slot = row->type->find_field(field->name);
      const Place* place = slot && *slot < row->fields.size()
                               ? row->fields[*slot].get_shared<Place>()
                               : nullptr;
      if (place != nullptr && place->point)
        rows.emplace_back(middle ? distance_m(*middle, *place->point) : row->id.value, row);
      return true;
    });
  }
  std::ranges::stable_sort(rows, {}, [](const auto& row) { return row.first; });
  std::vector<SnapshotPtr> nearest;
  for (auto& [metres, row] : rows) nearest.push_back(std::move(row));
  return nearest;
}

Status add_facilities(OpenPlace& open, const ReadRoom& room) {
  const auto middle = middle_of(*open.place);
  const Actor anybody;
  for (const SnapshotPtr& matter : nearest_rows(*open.locality, *open.directory, middle)) {
    if (open.facilities.size() == kFacilitiesMax) break;
    GEWU_TRY(row, room.row(matter, anybody));
    if (!row) continue;
    if (auto facility = facility_of(std::move(*row), middle))
      open.facilities.push_back(std::move(*facility));
  }
  return {};
}

void add_post(OpenPlace& open, const Role& role, const Post& post, Instant now) {
  if (open.posts.size() == kServingPostsMax || post.state == PostState::abolished) return;
  open.posts.push_back({describe_post(*open.directory, post, now), role.duty,
                        holders_at(post, now).empty()});
}

/// Posts on rows (a lane, an estate) whose ground is the place, lies in it, or holds it.
void add_posts_on_rows(OpenPlace& open, const Role& role, Instant now) {
  const ReferenceRows& rows = open.directory->rows(role.reference_type);
  for (const Post* post : open.directory->roster->posts_of_role(role.name)) {
    const auto id = parse_integer(post->unit.code);
    const SnapshotPtr row = id ? rows.find(MatterId{*id}) : nullptr;
    if (row && code_depth(row->territory) >= kServingDepth &&
        (covers(row->territory, open.place->code) || covers(open.place->code, row->territory)))
      add_post(open, role, *post, now);
  }
}

void add_posts(OpenPlace& open, Instant now) {
  const auto on_ground = [&](const Territory& ground) {
    if (level_depth(ground.level) < kServingDepth) return;
    for (const auto& [name, role] : open.locality->roles)
      if (!role.duty.zh.empty())
        for (const Post* post : open.directory->roster->posts_on(name, territory_unit(ground.code)))
          add_post(open, role, *post, now);
  };
  on_ground(*open.place);
  if (level_depth(open.place->level) >= kServingDepth)
    for (const auto& [name, role] : open.locality->roles)
      if (!role.duty.zh.empty() && role.unit_kind == Unit::Kind::row)
        add_posts_on_rows(open, role, now);
  for (auto above = open.above.rbegin(); above != open.above.rend(); ++above) on_ground(**above);
}

void add_offices(OpenPlace& open, Date today) {
  const auto add = [&](const Territory& ground) {
    if (level_depth(ground.level) < kOfficeDepth) return;
    if (const Organisation* office = open.directory->roster->office(ground.code, today))
      open.offices.push_back(office);
  };
  add(*open.place);
  for (auto above = open.above.rbegin(); above != open.above.rend(); ++above) add(**above);
}

}  // namespace

Result<OpenPlace> read_open_place(Office& office, const std::string& code) {
  const ReadRoom room(office);
  OpenPlace open;
  open.directory = room.directory();
  const Date today = day_of(room.now());
  open.place = open.directory->territory->find(code, today);
  if (open.place == nullptr) return refuse(ErrorCode::not_found, "not_found");
  open.above = open.directory->territory->ancestors(code);
  std::ranges::reverse(open.above);
  open.below = open.directory->territory->children(code, today);
  open.locality = open.directory->locality_of(code);
  add_offices(open, today);
  if (open.locality == nullptr) return open;
  add_posts(open, room.now());
  GEWU_CHECK(add_facilities(open, room));
  return open;
}

}  // namespace gewu::usecase
