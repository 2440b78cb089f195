#include "kernel/matter/definition_message.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace gewu::kernel {
namespace {

struct Advice {
  std::string_view key, text;
};

/// The whole list of what definitions can be refused for outside of expressions and calendars.
constexpr std::array kAdvice = std::to_array<Advice>({
    // form
    {"definition.unknown_key", "Remove the key or correct its spelling."},
    {"definition.system_indicator",
     "Say in an indicator of a system which type it counts: TYPE.ACTION or TYPE.NAME."},
    {"definition.match_place",
     "With `reach` match a place or a territory: what is reached must lie somewhere."},
    {"definition.stored",
     "What would be stored could not be read back: mend what the reason names."},
    {"definition.later",
     "This executable does not have this part of the language yet: leave it out."},
    {"definition.value_kind", "Write a value of the kind that is wanted."},
    {"definition.key_missing", "Add the key."},
    {"definition.key_not_here", "Remove the key: it has no meaning here."},
    {"definition.name_form", "Write names as a-z, 0-9 and _, beginning with a letter."},
    {"definition.hides_built_in", "Choose another name: this one is built in."},
    {"definition.label_missing", "Give a label in zh; better in zh, ko and en."},
    {"definition.list_key",
     "Choose another key: of, else, props and odd letters are no list keys."},
    {"definition.prop_kind", "Props hold plain values, no personal ones, links or tables."},
    {"definition.unknown_kind", "Use a kind of field that the reference lists."},
    {"definition.unknown_stage", "Use a stage that the reference lists."},
    {"definition.unknown_word", "Use one of the words that the reference lists."},
    {"definition.too_long", "Lower the length: the office takes no longer text."},
    {"definition.rows_in_rows", "A table may hold tables, but these no further ones."},
    {"definition.always_sealed", "Contacts and accounts are always sealed: remove the key."},
    {"definition.author_elsewhere",
     "Only a message goes to the author of another matter: write `author` without a place."},
    {"definition.author_link", "Name a link to a matter: its author is told."},
    {"definition.consent_by",
     "Let nobody else fill the field: take it out of the action, or let only him take it."},
    {"definition.consent_given",
     "What waits for consent begins empty: no default, no value, not required."},
    {"definition.consent_kept",
     "Add an action by him that clears the field: consent can be taken back."},
    {"definition.enter_what", "An effect enters a `territory` or a `post`."},
    {"definition.enter_part",
     "Name a territory or its code; of a post's unit a territory, an organisation or a row."},
    {"definition.enter_as",
     "`as` names a field of kind post that is entered, of one post and not of `each`."},
    {"definition.import_rows", "A file is compared with rows of a register: add `reference`."},
    {"definition.import_match",
     "Rows are matched by fields with `index: true` that the file or `fixed` gives."},
    {"definition.import_field",
     "A file gives entered fields of one plain value: no links, tables, contacts or files."},
    {"definition.import_asked", "The action of the import does not ask this field: add it there."},
    {"definition.tally_flow",
     "Who raises a counter leaves no event: count it with `tally` and the counter's name."},
    {"definition.two_parents", "A matter is part of one other only: one link with `parent: true`."},
    {"definition.set_form", "Write a set as type.field."},
    {"definition.file_kind",
     "Begin the file with system, type, migrate, locality, calendars or mapping."},
    {"definition.file_twice", "Keep one of the two files."},
    {"definition.nothing_to_remove",
     "There is nothing of that name to remove: check its spelling."},
    {"definition.canonical", "The stored text is damaged: publish again."},
    // names
    {"definition.unknown_type", "Name a type of a system that is on."},
    {"definition.unknown_field", "Name a field, set or built-in name of the type."},
    {"definition.unknown_state", "Name a state of the type."},
    {"definition.unknown_action", "Name an action of the type."},
    {"definition.unknown_clock", "Name a clock of the type."},
    {"definition.unknown_list", "Name a list of a system that is on."},
    {"definition.unknown_role", "Name a role of a system that is on."},
    {"definition.unknown_indicator", "Name an indicator of the type."},
    {"definition.unknown_book", "Name a book of a system that is on."},
    {"definition.unknown_setting", "Name a setting of a system that is on."},
    {"definition.unknown_system", "Name a system that has a folder."},
    {"definition.unknown_locality", "Name a locality that has a folder."},
    {"definition.unknown_calendar", "Name a calendar of this locality or of one it extends."},
    {"definition.unknown_level", "Levels may be renamed or skipped, not added."},
    {"definition.extends_depth",
     "An extension may have one more above it, no more, and no circle."},
    {"definition.name_twice", "Two systems give this name: rename one."},
    {"definition.set_link", "The field of a set must be a link to this type, or to any."},
    {"definition.reference_date",
     "`from` and `until` of a reference name date fields of the type."},
    {"definition.role_unit", "A role sits on a territory, an organisation or a reference type."},
    {"definition.role_unused", "No action, sight or message names the role: remove it."},
    {"definition.setting_unused", "No expression reads the setting: remove it."},
    {"definition.setting_value", "Give a value of the setting's kind."},
    {"definition.setting_bounds", "Keep the value between min and max."},
    // fields
    {"definition.computed_asked", "A field with `value` is computed: nobody enters or sets it."},
    {"definition.live_index", "A value that changes by itself can't be indexed."},
    {"definition.personal_index",
     "Personal fields are not indexed: nobody lists matters by person."},
    {"definition.value_chain", "A value may not read another matter's value over its sets."},
    // states
    {"definition.state_unreachable", "Add an action that leads to the state, or remove it."},
    {"definition.state_dead_end", "Add a way out, or make the state final or resting."},
    {"definition.state_no_final", "Add a way from the state to a final or resting one."},
    {"definition.final_exit", "Only an action with `reopens: true` leaves a final state."},
    {"definition.reopens_most", "Bound a reopening with `most`."},
    {"definition.reopens_ground", "A post that reopens gives a ground: a required input `ground`."},
    {"definition.reopens_nothing", "`reopens` belongs to actions that leave a final state."},
    {"definition.no_opening", "Add an action that opens matters of this type."},
    // actions
    {"definition.nobody", "Say who may take the action in `by`."},
    {"definition.system_alone", "Nothing that the engine does takes this action: name a role too."},
    {"definition.apart_order", "The other action can't come before this one."},
    {"definition.undo_order", "The undoing action must start where this one ends and lead back."},
    {"definition.effect_head", "An effect is exactly one of open, do, move, tell."},
    {"definition.effect_depth", "Effects open matters that open matters: at most four deep."},
    {"definition.each_set", "`each` needs a set."},
    {"definition.do_target", "`on` needs a matter, or a set of matters of one type."},
    {"definition.system_may_not", "Add system to `by` of that action."},
    {"definition.opening_ambiguous", "Several opening actions fit: write type.action."},
    {"definition.required_not_given",
     "Give the field in `with`: it is required and has no default."},
    {"definition.answer_nobody", "An answer link goes to the author: write `tell: author`."},
    {"definition.answer_author", "Name an action with `by: [author]` that opens nothing by itself."},
    {"definition.answer_state",
     "The answer must be offered from every state that the action leads to: add them to its `from`."},
    {"definition.answer_clock",
     "Only an action sends an answer link: a clock may find the matter in any state."},
    {"definition.tell_nobody", "Tell a role, the author or a holder."},
    {"definition.audience_unit",
     "What stands after @ must be a territory, an organisation, a row or a post."},
    {"definition.basis_rows", "Write a filter over a reference type."},
    {"definition.auto_cycle", "Bound one of these auto actions with `most`."},
    {"definition.dossier",
     "A decision would load more matters than it may: read no sets of sets of sets."},
    {"definition.auto_reach",
     "Read the matter, its links, its sets, its parent and the parent's sets: nothing further "
     "wakes an `auto`."},
    {"definition.auto_live",
     "The hour alone changes this, and no `auto` is woken by it: let a clock act."},
    {"definition.auto_fan_out", "One event would wake too many matters: read the set elsewhere."},
    {"definition.loop_unbounded",
     "Officials could turn in this circle for ever: add `most`, a resting state or a step of "
     "the author."},
    {"definition.handle_unverified",
     "Add an action of stage verify or follow_up: who handled does not judge."},
    // clocks
    {"definition.clock_due", "Give exactly one of `within` and `at`."},
    {"definition.clock_at", "`at` needs one date or instant."},
    {"definition.clock_no_stop", "After its start the clock's end can't be reached."},
    {"definition.clock_twice", "Two clocks with equal from, until and owner: keep one."},
    {"definition.pause_ground",
     "A post that pauses a clock gives a ground: a required input `ground`."},
    {"definition.pause_apart",
     "A clock pauses by two: the action that pauses it is kept `apart` from one before."},
    {"definition.refusal_ground",
     "A post that says `not_possible` gives a ground of a closed list: a required input `ground`."},
    {"definition.pause_unit", "Only limits of minutes, hours and days can pause, in one unit."},
    {"definition.free_change",
     "`recompute_free` needs a basis or `apart` on each action that stores the input."},
    {"definition.clock_starts_late",
     "The date may be missing when the clock starts; it then starts when the date is set."},
    {"definition.idle_only",
     "Only the idle clock watches this state: add a clock or make it resting."},
    // parts and holds
    {"definition.part_never_final",
     "The parent waits for all parts to be final, but a part can't become so."},
    {"definition.hold_never_free",
     "No action leaves the state: what it holds would never be free."},
    {"definition.hold_live", "A hold can't rest on a value that changes by itself."},
    {"definition.hold_personal", "A hold can't rest on a personal value."},
    // sight
    {"definition.public_view", "A view is public where `see` has a line for the public."},
    {"definition.public_sealed", "The public sees no sealed, contact or account field."},
    {"definition.handler_contact",
     "The handler never gets the author's contact: remove `sealed` or the field."},
    {"definition.field_unseen", "Nobody sees the field: show it to somebody or remove it."},
    {"definition.personal_title", "A title holds no personal field."},
    {"definition.personal_order", "Views order and filter by no personal field."},
    {"definition.not_indexed", "Views order and filter by built-in and `index` fields only."},
    {"definition.unit_set",
     "Write a set of units: places, organisations, posts or rows, never persons."},
    {"definition.match_unit", "Match what is counted to a unit of the very kind that is listed."},
    {"definition.duty_photo",
     "A duty counts no action that demands a photo: make the file optional."},
    {"definition.time_of_day", "Write a time of day, '8:30'."},
    {"definition.timetable",
     "Give a week its weekday, a longer round a day or a weekday with `nth`, and `to` after `from`."},
    {"definition.plan_unit", "The field takes the unit: give it the kind of the units in `each`."},
    {"definition.plan_slot", "The slot goes into a period, a date or an instant."},
    {"definition.draw_link",
     "What a draw opens points to what was drawn: give a link field of it `this` in `with`."},
    {"definition.draw_itself", "A draw opens a matter of another type: its own would be drawn too."},
    {"definition.draw_offline",
     "Draw of states that no late arrival leads into: who comes late would never be drawn."},
    {"definition.draw_share", "Draw a whole number of a hundred: from 1 to 100."},
    {"definition.draw_least", "Draw no fewer than none: 0 or more."},
    {"definition.rota_field",
     "A turn goes to a post, link, organisation or territory without default or value."},
    {"definition.book_account", "Name an account as the book's `accounts` say."},
    {"definition.cites_type", "Count citations in the type of the rows that are cited."},
    {"definition.figure_value", "A sum, mean or median is made of a number or of money."},
    {"definition.change_of", "Compare a stock, or a book's balance, with that of another date."},
    {"definition.group_min",
     "A mean over few persons tells of each: add `group_min`, 5 for what is public."},
    {"definition.public_figure",
     "One flow of a type may be public, a plain count: two that overlap would tell of a few."},
    {"definition.view_by",
     "A board goes by a state or choice, a calendar by a date, a map by a place, a tree by the "
     "link to the matter above."},
    {"definition.number_template",
     "A number is made of {year} {seq:n} {type} {county.code} and holds {seq:n}."},
    // erasure
    {"definition.erase_elsewhere", "Wait for an action of this type, or `closed`."},
    {"definition.erase_missing", "Say when the field is erased."},
    {"definition.purpose_missing", "Say in its erase line what the field is kept for."},
    {"definition.unknown_purpose", "The list `purposes` has no such row."},
    {"definition.erase_not_personal", "Only personal fields are erased."},
    {"definition.erase_never", "What the line waits for may never happen: use `closed`."},
    {"definition.personal_copied", "A personal value may only be put into a personal field."},
    {"definition.personal_figure", "A figure reads no personal value."},
    // figures
    {"definition.frozen_figure",
     "A figure that an action keeps is made of counts alone: no coverage, and no change, which is"
     " two figures, one less the other."},
    {"definition.frozen_money",
     "Keep a figure of money in a field of money, and one of numbers in a field of numbers."},
    {"definition.stock_moves",
     "A stock's median is of what lies in the matter itself: nothing that changes without it."},
    {"definition.indicator_head", "An indicator is exactly one of flow, clock, stock, ratio."},
    {"definition.by_person", "Figures are never counted by person."},
    {"definition.live_figure", "A flow can't read a value that changes by itself."},
    {"definition.ratio_parts", "A ratio has two parts."},
    {"definition.ratio_books", "Both parts of a ratio must be booked to the same thing."},
    {"definition.stock_states", "Name the states, or make the type a reference."},
    {"definition.fills_from_now", "The indicator reads other matters: it fills from now on."},
    // product rules
    {"definition.contact_changed",
     "A contact is given when the matter is opened and stands: take it out of this action."},
    {"definition.denied", "Gewu keeps no such fact about people: remove it."},
    // sources
    {"definition.source_missing", "The text does not stand in the document."},
    {"definition.source_unknown", "There is no document of that name."},
    {"definition.source_unchecked", "Not compared with its document: check with --sources DIR."},
    // publishing
    {"definition.migration_versions",
     "A migration goes from a version to that one or a later one, and no further than the type."},
    {"definition.migration_state",
     "Say what becomes of open matters in this state: the new text does not have it."},
    {"definition.migration_final",
     "An open matter can't be moved into a final state: an action ends it."},
    {"definition.migration_field",
     "Give the field a value for matters that are open: an expression over the old fields."},
    {"definition.migration_computed", "Leave it out: the field is computed."},
    {"definition.migration_clock",
     "Say what becomes of the clock: keep, recompute, recompute_free, restart or stop."},
    {"definition.migration_stop", "Say stop: the new text has no such clock."},
    {"definition.migration_personal",
     "Keep the personal field, its name and its erase line: what was written must be erasable."},
    {"definition.version_same", "A pinned part changed: raise `version`."},
    {"definition.version_back", "A version never goes back."},
});

}  // namespace

