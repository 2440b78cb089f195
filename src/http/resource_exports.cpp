#include "http/door.h"
#include "http/matter_question.h"
#include "http/render.h"
#include "usecase/export_matters.h"
#include "usecase/read_matter.h"

// Lists that leave the office as a table.

namespace gewu::http {
namespace {

void write_rows(codec::JsonWriter& out, std::string_view key,
                const std::vector<usecase::MatterRow>& rows, const usecase::MyExports& exports) {
  out.key(key).begin_array();
  for (const usecase::MatterRow& row : rows)
    write_row(out, row, *exports.directory, exports.as_of);
  out.end_array();
}

void write_choice(codec::JsonWriter& out, const usecase::ExportChoice& choice) {
  out.key("columns").begin_array();
  for (const usecase::ExportColumn& column : choice.columns) {
    out.begin_object().member("name", column.name);
    write_label(out, "label", column.label);
    if (column.is_personal) out.member("personal", true);
    out.end_object();
  }
  out.end_array().member("rows", static_cast<std::int64_t>(choice.rows));
  out.member("rows_max", static_cast<std::int64_t>(usecase::kExportRowsMax));
  if (choice.purposes) {
    out.key("purposes");
    write_list(out, *choice.purposes);
  }
}

Status check_keys(const codec::Json& body) {
  if (!body.as_object()) return refuse(ErrorCode::invalid, "json.syntax");
  for (const codec::JsonMember& member : *body.as_object())
    if (member.key != "purpose" && member.key != "columns" && member.key != "reason")
      return refuse(ErrorCode::invalid, "json.unknown", {{"name", member.key}});
  return {};
}

}  // namespace

Result<Answer> read_export_choice(Visit& visit) {
  GEWU_TRY(exports, usecase::read_my_exports(visit.door.office, visit.caller));
  std::optional<usecase::ExportChoice> choice;
  if (visit.request.parameter("type")) {
    GEWU_TRY(question, read_question(visit));
    GEWU_TRY(found, usecase::read_export_choice(visit.door.office, question));
    choice = std::move(found);
  }
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object();
    write_rows(out, "mine", exports.mine, exports);
    write_rows(out, "waiting", exports.waiting, exports);
    if (choice) write_choice(out, *choice);
    out.end_object();
  });
}

Result<Answer> ask_export(Visit& visit) {
  GEWU_TRY(body, visit.body());
  GEWU_CHECK(check_keys(body));
  usecase::ExportOrder order;
  GEWU_TRY(question, read_question(visit));
  GEWU_TRY(stamp, visit.stamp());
  order.question = std::move(question);
  order.request = std::move(stamp);
  order.purpose = body.string_at("purpose").value_or("");
  order.reason = body.string_at("reason").value_or("");
  if (const auto* columns = body.array_at("columns"))
    for (const codec::Json& column : *columns)
      order.columns.emplace_back(column.as_string().value_or(""));
  GEWU_TRY(asked, usecase::ask_export(visit.door.office, order));
  GEWU_TRY(shown, usecase::read_row(visit.door.office, visit.caller, asked->id));
  return json_answer(
      [&](codec::JsonWriter& out) { write_row(out, shown.row, *shown.directory, shown.as_of); },
      201);
}

Result<Answer> fetch_export(Visit& visit) {
  GEWU_TRY(id, visit.captured_matter());
  GEWU_TRY(body, visit.body());
  GEWU_TRY(file, usecase::fetch_export(visit.door.office, visit.door.desk, visit.caller, id,
                                       body.string_at("code").value_or("")));
  Answer answer;
  answer.response.content_type = "text/csv; charset=utf-8";
  answer.response.headers.emplace_back("Content-Disposition",
                                       "attachment; filename=\"" + file.name + "\"");
  answer.response.body = std::move(file.text);
  return answer;
}

}  // namespace gewu::http
