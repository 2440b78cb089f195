#include "store/sqlite/reader.h"

#include <algorithm>

#include "base/text.h"
#include "codec/matter_json.h"
#include "codec/value_json.h"

namespace gewu::store::sqlite {

using namespace gewu::kernel;

namespace {

/// Matters by their ids, the first column.
Result<std::vector<MatterId>> read_ids(Statement& statement) {
  std::vector<MatterId> matters;
  for (;;) {
    GEWU_TRY(found, statement.step());
    if (!found) return matters;
    matters.push_back({statement.integer(0)});
  }
}

}  // namespace

template <typename Sql>
Result<Statement*> Reader::prepared(std::unordered_map<Sql, Statement>& known, const Sql& sql) {
  auto found = known.find(sql);
  if (found == known.end()) {
    GEWU_TRY(statement, connection_.prepare(sql));
    found = known.emplace(sql, std::move(statement)).first;
  }
  found->second.reset();
  return &found->second;
}

Result<Statement*> Reader::use(const char* sql) { return prepared(statements_, sql); }
Result<Statement*> Reader::use_composed(const std::string& sql) {
  return prepared(composed_, sql);
}

void Reader::rest() {
  for (auto& [sql, statement] : statements_) statement.reset();
  for (auto& [sql, statement] : composed_) statement.reset();
}

OneMoment::OneMoment(Reader& reader) {
  if (sqlite3_get_autocommit(reader.connection().raw()) == 0) return;
  // Without it each statement reads of its own moment, as it would have: no reason to refuse.
  const auto begin = reader.use("begin");
  if (begin && (*begin)->run()) reader_ = &reader;
}

OneMoment::~OneMoment() {
  if (reader_ == nullptr) return;
  if (const auto commit = reader_->use("commit")) static_cast<void>((*commit)->run());
}

std::string hold_key(const Name& type, const Name& hold, const std::vector<std::string>& keys) {
  std::string text = type + "." + hold;
  for (const std::string& key : keys) text += "\x1f" + key;
  return text;
}

Result<SnapshotPtr> Reader::load(MatterId id) {
  if (cache_ != nullptr)
    if (SnapshotPtr known = cache_->find(id)) return known;
  const std::uint64_t generation = cache_ != nullptr ? cache_->generation() : 0;
  GEWU_TRY(loaded, load_stored(id));
  if (cache_ != nullptr && loaded) cache_->offer(id, loaded, generation);
  return loaded;
}

Result<SnapshotPtr> Reader::load_stored(MatterId id) {
  GEWU_TRY(statement, use("select snapshot from matter where id = ?"));
  GEWU_TRY(found, statement->bind(1, id.value).step());
  if (!found) return SnapshotPtr();
  GEWU_TRY(json, codec::parse_own_json(statement->text(0), codec::journal_limits()));
  GEWU_TRY(snapshot, codec::read_snapshot(json, find_type_));
  statement->reset();
  return std::make_shared<const Snapshot>(std::move(snapshot));
}

std::string set_name(const SetKey& key) {
  std::string name;
  name.reserve(key.type.size() + 1 + key.field.size());
  return name.append(key.type).append(1, '.').append(key.field);
}

Result<std::vector<MatterId>> Reader::members(const SetKey& key) {
  GEWU_TRY(statement, use("select member from link where field = ? and target = ?"
                          " order by member limit ?"));
  statement->bind(1, set_name(key)).bind(2, key.target.value);
  statement->bind(3, static_cast<std::int64_t>(kMembersRead));
  return read_ids(*statement);
}

Result<std::vector<HoldRecord>> Reader::holds(const std::string& key, MatterId except) {
  GEWU_TRY(statement, use("select body from held where hold = ? and matter <> ?"));
  statement->bind(1, key).bind(2, except.value);
  std::vector<HoldRecord> held;
  for (;;) {
    GEWU_TRY(found, statement->step());
    if (!found) break;
    GEWU_TRY(json, codec::parse_json(statement->text(0), codec::journal_limits()));
    GEWU_TRY(record, codec::read_hold(json));
    held.push_back(std::move(record));
  }
  return held;
}

Result<std::vector<MatterId>> Reader::find_number(std::string_view number) {
  GEWU_TRY(statement, use("select id from matter where number = ? order by id limit 100"));
  statement->bind(1, number);
  return read_ids(*statement);
}

Result<std::optional<MatterId>> Reader::find_receipt(const security::Sha256& hash) {
  GEWU_TRY(statement, use("select id from matter where receipt = ?"));
  GEWU_TRY(found, statement->bind_blob(1, hash).step());
  return found ? std::optional(MatterId{statement->integer(0)}) : std::nullopt;
}

Result<Event> Reader::read_event_body(std::string_view body) {
  GEWU_TRY(json, codec::parse_json(body, codec::journal_limits()));
  const codec::Json* event = json.find("event");
  if (!event) return codec::bad_record("event");
  return codec::read_event(
      *event,
      [this](MatterId matter, const Name& field, std::uint8_t slot, const codec::Json& hidden) {
        return secrets_.open_recorded(matter, field, slot, hidden);
      },
      find_type_);
}

Result<std::vector<Event>> Reader::timeline(MatterId matter, std::size_t rows_max) {
  GEWU_TRY(statement, use("select body from event where matter = ? order by sequence desc limit ?"));
  statement->bind(1, matter.value).bind(2, static_cast<std::int64_t>(rows_max));
  std::vector<Event> events;
  for (;;) {
    GEWU_TRY(found, statement->step());
    if (!found) break;
    GEWU_TRY(event, read_event_body(statement->text(0)));
    events.push_back(std::move(event));
  }
  return events;
}

Result<std::optional<Event>> Reader::event(EventId id) {
  GEWU_TRY(statement, use("select body from event where id = ?"));
  GEWU_TRY(found, statement->bind(1, id.value).step());
  if (!found) return std::optional<Event>();
  GEWU_TRY(event, read_event_body(statement->text(0)));
  return std::optional(std::move(event));
}

Result<std::vector<MatterId>> Reader::due(Instant until, std::size_t rows_max) {
  GEWU_TRY(statement, use("select id from matter where wake_at <= ? order by wake_at limit ?"));
  statement->bind(1, until.ms).bind(2, static_cast<std::int64_t>(rows_max));
  return read_ids(*statement);
}

Result<std::vector<MatterId>> Reader::pinned(const std::string& type,
                                             const std::string& text_sha256) {
  // The lists of work hold every open matter and few others; the table of matters is all of them.
  GEWU_TRY(statement, use("select id from matter where text_sha256 = ?1 and id in (select id from"
                          " worklist where state > ?2 || '.' and state < ?2 || '/') order by id"));
  statement->bind(1, text_sha256).bind(2, type);
  return read_ids(*statement);
}

Result<std::vector<PendingRipple>> Reader::ripples(Instant older_than, std::size_t rows_max) {
  std::vector<PendingRipple> pending;
  GEWU_TRY(statement, use("select row, since, body from ripple"
                          " where stopped is null and since <= ? order by row limit ?"));
  statement->bind(1, older_than.ms).bind(2, static_cast<std::int64_t>(rows_max));
  for (;;) {
    GEWU_TRY(found, statement->step());
    if (!found) return pending;
    GEWU_TRY(json, codec::parse_json(statement->text(2), codec::journal_limits()));
    GEWU_TRY(ripple, codec::read_ripple(json));
    pending.push_back({statement->integer(0), std::move(ripple), Instant{statement->integer(1)}});
  }
}

Result<std::size_t> Reader::count(const char* sql) {
  GEWU_TRY(statement, use(sql));
  GEWU_TRY(found, statement->step());
  return found ? static_cast<std::size_t>(statement->integer(0)) : 0;
}

Result<std::vector<kernel::TallyMark>> Reader::tallies(std::size_t rows_max) {
  GEWU_TRY(statement, use("select matter, action, times from tally order by matter, action"
                          " limit ?"));
  statement->bind(1, static_cast<std::int64_t>(rows_max));
  std::vector<kernel::TallyMark> marks;
  for (;;) {
    GEWU_TRY(found, statement->step());
    if (!found) return marks;
    marks.push_back({MatterId{statement->integer(0)}, std::string(statement->text(1)),
                     statement->integer(2)});
  }
}

Result<std::vector<Notice>> Reader::notices(PostId post, Instant now, std::size_t rows_max) {
  GEWU_TRY(statement,
           use("select n.id, n.matter, n.event, n.at, n.text, n.words,"
               " n.id <= coalesce((select up_to from notice_read r where r.post = n.post), 0)"
               " from notice n where n.post = ? and coalesce(n.not_before, 0) <= ?"
               " order by n.id desc limit ?"));
  statement->bind(1, post.value).bind(2, now.ms).bind(3, static_cast<std::int64_t>(rows_max));
  std::vector<Notice> notices;
  for (;;) {
    GEWU_TRY(found, statement->step());
    if (!found) break;
    notices.push_back({statement->integer(0), post, MatterId{statement->integer(1)},
                       EventId{statement->integer(2)}, Instant{statement->integer(3)},
                       std::string(statement->text(4)), std::string(statement->text(5)),
                       statement->integer(6) != 0});
  }
  return notices;
}

Result<std::size_t> Reader::unread(const std::vector<PostId>& posts, Instant now) {
  std::size_t total = 0;
  for (const PostId post : posts) {
    GEWU_TRY(statement,
             use("select count(*) from notice where post = ?1 and coalesce(not_before, 0) <= ?2"
                 " and id > coalesce((select up_to from notice_read where post = ?1), 0)"));
    GEWU_TRY(found, statement->bind(1, post.value).bind(2, now.ms).step());
    if (found) total += static_cast<std::size_t>(statement->integer(0));
  }
  return total;
}

namespace {

Account read_account(const Statement& row) {
  return {{row.integer(0)},         std::string(row.text(1)), std::string(row.text(2)),
          std::string(row.text(3)), row.integer(4) != 0,      row.integer(5) != 0,
          row.integer(6) != 0,      row.integer(7) != 0,      row.integer(8) != 0};
}

}  // namespace

Result<std::optional<Account>> Reader::account(const std::string& login) {
  GEWU_TRY(statement, use("select id, login, display_name, password, disabled, may_administer,"
                          " may_import_past, may_secure, may_audit from account where login = ?"));
  GEWU_TRY(found, statement->bind(1, login).step());
  return found ? std::optional(read_account(*statement)) : std::nullopt;
}

Result<std::optional<Account>> Reader::account(AccountId id) {
  GEWU_TRY(statement, use("select id, login, display_name, password, disabled, may_administer,"
                          " may_import_past, may_secure, may_audit from account where id = ?"));
  GEWU_TRY(found, statement->bind(1, id.value).step());
  return found ? std::optional(read_account(*statement)) : std::nullopt;
}

Result<std::vector<Account>> Reader::accounts(const std::string& part_of_name,
                                              std::size_t rows_max) {
  GEWU_TRY(statement, use("select id, login, display_name, password, disabled, may_administer,"
                          " may_import_past, may_secure, may_audit from account"
                          " where instr(display_name, ?1) > 0 or instr(login, ?1) > 0"
                          " order by id limit ?2"));
  statement->bind(1, part_of_name).bind(2, static_cast<std::int64_t>(rows_max));
  std::vector<Account> accounts;
  for (;;) {
    GEWU_TRY(found, statement->step());
    if (!found) return accounts;
    accounts.push_back(read_account(*statement));
  }
}

namespace {

security::Sha256 read_hash(std::span<const std::uint8_t> bytes) {
  security::Sha256 hash{};
  if (bytes.size() == hash.size()) std::ranges::copy(bytes, hash.begin());
  return hash;
}

Session read_session(const Statement& row) {
  Session session;
  session.token_hash = read_hash(row.blob(0));
  session.account = {row.integer(1)};
  session.opened_at = {row.integer(2)};
  session.last_seen_at = {row.integer(3)};
  session.expires_at = {row.integer(4)};
  session.csrf = row.text(5);
  session.agent = row.text(6);
  return session;
}

}  // namespace

Result<std::optional<Session>> Reader::session(const security::Sha256& token) {
  GEWU_TRY(statement, use("select token, account, opened_at, last_seen_at, expires_at, csrf, agent"
                          " from session where token = ?"));
  GEWU_TRY(found, statement->bind_blob(1, token).step());
  return found ? std::optional(read_session(*statement)) : std::nullopt;
}

Result<std::vector<Session>> Reader::sessions(AccountId account) {
  GEWU_TRY(statement, use("select token, account, opened_at, last_seen_at, expires_at, csrf, agent"
                          " from session where account = ? order by last_seen_at desc"));
  statement->bind(1, account.value);
  std::vector<Session> sessions;
  for (;;) {
    GEWU_TRY(found, statement->step());
    if (!found) return sessions;
    sessions.push_back(read_session(*statement));
  }
}

Result<std::optional<SecondFactor>> Reader::second_factor(AccountId account) {
  GEWU_TRY(statement, use("select secret, last_step, recovery, confirmed from second_factor"
                          " where account = ?"));
  GEWU_TRY(found, statement->bind(1, account.value).step());
  if (!found) return std::optional<SecondFactor>();
  SecondFactor factor;
  factor.account = account;
  const auto box = statement->blob(0);
  GEWU_TRY(secret, secrets_.vault().open_own(kSecondFactor, box));
  factor.secret = std::move(secret);
  factor.last_step = statement->integer(1);
  for (const std::string_view word : split(statement->text(2), ' '))
    if (const auto hash = security::parse_sha256(word)) factor.recovery.push_back(*hash);
  factor.confirmed = statement->integer(3) != 0;
  return std::optional(std::move(factor));
}

Status Reader::journal(std::int64_t from_sequence,
                       const std::function<Status(const JournalLine&)>& each) {
  GEWU_TRY(statement, use("select stream, sequence, body, hash from event"
                          " where stream = 1 and sequence >= ? order by sequence"));
  statement->bind(1, from_sequence);
  for (;;) {
    GEWU_TRY(found, statement->step());
    if (!found) return {};
    JournalLine line;
    line.stream = statement->integer(0);
    line.sequence = statement->integer(1);
    line.body = statement->text(2);
    const auto hash = statement->blob(3);
    if (hash.size() == line.hash.size()) std::copy(hash.begin(), hash.end(), line.hash.begin());
    GEWU_CHECK(each(line));
  }
}

Result<std::optional<std::string>> Reader::office_value(std::string_view key) {
  GEWU_TRY(statement, use("select value from office where key = ?"));
  GEWU_TRY(found, statement->bind(1, key).step());
  return found ? std::optional(std::string(statement->text(0))) : std::nullopt;
}

Status Reader::derive_anew(std::string_view key, std::string_view version,
                           const std::function<Status()>& build) {
  GEWU_TRY(stands, office_value(key));
  rest();
  if (stands && *stands == version) return {};
  GEWU_CHECK(connection_.run("begin immediate"));
  const auto build_and_note = [&]() -> Status {
    GEWU_CHECK(build());
    GEWU_TRY(set, use("insert into office (key, value) values (?1, ?2)"
                      " on conflict do update set value = ?2"));
    return set->bind(1, key).bind(2, version).run();
  };
  const Status built = build_and_note();
  rest();
  if (!built) {
    static_cast<void>(connection_.run("rollback"));
    return built;
  }
  return connection_.run("commit");
}

}  // namespace gewu::store::sqlite
