#include "usecase/open_figures.h"

#include <algorithm>
#include <map>
#include <set>

#include "store/root_book.h"
#include "usecase/open_week.h"
#include "usecase/read_room.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::int32_t kWeeksBack = 12;
constexpr std::size_t kRecordsOfADay = 100'000;
/// So often a week is counted again because something of it changed meanwhile.
constexpr int kTries = 5;

/// By name, each as the first place that has it words it.
std::map<std::string, OpenFigure> public_figures(const Directory& directory) {
  std::map<std::string, OpenFigure> figures;
  for (const auto& [place, locality] : directory.localities)
    for (const auto& [name, type] : locality->types)
      if (const IndicatorSpec* indicator = public_indicator(*type)) {
        std::string full = name + "." + indicator->name;
        figures.try_emplace(full, OpenFigure{full, type, indicator, std::nullopt});
      }
  return figures;
}

struct CountedWeek {
  std::vector<OpenReport> reports;
  std::set<MatterId> matters;                  ///< that were counted
};

Result<CountedWeek> count_week(Office& office, const std::string& name, Date week,
                               const std::set<std::string>& localities) {
  const ReadRoom room(office);
  Reporters reporters(office);
  CountedWeek counted;
  for (const Territory* root : room.directory()->territory->children(""))
    for (std::int32_t day = week.days; day < week.days + kDaysOfWeek; ++day) {
      store::CellQuery query;
      query.indicator = name;
      query.unit = root->code;
      query.from = {day};
      query.until = {day + 1};
      GEWU_TRY(records, office.store.read_figure_records(query, kRecordsOfADay));
      if (records.size() == kRecordsOfADay) return refuse(ErrorCode::too_large, "figure.rows");
      for (const store::FigureRecord& record : records) {
        const SnapshotPtr matter = room.source().load(record.matter);
        const Locality* locality = matter ? room.locality_of(*matter) : nullptr;
        if (locality == nullptr || !localities.contains(locality->name)) continue;
        counted.matters.insert(matter->id);
        counted.reports.push_back({matter->territory, reporters.of(*matter)});
      }
    }
  return counted;
}

/// Whether a line since then concerns what was counted.
Result<bool> has_changed(Office& office, std::int64_t since, const std::string& name, Date week,
                         const CountedWeek& counted) {
  bool found = false;
  GEWU_CHECK(office.store.read_journal(since + 1, [&](const store::JournalLine& line) -> Status {
    GEWU_TRY(event, office.store.read_event(line));
    if (!event) return {};
    found = found || counted.matters.contains(event->matter) ||
            std::ranges::any_of(event->figures, [&](const Delta& delta) {
              return delta.indicator == name && week.days <= delta.day.days &&
                     delta.day.days < week.days + kDaysOfWeek;
            });
    return {};
  }));
  return found;
}

/// The week with the number of the line up to which it was counted: whoever walks the journal as far
/// counts the same. Lines that come meanwhile and concern it make it be counted again.
Result<ToldWeek> count_told_week(Office& office, const std::string& name, Date week) {
  ToldWeek told;
  told.localities = public_in(*office.store.directory(), name);
  for (int tries = 0; tries < kTries; ++tries) {
    GEWU_TRY(head, office.store.root_book().head());
    told.sequence = head.size;
    GEWU_TRY(counted, count_week(office, name, week, told.localities));
    GEWU_TRY(changed, has_changed(office, head.size, name, week, counted));
    if (changed) continue;
    told.counts = open_counts(counted.reports, open_levels());
    return told;
  }
  return refuse(ErrorCode::unavailable, "figure.busy");
}

Status tell_week(Office& office, const std::string& name, Date week) {
  GEWU_TRY(known, find_told_week(office, name, week));
  if (!known) {
    GEWU_TRY(told, count_told_week(office, name, week));
    GEWU_CHECK(keep_told_week(office, name, week, told));
  }
  return keep_last_told(office, name, week);
}

Result<std::optional<Date>> week_if_told(Office& office, const std::string& name, Date week) {
  GEWU_TRY(told, find_told_week(office, name, week));
  return told ? std::optional(week) : std::nullopt;
}

}  // namespace

Result<OpenFigures> read_open_figures(Office& office, std::optional<Date> week) {
  if (week && weekday(*week) != 1) return refuse(ErrorCode::invalid, "figure.period");
  OpenFigures answer{office.store.directory(), {}};
  for (auto& [name, figure] : public_figures(*answer.directory)) {
    GEWU_TRY(last, last_told(office, name));
    const std::optional<Date> asked = week ? week : last;
    if (last && asked->days <= last->days) {
      GEWU_TRY(told, find_told_week(office, name, *asked));
      if (told) {
        OpenWeek open;
        open.from = *asked;
        GEWU_TRY(earlier, week_if_told(office, name, {asked->days - kDaysOfWeek}));
        open.earlier = earlier;
        if (asked->days < last->days) open.later = Date{asked->days + kDaysOfWeek};
        open.counts = std::move(told->counts);
        figure.week = std::move(open);
      }
    }
    answer.figures.push_back(std::move(figure));
  }
  return answer;
}

Result<bool> tell_open_week(Office& office) {
  const DirectoryPtr directory = office.store.directory();
  const auto until = last_open_week(*directory, office.clock.now());
  if (!until) return false;
  for (const auto& [name, figure] : public_figures(*directory)) {
    GEWU_TRY(last, last_told(office, name));
    const Date next{last ? last->days + kDaysOfWeek : until->days - (kWeeksBack - 1) * kDaysOfWeek};
    if (next.days > until->days) continue;
    GEWU_CHECK(tell_week(office, name, next));
    return true;
  }
  return false;
}

}  // namespace gewu::usecase
