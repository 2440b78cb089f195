#include "store/sqlite/logs.h"

#include <algorithm>

#include "security/chain.h"
#include "store/sqlite/canaries.h"

// Each log is a chain of its own: a row's hash is over the hash before it and every column, and the
// hash of the last one is kept sealed under the office key, so that whoever has the file alone can
// neither change a row, nor take one out at either end, nor make the chain anew.

namespace gewu::store::sqlite {

using security::Bytes;
using security::Sha256;

namespace {

constexpr const char* kReads = "read_log";
constexpr const char* kAudits = "audit_log";
/// What the posts are told of it: a row of the list `message`.
std::string_view text_of(const AuditRecord& alarm) {
  return alarm.event == "unusual_reading" || alarm.event == "canary_read"
             ? std::string_view("reading_unusual")
             : std::string_view(alarm.event);
}
constexpr const char* kLastRead = "select id, hash from read_log order by id desc limit 1";
constexpr const char* kLastAudit = "select id, hash from audit_log order by id desc limit 1";
/// Rows up to the last old one: a clock that was set back may have left a younger one among them.
constexpr const char* kOldReads =
    "select id, hash from read_log where at < ?1 order by id limit ?2";
constexpr const char* kOldAudits =
    "select id, hash from audit_log where at < ?1 order by id limit ?2";

void append(Bytes& to, std::string_view text) {
  security::append_part(to, security::view_of(text));
}
void append(Bytes& to, std::int64_t number) { append(to, std::to_string(number)); }

Bytes bytes_of(const ReadRecord& record) {
  Bytes bytes;
  append(bytes, record.id);
  append(bytes, record.at.ms);
  append(bytes, record.day.days);
  append(bytes, record.account.value);
  append(bytes, record.post.value);
  append(bytes, record.matter.value);
  append(bytes, to_text(record.kind));
  append(bytes, record.outside ? 1 : 0);
  append(bytes, record.night ? 1 : 0);
  append(bytes, record.request);
  append(bytes, record.locality);
  return bytes;
}

Bytes bytes_of(const AuditRecord& record) {
  Bytes bytes;
  append(bytes, record.id);
  append(bytes, record.at.ms);
  append(bytes, record.event);
  append(bytes, record.success ? 1 : 0);
  append(bytes, record.account.value);
  append(bytes, record.source);
  append(bytes, record.subject);
  append(bytes, record.key);
  append(bytes, record.peer);
  append(bytes, record.request);
  append(bytes, record.times);
  return bytes;
}

std::string seal_purpose(const char* log) { return std::string("end of ") + log; }

/// The end of a log, as it is and as it is sealed: id and hash of the last row.
struct End {
  std::int64_t id = 0;
  Sha256 hash{};
};

Bytes bytes_of(const End& end) {
  Bytes bytes;
  append(bytes, end.id);
  bytes.insert(bytes.end(), end.hash.begin(), end.hash.end());
  return bytes;
}

std::optional<Sha256> as_hash(std::span<const std::uint8_t> blob) {
  Sha256 hash{};
  if (blob.size() != hash.size()) return std::nullopt;
  std::ranges::copy(blob, hash.begin());
  return hash;
}

ReadRecord read_of(const Statement& row) {
  ReadRecord record;
  record.id = row.integer(0);
  record.at = {row.integer(1)};
  record.day = {static_cast<std::int32_t>(row.integer(2))};
  record.account = {row.integer(3)};
  record.post = {row.integer(4)};
  record.matter = {row.integer(5)};
  record.kind = parse_read_kind(row.text(6)).value_or(ReadKind::page);
  record.outside = row.integer(7) != 0;
  record.night = row.integer(8) != 0;
  record.request = row.text(9);
  record.locality = row.text(10);
  return record;
}

AuditRecord audit_of(const Statement& row) {
  AuditRecord record;
  record.id = row.integer(0);
  record.at = {row.integer(1)};
  record.event = row.text(2);
  record.success = row.integer(3) != 0;
  record.account = {row.integer(4)};
  record.source = row.text(5);
  record.subject = row.text(6);
  record.key = row.text(7);
  record.peer = row.text(8);
  record.request = row.text(9);
  record.times = row.integer(10);
  return record;
}

class SqliteLogBook : public LogBook {
 public:
  SqliteLogBook(WithReader read, WithReader write, Vault& vault)
      : read_(std::move(read)), write_(std::move(write)), vault_(vault) {}

