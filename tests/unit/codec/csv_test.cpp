#include "codec/csv.h"

#include "codec_fixture.h"

namespace gewu::codec {
namespace {

struct ReadRow {
  std::int64_t line;
  std::vector<std::string> cells;
  std::string fault;
  bool operator==(const ReadRow&) const = default;
};

struct ReadTable {
  Result<CsvTable> table;
  std::vector<ReadRow> rows;
};

ReadTable read(std::string_view bytes, const CsvOptions& options = {},
               const Limits& limits = kLimits) {
  std::vector<ReadRow> rows;
  auto table = read_csv(
      bytes, options,
      [&](const CsvRow& row) -> Status {
        rows.push_back({row.line, {row.cells.begin(), row.cells.end()},
                        row.fault ? row.fault->key : ""});
        return {};
      },
      limits);
  return {std::move(table), std::move(rows)};
}

TEST(Csv, reads_rows_with_quotes_and_line_ends_inside) {
  const auto [table, rows] = read("id,text\r\n1,\"a \"\"b\"\", c\nd\"\r\n2,\n\r\n3,x\"y");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->columns, (std::vector<std::string>{"id", "text"}));
  EXPECT_EQ(table->row_count, 3);
  EXPECT_EQ(table->encoding, CsvEncoding::utf8);
  EXPECT_EQ(rows, (std::vector<ReadRow>{{2, {"1", "a \"b\", c\nd"}, ""},
                                        {4, {"2", ""}, ""},
                                        {6, {"3", "x\"y"}, ""}}));
}

TEST(Csv, counts_lines_whatever_ends_them) {
  const auto [table, rows] = read("a\r1\r\r2\r\n\r\n3\n4");
  ASSERT_TRUE(table);
  EXPECT_EQ(rows, (std::vector<ReadRow>{
                      {2, {"1"}, ""}, {4, {"2"}, ""}, {6, {"3"}, ""}, {7, {"4"}, ""}}));
}

TEST(Csv, skips_a_byte_order_mark_and_trims_names) {
  const auto [table, rows] = read("\xEF\xBB\xBF\"编号\", 名称 \n1,x\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->columns, (std::vector<std::string>{"编号", "名称"}));
  EXPECT_EQ(table->find_column("名称"), 1u);
  EXPECT_EQ(table->find_column("none"), std::nullopt);
}

TEST(Csv, gives_cells_by_the_name_of_their_column) {
  const auto table = read_csv("a,b\n1,2\n3\n", {}, [](const CsvRow& row) -> Status {
    EXPECT_EQ(row.cell("b"), row.line == 2 ? std::optional<std::string_view>("2") : std::nullopt);
    EXPECT_EQ(row.cell("z"), std::nullopt);
    return {};
  });
  EXPECT_TRUE(table);
}

TEST(Csv, takes_other_separators) {
  EXPECT_EQ(read("a\tb\n1,5\t2", {.separator = '\t'}).rows[0].cells,
            (std::vector<std::string>{"1,5", "2"}));
}

TEST(Csv, reads_what_spreadsheets_of_offices_save) {
  // GBK: 编号,名称 / 1,路灯 / 2,"街道,""甲""" ; then a four-byte code of GB18030 (U+20000)
  const std::string bytes =
      "\xB1\xE0\xBA\xC5,\xC3\xFB\xB3\xC6\r\n1,\xC2\xB7\xB5\xC6\r\n"
      "2,\"\xBD\xD6\xB5\xC0,\"\"\xBC\xD7\"\"\"\r\n3,\x95\x32\x82\x36\r\n";
  const auto [table, rows] = read(bytes);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->encoding, CsvEncoding::gb18030);
  EXPECT_EQ(table->columns, (std::vector<std::string>{"编号", "名称"}));
  EXPECT_EQ(rows, (std::vector<ReadRow>{{2, {"1", "路灯"}, ""},
                                        {3, {"2", "街道,\"甲\""}, ""},
                                        {4, {"3", "\U00020000"}, ""}}));
  EXPECT_EQ(read("\x84\x31\x95\x33" + bytes).table->columns[0], "编号");
}

TEST(Csv, converts_long_cells_whole) {
  std::string cell, expected;
  for (int i = 0; i < 5000; ++i) {
    cell += i == 0 ? "\xC2\xB7" : "\x95\x32\x82\x36";
    expected += i == 0 ? "路" : "\U00020000";
  }
  EXPECT_EQ(read("a\n" + cell).rows.at(0).cells.at(0), expected);
}

TEST(Csv, refuses_bytes_of_neither_encoding) {
  for (const char* text : {"a\nb\xFF\n", "a\n\xC2\xB7\x80\n", "a\n\xB5", "\xFF\xFE" "a,"}) {
    const auto [table, rows] = read(text);
    ASSERT_EQ(key_of(table), "csv.encoding");
    EXPECT_TRUE(rows.empty());
  }
  EXPECT_EQ(detail(read("a\nb\n\xC2\xB7,\xFF\n").table.error(), "line"), "3");
  EXPECT_EQ(detail(read(std::string_view("a\nb\0c", 5)).table.error(), "line"), "2");
}

TEST(Csv, demands_its_columns) {
  const auto [table, rows] = read("\na,b\n1,2\n", {.required = {"a", "诉求", "c"}});
  ASSERT_EQ(key_of(table), "csv.column.missing");
  EXPECT_EQ(detail(table.error(), "column"), "诉求");
  EXPECT_EQ(detail(table.error(), "line"), "2");
  ASSERT_EQ(table.error().others.size(), 1u);
  EXPECT_EQ(detail(table.error().others[0], "column"), "c");
  EXPECT_TRUE(rows.empty());
  EXPECT_EQ(detail(read("a,b\n", {.required = {"c"}}).table.error(), "line"), "1");
}

TEST(Csv, refuses_two_columns_of_one_name) {
  EXPECT_EQ(key_of(read("a,b,a\n").table), "csv.column.duplicate");
  EXPECT_TRUE(read("a,,\n1,2,3\n").table);
}

TEST(Csv, refuses_a_file_without_a_first_line) {
  for (const char* text : {"", "\xEF\xBB\xBF", "\r\n\n"})
    EXPECT_EQ(key_of(read(text).table), "csv.empty");
}

TEST(Csv, a_bad_row_does_not_stop_the_others) {
  const auto [table, rows] = read("a,b\n1\n2,3,4\n\"x\"y,5\n6,7\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(rows, (std::vector<ReadRow>{{2, {"1"}, "csv.row.cells"},
                                        {3, {"2", "3", "4"}, "csv.row.cells"},
                                        {4, {"xy", "5"}, "csv.quote.closed"},
                                        {5, {"6", "7"}, ""}}));
  EXPECT_EQ(key_of(read("\"a\"b,c\n").table), "csv.quote.closed");
}

