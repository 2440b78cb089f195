#include "usecase/open_week.h"

#include <algorithm>
#include <utility>

#include "codec/event_json.h"
#include "codec/json_writer.h"
#include "kernel/figures/figure.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

/// The last day of a week is over for one more day before the week is told.
constexpr std::int32_t kDelayDays = 1;
/// So far back told weeks are looked for: ten years.
constexpr std::int32_t kWeeksLookedAt = 520;
/// Who can't be told apart is one.
constexpr std::int64_t kSomebody = 0;

std::string open_key_of(const std::string& figure) { return "open_week " + figure; }
std::string open_key_of(const std::string& figure, Date week) {
  return open_key_of(figure) + " " + format_date(week);
}

std::string digits_of(const std::string& phone) {
  std::string digits;
  std::ranges::copy_if(phone, std::back_inserter(digits),
                       [](char letter) { return letter >= '0' && letter <= '9'; });
  return digits;
}

Date monday_of(Date day) { return {day.days - (weekday(day) - 1)}; }

/// Whether who reported it is known no more: it was when the week was told.
bool has_lost_reporter(const Snapshot& matter) {
  for (std::size_t i = 0; i < matter.fields.size(); ++i)
    if (matter.type->fields[i].kind == FieldKind::contact && matter.fields[i].is<Erased>())
      return true;
  return false;
}

std::set<std::string> places_of(const std::vector<OpenCount>& counts) {
  std::set<std::string> places;
  for (const OpenCount& count : counts) places.insert(count.place);
  return places;
}

}  // namespace

const std::vector<std::size_t>& open_levels() {
  static const std::vector<std::size_t> levels{6, 9, 12, 15};
  return levels;
}

std::string text_of(const ToldWeek& week) {
  std::string text;
  codec::JsonWriter out(text);
  out.begin_object().member("sequence", week.sequence).key("localities").begin_array();
  for (const std::string& locality : week.localities) out.string(locality);
  out.end_array().key("counts").begin_array();
  for (const OpenCount& count : week.counts)
    out.begin_object().member("place", count.place).member("count", count.reports).end_object();
  out.end_array().end_object();
  return text;
}

Result<ToldWeek> read_told_week(std::string_view text) {
  const auto broken = [] { return refuse(ErrorCode::internal, "figure.week"); };
  const auto json = codec::parse_json(text, codec::journal_limits());
  if (!json) return broken();
  ToldWeek week;
  // Counts alone, from before a week said up to which line: they are shown, and counted by nobody.
  static const codec::Json::Array nowhere;
  const codec::Json::Array* bare = json->as_array();
  const auto sequence = bare ? std::optional<std::int64_t>(0) : json->integer_at("sequence");
  const codec::Json::Array* localities = bare ? &nowhere : json->array_at("localities");
  const codec::Json::Array* counts = bare ? bare : json->array_at("counts");
  if (!sequence || !localities || !counts) return broken();
  week.sequence = *sequence;
  for (const codec::Json& locality : *localities) {
    const auto name = locality.as_string();
    if (!name) return broken();
    week.localities.emplace(*name);
  }
  for (const codec::Json& count : *counts) {
    const auto place = count.string_at("place");
    const auto reports = count.integer_at("count");
    if (!place || !reports) return broken();
    week.counts.push_back({std::string(*place), *reports});
  }
  return week;
}

Result<std::optional<ToldWeek>> find_told_week(Office& office, const std::string& figure,
                                               Date week) {
  GEWU_TRY(text, office.store.read_office(open_key_of(figure, week)));
  if (!text) return std::optional<ToldWeek>();
  GEWU_TRY(told, read_told_week(*text));
  return std::optional(std::move(told));
}

Status keep_told_week(Office& office, const std::string& figure, Date week,
                      const ToldWeek& told) {
  return office.store.write_office(open_key_of(figure, week), text_of(told));
}

Result<std::optional<Date>> last_told(Office& office, const std::string& figure) {
  GEWU_TRY(text, office.store.read_office(open_key_of(figure)));
  return text ? parse_date(*text) : std::nullopt;
}

Status keep_last_told(Office& office, const std::string& figure, Date week) {
  return office.store.write_office(open_key_of(figure), format_date(week));
}

const IndicatorSpec* public_indicator(const Type& type) {
  const auto found = std::ranges::find_if(type.indicators, &IndicatorSpec::is_public);
  return found == type.indicators.end() ? nullptr : &*found;
}

std::set<std::string> public_in(const Directory& directory, const std::string& figure) {
  std::set<std::string> places;
  for (const auto& [place, locality] : directory.localities)
    for (const auto& [name, type] : locality->types)
      if (const IndicatorSpec* indicator = public_indicator(*type);
          indicator != nullptr && name + "." + indicator->name == figure)
        places.insert(place);
  return places;
}

std::optional<Date> last_open_week(const Directory& directory, Instant now) {
  std::optional<Date> today;
  for (const auto& [name, locality] : directory.localities) {
    if (!locality->calendar) continue;
    const Date there = today_at(*locality->calendar, now);
    if (!today || there.days < today->days) today = there;
  }
  if (!today) return std::nullopt;
  return monday_of({today->days - kDaysOfWeek - kDelayDays});
}