  Result<std::vector<LogHead>> heads() override {
    return get<std::vector<LogHead>>(read_, [](Reader& reader) -> Result<std::vector<LogHead>> {
      std::vector<LogHead> heads;
      GEWU_TRY(audits, end_of(reader, kLastAudit, kAudits));
      if (audits.id > 0) heads.push_back({kAudits, audits.id, audits.hash});
      GEWU_TRY(reads, end_of(reader, kLastRead, kReads));
      if (reads.id > 0) heads.push_back({kReads, reads.id, reads.hash});
      return heads;
    });
  }

  Status each_head(const std::string& log,
                   const std::function<void(const LogHead&)>& take) override {
    if (log != kReads && log != kAudits) return refuse(ErrorCode::not_found, "not_found");
    return read_([&](Reader& reader) -> Status {
      GEWU_TRY(base, base_of(reader, log.c_str()));
      LogHead head{log, base.id, base.hash};
      take(head);
      GEWU_TRY(rows, reader.use(log == kReads ? "select id, hash from read_log order by id"
                                              : "select id, hash from audit_log order by id"));
      for (;;) {
        GEWU_TRY(found, rows->step());
        if (!found) return {};
        const auto hash = as_hash(rows->blob(1));
        if (!hash) return refuse(ErrorCode::internal, "log.hash");
        head.size = rows->integer(0);
        head.hash = *hash;
        take(head);
      }
    });
  }

  Status add_reads(std::vector<ReadRecord> records) override {
    if (records.empty()) return {};
    return write_([&](Reader& writer) -> Status {
      GEWU_TRY(end, end_of(writer, kLastRead, kReads));
      for (ReadRecord& record : records) {
        record.id = end.id + 1;
        end = {record.id, security::chain_next(end.hash, bytes_of(record))};
        GEWU_CHECK(insert(writer, record, end.hash));
      }
      return keep_end(writer, kReads, end);
    });
  }

  Status add_audits(std::vector<AuditRecord> records) override {
    if (records.empty()) return {};
    return write_([&](Reader& writer) { return append_audits(writer, records); });
  }

  Result<bool> raise(AuditRecord alarm, Instant since, const std::vector<PostId>& told,
                     AlarmAlike alike) override {
    return get<bool>(write_, [&](Reader& writer) -> Result<bool> {
      GEWU_TRY(known, writer.use("select 1 from audit_log where account = ?1 and event = ?2"
                                 " and at >= ?3 and (?4 = 0 or key = ?5) limit 1"));
      known->bind(1, alarm.account.value).bind(2, alarm.event).bind(3, since.ms);
      known->bind(4, alike == AlarmAlike::key ? 1 : 0).bind(5, alarm.key);
      GEWU_TRY(found, known->step());
      if (found) return false;
      alarm.peer.clear();
      for (const PostId post : told)
        alarm.peer.append(alarm.peer.empty() ? "" : ",").append(std::to_string(post.value));
      std::vector<AuditRecord> records{alarm};
      GEWU_CHECK(append_audits(writer, records));
      for (const PostId post : told) {
        GEWU_TRY(notice, writer.use("insert into notice (post, matter, event, at, not_before, text,"
                                    " words) values (?, 0, ?, ?, null, ?, ?)"));
        notice->bind(1, post.value).bind(2, records.front().id).bind(3, alarm.at.ms);
        GEWU_CHECK(notice->bind(4, text_of(records.front())).bind(5, alarm.subject).run());
      }
      return true;
    });
  }

