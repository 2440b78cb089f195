#include <fmt/format.h>

#include "cli/noted.h"
#include "cli/open_office.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "kernel/figures/figure.h"
#include "usecase/audit_journal.h"
#include "usecase/audit_log.h"

namespace gewu::cli {

namespace {

std::string lines_text(const std::vector<std::int64_t>& lines) {
  constexpr std::size_t kShown = 8;
  std::string text;
  for (std::size_t i = 0; i < std::min(lines.size(), kShown); ++i)
    text += (i > 0 ? " " : "") + std::to_string(lines[i]);
  if (lines.size() > kShown) text += fmt::format(" … {}", lines.back());
  return text;
}

/// The instants of the period that was asked for; of none at all.
Status set_period(const AuditOptions& options, const kernel::Calendar& calendar, Instant now,
                  Instant& from, Instant& until) {
  if (options.period.empty()) return {};
  GEWU_TRY(period, kernel::parse_period(options.period, kernel::today_at(calendar, now)));
  from = calendar.zone().to_instant(period.from);
  until = calendar.zone().to_instant(period.until);
  return {};
}

Status print_reads(usecase::Office& office, const kernel::Calendar& calendar,
                   const AuditOptions& options) {
  usecase::ReadsQuestion question;
  question.login = options.login;
  question.number = options.matter;
  question.rows = options.rows;
  GEWU_CHECK(set_period(options, calendar, office.clock.now(), question.from, question.until));
  GEWU_TRY(page, usecase::find_read_log(office, question));
  fmt::print("at\tlogin\tpost\tmatter\tkind\toutside\tnight\trequest\n");
  for (const usecase::ReadLine& line : page.lines)
    fmt::print("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", format_instant(line.record.at), line.login,
               line.post ? line.post->key : "",
               line.matter ? line.matter->number : std::to_string(line.record.matter.value),
               store::to_text(line.record.kind), line.record.outside ? "outside" : "",
               line.record.night ? "night" : "", line.record.request);
  return {};
}

Status print_log(usecase::Office& office, const kernel::Calendar& calendar,
                 const AuditOptions& options) {
  if (options.what == "reads") return print_reads(office, calendar, options);
  usecase::AuditQuestion question;
  question.login = options.login;
  question.event = options.event;
  if (options.refused) question.success = false;
  question.rows = options.rows;
  GEWU_CHECK(set_period(options, calendar, office.clock.now(), question.from, question.until));
  GEWU_TRY(page, usecase::find_audit_log(office, question));
  fmt::print("at\tevent\tdone\tlogin\tsource\tsubject\tkey\tpeer\ttimes\trequest\n");
  for (const usecase::AuditLine& line : page.lines) {
    const store::AuditRecord& record = line.record;
    fmt::print("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", format_instant(record.at),
               record.event, record.success ? "done" : "refused", line.login, record.source,
               record.subject, record.key, record.peer, record.times, record.request);
  }
  return {};
}

Status print_audit(const AuditOptions& options) {
  GEWU_TRY(opened, OpenOffice::open(options.place, OpenOffice::Mode::work));
  usecase::Office& office = opened->office();
  const auto directory = office.store.directory();
  if (directory->localities.empty()) return refuse(ErrorCode::not_found, "locality.unknown");
  const kernel::Calendar& calendar = *directory->localities.begin()->second->calendar;
  if (options.what != "clocks")
    return noted(office, "audit_read", options.what, print_log(office, calendar, options));
  GEWU_TRY(period,
           kernel::parse_period(options.period, kernel::today_at(calendar, office.clock.now())));
  GEWU_TRY(entries, usecase::audit_journal(office));
  const auto rows = usecase::count_audit(entries, calendar.zone().to_instant(period.from),
                                         calendar.zone().to_instant(period.until));
  if (options.each) {
    for (const usecase::AuditEntry& entry : entries) {
      const Date day = calendar.zone().local_date(entry.at);
      if (day < period.from || day >= period.until) continue;
      fmt::print("{}\t{}\t{}\t{}\t{}\t{}\t{}\n", entry.sequence, format_instant(entry.at),
                 usecase::to_text(entry.mark), entry.actor.post.value, entry.number, entry.action,
                 entry.clock);
    }
    return {};
  }
  fmt::print("post\trole\tunit\torganisation\twhat\tcount\tlines\n");
  for (const usecase::AuditRow& row : rows)
    fmt::print("{}\t{}\t{}\t{}\t{}\t{}\t{}\n", row.post.value, row.role, row.unit,
               row.organisation, usecase::to_text(row.mark), row.count, lines_text(row.lines));
  return {};
}

}  // namespace

int run_audit(const AuditOptions& options) {
  if (const Status done = print_audit(options); !done) return fail(done.error());
  return 0;
}

}  // namespace gewu::cli
