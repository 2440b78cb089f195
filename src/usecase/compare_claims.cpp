#include "usecase/compare_claims.h"

#include <algorithm>
#include <sstream>

#include "base/text.h"
#include "codec/csv.h"
#include "codec/scaled.h"
#include "kernel/matter/directory.h"
#include "kernel/matter/heaps.h"
#include "usecase/read_indicators.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::int64_t kPercent = 100;
constexpr std::size_t kRecordsMax = 10'000'000;

std::unexpected<Error> wrong(const Node& node, std::string reason) {
  return refuse(ErrorCode::invalid, "claims.form",
                {{"file", node.origin.text()}, {"reason", std::move(reason)}});
}

Result<std::string> text_of(const Node& node) {
  const auto text = node.as_text();
  if (!text) return wrong(node, "text");
  return std::string(*text);
}

std::optional<ClaimSource::Kind> parse_kind(std::string_view name) {
  using Kind = ClaimSource::Kind;
  if (name == "figure") return Kind::figure;
  if (name == "territory") return Kind::territory;
  if (name == "posts") return Kind::posts;
  if (name == "list") return Kind::list;
  if (name == "actions") return Kind::actions;
  if (name == "outside") return Kind::outside;
  if (name == "none") return Kind::none;
  return std::nullopt;
}

Result<ClaimSource> read_source(const Node& node) {
  if (!node.is_map() || node.entries.empty()) return wrong(node, "map");
  ClaimSource source;
  const auto kind = parse_kind(node.entries.front().key);
  if (!kind) return wrong(node, "unknown key " + node.entries.front().key);
  source.kind = *kind;
  GEWU_TRY(name, text_of(node.entries.front().value));
  source.name = std::move(name);
  for (std::size_t i = 1; i < node.entries.size(); ++i) {
    const NodeEntry& entry = node.entries[i];
    GEWU_TRY(text, text_of(entry.value));
    if (entry.key == "unit") source.unit = text;
    else if (entry.key == "period") source.period = text;
    else if (entry.key == "by") source.by = text;
    else if (entry.key == "key") source.key = text;
    else if (entry.key == "part") source.part = text;
    else if (entry.key == "date") source.date = text;
    else if (entry.key == "figure" && source.kind == ClaimSource::Kind::outside)
      source.figure = text;
    else return wrong(entry.value, "unknown key " + entry.key);
  }
  if (source.kind == ClaimSource::Kind::outside && source.date.empty()) return wrong(node, "date");
  return source;
}

Result<std::set<std::string>> read_set(const Node& node) {
  if (!node.is_list()) return wrong(node, "list");
  std::set<std::string> texts;
  for (const Node& item : node.items) {
    GEWU_TRY(text, text_of(item));
    texts.insert(std::move(text));
  }
  return texts;
}

Status read_sources(const Node& node, ClaimMap& map) {
  if (!node.is_map()) return wrong(node, "map");
  for (const NodeEntry& entry : node.entries) {
    GEWU_TRY(source, read_source(entry.value));
    map.sources.emplace(entry.key, std::move(source));
  }
  return {};
}

Status read_systems(const Node& node, ClaimMap& map) {
  if (!node.is_map()) return wrong(node, "map");
  for (const NodeEntry& entry : node.entries) {
    GEWU_TRY(reason, text_of(entry.value));
    map.systems.emplace(entry.key, std::move(reason));
  }
  return {};
}

/// Somebody who may read the figures of the locality's root: whoever sits on it.
Result<Caller> reader_of(const Directory& directory, const Locality& locality) {
  for (const Post* post : directory.roster->all_posts()) {
    const bool is_top = post->unit.kind == Unit::Kind::territory &&
                        post->unit.code == locality.territory && !post->holders.empty();
    if (!is_top) continue;
    Caller caller;
    caller.account = post->holders.front().account;
    caller.post = post->id;
    return caller;
  }
  return refuse(ErrorCode::not_found, "claims.reader");
}

struct Reading {
  std::optional<std::int64_t> micros;
  std::string source;
  std::size_t records = 0;
};

struct Comparison {
  Office& office;
  DirectoryPtr directory;
  const Locality& locality;
  const ClaimMap& map;
  Caller reader;

  FigureQuestion question_of(const ClaimSource& source) const {
    FigureQuestion question;
    question.caller = reader;
    question.name = source.name;
    question.unit = source.unit.empty() ? locality.territory : source.unit;
    question.period = source.period.empty() ? map.period : source.period;
    question.by = source.by;
    return question;
  }

  Result<std::vector<store::FigureRecord>> records_of(const ClaimSource& source,
                                                      const FigureAnswer& answer,
                                                      std::size_t rows_max) const {
    store::CellQuery query;
    auto counted = find_counted(locality, source.name);
    if (counted && !counted->spec->parts.empty()) {
      const auto& parts = counted->spec->parts;
      const Name& part = source.part == "numerator" ? parts.front() : parts.back();
      const bool is_elsewhere = part.find('.') != std::string::npos;
      counted = find_counted(locality, is_elsewhere ? part : counted->type->name + "." + part);
    }
    if (!counted) return std::vector<store::FigureRecord>{};
    query.indicator = counted->cells;
    query.unit = answer.unit.kind == Unit::Kind::organisation ? "org:" + answer.unit.code
                                                              : answer.unit.code;
    query.from = answer.period.from;
    query.until = answer.period.until;
    query.at_end = counted->spec->head == IndicatorHead::stock || counted->spec->at_end;
    return office.store.read_figure_records(query, rows_max);
  }

