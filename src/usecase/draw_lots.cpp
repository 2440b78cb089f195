#include "usecase/draw_lots.h"

#include <algorithm>
#include <utility>

#include "security/bytes.h"
#include "security/hash.h"

namespace gewu::usecase {

namespace {

// The closing zero ends the label, so that it is the beginning of no other.
constexpr std::string_view kLotLabel{"gewu/draw/1\0", 12};
constexpr std::string_view kMadeUpLabel{"gewu/draw-made-up/1\0", 20};
constexpr std::string_view kNameEnd{"\0", 1};

void keep_once(std::vector<MatterId>& matters) {
  std::ranges::sort(matters);
  const auto twice = std::ranges::unique(matters);
  matters.erase(twice.begin(), twice.end());
}

}  // namespace

std::string seed_of(const SignedRoot& root) { return security::hex_encode(hash_of(root)); }

std::string made_up_seed(std::string_view key) {
  return security::hex_encode(
      security::sha256({security::view_of(kMadeUpLabel), security::view_of(key)}));
}

Result<std::vector<MatterId>> draw_lots(std::string_view seed, std::string_view draw,
                                        std::vector<MatterId> candidates, std::size_t count) {
  const auto bytes = security::parse_sha256(seed);
  if (!bytes) return refuse(ErrorCode::invalid, "draw.seed");
  keep_once(candidates);
  std::vector<std::pair<security::Sha256, MatterId>> lots;
  lots.reserve(candidates.size());
  for (const MatterId id : candidates) {
    const std::string number = std::to_string(id.value);
    lots.emplace_back(
        security::sha256({security::view_of(kLotLabel), security::ByteView(*bytes),
                          security::view_of(draw), security::view_of(kNameEnd),
                          security::view_of(number)}),
        id);
  }
  std::ranges::sort(lots);
  std::vector<MatterId> drawn;
  for (std::size_t i = 0; i < std::min(count, lots.size()); ++i) drawn.push_back(lots[i].second);
  return drawn;
}

std::string digest_of(std::vector<MatterId> candidates) {
  keep_once(candidates);
  std::string text;
  for (const MatterId id : candidates) text += std::to_string(id.value) + "\n";
  return security::hex_encode(security::sha256(security::view_of(text)));
}

}  // namespace gewu::usecase