  Result<std::vector<ReadRecord>> find_reads(const ReadQuery& query) override {
    return get<std::vector<ReadRecord>>(read_, [&](Reader& reader)
                                                   -> Result<std::vector<ReadRecord>> {
      std::vector<ReadRecord> records;
      const char* sql =
          query.matter.has_value()
              ? "select id, at, day, account, post, matter, kind, outside, night, request, locality"
                " from read_log where matter = ?1 and (?2 = 0 or account = ?2) and id < ?3"
                " and at >= ?4 and at < ?5 order by id desc limit ?6"
          : query.account.has_value()
              ? "select id, at, day, account, post, matter, kind, outside, night, request, locality"
                " from read_log where (?1 = 0 or matter = ?1) and account = ?2 and id < ?3"
                " and at >= ?4 and at < ?5 order by id desc limit ?6"
              : "select id, at, day, account, post, matter, kind, outside, night, request, locality"
                " from read_log where ?1 = 0 and ?2 = 0 and id < ?3"
                " and at >= ?4 and at < ?5 order by id desc limit ?6";
      GEWU_TRY(rows, reader.use(sql));
      rows->bind(1, query.matter.value).bind(2, query.account.value).bind(3, query.before);
      rows->bind(4, query.from.ms).bind(5, query.until.ms);
      rows->bind(6, static_cast<std::int64_t>(query.rows));
      for (;;) {
        GEWU_TRY(found, rows->step());
        if (!found) return records;
        records.push_back(read_of(*rows));
      }
    });
  }

  Result<std::vector<AuditRecord>> find_audits(const AuditQuery& query) override {
    return get<std::vector<AuditRecord>>(read_, [&](Reader& reader)
                                                    -> Result<std::vector<AuditRecord>> {
      std::vector<AuditRecord> records;
      const char* sql =
          query.account.has_value()
              ? "select id, at, event, success, account, source, subject, key, peer, request, times"
                " from audit_log where account = ?1 and (?2 = '' or event = ?2) and id < ?3"
                " and at >= ?4 and at < ?5 and (?6 < 0 or success = ?6) order by id desc limit ?7"
          : !query.event.empty()
              ? "select id, at, event, success, account, source, subject, key, peer, request, times"
                " from audit_log where ?1 = 0 and event = ?2 and id < ?3"
                " and at >= ?4 and at < ?5 and (?6 < 0 or success = ?6) order by id desc limit ?7"
              : "select id, at, event, success, account, source, subject, key, peer, request, times"
                " from audit_log where ?1 = 0 and ?2 = '' and id < ?3"
                " and at >= ?4 and at < ?5 and (?6 < 0 or success = ?6) order by id desc limit ?7";
      GEWU_TRY(rows, reader.use(sql));
      rows->bind(1, query.account.value).bind(2, query.event).bind(3, query.before);
      rows->bind(4, query.from.ms).bind(5, query.until.ms);
      rows->bind(6, std::int64_t{query.success ? (*query.success ? 1 : 0) : -1});
      rows->bind(7, static_cast<std::int64_t>(query.rows));
      for (;;) {
        GEWU_TRY(found, rows->step());
        if (!found) return records;
        records.push_back(audit_of(*rows));
      }
    });
  }

  Result<std::vector<ReadSum>> sum_reads(std::int64_t after) override {
    return get<std::vector<ReadSum>>(read_, [&](Reader& reader)
                                                -> Result<std::vector<ReadSum>> {
      std::vector<ReadSum> sums;
      GEWU_TRY(rows, reader.use(
                         "select l.account, l.day, max(l.locality), count(distinct l.matter),"
                         " count(distinct case when l.outside then l.matter end),"
                         " count(distinct case when l.night then l.matter end), max(l.id)"
                         " from (select distinct account, day from read_log where id > ?) n"
                         " join read_log l on l.account = n.account and l.day = n.day"
                         " where l.kind not in ('list', 'search', 'table')"
                         " group by l.account, l.day"));
      rows->bind(1, after);
      for (;;) {
        GEWU_TRY(found, rows->step());
        if (!found) return sums;
        sums.push_back({{rows->integer(0)},
                        {static_cast<std::int32_t>(rows->integer(1))},
                        std::string(rows->text(2)),
                        rows->integer(3),
                        rows->integer(4),
                        rows->integer(5),
                        rows->integer(6)});
      }
    });
  }

  Result<std::vector<Canary>> find_canaries() override {
    return get<std::vector<Canary>>(
        read_, [&](Reader& reader) { return sqlite::find_canaries(reader, vault_); });
  }

  Result<std::vector<CanaryRead>> find_canary_reads(std::int64_t after) override {
    return get<std::vector<CanaryRead>>(read_, [&](Reader& reader) {
      return sqlite::find_canary_reads(reader, vault_, after);
    });
  }

