#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/limits.h"
#include "base/result.h"
#include "http/message.h"

namespace gewu::http {

/// A path whose bodies may be larger than others, and take their time.
struct LargeBodies {
  std::string path;
  std::size_t bytes_max = 0;
  unsigned seconds = 120;            ///< to send one
  std::size_t at_once_max = 32;      ///< bodies in memory; more answer 503
};

struct ListenOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;            ///< 0: any free one
  std::string tls_certificate, tls_key;  ///< PEM files; empty: without TLS
  unsigned socket_threads = 1;
  /// Handlers are synchronous and a write waits for its group commit, so that many threads wait
  /// and few work: groups can be as large as this.
  unsigned handler_threads = 64;
  unsigned header_seconds = 10;      ///< to send a whole request
  unsigned idle_seconds = 60;        ///< between requests of a connection
  std::size_t body_bytes_max = kLimits.body_bytes_max;
  LargeBodies large;                 ///< an empty path: none
  std::size_t connections_max = 20'000;
  std::size_t waiting_max = 512;     ///< requests that wait for a handler; more answer 503
};

/// Sockets, HTTP/1.1 and time limits; the handler does the rest. Nothing of the network library
/// leaves the .cpp.
class Listener {
 public:
  using Handler = std::function<Answer(Request)>;

  /// `unavailable` `http.listen` when the address is taken; `invalid` `http.tls` (`file`, `reason`).
  static Result<std::unique_ptr<Listener>> open(ListenOptions options, Handler handler);
  virtual ~Listener() = default;

  virtual std::uint16_t port() const = 0;
  /// Serves until `stop`; then lets answers in the making finish.
  virtual void run() = 0;
  /// Reads certificate and key again, for connections to come; on an error (`http.tls`) those that
  /// were read before stay. Any thread.
  virtual Status renew_tls() = 0;
  /// From any thread or a signal handler's thread.
  virtual void stop() = 0;
};

}  // namespace gewu::http
