#include "kernel/matter/docket.h"

#include <algorithm>
#include <utility>

#include "base/ensure.h"

namespace gewu::kernel {

SnapshotPtr Overlay::load(MatterId id) {
  const SnapshotPtr* found = changes.matters.find(id);
  return found != nullptr ? *found : committed_.load(id);
}

std::vector<MatterId> Overlay::members(const SetKey& key) {
  std::vector<MatterId> members;
  if (std::ranges::find(fresh_, key.target) == fresh_.end()) members = committed_.members(key);
  const Moves* moves = changes.moves.find(key);
  if (moves == nullptr) return members;
  for (const MatterId left : moves->left) std::erase(members, left);
  for (const MatterId joined : moves->joined)
    if (std::ranges::find(members, joined) == members.end()) members.push_back(joined);
  return members;
}

std::vector<HoldRecord> Overlay::holds(const Name& type, const Name& hold,
                                       const std::vector<std::string>& keys, MatterId except) {
  std::vector<HoldRecord> records = committed_.holds(type, hold, keys, except);
  for (const Held& held : changes.held)
    if (held.type == type && held.record.hold == hold && held.record.keys == keys &&
        held.matter != except)
      records.push_back(held.record);
  return records;
}

std::vector<BookEntry> Overlay::entries(const Name& book, const std::string& account,
                                        Instant since) {
  std::vector<BookEntry> found = committed_.entries(book, account, since);
  for (const BookEntry& entry : changes.entries)
    if (entry.book == book && entry.account == account) found.push_back(entry);
  return found;
}

std::int64_t Overlay::balance(const Name& book, const std::string& account) {
  std::int64_t balance = committed_.balance(book, account);
  for (const BookEntry& entry : changes.entries)
    if (entry.book == book && entry.account == account) balance += entry.amount;
  return balance;
}

void Overlay::put(SnapshotPtr snapshot) {
  const MatterId id = snapshot->id;
  changes.matters[id] = std::move(snapshot);
}

void Overlay::join(const SetKey& key, MatterId member) {
  Moves& moves = changes.moves[key];
  std::erase(moves.left, member);
  moves.joined.push_back(member);
}

void Overlay::leave(const SetKey& key, MatterId member) {
  Moves& moves = changes.moves[key];
  std::erase(moves.joined, member);
  moves.left.push_back(member);
}

void Overlay::hold(const Name& type, MatterId matter, HoldRecord record) {
  changes.held.push_back({type, matter, std::move(record)});
}

void Docket::go_back(Mark mark) {
  source.changes = std::move(mark.changes);
  dossier = std::move(mark.dossier);
  decision = std::move(mark.decision);
  opened_count = mark.opened_count;
  territory = std::move(mark.territory);
  roster = std::move(mark.roster);
}

Hearing::Hearing(Docket& of, TypePtr pinned, const Locality& place, Actor who)
    : docket(of),
      type_ptr(std::move(pinned)),
      type(*type_ptr),
      locality(place),
      actor(std::move(who)) {
  docket.hearings.push_back(this);
}

Hearing::~Hearing() { docket.hearings.pop_back(); }

Scope Hearing::scope() const {
  return {.directory = docket.directory(),
          .locality = locality,
          .dossier = docket.dossier,
          .self = subject ? subject.get() : draft.get(),
          .input = &input,
          .actor = &actor,
          .basis = basis.get(),
          .it = it,
          .now = now()};
}

AccessCase Hearing::access() const {
  return {.directory = docket.directory(),
          .locality = locality,
          .dossier = docket.dossier,
          .matter = stand_in ? *stand_in : *draft,
          .now = now(),
          .input = &input,
          .it = it};
}

std::string Hearing::key(std::string_view rest) const {
  std::string key = type.name;
  if (action != nullptr) key.append(".").append(action->name);
  return key.append(".").append(rest);
}

const Locality* locality_for(const Directory& directory, const Snapshot& matter) {
  const Locality* nearest = directory.locality_of(matter.territory);
  return nearest != nullptr ? nearest : directory.find_locality(matter.type->locality);
}

Status load_matter(Docket& docket, const SnapshotPtr& matter,
                   const std::vector<NamedValue>& input) {
  std::vector<MatterId> linked;
  for (const NamedValue& given : input)
    for (const MatterId id : links_in(given.value)) linked.push_back(id);
  return load_dossier(matter->type->read_plan, matter, linked, docket.source, docket.dossier);
}

bool is_in(const std::vector<std::size_t>& states, std::size_t state) {
  return std::ranges::find(states, state) != states.end();
}

Result<bool> is_true(const ExpressionPtr& condition, const Scope& scope, bool without) {
  if (!condition) return without;
  return holds_true(*condition, scope);
}

std::vector<MatterId> links_in(const Value& value) {
  std::vector<MatterId> ids;
  if (const auto* link = value.get<Link>()) {
    ids.push_back(link->id);
  } else if (const auto* set = value.get_shared<Values>()) {
    for (const Value& element : *set)
      if (const auto* one = element.get<Link>()) ids.push_back(one->id);
  }
  return ids;
}

void start_event(Event& event, const Docket& docket, Event::Kind kind, MatterId matter,
                 std::string_view action, const Actor& actor, const Arrival& arrival) {
  event.id = EventId{docket.chamber.ids.next()};
  event.kind = kind;
  event.matter = matter;
  event.action = action;
  note_actor(event.actor, actor);
  event.at = docket.chamber.now;
  event.recorded = arrival.recorded;
  event.source = arrival.source;
  event.cause = arrival.cause;
  event.depth = arrival.depth;
}

}  // namespace gewu::kernel
