#include "simulation/year.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/spans.h"
#include "kernel/matter/query.h"
#include "simulation/glance.h"
#include "usecase/pass_time.h"
#include "usecase/run_timetables.h"
#include "usecase/work_ripples.h"

namespace gewu::simulation {

using namespace gewu::kernel;
using usecase::Caller;

namespace {

constexpr std::int64_t kStepMs = 10 * kMsPerMinute;  ///< what falls into it happens at once
constexpr std::size_t kStepDueMax = 500;
constexpr std::int64_t kYearWeekendPercent = 5;

std::string day_text(int year, const MonthDay& day) {
  return fmt::format("{}-{:02}-{:02}", year, day.month, day.day);
}

/// FNV-1a: it tells two runs apart and keeps no secret.
void digest_text(std::uint64_t& digest, std::string_view text) {
  constexpr std::uint64_t kPrime = 1'099'511'628'211U;
  for (const char letter : text) digest = (digest ^ static_cast<unsigned char>(letter)) * kPrime;
}

}  // namespace

Date first_day_of(const YearPlan& plan) {
  return Date{parse_date(day_text(plan.year, {1, 1}))->days - 1};
}

YearDriver::YearDriver(usecase::Office& office, ManualClock& clock, const YearPlan& plan,
                       Chance& chance, DemoSummary& summary)
    : office_(office), clock_(clock), plan_(plan), chance_(chance), summary_(summary),
      directory_(office.store.directory()),
      people_(directory_, *directory_->find_locality(plan.behaviour.locality), chance),
      dealer_(plan.behaviour, chance, plan.percent),
      filler_(plan.behaviour, people_, chance, known_, &dealer_) {
  const Zone& zone = people_.locality().calendar->zone();
  from_ = zone.to_instant(Date{first_day_of(plan).days + 1}, 0);
  until_ = zone.to_instant(*parse_date(day_text(plan.year + 1, {1, 1})), 0);
  for (const OpeningPlan& opening : plan.behaviour.openings)
    if (!opening.on.empty())
      follow_[opening.on.substr(0, opening.on.find(' '))].push_back(&opening);
}

Status YearDriver::run() {
  plan_openings();
  clock_.set(std::max(clock_.now(), from_));
  timetables_at_ = from_;
  while (!agenda_.empty() && agenda_.begin()->first < until_) {
    const Instant at = agenda_.begin()->first;
    GEWU_CHECK(pass_time(at));
    // Passing time may have put something before it.
    if (agenda_.begin()->first < at) continue;
    auto node = agenda_.extract(agenda_.begin());
    GEWU_CHECK(live_moment(at, std::move(node.mapped())));
  }
  GEWU_CHECK(pass_time(until_ + -1));
  clock_.set(until_ + -1);
  return {};
}

Status YearDriver::live_moment(Instant at, Moment moment) {
  clock_.set(std::max(clock_.now(), at));
  GEWU_CHECK(open(std::move(moment.openings)));
  std::vector<std::size_t> indexes;
  for (const std::size_t index : moment.looks) {
    if (courses_[index].due != at) continue;
    courses_[index].due.reset();
    indexes.push_back(index);
  }
  for (std::size_t i = 0; i < indexes.size(); i += usecase::kActionsAtOnceMax) {
    const auto first = indexes.begin() + static_cast<std::ptrdiff_t>(i);
    const auto last = indexes.begin() +
        static_cast<std::ptrdiff_t>(std::min(indexes.size(), i + usecase::kActionsAtOnceMax));
    GEWU_CHECK(look({first, last}));
  }
  return {};
}

void YearDriver::put(Instant at, Opening opening) {
  agenda_[rounded(at)].openings.push_back(std::move(opening));
}

/// What falls into the same ten minutes happens at once; never before now.
Instant YearDriver::rounded(Instant instant) const {
  const std::int64_t step = (std::max(instant, clock_.now()).ms + kStepMs - 1) / kStepMs;
  return Instant{step * kStepMs};
}

void YearDriver::plan_openings() {
  std::int64_t minutes = 0;
  for (const OpeningPlan& opening : plan_.behaviour.openings) {
    for (const auto& first : opening.first) {
      const Instant day = people_.locality().calendar->zone().to_instant(
          *parse_date(day_text(plan_.year, opening.from)), plan_.behaviour.hour_from * 60);
      put(day + (minutes += 10) * kMsPerMinute, {.plan = &opening, .first = &first});
    }
    if (opening.first.empty() && opening.on.empty()) plan_opening(opening);
  }
}

void YearDriver::plan_opening(const OpeningPlan& opening) {
  const auto units = units_of(opening);
  const std::int64_t all = static_cast<std::int64_t>(units.size());
  if (all == 0) return;
  const std::int64_t count = scale_count(opening.count > 0 ? opening.count : all, plan_.percent);
  for (std::int64_t i = 0; i < count; ++i) {
    // Fewer than units: evenly among them.
    const auto at = static_cast<std::size_t>(count < all ? i * all / count : i % all);
    put(draw_day(opening),
        {.plan = &opening, .unit = units[at].first, .post = units[at].second});
  }
}

/// Grounds with, for `each: post ROLE`, the key of a post.
std::vector<std::pair<std::string, std::string>> YearDriver::units_of(
    const OpeningPlan& opening) const {
  std::vector<std::pair<std::string, std::string>> units;
  const auto range = code_range(people_.locality().territory);
  if (opening.each.empty()) return {{people_.locality().territory, ""}};
  constexpr std::string_view kPost = "post ";
  if (opening.each.starts_with(kPost)) {
    for (const Post* post : directory_->roster->posts_of_role(opening.each.substr(kPost.size())))
      if (!post->holders.empty())
        units.emplace_back(post->unit.kind == Unit::Kind::territory ? post->unit.code
                                                                    : people_.locality().territory,
                           post->key);
  } else {
    for (const Territory* territory : directory_->territory->all())
      if (level_name(territory->level) == opening.each && range.low <= territory->code &&
          territory->code < range.high)
        units.emplace_back(territory->code, "");
  }
  std::ranges::sort(units);
  return units;
}

Instant YearDriver::draw_day(const OpeningPlan& opening) {
  const Calendar& calendar = *people_.locality().calendar;
  const bool by_residents = opening.by.front().first == "resident";
  const Date first = *parse_date(day_text(plan_.year, opening.from));
  const Date last = *parse_date(day_text(plan_.year, opening.until));
  const int from = by_residents ? kResidentsFrom : plan_.behaviour.hour_from;
  const int until = by_residents ? kResidentsUntil : plan_.behaviour.hour_until;
  const auto minute = chance_.between(from * 60 + 10, until * 60 - 1);
  Date day{static_cast<std::int32_t>(chance_.between(first.days, last.days))};
  for (int i = 0; !by_residents && !calendar.is_workday(day) && i < 40; ++i)
    day = Date{static_cast<std::int32_t>(chance_.between(first.days, last.days))};
  return calendar.zone().to_instant(day, static_cast<int>(minute));
}

Instant YearDriver::at_work(Instant instant) {
  const Calendar& calendar = *people_.locality().calendar;
  const LocalTime local = calendar.zone().to_local(instant);
  const int hour = static_cast<int>(local.ms_of_day / kMsPerHour);
  const bool late = hour >= plan_.behaviour.hour_until;
  Date day{local.date.days + (late ? 1 : 0)};
  const bool works = calendar.is_workday(day) || chance_.percent(kYearWeekendPercent);
  if (works && !late && hour >= plan_.behaviour.hour_from) return instant;
  for (int i = 0; i < 12 && !works && !calendar.is_workday(day); ++i) ++day.days;
  const auto minute = plan_.behaviour.hour_from * 60 + chance_.between(0, 120);
  return calendar.zone().to_instant(day, static_cast<int>(minute));
}

/// What plans and duties ask for by then, each when it is due: as the job does.
Status YearDriver::run_timetables(Instant until) {
  while (timetables_at_ && *timetables_at_ <= until) {
    clock_.set(std::max(clock_.now(), *timetables_at_));
    GEWU_TRY(run, usecase::run_timetables(office_, {}, usecase::DrawSeeds::made_up));
    for (const auto& [key, error] : run.failed) {
      GEWU_CHECK(note_refusal("timetable " + key.substr(0, key.find(' ')), error));
    }
    // New units are found within a day at the latest.
    const Instant daily = clock_.now() + kMsPerDay;
    timetables_at_ = run.next && *run.next < daily ? *run.next : daily;
    GEWU_CHECK(take_in(nullptr));
  }
  return {};
}

Status YearDriver::pass_time(Instant until) {
  for (;;) {
    GEWU_TRY(due, office_.store.find_due(until, kStepDueMax));
    std::vector<std::pair<Instant, MatterId>> wakes;
    for (const MatterId id : due) {
      const SnapshotPtr matter = office_.store.read()->load(id);
      const auto wake = matter ? next_wake(*matter) : std::nullopt;
      if (wake) wakes.emplace_back(*wake, id);
    }
    std::ranges::sort(wakes);
    if (wakes.empty()) {
      if (!timetables_at_ || until < *timetables_at_) return {};
      GEWU_CHECK(run_timetables(until));
      continue;  // what was opened may wake before
    }
    for (const auto& [wake, id] : wakes) {
      GEWU_CHECK(run_timetables(wake));
      clock_.set(std::clamp(wake, clock_.now(), std::max(clock_.now(), until)));
      GEWU_TRY(passed, usecase::pass_time(office_, id));
      if (passed == 0)
        return refuse(ErrorCode::internal, "demo.idle_wake",
                      {{"matter", std::to_string(id.value)}});
    }
    GEWU_CHECK(take_in(nullptr));
  }
}

Status YearDriver::note_refusal(const std::string& where, const Error& error) {
  // A refusal is part of life; a storage that does not answer is not.
  if (error.code == ErrorCode::unavailable || error.code == ErrorCode::internal)
    return std::unexpected(error);
  ++summary_.refusals[where + " " + error.key];
  return {};
}

Result<DemoSummary> make_year(usecase::Office& office, ManualClock& clock, const YearPlan& plan) {
  Chance chance(plan.seed);
  DemoSummary summary;
  GEWU_TRY(accounts, seat_everybody(office, plan.behaviour, chance, plan.password_hash));
  summary.accounts = std::move(accounts);
  YearDriver driver(office, clock, plan, chance, summary);
  GEWU_CHECK(driver.run());
  return summary;
}

Status count_year(usecase::Office& office, DemoSummary& summary) {
  constexpr std::uint64_t kBasis = 14'695'981'039'346'656'037U;
  summary.digest = kBasis;
  return office.store.each_matter([&](const SnapshotPtr& matter) -> Status {
    const std::string state = state_of(*matter);
    ++summary.states[state];
    digest_text(summary.digest,
                fmt::format("{} {} {} {} {} {}\n", matter->id.value, state, matter->version,
                            matter->territory, matter->owner.code, matter->handler.code));
    return {};
  });
}

}  // namespace gewu::simulation
