#include "usecase/own_data.h"

#include <algorithm>

#include "kernel/matter/access.h"
#include "usecase/read_room.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::string_view kRestClock = "erase.rest";

const EraseSpec* line_for(const Type& type, const FieldSpec& field) {
  const auto line = std::ranges::find_if(type.erase, [&](const EraseSpec& spec) {
    return field.key_slot != 0 && spec.key_slot == field.key_slot;
  });
  return line == type.erase.end() ? nullptr : &*line;
}

Name default_purpose(const Locality* locality) {
  const Setting* setting = locality ? locality->find_setting("personal_purpose") : nullptr;
  const Key* key = setting ? setting->value.get<Key>() : nullptr;
  return key ? key->key : Name();
}

Limit default_retention(const Locality* locality) {
  const Setting* setting = locality ? locality->find_setting("personal_retention") : nullptr;
  const Limit* limit = setting ? setting->value.get<Limit>() : nullptr;
  return limit ? *limit : Limit{5, LimitUnit::year};
}

/// By its line, else by the place's defaults.
KeptValue kept_by(const EraseSpec* line, const Snapshot& matter, const Locality* locality) {
  KeptValue kept;
  kept.purpose = line && !line->purpose.empty() ? line->purpose : default_purpose(locality);
  if (locality)
    if (const auto list = locality->lists.find("purposes"); list != locality->lists.end())
      if (const ListRow* row = list->second.find(kept.purpose)) kept.purpose_label = row->label;
  kept.kept_for = line ? line->in : default_retention(locality);
  kept.after = line ? line->after : Name("closed");
  const ClockState* wait =
      matter.find_clock(line ? "erase." + line->field : std::string(kRestClock));
  if (wait && wait->status != ClockStatus::voided) kept.kept_until = wait->due;
  return kept;
}

std::vector<KeptValue> kept_of(const Snapshot& matter, const Locality* locality) {
  std::vector<KeptValue> all;
  const Type& type = *matter.type;
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    const FieldSpec& field = type.fields[i];
    if (!field.personal || matter.fields[i].is<Missing>()) continue;
    KeptValue kept = kept_by(line_for(type, field), matter, locality);
    kept.field = field.name;
    kept.label = field.label;
    kept.is_sealed = field.sealed;
    kept.is_erased = matter.fields[i].is<Erased>();
    all.push_back(std::move(kept));
  }
  if (matter.find_action("note")) {
    const auto line = std::ranges::find(type.erase, "all", &EraseSpec::field);
    all.push_back(kept_by(line == type.erase.end() ? nullptr : &*line, matter, locality));
    const ClockState* wait = matter.find_clock(
        line == type.erase.end() ? std::string(kRestClock) : "erase." + line->field);
    all.back().is_erased = wait && wait->status == ClockStatus::met;
  }
  return all;
}

/// Without a post: what somebody is told at a desk is not his.
Caller in_his_own_name(const Caller& caller) {
  Caller own = caller;
  own.post = {};
  return own;
}

}  // namespace

Result<OwnMatter> read_own_matter(Office& office, const Caller& caller, MatterId id) {
  const Caller own = in_his_own_name(caller);
  {
    const ReadRoom room(office);
    GEWU_TRY(actor, actor_of(own, *room.directory(), room.now()));
    const SnapshotPtr matter = room.source().load(id);
    if (!matter || !is_own(actor, *matter)) return refuse(ErrorCode::not_found, "not_found");
  }
  OwnMatter result;
  GEWU_TRY(view, read_matter(office, own, id));
  result.view = std::move(view);
  GEWU_TRY(timeline, read_timeline(office, own, id));
  result.timeline = std::move(timeline);
  result.kept = kept_of(*result.view.row.seen.matter, result.view.locality);
  result.may_erase = std::ranges::any_of(
      result.view.actions, [](const OfferedAction& action) { return action.action == "erase"; });
  return result;
}

Result<OwnData> read_own_data(Office& office, const Caller& caller, MatterId before) {
  if (!caller.account.has_value())
    return refuse(ErrorCode::unauthenticated, "session.absent");
  OwnData data;
  GEWU_TRY(me, read_me(office, caller));
  data.me = std::move(me);
  GEWU_TRY(ids, office.store.find_authored(caller.account, before, kOwnMattersAPage + 1));
  if (ids.size() > kOwnMattersAPage) {
    ids.pop_back();
    data.next = ids.back();
  }
  for (const MatterId id : ids) {
    auto own = read_own_matter(office, caller, id);
    // Entered for somebody else, through a post.
    if (!own && own.error().code == ErrorCode::not_found) continue;
    if (!own) return std::unexpected(own.error());
    data.matters.push_back(std::move(*own));
  }
  return data;
}

}  // namespace gewu::usecase
