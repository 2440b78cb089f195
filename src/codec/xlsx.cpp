#include "codec/xlsx.h"

#include <expat.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "base/text.h"
#include "codec/csv.h"
#include "codec/scaled.h"
#include "codec/zip.h"

namespace gewu::codec {

namespace {

constexpr std::size_t kColumnsMax = 256;         ///< of a table that people fill in
constexpr std::int64_t kRowsMax = 1'048'576;     ///< of the format
constexpr std::size_t kDepthMax = 64;

std::unexpected<Error> broken(std::string_view part) {
  return refuse(ErrorCode::invalid, "xlsx.form", {{"part", std::string(part)}});
}
std::unexpected<Error> too_large(std::size_t max) {
  return refuse(ErrorCode::too_large, "xlsx.too_large", {{"max", std::to_string(max)}});
}

/// Elements as they open and close; without a document type, so that nothing can be declared.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual void open(std::string_view element, const char** attributes) = 0;
  virtual void close(std::string_view element) = 0;
  virtual void text(std::string_view) {}
  std::optional<Error> fault;

  Status read(std::string_view part, std::string_view xml) {
    const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser(XML_ParserCreate("UTF-8"),
                                                                         XML_ParserFree);
    parser_ = parser.get();
    XML_SetUserData(parser_, this);
    XML_SetElementHandler(parser_, on_open, on_close);
    XML_SetCharacterDataHandler(parser_, on_text);
    XML_SetStartDoctypeDeclHandler(parser_, on_doctype);
    constexpr std::size_t kBlock = 1 << 20;
    for (;;) {
      const auto block = xml.substr(0, kBlock);
      xml.remove_prefix(block.size());
      if (XML_Parse(parser_, block.data(), static_cast<int>(block.size()), xml.empty()) ==
          XML_STATUS_OK) {
        if (xml.empty()) return {};
        continue;
      }
      if (fault) return std::unexpected(std::move(*fault));
      return broken(part);
    }
  }

 protected:
  void stop(std::unexpected<Error> why) {
    fault = std::move(why).error();
    XML_StopParser(parser_, XML_FALSE);
  }
  static std::string_view attribute(const char** attributes, std::string_view name) {
    for (; *attributes != nullptr; attributes += 2)
      if (name == *attributes) return attributes[1];
    return {};
  }

 private:
  /// Prefixes are the writer's choice: "x:row" is a row.
  static std::string_view plain(std::string_view element) {
    const auto colon = element.find(':');
    return colon == std::string_view::npos ? element : element.substr(colon + 1);
  }
  static Reader& self(void* data) { return *static_cast<Reader*>(data); }
  static void on_open(void* data, const char* element, const char** attributes) {
    if (++self(data).depth_ > kDepthMax) return self(data).stop(broken("depth"));
    self(data).open(plain(element), attributes);
  }
  static void on_close(void* data, const char* element) {
    --self(data).depth_;
    self(data).close(plain(element));
  }
  static void on_text(void* data, const char* text, int size) {
    self(data).text({text, static_cast<std::size_t>(size)});
  }
  static void on_doctype(void* data, const char*, const char*, const char*, int) {
    self(data).stop(broken("doctype"));
  }

  XML_Parser parser_ = nullptr;
  std::size_t depth_ = 0;
};

/// xl/workbook.xml: the relation of the first sheet that is shown.
struct Workbook : Reader {
  std::string relation;
  void open(std::string_view element, const char** attributes) override {
    if (element != "sheet" || !relation.empty()) return;
    const auto state = attribute(attributes, "state");
    if (state.empty() || state == "visible") relation = attribute(attributes, "r:id");
  }
  void close(std::string_view) override {}
};

/// xl/_rels/workbook.xml.rels: which part a relation names.
struct Relations : Reader {
  explicit Relations(std::string id) : wanted(std::move(id)) {}
  std::string wanted, target;
  void open(std::string_view element, const char** attributes) override {
    if (element == "Relationship" && attribute(attributes, "Id") == wanted &&
        attribute(attributes, "TargetMode") != "External")
      target = attribute(attributes, "Target");
  }
  void close(std::string_view) override {}
};

/// xl/sharedStrings.xml: texts by number, without how they are pronounced.
struct SharedTexts : Reader {
  std::vector<std::string> texts;
  void open(std::string_view element, const char**) override {
    if (element == "si") texts.emplace_back();
    if (element == "t" && !in_phonetic) in_text = true;
    if (element == "rPh") in_phonetic = true;
  }
  void close(std::string_view element) override {
    if (element == "t") in_text = false;
    if (element == "rPh") in_phonetic = false;
  }
  void text(std::string_view piece) override {
    if (in_text && !texts.empty()) texts.back() += piece;
  }
  bool in_text = false, in_phonetic = false;
};

/// "1.38E10" as the number that was typed; other text as it is.
std::string plain_number(std::string_view text) {
  if (text.find_first_of("eE") == std::string_view::npos) return std::string(text);
  const auto micros = parse_scaled(text, 6, ExcessDigits::round);
  if (!micros) return std::string(text);
  std::string made;
  append_scaled(made, *micros, 6);
  return made;
}

/// xl/worksheets/….xml, written as CSV row by row.
class Sheet : public Reader {
 public:
  Sheet(const std::vector<std::string>& texts, std::size_t bytes_max)
      : texts_(texts), bytes_max_(bytes_max), writer_(csv, CsvTarget::exchange) {}
  std::string csv;

