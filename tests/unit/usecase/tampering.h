#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/spans.h"
#include "security/token.h"
#include "store/log_book.h"
#include "support/shipped_office.h"
#include "usecase/canaries.h"
#include "usecase/keep_roots.h"
#include "usecase/pass_time.h"

// An office on a file with a little of everything in it, and somebody who changes the file by hand.

namespace gewu::test {

class RecordedOffice {
 public:
  /// `more`: appeals beyond the usual, for an office that is not like another.
  explicit RecordedOffice(int more = 0)
      : folder_(std::filesystem::temp_directory_path() /
                ("gewu_recorded_" + std::to_string(getpid()) + "_" + std::to_string(++made_))),
        office_((std::filesystem::create_directories(folder_), path()), shipped_directory()),
        seed(security::Key::generate(office_.random)) {
    live(more);
  }
  ~RecordedOffice() {
    office_.office.reset();
    office_.store.reset();
    std::filesystem::remove_all(folder_);
  }
  std::string path() const { return (folder_ / "office.db").string(); }
  usecase::Office& office() { return *office_.office; }
  ShippedOffice& shipped() { return office_; }
  usecase::SignedRoot sign() {
    auto root = must(usecase::sign_root(office(), seed));
    if (!root) throw std::runtime_error("nothing to sign");
    return *root;
  }
  /// Codes of the receipts, in the order of the appeals.
  std::vector<std::string> receipts;
  std::vector<MatterId> matters;
  std::vector<usecase::SignedRoot> roots;

 private:
  void wait(std::int64_t ms) {
    office_.clock.set(office_.clock.now() + ms);
    must(usecase::pass_all_time(office(), 500));
  }

  void appeal(int number, const usecase::Caller& centre) {
    auto submission = office_.appeal("第" + std::to_string(number) + "号路灯不亮");
    const auto sent = must(usecase::submit_matter(office(), submission));
    matters.push_back(sent.matter->id);
    receipts.push_back(sent.receipt);
    if (number % 3 != 0)
      must(office_.act(centre, sent.matter->id, "accept",
                       {{"category", kernel::Key{"lighting"}}}));
  }

  /// What no shipped definition does yet with appeals: an entry of a book, a quantity held, a row
  /// cited.
  void book() {
    store::CommitRequest request;
    request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
      kernel::OpenRequest open;
      const auto submission = office_.appeal("记账");
      open.type = submission.type;
      open.action = submission.action;
      open.values = std::get<std::vector<kernel::NamedValue>>(submission.values);
      const kernel::Chamber chamber{turn.directory, turn.source, turn.now, turn.ids};
      GEWU_TRY(decision, kernel::open_matter(chamber, open));
      kernel::Event& event = decision.steps.front().event;
      event.entries = {{"fund", "street", 1'250'00, "town", turn.now},
                       {"fund", "town", -1'250'00, "street", turn.now}};
      event.basis = {matters.front()};
      event.change.holds = {{"room", {"hall", "2026-09-22"}, std::nullopt, {}}};
      store::Writing writing;
      writing.decision = std::move(decision);
      writing.receipt = security::issue_receipt_code(office_.random).stored;
      return writing;
    };
    must(office_.store->commit(std::move(request)));
  }

