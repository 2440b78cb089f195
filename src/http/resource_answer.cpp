#include "http/author_guard.h"
#include "http/door.h"
#include "http/render.h"
#include "usecase/answer_link.h"

// What an answer link opens. Its code comes in a header: no log of a proxy has it.

namespace gewu::http {

namespace {

constexpr const char* kCodeHeader = "gewu-answer";

Result<usecase::FoundLink> find_link(Visit& visit) {
  return usecase::find_answer_link(visit.door.office,
                                   visit.request.header(kCodeHeader).value_or(""));
}

}  // namespace

Result<Answer> read_answer(Visit& visit) {
  GEWU_TRY(link, find_link(visit));
  GEWU_TRY(question, usecase::read_answer_question(visit.door.office, link));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("matter");
    write_matter(out, question.view);
    out.key("timeline");
    write_timeline(out, question.timeline, visit.now());
    out.end_object();
  });
}

Result<Answer> give_answer(Visit& visit) {
  GEWU_TRY(link, find_link(visit));
  GEWU_CHECK(check_author(visit, link.caller.receipt_of, link.action));
  GEWU_TRY(body, visit.body());
  GEWU_TRY(stamp, visit.stamp());
  for (const codec::JsonMember& member : *body.as_object())
    if (member.key != "values")
      return refuse(ErrorCode::invalid, "json.unknown", {{"name", member.key}});
  const codec::Json* values = body.find("values");
  GEWU_TRY(taken, usecase::answer_by_link(visit.door.office, link,
                                          values ? *values : codec::Json(codec::Json::Object{}),
                                          std::move(stamp)));
  static_cast<void>(taken);
  return empty_answer();
}

}  // namespace gewu::http
