#include "codec/json_writer.h"
#include "http/door.h"
#include "http/error_reply.h"
#include "http/render.h"
#include "kernel/matter/definition_message.h"
#include "usecase/definition_bundle.h"

// Publishing a bundle of definitions: judged, proposed by one administrator, put to work by another.

namespace gewu::http {
namespace {

using namespace gewu::kernel;

/// A fault or warning with its place in the file; in English also what to do about it.
void write_remark(codec::JsonWriter& out, const std::string& key, std::string file,
                  std::string line, const std::vector<ErrorDetail>& details) {
  for (const ErrorDetail& detail : details) {
    if (detail.name == "file") file = detail.value;
    if (detail.name == "line") line = detail.value;
  }
  out.begin_object().member("key", key);
  if (!file.empty()) out.member("file", file);
  if (!line.empty() && line != "0") out.member("line", line);
  out.member("advice", advice(key)).key("details").begin_object();
  for (const ErrorDetail& detail : details)
    if (detail.name != "file" && detail.name != "line") out.member(detail.name, detail.value);
  out.end_object().end_object();
}

void write_names(codec::JsonWriter& out, const char* key, const std::vector<Name>& names) {
  out.key(key).begin_array();
  for (const Name& name : names) out.string(name);
  out.end_array();
}

void write_failed(codec::JsonWriter& out, const char* key,
                  const std::vector<std::pair<MatterId, Error>>& failed,
                  const Directory& directory) {
  out.key(key).begin_array();
  for (const auto& [matter, error] : failed) {
    out.begin_object().member("matter", std::to_string(matter.value)).key("reason");
    write_error(out, error, directory);
    out.end_object();
  }
  out.end_array();
}

void write_migration(codec::JsonWriter& out, const usecase::MigrationPreview& preview,
                     const Directory& directory) {
  out.key("moves").begin_array();
  for (const auto& [move, matters] : preview.moves) {
    out.begin_object().member("type", move.type).member("from", move.from).member("to", move.to);
    out.member("old_state", move.old_state).member("state", move.state);
    out.member("matters", static_cast<std::int64_t>(matters)).end_object();
  }
  out.end_array().key("turns").begin_array();
  for (const auto& [turn, matters] : preview.turns) {
    out.begin_object().member("type", turn.type).member("clock", turn.clock);
    out.member("before", turn.before).member("after", turn.after);
    out.member("matters", static_cast<std::int64_t>(matters)).end_object();
  }
  out.end_array().key("stays").begin_array();
  for (const auto& [text, matters] : preview.stays) {
    out.begin_object().member("type", text.first).member("version", text.second);
    out.member("matters", static_cast<std::int64_t>(matters)).end_object();
  }
  out.end_array();
  write_failed(out, "refused", preview.refused, directory);
}

std::string judgement_json(const usecase::BundleJudgement& judged, const Directory& directory) {
  std::string json;
  codec::JsonWriter out(json);
  out.begin_object().member("sha256", judged.sha256);
  out.member("files", static_cast<std::int64_t>(judged.files)).key("faults").begin_array();
  for (const Error& fault : judged.faults) write_remark(out, fault.key, "", "", fault.details);
  out.end_array().key("warnings").begin_array();
  for (const Message& warning : judged.warnings)
    write_remark(out, warning.key, warning.file, std::to_string(warning.line), warning.details);
  out.end_array();
  write_names(out, "published", judged.published);
  write_names(out, "unchanged", judged.unchanged);
  out.key("types").begin_array();
  for (const usecase::TypeChange& type : judged.types) {
    out.begin_object().member("locality", type.locality).member("type", type.type);
    out.member("before", type.before).member("after", type.after).end_object();
  }
  out.end_array();
  write_migration(out, judged.preview, directory);
  out.end_object();
  return json;
}

/// The bundle that was uploaded.
Result<usecase::Bundle> uploaded_bundle(Visit& visit, const codec::Json& body) {
  const auto upload = body.string_at("upload");
  if (!upload) return refuse(ErrorCode::invalid, "import.form", {{"name", "upload"}});
  GEWU_TRY(bytes,
           visit.door.uploads.read(visit.signed_in->caller.account, *upload, visit.now()));
  return usecase::read_bundle(*bytes);
}

Result<std::string> wanted_sha256(Visit& visit, const codec::Json& body) {
  const auto sha256 = body.string_at("sha256");
  if (!sha256) return refuse(ErrorCode::invalid, "import.form", {{"name", "sha256"}});
  visit.audit.subject = sha256->substr(0, 12);
  return std::string(*sha256);
}

}  // namespace

Result<Answer> read_publication(Visit& visit) {
  GEWU_TRY(proposal, usecase::read_proposal(visit.door.office, *visit.signed_in));
  const DirectoryPtr directory = usecase::directory_of(visit.door.office);
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object();
    if (proposal) {
      out.key("proposed").begin_object().member("sha256", proposal->bundle.sha256);
      out.member("files", static_cast<std::int64_t>(proposal->bundle.files.size()));
      out.member("at", format_instant(proposal->at));
      out.member("mine", proposal->by == visit.signed_in->caller.account);
      out.member("stale", proposal->basis != usecase::publication_fingerprint(*directory));
      out.end_object();
    }
    out.end_object();
  });
}