  /// Answer links of two appeals; of the first a newer one, and one that ended with its state.
  void link() {
    const auto issue = [&](MatterId matter) {
      store::CommitRequest request;
      request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
        store::Writing writing;
        writing.issued_link = {security::issue_answer_code(office_.random).stored, matter, "withdraw",
                               turn.now + kMsPerDay};
        return writing;
      };
      must(office_.store->commit(std::move(request)));
    };
    issue(matters[1]);
    issue(matters[1]);
    issue(matters[6]);
    must(office_.act(must(usecase::find_receipt(office(), receipts[6])), matters[6], "withdraw"));
  }

  void live(int more) {
    const auto centre = office_.seat("centre_1", "zhang");
    must(usecase::change_directory(
        office(), {kernel::Publication{"", "{}", usecase::hash_definition("{}")}}, "test"));
    for (int i = 0; i < 8 + more; ++i) appeal(i, centre);
    book();
    link();
    keep_logs(centre);
    std::vector<usecase::NewAccount> accounts(300);
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      accounts[i].login = "clerk" + std::to_string(i);
      accounts[i].display_name = "职员";
      accounts[i].password_hash = "$argon2id$" + std::to_string(i);
    }
    must(usecase::make_accounts(office(), accounts, "test"));
    roots.push_back(sign());
    wait(3 * kMsPerDay);
    must(office_.store->fold());
    for (int i = 8; i < 14; ++i) appeal(i, centre);
    roots.push_back(sign());
    wait(5 * kMsPerDay);
    roots.push_back(sign());
  }

  void plant(const usecase::Caller& keeper) {
    usecase::SignedInCaller security;
    security.caller = keeper;
    security.may_secure = true;
    usecase::WantedCanary wanted;
    wanted.type = "appeal";
    wanted.state = "withdrawn";
    wanted.values = office_.appeal("楼道堆物").values;
    for (int i = 0; i < 3; ++i) must(usecase::plant_canary(office(), security, wanted));
  }

  /// Lines of both logs, an alarm that a post was told of, and a part of each that has gone.
  void keep_logs(const usecase::Caller& centre) {
    store::LogBook& log = office_.store->log_book();
    for (int i = 0; i < 6; ++i) {
      store::ReadRecord read;
      read.at = office_.clock.now() + i;
      read.day = {20'000 + i};
      read.account = centre.account;
      read.post = centre.post;
      read.matter = matters.front();
      read.kind = store::ReadKind::sealed;
      read.outside = i % 2 == 0;
      read.request = "7K3Q-0VXM";
      read.locality = "yanji";
      must(log.add_reads({read}));
      store::AuditRecord act;
      act.at = office_.clock.now() + i;
      act.event = "account_add";
      act.source = "web";
      act.subject = "clerk" + std::to_string(i);
      act.key = "account.administer";
      act.peer = "192.0.2.1";
      act.request = "7K3Q-0VXN";
      must(log.add_audits({act}));
    }
    store::AuditRecord alarm;
    alarm.at = office_.clock.now() + 9;
    alarm.event = "unusual_reading";
    alarm.account = centre.account;
    alarm.subject = "zhang";
    must(log.raise(alarm, {}, {centre.post}));
    plant(centre);
    must(log.drop_reads(office_.clock.now() + 2, 10));
    must(log.drop_audits(office_.clock.now() + 2, 10));
  }

  static inline int made_ = 0;
  std::filesystem::path folder_;
  ShippedOffice office_;

 public:
  security::Key seed;
};

/// One value of one row, changed by a single byte.
class Hand {
 public:
  explicit Hand(const std::string& path) {
    if (sqlite3_open(path.c_str(), &handle_) != SQLITE_OK) throw std::runtime_error("open");
    sqlite3_busy_timeout(handle_, 10'000);
    run("pragma synchronous=off");
    for (const auto& name : column("select name from sqlite_master where type = 'table'"))
      if (is_record(name)) tables_.push_back(name);
  }
  ~Hand() { sqlite3_close(handle_); }
  Hand(const Hand&) = delete;
  Hand& operator=(const Hand&) = delete;

  struct Change {
    std::string table, column, where_before, where_after, before, after;
    std::string row;                   ///< its first values, for the report
  };

  /// Any value of the record, or nothing where the draw met none that can be changed.
  std::optional<Change> spoil(std::mt19937_64& random) {
    const std::string table = tables_[random() % tables_.size()];
    const auto names = column("select name from pragma_table_info('" + table + "')");
    const auto count = std::stoll(column("select count(*) from " + table).front());
    if (count == 0) return std::nullopt;
    std::string sql = "select ";
    for (std::size_t i = 0; i < names.size(); ++i)
      sql += (i > 0 ? ", " : "") + ("quote(\"" + names[i] + "\")");
    sql += " from " + table + " limit 1 offset " + std::to_string(random() % count);
    const auto values = row(sql);
    const std::size_t at = random() % names.size();
    if (is_apart(table, names[at])) return std::nullopt;
    const auto altered = alter(values[at], random);
    if (!altered) return std::nullopt;
    Change change{table, names[at], "", "", values[at], *altered, values[0]};
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string part = (i > 0 ? " and \"" : "\"") + names[i] + "\" is ";
      change.where_before += part + values[i];
      change.where_after += part + (i == at ? *altered : values[i]);
    }
    if (!set(change, change.where_before, change.after)) return std::nullopt;
    return change;
  }
  void mend(const Change& change) {
    if (!set(change, change.where_after, change.before)) throw std::runtime_error("mend");
  }
  void run(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      throw std::runtime_error(sqlite3_errmsg(handle_));
  }
  std::vector<std::string> column(const std::string& sql) {
    std::vector<std::string> values;
    for (sqlite3_stmt* statement = prepare(sql);;) {
      if (sqlite3_step(statement) != SQLITE_ROW) {
        sqlite3_finalize(statement);
        return values;
      }
      values.push_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
    }
  }
  const std::vector<std::string>& tables() const { return tables_; }