  Result<bool> take_unseal(AccountId account, Date day, std::int64_t most) override {
    return get<bool>(write_, [&](Reader& writer) -> Result<bool> {
      GEWU_TRY(row, writer.use("select taken from unseal_day where account = ? and day = ?"));
      GEWU_TRY(found, row->bind(1, account.value).bind(2, std::int64_t{day.days}).step());
      if ((found ? row->integer(0) : 0) >= most) return false;
      GEWU_TRY(upsert, writer.use("insert into unseal_day (account, day, taken) values (?, ?, 1)"
                                  " on conflict do update set taken = taken + 1"));
      GEWU_CHECK(upsert->bind(1, account.value).bind(2, std::int64_t{day.days}).run());
      return true;
    });
  }

  Status give_unseal_back(AccountId account, Date day) override {
    return write_([&](Reader& writer) -> Status {
      GEWU_TRY(update, writer.use("update unseal_day set taken = taken - 1"
                                  " where account = ? and day = ? and taken > 0"));
      return update->bind(1, account.value).bind(2, std::int64_t{day.days}).run();
    });
  }

  Status add_listed(const std::vector<ListedMatter>& matters) override {
    if (matters.empty()) return {};
    return write_([&](Reader& writer) -> Status {
      GEWU_TRY(old, writer.use("delete from listed where day < ?"));
      GEWU_CHECK(old->bind(1, std::int64_t{matters.back().day.days}).run());
      for (const ListedMatter& matter : matters) {
        GEWU_TRY(row, writer.use("insert into listed (day, account, matter) values (?, ?, ?)"
                                 " on conflict do nothing"));
        row->bind(1, std::int64_t{matter.day.days}).bind(2, matter.account.value);
        GEWU_CHECK(row->bind(3, matter.matter.value).run());
      }
      return {};
    });
  }

  Result<std::vector<MatterId>> find_listed(AccountId account, Date day) override {
    return get<std::vector<MatterId>>(read_, [&](Reader& reader) -> Result<std::vector<MatterId>> {
      std::vector<MatterId> matters;
      GEWU_TRY(rows, reader.use("select matter from listed where day = ? and account = ?"));
      rows->bind(1, std::int64_t{day.days}).bind(2, account.value);
      for (;;) {
        GEWU_TRY(found, rows->step());
        if (!found) return matters;
        matters.push_back({rows->integer(0)});
      }
    });
  }

  Result<std::size_t> drop_reads(Instant before, std::size_t rows_max) override {
    return drop(kReads, kOldReads,
                "delete from read_log where id <= ?", before, rows_max);
  }
  Result<std::size_t> drop_audits(Instant before, std::size_t rows_max) override {
    GEWU_TRY(dropped, drop(kAudits, kOldAudits,
                           "delete from audit_log where id <= ?", before, rows_max));
    return dropped;
  }

 private:
  /// What `run` gives inside one reading, or one transaction.
  template <typename Value, typename Run>
  static Result<Value> get(const WithReader& door, Run run) {
    Result<Value> value = refuse(ErrorCode::internal, "internal");
    GEWU_CHECK(door([&](Reader& reader) -> Status {
      value = run(reader);
      if (!value) return std::unexpected(value.error());
      return {};
    }));
    return value;
  }

  /// Where the chain stands: the last row, else where the rows that went ended.
  static Result<End> end_of(Reader& reader, const char* sql, const char* log) {
    GEWU_TRY(last, reader.use(sql));
    GEWU_TRY(found, last->step());
    if (!found) return base_of(reader, log);
    const auto hash = as_hash(last->blob(1));
    if (!hash) return refuse(ErrorCode::internal, "log.hash");
    return End{last->integer(0), *hash};
  }

  /// Where the rows that went ended; the beginning while none has gone.
  static Result<End> base_of(Reader& reader, const char* log) {
    GEWU_TRY(base, reader.use("select first, base from log_end where log = ?"));
    GEWU_TRY(is_there, base->bind(1, log).step());
    if (!is_there) return End{0, security::chain_start(log)};
    const auto hash = as_hash(base->blob(1));
    if (!hash) return refuse(ErrorCode::internal, "log.hash");
    return End{base->integer(0), *hash};
  }