Result<Answer> check_publication(Visit& visit) {
  usecase::Office& office = visit.door.office;
  // Also whether he may: nobody else learns what is proposed.
  GEWU_TRY(proposal, usecase::read_proposal(office, *visit.signed_in));
  GEWU_TRY(body, visit.body());
  usecase::Bundle bundle;
  if (body.string_at("upload")) {
    GEWU_TRY(uploaded, uploaded_bundle(visit, body));
    bundle = std::move(uploaded);
  } else {
    if (!proposal) return refuse(ErrorCode::not_found, "publication.none");
    bundle = std::move(proposal->bundle);
  }
  return chore_answer(visit, [&office, by = *visit.signed_in,
                              bundle](const Chores::Tell&) -> Result<std::string> {
    GEWU_TRY(judged, usecase::judge_bundle(office, by, bundle));
    return judgement_json(judged, *usecase::directory_of(office));
  });
}

Result<Answer> propose_publication(Visit& visit) {
  usecase::Office& office = visit.door.office;
  GEWU_CHECK(usecase::read_proposal(office, *visit.signed_in));
  GEWU_TRY(body, visit.body());
  GEWU_TRY(sha256, wanted_sha256(visit, body));
  GEWU_TRY(bundle, uploaded_bundle(visit, body));
  if (bundle.sha256 != sha256) return refuse(ErrorCode::conflict, "publication.stale");
  return chore_answer(visit, [&office, by = *visit.signed_in,
                              bundle](const Chores::Tell&) -> Result<std::string> {
    GEWU_TRY(proposal, usecase::propose_bundle(office, by, bundle));
    return "{\"sha256\":\"" + proposal.bundle.sha256 + "\"}";
  });
}

Result<Answer> withdraw_publication(Visit& visit) {
  GEWU_CHECK(usecase::read_proposal(visit.door.office, *visit.signed_in));
  GEWU_TRY(body, visit.body());
  GEWU_TRY(sha256, wanted_sha256(visit, body));
  GEWU_CHECK(usecase::withdraw_bundle(visit.door.office, *visit.signed_in, sha256));
  return empty_answer();
}

Result<Answer> confirm_publication(Visit& visit) {
  usecase::Office& office = visit.door.office;
  GEWU_CHECK(usecase::read_proposal(office, *visit.signed_in));
  GEWU_TRY(body, visit.body());
  GEWU_TRY(sha256, wanted_sha256(visit, body));
  return chore_answer(visit, [&office, by = *visit.signed_in,
                              sha256](const Chores::Tell& tell) -> Result<std::string> {
    GEWU_TRY(done, usecase::confirm_bundle(office, by, sha256, [&](std::size_t moved) {
               return tell(moved, 0);
             }));
    std::string json;
    codec::JsonWriter out(json);
    out.begin_object();
    write_names(out, "published", done.published);
    out.member("moved", static_cast<std::int64_t>(done.moved));
    write_failed(out, "failed", done.failed, *usecase::directory_of(office));
    out.end_object();
    return json;
  });
}

}  // namespace gewu::http
