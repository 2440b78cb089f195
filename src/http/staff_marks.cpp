#include "http/staff_marks.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/text.h"
#include "http/message.h"
#include "security/hash.h"

namespace gewu::http {
namespace {

constexpr std::string_view kMarkPurpose = "staff_mark";
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kProofBytes = 16;
constexpr std::int64_t kStaleMs = kMsPerDay;
/// More than the staff of a prefecture at their desks and on the road.
constexpr std::size_t kAddressesMax = 65'536;
constexpr int kVersion4Bits = 96;
constexpr std::size_t kVersion6NetworkBytes = 8;

std::optional<Network> parse_address(const std::string& text) {
  Network network;
  in_addr four{};
  if (inet_pton(AF_INET, text.c_str(), &four) == 1) {
    network.address[10] = network.address[11] = 0xFF;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&four.s_addr);
    std::copy_n(bytes, sizeof four.s_addr, network.address.begin() + 12);
    return network;
  }
  if (inet_pton(AF_INET6, text.c_str(), network.address.data()) == 1) return network;
  return std::nullopt;
}

bool is_version_4(const Network& network) {
  const auto zeros = std::span(network.address).first(10);
  return std::ranges::all_of(zeros, [](std::uint8_t byte) { return byte == 0; }) &&
         network.address[10] == 0xFF && network.address[11] == 0xFF;
}

bool contains(const Network& network, const Network& address) {
  for (int bit = 0; bit < network.bits; ++bit) {
    const auto at = static_cast<std::size_t>(bit / 8);
    const int mask = 0x80 >> bit % 8;
    if (((network.address[at] ^ address.address[at]) & mask) != 0) return false;
  }
  return true;
}

/// One line of a house mostly has a whole /64.
std::string place_of(const std::string& peer) {
  const auto address = parse_address(peer);
  if (!address || is_version_4(*address)) return peer;
  return security::hex_encode(std::span(address->address).first(kVersion6NetworkBytes));
}

/// When a mark says that it was given.
std::optional<Instant> given_at(std::string_view mark) {
  const auto ms = parse_integer(mark.substr(0, mark.find('.')));
  return ms ? std::optional(Instant{*ms}) : std::nullopt;
}

}  // namespace

Result<Network> parse_network(std::string_view text) {
  const auto bad = [&] {
    return refuse(ErrorCode::invalid, "http.network", {{"network", std::string(text)}});
  };
  const auto slash = text.find('/');
  auto network = parse_address(std::string(text.substr(0, slash)));
  if (!network) return bad();
  if (slash == text.npos) return *network;
  const auto bits = parse_integer(text.substr(slash + 1));
  const int most = is_version_4(*network) ? 128 - kVersion4Bits : 128;
  if (!bits || *bits < 0 || *bits > most) return bad();
  network->bits = static_cast<int>(*bits) + 128 - most;
  return *network;
}

StaffMarks::StaffMarks(const security::Key* key, Random& random, std::vector<Network> networks,
                       int address_minutes)
    : random_(random),
      key_(key ? key->derive(kMarkPurpose) : security::Key::generate(random)),
      networks_(std::move(networks)),
      address_ms_(address_minutes * kMsPerMinute) {}

std::string StaffMarks::proof_of(std::string_view words) const {
  const auto whole = security::hmac_sha256(key_.bytes(), security::view_of(words));
  return security::base64url_encode(security::ByteView(whole).first(kProofBytes));
}

std::string StaffMarks::issue(Instant now) const {
  std::array<std::uint8_t, kSaltBytes> salt{};
  random_.fill(salt);
  const std::string words = std::to_string(now.ms) + "." + security::base64url_encode(salt);
  return words + "." + proof_of(words);
}

bool StaffMarks::is_mark(std::string_view mark, Instant now) const {
  const auto dot = mark.rfind('.');
  const auto at = given_at(mark);
  if (dot == mark.npos || !at || now - *at >= kStaffMarkMs) return false;
  const std::string proof = proof_of(mark.substr(0, dot));
  return security::equal_constant_time(security::view_of(mark.substr(dot + 1)),
                                       security::view_of(proof));
}

bool StaffMarks::is_stale(std::string_view mark, Instant now) const {
  const auto at = given_at(mark);
  return !at || now - *at >= kStaleMs || !is_mark(mark, now);
}

void StaffMarks::note_address(const std::string& peer, Instant now) {
  if (address_ms_ == 0 || is_loopback(peer)) return;
  const std::lock_guard lock(mutex_);
  if (seen_.size() >= kAddressesMax)
    std::erase_if(seen_, [&](const auto& entry) { return now - entry.second >= address_ms_; });
  if (const std::string place = place_of(peer);
      seen_.size() < kAddressesMax || seen_.contains(place))
    seen_[place] = now;
}

bool StaffMarks::is_address(const std::string& peer, Instant now) {
  if (is_loopback(peer)) return false;
  if (const auto address = parse_address(peer);
      address && std::ranges::any_of(networks_, [&](const Network& network) {
        return contains(network, *address);
      }))
    return true;
  const std::lock_guard lock(mutex_);
  const auto seen = seen_.find(place_of(peer));
  return seen != seen_.end() && now - seen->second < address_ms_;
}

}  // namespace gewu::http
