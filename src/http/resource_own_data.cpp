#include "base/text.h"
#include "http/door.h"
#include "http/render.h"
#include "usecase/own_data.h"

// What is kept of somebody, as a file of his own.

namespace gewu::http {
namespace {

void write_kept(codec::JsonWriter& out, const usecase::KeptValue& kept) {
  out.begin_object();
  if (!kept.field.empty()) {
    out.member("field", kept.field);
    write_label(out, "label", kept.label);
  }
  out.member("purpose", kept.purpose);
  write_label(out, "purpose_label", kept.purpose_label);
  out.member("kept_for", kernel::format_limit(kept.kept_for)).member("after", kept.after);
  if (kept.kept_until) out.member("kept_until", format_instant(*kept.kept_until));
  if (kept.is_sealed) out.member("sealed", true);
  if (kept.is_erased) out.member("erased", true);
  out.end_object();
}

void write_own(codec::JsonWriter& out, const usecase::OwnMatter& own, Instant now) {
  out.begin_object().key("matter");
  write_matter(out, own.view);
  out.key("timeline");
  write_timeline(out, own.timeline, now);
  out.key("kept").begin_array();
  for (const usecase::KeptValue& kept : own.kept) write_kept(out, kept);
  out.end_array().member("may_erase", own.may_erase).end_object();
}

Answer as_file(Answer answer, const std::string& name) {
  answer.response.headers.emplace_back("Content-Disposition",
                                       "attachment; filename=\"" + name + "\"");
  return answer;
}

}  // namespace

Result<Answer> read_receipt_data(Visit& visit) {
  GEWU_TRY(caller, usecase::find_receipt(visit.door.office, visit.captured[0]));
  GEWU_TRY(own, usecase::read_own_matter(visit.door.office, caller, caller.receipt_of));
  return as_file(
      json_answer([&](codec::JsonWriter& out) { write_own(out, own, visit.now()); }),
      "matter-" + std::to_string(caller.receipt_of.value) + ".json");
}

Result<Answer> read_own_data(Visit& visit) {
  MatterId before;
  if (const auto text = visit.request.parameter("before")) {
    const auto id = parse_integer(*text);
    if (!id || *id <= 0) return refuse(ErrorCode::invalid, "data.before");
    before = {*id};
  }
  GEWU_TRY(data, usecase::read_own_data(visit.door.office, visit.caller, before));
  return as_file(
      json_answer([&](codec::JsonWriter& out) {
        out.begin_object().key("account").begin_object();
        out.member("login", data.me.account->login);
        out.member("display_name", data.me.account->display_name).end_object();
        out.key("posts").begin_array();
        for (const usecase::MyPost& mine : data.me.posts) {
          out.begin_object();
          write_post_members(out, mine, *data.me.directory);
          out.end_object();
        }
        out.end_array().key("matters").begin_array();
        for (const usecase::OwnMatter& own : data.matters) write_own(out, own, visit.now());
        out.end_array();
        if (data.next) out.member("next", std::to_string(data.next->value));
        out.member("as_of", format_instant(visit.now())).end_object();
      }),
      "my-data.json");
}

}  // namespace gewu::http
