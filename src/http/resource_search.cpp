#include "base/text.h"
#include "http/door.h"
#include "http/render.h"
#include "usecase/search.h"

// Finding by words, and posts to choose from.

namespace gewu::http {
namespace {

using namespace gewu::kernel;

std::optional<usecase::FoundGroup> parse_group(std::string_view text) {
  using enum usecase::FoundGroup;
  if (text == "matters") return matters;
  if (text == "posts") return posts;
  if (text == "territory") return territory;
  if (text == "organisations") return organisations;
  return std::nullopt;
}

}  // namespace

Result<Answer> search(Visit& visit) {
  const Request& request = visit.request;
  usecase::SearchQuestion question;
  question.caller = visit.caller;
  question.words = request.parameter("q").value_or("");
  if (const auto of = request.parameter("of")) {
    question.of = parse_group(*of);
    if (!question.of) return refuse(ErrorCode::invalid, "search.of");
  }
  for (const auto type : request.parameters("type")) question.types.emplace_back(type);
  if (const auto cursor = request.parameter("cursor")) {
    const auto before = parse_integer(*cursor);
    if (!before || *before <= 0) return refuse(ErrorCode::invalid, "list.cursor");
    question.before = MatterId{*before};
  }
  GEWU_TRY(rows, visit.rows(question.rows, "search.rows"));
  question.rows = rows;
  GEWU_TRY(found, usecase::search(visit.door.office, question));
  GEWU_CHECK(visit.count_shown(usecase::ids_of(found.matters)));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("matters").begin_array();
    for (const usecase::MatterRow& row : found.matters)
      write_row(out, row, *found.directory, found.as_of);
    out.end_array();
    if (found.next.has_value()) out.member("next", std::to_string(found.next.value));
    out.key("posts").begin_array();
    for (const usecase::HeldPost& post : found.posts) write_held_post(out, post, *found.directory);
    out.end_array().key("territory").begin_array();
    for (const Territory* node : found.territory) write_territory(out, *node, *found.directory);
    out.end_array().key("organisations").begin_array();
    for (const Organisation* one : found.organisations) write_organisation(out, *one);
    out.end_array().end_object();
  });
}

Result<Answer> list_posts(Visit& visit) {
  const Request& request = visit.request;
  usecase::PostQuestion question;
  question.caller = visit.caller;
  question.role = request.parameter("role").value_or("");
  question.unit = request.parameter("unit").value_or("");
  question.territory = request.parameter("territory").value_or("");
  question.words = request.parameter("words").value_or("");
  GEWU_TRY(rows, visit.rows(question.rows, "post.rows"));
  question.rows = rows;
  GEWU_TRY(list, usecase::list_posts(visit.door.office, question));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("posts").begin_array();
    for (const usecase::HeldPost& post : list.posts) write_held_post(out, post, *list.directory);
    out.end_array().end_object();
  });
}

}  // namespace gewu::http
