#include <algorithm>
#include <utility>

#include "kernel/matter/directory.h"
#include "kernel/matter/value_arithmetic.h"

namespace gewu::kernel {
namespace {

std::string entry_key(std::string_view name, std::string_view value) {
  std::string key(name);
  key += '\n';
  key += value;
  return key;
}

}  // namespace

std::vector<ReferenceRows::Entry> ReferenceRows::entries_of(const Snapshot& row) {
  std::vector<Entry> entries;
  const auto add = [&](std::string_view name, const Value& value) {
    if (const auto key = value_key(value)) entries.push_back({entry_key(name, *key), row.id});
  };
  const auto& fields = row.type->fields;
  for (std::size_t i = 0; i < fields.size() && i < row.fields.size(); ++i)
    if (fields[i].index) add(fields[i].name, row.fields[i]);
  if (!row.territory.empty()) add("territory", territory_unit(row.territory));
  if (row.owner.kind != Unit::Kind::none) add("owner", row.owner);
  if (row.handler.kind != Unit::Kind::none) add("handler", row.handler);
  return entries;
}

void ReferenceRows::count_unindexed(const Snapshot& row, int by) {
  for (const FieldSpec& field : row.type->fields) {
    if (field.index) continue;
    const auto at = unindexed_.try_emplace(field.name, 0).first;
    at->second += by;
    if (at->second == 0) unindexed_.erase(at);
  }
}

ReferenceRows ReferenceRows::of(std::vector<SnapshotPtr> rows) {
  ReferenceRows made;
  made.rows_ = PersistentMap<SnapshotPtr, IdOf>::of(std::move(rows));
  std::vector<Entry> entries;
  made.rows_.visit_all([&](const SnapshotPtr& row) {
    auto own = entries_of(*row);
    entries.insert(entries.end(), std::make_move_iterator(own.begin()),
                   std::make_move_iterator(own.end()));
    made.count_unindexed(*row, 1);
  });
  made.index_ = PersistentMap<Entry>::of(std::move(entries));
  return made;
}

std::vector<SnapshotPtr> ReferenceRows::all() const {
  std::vector<SnapshotPtr> rows;
  rows.reserve(rows_.size());
  rows_.visit_all([&](const SnapshotPtr& row) { rows.push_back(row); });
  return rows;
}

SnapshotPtr ReferenceRows::find(MatterId id) const {
  const SnapshotPtr* found = rows_.find(id);
  return found == nullptr ? nullptr : *found;
}

bool ReferenceRows::is_indexed(std::string_view name) const {
  return unindexed_.find(name) == unindexed_.end();
}

std::vector<SnapshotPtr> ReferenceRows::find_equal(std::string_view name,
                                                   const Value& value) const {
  std::vector<SnapshotPtr> found;
  const auto key = value_key(value);
  if (!key) return found;
  const Entry from{entry_key(name, *key), MatterId{0}};
  index_.visit_from(from, [&](const Entry& entry) {
    if (entry.key != from.key) return false;
    found.push_back(find(entry.id));
    return true;
  });
  return found;
}

std::shared_ptr<const ReferenceRows> ReferenceRows::with(SnapshotPtr row) const {
  auto made = std::make_shared<ReferenceRows>(*this);
  if (const SnapshotPtr old = find(row->id)) {
    for (const Entry& entry : entries_of(*old)) made->index_ = made->index_.without(entry);
    made->count_unindexed(*old, -1);
  }
  for (Entry& entry : entries_of(*row)) made->index_ = made->index_.with(std::move(entry));
  made->count_unindexed(*row, 1);
  made->rows_ = made->rows_.with(std::move(row));
  return made;
}

std::shared_ptr<const ReferenceRows> ReferenceRows::without(MatterId id) const {
  auto made = std::make_shared<ReferenceRows>(*this);
  if (const SnapshotPtr old = find(id)) {
    for (const Entry& entry : entries_of(*old)) made->index_ = made->index_.without(entry);
    made->count_unindexed(*old, -1);
    made->rows_ = made->rows_.without(id);
  }
  return made;
}

}  // namespace gewu::kernel
