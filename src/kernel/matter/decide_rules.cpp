#include <algorithm>
#include <utility>

#include "kernel/matter/docket.h"

// Steps 6 to 10 of the order of evaluation: who must differ, how often, what it rests on, what is
// demanded, what is set, where it goes.

namespace gewu::kernel {

namespace {

bool is_same_person(const Actor& actor, const ActorRecord& other) {
  if (actor.account.has_value() || other.account.has_value()) return actor.account == other.account;
  return actor.post.has_value() && actor.post == other.post;
}

bool is_same_organisation(const Actor& actor, const ActorRecord& other) {
  return !actor.organisation.empty() && actor.organisation == other.organisation;
}

/// Who took the last action of a stage on a matter; null: nobody, or the system.
const ActionRecord* last_of(const Snapshot& matter, Stage stage) {
  const ActionRecord* last = nullptr;
  for (const ActionRecord& record : matter.actions) {
    const ActionSpec* spec = matter.type->find_action(record.action);
    if (spec == nullptr || spec->stage != stage || record.actor.kind == Actor::Kind::system)
      continue;
    if (last == nullptr || last->at <= record.at) last = &record;
  }
  return last;
}

bool handled(const Actor& actor, const Snapshot& matter) {
  for (const Stage stage : {Stage::handle, Stage::report_in}) {
    const ActionRecord* last = last_of(matter, stage);
    if (last != nullptr && (is_same_person(actor, last->actor) ||
                            is_same_organisation(actor, last->actor)))
      return true;
  }
  return false;
}

constexpr int kPartDepthMax = 4;

/// Whether `test` holds for a matter, or for a part of it or of theirs.
template <typename Test>
bool holds_for_any(const Hearing& hearing, const PartLinks& links, const Snapshot& matter, int depth,
                   const Test& test) {
  if (test(matter)) return true;
  if (depth == kPartDepthMax) return false;
  DossierSource& source = hearing.docket.source;
  for (const std::string_view to : {std::string_view(matter.type->name),
                                    std::string_view(matter.type->base), std::string_view("any")}) {
    const auto known = links.find(to);
    if (known == links.end()) continue;
    for (const PartLink& link : known->second)
      for (const MatterId part : source.members({link.type, link.field, matter.id})) {
        const SnapshotPtr snapshot = source.load(part);
        if (snapshot && holds_for_any(hearing, links, *snapshot, depth + 1, test)) return true;
      }
  }
  return false;
}

template <typename Test>
bool holds_for_any(const Hearing& hearing, const Snapshot& matter, const Test& test) {
  const Locality& locality = hearing.locality;
  if (locality.parts) return holds_for_any(hearing, *locality.parts, matter, 0, test);
  return holds_for_any(hearing, find_parts(locality.types), matter, 0, test);
}

/// The stage rule: whoever handled never verifies, calls back or rates, neither as a person nor as
/// an organisation, whatever a definition says (engine.md 4).
bool handled_any(const Hearing& hearing, const Snapshot& matter) {
  return holds_for_any(hearing, matter,
                       [&](const Snapshot& one) { return handled(hearing.actor, one); });
}

bool took_part(const Actor& actor, const Snapshot& matter) {
  return std::ranges::any_of(matter.actions, [&](const ActionRecord& record) {
    const ActionSpec* spec = matter.type->find_action(record.action);
    const bool is_part = spec != nullptr && (spec->stage == Stage::handle ||
                                             spec->stage == Stage::report_in ||
                                             spec->stage == Stage::verify ||
                                             spec->stage == Stage::follow_up);
    return is_part && record.actor.kind != Actor::Kind::system &&
           is_same_person(actor, record.actor);
  });
}

bool took_part_in_any(const Hearing& hearing, const Snapshot& matter) {
  return holds_for_any(hearing, matter,
                       [&](const Snapshot& one) { return took_part(hearing.actor, one); });
}

/// The draw's rule: what was opened of a matter that was drawn is judged by nobody of the
/// organisation whose matter that is, nor by who handled, verified or called there, whatever a
/// definition says (docs/decisions/draws.md).
bool is_judged_by_draw(const Hearing& hearing) {
  for (const auto& [name, type] : hearing.locality.types)
    for (const DrawSpec& draw : type->draws) {
      if (draw.opens.type != hearing.type.name && draw.opens.type != hearing.type.base) continue;
      const Value* value = hearing.draft->find_field(draw.link);
      const auto* link = value != nullptr ? value->get<Link>() : nullptr;
      const SnapshotPtr drawn = link != nullptr ? hearing.docket.source.load(link->id) : nullptr;
      if (!drawn) continue;
      const bool owns = drawn->owner.kind == Unit::Kind::organisation &&
                        drawn->owner.code == hearing.actor.organisation;
      if (owns || handled_any(hearing, *drawn) || took_part_in_any(hearing, *drawn))
        return true;
    }
  return false;
}

/// Stages that say how well somebody worked.
bool judges(Stage stage) {
  return stage == Stage::verify || stage == Stage::follow_up || stage == Stage::rate;
}

/// An answer by whoever wrote the matter down for somebody else would be counted as that one's own
/// (reliability.md 8.1). To open it again is no praise: that may be done for him, and is told.
bool answers_for_another(const Hearing& hearing) {
  const bool reopens = hearing.action != nullptr && hearing.action->reopens;
  return hearing.actor.kind == Actor::Kind::author && !reopens &&
         entered_on_behalf(hearing.actor, *hearing.draft);
}

Status check_most(const Hearing& hearing) {
  if (!hearing.action->most) return {};
  Value scratch;
  GEWU_TRY(most, evaluate_in_place(*hearing.action->most, hearing.scope(), scratch));
  const auto* number = most->get<Number>();
  if (number == nullptr) return {};
  const ActionRecord* record = hearing.draft->find_action(hearing.action->name);
  const std::int64_t times = record != nullptr ? record->times : 0;
  if (times * kMicros >= number->micros)
    return refuse(ErrorCode::conflict, hearing.key("most"), {{"times", std::to_string(times)}});
  return {};
}

/// Rows by the date from which they hold, then by age.
Result<std::vector<SnapshotPtr>> rows_of(const Hearing& hearing, const ExpressionPtr& filter) {
  GEWU_TRY(value, evaluate(*filter, hearing.scope()));
  std::vector<std::pair<std::int64_t, SnapshotPtr>> rows;
  for (const MatterId id : links_in(value)) {
    SnapshotPtr row;
    for (const auto& [type, active] : hearing.docket.directory().references)
      if ((row = active->find(id))) break;
    if (!row) continue;
    std::int64_t from = 0;
    if (row->type->reference && row->type->reference->from)
      if (const Value* start = row->find_field(*row->type->reference->from))
        if (const auto* date = start->get<Date>()) from = date->days;
    rows.emplace_back(from, std::move(row));
  }
  std::ranges::sort(rows, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second->id < b.second->id;
  });
  std::vector<SnapshotPtr> sorted;
  for (auto& [from, row] : rows) sorted.push_back(std::move(row));
  return sorted;
}

ErrorDetail row_detail(const Snapshot& row) { return {"row", std::to_string(row.id.value)}; }

Status check_lists(Hearing& hearing) {
  const ActionSpec& action = *hearing.action;
  if (action.barred_by) {
    GEWU_TRY(rows, rows_of(hearing, action.barred_by));
    if (!rows.empty())
      return refuse(ErrorCode::conflict, hearing.key("barred_by"), {row_detail(*rows.front())});
  }
  if (!action.basis) return {};
  const auto& roles = action.basis->roles;
  if (!roles.empty() && std::ranges::find(roles, hearing.actor.role) == roles.end()) return {};
  GEWU_TRY(rows, rows_of(hearing, action.basis->rows));
  if (rows.empty()) return refuse(ErrorCode::conflict, hearing.key("basis"));
  hearing.basis = rows.front();
  hearing.event.basis.push_back(hearing.basis->id);
  return {};
}

Status check_musts(const Hearing& hearing) {
  std::vector<Error> errors;
  for (const MustSpec& must : hearing.action->must) {
    GEWU_TRY(holds, holds_true(*must.condition, hearing.scope()));
    if (!holds) errors.push_back({ErrorCode::invalid, hearing.key(must.name), {}, {}});
  }
  if (!errors.empty()) return refuse_all(std::move(errors));
  return {};
}

void enter_state(Hearing& hearing, std::size_t state) {
  Snapshot& draft = *hearing.draft;
  const bool was_final = hearing.before != nullptr && draft.is_final();
  const bool moved = hearing.before == nullptr || draft.state != state;
  draft.state = state;
  if (was_final && !draft.is_final()) {
    draft.outcome.clear();
    draft.closed_at.reset();
  } else if (draft.is_final() && moved) {
    draft.closed_at = hearing.now();
  }
}

}  // namespace

