#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/instant.h"
#include "base/random.h"
#include "base/result.h"
#include "base/spans.h"
#include "security/key.h"

namespace gewu::http {

/// A network as it is written: "10.20.0.0/16", "2001:db8::/32", or one address.
struct Network {
  std::array<std::uint8_t, 16> address{};   ///< of version 4 as ::ffff:a.b.c.d
  int bits = 128;
  bool operator==(const Network&) const = default;
};
/// `invalid` `http.network` (`network`) for what is none.
Result<Network> parse_network(std::string_view text);

/// By what the office's own people are known (经办人员标记) where a resident's answer comes in: a mark in
/// every browser in which one of them signed in, which stays when he signs out, and the addresses
/// that they come from (docs/decisions/answer_links.md).
class StaffMarks {
 public:
  /// `key` seals the marks; none: one that is forgotten with the process. An address counts for
  /// `address_minutes` after a session of staff was used there; 0: only `networks` count.
  StaffMarks(const security::Key* key, Random& random, std::vector<Network> networks,
             int address_minutes);

  /// A mark for a browser: a random number, when it was given, and what proves both.
  std::string issue(Instant now) const;
  /// Whether the office gave it within the time that a browser keeps it.
  bool is_mark(std::string_view mark, Instant now) const;
  /// Whether it is to be given anew, so that it does not end while staff still sign in there.
  bool is_stale(std::string_view mark, Instant now) const;

  /// Somebody of the staff was here. Any thread.
  void note_address(const std::string& peer, Instant now);
  /// An address of the office's networks, or one from which staff worked a short while ago. Never
  /// loopback: behind it nobody can be told from anybody.
  bool is_address(const std::string& peer, Instant now);

 private:
  std::string proof_of(std::string_view words) const;

  Random& random_;
  const security::Key key_;
  const std::vector<Network> networks_;
  const std::int64_t address_ms_;
  std::mutex mutex_;
  std::unordered_map<std::string, Instant> seen_;   ///< by address, of version 6 by its /64
};

/// How long a browser keeps the mark: the longest that browsers allow.
inline constexpr std::int64_t kStaffMarkMs = 400 * kMsPerDay;

}  // namespace gewu::http
