#include "store/sqlite/evidence.h"

#include <algorithm>
#include <map>
#include <set>

#include "codec/matter_json.h"
#include "security/token.h"
#include "store/sqlite/answer_links.h"
#include "store/sqlite/figures.h"
#include "store/sqlite/logs.h"
#include "store/sqlite/reader.h"
#include "store/sqlite/roots.h"

namespace gewu::store::sqlite {

using namespace gewu::kernel;
using security::Sha256;

namespace {

std::string hex_of(std::span<const std::uint8_t> bytes) { return security::hex_encode(bytes); }

/// Rows that must stand in a table in the order of the journal, one by one from its start.
class Series {
 public:
  Series(Statement* rows, std::string name, std::vector<std::string>& differences)
      : rows_(rows), name_(std::move(name)), differences_(differences) {}

  /// Whether `same` finds the next row as it should be; only the first difference is told, since
  /// after it everything may have moved.
  template <typename Same>
  Status expect(std::int64_t line, Same same) {
    if (broken_) return {};
    GEWU_TRY(found, rows_->step());
    ++number_;
    if (found && rows_->integer(0) == number_ && same(*rows_)) return {};
    tell(std::to_string(line));
    return {};
  }
  Status end() {
    if (broken_) return {};
    GEWU_TRY(found, rows_->step());
    if (found) tell("beyond the journal");
    return {};
  }

 private:
  void tell(const std::string& where) {
    differences_.push_back(name_ + " " + where);
    broken_ = true;
  }
  Statement* rows_;
  std::string name_;
  std::vector<std::string>& differences_;
  std::int64_t number_ = 0;
  bool broken_ = false;
};

struct AccountLine {
  bool disabled = false, may_administer = false, may_import_past = false;
  bool may_secure = false, may_audit = false;
  std::string seal;                      ///< hex; empty: written before there were seals
};

class Evidence {
 public:
  Evidence(Reader& reader, Vault& vault, const codec::FindType& find_type, Inventory& inventory)
      : reader_(reader), vault_(vault), find_type_(find_type), inventory_(inventory) {}

  Status run() {
    // Those of alarms (matter 0) stand between them and are compared with their log.
    GEWU_TRY(notices, reader_.use("select id - alarms, post, matter, event, at, not_before, text,"
                                  " words from (select *, sum(matter = 0) over (order by id"
                                  " rows unbounded preceding) as alarms from notice)"
                                  " where matter <> 0 order by id"));
    GEWU_TRY(messages, reader_.use("select row, matter, event, at, body from outbox order by row"));
    Series notice_rows(notices, "notice", inventory_.differences);
    Series outbox_rows(messages, "outbox", inventory_.differences);
    notices_ = &notice_rows;
    outbox_ = &outbox_rows;
    GEWU_TRY(lines, reader_.use("select stream, sequence, id, matter, at, body, hash,"
                                " matter_previous from event order by sequence"));
    for (;;) {
      GEWU_TRY(found, lines->step());
      if (!found) break;
      GEWU_CHECK(take(*lines));
    }
    GEWU_CHECK(notice_rows.end());
    GEWU_CHECK(outbox_rows.end());
    GEWU_CHECK(count_rows("figure_row", "select count(*) from figure_row", figures_));
    GEWU_CHECK(count_rows("book_entry", "select count(*) from book_entry", entries_));
    GEWU_CHECK(compare_matters());
    GEWU_CHECK(compare_citations());
    GEWU_CHECK(links_.compare(reader_, inventory_.differences));
    GEWU_CHECK(compare_directory());
    GEWU_CHECK(compare_accounts());
    GEWU_CHECK(compare_tree());
    GEWU_CHECK(compare_logs(reader_, vault_, inventory_.differences));
    return compare_rest();
  }

 private:
  void note(std::string difference) { inventory_.differences.push_back(std::move(difference)); }

