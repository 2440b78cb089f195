#include "usecase/read_matter.h"

#include <algorithm>

#include "kernel/matter/access.h"
#include "usecase/read_log.h"
#include "usecase/read_room.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kPartsMax = 500;
constexpr std::size_t kLinkedMax = 50;
constexpr std::size_t kTimelineMax = 1'000;

struct Opened {
  Actor actor;
  MatterRow row;
};

Result<Opened> open(const ReadRoom& room, const Caller& caller, MatterId id) {
  GEWU_TRY(actor, actor_of(caller, *room.directory(), room.now()));
  const SnapshotPtr matter = room.source().load(id);
  if (!matter) return refuse(ErrorCode::not_found, "not_found");
  GEWU_TRY(row, room.row(matter, actor));
  if (!row) return refuse(ErrorCode::not_found, "not_found");
  return Opened{std::move(actor), std::move(*row)};
}

/// Whether this account took `unseal` since its session was opened.
Result<bool> has_unsealed(Office& office, const Caller& caller, const Snapshot& matter) {
  if (!caller.account.has_value() || caller.session_opened == Instant{} ||
      !matter.find_action("unseal"))
    return false;
  GEWU_TRY(timeline, office.store.read_timeline(matter.id, kTimelineMax));
  return std::ranges::any_of(timeline, [&](const Event& event) {
    return event.kind == Event::Kind::action && event.action == "unseal" &&
           event.actor.account == caller.account && caller.session_opened <= event.at;
  });
}

Status open_sealed_fields(Office& office, const Caller& caller, SeenMatter& seen) {
  GEWU_TRY(unsealed, has_unsealed(office, caller, *seen.matter));
  for (SeenField& field : seen.fields) {
    if (field.is_sealed && !unsealed) continue;
    const Value& stored = seen.matter->fields[field.field];
    if (!stored.get_shared<Sealed>()) {
      if (field.is_sealed) field.value = stored;
      field.is_sealed = false;
      continue;
    }
    GEWU_TRY(value, office.store.open_sealed(seen.matter->id,
                                             seen.matter->type->fields[field.field].name));
    field.value = std::move(value);
    field.is_sealed = false;
  }
  return {};
}

std::vector<MatterId> targets_of(const Value& value) {
  std::vector<MatterId> targets;
  if (const auto* link = value.get<Link>()) targets.push_back(link->id);
  if (const auto* many = value.get_shared<Values>())
    for (const Value& element : *many)
      if (const auto* link = element.get<Link>()) targets.push_back(link->id);
  return targets;
}

Result<std::vector<MatterRow>> load_rows(const ReadRoom& room, const Actor& actor,
                                         const std::vector<MatterId>& ids) {
  std::vector<SnapshotPtr> matters;
  for (const MatterId id : ids) {
    if (matters.size() >= kLinkedMax) break;
    matters.push_back(room.source().load(id));
  }
  return room.rows(matters, actor);
}

Result<std::vector<LinkedMatters>> read_links(const ReadRoom& room, const Actor& actor,
                                              const SeenMatter& seen) {
  std::vector<LinkedMatters> links;
  const Type& type = *seen.matter->type;
  for (const SeenField& shown : seen.fields) {
    const FieldSpec& field = type.fields[shown.field];
    if (field.kind != FieldKind::link || field.parent) continue;
    GEWU_TRY(rows, load_rows(room, actor, targets_of(shown.value)));
    if (!rows.empty()) links.push_back({field.name, field.label, std::move(rows)});
  }
  for (const SetSpec& set : type.sets) {
    GEWU_TRY(rows, load_rows(room, actor,
                             room.source().members({set.type, set.field, seen.matter->id})));
    std::erase_if(rows, [&](const MatterRow& row) {
      return row.seen.matter->parent == seen.matter->id;  // parts stand by themselves
    });
    if (rows.empty()) continue;
    const Label words = rows.front().seen.matter->type->label;
    links.push_back({set.name, words, std::move(rows)});
  }
  return links;
}

