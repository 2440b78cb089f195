#pragma once

#include <chrono>

#include "gateway/gateway.h"

namespace gewu::gateway {

/// How long a witness over the net may take for one telling.
inline constexpr std::chrono::seconds kWebhookTimeout{10};

/// A page of somebody else's that takes POSTs of `application/x-ndjson`, one signed root a line:
/// "http://host:port/path" (loopback or a private net) or "https://host/path" with a certificate
/// that this machine trusts. Any answer of 2xx is a receipt; redirects are not followed.
/// `invalid` `witness.url`.
Result<std::unique_ptr<Witness>> webhook_witness(const std::string& url,
                                                 std::chrono::milliseconds timeout =
                                                     kWebhookTimeout);

}  // namespace gewu::gateway
