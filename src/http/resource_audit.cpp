#include "base/text.h"
#include "http/door.h"
#include "http/render.h"
#include "usecase/audit_log.h"

// The logs, as whoever audits reads them.

namespace gewu::http {
namespace {

using namespace gewu::kernel;

/// `from`, `until` (instants), `cursor`, `rows`, `login`: what both logs are asked by.
template <typename Question>
Status read_common(const Visit& visit, Question& question) {
  const Request& request = visit.request;
  question.login = request.parameter("login").value_or("");
  for (const auto& [name, instant] : {std::pair{"from", &question.from},
                                      std::pair{"until", &question.until}})
    if (const auto text = request.parameter(name)) {
      const auto read = parse_instant(*text);
      if (!read) return refuse(ErrorCode::invalid, "audit.instant", {{"name", name}});
      *instant = *read;
    }
  if (const auto cursor = request.parameter("cursor")) {
    const auto before = parse_integer(*cursor);
    if (!before || *before <= 0) return refuse(ErrorCode::invalid, "list.cursor");
    question.before = *before;
  }
  GEWU_TRY(rows, visit.rows(question.rows, "audit.rows"));
  question.rows = rows;
  return {};
}

/// Which part of the logs was read, for the log itself.
std::string asked_for(const Visit& visit, const char* log) {
  std::string subject = log;
  for (const char* name : {"login", "event", "matter"})
    if (const auto text = visit.request.parameter(name); text && !text->empty())
      subject += std::string(" ") + name;
  return subject;
}

void write_who(codec::JsonWriter& out, const std::string& login, const std::string& name) {
  if (login.empty()) return;
  out.member("login", login).member("name", name);
}

void write_audit(codec::JsonWriter& out, const usecase::AuditLine& line) {
  const store::AuditRecord& record = line.record;
  out.begin_object().member("id", std::to_string(record.id));
  out.member("at", format_instant(record.at)).member("event", record.event);
  out.member("success", record.success);
  write_who(out, line.login, line.name);
  out.member("source", record.source);
  if (!record.subject.empty()) out.member("subject", record.subject);
  if (!record.key.empty()) out.member("key", record.key);
  if (!record.peer.empty()) out.member("peer", record.peer);
  if (!record.request.empty()) out.member("request", record.request);
  if (record.times > 1) out.member("times", record.times);
  out.end_object();
}

void write_read(codec::JsonWriter& out, const usecase::ReadLine& line, const Directory& directory,
                Instant now) {
  const store::ReadRecord& record = line.record;
  out.begin_object().member("id", std::to_string(record.id));
  out.member("at", format_instant(record.at)).member("kind", store::to_text(record.kind));
  write_who(out, line.login, line.name);
  if (line.post) {
    out.key("post").begin_object();
    write_post_members(out, usecase::describe_post(directory, *line.post, now), directory);
    out.end_object();
  }
  out.member("matter", std::to_string(record.matter.value));
  if (line.matter) {
    out.member("number", line.matter->number);
    write_label(out, "type_label", line.matter->type->label);
  }
  if (record.outside) out.member("outside", true);
  if (record.night) out.member("night", true);
  if (!record.request.empty()) out.member("request", record.request);
  out.end_object();
}

}  // namespace

Result<Answer> read_audit_log(Visit& visit) {
  visit.audit.subject = asked_for(visit, "log");
  usecase::AuditQuestion question;
  GEWU_CHECK(read_common(visit, question));
  question.event = visit.request.parameter("event").value_or("");
  if (const auto success = visit.request.parameter("success")) {
    if (*success != "true" && *success != "false")
      return refuse(ErrorCode::invalid, "audit.success");
    question.success = *success == "true";
  }
  GEWU_TRY(page, usecase::read_audit_log(visit.door.office, *visit.signed_in, question));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("lines").begin_array();
    for (const usecase::AuditLine& line : page.lines) write_audit(out, line);
    out.end_array();
    if (page.next > 0) out.member("next", std::to_string(page.next));
    out.key("events").begin_array();
    for (const char* event : usecase::kAuditEvents) out.string(event);
    out.end_array().end_object();
  });
}

Result<Answer> read_read_log(Visit& visit) {
  visit.audit.subject = asked_for(visit, "reads");
  usecase::ReadsQuestion question;
  GEWU_CHECK(read_common(visit, question));
  question.number = visit.request.parameter("matter").value_or("");
  GEWU_TRY(page, usecase::read_read_log(visit.door.office, *visit.signed_in, question));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("lines").begin_array();
    for (const usecase::ReadLine& line : page.lines)
      write_read(out, line, *page.directory, visit.now());
    out.end_array();
    if (page.next > 0) out.member("next", std::to_string(page.next));
    out.end_object();
  });
}

}  // namespace gewu::http