 private:
  /// Tables that hold the record (docs/decisions/tamper_evidence.md says why the others do not).
  static bool is_record(const std::string& table) {
    static const std::set<std::string> apart{
        "office", "session", "second_factor", "password_reset", "notice_read", "request", "ripple",
        "unseal_day", "listed"};
    return !apart.contains(table) && !table.starts_with("word_index") &&
           !table.starts_with("sqlite_");
  }
  static bool is_apart(const std::string& table, const std::string& column) {
    return table == "outbox" && column == "delivered_at";
  }

  /// The literal with one byte changed: of a text or blob any, of a number one of its eight.
  static std::optional<std::string> alter(const std::string& literal, std::mt19937_64& random) {
    const auto other = [&](unsigned char old) {
      return static_cast<unsigned char>(old ^ (1 + random() % 255));
    };
    if (literal == "NULL") return std::nullopt;
    if (literal.starts_with("X'") || literal.starts_with("'")) {
      const bool is_blob = literal.starts_with("X'");
      std::string bytes;
      if (is_blob) {
        const auto decoded =
            security::hex_decode(literal.substr(2, literal.size() - 3));
        bytes.assign(decoded->begin(), decoded->end());
      } else {
        for (std::size_t i = 1; i + 1 < literal.size(); ++i) {
          bytes += literal[i];
          if (literal[i] == '\'') ++i;
        }
      }
      if (bytes.empty()) return std::nullopt;
      char& byte = bytes[random() % bytes.size()];
      byte = static_cast<char>(other(static_cast<unsigned char>(byte)));
      const std::string hex = "X'" + security::hex_encode(security::view_of(bytes)) + "'";
      return is_blob ? hex : "cast(" + hex + " as text)";
    }
    auto number = static_cast<std::uint64_t>(std::stoll(literal));
    number ^= std::uint64_t{1 + random() % 255} << (8 * (random() % 8));
    return std::to_string(static_cast<std::int64_t>(number));
  }

  bool set(const Change& change, const std::string& where, const std::string& value) {
    const std::string sql = "update " + change.table + " set \"" + change.column + "\" = " + value +
                            " where " + where;
    char* message = nullptr;
    const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, &message);
    sqlite3_free(message);
    return code == SQLITE_OK && sqlite3_changes(handle_) == 1;
  }
  sqlite3_stmt* prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
      throw std::runtime_error(sql + ": " + sqlite3_errmsg(handle_));
    return statement;
  }
  std::vector<std::string> row(const std::string& sql) {
    sqlite3_stmt* statement = prepare(sql);
    std::vector<std::string> values;
    if (sqlite3_step(statement) == SQLITE_ROW)
      for (int i = 0; i < sqlite3_column_count(statement); ++i)
        values.push_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, i)));
    sqlite3_finalize(statement);
    return values;
  }

  sqlite3* handle_ = nullptr;
  std::vector<std::string> tables_;
};

}  // namespace gewu::test
