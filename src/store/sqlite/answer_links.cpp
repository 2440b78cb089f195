#include "store/sqlite/answer_links.h"

#include <algorithm>

#include "security/token.h"
#include "store/sqlite/reader.h"
#include "store/sqlite/writer.h"

// Answer links (答复链接): the rows, and the same once more from the journal for whoever checks.

namespace gewu::store::sqlite {

using namespace gewu::kernel;

namespace {

/// What an event does to the links of its matter. A migration gives the state another name: whoever
/// was to answer is still asked.
bool leaves_state(const Event& event) { return event.change.state && !event.change.moved; }
bool erases(const Event& event) {
  return !event.change.erased.empty() || !event.change.erased_keys.empty();
}

}  // namespace

std::vector<std::pair<MatterId, std::string>> outbox_bodies(const MessageRecord& message,
                                                            MatterId own) {
  const auto body_of = [&](bool answers) {
    std::string body;
    codec::JsonWriter out(body);
    out.begin_object().member("text", message.text).member("words", message.words);
    if (answers) out.member("answer", message.answer);
    out.end_object();
    return body;
  };
  std::vector<std::pair<MatterId, std::string>> bodies;
  if (message.to_author) bodies.emplace_back(own, body_of(!message.answer.empty()));
  for (const MatterId matter : message.authors) bodies.emplace_back(matter, body_of(false));
  return bodies;
}

Result<std::optional<AnswerLink>> Reader::answer_link(const security::Sha256& code) {
  GEWU_TRY(row, use("select matter, action, issued_at, until, ended from answer_link"
                    " where code = ?"));
  GEWU_TRY(found, row->bind_blob(1, code).step());
  if (!found) return std::optional<AnswerLink>();
  return std::optional(AnswerLink{MatterId{row->integer(0)}, Name(row->text(1)),
                                  Instant{row->integer(2)}, Instant{row->integer(3)},
                                  std::string(row->text(4))});
}

Result<std::vector<OutgoingMessage>> Reader::outbox(Instant since, std::size_t rows_max) {
  GEWU_TRY(rows, use("select row, matter, event, at, body from outbox"
                     " where delivered_at is null and at >= ? order by at, row limit ?"));
  rows->bind(1, since.ms).bind(2, static_cast<std::int64_t>(rows_max));
  std::vector<OutgoingMessage> messages;
  for (;;) {
    GEWU_TRY(found, rows->step());
    if (!found) return messages;
    GEWU_TRY(body, codec::parse_json(rows->text(4), codec::journal_limits()));
    messages.push_back({rows->integer(0), MatterId{rows->integer(1)}, EventId{rows->integer(2)},
                        Instant{rows->integer(3)}, std::string(body.string_at("text").value_or("")),
                        std::string(body.string_at("words").value_or("")),
                        Name(body.string_at("answer").value_or(""))});
  }
}

Status Writer::learn_links() {
  linked_.clear();
  GEWU_TRY(rows, reader_.use("select distinct matter from answer_link where ended = ''"));
  for (;;) {
    GEWU_TRY(found, rows->step());
    if (!found) return {};
    linked_.insert(MatterId{rows->integer(0)});
  }
}

std::optional<AnswerLink> Writer::answer_link(const security::Sha256& code) {
  auto found = [&]() -> Result<std::optional<AnswerLink>> {
    GEWU_CHECK(await_file());
    return reader_.answer_link(code);
  }();
  if (found) return std::move(*found);
  load_error_ = std::unexpected(found.error());
  return std::nullopt;
}

/// The journal tells of it, else whoever changes the file could give himself one.
Status Writer::issue_link(const IssuedLink& link, IdSource& ids, Instant now) {
  const EventId id{ids.next()};
  std::string body;
  codec::JsonWriter out(body);
  out.begin_object().member("id", id.value).member("matter", link.matter.value);
  out.member("action", link.action).member("at", now.ms).member("until", link.until.ms);
  out.member("mark", security::hex_encode(security::answer_mark(link.code))).end_object();
  GEWU_CHECK(append_event(id, {}, now, "answer_link", body));
  GEWU_CHECK(await_file());
  GEWU_TRY(revoke, reader_.use("update answer_link set ended = 'revoked'"
                               " where matter = ? and action = ? and ended = ''"));
  GEWU_CHECK(revoke->bind(1, link.matter.value).bind(2, link.action).run());
  GEWU_TRY(insert, reader_.use("insert into answer_link (code, matter, action, issued_at, until,"
                               " ended) values (?, ?, ?, ?, ?, '')"));
  insert->bind_blob(1, link.code).bind(2, link.matter.value).bind(3, link.action);
  GEWU_CHECK(insert->bind(4, now.ms).bind(5, link.until.ms).run());
  linked_.insert(link.matter);
  return {};
}

Status Writer::use_link(const security::Sha256& code) {
  GEWU_CHECK(await_file());
  GEWU_TRY(update, reader_.use("update answer_link set ended = 'used' where code = ?"));
  return update->bind_blob(1, code).run();
}

Status Writer::end_links(const Event& event) {
  if (erases(event)) {
    linked_.erase(event.matter);
    return write_later([this, matter = event.matter]() -> Status {
      GEWU_TRY(drop, reader_.use("delete from answer_link where matter = ?"));
      return drop->bind(1, matter.value).run();
    });
  }
  if (!leaves_state(event) || linked_.erase(event.matter) == 0) return {};
  return write_later([this, matter = event.matter]() -> Status {
    GEWU_TRY(leave, reader_.use("update answer_link set ended = 'left'"
                                " where matter = ? and ended = ''"));
    return leave->bind(1, matter.value).run();
  });
}

void LinksOfJournal::issue(const codec::Json& line) {
  AnswerLink link{MatterId{line.integer_at("matter").value_or(0)},
                  Name(line.string_at("action").value_or("")),
                  Instant{line.integer_at("at").value_or(0)},
                  Instant{line.integer_at("until").value_or(0)}, ""};
  Links& links = links_[link.matter];
  for (auto& [mark, older] : links)
    if (older.action == link.action && older.ended.empty()) older.ended = "revoked";
  links.emplace(std::string(line.string_at("mark").value_or("")), std::move(link));
}

void LinksOfJournal::take(const Event& event) {
  const auto found = links_.find(event.matter);
  if (found == links_.end()) return;
  for (auto& [mark, link] : found->second) {
    if (!link.ended.empty()) continue;
    if (event.actor.by_link && event.action == link.action) link.ended = "used";
    else if (leaves_state(event)) link.ended = "left";
  }
  if (erases(event)) links_.erase(found);
}

Status LinksOfJournal::compare(Reader& reader, std::vector<std::string>& differences) {
  const auto note = [&](MatterId matter) {
    differences.push_back("answer_link " + std::to_string(matter.value));
  };
  GEWU_TRY(rows, reader.use("select code, matter, action, issued_at, until, ended"
                            " from answer_link"));
  for (;;) {
    GEWU_TRY(found, rows->step());
    if (!found) break;
    security::Sha256 code{};
    const auto blob = rows->blob(0);
    if (blob.size() == code.size()) std::ranges::copy(blob, code.begin());
    const AnswerLink row{MatterId{rows->integer(1)}, Name(rows->text(2)),
                         Instant{rows->integer(3)}, Instant{rows->integer(4)},
                         std::string(rows->text(5))};
    const auto links = links_.find(row.matter);
    const std::string mark = security::hex_encode(security::answer_mark(code));
    if (links == links_.end() || !links->second.contains(mark) ||
        links->second.at(mark) != row || blob.size() != code.size())
      note(row.matter);
    if (links != links_.end()) links->second.erase(mark);
  }
  for (const auto& [matter, links] : links_)
    if (!links.empty()) note(matter);
  return {};
}

}  // namespace gewu::store::sqlite
