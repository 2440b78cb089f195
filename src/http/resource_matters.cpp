#include "base/text.h"
#include "http/author_guard.h"
#include "http/door.h"
#include "http/matter_question.h"
#include "http/render.h"
#include "usecase/act_on_matter.h"
#include "usecase/find_matters.h"
#include "usecase/preview_matter.h"
#include "usecase/read_matter.h"
#include "usecase/submit_matter.h"

namespace gewu::http {
namespace {

using namespace gewu::kernel;

/// Begins a cursor that is read towards the start of the list: a client sends either kind back as
/// it got it.
constexpr char kBackwards = 'b';

Result<Answer> answer_matter(Visit& visit, const usecase::Caller& caller, MatterId id) {
  GEWU_TRY(view, usecase::read_matter(visit.door.office, caller, id));
  return json_answer([&](codec::JsonWriter& out) { write_matter(out, view); });
}

Result<Answer> answer_timeline(Visit& visit, const usecase::Caller& caller, MatterId id) {
  GEWU_TRY(timeline, usecase::read_timeline(visit.door.office, caller, id));
  return json_answer(
      [&](codec::JsonWriter& out) { write_timeline(out, timeline, visit.now()); });
}

Result<usecase::MatterAction> read_action(Visit& visit, const usecase::Caller& caller,
                                          MatterId id) {
  GEWU_TRY(body, visit.body());
  GEWU_TRY(stamp, visit.stamp());
  usecase::MatterAction action;
  action.caller = caller;
  action.matter = id;
  action.request = std::move(stamp);
  GEWU_TRY(sent, visit.sent());
  action.sent = sent;
  const auto name = body.string_at("action");
  if (!name) return refuse(ErrorCode::invalid, "action.required");
  action.action = *name;
  for (const codec::JsonMember& member : *body.as_object())
    if (member.key != "action" && member.key != "values" && member.key != "version")
      return refuse(ErrorCode::invalid, "json.unknown", {{"name", member.key}});
  if (body.find("version")) {
    action.version = body.integer_at("version");
    if (!action.version) return refuse(ErrorCode::invalid, "version.kind");
  }
  const codec::Json* values = body.find("values");
  action.values = values ? *values : codec::Json(codec::Json::Object{});
  return action;
}

Result<Answer> act(Visit& visit, const usecase::Caller& caller, MatterId id) {
  GEWU_TRY(action, read_action(visit, caller, id));
  if (caller.receipt_of.has_value()) GEWU_CHECK(check_author(visit, id, action.action));
  if (action.action == "unseal" && caller.account.has_value()) {
    visit.audit.event = "unseal";
    visit.audit.subject = "matter " + std::to_string(id.value);
  }
  GEWU_TRY(taken, usecase::act_on_matter(visit.door.office, action));
  // The caller may have acted his own sight away: then there is nothing left to show.
  auto shown = answer_matter(visit, caller, id);
  if (!shown && shown.error().code == ErrorCode::not_found) return empty_answer();
  return shown;
}

Result<usecase::Submission> read_submission(Visit& visit) {
  GEWU_TRY(body, visit.body());
  GEWU_TRY(stamp, visit.stamp());
  usecase::Submission submission;
  submission.caller = visit.caller;
  submission.request = std::move(stamp);
  GEWU_TRY(sent, visit.sent());
  submission.sent = sent;
  const auto type = body.string_at("type");
  const codec::Json* values = body.find("values");
  if (!type) return refuse(ErrorCode::invalid, "type.required");
  for (const codec::JsonMember& member : *body.as_object())
    if (member.key != "type" && member.key != "action" && member.key != "locality" &&
        member.key != "values")
      return refuse(ErrorCode::invalid, "json.unknown", {{"name", member.key}});
  submission.type = *type;
  submission.action = body.string_at("action").value_or("");
  submission.locality = body.string_at("locality").value_or("");
  submission.values = values ? *values : codec::Json(codec::Json::Object{});
  return submission;
}

Result<Answer> answer_preview(const usecase::Preview& preview) {
  return json_answer([&](codec::JsonWriter& out) { write_preview(out, preview); });
}

}  // namespace

Result<usecase::MatterQuestion> read_question(Visit& visit) {
  usecase::MatterQuestion question;
  question.caller = visit.caller;
  const Request& request = visit.request;
  const auto of = request.parameter("of").value_or("territory");
  const std::string unit(request.parameter("unit").value_or(""));
  if (of == "territory") question.list.of = store::WorkQuery::Of::territory;
  else if (of == "owner") question.list.of = store::WorkQuery::Of::owner;
  else if (of == "handler") question.list.of = store::WorkQuery::Of::handler;
  else if (of == "parent") question.parent = {parse_integer(unit).value_or(0)};
  else return refuse(ErrorCode::invalid, "list.of");
  question.list.unit = unit;
  for (const auto type : request.parameters("type")) question.list.types.emplace_back(type);
  for (const auto state : request.parameters("state")) question.list.states.emplace_back(state);
  if (const auto lamp = request.parameter("lamp")) {
    question.list.lamp = parse_lamp(*lamp);
    if (!question.list.lamp) return refuse(ErrorCode::invalid, "list.lamp");
  }
  question.words = request.parameter("words").value_or("");
  question.view = request.parameter("view").value_or("");
  question.list.claimed_only = request.parameter("claimed").value_or("") == "true";
  auto cursor = request.parameter("cursor").value_or("");
  question.list.backwards = request.parameter("last").value_or("") == "true";
  if (cursor.starts_with(kBackwards)) {
    question.list.backwards = true;
    cursor.remove_prefix(1);
  }
  question.list.cursor = cursor;
  GEWU_TRY(rows, visit.rows(question.list.rows, "list.rows"));
  question.list.rows = rows;
  return question;
}

Result<Answer> list_matters(Visit& visit) {
  GEWU_TRY(question, read_question(visit));
  GEWU_TRY(page, usecase::find_matters(visit.door.office, question));
  GEWU_CHECK(visit.count_shown(usecase::ids_of(page.rows)));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("rows").begin_array();
    for (const usecase::MatterRow& row : page.rows)
      write_row(out, row, *page.directory, page.as_of);
    out.end_array();
    if (!page.next.empty()) out.member("next", page.next);
    if (!page.previous.empty()) out.member("previous", kBackwards + page.previous);
    if (page.total) out.member("total", *page.total);
    out.member("as_of", format_instant(page.as_of)).end_object();
  });
}