  Result<Reading> read_figure(const ClaimSource& source) const {
    const FigureQuestion question = question_of(source);
    Reading reading;
    reading.source = source.name + " " + question.unit + " " + question.period;
    if (!source.by.empty()) reading.source += " " + source.by + "=" + source.key;
    GEWU_TRY(answer, read_indicator(office, question));
    const bool counts_values = !source.by.empty() && source.key.empty();
    if (counts_values)
      reading.micros = kMicros * std::ranges::count_if(answer.rows, [](const FigureRow& row) {
                         return row.figure.value && row.figure.value->micros > 0;
                       });
    for (const FigureRow& row : answer.rows) {
      if (counts_values || (!source.by.empty() && row.dimension != source.key)) continue;
      const Figure& figure = row.figure;
      if (source.part == "numerator" && figure.numerator) reading.micros = figure.numerator->micros;
      else if (source.part == "denominator" && figure.denominator)
        reading.micros = figure.denominator->micros;
      else if (answer.indicator->head == IndicatorHead::ratio && figure.value)
        reading.micros = figure.value->micros * kPercent;
      else if (figure.value) reading.micros = figure.value->micros;
    }
    GEWU_TRY(records, records_of(source, answer, kRecordsMax));
    std::set<std::int64_t> matters;
    for (const store::FigureRecord& record : records)
      if (source.key.empty() ||
          std::ranges::find(record.dimensions, source.key) != record.dimensions.end())
        matters.insert(record.matter.value);
    reading.records = matters.size();
    return reading;
  }

  /// Steps that people of this place can take.
  Result<Reading> read_actions(const ClaimSource& source) const {
    std::size_t count = 0;
    std::istringstream words(source.name);
    for (std::string whole; words >> whole;) {
      const std::string_view name = whole;
      const auto dot = std::min(name.find('.'), name.size());
      const TypePtr type = locality.find_type(name.substr(0, dot));
      const std::string_view action = name.substr(std::min(dot + 1, name.size()));
      if (!type || type->find_action(action) == nullptr)
        return refuse(ErrorCode::not_found, "claims.action", {{"name", whole}});
      ++count;
    }
    return counted(count, "actions " + source.name);
  }

  /// What others counted: as it was entered here with its origin, where that is done.
  Result<Reading> read_outside(const ClaimSource& source) const {
    Reading reading{{}, source.name + " " + source.date, 0};
    if (source.figure.empty()) return reading;
    ClaimSource entered = source;
    entered.name = source.figure;
    GEWU_TRY(figure, read_figure(entered));
    reading.micros = figure.micros;
    reading.records = figure.records;
    reading.source += "; " + figure.source;
    return reading;
  }

  static Reading counted(std::size_t count, std::string source) {
    return {static_cast<std::int64_t>(count) * kMicros, std::move(source), count};
  }

  Result<Reading> read(const ClaimSource& source) const {
    switch (source.kind) {
      case ClaimSource::Kind::figure: return read_figure(source);
      case ClaimSource::Kind::territory: {
        const auto count = std::ranges::count_if(
            directory->territory->all(), [&](const Territory* territory) {
              return level_name(territory->level) == source.name &&
                     covers(locality.territory, territory->code);
            });
        return counted(static_cast<std::size_t>(count), "territory " + source.name);
      }
      case ClaimSource::Kind::posts:
        return counted(directory->roster->posts_of_role(source.name).size(),
                       "posts " + source.name);
      case ClaimSource::Kind::list: {
        const List* list = find_list(source.name);
        if (!list) return refuse(ErrorCode::not_found, "claims.list", {{"name", source.name}});
        const auto rows = std::ranges::count_if(list->rows,
                                                [](const ListRow& row) { return !row.off; });
        return counted(static_cast<std::size_t>(rows), "list " + source.name);
      }
      case ClaimSource::Kind::actions: return read_actions(source);
      case ClaimSource::Kind::outside: return read_outside(source);
      case ClaimSource::Kind::none: break;
    }
    return Reading{{}, source.name, 0};
  }

  const List* find_list(const std::string& name) const {
    if (const auto own = locality.lists.find(name); own != locality.lists.end())
      return &own->second;
    for (const auto& [type_name, type] : locality.types)
      if (const auto list = type->lists.find(name); list != type->lists.end())
        return &list->second;
    return nullptr;
  }
};

/// A share is printed with so many places; the figure here has more.
bool says_the_same(const Claim& claim, std::int64_t micros) {
  if (claim.unit != "%") return micros == claim.micros;
  std::int64_t step = kMicros;
  while (step > 1 && claim.micros % step != 0) step /= 10;
  const std::int64_t half = micros < 0 ? -step / 2 : step / 2;
  return (micros + half) / step * step == claim.micros;
}

