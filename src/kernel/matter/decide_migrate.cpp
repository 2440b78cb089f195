#include <algorithm>
#include <utility>

#include "kernel/matter/docket.h"
#include "kernel/matter/expression_tree.h"
#include "kernel/matter/field_carry.h"
#include "kernel/matter/migration.h"

// A migration of one matter (language.md 2.8): the same matter under another text. What it was is
// `moved_from`; `before` is what apply makes of it by the move alone, so that everything else of
// the event stands against that.

namespace gewu::kernel {

namespace {

SnapshotPtr moved_alone(const Snapshot& matter, const Migration& migration, std::size_t state) {
  auto moved = std::make_shared<Snapshot>(matter);
  move_type(*moved, TypeMove{migration.from, migration.to, migration.actions});
  moved->state = state;
  return moved;
}

/// Fields by the file's expressions, which read the matter as it was.
Status fill_moved(Hearing& hearing, const Migration& migration) {
  Scope scope = hearing.scope();
  scope.self = hearing.moved_from.get();
  for (const SetField& set : migration.fields) {
    GEWU_TRY(value, evaluate(*set.value, scope));
    hearing.draft->fields[set.field] = std::move(value);
  }
  return {};
}

/// Defaults of new fields that are still empty; then none that is needed may be.
Status complete_moved(Hearing& hearing, const Migration& migration) {
  for (std::size_t i = 0; i < hearing.type.fields.size(); ++i) {
    const FieldSpec& field = hearing.type.fields[i];
    const auto old = migration.from->find_field(field.name);
    const bool is_old = old && is_carried(migration.from->fields[*old], field);
    Value& value = hearing.draft->fields[i];
    if (is_old || field.value || !value.is_missing()) continue;
    const bool is_given =
        std::ranges::find(migration.fields, i, &SetField::field) != migration.fields.end();
    if (field.default_value && !is_given && !field.default_value->uses().actor) {
      GEWU_TRY(standard, evaluate(*field.default_value, hearing.scope()));
      value = std::move(standard);
    }
    GEWU_TRY(needed, is_true(field.required, hearing.scope(), false));
    if (needed && value.is_missing())
      return refuse(ErrorCode::conflict, "migration.needed",
                    {{"type", hearing.type.name}, {"field", field.name}});
  }
  return {};
}

}  // namespace

Result<Decision> migrate_matter(const Chamber& chamber, MatterId id, const Migration& migration) {
  const SnapshotPtr matter = chamber.source.load(id);
  if (!matter) return refuse(ErrorCode::not_found, "not_found");
  if (matter->type->text_sha256 != migration.from->text_sha256 || matter->is_final() ||
      matter->state >= migration.states.size())
    return Decision{};
  const std::optional<std::size_t>& state = migration.states[matter->state];
  if (!state) return Decision{};
  const Locality* locality = locality_for(chamber.directory, *matter);
  if (locality == nullptr) return refuse(ErrorCode::unavailable, "locality.unknown");

  Docket docket(chamber);
  GEWU_CHECK(load_matter(docket, matter, {}));
  GEWU_CHECK(load_dossier(migration.read_plan, matter, {}, docket.source, docket.dossier));
  Actor system;
  system.kind = Actor::Kind::system;
  Hearing hearing(docket, migration.to, *locality, system);
  hearing.migration = &migration;
  hearing.moved_from = matter;
  hearing.before = moved_alone(*matter, migration, *state);
  hearing.draft = std::make_shared<Snapshot>(*hearing.before);
  start_event(hearing.event, docket, Event::Kind::migrate, id, "migrate", system, Arrival{});
  hearing.by_person = false;
  hearing.origin_matter = id;
  hearing.step = docket.add_step();
  GEWU_CHECK(fill_moved(hearing, migration));
  GEWU_CHECK(load_matter(docket, hearing.draft, {}));
  GEWU_CHECK(complete_moved(hearing, migration));
  GEWU_CHECK(conclude(hearing, {}));
  return std::move(docket.decision);
}

}  // namespace gewu::kernel
