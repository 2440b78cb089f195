#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace gewu::bench {

/// `gewu serve` on an office, as a process of its own: what an operator starts.
class ServedOffice {
 public:
  /// Starts it on a free port and asks until health answers. `unavailable` `bench.server` when
  /// that takes more than a minute.
  static Result<ServedOffice> start(const std::string& executable, const std::string& data);
  ServedOffice(ServedOffice&& other) noexcept;
  ServedOffice& operator=(ServedOffice&&) = delete;
  /// Ends it in order.
  ~ServedOffice();

  std::uint16_t port() const { return port_; }
  /// From the start of the process to the first good answer.
  double ready_seconds() const { return ready_seconds_; }
  /// Resident memory now and at most, in MB of 2^20 bytes.
  Result<double> memory_mb() const;
  Result<double> memory_peak_mb() const;

 private:
  ServedOffice(pid_t process, std::uint16_t port) : process_(process), port_(port) {}
  Result<double> read_status(const char* field) const;

  pid_t process_ = -1;
  std::uint16_t port_ = 0;
  double ready_seconds_ = 0;
};

/// Somebody who is signed in.
struct Visitor {
  std::string headers;             ///< session, token against forgery, post; each with its line end
  std::string grid;                ///< one of those that the post covers
};
/// An officer of the desk of every community, signed in before a server opens the office.
Result<std::vector<Visitor>> sign_in_officers(const std::string& data);
/// The appeals that the visitor's community has received, first or last page.
std::string list_request(const Visitor& visitor, bool last_page);
/// Whether it is such a list; `bench.wrong` else.
Status expect_list(std::string_view body);

/// How large an office's server grows under the work of a day: work lists forwards and backwards of
/// every level, matters read, appeals opened, over 64 connections. Every answer is looked at.
struct Served {
  double ready_seconds = 0, idle_mb = 0, busy_mb = 0, requests_per_s = 0;
};
Result<Served> serve_and_measure(const std::string& executable, const std::string& data,
                                 double seconds);

}  // namespace gewu::bench
