#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "gateway/gateway.h"
#include "support/shipped_office.h"
#include "usecase/send_messages.h"

// An appeal that was dealt with and waits for its author's answer, and what was sent to him.

namespace gewu::test {

/// Takes what is sent, or can't be reached, or refuses it.
class KeptMessages : public gateway::Messenger {
 public:
  Status send(const gateway::OutwardMessage& message) override {
    messages.push_back(message);
    return answer;
  }
  std::vector<gateway::OutwardMessage> messages;
  Status answer;
};

/// People of one street, as far as an appeal meets them.
struct StreetPeople {
  explicit StreetPeople(ShippedOffice& office)
      : centre(office.seat("centre_1", "centre")),
        dispatcher(office.seat("dispatcher_beishan_street", "dispatcher")),
        second(office.seat("dispatcher_beishan_street", "second")),
        officer(office.seat("officer_lighting_office", "officer")),
        caller(office.seat("caller_beishan_street", "caller")) {}
  usecase::Caller centre, dispatcher, second, officer, caller;
};

/// Through all hands until it is to be called back.
inline void bring_to_calling(ShippedOffice& office, const StreetPeople& people, MatterId id) {
  const auto now = office.store->read()->load(id);
  if (now->type->states[now->state].name == "received")
    must(office.act(people.centre, id, "accept", {{"category", kernel::Key{"lighting"}}}));
  kernel::Row task;
  task.cells = {{"by_whom", kernel::organisation_unit("lighting_office")},
                {"share", kernel::Key{"lead"}},
                {"what", std::string("换灯")},
                {"due", *parse_date("2026-09-28")}};
  must(office.act(people.dispatcher, id, "split",
                  {{"tasks", kernel::make_set({kernel::make_large(std::move(task))})}}));
  const auto parts = must(office.store->find_parts(id, 10));
  const auto open = std::ranges::find_if(parts, [](const auto& part) { return !part->is_final(); });
  must(office.act(people.officer, (*open)->id, "take"));
  must(office.act(people.officer, (*open)->id, "report", {{"result", std::string("已换")}}));
  must(office.act(people.second, (*open)->id, "pass"));
}

/// What the sender of the office would carry now.
inline Result<usecase::Sent> send(ShippedOffice& office, KeptMessages& kept) {
  const auto words = [](std::string_view key, const auto&) {
    return std::vector<std::pair<std::string, std::string>>{{"zh-CN", std::string(key)}};
  };
  return usecase::send_messages(*office.office, {kept, "https://office.example", words});
}

/// The code in a message's link; empty: it has none.
inline std::string code_in(const gateway::OutwardMessage& message) {
  const auto mark = message.link.find('#');
  return mark == std::string::npos ? "" : message.link.substr(mark + 1);
}

}  // namespace gewu::test
