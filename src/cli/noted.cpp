#include "cli/noted.h"

#include "usecase/audit_log.h"

namespace gewu::cli {

Status noted(usecase::Office& office, const char* event, std::string subject, Status done) {
  store::AuditRecord record;
  record.event = event;
  record.source = "command";
  record.subject = std::move(subject);
  record.success = done.has_value();
  if (!done) record.key = done.error().key;
  GEWU_CHECK(usecase::keep_audit(office, std::move(record)));
  return done;
}

}  // namespace gewu::cli
