#include <fmt/format.h>

#include "cli/open_office.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "kernel/figures/figure.h"
#include "usecase/audit_journal.h"

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

Status print_audit(const AuditOptions& options) {
  GEWU_TRY(opened, OpenOffice::open(options.place, OpenOffice::Mode::work));
  usecase::Office& office = opened->office();
  const auto directory = office.store.directory();
  if (directory->localities.empty()) return refuse(ErrorCode::not_found, "locality.unknown");
  const kernel::Calendar& calendar = *directory->localities.begin()->second->calendar;
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