const char* to_text(Severity severity) {
  return severity == Severity::error ? "error" : "warning";
}

std::string_view advice(std::string_view key) {
  const auto found = std::ranges::find(kAdvice, key, &Advice::key);
  return found == kAdvice.end() ? std::string_view() : found->text;
}

std::vector<std::string_view> message_keys() {
  std::vector<std::string_view> keys;
  for (const Advice& entry : kAdvice) keys.push_back(entry.key);
  return keys;
}

std::string to_line(const Message& message) {
  std::string line = message.file;
  if (!line.empty()) line += ":" + std::to_string(message.line) + ": ";
  line += std::string(to_text(message.severity)) + ": " + message.key;
  std::string details;
  for (const ErrorDetail& detail : message.details)
    details += (details.empty() ? "" : ", ") + detail.name + "=" + detail.value;
  if (!details.empty()) line += " (" + details + ")";
  if (const auto text = advice(message.key); !text.empty()) line += ": " + std::string(text);
  return line;
}

void Messages::add(Message message) {
  if (std::ranges::find(messages_, message) == messages_.end())
    messages_.push_back(std::move(message));
}

void Messages::error(std::string_view key, const Origin& origin, std::vector<ErrorDetail> details) {
  add({Severity::error, std::string(key), origin.file ? *origin.file : std::string(), origin.line,
       std::move(details)});
}

void Messages::warning(std::string_view key, const Origin& origin,
                       std::vector<ErrorDetail> details) {
  add({Severity::warning, std::string(key), origin.file ? *origin.file : std::string(),
       origin.line, std::move(details)});
}

void Messages::error(const Error& error, const Origin& origin) {
  this->error(error.key, origin, error.details);
  for (const Error& other : error.others) this->error(other, origin);
}

bool Messages::has_errors() const { return error_count() > 0; }

std::size_t Messages::error_count() const {
  return static_cast<std::size_t>(
      std::ranges::count(messages_, Severity::error, &Message::severity));
}

std::vector<Message> Messages::sorted() const {
  std::vector<Message> sorted = messages_;
  std::ranges::stable_sort(sorted, {}, [](const Message& message) {
    return std::tie(message.file, message.line);
  });
  return sorted;
}

}  // namespace gewu::kernel