TEST(Csv, tells_how_many_cells_there_should_be) {
  std::optional<Error> fault;
  (void)read_csv("a,b\n1\n", {}, [&](const CsvRow& row) -> Status {
    fault = row.fault;
    return {};
  });
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->details, (std::vector<ErrorDetail>{
                                {"line", "2"}, {"expected", "2"}, {"found", "1"}}));
}

TEST(Csv, refuses_a_quote_that_never_closes) {
  const auto [table, rows] = read("a,b\n1,2\n3,\"x\ny\nz");
  ASSERT_EQ(key_of(table), "csv.quote.open");
  EXPECT_EQ(detail(table.error(), "line"), "3");
  EXPECT_EQ(rows.size(), 1u);
}

TEST(Csv, keeps_to_its_limits) {
  Limits limits;
  limits.body_bytes_max = 10;
  EXPECT_TRUE(read("a\n0123456789\n", {}, limits).table);
  const auto row = read("a\n\"012345678\"\n", {}, limits).table;
  ASSERT_EQ(key_of(row), "csv.row.too_large");
  EXPECT_EQ(row.error().code, ErrorCode::too_large);
  limits.import_bytes_max = 5;
  EXPECT_EQ(key_of(read("a\n1\n2\n", {}, limits).table), "csv.too_large");
}

TEST(Csv, stops_when_the_callback_refuses) {
  int seen = 0;
  const auto table = read_csv("a\n1\n2\n", {}, [&](const CsvRow&) -> Status {
    ++seen;
    return refuse(ErrorCode::invalid, "import.row");
  });
  EXPECT_EQ(key_of(table), "import.row");
  EXPECT_EQ(seen, 1);
}

TEST(Csv, reads_forty_thousand_rows_without_keeping_them) {
  std::string bytes = "id,text,more\n";
  for (int i = 0; i < 40'000; ++i) {
    bytes += std::to_string(i) + ",\"" + std::string(i % 7 * 60, 'x') + "\"\"\n路灯\",";
    bytes += std::string(200, 'y') + "\n";
  }
  std::int64_t sum = 0;
  std::int64_t last_line = 0;
  const auto table = read_csv(bytes, {}, [&](const CsvRow& row) -> Status {
    sum += static_cast<std::int64_t>(row.cells[1].size());
    last_line = row.line;
    return row.fault ? Status(std::unexpected(*row.fault)) : Status();
  });
  ASSERT_TRUE(table);
  EXPECT_EQ(table->row_count, 40'000);
  EXPECT_EQ(last_line, 80'000);
  std::int64_t expected = 0;
  for (int i = 0; i < 40'000; ++i) expected += i % 7 * 60 + 2 + 6;
  EXPECT_EQ(sum, expected);
}

TEST(CsvWriter, quotes_what_must_be) {
  std::string out;
  CsvWriter writer(out, CsvTarget::exchange);
  writer.row({"a", "b,c", "d\"e", "f\ng", " h", ""});
  writer.row({""});
  writer.row({"=1"});
  EXPECT_EQ(out, "a,\"b,c\",\"d\"\"e\",\"f\ng\",\" h\",\r\n\"\"\r\n=1\r\n");
  const auto [table, rows] = read("1,2,3,4,5,6\n" + out);
  ASSERT_TRUE(table);
  EXPECT_EQ(rows[0].cells, (std::vector<std::string>{"a", "b,c", "d\"e", "f\ng", " h", ""}));
  EXPECT_EQ(rows[1].cells, (std::vector<std::string>{""}));
}

TEST(CsvWriter, never_lets_a_spreadsheet_run_a_text) {
  std::string out;
  CsvWriter(out, CsvTarget::spreadsheet)
      .row({"=cmd|' /C calc'!A0", "+8613", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "-3.5", "-7", "-",
            "-.5", "-5.", "a=1", "=\"x\""});
  EXPECT_EQ(out,
            "\uFEFF'=cmd|' /C calc'!A0,'+8613,'-1+2,'@SUM(A1),'\t=1,\"'\r=1\",-3.5,-7,'-,'-.5,"
            "'-5.,a=1,\"'=\"\"x\"\"\"\r\n");
}

}  // namespace
}  // namespace gewu::codec