  Status keep_end(Reader& writer, const char* log, const End& end) {
    GEWU_TRY(upsert, writer.use("insert into log_end (log, first, base, seal)"
                                " values (?1, 0, ?2, ?3) on conflict do update set seal = ?3"));
    return upsert->bind(1, log).bind_blob(2, security::chain_start(log))
        .bind_blob(3, vault_.seal_own(seal_purpose(log), bytes_of(end)))
        .run();
  }

  static Status insert(Reader& writer, const ReadRecord& record, const Sha256& hash) {
    GEWU_TRY(row, writer.use("insert into read_log (id, at, day, account, post, matter, kind,"
                             " outside, night, request, locality, hash)"
                             " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    row->bind(1, record.id).bind(2, record.at.ms).bind(3, std::int64_t{record.day.days});
    row->bind(4, record.account.value).bind(5, record.post.value).bind(6, record.matter.value);
    row->bind(7, to_text(record.kind)).bind(8, record.outside ? 1 : 0);
    row->bind(9, record.night ? 1 : 0).bind(10, record.request).bind(11, record.locality);
    return row->bind_blob(12, hash).run();
  }

  static Status insert(Reader& writer, const AuditRecord& record, const Sha256& hash) {
    GEWU_TRY(row, writer.use("insert into audit_log (id, at, event, success, account, source,"
                             " subject, key, peer, request, times, hash)"
                             " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    row->bind(1, record.id).bind(2, record.at.ms).bind(3, record.event);
    row->bind(4, record.success ? 1 : 0).bind(5, record.account.value).bind(6, record.source);
    row->bind(7, record.subject).bind(8, record.key).bind(9, record.peer);
    row->bind(10, record.request).bind(11, record.times);
    return row->bind_blob(12, hash).run();
  }

  Status append_audits(Reader& writer, std::vector<AuditRecord>& records) {
    GEWU_TRY(end, end_of(writer, kLastAudit, kAudits));
    for (AuditRecord& record : records) {
      record.id = end.id + 1;
      end = {record.id, security::chain_next(end.hash, bytes_of(record))};
      GEWU_CHECK(insert(writer, record, end.hash));
    }
    return keep_end(writer, kAudits, end);
  }

  Result<std::size_t> drop(const char* log, const char* oldest_sql, const char* delete_sql,
                           Instant before, std::size_t rows_max) {
    return get<std::size_t>(write_, [&](Reader& writer) -> Result<std::size_t> {
      std::size_t dropped = 0;
      GEWU_TRY(oldest, writer.use(oldest_sql));
      oldest->bind(1, before.ms).bind(2, static_cast<std::int64_t>(rows_max));
      End last;
      for (;;) {
        GEWU_TRY(found, oldest->step());
        if (!found) break;
        const auto hash = as_hash(oldest->blob(1));
        if (!hash) return refuse(ErrorCode::internal, "log.hash");
        last = {oldest->integer(0), *hash};
        ++dropped;
      }
      if (dropped == 0) return dropped;
      GEWU_TRY(rows, writer.use(delete_sql));
      GEWU_CHECK(rows->bind(1, last.id).run());
      GEWU_TRY(base, writer.use("update log_end set first = ?, base = ? where log = ?"));
      GEWU_CHECK(base->bind(1, last.id).bind_blob(2, last.hash).bind(3, log).run());
      return dropped;
    });
  }

  WithReader read_, write_;
  Vault& vault_;
};

/// Walks one log; `check` makes the row's bytes.
Status compare_log(Reader& reader, Vault& vault, const char* log, const char* sql,
                   const std::function<Bytes(const Statement&)>& bytes_of_row,
                   std::vector<std::string>& differences) {
  const auto note = [&](const std::string& what) {
    differences.push_back(std::string(log) + " " + what);
  };
  GEWU_TRY(ends, reader.use("select first, base, seal from log_end where log = ?"));
  GEWU_TRY(has_end, ends->bind(1, log).step());
  End end{0, security::chain_start(log)};
  Bytes sealed;
  if (has_end) {
    const auto base = as_hash(ends->blob(1));
    if (!base) note("base");
    end = {ends->integer(0), base.value_or(Sha256{})};
    const auto seal = ends->blob(2);
    sealed.assign(seal.begin(), seal.end());
    if (end.id == 0 && end.hash != security::chain_start(log)) note("base");
  }
  GEWU_TRY(rows, reader.use(sql));
  for (;;) {
    GEWU_TRY(found, rows->step());
    if (!found) break;
    const std::int64_t id = rows->integer(0);
    const auto hash = as_hash(rows->blob(11));
    const Sha256 expected = security::chain_next(end.hash, bytes_of_row(*rows));
    if (id != end.id + 1 || !hash || *hash != expected) note(std::to_string(id));
    end = {id, hash.value_or(expected)};
  }
  if (!has_end) {
    if (end.id != 0) note("end");
    return {};
  }
  const auto opened = vault.open_own(seal_purpose(log), sealed);
  if (!opened || *opened != bytes_of(end)) note("end");
  return {};
}

}  // namespace

std::unique_ptr<LogBook> make_log_book(WithReader read, WithReader write, Vault& vault) {
  return std::make_unique<SqliteLogBook>(std::move(read), std::move(write), vault);
}

Status compare_logs(Reader& reader, Vault& vault, std::vector<std::string>& differences) {
  GEWU_TRY(strange, reader.use("select log from log_end"
                               " where log not in ('read_log', 'audit_log', 'canary')"));
  for (;;) {
    GEWU_TRY(found, strange->step());
    if (!found) break;
    differences.push_back("log_end " + std::string(strange->text(0)));
  }
  GEWU_CHECK(compare_canaries(reader, vault, differences));
  GEWU_CHECK(compare_log(reader, vault, kReads,
                         "select id, at, day, account, post, matter, kind, outside, night, request,"
                         " locality, hash from read_log order by id",
                         [](const Statement& row) {
                           // Flags and kinds as the file has them, not as they are understood.
                           Bytes bytes;
                           for (int i = 0; i < 6; ++i) append(bytes, row.integer(i));
                           append(bytes, row.text(6));
                           append(bytes, row.integer(7));
                           append(bytes, row.integer(8));
                           append(bytes, row.text(9));
                           append(bytes, row.text(10));
                           return bytes;
                         },
                         differences));
  GEWU_CHECK(compare_log(reader, vault, kAudits,
                         "select id, at, event, success, account, source, subject, key, peer,"
                         " request, times, hash from audit_log order by id",
                         [](const Statement& row) {
                           Bytes bytes;
                           append(bytes, row.integer(0));
                           append(bytes, row.integer(1));
                           append(bytes, row.text(2));
                           append(bytes, row.integer(3));
                           append(bytes, row.integer(4));
                           for (int i = 5; i < 10; ++i) append(bytes, row.text(i));
                           append(bytes, row.integer(10));
                           return bytes;
                         },
                         differences));
  // An alarm of an earlier version has no posts in its line though it told some: its notices are
  // held against everything else that it says.
  GEWU_TRY(notices, reader.use(
                        "select 'notice ' || n.id from notice n"
                        " left join audit_log a on a.id = n.event"
                        " where n.matter = 0 and ((a.id is null and n.event > coalesce("
                        "(select first from log_end where log = 'audit_log'), 0)) or a.at <> n.at"
                        " or a.subject <> n.words"
                        " or n.text not in ('reading_unusual', 'unseal_drawn')"
                        " or n.text <> case when a.event in ('unusual_reading', 'canary_read')"
                        " then 'reading_unusual' else a.event end"
                        " or (a.peer <> ''"
                        " and instr(',' || a.peer || ',', ',' || n.post || ',') = 0)"
                        " or n.not_before is not null)"
                        " union all select 'audit_log ' || a.id from audit_log a"
                        " where a.event in ('unusual_reading', 'canary_read', 'unseal_drawn')"
                        " and a.peer <> ''"
                        " and (select count(distinct n.post) from notice n where n.matter = 0"
                        " and n.event = a.id)"
                        " <> length(a.peer) - length(replace(a.peer, ',', '')) + 1"));
  for (;;) {
    GEWU_TRY(found, notices->step());
    if (!found) return {};
    differences.emplace_back(notices->text(0));
  }
}

}  // namespace gewu::store::sqlite