  void open(std::string_view element, const char** attributes) override {
    if (element == "row") return begin_row(attribute(attributes, "r"));
    if (element == "c") return begin_cell(attribute(attributes, "r"), attribute(attributes, "t"));
    if (element == "rPh") in_phonetic_ = true;
    in_value_ = element == "v" || (element == "t" && !in_phonetic_);
  }
  void close(std::string_view element) override {
    in_value_ = false;
    if (element == "rPh") in_phonetic_ = false;
    if (element == "c") end_cell();
    if (element == "row") end_row();
  }
  void text(std::string_view piece) override {
    if (in_value_) value_ += piece;
  }

 private:
  void begin_row(std::string_view said) {
    const std::int64_t row = said.empty() ? row_ + 1 : parse_integer(said).value_or(0);
    if (row <= row_ || row > kRowsMax) return stop(broken("row"));
    for (std::int64_t i = row_ + 1; i < row; ++i) csv += "\r\n";
    row_ = row;
    row_bytes_ = 0;
    cells_.clear();
  }

  /// "AB12" is column 27; without a place the next one.
  void begin_cell(std::string_view said, std::string_view kind) {
    std::size_t column = 0;
    for (const char letter : said) {
      if (letter < 'A' || letter > 'Z' || column > kColumnsMax) break;
      column = column * 26 + static_cast<std::size_t>(letter - 'A' + 1);
    }
    if (said.empty()) column = cells_.size() + 1;
    if (column == 0 || column > kColumnsMax || column <= cells_.size())
      return stop(broken("column"));
    cells_.resize(column);
    kind_ = kind;
    value_.clear();
  }

  void end_cell() {
    if (cells_.empty()) return;
    std::string& cell = cells_.back();
    if (kind_ == "s" && !value_.empty()) {
      const auto index = parse_integer(value_);
      if (!index || *index < 0 || static_cast<std::size_t>(*index) >= texts_.size())
        return stop(broken("sharedStrings"));
      cell = texts_[static_cast<std::size_t>(*index)];
    } else {
      cell = kind_.empty() || kind_ == "n" ? plain_number(value_) : value_;
    }
    for (char& c : cell)
      if (c == '\n' || c == '\r') c = ' ';
    // Many cells may name one long text.
    row_bytes_ += cell.size();
    if (csv.size() + row_bytes_ > bytes_max_) stop(too_large(bytes_max_));
  }

  void end_row() {
    const auto is_blank = [](const std::string& cell) { return trim(cell).empty(); };
    while (cells_.size() > width_ && is_blank(cells_.back())) cells_.pop_back();
    if (std::ranges::all_of(cells_, is_blank)) {
      csv += "\r\n";
    } else {
      // The first row names the columns; a program leaves out what is empty at a row's end.
      if (width_ == 0) width_ = cells_.size();
      cells_.resize(std::max(cells_.size(), width_));
      const std::vector<std::string_view> views(cells_.begin(), cells_.end());
      writer_.row(views);
    }
  }

  const std::vector<std::string>& texts_;
  const std::size_t bytes_max_;
  CsvWriter writer_;
  std::int64_t row_ = 0;
  std::size_t width_ = 0, row_bytes_ = 0;
  std::vector<std::string> cells_;
  std::string kind_, value_;
  bool in_value_ = false, in_phonetic_ = false;
};

Result<std::string> must_read(ZipArchive& package, const std::string& part) {
  GEWU_TRY(text, package.read(part));
  if (!text) return broken(part);
  return std::move(*text);
}

/// The part of the first sheet that is shown.
Result<std::string> find_sheet(ZipArchive& package) {
  GEWU_TRY(workbook_xml, must_read(package, "xl/workbook.xml"));
  Workbook workbook;
  GEWU_CHECK(workbook.read("xl/workbook.xml", workbook_xml));
  if (workbook.relation.empty()) return broken("sheet");
  GEWU_TRY(relations_xml, must_read(package, "xl/_rels/workbook.xml.rels"));
  Relations relations(workbook.relation);
  GEWU_CHECK(relations.read("xl/_rels/workbook.xml.rels", relations_xml));
  if (relations.target.empty()) return broken("sheet");
  return relations.target.starts_with('/') ? relations.target.substr(1)
                                           : "xl/" + relations.target;
}

}  // namespace

bool looks_like_xlsx(std::string_view bytes) { return bytes.starts_with("PK\x03\x04"); }

Result<std::string> csv_of_xlsx(std::string_view bytes, const Limits& limits) {
  GEWU_TRY(package, ZipArchive::open(bytes, limits.import_bytes_max, "xlsx"));
  GEWU_TRY(part, find_sheet(package));
  SharedTexts shared;
  GEWU_TRY(shared_xml, package.read("xl/sharedStrings.xml"));
  if (shared_xml) GEWU_CHECK(shared.read("xl/sharedStrings.xml", *shared_xml));
  GEWU_TRY(sheet_xml, must_read(package, part));
  Sheet sheet(shared.texts, limits.import_bytes_max);
  GEWU_CHECK(sheet.read(part, sheet_xml));
  return std::move(sheet.csv);
}

}  // namespace gewu::codec
