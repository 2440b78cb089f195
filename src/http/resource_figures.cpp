#include "base/limits.h"
#include "base/text.h"
#include "codec/scaled.h"
#include "http/door.h"
#include "http/error_reply.h"
#include "http/render.h"
#include "kernel/matter/heaps.h"
#include "usecase/read_indicators.h"
#include "usecase/read_me.h"

namespace gewu::http {
namespace {

using namespace gewu::kernel;

const char* head_name(IndicatorHead head) {
  switch (head) {
    case IndicatorHead::flow: return "flow";
    case IndicatorHead::clock: return "clock";
    case IndicatorHead::stock: return "stock";
    case IndicatorHead::ratio: return "ratio";
    case IndicatorHead::book: return "book";
    case IndicatorHead::cites: return "cites";
    case IndicatorHead::refusal: return "refusal";
    case IndicatorHead::coverage: return "coverage";
    case IndicatorHead::change: return "change";
    case IndicatorHead::tally: return "tally";
    case IndicatorHead::draw: return "draw";
  }
  return "flow";
}

usecase::FigureQuestion read_figure_question(const Visit& visit, std::string_view name) {
  usecase::FigureQuestion question;
  question.caller = visit.caller;
  question.name = name;
  question.unit = visit.request.parameter("unit").value_or("");
  question.period = visit.request.parameter("period").value_or("");
  question.by = visit.request.parameter("by").value_or("");
  return question;
}

/// Decimal text: a figure never passes through floating point, here or in a browser.
void write_number(codec::JsonWriter& out, const char* name, const std::optional<Number>& number) {
  if (!number) return;
  std::string text;
  codec::append_scaled(text, number->micros, 6);
  out.member(name, text);
}

/// A unit that has none: a place or organisation, a post by its unit, a row by its id.
void write_missing(codec::JsonWriter& out, const Value& unit, const Directory& directory) {
  out.begin_object();
  if (const auto* place = unit.get<Unit>()) write_unit(out, "unit", *place, directory);
  if (const auto* link = unit.get<Link>()) out.member("matter", std::to_string(link->id.value));
  if (const auto* reference = unit.get<PostRef>()) {
    out.member("post", std::to_string(reference->id.value));
    if (const Post* post = directory.roster->post(reference->id))
      write_unit(out, "unit", post->unit, directory);
  }
  out.end_object();
}

void write_figure_row(codec::JsonWriter& out, const usecase::FigureRow& row,
                      const Directory& directory) {
  out.begin_object();
  write_unit(out, "unit", row.unit, directory);
  if (row.dimension) out.member("dimension", *row.dimension);
  if (row.dimension_label) write_label(out, "dimension_label", *row.dimension_label);
  write_number(out, "value", row.figure.value);
  write_number(out, "numerator", row.figure.numerator);
  write_number(out, "denominator", row.figure.denominator);
  if (row.figure.withheld) out.member("withheld", true);
  if (!row.missing.empty()) {
    out.key("missing").begin_array();
    for (const Value& unit : row.missing) write_missing(out, unit, directory);
    out.end_array();
  }
  out.end_object();
}

void write_figure(codec::JsonWriter& out, const usecase::FigureAnswer& answer) {
  out.begin_object().member("name", answer.name);
  write_unit(out, "unit", answer.unit, *answer.directory);
  out.member("from", format_date(answer.period.from));
  out.member("until", format_date(answer.period.until)).key("rows").begin_array();
  for (const usecase::FigureRow& row : answer.rows) write_figure_row(out, row, *answer.directory);
  out.end_array().end_object();
}

}  // namespace

Result<Answer> list_indicators(Visit& visit) {
  const DirectoryPtr directory = usecase::directory_of(visit.door.office);
  GEWU_TRY(locality,
           usecase::choose_locality(*directory, visit.caller, visit.now(),
                                    visit.request.parameter("locality").value_or("")));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("indicators").begin_array();
    for (const auto& [name, type] : locality->types) {
      for (const IndicatorSpec& indicator : type->indicators) {
        if (indicator.name.find('#') != Name::npos) continue;  // a part, seen through its whole
        out.begin_object().member("name", name + "." + indicator.name);
        write_label(out, "label", indicator.label);
        write_label(out, "type_label", type->label);
        out.member("head", head_name(indicator.head)).key("by").begin_array();
        const auto counted = kernel::find_counted(*locality, name + "." + indicator.name);
        const IndicatorSpec& spec = counted ? *counted->spec : indicator;
        for (const auto& [dimension, expression] : spec.by) out.string(dimension);
        out.end_array().end_object();
      }
    }
    out.end_array().end_object();
  });
}

Result<Answer> read_indicator(Visit& visit) {
  GEWU_TRY(answer, usecase::read_indicator(visit.door.office,
                                           read_figure_question(visit, visit.captured[0])));
  return json_answer([&](codec::JsonWriter& out) { write_figure(out, answer); });
}

/// Many at once for a page that shows them side by side: one that is refused hides no other.
Result<Answer> read_indicators(Visit& visit) {
  const std::string_view asked = visit.request.parameter("names").value_or("");
  const std::vector<std::string_view> names = split(asked, ',');
  if (asked.empty() || names.size() > kLimits.page_rows_max)
    return refuse(ErrorCode::invalid, "figure.names",
                  {{"max", std::to_string(kLimits.page_rows_max)}});
  std::vector<usecase::FigureAnswer> figures;
  std::vector<std::pair<std::string, Error>> refused;
  for (const std::string_view name : names) {
    auto answer = usecase::read_indicator(visit.door.office, read_figure_question(visit, name));
    if (answer)
      figures.push_back(std::move(*answer));
    else
      refused.emplace_back(name, std::move(answer.error()));
  }
  const DirectoryPtr directory = usecase::directory_of(visit.door.office);
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("figures").begin_array();
    for (const usecase::FigureAnswer& figure : figures) write_figure(out, figure);
    out.end_array().key("refused").begin_array();
    for (const auto& [name, reason] : refused) {
      out.begin_object().member("name", name).key("reason");
      write_error(out, reason, *directory);
      out.end_object();
    }
    out.end_array().end_object();
  });
}

Result<Answer> read_indicator_records(Visit& visit) {
  GEWU_TRY(found, usecase::read_indicator_records(
                      visit.door.office, read_figure_question(visit, visit.captured[0])));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("records").begin_array();
    for (const usecase::FigureRecordRow& record : found.records) {
      out.begin_object().key("matter");
      write_row(out, record.matter, *found.directory, visit.now());
      out.member("at", format_instant(record.at)).member("count", record.count);
      write_number(out, "sum", Number{record.sum_micros});
      out.end_object();
    }
    out.end_array().member("hidden", static_cast<std::int64_t>(found.hidden)).end_object();
  });
}

}  // namespace gewu::http