bool has_opened(const SeenMatter& seen) {
  return std::ranges::any_of(seen.fields, [&](const SeenField& shown) {
    const FieldSpec& field = seen.matter->type->fields[shown.field];
    return (field.sealed || field.kind == FieldKind::contact) && !shown.is_sealed &&
           !shown.value.is_missing() && !shown.value.is<Erased>();
  });
}

/// What of others the page shows, in the log of reads.
Status note_page(Office& office, const ReadRoom& room, const Caller& caller,
                 const SeenMatter& seen, const MatterView& view) {
  GEWU_CHECK(note_read(office, room, caller, seen,
                       has_opened(seen) ? store::ReadKind::sealed : store::ReadKind::page));
  GEWU_CHECK(note_reads(office, room, caller, view.parts, store::ReadKind::list));
  GEWU_CHECK(note_reads(office, room, caller, view.duplicates, store::ReadKind::list));
  for (const LinkedMatters& links : view.links)
    GEWU_CHECK(note_reads(office, room, caller, links.rows, store::ReadKind::list));
  std::vector<MatterRow> rest;
  if (view.parent) rest.push_back(*view.parent);
  for (const NearMatter& near : view.near) rest.push_back(near.row);
  return note_reads(office, room, caller, rest, store::ReadKind::list);
}

}  // namespace

Result<MatterView> read_matter(Office& office, const Caller& caller, MatterId id) {
  const ReadRoom room(office);
  GEWU_TRY(opened, open(room, caller, id));
  MatterView view;
  view.directory = room.directory();
  view.as_of = room.now();
  const SnapshotPtr matter = opened.row.seen.matter;
  view.locality = room.locality_of(*matter);
  view.is_author = is_author(opened.actor, *matter);
  GEWU_CHECK(open_sealed_fields(office, caller, opened.row.seen));
  GEWU_TRY(actions, offer_actions(room.chamber(), matter, opened.actor));
  view.actions = std::move(actions);
  if (!office.sends_messages)
    std::erase_if(view.actions, [](const auto& offered) { return offered.action == "ask_contact"; });
  GEWU_TRY(parts, office.store.find_parts(id, kPartsMax));
  GEWU_TRY(part_rows, room.rows(parts, opened.actor));
  view.parts = std::move(part_rows);
  if (matter->parent.has_value())
    if (const SnapshotPtr parent = room.source().load(matter->parent)) {
      GEWU_TRY(row, room.row(parent, opened.actor));
      view.parent = std::move(row);
    }
  GEWU_TRY(links, read_links(room, opened.actor, opened.row.seen));
  view.links = std::move(links);
  GEWU_TRY(duplicates, find_duplicates(room, opened.actor, *matter));
  view.duplicates = std::move(duplicates);
  GEWU_TRY(near, find_near(office, room, opened.actor, opened.row.seen));
  view.near = std::move(near);
  GEWU_CHECK(note_page(office, room, caller, opened.row.seen, view));
  view.row = std::move(opened.row);
  return view;
}

Result<ShownRow> read_row(Office& office, const Caller& caller, MatterId id) {
  const ReadRoom room(office);
  GEWU_TRY(opened, open(room, caller, id));
  GEWU_CHECK(note_read(office, room, caller, opened.row.seen, store::ReadKind::list));
  return ShownRow{room.directory(), std::move(opened.row), room.now()};
}

Result<ShownRow> read_fields(Office& office, const Caller& caller, MatterId id) {
  const ReadRoom room(office);
  GEWU_TRY(opened, open(room, caller, id));
  GEWU_CHECK(open_sealed_fields(office, caller, opened.row.seen));
  return ShownRow{room.directory(), std::move(opened.row), room.now()};
}

