#include "codec/csv.h"

#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/ensure.h"
#include "base/text.h"

namespace gewu::codec {

std::optional<std::size_t> CsvTable::find_column(std::string_view name) const {
  const auto found = std::ranges::find(columns, name);
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

std::optional<std::string_view> CsvRow::cell(std::string_view column) const {
  const auto found = std::ranges::find(columns, column);
  const auto index = static_cast<std::size_t>(found - columns.begin());
  if (found == columns.end() || index >= cells.size()) return std::nullopt;
  return cells[index];
}

namespace {

std::unexpected<Error> refuse_at(std::string key, std::int64_t line,
                                 std::vector<ErrorDetail> more = {}) {
  more.insert(more.begin(), {"line", std::to_string(line)});
  return refuse(ErrorCode::invalid, std::move(key), std::move(more));
}

/// GB18030 to UTF-8 by ICU, stopping at the first byte that is none.
class Gb18030 {
 public:
  Gb18030() {
    UErrorCode status = U_ZERO_ERROR;
    converter_.reset(ucnv_open("gb18030", &status));
    ensure(U_SUCCESS(status), "ICU knows GB18030");
    ucnv_setToUCallBack(converter_.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr,
                        &status);
    ensure(U_SUCCESS(status), "the converter stops at a fault");
  }

  /// Appends the text; false when the bytes are no GB18030.
  bool append(std::string& out, std::string_view bytes) {
    ucnv_reset(converter_.get());
    const char* from = bytes.data();
    const char* const end = from + bytes.size();
    std::ptrdiff_t kept = 0;
    for (;;) {
      UErrorCode status = U_ZERO_ERROR;
      UChar* to = units_.data() + kept;
      ucnv_toUnicode(converter_.get(), &to, units_.data() + units_.size(), &from, end, nullptr,
                     true, &status);
      const bool is_full = status == U_BUFFER_OVERFLOW_ERROR;
      // the end of the buffer may part a surrogate pair: its first half waits for the second
      kept = is_full && U16_IS_LEAD(to[-1]) ? 1 : 0;
      append_units(out, to - units_.data() - kept);
      if (!is_full) return U_SUCCESS(status);
      units_[0] = to[-1];
    }
  }

 private:
  struct Closer {
    void operator()(UConverter* converter) const { ucnv_close(converter); }
  };

  void append_units(std::string& out, std::ptrdiff_t count) {
    std::array<char, 3 * 4096> utf8;
    UErrorCode status = U_ZERO_ERROR;
    std::int32_t length = 0;
    u_strToUTF8(utf8.data(), static_cast<std::int32_t>(utf8.size()), &length, units_.data(),
                static_cast<std::int32_t>(count), &status);
    ensure(U_SUCCESS(status), "what ICU converted is Unicode");
    out.append(utf8.data(), static_cast<std::size_t>(length));
  }

  std::unique_ptr<UConverter, Closer> converter_;
  std::array<UChar, 4096> units_;
};

std::int64_t line_at(std::string_view bytes, std::size_t offset) {
  return 1 + std::ranges::count(bytes.substr(0, offset), '\n');
}

/// Which of the two encodings the whole file is in.
Result<CsvEncoding> detect_encoding(std::string_view bytes, Gb18030& gb18030) {
  if (const auto nul = bytes.find('\0'); nul != std::string_view::npos)
    return refuse_at("csv.encoding", line_at(bytes, nul));
  if (is_utf8(bytes)) return CsvEncoding::utf8;
  // line by line, so that the converted text is never held as a whole
  std::string unused;
  for (std::size_t begin = 0; begin < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', begin), bytes.size() - 1) + 1;
    unused.clear();
    if (!gb18030.append(unused, bytes.substr(begin, end - begin)))
      return refuse_at("csv.encoding", line_at(bytes, begin));
    begin = end;
  }
  return CsvEncoding::gb18030;
}

/// Cuts rows out of the bytes. In GB18030 no second or later byte equals a quote, comma, CR or
/// LF, so that cutting comes first and only cells are converted.
class RowCutter {
 public:
  RowCutter(std::string_view bytes, char separator, CsvEncoding encoding, std::size_t row_max,
            Gb18030& gb18030)
      : bytes_(bytes), separator_(separator), encoding_(encoding), row_max_(row_max),
        gb18030_(gb18030) {}

  /// Whether there was a row; its cells lie in cells() until the next call.
  Result<bool> next() {
    skip_empty_lines();
    if (at_ == bytes_.size()) return false;
    row_line_ = line_;
    row_begin_ = at_;
    pieces_.clear();
    owned_.clear();
    is_quote_followed_ = false;
    bool is_last = false;
    while (!is_last) {
      if (at_ < bytes_.size() && bytes_[at_] == '"') GEWU_CHECK(take_quoted());
      else take_plain(at_, at_);
      GEWU_CHECK(check_size());
      is_last = take_end_of_cell();
    }
    collect_cells();
    return true;
  }

  std::span<const std::string_view> cells() const { return cells_; }
  std::int64_t line() const { return row_line_; }
  bool is_quote_followed() const { return is_quote_followed_; }

 private:
  /// A cell: bytes of the input, or of `owned_` when they had to be changed.
  struct Piece {
    bool is_owned = false;
    std::size_t begin = 0;
    std::size_t size = 0;
  };

  void skip_empty_lines() {
    while (at_ < bytes_.size() && (bytes_[at_] == '\n' || bytes_[at_] == '\r')) take_end_of_cell();
  }

  bool ends_cell(char c) const { return c == separator_ || c == '\n' || c == '\r'; }

  /// The rest of a cell up to its end; `begin` is where the cell begins.
  void take_plain(std::size_t begin, std::size_t from) {
    at_ = from;
    while (at_ < bytes_.size() && !ends_cell(bytes_[at_])) ++at_;
    add(bytes_.substr(begin, at_ - begin));
  }

  Status take_quoted() {
    text_.clear();
    for (++at_;; ++at_) {
      const std::size_t quote = bytes_.find('"', at_);
      if (quote == std::string_view::npos) return refuse_at("csv.quote.open", row_line_);
      text_ += bytes_.substr(at_, quote - at_);
      at_ = quote + 1;
      if (at_ == bytes_.size() || bytes_[at_] != '"') break;
      text_ += '"';
    }
    line_ += std::ranges::count(text_, '\n');
    if (at_ < bytes_.size() && !ends_cell(bytes_[at_])) {
      is_quote_followed_ = true;
      const std::size_t rest = at_;
      while (at_ < bytes_.size() && !ends_cell(bytes_[at_])) ++at_;
      text_ += bytes_.substr(rest, at_ - rest);
    }
    if (!add_converted(text_)) {
      pieces_.push_back({true, owned_.size(), text_.size()});
      owned_ += text_;
    }
    return {};
  }

  void add(std::string_view text) {
    if (add_converted(text)) return;
    pieces_.push_back({false, static_cast<std::size_t>(text.data() - bytes_.data()), text.size()});
  }

  bool add_converted(std::string_view text) {
    const bool is_ascii = std::ranges::all_of(text, [](char c) { return (c & 0x80) == 0; });
    if (encoding_ == CsvEncoding::utf8 || is_ascii) return false;
    const std::size_t begin = owned_.size();
    ensure(gb18030_.append(owned_, text), "the encoding was checked before");
    pieces_.push_back({true, begin, owned_.size() - begin});
    return true;
  }

  Status check_size() const {
    if (at_ - row_begin_ <= row_max_) return {};
    return std::unexpected(Error{ErrorCode::too_large,
                                 "csv.row.too_large",
                                 {{"line", std::to_string(row_line_)},
                                  {"max", std::to_string(row_max_)}},
                                 {}});
  }

  /// Whether the row ends here.
  bool take_end_of_cell() {
    if (at_ == bytes_.size()) return true;
    const char c = bytes_[at_++];
    if (c == separator_) return false;
    if (c == '\r' && at_ < bytes_.size() && bytes_[at_] == '\n') ++at_;
    ++line_;
    return true;
  }

  void collect_cells() {
    cells_.clear();
    for (const Piece& piece : pieces_)
      cells_.push_back((piece.is_owned ? std::string_view(owned_) : bytes_)
                           .substr(piece.begin, piece.size));
  }

  std::string_view bytes_;
  char separator_;
  CsvEncoding encoding_;
  std::size_t row_max_;
  Gb18030& gb18030_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
  std::int64_t row_line_ = 1;
  std::size_t row_begin_ = 0;
  bool is_quote_followed_ = false;
  std::string text_;
  std::string owned_;
  std::vector<Piece> pieces_;
  std::vector<std::string_view> cells_;
};

std::string_view without_mark(std::string_view bytes) {
  for (const std::string_view mark : {"\xEF\xBB\xBF", "\x84\x31\x95\x33"})
    if (bytes.starts_with(mark)) return bytes.substr(mark.size());
  return bytes;
}

Status check_columns(const CsvTable& table, const CsvOptions& options, std::int64_t line) {
  std::vector<Error> faults;
  const auto add = [&](std::string key, const std::string& column) {
    faults.push_back({ErrorCode::invalid,
                      std::move(key),
                      {{"column", column}, {"line", std::to_string(line)}},
                      {}});
  };
  for (auto column = table.columns.begin(); column != table.columns.end(); ++column)
    if (!column->empty() && std::find(table.columns.begin(), column, *column) != column)
      add("csv.column.duplicate", *column);
  for (const std::string& column : options.required)
    if (!table.find_column(column)) add("csv.column.missing", column);
  if (faults.empty()) return {};
  Error first = std::move(faults.front());
  first.others.assign(std::make_move_iterator(faults.begin() + 1),
                      std::make_move_iterator(faults.end()));
  return std::unexpected(std::move(first));
}

std::optional<Error> fault_of(const RowCutter& cutter, std::size_t column_count) {
  const std::string line = std::to_string(cutter.line());
  if (cutter.is_quote_followed())
    return Error{ErrorCode::invalid, "csv.quote.closed", {{"line", line}}, {}};
  if (cutter.cells().size() == column_count) return std::nullopt;
  return Error{ErrorCode::invalid,
               "csv.row.cells",
               {{"line", line},
                {"expected", std::to_string(column_count)},
                {"found", std::to_string(cutter.cells().size())}},
               {}};
}

}  // namespace

Result<CsvTable> read_csv(std::string_view bytes, const CsvOptions& options,
                          const std::function<Status(const CsvRow&)>& on_row,
                          const Limits& limits) {
  if (bytes.size() > limits.import_bytes_max)
    return refuse(ErrorCode::too_large, "csv.too_large",
                  {{"max", std::to_string(limits.import_bytes_max)}});
  Gb18030 gb18030;
  bytes = without_mark(bytes);
  GEWU_TRY(encoding, detect_encoding(bytes, gb18030));
  RowCutter cutter(bytes, options.separator, encoding, limits.body_bytes_max, gb18030);
  GEWU_TRY(has_header, cutter.next());
  if (!has_header) return refuse_at("csv.empty", 1);
  CsvTable table{encoding, {}, 0};
  for (const std::string_view name : cutter.cells()) table.columns.emplace_back(trim(name));
  if (cutter.is_quote_followed()) return refuse_at("csv.quote.closed", cutter.line());
  GEWU_CHECK(check_columns(table, options, cutter.line()));
  for (;;) {
    GEWU_TRY(has_row, cutter.next());
    if (!has_row) return table;
    ++table.row_count;
    GEWU_CHECK(on_row({cutter.line(), cutter.cells(), table.columns,
                       fault_of(cutter, table.columns.size())}));
  }
}

}  // namespace gewu::codec