  Status take(Statement& row) {
    const std::int64_t sequence = row.integer(1);
    const std::string number = std::to_string(sequence);
    const std::string body(row.text(5));
    const auto hash = row.blob(6);
    Sha256 line_hash{};
    if (hash.size() == line_hash.size()) std::ranges::copy(hash, line_hash.begin());
    tree_.push_back(security::merkle_leaf(line_hash));
    if (tree_.size() == std::size_t{1} << kTreeStep) {
      nodes_[kTreeStep].push_back(security::merkle_root(tree_));
      tree_.clear();
    }
    const auto json = codec::parse_json(body, codec::journal_limits());
    if (!json) {
      note("line " + number + ": " + json.error().key);
      return {};
    }
    const auto differs = [&](const char* column, bool same) {
      if (!same) note("line " + number + ": " + column);
    };
    differs("stream", json->integer_at("stream") == row.integer(0));
    differs("sequence", json->integer_at("sequence") == sequence);
    differs("matter_previous",
            json->string_at("matter_previous").value_or("") == hex_of(row.blob(7)) &&
                row.is_null(7) == (json->find("matter_previous") == nullptr));
    std::int64_t id = row.integer(2), matter = 0, at = row.integer(4);
    if (const codec::Json* account = json->find("account")) {
      take_account(*account);
      id = account->integer_at("id").value_or(id);
      at = account->integer_at("at").value_or(at);
    } else if (const codec::Json* again = json->find("receipt_again")) {
      id = again->integer_at("id").value_or(0);
      at = again->integer_at("at").value_or(0);
      receipts_[again->integer_at("matter").value_or(0)] =
          std::string(json->string_at("receipt").value_or(""));
    } else if (const codec::Json* link = json->find("answer_link")) {
      id = link->integer_at("id").value_or(0);
      at = link->integer_at("at").value_or(0);
      links_.issue(*link);
    } else if (const codec::Json* directory = json->find("directory")) {
      GEWU_CHECK(take_directory(*directory, body, number, id, at));
    } else if (const codec::Json* event = json->find("event")) {
      auto read = codec::read_event(
          *event,
          [](MatterId, const Name&, std::uint8_t, const codec::Json&) -> Result<Value> {
            return Value(Erased{});
          },
          find_type_);
      if (!read) {
        note("line " + number + ": " + read.error().key);
        return {};
      }
      id = read->id.value;
      matter = read->matter.value;
      at = read->at.ms;
      last_hash_[matter] = hex_of(line_hash);
      GEWU_CHECK(take_event(*read, *json, sequence));
    } else {
      note("line " + number + ": form");
    }
    differs("id", id == row.integer(2));
    differs("matter", matter == row.integer(3));
    differs("at", at == row.integer(4));
    return {};
  }

  void take_account(const codec::Json& account) {
    AccountLine& line = accounts_[account.integer_at("account").value_or(0)];
    line.disabled = account.boolean_at("disabled").value_or(false);
    line.may_administer = account.boolean_at("may_administer").value_or(false);
    line.may_import_past = account.boolean_at("may_import_past").value_or(false);
    line.may_secure = account.boolean_at("may_secure").value_or(false);
    line.may_audit = account.boolean_at("may_audit").value_or(false);
    line.seal = account.string_at("seal").value_or("");
  }

  Status take_directory(const codec::Json& directory, const std::string& body,
                        const std::string& number, std::int64_t& id, std::int64_t& at) {
    auto event = codec::read_directory_event(directory);
    if (!event) {
      note("line " + number + ": " + event.error().key);
      return {};
    }
    id = event->id.value;
    at = event->at.ms;
    constexpr std::string_view kMember = "\"directory\":";
    const auto from = body.find(kMember);
    if (from == std::string::npos) return {};
    std::string text = body.substr(from + kMember.size());
    text.pop_back();
    if (const auto* publication = std::get_if<Publication>(&event->change))
      publications_.push_back({publication->sha256, publication->locality, std::move(text)});
    else
      directory_[entry_key(*event)] = std::move(text);
    return {};
  }

  Status take_event(const Event& event, const codec::Json& line, std::int64_t sequence) {
    if (event.opening) {
      auto& receipt = receipts_[event.matter.value];
      const std::int64_t from = event.opening->transferred_from.value;
      if (const auto mark = line.string_at("receipt")) receipt = std::string(*mark);
      else if (event.opening->has_receipt) receipt = kUnknown;
      if (const auto moved = receipts_.find(from); from != 0 && moved != receipts_.end() &&
                                                   moved->second)
        receipt = std::exchange(moved->second, std::nullopt);
    }
    if (event.kind == Event::Kind::action)
      for (const MatterId row : event.basis) ++citations_[row.value];
    links_.take(event);
    GEWU_CHECK(expect_figures(event, sequence));
    GEWU_CHECK(expect_entries(event, sequence));
    if (!event.source.empty()) return {};
    return expect_messages(event, sequence);
  }

