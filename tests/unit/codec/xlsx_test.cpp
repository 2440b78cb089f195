// Spreadsheets as offices save them, and archives that mean harm.
#include "codec/xlsx.h"

#include <gtest/gtest.h>
#include <zip.h>

#include <map>

namespace gewu::codec {
namespace {

using Parts = std::map<std::string, std::string>;

std::string pack(const Parts& parts) {
  zip_source_t* source = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  zip_source_keep(source);
  zip_t* archive = zip_open_from_source(source, ZIP_TRUNCATE, nullptr);
  for (const auto& [name, text] : parts)
    zip_file_add(archive, name.c_str(),
                 zip_source_buffer(archive, text.data(), text.size(), 0), ZIP_FL_ENC_UTF_8);
  zip_close(archive);
  zip_source_open(source);
  zip_source_seek(source, 0, SEEK_END);
  std::string bytes(static_cast<std::size_t>(zip_source_tell(source)), '\0');
  zip_source_seek(source, 0, SEEK_SET);
  zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  zip_source_free(source);
  return bytes;
}

/// A workbook whose second sheet is the first that is shown.
Parts workbook(const std::string& rows) {
  return {
      {"xl/workbook.xml",
       "<workbook xmlns:r='u'><sheets><sheet name='a' state='hidden' r:id='rId1'/>"
       "<sheet name='b' r:id='rId2'/><sheet name='c' r:id='rId3'/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels",
       "<Relationships><Relationship Id='rId1' Target='worksheets/sheet1.xml'/>"
       "<Relationship Id='rId2' Target='worksheets/sheet2.xml'/></Relationships>"},
      {"xl/sharedStrings.xml",
       "<sst><si><t>login</t></si><si><r><t>金</t></r><r><t xml:space='preserve'>某 </t></r>"
       "<rPh><t>jin</t></rPh></si><si><t>a\n,\"b\"</t></si></sst>"},
      {"xl/worksheets/sheet1.xml", "<worksheet><row><c><v>hidden</v></c></row></worksheet>"},
      {"xl/worksheets/sheet2.xml",
       "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"}};
}
std::string csv_of(const Parts& parts, const Limits& limits = kLimits) {
  const auto csv = csv_of_xlsx(pack(parts), limits);
  if (csv) return *csv;
  std::string said = csv.error().key;
  for (const ErrorDetail& detail : csv.error().details) said += " " + detail.value;
  return said;
}
std::string rows_as(const std::string& rows) { return csv_of(workbook(rows)); }

TEST(Xlsx, the_first_sheet_that_is_shown_becomes_a_table) {
  EXPECT_EQ(rows_as("<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='inlineStr'><is><t>name"
                    "</t></is></c><c r='C1'/></row>"
                    "<row r='2'><c r='A2' t='str'><f>x</f><v>kim</v></c>"
                    "<c r='B2' t='s'><v>1</v></c></row>"),
            "login,name\r\nkim,\"金某 \"\r\n");
}

TEST(Xlsx, rows_keep_their_numbers_and_their_width) {
  EXPECT_EQ(rows_as("<row r='2'><c r='A2'><v>1</v></c><c r='B2'><v>2</v></c><c r='C2'><v>3</v>"
                    "</c></row><row r='5'><c r='B5'><v>4</v></c></row><row r='6'><c r='A6'/></row>"),
            "\r\n1,2,3\r\n\r\n\r\n,4,\r\n\r\n");
}

TEST(Xlsx, numbers_are_as_they_were_typed) {
  EXPECT_EQ(rows_as("<row><c><v>13812341234</v></c><c><v>1.3812341234E10</v></c><c><v>0.5</v></c>"
                    "<c t='str'><v>1E3</v></c></row>"),
            "13812341234,13812341234,0.5,1E3\r\n");
}

TEST(Xlsx, line_ends_in_a_cell_do_not_make_lines) {
  EXPECT_EQ(rows_as("<row><c t='s'><v>2</v></c></row>"), "\"a ,\"\"b\"\"\"\r\n");
}

TEST(Xlsx, what_is_no_workbook_is_refused) {
  EXPECT_TRUE(looks_like_xlsx(pack(workbook(""))));
  EXPECT_FALSE(looks_like_xlsx("login,name\n"));
  EXPECT_EQ(csv_of_xlsx("PK\x03\x04").error().key, "xlsx.form");
  EXPECT_EQ(csv_of({{"a", "b"}}), "xlsx.form xl/workbook.xml");
  Parts parts = workbook("");
  parts.erase("xl/worksheets/sheet2.xml");
  EXPECT_EQ(csv_of(parts), "xlsx.form xl/worksheets/sheet2.xml");
  const std::string whole = pack(workbook("<row><c><v>1</v></c></row>"));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(csv_of_xlsx(std::string_view(whole).substr(0, size))) << size;
}

TEST(Xlsx, rows_and_cells_that_lie_are_refused) {
  EXPECT_EQ(rows_as("<row r='3'/><row r='2'/>"), "xlsx.form row");
  EXPECT_EQ(rows_as("<row r='1048577'/>"), "xlsx.form row");
  EXPECT_EQ(rows_as("<row><c r='B1'/><c r='A1'/></row>"), "xlsx.form column");
  EXPECT_EQ(rows_as("<row><c r='XFD1'/></row>"), "xlsx.form column");
  EXPECT_EQ(rows_as("<row><c r='ZZZZZZZZZZZZZZZZZZ1'/></row>"), "xlsx.form column");
  EXPECT_EQ(rows_as("<row><c t='s'><v>3</v></c></row>"), "xlsx.form sharedStrings");
  EXPECT_EQ(rows_as("<row><c t='s'><v>-1</v></c></row>"), "xlsx.form sharedStrings");
  EXPECT_EQ(rows_as("<row>"), "xlsx.form xl/worksheets/sheet2.xml");
}

TEST(Xlsx, nothing_can_be_declared_or_fetched) {
  Parts parts = workbook("<row><c t='s'><v>0</v></c></row>");
  parts["xl/sharedStrings.xml"] =
      "<!DOCTYPE sst [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
      "<sst><si><t>&b;</t></si></sst>";
  EXPECT_EQ(csv_of(parts), "xlsx.form doctype");
  parts = workbook("");
  parts["xl/_rels/workbook.xml.rels"] =
      "<Relationships><Relationship Id='rId2' TargetMode='External' Target='/etc/passwd'/>"
      "</Relationships>";
  EXPECT_EQ(csv_of(parts), "xlsx.form sheet");
}

TEST(Xlsx, what_unpacks_to_too_much_is_refused_while_it_does) {
  Limits limits;
  limits.import_bytes_max = 100'000;
  Parts parts = workbook("<row><c t='s'><v>0</v></c></row>");
  EXPECT_EQ(csv_of(parts, limits), "login\r\n");
  parts["xl/sharedStrings.xml"] = "<sst><si><t>" + std::string(1'000'000, 'a') + "</t></si></sst>";
  EXPECT_LT(pack(parts).size(), 10'000u);
  EXPECT_EQ(csv_of(parts, limits), "xlsx.too_large 100000");
  // Small to unpack, large as a table: one long text named by many cells.
  parts["xl/sharedStrings.xml"] = "<sst><si><t>" + std::string(30'000, 'a') + "</t></si></sst>";
  std::string cells, rows;
  for (int i = 0; i < 10; ++i) cells += "<c t='s'><v>0</v></c>";
  for (int i = 0; i < 10; ++i) rows += "<row><c t='s'><v>0</v></c></row>";
  for (const std::string& sheet : {rows, "<row>" + cells + "</row>"}) {
    parts["xl/worksheets/sheet2.xml"] = "<worksheet>" + sheet + "</worksheet>";
    EXPECT_EQ(csv_of(parts, limits), "xlsx.too_large 100000");
  }
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  EXPECT_EQ(rows_as(deep), "xlsx.form depth");
}

}  // namespace
}  // namespace gewu::codec
