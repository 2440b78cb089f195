#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

// A request and its answer, as handlers see them: no library's types.

namespace gewu::http {

enum class Method { get, head, post, put, patch, del, options, other };

struct Request {
  Method method = Method::get;
  std::string target;                     ///< as sent
  std::string path;                       ///< decoded, without the query
  std::vector<std::string> segments;      ///< of the path
  std::vector<std::pair<std::string, std::string>> query;  ///< decoded, in order
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string body;
  std::string peer;                       ///< address of whoever asks; see `learn_peer`
  bool over_tls = false;                  ///< this server's own
  bool from_proxy = false;                ///< it came through the proxy that is trusted
  std::string id;                         ///< a code to read out on the phone

  std::optional<std::string_view> header(std::string_view lower_case_name) const;
  std::optional<std::string_view> parameter(std::string_view name) const;
  std::vector<std::string_view> parameters(std::string_view name) const;
  std::optional<std::string_view> cookie(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Where a stream of server-sent events goes. Any thread may send; a slow client is cut.
class EventStream {
 public:
  virtual ~EventStream() = default;
  /// False once the client is gone.
  virtual bool send(std::string text) = 0;
  virtual void end() = 0;
};

/// A handler answers at once, or asks for a stream: then it is called with it and returns.
struct Answer {
  Response response;
  std::function<void(std::shared_ptr<EventStream>)> stream;
};

/// 127.0.0.0/8, ::1, localhost.
bool is_loopback(std::string_view address);
/// Of a request that comes from the trusted proxy's address, the last address that it forwards for
/// asks. From anywhere else such a header is somebody's own words.
void learn_peer(Request& request, std::string_view proxy);

/// Whether the browser came by TLS: this server's, or that of the trusted proxy.
bool comes_by_tls(const Request& request);

/// Percent-decoding of a target into path, segments and query; `http.target` when malformed.
Status parse_target(std::string_view target, Request& request);

}  // namespace gewu::http