  Status expect_figures(const Event& event, std::int64_t sequence) {
    std::int64_t position = 0;
    for (const Delta& delta : event.figures) {
      GEWU_TRY(row, reader_.use("select matter, territory, organisation, dimensions, count, sum"
                                " from figure_row where indicator = ? and day = ? and event = ?"
                                " and position = ?"));
      row->bind(1, delta.indicator).bind(2, delta.day.days).bind(3, event.id.value);
      GEWU_TRY(found, row->bind(4, position++).step());
      ++figures_;
      const bool same = found && row->integer(0) == event.matter.value &&
                        row->text(1) == delta.territory && row->text(2) == delta.organisation &&
                        row->text(3) == join_dimensions(delta.dimensions) &&
                        row->integer(4) == delta.count && row->integer(5) == delta.sum_micros;
      if (!same) note("figure_row " + std::to_string(sequence) + ": " + delta.indicator);
    }
    return {};
  }

  Status expect_entries(const Event& event, std::int64_t sequence) {
    std::int64_t position = 0;
    for (const BookEntry& entry : event.entries) {
      GEWU_TRY(row, reader_.use("select matter, amount, other from book_entry where book = ?"
                                " and account = ? and at = ? and event = ? and position = ?"));
      row->bind(1, entry.book).bind(2, entry.account).bind(3, entry.at.ms);
      GEWU_TRY(found, row->bind(4, event.id.value).bind(5, position++).step());
      ++entries_;
      const bool same = found && row->integer(0) == event.matter.value &&
                        row->integer(1) == entry.amount && row->text(2) == entry.other;
      if (!same) note("book_entry " + std::to_string(sequence) + ": " + entry.book);
      booked_.emplace(entry.book, entry.account);
    }
    return {};
  }

  Status expect_messages(const Event& event, std::int64_t sequence) {
    for (const MessageRecord& message : event.messages) {
      for (const PostId post : message.posts)
        GEWU_CHECK(notices_->expect(sequence, [&](const Statement& row) {
          const auto before = row.optional_integer(5);
          const bool same_start =
              before.has_value() == message.not_before.has_value() &&
              (!before || *before == message.not_before->ms);
          return row.integer(1) == post.value && row.integer(2) == event.matter.value &&
                 row.integer(3) == event.id.value && row.integer(4) == event.at.ms &&
                 same_start && row.text(6) == message.text && row.text(7) == message.words;
        }));
      for (const auto& [matter, body] : outbox_bodies(message, event.matter))
        GEWU_CHECK(outbox_->expect(sequence, [&](const Statement& row) {
          return row.integer(1) == matter.value && row.integer(2) == event.id.value &&
                 row.integer(3) == event.at.ms && row.text(4) == body;
        }));
    }
    return {};
  }

  Status count_rows(const char* table, const char* sql, std::int64_t expected) {
    GEWU_TRY(count, reader_.count(sql));
    if (static_cast<std::int64_t>(count) != expected)
      note(std::string(table) + ": " + std::to_string(count) + " rows, " +
           std::to_string(expected) + " in the journal");
    return {};
  }

  Status compare_matters() {
    GEWU_TRY(rows, reader_.use("select id, receipt, last_hash, snapshot from matter order by id"));
    for (;;) {
      GEWU_TRY(found, rows->step());
      if (!found) return {};
      const std::int64_t id = rows->integer(0);
      const std::string name = std::to_string(id);
      const auto hash = last_hash_.find(id);
      if (hash != last_hash_.end() && hash->second != hex_of(rows->blob(2)))
        note("last_hash " + name);
      if (!is_receipt(id, *rows)) note("receipt " + name);
      if (!is_canonical(id, rows->text(3))) note("snapshot " + name + ": bytes");
    }
  }

  bool is_receipt(std::int64_t id, const Statement& row) {
    const auto known = receipts_.find(id);
    if (known == receipts_.end() || !known->second) return row.is_null(1);
    if (row.is_null(1)) return *known->second == kUnknown;
    Sha256 stored{};
    if (row.blob(1).size() != stored.size()) return false;
    std::ranges::copy(row.blob(1), stored.begin());
    return *known->second == kUnknown || *known->second == hex_of(security::receipt_mark(stored));
  }

  /// Whether the text is what this executable writes of what it reads: nothing beside it.
  bool is_canonical(std::int64_t id, std::string_view text) {
    const auto json = codec::parse_json(text, codec::journal_limits());
    if (!json) return false;
    const auto snapshot = codec::read_snapshot(*json, find_type_);
    if (!snapshot || snapshot->id.value != id) return false;
    std::string again;
    codec::write_snapshot(again, *snapshot, [](MatterId, const RecordedValue&) {
      return std::string("null");
    });
    return again == text;
  }

