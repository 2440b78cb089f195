#include "usecase/calendar_notice.h"

#include <algorithm>
#include <functional>
#include <set>
#include <span>
#include <utility>

#include "base/text.h"
#include "kernel/time/calendar_change.h"
#include "usecase/administrators.h"
#include "usecase/publish_definitions.h"
#include "usecase/work_ripples.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr const char* kProposal = "calendar_notice";
constexpr std::size_t kPageRows = 500;
constexpr std::size_t kMovedAtOnce = 200;

/// Deciding writes none of these.
class NoIds final : public IdSource {
 public:
  std::int64_t next() override { return 0; }
};

/// Who proposed these very calendars: "FINGERPRINT ACCOUNT".
Result<AccountId> proposer(Office& office, const std::string& fingerprint) {
  GEWU_TRY(written, office.store.read_office(kProposal));
  if (!written || !written->starts_with(fingerprint + " ")) return AccountId{};
  const auto account = parse_integer(std::string_view(*written).substr(fingerprint.size() + 1));
  return AccountId{account.value_or(0)};
}

bool is_outermost(const Directory& directory, const Locality& locality) {
  return std::ranges::none_of(directory.localities, [&](const auto& entry) {
    return entry.second.get() != &locality && entry.second->territory != locality.territory &&
           covers(entry.second->territory, locality.territory);
  });
}

/// Open matters whose clocks would move, of all localities.
Status each_moved(Office& office, const std::function<void(NoticedMatter)>& visit) {
  const DirectoryPtr directory = office.store.directory();
  const auto source = office.store.read();
  NoIds ids;
  const Chamber chamber{*directory, *source, office.clock.now(), ids};
  std::set<std::string> roots;
  for (const auto& [name, locality] : directory->localities)
    if (is_outermost(*directory, *locality)) roots.insert(locality->territory);
  for (const std::string& root : roots) {
    store::WorkQuery query;
    query.unit = root;
    query.now = chamber.now;
    query.rows = kPageRows;
    do {
      GEWU_TRY(page, office.store.read_worklist(query));
      for (const SnapshotPtr& matter : page.rows)
        if (auto clocks = moved_clocks(chamber, *matter); !clocks.empty())
          visit({matter, std::move(clocks)});
      query.cursor = page.next;
    } while (!query.cursor.empty());
  }
  return {};
}

/// Moves the clocks of these matters, each with an event of its own; how many had something to
/// move. They wait for the same few syncs.
Result<std::size_t> move_clocks(Office& office, std::span<const MatterId> matters, AccountId by) {
  Actor actor;
  actor.kind = Actor::Kind::member;
  actor.account = by;
  std::vector<store::CommitRequest> requests(matters.size());
  for (std::size_t i = 0; i < matters.size(); ++i)
    requests[i].decide = [&actor, matter = matters[i]](
                             const store::Turn& turn) -> Result<store::Writing> {
      const Chamber chamber{turn.directory, turn.source, turn.now, turn.ids};
      GEWU_TRY(decision, recount_clocks(chamber, matter, actor));
      store::Writing writing;
      writing.decision = std::move(decision);
      return writing;
    };
  auto committed = office.store.commit_all(std::move(requests));
  std::size_t moved = 0;
  for (std::size_t i = 0; i < committed.size(); ++i) {
    if (!committed[i]) return std::unexpected(std::move(committed[i]).error());
    settle_ripples(office, committed[i]->ripples, matters[i]);
    moved += committed[i]->events.empty() ? 0 : 1;
  }
  return moved;
}

/// Years that calendars of offices speak of.
constexpr Date kFirstDay{14'610};   // 2010-01-01
constexpr Date kLastDay{29'219};    // 2049-12-31

}  // namespace

void warn_of_edited_days(const Directory& before, const CompileResult& after,
                         Messages& messages) {
  for (const auto& [name, locality] : after.localities) {
    const Locality* today = before.find_locality(name);
    if (today == nullptr) continue;
    for (const auto& [calendar, text] : locality->calendars) {
      const auto known = today->calendars.find(calendar);
      if (known == today->calendars.end()) continue;
      for (const Date day : edited_days(*known->second, *text, kFirstDay, kLastDay))
        messages.warning("calendar.day_edited", {},
                         {{"locality", name}, {"name", calendar}, {"day", format_date(day)}});
    }
  }
}

Result<CalendarPreview> preview_calendar_notice(Office& office, const SignedInCaller& by) {
  GEWU_CHECK(check_duty(office, by, {Duty::system, Duty::security}));
  return find_moved_clocks(office);
}

Result<CalendarPreview> find_moved_clocks(Office& office) {
  CalendarPreview preview;
  preview.fingerprint = publication_fingerprint(*office.store.directory());
  GEWU_TRY(proposed, proposer(office, preview.fingerprint));
  preview.proposed_by = proposed;
  GEWU_CHECK(each_moved(office, [&](NoticedMatter moved) {
    for (const MovedClock& clock : moved.clocks) {
      ++(clock.was < clock.now ? preview.later : preview.earlier);
      if (clock.turns_overdue) ++preview.overdue;
    }
    ++preview.matters;
    if (preview.rows.size() < kNoticedRowsMax) preview.rows.push_back(std::move(moved));
  }));
  return preview;
}

Result<CalendarAgreed> agree_calendar_notice(Office& office, const SignedInCaller& by,
                                             const std::string& fingerprint) {
  GEWU_CHECK(check_duty(office, by, {Duty::system, Duty::security}));
  if (fingerprint != publication_fingerprint(*office.store.directory()))
    return refuse(ErrorCode::conflict, "calendar.stale");
  std::vector<MatterId> waiting;
  GEWU_CHECK(each_moved(office, [&](const NoticedMatter& moved) {
    waiting.push_back(moved.matter->id);
  }));
  if (waiting.empty()) return refuse(ErrorCode::conflict, "calendar.nothing");
  GEWU_TRY(first, proposer(office, fingerprint));
  CalendarAgreed agreed;
  if (!first.has_value()) {
    GEWU_CHECK(office.store.write_office(
        kProposal, fingerprint + " " + std::to_string(by.caller.account.value)));
    return agreed;
  }
  if (first == by.caller.account) return refuse(ErrorCode::forbidden, "calendar.second_person");
  // With three it is the security administrator who puts it to work.
  GEWU_CHECK(check_duty(office, by, {Duty::security}));
  agreed.moved = true;
  for (std::size_t from = 0; from < waiting.size(); from += kMovedAtOnce) {
    const std::size_t count = std::min(kMovedAtOnce, waiting.size() - from);
    GEWU_TRY(moved, move_clocks(office, std::span(waiting).subspan(from, count),
                                by.caller.account));
    agreed.matters += moved;
  }
  return agreed;
}

}  // namespace gewu::usecase
