#include <map>

#include "codec/csv.h"
#include "codec/xlsx.h"
#include "codec/yaml.h"
#include "http/door.h"
#include "http/error_reply.h"
#include "http/render.h"
#include "usecase/administrators.h"
#include "usecase/compare_rows.h"
#include "usecase/credentials.h"
#include "usecase/import_matters.h"
#include "usecase/import_table.h"

// Files that are imported: tables of a place, matters of the past, rows of a register. A small one
// comes with the request and is answered at once; a large one was uploaded and becomes a chore.

namespace gewu::http {
namespace {

using namespace gewu::kernel;

/// Rows that an answer tells one by one; the others are counted.
constexpr std::size_t kRowsToldMax = 20'000;

/// All that an import needs when its request is gone.
struct ImportOrder {
  usecase::Office& office;
  usecase::SignedInCaller by;
  std::string table;
  Uploads::Bytes file, grids;
  std::string mapping;
  usecase::TableRules rules;
};

struct ToldRow {
  std::int64_t line = 0;
  std::string column;
  Error reason;
  std::vector<std::string> cells;
};

struct ImportTold {
  bool stored = false;
  std::size_t taken = 0, unchanged = 0, waiting = 0, ended = 0, unlisted = 0;
  std::vector<std::string> columns, posts_left;
  std::vector<ToldRow> refused, noted;
  std::vector<std::pair<std::string, std::string>> tokens;
};

Result<std::string> text_in(const codec::Json& body, const char* name) {
  const auto text = body.string_at(name);
  if (!text) return refuse(ErrorCode::invalid, "import.form", {{"name", name}});
  return std::string(*text);
}

/// The file itself, or what was uploaded; the first sheet of a spreadsheet.
Result<Uploads::Bytes> file_of(Visit& visit, const codec::Json& body) {
  if (const auto upload = body.string_at("upload"))
    return visit.door.uploads.read(visit.signed_in->caller.account, *upload, visit.now());
  GEWU_TRY(csv, text_in(body, "csv"));
  return std::make_shared<const std::string>(std::move(csv));
}

Result<std::string> table_of(const std::string& bytes) {
  if (codec::looks_like_xlsx(bytes)) return codec::csv_of_xlsx(bytes);
  return bytes;
}

/// What stands in the rows that are told of.
Status add_cells(std::string_view csv, ImportTold& told) {
  std::map<std::int64_t, std::vector<std::string>> cells;
  for (const auto* rows : {&told.refused, &told.noted})
    for (const ToldRow& row : *rows) cells[row.line];
  GEWU_TRY(table, codec::read_csv(csv, {}, [&](const codec::CsvRow& row) -> Status {
             if (const auto wanted = cells.find(row.line); wanted != cells.end())
               wanted->second.assign(row.cells.begin(), row.cells.end());
             return {};
           }));
  told.columns = table.columns;
  for (auto* rows : {&told.refused, &told.noted})
    for (ToldRow& row : *rows) row.cells = cells[row.line];
  return {};
}

std::vector<ToldRow> told_rows(const std::vector<usecase::RefusedRow>& rows) {
  std::vector<ToldRow> told;
  for (const usecase::RefusedRow& row : rows)
    told.push_back({row.line, row.column, {ErrorCode::invalid, row.key, row.details, {}}, {}});
  return told;
}

Result<usecase::TableImport> import_as(const ImportOrder& order, std::string_view csv) {
  if (order.table == "territory") return usecase::import_territory(order.office, csv, order.rules);
  if (order.table == "organisations")
    return usecase::import_organisations(order.office, csv, order.rules);
  if (order.table == "posts") return usecase::import_posts(order.office, csv, order.rules);
  if (order.table == "accounts") return usecase::import_accounts(order.office, csv, order.rules);
  return refuse(ErrorCode::not_found, "import.table");
}

Result<ImportTold> run_table(ImportOrder& order, const std::string& csv) {
  if (order.grids) order.rules.grids_geojson = *order.grids;
  GEWU_TRY(done, import_as(order, csv));
  ImportTold told{.stored = done.stored,
                  .taken = done.taken,
                  .unchanged = done.unchanged,
                  .waiting = done.waiting,
                  .ended = done.ended,
                  .unlisted = done.unlisted,
                  .columns = {},
                  .posts_left = std::move(done.posts_left),
                  .refused = told_rows(done.refused),
                  .noted = told_rows(done.noted),
                  .tokens = {}};
  GEWU_CHECK(add_cells(csv, told));
  for (const auto& [login, password] : done.passwords) {
    GEWU_TRY(token, usecase::issue_password_reset(order.office, order.by, login));
    told.tokens.emplace_back(login, std::move(token));
  }
  return told;
}

std::string column_of_detail(const Error& error) {
  for (const ErrorDetail& detail : error.details)
    if (detail.name == "column") return detail.value;
  return "";
}

Result<ImportTold> run_matters(const ImportOrder& order, const std::string& csv,
                               const usecase::ImportProgress& progress) {
  GEWU_TRY(documents, codec::read_yaml(order.mapping, "mapping.yaml"));
  if (documents.size() != 1) return refuse(ErrorCode::invalid, "mapping.form", {{"line", "1"}});
  GEWU_TRY(mapping, usecase::read_mapping(documents.front()));
  const auto run = order.rules.preview ? usecase::judge_matters : usecase::import_matters;
  GEWU_TRY(done, run(order.office, mapping, csv, order.by.caller.account, progress));
  ImportTold told{.stored = !order.rules.preview,
                  .taken = done.taken,
                  .unchanged = done.repeated,
                  .columns = std::move(done.columns),
                  .posts_left = {},
                  .refused = {},
                  .noted = {},
                  .tokens = {}};
  for (usecase::RefusedMatter& row : done.refused)
    told.refused.push_back({row.line, column_of_detail(row.reason), std::move(row.reason),
                            std::move(row.cells)});
  return told;
}

void write_told(codec::JsonWriter& out, const char* name, const std::vector<ToldRow>& rows,
                const Directory& directory) {
  out.key(name).begin_array();
  std::size_t told = 0;
  for (const ToldRow& row : rows) {
    if (++told > kRowsToldMax) break;
    out.begin_object().member("line", row.line).member("key", row.reason.key);
    if (!row.column.empty()) out.member("column", row.column);
    out.key("reason");
    write_error(out, row.reason, directory);
    out.key("cells").begin_array();
    for (const std::string& cell : row.cells) out.string(cell);
    out.end_array().end_object();
  }
  out.end_array();
}

Result<std::string> run_import(ImportOrder& order, const usecase::ImportProgress& progress) {
  GEWU_TRY(csv, table_of(*order.file));
  GEWU_TRY(told, order.table == "matters" ? run_matters(order, csv, progress)
                                          : run_table(order, csv));
  const DirectoryPtr directory = usecase::directory_of(order.office);
  std::string json;
  codec::JsonWriter out(json);
  out.begin_object().member("stored", told.stored);
  out.member("taken", static_cast<std::int64_t>(told.taken));
  out.member("unchanged", static_cast<std::int64_t>(told.unchanged));
  if (told.ended > 0) out.member("ended", static_cast<std::int64_t>(told.ended));
  if (told.unlisted > 0) out.member("unlisted", static_cast<std::int64_t>(told.unlisted));
  if (told.waiting > 0) out.member("waiting", static_cast<std::int64_t>(told.waiting));
  out.member("refused_count", static_cast<std::int64_t>(told.refused.size()));
  out.key("columns").begin_array();
  for (const std::string& column : told.columns) out.string(column);
  out.end_array();
  if (!told.posts_left.empty()) {
    out.key("posts_left").begin_array();
    for (const std::string& post : told.posts_left) out.string(post);
    out.end_array();
  }
  write_told(out, "refused", told.refused, *directory);
  write_told(out, "noted", told.noted, *directory);
  out.key("tokens").begin_array();
  for (const auto& [login, token] : told.tokens)
    out.begin_object().member("login", login).member("token", token).end_object();
  out.end_array().end_object();
  return json;
}

Result<ImportOrder> read_order(Visit& visit, const codec::Json& body) {
  usecase::Office& office = visit.door.office;
  const usecase::SignedInCaller& by = *visit.signed_in;
  ImportOrder order{office, by, visit.captured[0], {}, {}, {}, {}};
  GEWU_TRY(file, file_of(visit, body));
  order.file = std::move(file);
  if (const auto grids = body.string_at("grids")) {
    GEWU_TRY(bytes, visit.door.uploads.read(by.caller.account, *grids, visit.now()));
    order.grids = std::move(bytes);
  }
  order.mapping = body.string_at("mapping").value_or("");
  order.rules.preview = body.boolean_at("preview").value_or(false);
  order.rules.partial = body.boolean_at("partial").value_or(false);
  order.rules.without_seats = usecase::has_three_administrators(*usecase::directory_of(office));
  order.rules.drawn_by = by;
  order.rules.by = "administrator " + std::to_string(by.caller.account.value);
  const auto valid_from = parse_date(body.string_at("valid_from").value_or("2020-01-01"));
  if (!valid_from) return refuse(ErrorCode::invalid, "import.valid_from");
  order.rules.valid_from = *valid_from;
  const auto whole = body.string_at("whole");
  if (whole && !whole->empty()) order.rules.whole = std::string(*whole);
  return order;
}

Answer raw_answer(std::string json) {
  Answer answer;
  answer.response.body = std::move(json);
  answer.response.headers.emplace_back("Cache-Control", "no-store");
  return answer;
}

/// At once where the file came with the request, else as a chore.
Result<Answer> answer_work(Visit& visit, const codec::Json& body, Chores::Work work) {
  if (body.string_at("upload")) return chore_answer(visit, std::move(work));
  GEWU_TRY(json, work([](std::size_t, std::size_t) { return true; }));
  return raw_answer(std::move(json));
}

// ---- rows of a register

Result<std::string> run_register(usecase::Office& office, const usecase::RowsFile& file,
                                 const std::optional<std::string>& accepted) {
  auto compared = accepted ? usecase::import_rows(office, file, *accepted)
                           : usecase::compare_rows(office, file);
  GEWU_TRY(comparison, std::move(compared));
  const DirectoryPtr directory = usecase::directory_of(office);
  std::string json;
  codec::JsonWriter out(json);
  out.begin_object().member("stored", accepted.has_value());
  using usecase::RowVerdict;
  for (const RowVerdict verdict : {RowVerdict::fresh, RowVerdict::changed, RowVerdict::missing,
                                   RowVerdict::same, RowVerdict::refused})
    out.member(usecase::verdict_word(verdict),
               static_cast<std::int64_t>(comparison.count(verdict)));
  out.member("digest", comparison.digest).member("review", comparison.needs_review);
  out.key("dropped").begin_array();
  for (const std::string& column : comparison.dropped) out.string(column);
  out.end_array().key("rows").begin_array();
  std::size_t told = 0;
  for (const usecase::ComparedRow& row : comparison.rows) {
    if (row.verdict == RowVerdict::same || ++told > kRowsToldMax) continue;
    out.begin_object().member("verdict", usecase::verdict_word(row.verdict));
    if (row.line > 0) out.member("line", row.line);
    if (row.matter.has_value()) out.member("matter", std::to_string(row.matter.value));
    if (!row.key.empty()) {
      out.key("reason");
      write_error(out, {ErrorCode::invalid, row.key, {}, {}}, *directory);
    }
    out.key("fields").begin_array();
    if (row.verdict == RowVerdict::changed || row.verdict == RowVerdict::refused)
      for (const usecase::FieldChange& change : row.changes) out.string(change.field);
    out.end_array().end_object();
  }
  out.end_array().end_object();
  return json;
}

}  // namespace

Result<Answer> import_table(Visit& visit) {
  GEWU_CHECK(usecase::check_duty(visit.door.office, *visit.signed_in, {usecase::Duty::system}));
  GEWU_TRY(body, visit.body());
  GEWU_TRY(order, read_order(visit, body));
  visit.audit.subject = order.table;
  if (order.rules.preview) visit.audit.event.clear();  // nothing is stored
  return answer_work(visit, body, [order](const Chores::Tell& tell) mutable {
    return run_import(order, tell);
  });
}

Result<Answer> compare_register(Visit& visit) {
  GEWU_TRY(body, visit.body());
  GEWU_TRY(bytes, file_of(visit, body));
  usecase::RowsFile file{visit.caller, visit.captured[0], visit.captured[1], {}};
  std::optional<std::string> accepted;
  if (const auto digest = body.string_at("digest")) accepted = *digest;
  return answer_work(
      visit, body,
      [&office = visit.door.office, file, bytes, accepted](const Chores::Tell&) mutable
      -> Result<std::string> {
        GEWU_TRY(csv, table_of(*bytes));
        file.csv = std::move(csv);
        return run_register(office, file, accepted);
      });
}

}  // namespace gewu::http