  Status compare_directory() {
    GEWU_TRY(rows, reader_.use("select kind, key, body from directory_entry"));
    for (;;) {
      GEWU_TRY(found, rows->step());
      if (!found) break;
      const std::pair key{std::string(rows->text(0)), std::string(rows->text(1))};
      const auto known = directory_.find(key);
      if (known == directory_.end() || known->second != rows->text(2))
        note("directory " + key.first + " " + key.second);
      if (known != directory_.end()) directory_.erase(known);
    }
    for (const auto& [key, body] : directory_) note("directory " + key.first + " " + key.second);
    GEWU_TRY(texts, reader_.use("select position, sha256, locality, body from publication"
                                " order by position"));
    Series series(texts, "publication", inventory_.differences);
    for (const PublicationLine& line : publications_)
      GEWU_CHECK(series.expect(0, [&](const Statement& row) {
        return row.text(1) == line.sha256 && row.text(2) == line.locality &&
               row.text(3) == line.body;
      }));
    return series.end();
  }

  Status compare_citations() {
    GEWU_TRY(rows, reader_.use("select row, times from citation"));
    for (;;) {
      GEWU_TRY(found, rows->step());
      if (!found) break;
      const auto known = citations_.find(rows->integer(0));
      if (known == citations_.end() || known->second != rows->integer(1))
        note("citation " + std::to_string(rows->integer(0)));
      if (known != citations_.end()) citations_.erase(known);
    }
    for (const auto& [row, times] : citations_) note("citation " + std::to_string(row));
    return {};
  }

  Status compare_accounts() {
    GEWU_TRY(rows, reader_.use("select id, login, display_name, password, disabled,"
                               " may_administer, may_import_past, seal, may_secure, may_audit"
                               " from account"));
    for (;;) {
      GEWU_TRY(found, rows->step());
      if (!found) break;
      const std::int64_t id = rows->integer(0);
      const auto known = accounts_.find(id);
      const bool same = known != accounts_.end() &&
                        rows->integer(4) == (known->second.disabled ? 1 : 0) &&
                        rows->integer(5) == (known->second.may_administer ? 1 : 0) &&
                        rows->integer(6) == (known->second.may_import_past ? 1 : 0) &&
                        rows->integer(8) == (known->second.may_secure ? 1 : 0) &&
                        rows->integer(9) == (known->second.may_audit ? 1 : 0) &&
                        is_sealed(known->second, *rows);
      if (!same) note("account " + std::to_string(id));
      if (known != accounts_.end()) accounts_.erase(known);
    }
    for (const auto& [id, line] : accounts_) note("account " + std::to_string(id));
    return {};
  }

  bool is_sealed(const AccountLine& line, const Statement& row) {
    if (line.seal.empty()) return row.is_null(7);
    const auto seal = row.blob(7);
    if (hex_of(security::sha256(seal)) != line.seal) return false;
    const auto opened = vault_.open_own(kAccountWords, seal);
    Account account;
    account.login = row.text(1);
    account.display_name = row.text(2);
    account.password = row.text(3);
    return opened && std::ranges::equal(*opened, words_hash(account));
  }

  Status compare_tree() {
    for (int level = kTreeStep; level < kTreeLevels; level += kTreeStep) {
      const std::vector<Sha256>& below = nodes_[level];
      const std::size_t width = std::size_t{1} << kTreeStep;
      for (std::size_t at = 0; at + width <= below.size(); at += width)
        nodes_[level + kTreeStep].push_back(
            security::merkle_root(std::span(below).subspan(at, width)));
    }
    std::map<std::int64_t, std::int64_t> next;
    GEWU_TRY(rows, reader_.use("select stream, level, position, hash from tree_node"
                               " order by stream, level, position"));
    for (;;) {
      GEWU_TRY(found, rows->step());
      if (!found) break;
      const std::int64_t level = rows->integer(1);
      const std::int64_t position = next[level]++;
      const auto& nodes = nodes_[level];
      const bool same = rows->integer(0) == 1 && rows->integer(2) == position &&
                        position < static_cast<std::int64_t>(nodes.size()) &&
                        std::ranges::equal(rows->blob(3),
                                           nodes[static_cast<std::size_t>(position)]);
      if (!same) note("tree_node " + std::to_string(level) + " " + std::to_string(position));
    }
    for (const auto& [level, count] : next)
      if (level > kTreeStep && count != next[level - kTreeStep] >> kTreeStep)
        note("tree_node " + std::to_string(level));
    return {};
  }

