#include <algorithm>

#include "codec/csv.h"

namespace gewu::codec {

namespace {

/// -3 or -3.5: harmless to a spreadsheet, and useful as a number.
bool is_negative_number(std::string_view text) {
  if (!text.starts_with('-')) return false;
  text.remove_prefix(1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? "0" : text.substr(point + 1);
  return !whole.empty() && !fraction.empty() && std::ranges::all_of(whole, is_digit) &&
         std::ranges::all_of(fraction, is_digit);
}

bool may_run_as_formula(std::string_view text) {
  constexpr std::string_view kStarts = "=+-@\t\r";
  return !text.empty() && kStarts.find(text[0]) != std::string_view::npos &&
         !is_negative_number(text);
}

}  // namespace

CsvWriter::CsvWriter(std::string& out, CsvTarget target) : out_(out), target_(target) {
  if (target_ == CsvTarget::spreadsheet) out_ += "\uFEFF";
}

void CsvWriter::row(std::span<const std::string_view> cells) {
  // a row of one empty cell would be an empty line, which readers skip
  if (cells.size() == 1 && cells[0].empty()) out_ += "\"\"";
  bool first = true;
  for (const std::string_view text : cells) {
    if (!first) out_ += ',';
    first = false;
    cell(text);
  }
  out_ += "\r\n";
}

void CsvWriter::cell(std::string_view text) {
  const bool guarded = target_ == CsvTarget::spreadsheet && may_run_as_formula(text);
  const bool spaced = !text.empty() && (text.front() == ' ' || text.back() == ' ');
  if (!spaced && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    if (guarded) out_ += '\'';
    out_ += text;
    return;
  }
  out_ += '"';
  if (guarded) out_ += '\'';
  for (const char c : text) {
    if (c == '"') out_ += '"';
    out_ += c;
  }
  out_ += '"';
}

}  // namespace gewu::codec
