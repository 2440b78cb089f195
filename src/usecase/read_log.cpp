#include "usecase/read_log.h"

#include <algorithm>

#include "base/spans.h"
#include "kernel/matter/access.h"
#include "usecase/administrators.h"
#include "usecase/audit_log.h"
#include "usecase/canaries.h"
#include "usecase/coverage.h"
#include "usecase/log_buffer.h"
#include "usecase/log_settings.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr const char* kUnusual = "unusual_reading";

bool is_personal(const FieldSpec& field) {
  return field.personal || field.sealed || field.kind == FieldKind::contact ||
         field.kind == FieldKind::account;
}

bool is_shown(const SeenField& field) {
  return !field.is_sealed && !field.value.is_missing() && !field.value.is<Erased>() &&
         !field.value.get_shared<Sealed>();
}

/// Whether none of the posts through which he may ask works on the matter, or it is closed.
bool is_outside(const Snapshot& matter, PostId post, const Directory& directory, Instant now) {
  if (matter.is_final()) return true;
  const Post* through = post.has_value() ? directory.roster->post(post) : nullptr;
  if (through == nullptr) return true;
  const auto works_on = [&](const Unit& unit) {
    return unit.kind != Unit::Kind::none && covers_unit_of(*through, unit, directory, now);
  };
  return !works_on(territory_unit(matter.territory)) && !works_on(matter.owner) &&
         !works_on(matter.handler);
}

store::ReadRecord record_of(const ReadRoom& room, const Caller& caller, const SeenMatter& seen,
                            store::ReadKind kind) {
  store::ReadRecord record;
  record.at = room.now();
  record.account = caller.account;
  record.post = seen.post;
  record.matter = seen.matter->id;
  record.kind = kind;
  record.request = caller.request;
  record.outside = is_outside(*seen.matter, seen.post, *room.directory(), room.now());
  const Locality* locality = room.locality_of(*seen.matter);
  if (locality == nullptr || !locality->calendar) {
    record.day = day_of(room.now());
    return record;
  }
  record.locality = locality->name;
  record.night = is_night(*locality, room.now());
  record.day = locality->calendar->zone().local_date(room.now());
  return record;
}

bool is_own(const Caller& caller, const SeenMatter& seen) {
  Actor actor;
  actor.account = caller.account;
  actor.receipt_of = caller.receipt_of;
  return is_author(actor, *seen.matter);
}

Status keep(Office& office, std::vector<store::ReadRecord> records) {
  if (records.empty()) return {};
  if (office.logs == nullptr) return office.store.log_book().add_reads(std::move(records));
  return office.logs->add_reads(office.store, std::move(records));
}

/// Where the account's day begins, and its settings: of the named place, else of any.
const Locality* place_of(const Directory& directory, const std::string& name) {
  if (const Locality* named = directory.find_locality(name)) return named;
  return directory.localities.empty() ? nullptr : directory.localities.begin()->second.get();
}

Result<bool> raise(Office& office, const Locality& place, AccountId account, Date day,
                   std::string rules) {
  GEWU_TRY(known, office.store.find_account(account));
  store::AuditRecord alarm;
  alarm.at = office.clock.now();
  alarm.event = kUnusual;
  alarm.account = account;
  alarm.source = "server";
  alarm.subject = known ? known->login : std::string();
  alarm.key = std::move(rules);
  const Instant since =
      place.calendar ? place.calendar->zone().to_instant(day) : Instant{day.days * kMsPerDay};
  return office.store.log_book().raise(std::move(alarm), since,
                                       audit_posts(*directory_of(office), office.clock.now()));
}

void add_rule(std::string& rules, const char* name, std::int64_t count) {
  rules += (rules.empty() ? "" : " ") + std::string(name) + "=" + std::to_string(count);
}

}  // namespace

bool shows_personal(const SeenMatter& seen) {
  return std::ranges::any_of(seen.fields, [&](const SeenField& field) {
    return is_personal(seen.matter->type->fields[field.field]) && is_shown(field);
  });
}

Status note_seen(Office& office, const ReadRoom& room, const Caller& caller,
                 const SeenMatter& seen, store::ReadKind kind) {
  if (!caller.account.has_value() || is_own(caller, seen)) return {};
  return keep(office, {record_of(room, caller, seen, kind)});
}

Status note_read(Office& office, const ReadRoom& room, const Caller& caller,
                 const SeenMatter& seen, store::ReadKind kind) {
  return shows_personal(seen) ? note_seen(office, room, caller, seen, kind) : Status();
}

Status note_reads(Office& office, const ReadRoom& room, const Caller& caller,
                  const std::vector<MatterRow>& rows, store::ReadKind kind) {
  if (!caller.account.has_value()) return {};
  std::vector<store::ReadRecord> records;
  for (const MatterRow& row : rows)
    if (shows_personal(row.seen) && !is_own(caller, row.seen))
      records.push_back(record_of(room, caller, row.seen, kind));
  return keep(office, std::move(records));
}

Result<UnsealTicket> UnsealTicket::take(Office& office, const Caller& caller, MatterId id) {
  const DirectoryPtr directory = directory_of(office);
  const SnapshotPtr matter = office.store.read()->load(id);
  const Locality* place = matter ? directory->locality_of(matter->territory) : nullptr;
  if (place == nullptr) place = place_of(*directory, {});
  const Instant now = office.clock.now();
  const Date day =
      place && place->calendar ? place->calendar->zone().local_date(now) : day_of(now);
  const std::int64_t most = place ? value_of(*place, kUnsealMost) : kUnsealMost.standard;
  GEWU_TRY(taken, office.store.log_book().take_unseal(caller.account, day, most));
  if (taken) return UnsealTicket(office, caller.account, day);
  if (place != nullptr) {
    std::string rules;
    add_rule(rules, "unseals", most);
    GEWU_TRY(raised, raise(office, *place, caller.account, day, std::move(rules)));
    static_cast<void>(raised);
  }
  return refuse(ErrorCode::too_many, "unseal.quota", {{"max", std::to_string(most)}});
}

Status UnsealTicket::give_back() {
  return office_->store.log_book().give_unseal_back(account_, day_);
}

Result<std::int64_t> watch_reading(Office& office, std::int64_t after) {
  GEWU_CHECK(watch_canaries(office, after));
  GEWU_TRY(sums, office.store.log_book().sum_reads(after));
  const DirectoryPtr directory = directory_of(office);
  for (const store::ReadSum& sum : sums) {
    after = std::max(after, sum.last);
    const Locality* place = place_of(*directory, sum.locality);
    if (place == nullptr) continue;
    std::string rules;
    if (sum.matters > value_of(*place, kReadMattersMost)) add_rule(rules, "matters", sum.matters);
    if (sum.outside > value_of(*place, kReadOutsideMost)) add_rule(rules, "outside", sum.outside);
    if (sum.night > value_of(*place, kReadNightMost)) add_rule(rules, "night", sum.night);
    if (rules.empty()) continue;
    GEWU_TRY(raised, raise(office, *place, sum.account, sum.day, std::move(rules)));
    static_cast<void>(raised);
  }
  return after;
}

}  // namespace gewu::usecase
