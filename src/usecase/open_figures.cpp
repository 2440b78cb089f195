#include "usecase/open_figures.h"

#include <algorithm>
#include <map>
#include <set>

#include "codec/event_json.h"
#include "codec/json_writer.h"
#include "kernel/figures/figure.h"
#include "usecase/read_room.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::int32_t kDaysOfWeek = 7;
/// The last day of a week is over for one more day before the week is told.
constexpr std::int32_t kDelayDays = 1;
constexpr std::int32_t kWeeksBack = 12;
constexpr std::size_t kRecordsOfADay = 100'000;
/// Who can't be told apart is one.
constexpr std::int64_t kSomebody = 0;
/// Codes of counties, subdistricts, communities and grids (territory.h).
const std::vector<std::size_t> kOpenLevels = {6, 9, 12, 15};

std::string open_key_of(const std::string& name) { return "open_week " + name; }
std::string open_key_of(const std::string& name, Date week) {
  return open_key_of(name) + " " + format_date(week);
}

const IndicatorSpec* public_indicator(const Type& type) {
  const auto found = std::ranges::find_if(type.indicators, &IndicatorSpec::is_public);
  return found == type.indicators.end() ? nullptr : &*found;
}

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

/// The Monday of the last week that may be told of: wherever it is earliest.
std::optional<Date> last_week(const Directory& directory, Instant now) {
  std::optional<Date> today;
  for (const auto& [name, locality] : directory.localities) {
    if (!locality->calendar) continue;
    const Date there = today_at(*locality->calendar, now);
    if (!today || there.days < today->days) today = there;
  }
  if (!today) return std::nullopt;
  const Date last{today->days - kDaysOfWeek - kDelayDays};
  return Date{last.days - (weekday(last) - 1)};
}

std::string digits_of(const std::string& phone) {
  std::string digits;
  std::ranges::copy_if(phone, std::back_inserter(digits),
                       [](char letter) { return letter >= '0' && letter <= '9'; });
  return digits;
}

/// Tells reporters apart by numbers that mean nothing.
class Reporters {
 public:
  explicit Reporters(Office& office) : office_(office) {}

  std::int64_t of(const Snapshot& matter) {
    std::string who = phone_of(matter);
    if (who.empty() && matter.author_account.has_value())
      who = "account " + std::to_string(matter.author_account.value);
    if (who.empty()) return kSomebody;
    return known_.try_emplace(std::move(who), static_cast<std::int64_t>(known_.size()) + 1)
        .first->second;
  }

 private:
  /// Empty when none was left, or when it was erased.
  std::string phone_of(const Snapshot& matter) {
    for (std::size_t i = 0; i < matter.type->fields.size(); ++i) {
      if (matter.type->fields[i].kind != FieldKind::contact) continue;
      Value value = matter.fields[i];
      if (value.get_shared<Sealed>()) {
        auto opened = office_.store.open_sealed(matter.id, matter.type->fields[i].name);
        if (!opened) return {};
        value = std::move(*opened);
      }
      if (const Contact* contact = value.get_shared<Contact>()) return digits_of(contact->phone);
    }
    return {};
  }

  Office& office_;
  std::map<std::string, std::int64_t> known_;
};

/// Whether the matter's own place makes the figure public.
bool is_public_there(const ReadRoom& room, const Snapshot& matter, const std::string& name) {
  const Locality* locality = room.locality_of(matter);
  const TypePtr type = locality ? locality->find_type(matter.type->name) : nullptr;
  const IndicatorSpec* indicator = type ? public_indicator(*type) : nullptr;
  return indicator != nullptr && type->name + "." + indicator->name == name;
}

Result<std::vector<OpenReport>> open_reports_of(Office& office, const std::string& name,
                                                Date week) {
  const ReadRoom room(office);
  Reporters reporters(office);
  std::vector<OpenReport> reports;
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
        if (!matter || !is_public_there(room, *matter, name)) continue;
        reports.push_back({matter->territory, reporters.of(*matter)});
      }
    }
  return reports;
}

std::string text_of_counts(const std::vector<OpenCount>& counts) {
  std::string text;
  codec::JsonWriter out(text);
  out.begin_array();
  for (const OpenCount& count : counts)
    out.begin_object().member("place", count.place).member("count", count.reports).end_object();
  out.end_array();
  return text;
}

Result<std::vector<OpenCount>> read_counts(std::string_view text) {
  std::vector<OpenCount> counts;
  GEWU_TRY(json, codec::parse_json(text, codec::journal_limits()));
  const auto* items = json.as_array();
  if (!items) return refuse(ErrorCode::internal, "internal");
  for (const codec::Json& item : *items)
    counts.push_back({std::string(item.string_at("place").value_or("")),
                      item.integer_at("count").value_or(0)});
  return counts;
}

Result<std::optional<Date>> last_told(Office& office, const std::string& name) {
  GEWU_TRY(text, office.store.read_office(open_key_of(name)));
  return text ? parse_date(*text) : std::nullopt;
}

Status tell_week(Office& office, const std::string& name, Date week) {
  GEWU_TRY(told, office.store.read_office(open_key_of(name, week)));
  if (!told) {
    GEWU_TRY(reports, open_reports_of(office, name, week));
    GEWU_CHECK(office.store.write_office(open_key_of(name, week),
                                         text_of_counts(open_counts(reports, kOpenLevels))));
  }
  return office.store.write_office(open_key_of(name), format_date(week));
}

Result<std::optional<Date>> week_if_told(Office& office, const std::string& name, Date week) {
  GEWU_TRY(told, office.store.read_office(open_key_of(name, week)));
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
      GEWU_TRY(told, office.store.read_office(open_key_of(name, *asked)));
      if (told) {
        OpenWeek open;
        open.from = *asked;
        GEWU_TRY(earlier, week_if_told(office, name, {asked->days - kDaysOfWeek}));
        open.earlier = earlier;
        if (asked->days < last->days) open.later = Date{asked->days + kDaysOfWeek};
        GEWU_TRY(counts, read_counts(*told));
        open.counts = std::move(counts);
        figure.week = std::move(open);
      }
    }
    answer.figures.push_back(std::move(figure));
  }
  return answer;
}

Result<bool> tell_open_week(Office& office) {
  const DirectoryPtr directory = office.store.directory();
  const auto until = last_week(*directory, office.clock.now());
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
