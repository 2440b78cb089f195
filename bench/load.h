#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// A client of its own over loopback: connections that each send the next request as soon as their
// answer is in, or not before its time has come.

namespace gewu::bench {

/// 127.0.0.2, 127.0.0.3, …
std::uint32_t next_to_each_other(std::size_t number);
/// 127.1.0.1, 127.2.0.1, …: none lies in another's network. At most 254.
std::uint32_t far_from_each_other(std::size_t number);

struct LoadPlan {
  std::uint16_t port = 0;
  std::size_t connections = 64;
  double seconds = 1;              ///< no request begins later
  double per_second = 0;           ///< of all connections together; 0: as fast as answers come
  /// Loopback addresses by the number of the connection: what one may ask is bounded.
  std::function<std::uint32_t(std::size_t)> address = next_to_each_other;
  /// The whole request of a number, head and body.
  std::function<std::string(std::size_t number)> request;
  /// Judges an answer; an error ends the load.
  std::function<Status(std::size_t number, int status, std::string_view body)> take;
};

struct LoadResult {
  std::size_t answers = 0;
  double seconds = 0;              ///< from the first request to the last answer
  std::vector<double> waits_ms;    ///< of each answer
};

/// One thread drives all connections. `unavailable` `bench.socket`.
Result<LoadResult> put_load(const LoadPlan& plan);

/// One request and its answer, for whoever waits for a server to be ready.
struct Reply {
  int status = 0;
  std::string body;
};
Result<Reply> ask_once(std::uint16_t port, const std::string& request);

std::string get_request(std::string_view target);
std::string post_request(std::string_view target, std::string_view headers, std::string_view body);

}  // namespace gewu::bench