  Status compare_rest() {
    GEWU_TRY(stream, reader_.use("select id, name from stream"));
    for (;;) {
      GEWU_TRY(found, stream->step());
      if (!found) break;
      if (stream->integer(0) != 1 || stream->text(1) != "sqlite") note("stream name");
    }
    GEWU_TRY(requests, reader_.use("select r.scope, r.id from request r where r.event <> 0"
                                   " and not exists (select 1 from event e where e.id = r.event)"));
    for (;;) {
      GEWU_TRY(found, requests->step());
      if (!found) break;
      note("request " + std::string(requests->text(0)) + " " + std::string(requests->text(1)));
    }
    GEWU_TRY(held, reader_.use("select h.hold, h.matter, h.body, m.type from held h"
                               " left join matter m on m.id = h.matter"));
    for (;;) {
      GEWU_TRY(found, held->step());
      if (!found) break;
      if (!is_hold(*held)) note("holds " + std::to_string(held->integer(1)));
    }
    // A fold takes all rows, so they are counted from one again.
    GEWU_TRY(tail, reader_.use("select row from delta order by row"));
    for (std::int64_t next = 1;; ++next) {
      GEWU_TRY(found, tail->step());
      if (!found) break;
      if (tail->integer(0) == next) continue;
      note("delta " + std::to_string(next));
      break;
    }
    GEWU_TRY(balances, reader_.use("select book, account from book_balance"));
    for (;;) {
      GEWU_TRY(found, balances->step());
      if (!found) return {};
      if (!booked_.contains({std::string(balances->text(0)), std::string(balances->text(1))}))
        note("balance " + std::string(balances->text(0)) + " " + std::string(balances->text(1)));
    }
  }

  static bool is_hold(const Statement& row) {
    const auto json = codec::parse_json(row.text(2), codec::journal_limits());
    if (!json) return false;
    const auto hold = codec::read_hold(*json);
    if (!hold || row.text(0) != hold_key(std::string(row.text(3)), hold->hold, hold->keys))
      return false;
    std::string again;
    codec::JsonWriter out(again);
    codec::write_hold(out, *hold);
    return again == row.text(2);
  }

  struct PublicationLine {
    std::string sha256, locality, body;
  };
  /// The journal says that its author has a code, not which: opened before it kept receipts, or by
  /// an import, which hands none out. Any will do, and none.
  static constexpr const char* kUnknown = "?";

  Reader& reader_;
  Vault& vault_;
  const codec::FindType& find_type_;
  Inventory& inventory_;
  Series* notices_ = nullptr;
  Series* outbox_ = nullptr;
  LinksOfJournal links_;
  std::map<std::int64_t, std::int64_t> citations_;   ///< how often each row was a basis
  std::int64_t figures_ = 0, entries_ = 0;
  std::set<std::pair<std::string, std::string>> booked_;
  std::map<std::int64_t, std::optional<std::string>> receipts_;  ///< mark by matter
  std::map<std::int64_t, std::string> last_hash_;
  std::map<std::pair<std::string, std::string>, std::string> directory_;
  std::vector<PublicationLine> publications_;
  std::map<std::int64_t, AccountLine> accounts_;
  std::vector<Sha256> tree_;                      ///< leaves of the block that is not yet complete
  std::map<std::int64_t, std::vector<Sha256>> nodes_;  ///< complete subtrees by level
};

}  // namespace

Sha256 words_hash(const Account& account) {
  security::Bytes bytes;
  security::append_part(bytes, security::view_of(account.login));
  security::append_part(bytes, security::view_of(account.display_name));
  security::append_part(bytes, security::view_of(account.password));
  return security::sha256(bytes);
}

std::pair<std::string, std::string> entry_key(const DirectoryEvent& event) {
  if (const auto* territory = std::get_if<TerritoryChange>(&event.change))
    return {"territory", territory->territory.code + "@" +
                             format_date(territory->territory.valid_from)};
  if (const auto* organisation = std::get_if<OrganisationChange>(&event.change))
    return {"organisation", organisation->organisation.key};
  if (const auto* post = std::get_if<PostChange>(&event.change))
    return {"post", std::to_string(post->post.id.value)};
  return {"publication", std::get<Publication>(event.change).sha256};
}

Status compare_with_journal(Reader& reader, Vault& vault, const codec::FindType& find_type,
                            Inventory& inventory) {
  return Evidence(reader, vault, find_type, inventory).run();
}

}  // namespace gewu::store::sqlite
