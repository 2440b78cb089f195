#include "usecase/audit_journal.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "kernel/matter/access.h"
#include "usecase/check_draws.h"

namespace gewu::usecase {

using namespace gewu::kernel;

const char* to_text(AuditMark mark) {
  switch (mark) {
    case AuditMark::paused: return "paused";
    case AuditMark::resumed: return "resumed";
    case AuditMark::extended: return "extended";
    case AuditMark::exempted: return "exempted";
    case AuditMark::exemption_withdrawn: return "exemption_withdrawn";
    case AuditMark::voided: return "voided";
    case AuditMark::due_moved: return "due_moved";
    case AuditMark::reopened: return "reopened";
    case AuditMark::answered_on_behalf: return "answered_on_behalf";
    case AuditMark::answered_by_link: return "answered_by_link";
    case AuditMark::answered_by_receipt: return "answered_by_receipt";
    case AuditMark::answered_by_account: return "answered_by_account";
    case AuditMark::contact_changed: return "contact_changed";
    case AuditMark::entered_on_behalf: return "entered_on_behalf";
    case AuditMark::brought_from_past: return "brought_from_past";
    case AuditMark::draw_late: return "draw_late";
    case AuditMark::draw_missing: return "draw_missing";
  }
  return "";
}

void JournalAudit::tell(AuditMark mark, std::int64_t sequence, const Event& event,
                        const Known& known, MatterId matter, const Name& clock) {
  entries_.push_back(
      {mark, sequence, event.at, event.actor, matter, known.number, event.action, clock});
}

void JournalAudit::take(std::int64_t sequence, const Event& event) {
  if (event.opening) {
    Known& known = matters_[event.matter];
    known.type = event.opening->type;
    known.state = event.opening->state;
    known.number = event.opening->number;
  }
  const auto found = matters_.find(event.matter);
  if (found == matters_.end()) return;
  if (!event.source.empty() && event.recorded)
    tell(AuditMark::brought_from_past, sequence, event, found->second, event.matter);
  take_behalf(sequence, event, found->second);
  take_change(sequence, event, event.change, true);
  for (const MatterChange& change : event.touched) take_change(sequence, event, change, false);
}

void JournalAudit::take_behalf(std::int64_t sequence, const Event& event, Known& known) {
  if (event.kind != Event::Kind::action) return;
  if (event.actor.kind == Actor::Kind::author && event.actor.account.has_value() &&
      event.actor.account == known.entered_by.account) {
    // He left his post out, or has it no more: it is told under the one through which he entered it.
    tell(AuditMark::answered_on_behalf, sequence, event, known, event.matter);
    entries_.back().actor = known.entered_by;
    return;
  }
  if (event.actor.kind == Actor::Kind::author) return take_answer(sequence, event, known);
  if (event.actor.kind != Actor::Kind::post) return;
  const auto spec = std::ranges::find(known.type->actions, event.action, &ActionSpec::name);
  if (spec == known.type->actions.end()) return;
  const auto may = [&](Audience::Kind kind) {
    return std::ranges::any_of(spec->by,
                               [&](const Audience& audience) { return audience.kind == kind; });
  };
  if (event.opening) {
    if (!is_on_behalf(*spec, event.actor)) return;
    known.entered_by = event.actor;
    tell(AuditMark::entered_on_behalf, sequence, event, known, event.matter);
  } else if (may(Audience::Kind::author)) {
    tell(AuditMark::answered_on_behalf, sequence, event, known, event.matter);
  }
}

/// By which way the answers came that the figures count, so that a flood by one of them is seen.
void JournalAudit::take_answer(std::int64_t sequence, const Event& event, const Known& known) {
  if (event.action == "change_contact")
    tell(AuditMark::contact_changed, sequence, event, known, event.matter);
  const ActionSpec* spec = known.type->find_action(event.action);
  const bool judges = spec != nullptr && !spec->reopens &&
                      (spec->stage == Stage::verify || spec->stage == Stage::follow_up ||
                       spec->stage == Stage::rate);
  if (!judges) return;
  tell(event.actor.by_link                  ? AuditMark::answered_by_link
       : event.actor.account.has_value()    ? AuditMark::answered_by_account
                                            : AuditMark::answered_by_receipt,
       sequence, event, known, event.matter);
}

void JournalAudit::take_change(std::int64_t sequence, const Event& event,
                               const MatterChange& change, bool is_own) {
  const auto found = matters_.find(change.matter);
  if (found == matters_.end()) return;
  Known& known = found->second;
  if (change.state && *change.state < known.type->states.size()) {
    if (is_own && !event.opening && known.type->states[known.state].is_final &&
        !known.type->states[*change.state].is_final)
      tell(AuditMark::reopened, sequence, event, known, change.matter);
    known.state = *change.state;
  }
  for (const ClockState& clock : change.clocks)
    take_clock(sequence, event, known, change.matter, clock);
}

void JournalAudit::take_clock(std::int64_t sequence, const Event& event, Known& known,
                              MatterId matter, const ClockState& clock) {
  const auto before = known.clocks.find(clock.name);
  if (before == known.clocks.end()) {
    known.clocks.emplace(clock.name, clock);
    return;
  }
  const ClockState old = std::exchange(before->second, clock);
  if (!is_deadline(clock)) return;
  const auto note = [&](AuditMark mark) {
    tell(mark, sequence, event, known, matter, clock.name);
  };
  const bool ran = old.status == ClockStatus::running;
  if (clock.extended > old.extended) note(AuditMark::extended);
  if (clock.exempt && !old.exempt) note(AuditMark::exempted);
  if (!clock.exempt && old.exempt) note(AuditMark::exemption_withdrawn);
  if (ran && clock.status == ClockStatus::paused) note(AuditMark::paused);
  if (old.status == ClockStatus::paused && clock.status == ClockStatus::running)
    note(AuditMark::resumed);
  if (old.status != ClockStatus::voided && clock.status == ClockStatus::voided)
    note(AuditMark::voided);
  if (ran && clock.status == ClockStatus::running && clock.extended == old.extended &&
      clock.due > old.due)
    note(AuditMark::due_moved);
}

std::vector<AuditRow> count_audit(const std::vector<AuditEntry>& entries, Instant from,
                                  Instant until) {
  std::map<std::tuple<PostId, AuditMark, std::string>, AuditRow> rows;
  for (const AuditEntry& entry : entries) {
    if (entry.at < from || entry.at >= until) continue;
    const bool is_draw =
        entry.mark == AuditMark::draw_late || entry.mark == AuditMark::draw_missing;
    AuditRow& row = rows[{entry.actor.post, entry.mark,
                          is_draw ? entry.actor.organisation : std::string()}];
    row.post = entry.actor.post;
    row.role = entry.actor.role;
    row.unit = entry.actor.unit.code;
    row.organisation = entry.actor.organisation;
    row.mark = entry.mark;
    ++row.count;
    row.lines.push_back(entry.sequence);
  }
  std::vector<AuditRow> counted;
  for (auto& [key, row] : rows) counted.push_back(std::move(row));
  return counted;
}

Result<std::vector<AuditEntry>> audit_journal(Office& office) {
  JournalAudit audit;
  DrawCheck draws;
  const DirectoryPtr directory = office.store.directory();
  GEWU_CHECK(office.store.read_journal(1, [&](const store::JournalLine& line) -> Status {
    GEWU_TRY(event, office.store.read_event(line));
    if (!event) return {};
    audit.take(line.sequence, *event);
    draws.take(line.sequence, *event, *directory);
    return {};
  }));
  std::vector<AuditEntry> entries = audit.entries();
  std::ranges::move(draws.faults(*directory), std::back_inserter(entries));
  return entries;
}

}  // namespace gewu::usecase
