#include "usecase/near_matters.h"

#include <algorithm>

#include "finding/words.h"
#include "kernel/matter/words.h"
#include "kernel/place/lonlat.h"
#include "usecase/coverage.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kDuplicatesMax = 50;
constexpr std::size_t kNearMax = 5;
constexpr std::size_t kComparedMax = 100;
constexpr int kNearlyTheSame = 70;

/// What is compared of a matter: of the fields that the reader may see.
struct Traits {
  std::optional<LonLat> point;
  std::string address, text;
  std::vector<std::pair<Name, std::string>> categories;
};

Traits traits_of(const SeenMatter& seen) {
  Traits traits;
  for (const SeenField& shown : seen.fields) {
    const FieldSpec& field = seen.matter->type->fields[shown.field];
    if (shown.is_sealed || shown.is_coarse) continue;
    if (field.kind == FieldKind::place && traits.address.empty() && !traits.point) {
      if (const Place* place = shown.value.get_shared<Place>()) {
        traits.point = place->point;
        traits.address = finding::fold(place->address);
      }
    } else if (field.kind == FieldKind::text) {
      append_words(traits.text, *seen.matter->type, field, shown.value);
    } else if (is_category(field)) {
      if (const Key* key = shown.value.get<Key>())
        traits.categories.emplace_back(field.name, key->key);
    }
  }
  return traits;
}

NearMatter compare(const Traits& a, const Traits& b) {
  NearMatter near;
  if (a.point && b.point) near.metres = distance_m(*a.point, *b.point);
  near.likeness = finding::likeness(a.text, b.text);
  near.same_address = !a.address.empty() && a.address == b.address;
  near.same_category = std::ranges::any_of(a.categories, [&](const auto& category) {
    return std::ranges::find(b.categories, category) != b.categories.end();
  });
  return near;
}

bool may_be_the_same(const NearMatter& near) {
  if (near.likeness >= kNearlyTheSame) return true;
  return (near.is_near() || near.same_address) && (near.same_category || near.is_alike());
}

/// The community's list, or the grid's where the community has more than are compared.
Result<std::vector<SnapshotPtr>> neighbours(Office& office, const ReadRoom& room,
                                            const Snapshot& matter) {
  constexpr int kCommunityDepth = 5;
  store::WorkQuery list;
  list.types = {matter.type->name};
  list.rows = kComparedMax;
  list.now = room.now();
  list.unit = matter.territory;
  for (const TerritoryCode& above : codes_above(matter.territory))
    if (code_depth(above) >= kCommunityDepth) list.unit = above;
  const auto open_in = [&](const std::string& unit) -> Result<std::int64_t> {
    GEWU_TRY(counts, office.store.count_open(list.of, {unit}));
    std::int64_t open = 0;
    for (const store::OpenCount& count : counts.front())
      if (count.state.starts_with(matter.type->name + ".")) open += count.count;
    return open;
  };
  GEWU_TRY(open, open_in(list.unit));
  if (open > static_cast<std::int64_t>(kComparedMax)) list.unit = matter.territory;
  GEWU_TRY(page, office.store.read_worklist(list));
  return std::move(page.rows);
}

/// The links by which matters of a type become one with another of it.
std::vector<Name> merging_links(const Type& type) {
  std::vector<Name> links;
  for (const ActionSpec& action : type.actions)
    for (const SetField& set : action.set) {
      const FieldSpec& field = type.fields[set.field];
      const bool is_own = field.to == type.name || (!type.base.empty() && field.to == type.base);
      if (field.kind == FieldKind::link && is_own && !field.parent && !action.reopens && action.to)
        links.push_back(field.name);
    }
  return links;
}

/// Whether the matter is final and an action that ends by storing the link was taken on it.
bool ended_by(const Snapshot& member, const Name& link) {
  return member.is_final() && std::ranges::any_of(member.actions, [&](const ActionRecord& taken) {
           const ActionSpec* action = member.type->find_action(taken.action);
           return action != nullptr && !action->reopens && action->to &&
                  std::ranges::any_of(action->set, [&](const SetField& set) {
                    return member.type->fields[set.field].name == link;
                  });
         });
}

}  // namespace

bool is_category(const FieldSpec& field) {
  return field.kind == FieldKind::choice && field.index && !field.many && !field.default_value;
}

Result<std::vector<MatterRow>> find_duplicates(const ReadRoom& room, const Actor& actor,
                                               const Snapshot& matter) {
  std::vector<SnapshotPtr> merged;
  for (const Name& link : merging_links(*matter.type))
    for (const MatterId id :
         room.source().members({matter.type->name, link, matter.id})) {
      if (merged.size() == kDuplicatesMax) break;
      const SnapshotPtr member = room.source().load(id);
      if (member && ended_by(*member, link)) merged.push_back(member);
    }
  return room.rows(merged, actor);
}

Result<std::vector<NearMatter>> find_near(Office& office, const ReadRoom& room,
                                          const Actor& actor, const SeenMatter& seen) {
  std::vector<NearMatter> found;
  const bool is_staff =
      actor.post.has_value() ||
      (actor.account.has_value() &&
       !room.directory()->roster->posts_held(actor.account, room.now()).empty());
  const Snapshot& matter = *seen.matter;
  if (!is_staff || matter.is_final() || matter.territory.empty()) return found;
  const Traits own = traits_of(seen);
  if (own.text.empty() || (!own.point && own.address.empty())) return found;
  GEWU_TRY(others, neighbours(office, room, matter));
  for (const SnapshotPtr& other : others) {
    if (other->id == matter.id || other->parent == matter.id || matter.parent == other->id)
      continue;
    GEWU_TRY(row, room.row(other, actor));
    if (!row) continue;
    NearMatter near = compare(own, traits_of(row->seen));
    if (!may_be_the_same(near)) continue;
    near.row = std::move(*row);
    found.push_back(std::move(near));
  }
  std::ranges::stable_sort(found, std::ranges::greater{}, &NearMatter::likeness);
  if (found.size() > kNearMax) found.resize(kNearMax);
  return found;
}

}  // namespace gewu::usecase
