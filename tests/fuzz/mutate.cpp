#include "fuzz/mutate.h"

#include <algorithm>
#include <array>

namespace gewu::fuzz {

namespace {

constexpr std::size_t kPartMax = 64;
constexpr std::array<std::uint32_t, 10> kBounds = {
    0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};

/// A place in the input, its end included.
std::size_t place_in(const std::string& input, Random& random) {
  return random.below(input.size() + 1);
}
std::size_t length_from(const std::string& input, std::size_t at, Random& random) {
  return random.below(std::min(kPartMax, input.size() - at) + 1);
}

/// A number of one, two or four bytes, in either order, over what stands there.
void put_bound(std::string& input, std::size_t at, Random& random) {
  const std::uint32_t number = kBounds[random.below(kBounds.size())];
  const std::size_t size = std::size_t{1} << random.below(3);
  const bool is_little = random.below(2) == 0;
  for (std::size_t i = 0; i < size && at + i < input.size(); ++i) {
    const std::size_t shift = 8 * (is_little ? i : size - 1 - i);
    input[at + i] = static_cast<char>(number >> shift & 0xFF);
  }
}

void edit(std::string& input, const std::string& other, const Target& target, Random& random) {
  const std::size_t at = place_in(input, random);
  const std::size_t length = length_from(input, at, random);
  const auto byte = static_cast<char>(random.below(256));
  const auto& words = target.words;
  const std::string word = words.empty() ? std::string(1, byte) : words[random.below(words.size())];
  switch (random.below(10)) {
    case 0:
      if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << random.below(8)));
      break;
    case 1: if (at < input.size()) input[at] = byte; break;
    case 2: input.insert(at, 1, byte); break;
    case 3: input.erase(at, length); break;
    case 4: input.insert(place_in(input, random), input.substr(at, length)); break;
    case 5: input.insert(at, word); break;
    case 6: input.replace(at, std::min(word.size(), input.size() - at), word); break;
    case 7: put_bound(input, at, random); break;
    case 8: {
      const std::size_t from = place_in(other, random);
      input.replace(at, length, other.substr(from, length_from(other, from, random)));
      break;
    }
    case 9: input = input.substr(0, at) + other.substr(place_in(other, random)); break;
  }
}

}  // namespace

std::string mutate(std::string input, const std::string& other, const Target& target,
                   Random& random) {
  for (std::uint64_t edits = 1 + random.below(6); edits > 0; --edits)
    edit(input, other, target, random);
  if (input.size() > target.bytes_max) input.resize(target.bytes_max);
  return input;
}

}  // namespace gewu::fuzz