namespace {

enum class Reader { office, author, other };

/// What an event is to its reader.
bool is_told(const Event& event, Reader reader, const Actor& actor) {
  if (reader == Reader::office) return true;
  if (event.kind == Event::Kind::refusal || event.kind == Event::Kind::calendar ||
      event.kind == Event::Kind::migrate)
    return false;
  if (event.action == "claim" || event.action == "release") return false;
  if (event.action == "unseal") return reader == Reader::author;
  if (event.action != "note") return true;
  if (reader == Reader::other) return false;
  if (event.actor.kind == Actor::Kind::author ||
      (actor.account.has_value() && event.actor.account == actor.account))
    return true;
  return std::ranges::any_of(event.input, [](const RecordedValue& value) {
    const auto* key = value.value.get<Key>();
    return value.name == "audience" && key && key->key == "author";
  });
}

bool is_note_to_author(const Event& event) {
  return std::ranges::any_of(event.messages,
                             [](const MessageRecord& message) { return message.to_author; }) &&
         event.action == "note";
}

/// Inputs as the reader may see them. Personal ones of others stay with the office.
void hide_inputs(Event& event, Reader reader) {
  const bool is_own = event.actor.kind == Actor::Kind::author;
  std::erase_if(event.input, [&](const RecordedValue& value) {
    if (value.sealed) return true;
    if (reader == Reader::office) return false;
    if (reader == Reader::other) return true;
    return value.personal && !is_own && event.action != "note";
  });
  if (reader == Reader::office) return;
  event.refused.clear();
  event.figures.clear();
  event.touched.clear();
  event.messages.clear();
  event.change.fields.clear();
}

/// What was entered into a personal field, or is a person's by itself.
bool shows_personal_input(const Event& event) {
  return std::ranges::any_of(event.input, [](const RecordedValue& value) {
    return value.personal && !value.value.is_missing() && !value.value.is<Erased>();
  });
}

Result<std::string> official_name(Office& office, const ActorRecord& actor) {
  if (actor.kind != Actor::Kind::post || !actor.account.has_value()) return std::string();
  GEWU_TRY(account, office.store.find_account(actor.account));
  return account ? account->display_name : std::string();
}

Reader reader_of(const Opened& opened, const Snapshot& matter) {
  const auto& audience = opened.row.seen.audience;
  if (is_author(opened.actor, matter) && !opened.actor.post.has_value()) return Reader::author;
  for (const char* outside : {"public", "others", "member"})
    if (audience == outside) return Reader::other;
  return audience == "author" ? Reader::author : Reader::office;
}

}  // namespace

Result<Timeline> read_timeline(Office& office, const Caller& caller, MatterId id) {
  const ReadRoom room(office);
  GEWU_TRY(opened, open(room, caller, id));
  Timeline timeline;
  timeline.directory = room.directory();
  timeline.matter = opened.row.seen.matter;
  timeline.locality = room.locality_of(*timeline.matter);
  const Reader reader = reader_of(opened, *timeline.matter);
  GEWU_TRY(events, office.store.read_timeline(id, kTimelineMax));
  TypePtr type = timeline.matter->type;
  bool is_personal = false;
  for (Event& event : events) {
    TimelineEntry entry;
    entry.type = type;
    if (event.change.moved) type = event.change.moved->from;  // of those before it
    if (!is_told(event, reader, opened.actor)) continue;
    // Who opened a contact is told by his role: the author is not to look for a person. Whoever
    // passes by hears roles alone.
    const bool is_named = reader == Reader::office ||
                          (reader == Reader::author && event.action != "unseal");
    GEWU_TRY(name, is_named ? official_name(office, event.actor) : Result<std::string>(""));
    entry.name = std::move(name);
    entry.for_author = is_note_to_author(event);
    GEWU_TRY(basis, load_rows(room, opened.actor, event.basis));
    entry.basis = std::move(basis);
    hide_inputs(event, reader);
    is_personal = is_personal || shows_personal_input(event);
    entry.event = std::move(event);
    timeline.entries.push_back(std::move(entry));
  }
  if (is_personal)
    GEWU_CHECK(note_seen(office, room, caller, opened.row.seen, store::ReadKind::timeline));
  return timeline;
}

}  // namespace gewu::usecase
