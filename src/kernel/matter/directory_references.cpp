#include "kernel/matter/directory_event.h"

#include <utility>

namespace gewu::kernel {

namespace {

/// Names under which a row stands: its type, and what that extends.
std::vector<Name> registers_of(const Directory& directory, const Snapshot& row) {
  std::vector<Name> names = {row.type->name};
  Name base = row.type->base;
  const Locality* locality = directory.locality_of(row.territory);
  if (locality == nullptr) locality = directory.find_locality(row.type->locality);
  while (!base.empty() && names.size() < 4) {
    names.push_back(base);
    const TypePtr type = locality != nullptr ? locality->find_type(base) : nullptr;
    base = type ? type->base : Name();
  }
  return names;
}

/// `moved`: under another text, whose type may be no list of rows any more.
void put_row(std::shared_ptr<Directory>& changed, const DirectoryPtr& before,
             const SnapshotPtr& row, bool moved) {
  if (!row->type->reference && !moved) return;
  const Directory& now = changed ? *changed : *before;
  const bool is_active = row->is_active_row();
  for (const Name& name : registers_of(now, *row)) {
    const ReferenceRows& rows = (changed ? *changed : *before).rows(name);
    const SnapshotPtr known = rows.find(row->id);
    if (!is_active && !known) continue;
    auto renewed = is_active ? rows.with(row) : rows.without(row->id);
    if (!changed) {
      changed = std::make_shared<Directory>(*before);
      ++changed->version;
    }
    changed->references[name] = std::move(renewed);
  }
}

}  // namespace

DirectoryPtr apply_references(const DirectoryPtr& before, const Decision& decision) {
  std::shared_ptr<Directory> changed;
  for (const Step& step : decision.steps)
    if (step.after)
      put_row(changed, before, step.after, step.event.change.moved.has_value());
  for (const SnapshotPtr& touched : decision.touched) put_row(changed, before, touched, false);
  return changed ? DirectoryPtr(std::move(changed)) : before;
}

}  // namespace gewu::kernel
