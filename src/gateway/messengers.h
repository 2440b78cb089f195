#pragma once

#include "gateway/gateway.h"

namespace gewu::gateway {

/// A page of the office's own sender (an SMS gateway, an official account): takes POSTs of JSON, one
/// message each: {id, to, kind: "answer"|"news", text: {zh-CN, ko, en}, link?}. Any answer of 2xx takes it
/// over; 4xx but 408 and 429 refuses it for good. `invalid` `messenger.url`.
Result<std::unique_ptr<Messenger>> webhook_messenger(const std::string& url);

/// A file that a sender of the office's empties: the same JSON, a line a message, readable by its owner
/// alone. What lies in it are links that work.
std::unique_ptr<Messenger> file_messenger(std::string path);

}  // namespace gewu::gateway
