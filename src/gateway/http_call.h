#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace gewu::gateway {

/// Where a call goes: taken apart from "http://host:port/path?query" or "https://…".
struct HttpTarget {
  bool is_tls = false;
  std::string host, port, path;
};
/// Nothing but such a URL, without a user in it. `invalid` `gateway.url`.
Result<HttpTarget> parse_http_url(const std::string& url);

struct HttpCall {
  HttpTarget target;
  bool is_post = false;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};
struct HttpReply {
  int status = 0;
  std::string body;
};

/// One request and its whole answer (at most 256 KiB), over a connection of its own; TLS with a
/// certificate that this machine trusts; redirects are not followed. `unavailable` `gateway.call`
/// when no answer came in time.
Result<HttpReply> call_http(const HttpCall& call, std::chrono::milliseconds timeout);

}  // namespace gewu::gateway
