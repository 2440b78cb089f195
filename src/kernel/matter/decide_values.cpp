#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "kernel/matter/docket.h"
#include "kernel/matter/expression_tree.h"

// Steps 11 and 12: where a matter belongs, and values stored at each event, own ones and those of
// the matters one step up.

namespace gewu::kernel {

namespace {

std::string territory_of(const Value& value) {
  const auto* unit = value.get<Unit>();
  return unit != nullptr && unit->kind == Unit::Kind::territory ? unit->code : std::string();
}

/// Smallest node that contains the first place, else the parent's, else the actor's.
std::string fallback_territory(const Hearing& hearing) {
  const Directory& directory = hearing.docket.directory();
  for (std::size_t i = 0; i < hearing.type.fields.size(); ++i) {
    const auto* place = hearing.draft->fields[i].get_shared<Place>();
    if (place == nullptr) continue;
    if (!place->territory.empty()) return place->territory;
    if (place->point && directory.grids)
      if (const auto code = directory.grids->smallest_of(*place->point, hearing.today()))
        return *code;
  }
  if (hearing.draft->parent.has_value())
    if (const SnapshotPtr parent = hearing.docket.source.load(hearing.draft->parent))
      return parent->territory;
  const Actor& actor = hearing.actor;
  if (actor.unit.kind == Unit::Kind::territory) return actor.unit.code;
  if (const Organisation* organisation = directory.roster->organisation(actor.organisation)) {
    if (organisation->territory) return *organisation->territory;
    if (organisation->in_charge_of) return *organisation->in_charge_of;
  }
  return hearing.locality.territory;
}

Unit unit_of(const Value& value) {
  if (const auto* unit = value.get<Unit>()) return *unit;
  if (const auto* link = value.get<Link>()) return row_unit(std::to_string(link->id.value));
  return {};
}

Unit fallback_owner(const Hearing& hearing) {
  if (hearing.before != nullptr && hearing.before->owner.kind != Unit::Kind::none)
    return hearing.before->owner;
  if (!hearing.actor.organisation.empty()) return organisation_unit(hearing.actor.organisation);
  if (hearing.draft->parent.has_value())
    if (const SnapshotPtr parent = hearing.docket.source.load(hearing.draft->parent))
      return parent->owner;
  const Organisation* office = hearing.docket.directory().roster->nearest_office(
      hearing.draft->territory, hearing.today());
  return office != nullptr ? organisation_unit(office->key) : Unit{};
}

bool field_changed(const Hearing& hearing, std::size_t field) {
  return hearing.before == nullptr ||
         !(hearing.before->fields[field] == hearing.draft->fields[field]);
}

/// Whether a migration brings another rule for a part of `belongs`. One that reads who acts stays
/// unread: nobody does.
bool is_new_rule(const Hearing& hearing, ExpressionPtr Type::* rule) {
  if (hearing.moved_from == nullptr) return false;
  const ExpressionPtr& now = hearing.type.*rule;
  const ExpressionPtr& was = (*hearing.moved_from->type).*rule;
  return now && !now->uses().actor && (!was || was->text() != now->text());
}

/// Whether `belongs` is to be evaluated: at the opening, at a reroute, when an own field that it
/// reads was stored, when a part of `belongs` that it reads has moved, or when it says something
/// else than before a migration.
bool is_due(const Hearing& hearing, ExpressionPtr Type::* rule, bool anew) {
  if (hearing.before == nullptr || is_new_rule(hearing, rule)) return true;
  const ExpressionPtr& expression = hearing.type.*rule;
  if (!expression) return false;
  if (std::ranges::any_of(expression->own_fields(),
                          [&](std::size_t field) { return field_changed(hearing, field); }))
    return true;
  if (expression->reads_own("territory") &&
      hearing.before->territory != hearing.draft->territory)
    return true;
  if (expression->reads_own("owner") && !(hearing.before->owner == hearing.draft->owner))
    return true;
  return anew && !expression->uses().actor;
}

}  // namespace

Status settle_belongs(Hearing& hearing, bool anew) {
  if (hearing.is_placed) return {};
  Snapshot& draft = *hearing.draft;
  if (hearing.moved_from != nullptr) draft.parent = {};
  for (const std::size_t i : hearing.type.links())
    if (hearing.type.fields[i].parent) {
      const auto* link = draft.fields[i].get<Link>();
      draft.parent = link != nullptr ? link->id : MatterId{};
      break;
    }
  const bool place_moved = anew && !hearing.type.territory;
  if (hearing.fixed_territory) {
    draft.territory = *hearing.fixed_territory;
  } else if (is_due(hearing, &Type::territory, anew) || place_moved) {
    std::string code;
    if (hearing.type.territory) {
      Value scratch;
      GEWU_TRY(value, evaluate_in_place(*hearing.type.territory, hearing.scope(), scratch));
      code = territory_of(*value);
    }
    if (!code.empty())
      draft.territory = std::move(code);
    else if (hearing.moved_from == nullptr)  // of a moved one it stays where it counted
      draft.territory = fallback_territory(hearing);
  }
  if (is_due(hearing, &Type::owner, anew)) {
    Unit owner;
    if (hearing.type.owner) {
      Value scratch;
      GEWU_TRY(value, evaluate_in_place(*hearing.type.owner, hearing.scope(), scratch));
      owner = unit_of(*value);
    }
    draft.owner = owner.kind == Unit::Kind::none ? fallback_owner(hearing) : std::move(owner);
  }
  const bool follows_owner =
      hearing.before != nullptr && hearing.before->handler == hearing.before->owner &&
      !(hearing.before->owner == draft.owner);
  if (is_due(hearing, &Type::handler, anew) || follows_owner) {
    Unit handler;
    if (hearing.type.handler) {
      Value scratch;
      GEWU_TRY(value, evaluate_in_place(*hearing.type.handler, hearing.scope(), scratch));
      handler = unit_of(*value);
    }
    draft.handler = handler.kind == Unit::Kind::none ? draft.owner : std::move(handler);
  }
  return {};
}

Status renew_values(Hearing& hearing) {
  hearing.values_stale = false;
  for (const std::size_t i : hearing.type.computed()) {
    GEWU_TRY(value, evaluate(*hearing.type.fields[i].value, hearing.scope()));
    hearing.draft->fields[i] = std::move(value);
  }
  return {};
}

namespace {

/// What a link field pointed to before this event and points to now: not both nothing.
struct LinkChange {
  const Name& field;
  std::vector<MatterId> was, now;
};

/// Of every link field that the type has, or had before a migration.
std::vector<LinkChange> link_changes(const Hearing& hearing) {
  std::vector<LinkChange> changes;
  const auto is_empty = [](const Value* value) { return value == nullptr || value->is_missing(); };
  const auto add = [&](const Name& field, const Value* was, const Value* now) {
    if (is_empty(was) && is_empty(now)) return;
    LinkChange change{field, was != nullptr ? links_in(*was) : std::vector<MatterId>{},
                      now != nullptr ? links_in(*now) : std::vector<MatterId>{}};
    if (!change.was.empty() || !change.now.empty()) changes.push_back(std::move(change));
  };
  const Snapshot* moved = hearing.moved_from.get();
  const Snapshot* before = hearing.before.get();
  for (const std::size_t i : hearing.type.links()) {
    const FieldSpec& field = hearing.type.fields[i];
    const Value* was = moved != nullptr    ? moved->find_field(field.name)
                       : before != nullptr ? &before->fields[i]
                                           : nullptr;
    add(field.name, was, &hearing.draft->fields[i]);
  }
  if (moved == nullptr) return changes;
  for (const FieldSpec& field : moved->type->fields)
    if (field.kind == FieldKind::link && !hearing.type.find_field(field.name))
      add(field.name, moved->find_field(field.name), nullptr);
  return changes;
}

}  // namespace

void move_memberships(Hearing& hearing) {
  const MatterId self = hearing.draft->id;
  for (const LinkChange& link : link_changes(hearing)) {
    const auto& [field, was, now] = link;
    if (was == now) continue;
    for (const Name* type : {&hearing.type.name, &hearing.type.base}) {
      if (type->empty()) continue;
      const auto change = [&](const SetKey& set, bool joins) {
        if (joins)
          hearing.docket.source.join(set, self);
        else
          hearing.docket.source.leave(set, self);
        hearing.docket.dossier.add_members(set, hearing.docket.source.members(set));
      };
      const auto key = [&](MatterId target) {
        return SetKey{*type, link.field, target};
      };
      for (const MatterId target : was)
        if (std::ranges::find(now, target) == now.end())
          change(key(target), false);
      for (const MatterId target : now)
        if (std::ranges::find(was, target) == was.end()) change(key(target), true);
    }
  }
}

namespace {

/// Whether a stored value of the target reads a set of this type's matters through this link.
bool reads_set(const FieldSpec& value, const std::string& set) {
  return std::ranges::any_of(value.value->reads(), [&](const ExpressionRead& read) {
    return !read.path.empty() && read.path.front() == set;
  });
}

bool is_renewed(const Type& target, const Type& member, const Name& link) {
  if (std::ranges::none_of(target.fields, &FieldSpec::over_sets)) return false;
  const std::string own = "<" + member.name + "." + link;
  const std::string inherited = "<" + member.base + "." + link;
  return std::ranges::any_of(target.fields, [&](const FieldSpec& field) {
    return field.over_sets && field.value &&
           (reads_set(field, own) || reads_set(field, inherited));
  });
}

/// Values over own sets, and those that read one that changed.
Status renew_over_sets(Hearing& hearing) {
  const auto has_moved = [&](std::size_t field) { return field_changed(hearing, field); };
  for (const std::size_t i : hearing.type.computed()) {
    const FieldSpec& field = hearing.type.fields[i];
    if (hearing.draft->fields[i].is<Erased>()) continue;
    if (!field.over_sets && std::ranges::none_of(field.value->own_fields(), has_moved)) continue;
    GEWU_TRY(value, evaluate(*field.value, hearing.scope()));
    hearing.draft->fields[i] = std::move(value);
  }
  return {};
}

Status renew_target(Hearing& hearing, const SnapshotPtr& target) {
  Docket& docket = hearing.docket;
  for (Hearing* open : docket.hearings)
    if (open->draft->id == target->id) {
      open->values_stale = true;
      return {};
    }
  if (hearing.event.touched.size() >= kLimits.touched_max)
    return refuse(ErrorCode::too_large, "matter.touched_max");
  const Locality* locality = locality_for(docket.directory(), *target);
  if (locality == nullptr) return {};
  GEWU_CHECK(load_matter(docket, target, {}));
  Actor system;
  system.kind = Actor::Kind::system;
  Hearing other(docket, target->type, *locality, system);
  other.before = target;
  other.draft = std::make_shared<Snapshot>(*target);
  other.quiet = true;
  GEWU_CHECK(renew_over_sets(other));
  if (other.draft->fields == target->fields) return {};
  GEWU_CHECK(follow_renewed(other, target->fields));
  other.draft->version = target->version + 1;
  MatterChange change;
  note_change(change, *target, *other.draft);
  SnapshotPtr after = other.draft;
  hearing.event.touched.push_back(std::move(change));
  GEWU_CHECK(count_stocks(hearing, *locality, target.get(), *after));
  docket.source.put(after);
  docket.dossier.add(after);
  std::erase_if(docket.decision.touched,
                [&](const SnapshotPtr& renewed) { return renewed->id == after->id; });
  docket.decision.touched.push_back(std::move(after));
  return {};
}

}  // namespace

Status renew_touched(Hearing& hearing) {
  std::vector<MatterId> seen;
  for (const LinkChange& link : link_changes(hearing)) {
    std::vector<MatterId> targets = link.now;
    targets.insert(targets.end(), link.was.begin(), link.was.end());
    for (const MatterId id : targets) {
      if (id == hearing.draft->id || std::ranges::find(seen, id) != seen.end()) continue;
      const SnapshotPtr target = hearing.docket.source.load(id);
      if (!target || !is_renewed(*target->type, hearing.type, link.field)) continue;
      seen.push_back(id);
      GEWU_CHECK(renew_target(hearing, target));
    }
  }
  return {};
}

}  // namespace gewu::kernel
