#include "usecase/send_messages.h"

#include <algorithm>

#include "kernel/matter/built_in.h"
#include "security/token.h"
#include "usecase/answer_link.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kMessagesARound = 200;

/// The number that the author gave with the matter; it is frozen there (definition_check_actions).
Result<std::string> phone_of(Office& office, const Snapshot& matter) {
  const auto given = given_contact(*matter.type);
  if (!given) return std::string();
  GEWU_TRY(value, office.store.open_sealed(matter.id, matter.type->fields[*given].name));
  const auto* contact = value.get_shared<Contact>();
  return contact == nullptr ? std::string() : contact->phone;
}

bool offers(const Snapshot& matter, const Name& name) {
  if (name == "change_contact") return !matter.is_final();
  const ActionSpec* action = matter.type->find_action(name);
  return action != nullptr &&
         std::ranges::find(action->from, matter.state) != action->from.end();
}

/// The code of a new link; empty where the matter went on meanwhile.
Result<std::string> issue(Office& office, MatterId matter, const Name& action) {
  const auto code = security::issue_answer_code(office.random);
  store::CommitRequest request;
  request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
    const SnapshotPtr now = turn.source.load(matter);
    if (!now || !offers(*now, action)) return refuse(ErrorCode::conflict, "answer_link.left");
    store::Writing writing;
    writing.issued_link = {code.stored, matter, action, turn.now + kAnswerLinkMs};
    return writing;
  };
  const auto committed = office.store.commit(std::move(request));
  if (committed) return code.text;
  if (committed.error().key == "answer_link.left") return std::string();
  return std::unexpected(committed.error());
}

/// What is to be sent; nothing where nobody is to be told.
Result<std::optional<gateway::OutwardMessage>> compose(Office& office, const Outside& outside,
                                                       const store::OutgoingMessage& waiting) {
  const std::optional<gateway::OutwardMessage> nothing;
  const SnapshotPtr matter = office.store.read()->load(waiting.matter);
  if (!matter) return nothing;
  gateway::OutwardMessage message;
  message.id = std::to_string(waiting.row);
  GEWU_TRY(phone, phone_of(office, *matter));
  if (phone.empty()) return nothing;
  message.to = std::move(phone);
  std::vector<ErrorDetail> details{{"number", matter->number}};
  if (!waiting.answer.empty()) {
    GEWU_TRY(code, issue(office, matter->id, waiting.answer));
    if (code.empty()) return nothing;
    // Behind the #, so that no server and no proxy writes it into a log.
    message.link = outside.public_url + "/m/answer#" + code;
    details.push_back({"link", message.link});
    details.push_back({"days", std::to_string(kAnswerLinkMs / kMsPerDay)});
  } else {
    details.push_back({"link", outside.public_url + "/m"});
  }
  message.text =
      outside.words(waiting.answer.empty()              ? "message.news"
                    : waiting.answer == "change_contact" ? "message.change_contact"
                                                         : "message.answer",
                    details);
  return std::optional(std::move(message));
}

}  // namespace

Result<Sent> send_messages(Office& office, const Outside& outside) {
  Sent sent;
  const Instant now = office.clock.now();
  GEWU_TRY(waiting, office.store.read_outbox(now + -kMessageLatestMs, kMessagesARound));
  for (const store::OutgoingMessage& one : waiting) {
    GEWU_TRY(message, compose(office, outside, one));
    if (message) {
      const Status told = outside.messenger.send(*message);
      if (!told && told.error().code != ErrorCode::invalid) return std::unexpected(told.error());
      if (told) ++sent.messages;
      else sent.refused.emplace_back(one.matter, told.error());
    }
    GEWU_CHECK(office.store.mark_delivered(one.row, now));
  }
  return sent;
}

}  // namespace gewu::usecase
