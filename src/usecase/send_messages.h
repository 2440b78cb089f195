#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/spans.h"
#include "gateway/gateway.h"
#include "usecase/office.h"

namespace gewu::usecase {

/// Who carries messages to people outside, and what they say.
struct Outside {
  gateway::Messenger& messenger;
  std::string public_url;            ///< where residents reach the office: "https://host"
  /// Words of a key in every language: "zh-CN", "ko", "en".
  std::function<std::vector<std::pair<std::string, std::string>>(
      std::string_view key, const std::vector<ErrorDetail>& details)>
      words;
};

/// What waited longer than this is no news any more: it is not sent.
inline constexpr std::int64_t kMessageLatestMs = 3 * kMsPerDay;

struct Sent {
  std::size_t messages = 0;
  std::vector<std::pair<MatterId, Error>> refused;  ///< for good, by the one who carries them
};

/// Sends what waits in the outbox to the contact that its author gave, each at least once. Where the
/// message is to be answered, its link is drawn now: the code is in no file of the office, and one
/// that is sent again revokes the one before. `unavailable` when the messenger can't be reached:
/// the rest waits.
Result<Sent> send_messages(Office& office, const Outside& outside);

}  // namespace gewu::usecase
