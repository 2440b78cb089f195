#include "http/door.h"
#include "http/error_reply.h"
#include "http/render.h"
#include "security/hash.h"
#include "usecase/act_on_matter.h"
#include "usecase/given_values.h"
#include "usecase/read_matter.h"

// The same action on many matters, each through the same door.

namespace gewu::http {
namespace {

using namespace gewu::kernel;

/// What a row with its own id sends: the same id with other words is another request.
security::Sha256 hash_of_row(std::string_view action, const codec::Json& values,
                             const codec::Json& row) {
  return security::sha256("POST /api/matters/actions\n" + std::string(action) + "\n" +
                          codec::write_json(values) + "\n" + codec::write_json(row));
}

Result<usecase::MatterAction> read_row(const Visit& visit, std::string_view action,
                                       const codec::Json& values, const codec::Json& row) {
  usecase::MatterAction wanted;
  wanted.caller = visit.caller;
  wanted.action = action;
  wanted.values = values;
  if (!row.as_object()) return refuse(ErrorCode::invalid, "bulk.row");
  for (const codec::JsonMember& member : *row.as_object())
    if (member.key != "matter" && member.key != "version" && member.key != "request")
      return refuse(ErrorCode::invalid, "json.unknown", {{"name", member.key}});
  const auto matter = row.string_at("matter");
  if (!matter) return refuse(ErrorCode::invalid, "bulk.row");
  // A row that names no matter is refused by itself, as a matter that there is not.
  wanted.matter = usecase::parse_matter_id(*matter).value_or(MatterId{});
  if (row.find("version")) {
    wanted.version = row.integer_at("version");
    if (!wanted.version) return refuse(ErrorCode::invalid, "version.kind");
  }
  if (row.find("request")) {
    const auto id = row.string_at("request");
    if (!id) return refuse(ErrorCode::invalid, "request.id");
    wanted.request = usecase::RequestStamp{std::string(*id), hash_of_row(action, values, row)};
  }
  return wanted;
}

void write_result(codec::JsonWriter& out, Visit& visit, const codec::Json& row, MatterId id,
                  const Result<usecase::ActionTaken>& result) {
  out.begin_object().member("matter", row.string_at("matter").value_or(""));
  out.member("done", result.has_value());
  if (!result) {
    out.key("error");
    write_error(out, result.error(), *usecase::directory_of(visit.door.office));
  } else if (const auto shown = usecase::read_row(visit.door.office, visit.caller, id)) {
    // Whoever acted his own sight away has nothing left to be shown.
    out.key("row");
    write_row(out, shown->row, *shown->directory, shown->as_of);
  }
  out.end_object();
}

}  // namespace

Result<Answer> act_on_matters(Visit& visit) {
  GEWU_TRY(body, visit.body());
  const auto action = body.string_at("action");
  const auto* rows = body.array_at("rows");
  if (!action) return refuse(ErrorCode::invalid, "action.required");
  if (!rows || rows->empty()) return refuse(ErrorCode::invalid, "bulk.rows");
  for (const codec::JsonMember& member : *body.as_object())
    if (member.key != "action" && member.key != "values" && member.key != "rows")
      return refuse(ErrorCode::invalid, "json.unknown", {{"name", member.key}});
  const codec::Json* given = body.find("values");
  const codec::Json values = given ? *given : codec::Json(codec::Json::Object{});
  std::vector<usecase::MatterAction> actions;
  for (const codec::Json& row : *rows) {
    GEWU_TRY(wanted, read_row(visit, *action, values, row));
    actions.push_back(std::move(wanted));
  }
  GEWU_TRY(results, usecase::act_on_matters(visit.door.office, actions));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("results").begin_array();
    for (std::size_t i = 0; i < results.size(); ++i)
      write_result(out, visit, (*rows)[i], actions[i].matter, results[i]);
    out.end_array().end_object();
  });
}

}  // namespace gewu::http
