#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace gewu::codec {

enum class CsvEncoding { utf8, gb18030 };

struct CsvOptions {
  char separator = ',';
  std::vector<std::string> required;  ///< columns that the first line must name
};

/// One row; the views hold until the callback returns.
struct CsvRow {
  std::int64_t line = 0;  ///< where it begins, from 1; a quoted cell may hold line ends
  std::span<const std::string_view> cells;
  std::span<const std::string> columns;
  /// The row's own fault; reading goes on, so that the rest can be imported:
  /// `csv.row.cells` (`line`, `expected`, `found`), `csv.quote.closed` (text behind a closing
  /// quote, `line`).
  std::optional<Error> fault;

  /// The cell of a column; nothing when there is no such column, or the row ends before it.
  std::optional<std::string_view> cell(std::string_view column) const;
};

/// What was read.
struct CsvTable {
  CsvEncoding encoding = CsvEncoding::utf8;
  std::vector<std::string> columns;  ///< the first line, without white space around the names
  std::int64_t row_count = 0;

  std::optional<std::size_t> find_column(std::string_view name) const;
};

/// Reads a table (RFC 4180: quotes, line ends inside them, LF or CR LF, a byte-order mark is
/// skipped) row by row; beside the bytes only one row is held. Text that is no UTF-8 is taken as
/// GB18030, of which GBK and GB 2312 are parts: offices' spreadsheets save so. Lines that are
/// empty are skipped. An error of the callback ends the reading and is returned.
/// Errors: `csv.too_large`, `csv.encoding` (`line`), `csv.empty`, `csv.column.missing` (`column`,
/// `line`; all of them in `others`), `csv.column.duplicate` (same), `csv.quote.open` (`line`
/// where the row begins), `csv.row.too_large` (`line`, `max`).
Result<CsvTable> read_csv(std::string_view bytes, const CsvOptions& options,
                          const std::function<Status(const CsvRow&)>& on_row,
                          const Limits& limits = kLimits);

enum class CsvTarget {
  exchange,     ///< for programs: UTF-8 as it is
  spreadsheet,  ///< for Excel: a byte-order mark, and no cell is ever run as a formula
};

/// Appends rows to a string; lines end with CR LF. For a spreadsheet a cell that begins with
/// = + - @, a tab or a carriage return gets a ' in front, because the texts are the public's;
/// plain numbers ("-3.5") stay numbers.
class CsvWriter {
 public:
  CsvWriter(std::string& out, CsvTarget target);

  void row(std::span<const std::string_view> cells);
  void row(std::initializer_list<std::string_view> cells) {
    row(std::span(cells.begin(), cells.size()));
  }

 private:
  void cell(std::string_view text);

  std::string& out_;
  CsvTarget target_;
};

}  // namespace gewu::codec