Result<Answer> submit_matter(Visit& visit) {
  GEWU_TRY(submission, read_submission(visit));
  GEWU_TRY(submitted, usecase::submit_matter(visit.door.office, submission));
  const Snapshot& matter = *submitted.matter;
  return json_answer(
      [&](codec::JsonWriter& out) {
        out.begin_object().member("id", std::to_string(matter.id.value));
        out.member("number", matter.number);
        out.member("state", matter.type->states[matter.state].name);
        if (!submitted.receipt.empty()) out.member("receipt", submitted.receipt);
        out.key("line").begin_object().member("stream", submitted.line.stream);
        out.member("sequence", submitted.line.sequence);
        out.member("hash", security::hex_encode(submitted.line.hash)).end_object();
        out.end_object();
      },
      201);
}

Result<Answer> read_matter(Visit& visit) {
  GEWU_TRY(id, visit.captured_matter());
  return answer_matter(visit, visit.caller, id);
}

Result<Answer> read_timeline(Visit& visit) {
  GEWU_TRY(id, visit.captured_matter());
  return answer_timeline(visit, visit.caller, id);
}

Result<Answer> act_on_matter(Visit& visit) {
  GEWU_TRY(id, visit.captured_matter());
  return act(visit, visit.caller, id);
}

Result<Answer> preview_submission(Visit& visit) {
  GEWU_TRY(submission, read_submission(visit));
  GEWU_TRY(preview, usecase::preview_submission(visit.door.office, submission));
  return answer_preview(preview);
}

Result<Answer> preview_action(Visit& visit) {
  GEWU_TRY(id, visit.captured_matter());
  GEWU_TRY(action, read_action(visit, visit.caller, id));
  GEWU_TRY(preview, usecase::preview_action(visit.door.office, action));
  return answer_preview(preview);
}

Result<Answer> read_receipt(Visit& visit) {
  GEWU_TRY(caller, usecase::find_receipt(visit.door.office, visit.captured[0]));
  return answer_matter(visit, caller, caller.receipt_of);
}

Result<Answer> read_receipt_timeline(Visit& visit) {
  GEWU_TRY(caller, usecase::find_receipt(visit.door.office, visit.captured[0]));
  return answer_timeline(visit, caller, caller.receipt_of);
}

Result<Answer> act_by_receipt(Visit& visit) {
  GEWU_TRY(caller, usecase::find_receipt(visit.door.office, visit.captured[0]));
  return act(visit, caller, caller.receipt_of);
}

}  // namespace gewu::http