std::int64_t Reporters::of(const Snapshot& matter) {
  std::string who = phone_of(matter);
  if (who.empty() && matter.author_account.has_value())
    who = "account " + std::to_string(matter.author_account.value);
  if (who.empty()) return kSomebody;
  return known_.try_emplace(std::move(who), static_cast<std::int64_t>(known_.size()) + 1)
      .first->second;
}

/// Empty when none was left, or when it was erased.
std::string Reporters::phone_of(const Snapshot& matter) {
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

Status OpenWeekCheck::begin() {
  std::set<std::string> figures;
  for (const auto& [place, locality] : directory_->localities)
    for (const auto& [name, type] : locality->types)
      if (const IndicatorSpec* indicator = public_indicator(*type))
        figures.insert(name + "." + indicator->name);
  for (const std::string& figure : figures) {
    counted_[figure];
    GEWU_CHECK(read_weeks(figure));
  }
  return {};
}

/// Every week that is kept, the newest first; among them none may be missing.
Status OpenWeekCheck::read_weeks(const std::string& figure) {
  const auto newest = last_open_week(*directory_, office_.clock.now());
  GEWU_TRY(last, last_told(office_, figure));
  if (!newest) return {};
  std::vector<Date> missing;
  std::optional<Date> latest;
  // A clock that was set back since must hide no week.
  for (std::int32_t back = -kWeeksLookedAt / 10; back < kWeeksLookedAt; ++back) {
    const Date week{newest->days - back * kDaysOfWeek};
    GEWU_TRY(text, office_.store.read_office(open_key_of(figure, week)));
    if (!text) {
      if (latest) missing.push_back(week);
      continue;
    }
    Claim claim{figure, week, {}};
    for (const Date gone : std::exchange(missing, {})) note({figure, gone, {}}, "absent");
    if (!latest) latest = week;
    auto told = read_told_week(*text);
    if (!told) {
      note(claim, told.error().key);
      continue;
    }
    claim.told = std::move(*told);
    claims_.emplace(claim.told.sequence, std::move(claim));
  }
  // A crash may have come between a week and the word that it is the last.
  const bool is_last = latest == last || (latest && !last) ||
                       (latest && last && latest->days == last->days + kDaysOfWeek);
  if (!is_last) differences_.push_back(open_key_of(figure) + ": last");
  return {};
}

void OpenWeekCheck::take(const Event& event) {
  if (claims_.empty()) return;
  for (const Delta& delta : event.figures)
    if (const auto figure = counted_.find(delta.indicator);
        figure != counted_.end() && !delta.territory.empty())
      figure->second[monday_of(delta.day)].push_back(event.matter);
}

void OpenWeekCheck::pass(std::int64_t sequence, const Find& find) {
  while (!claims_.empty() && claims_.begin()->first <= sequence) {
    const auto claim = claims_.extract(claims_.begin());
    if (claim.key() == sequence) compare(claim.mapped(), find);
    else note(claim.mapped(), "sequence");
  }
}

void OpenWeekCheck::compare(const Claim& claim, const Find& find) {
  Reporters reporters(office_);
  std::vector<OpenReport> reports;
  std::map<std::string, std::int64_t> everybody;
  bool has_lost = false;
  for (const MatterId id : counted_[claim.figure][claim.week]) {
    const SnapshotPtr matter = find(id);
    if (!matter) continue;
    const Locality* locality = directory_->locality_of(matter->territory);
    if (locality == nullptr || !claim.told.localities.contains(locality->name)) continue;
    has_lost = has_lost || has_lost_reporter(*matter);
    for (const std::size_t level : open_levels())
      if (matter->territory.size() >= level) ++everybody[matter->territory.substr(0, level)];
    reports.push_back({matter->territory, reporters.of(*matter)});
  }
  // Of whose number was erased since nobody can say any more which places had too few reporters;
  // how many reports came in stands all the same.
  if (has_lost) {
    for (const OpenCount& count : claim.told.counts)
      if (everybody[count.place] != count.reports ||
          count.reports < static_cast<std::int64_t>(kOpenReportersMin))
        note(claim, count.place);
    return;
  }
  const std::vector<OpenCount> expected = open_counts(reports, open_levels());
  std::set<std::string> places = places_of(expected);
  places.merge(places_of(claim.told.counts));
  const auto count_in = [](const std::vector<OpenCount>& counts, const std::string& place) {
    const auto found = std::ranges::find(counts, place, &OpenCount::place);
    return found == counts.end() ? std::int64_t{0} : found->reports;
  };
  const std::size_t before = differences_.size();
  for (const std::string& place : places)
    if (count_in(expected, place) != count_in(claim.told.counts, place)) note(claim, place);
  if (differences_.size() == before && expected != claim.told.counts) note(claim, "order");
}

void OpenWeekCheck::note(const Claim& claim, const std::string& what) {
  differences_.push_back(open_key_of(claim.figure, claim.week) + ": " + what);
}

std::vector<std::string> OpenWeekCheck::end() {
  for (const auto& [sequence, claim] : claims_) note(claim, "beyond the journal");
  claims_.clear();
  return std::move(differences_);
}

}  // namespace gewu::usecase
