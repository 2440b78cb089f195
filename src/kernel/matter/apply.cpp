#include "kernel/matter/apply.h"

#include <algorithm>
#include <utility>

#include "base/ensure.h"
#include "kernel/matter/field_carry.h"

namespace gewu::kernel {

namespace {

void put_clock(Snapshot& snapshot, const ClockState& clock) {
  const auto known = std::ranges::find(snapshot.clocks, clock.name, &ClockState::name);
  if (known == snapshot.clocks.end())
    snapshot.clocks.push_back(clock);
  else
    *known = clock;
}

void put_change(Snapshot& snapshot, const MatterChange& change) {
  if (change.moved) move_type(snapshot, *change.moved);
  snapshot.version = change.version;
  if (change.state) snapshot.state = *change.state;
  for (const RecordedValue& recorded : change.fields)
    if (const auto field = snapshot.type->find_field(recorded.name))
      snapshot.fields[*field] = recorded.value;
  if (change.territory) snapshot.territory = *change.territory;
  if (change.owner) snapshot.owner = *change.owner;
  if (change.handler) snapshot.handler = *change.handler;
  if (change.claimed_by) snapshot.claimed_by = *change.claimed_by;
  if (change.parent) snapshot.parent = *change.parent;
  if (change.transferred_to) snapshot.transferred_to = *change.transferred_to;
  if (change.outcome) snapshot.outcome = *change.outcome;
  if (change.closed_at) snapshot.closed_at = *change.closed_at;
  for (const ClockState& clock : change.clocks) put_clock(snapshot, clock);
  if (!change.erased_keys.empty()) snapshot.erased_any = true;
  for (const Name& name : change.erased) {
    snapshot.erased_any = true;
    if (const auto field = snapshot.type->find_field(name)) snapshot.fields[*field] = Erased{};
  }
}

void put_opening(Snapshot& snapshot, const Event& event) {
  const Opening& opening = *event.opening;
  snapshot.id = event.matter;
  snapshot.type = opening.type;
  snapshot.state = opening.state;
  snapshot.number = opening.number;
  snapshot.opened_at = opening.opened_at;
  snapshot.author_account = opening.author_account;
  snapshot.has_receipt = opening.has_receipt;
  snapshot.fields.resize(opening.type->fields.size());
}

}  // namespace

void move_type(Snapshot& snapshot, const TypeMove& move) {
  const Type& from = *snapshot.type;
  std::vector<Value> fields(move.to->fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (const auto old = from.find_field(move.to->fields[i].name))
      if (is_carried(from.fields[*old], move.to->fields[i]))
        fields[i] = std::move(snapshot.fields[*old]);
  snapshot.fields = std::move(fields);
  std::vector<ActionRecord> actions;
  for (ActionRecord& record : snapshot.actions) {
    const auto renamed = std::ranges::find(move.actions, record.action,
                                           &std::pair<Name, Name>::first);
    if (renamed != move.actions.end()) record.action = renamed->second;
    const auto known = std::ranges::find(actions, record.action, &ActionRecord::action);
    if (known == actions.end()) {
      actions.push_back(std::move(record));
      continue;
    }
    // Two that are one now: both were taken, and the later was the last.
    record.times += known->times;
    if (record.at < known->at) known->times = record.times;
    else *known = std::move(record);
  }
  snapshot.actions = std::move(actions);
  snapshot.type = move.to;
}

void record_taken(Snapshot& snapshot, const Event& event) {
  if (event.kind != Event::Kind::action) return;
  auto known = std::ranges::find(snapshot.actions, event.action, &ActionRecord::action);
  if (known == snapshot.actions.end()) {
    snapshot.actions.emplace_back();
    known = std::prev(snapshot.actions.end());
    known->action = event.action;
  }
  ++known->times;
  known->at = event.at;
  known->actor = event.actor;
  known->input.clear();
  for (const RecordedValue& given : event.input)
    if (!given.personal && !given.sealed) known->input.push_back({given.name, given.value});
}

SnapshotPtr apply(const SnapshotPtr& before, const Event& event) {
  ensure((before == nullptr) == event.opening.has_value());
  auto after = before ? std::make_shared<Snapshot>(*before) : std::make_shared<Snapshot>();
  if (event.opening) put_opening(*after, event);
  put_change(*after, event.change);
  record_taken(*after, event);
  return after;
}

SnapshotPtr apply_touched(const SnapshotPtr& before, const MatterChange& change) {
  ensure(before != nullptr && before->id == change.matter);
  auto after = std::make_shared<Snapshot>(*before);
  put_change(*after, change);
  return after;
}

}  // namespace gewu::kernel