Result<Comparison> begin(Office& office, const ClaimMap& map) {
  DirectoryPtr directory = office.store.directory();
  const Locality* locality = directory->find_locality(map.locality);
  if (!locality)
    return refuse(ErrorCode::not_found, "definition.locality_absent",
                  {{"locality", map.locality}});
  GEWU_TRY(reader, reader_of(*directory, *locality));
  return Comparison{office, std::move(directory), *locality, map, reader};
}

}  // namespace

std::string_view verdict_name(ClaimVerdict verdict) {
  switch (verdict) {
    case ClaimVerdict::same: return "same";
    case ClaimVerdict::differs: return "differs";
    case ClaimVerdict::outside: return "outside";
    case ClaimVerdict::not_recorded: return "not_recorded";
  }
  return {};
}

Result<std::vector<Claim>> read_claims(std::string_view csv) {
  codec::CsvOptions options;
  options.required = {"claim_id", "document", "locality", "system_id",
                      "indicator_zh", "value", "unit"};
  std::vector<Claim> claims;
  const auto on_row = [&](const codec::CsvRow& row) -> Status {
    if (row.fault) return std::unexpected(*row.fault);
    const auto cell = [&](std::string_view name) {
      return std::string(row.cell(name).value_or(std::string_view{}));
    };
    const auto value = codec::parse_scaled(cell("value"), 6, codec::ExcessDigits::refuse);
    if (!value)
      return refuse(ErrorCode::invalid, "claims.value", {{"line", std::to_string(row.line)}});
    claims.push_back({cell("claim_id"), cell("document"), cell("locality"), cell("system_id"),
                      cell("indicator_zh"), cell("unit"), *value});
    return {};
  };
  GEWU_TRY(table, codec::read_csv(csv, options, on_row));
  static_cast<void>(table);
  return claims;
}

Result<ClaimMap> read_claim_map(const Node& node) {
  if (!node.is_map()) return wrong(node, "map");
  ClaimMap map;
  for (const NodeEntry& entry : node.entries) {
    if (entry.key == "claims") {
      GEWU_TRY(text, text_of(entry.value));
      map.locality = std::move(text);
    } else if (entry.key == "period") {
      GEWU_TRY(text, text_of(entry.value));
      map.period = std::move(text);
    } else if (entry.key == "documents") {
      GEWU_TRY(documents, read_set(entry.value));
      map.documents = std::move(documents);
    } else if (entry.key == "places") {
      GEWU_TRY(places, read_set(entry.value));
      map.places = std::move(places);
    } else if (entry.key == "sources") {
      GEWU_CHECK(read_sources(entry.value, map));
    } else if (entry.key == "systems") {
      GEWU_CHECK(read_systems(entry.value, map));
    } else {
      return wrong(entry.value, "unknown key " + entry.key);
    }
  }
  if (map.locality.empty()) return wrong(node, "claims");
  return map;
}

Result<std::vector<ClaimAnswer>> compare_claims(Office& office, const std::vector<Claim>& claims,
                                                const ClaimMap& map) {
  GEWU_TRY(comparison, begin(office, map));
  std::vector<ClaimAnswer> answers;
  for (const Claim& claim : claims) {
    if (!map.documents.contains(claim.document)) continue;
    if (!map.places.empty() && !map.places.contains(claim.locality)) continue;
    ClaimAnswer answer;
    answer.claim = claim;
    const auto source = map.sources.find(claim.id);
    if (source == map.sources.end()) {
      const auto reason = map.systems.find(claim.system);
      answer.source = reason == map.systems.end() ? "no source is written" : reason->second;
      answers.push_back(std::move(answer));
      continue;
    }
    GEWU_TRY(reading, comparison.read(source->second));
    answer.micros = reading.micros;
    answer.source = std::move(reading.source);
    answer.records = reading.records;
    const bool differs = reading.micros && !says_the_same(claim, *reading.micros);
    if (differs) answer.verdict = ClaimVerdict::differs;
    else if (source->second.kind == ClaimSource::Kind::outside)
      answer.verdict = ClaimVerdict::outside;
    else if (reading.micros) answer.verdict = ClaimVerdict::same;
    answers.push_back(std::move(answer));
  }
  return answers;
}

Result<std::vector<store::FigureRecord>> find_claim_records(Office& office, const ClaimMap& map,
                                                            const std::string& claim,
                                                            std::size_t rows_max) {
  GEWU_TRY(comparison, begin(office, map));
  const auto source = map.sources.find(claim);
  const bool has_records =
      source != map.sources.end() && (source->second.kind == ClaimSource::Kind::figure ||
                                      !source->second.figure.empty());
  if (!has_records) return refuse(ErrorCode::not_found, "claims.records", {{"claim", claim}});
  ClaimSource asked = source->second;
  if (!asked.figure.empty()) asked.name = asked.figure;
  GEWU_TRY(answer, read_indicator(office, comparison.question_of(asked)));
  return comparison.records_of(asked, answer, rows_max);
}

}  // namespace gewu::usecase
