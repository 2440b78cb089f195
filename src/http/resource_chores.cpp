#include "base/text.h"
#include "http/door.h"
#include "http/error_reply.h"
#include "usecase/audit_log.h"

// Uploads in pieces, and what long pieces of work came to.

namespace gewu::http {

Result<Answer> begin_upload(Visit& visit) {
  const std::string id = visit.door.uploads.begin(visit.signed_in->caller.account, visit.now());
  return json_answer(
      [&](codec::JsonWriter& out) { out.begin_object().member("id", id).end_object(); }, 201);
}

Result<Answer> add_to_upload(Visit& visit) {
  GEWU_TRY(piece, visit.bytes());
  const auto at = parse_integer(visit.request.parameter("at").value_or(""));
  if (!at || *at < 0) return refuse(ErrorCode::invalid, "upload.at");
  GEWU_TRY(bytes, visit.door.uploads.add(visit.signed_in->caller.account, visit.captured[0],
                                         static_cast<std::size_t>(*at), piece, visit.now()));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().member("bytes", static_cast<std::int64_t>(bytes)).end_object();
  });
}

Result<Answer> chore_answer(Visit& visit, Chores::Work work) {
  Chores::Work told = std::move(work);
  if (!visit.audit.event.empty())
    told = [&office = visit.door.office, record = visit.audit_record(nullptr),
            work = std::move(told)](const Chores::Tell& tell) -> Result<std::string> {
      auto done = work(tell);
      store::AuditRecord line = record;
      line.success = done.has_value();
      if (!done) line.key = done.error().key;
      GEWU_CHECK(usecase::keep_audit(office, std::move(line)));
      return done;
    };
  GEWU_TRY(id, visit.door.chores.begin(visit.signed_in->caller.account, std::move(told)));
  visit.audit.event.clear();
  return json_answer(
      [&](codec::JsonWriter& out) { out.begin_object().member("chore", id).end_object(); }, 202);
}

Result<Answer> read_chore(Visit& visit) {
  GEWU_TRY(chore, visit.door.chores.read(visit.signed_in->caller.account, visit.captured[0]));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().member("state", to_text(chore.state));
    out.member("done", static_cast<std::int64_t>(chore.done));
    out.member("of", static_cast<std::int64_t>(chore.of));
    if (!chore.answer.empty()) out.key("answer").raw(chore.answer);
    if (chore.refusal) {
      out.key("refusal");
      write_error(out, *chore.refusal, *usecase::directory_of(visit.door.office));
    }
    out.end_object();
  });
}

}  // namespace gewu::http
