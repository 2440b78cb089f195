#include "usecase/audit_log.h"

#include <algorithm>
#include <map>

#include "base/spans.h"
#include "base/text.h"
#include "usecase/administrators.h"
#include "usecase/given_values.h"
#include "usecase/log_buffer.h"
#include "usecase/log_settings.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kLinesMax = 500;
constexpr std::size_t kDroppedAtOnce = 5'000;

/// Accounts by id, each looked up once.
class Names {
 public:
  explicit Names(Office& office) : office_(office) {}

  Status write(AccountId id, std::string& login, std::string& name) {
    if (!id.has_value()) return {};
    auto known = known_.find(id);
    if (known == known_.end()) {
      GEWU_TRY(account, office_.store.find_account(id));
      known = known_.emplace(id, account ? std::pair(account->login, account->display_name)
                                         : std::pair<std::string, std::string>()).first;
    }
    std::tie(login, name) = known->second;
    return {};
  }

 private:
  Office& office_;
  std::map<AccountId, std::pair<std::string, std::string>> known_;
};

Result<AccountId> account_of(Office& office, const std::string& login) {
  if (login.empty()) return AccountId{};
  GEWU_TRY(account, office.store.find_account(login));
  if (!account) return refuse(ErrorCode::not_found, "account.unknown");
  return account->id;
}

Status check_rows(std::size_t rows) {
  if (rows < 1 || rows > kLinesMax) return refuse(ErrorCode::invalid, "audit.rows");
  return {};
}

/// Whoever reads a log sees what happened before he asked, not what was written a second ago.
Status write_waiting(Office& office) {
  return office.logs != nullptr ? office.logs->flush(office.store) : Status();
}

/// A number may be had by matters of several series: their ids.
Result<std::vector<MatterId>> matters_of(Office& office, const std::string& number) {
  GEWU_TRY(found, office.store.find_number(number));
  if (found.empty())
    if (const auto id = parse_matter_id(number); id && office.store.read()->load(*id))
      found.push_back(*id);
  if (found.empty()) return refuse(ErrorCode::not_found, "not_found");
  return found;
}

}  // namespace

bool is_audit_event(std::string_view event) {
  return std::ranges::any_of(kAuditEvents, [&](const char* known) { return event == known; });
}

Status keep_audit(Office& office, store::AuditRecord record) {
  record.at = office.clock.now();
  if (!record.success && office.logs != nullptr)
    return office.logs->add_refused(office.store, std::move(record));
  return office.store.log_book().add_audits({std::move(record)});
}

Result<std::string> known_login(Office& office, std::string_view login) {
  GEWU_TRY(account, office.store.find_account(std::string(login)));
  return account ? account->login : std::string();
}

Result<AuditPage> find_audit_log(Office& office, const AuditQuestion& question) {
  GEWU_CHECK(check_rows(question.rows));
  GEWU_CHECK(write_waiting(office));
  if (!question.event.empty() && !is_audit_event(question.event))
    return refuse(ErrorCode::invalid, "audit.event");
  store::AuditQuery query;
  GEWU_TRY(account, account_of(office, question.login));
  query.account = account;
  query.event = question.event;
  query.success = question.success;
  query.from = question.from;
  query.until = question.until;
  query.before = question.before;
  query.rows = question.rows + 1;
  GEWU_TRY(records, office.store.log_book().find_audits(query));
  AuditPage page;
  if (records.size() > question.rows) {
    records.pop_back();
    page.next = records.back().id;
  }
  Names names(office);
  for (store::AuditRecord& record : records) {
    AuditLine line{std::move(record), {}, {}};
    GEWU_CHECK(names.write(line.record.account, line.login, line.name));
    page.lines.push_back(std::move(line));
  }
  return page;
}

Result<ReadPage> find_read_log(Office& office, const ReadsQuestion& question) {
  GEWU_CHECK(check_rows(question.rows));
  GEWU_CHECK(write_waiting(office));
  store::ReadQuery query;
  GEWU_TRY(account, account_of(office, question.login));
  query.account = account;
  query.from = question.from;
  query.until = question.until;
  query.before = question.before;
  query.rows = question.rows + 1;
  std::vector<MatterId> matters{MatterId{}};
  const std::string number(trim(question.number));
  if (!number.empty()) {
    GEWU_TRY(found, matters_of(office, number));
    matters = std::move(found);
  }
  std::vector<store::ReadRecord> records;
  for (const MatterId matter : matters) {
    query.matter = matter;
    GEWU_TRY(found, office.store.log_book().find_reads(query));
    records.insert(records.end(), found.begin(), found.end());
  }
  std::ranges::sort(records, std::ranges::greater{}, &store::ReadRecord::id);
  ReadPage page;
  page.directory = directory_of(office);
  if (records.size() > question.rows) {
    records.resize(question.rows);
    page.next = records.back().id;
  }
  Names names(office);
  const auto source = office.store.read();
  for (store::ReadRecord& record : records) {
    ReadLine line;
    line.record = std::move(record);
    GEWU_CHECK(names.write(line.record.account, line.login, line.name));
    line.matter = source->load(line.record.matter);
    if (line.record.post.has_value()) line.post = page.directory->roster->post(line.record.post);
    page.lines.push_back(std::move(line));
  }
  return page;
}

Result<AuditPage> read_audit_log(Office& office, const SignedInCaller& by,
                                 const AuditQuestion& question) {
  GEWU_CHECK(check_duty(office, by, {Duty::audit}));
  return find_audit_log(office, question);
}

Result<ReadPage> read_read_log(Office& office, const SignedInCaller& by,
                               const ReadsQuestion& question) {
  GEWU_CHECK(check_duty(office, by, {Duty::audit}));
  return find_read_log(office, question);
}

Result<std::size_t> drop_old_logs(Office& office) {
  const DirectoryPtr directory = directory_of(office);
  const Instant now = office.clock.now();
  store::LogBook& log = office.store.log_book();
  std::size_t all = 0;
  const auto drop = [&](std::int64_t days, auto take) -> Status {
    for (std::size_t dropped = kDroppedAtOnce; dropped == kDroppedAtOnce;) {
      GEWU_TRY(gone, take(now + -days * kMsPerDay));
      dropped = gone;
      all += gone;
    }
    return {};
  };
  GEWU_CHECK(drop(longest_kept_days(*directory, kReadLogDays), [&](Instant before) {
    return log.drop_reads(before, kDroppedAtOnce);
  }));
  GEWU_CHECK(drop(longest_kept_days(*directory, kAuditLogDays), [&](Instant before) {
    return log.drop_audits(before, kDroppedAtOnce);
  }));
  if (all == 0) return all;
  store::AuditRecord record;
  record.event = "logs_removed";
  record.source = "server";
  record.subject = std::to_string(all);
  GEWU_CHECK(keep_audit(office, std::move(record)));
  return all;
}

}  // namespace gewu::usecase