Status check_apart(const Hearing& hearing, const std::vector<ApartSpec>& apart, Stage stage,
                   const std::string& refusal) {
  for (const ApartSpec& spec : apart) {
    const ActionRecord* last = hearing.draft->find_action(spec.action);
    if (last == nullptr) continue;
    const bool same = spec.of == ApartOf::person
                          ? is_same_person(hearing.actor, last->actor)
                          : is_same_organisation(hearing.actor, last->actor);
    if (same) return refuse(ErrorCode::forbidden, refusal, {{"action", spec.action}});
  }
  if (!judges(stage) || hearing.actor.kind == Actor::Kind::system) return {};
  if (handled_any(hearing, *hearing.draft) || answers_for_another(hearing) ||
      is_judged_by_draw(hearing))
    return refuse(ErrorCode::forbidden, refusal);
  return {};
}

Status check_limits(Hearing& hearing) {
  GEWU_CHECK(check_most(hearing));
  return check_lists(hearing);
}

Status check_rules(Hearing& hearing) {
  const ActionSpec& action = *hearing.action;
  if (!action.apart.empty() || judges(action.stage))
    GEWU_CHECK(check_apart(hearing, action.apart, action.stage, hearing.key("apart")));
  GEWU_CHECK(check_limits(hearing));
  return check_musts(hearing);
}

Status settle_state(Hearing& hearing) {
  const ActionSpec& action = *hearing.action;
  for (const SetField& set : action.set) {
    GEWU_TRY(value, evaluate(*set.value, hearing.scope()));
    hearing.draft->fields[set.field] = std::move(value);
  }
  std::size_t state = hearing.draft->state;
  if (action.opens && hearing.before == nullptr) {
    state = *action.opens;
  } else if (action.to) {
    Value scratch;
    GEWU_TRY(to, evaluate_in_place(*action.to, hearing.scope(), scratch));
    const auto* key = to->get<Key>();
    const auto found = key != nullptr ? hearing.type.find_state(key->key) : std::nullopt;
    if (!found) return refuse(ErrorCode::invalid, hearing.key("to"));
    state = *found;
  }
  std::optional<Name> outcome;
  if (action.outcome) {
    GEWU_TRY(value, evaluate(*action.outcome, hearing.scope()));
    if (const auto* key = value.get<Key>()) outcome = key->key;
  }
  enter_state(hearing, state);
  if (outcome) hearing.draft->outcome = std::move(*outcome);
  return {};
}

}  // namespace gewu::kernel
