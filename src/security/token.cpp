#include "security/token.h"

#include <algorithm>
#include <optional>

namespace gewu::security {

namespace {

constexpr std::string_view kSymbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // Crockford's base32
constexpr std::size_t kSecretSize = 16;
constexpr std::size_t kSymbolCount = 28;  // 140 bits: 128 secret, 12 to check
constexpr std::size_t kGroupSize = 4;
constexpr std::string_view kReceipt = "receipt";
constexpr std::string_view kAnswer = "answer";
constexpr std::string_view kAdministrator = "administrator";

using Secret = std::array<std::uint8_t, kSecretSize>;
/// Secret and check bits side by side, the last four bits unused.
using Packed = std::array<std::uint8_t, kSecretSize + 2>;

/// The check bits depend on the kind, so that one kind of token is not read as another.
Packed pack(const Secret& secret, std::string_view kind) {
  const Sha256 check = sha256({view_of("gewu/token/"), view_of(kind), secret});
  Packed packed{};
  std::ranges::copy(secret, packed.begin());
  packed[kSecretSize] = check[0];
  packed[kSecretSize + 1] = check[1] & 0xF0;
  return packed;
}

/// The 28 symbols, in groups. This is the text whose SHA-256 is stored.
std::string spell(const Packed& packed) {
  std::string text;
  for (std::size_t symbol = 0; symbol < kSymbolCount; ++symbol) {
    if (symbol > 0 && symbol % kGroupSize == 0) text.push_back('-');
    unsigned value = 0;
    for (std::size_t bit = symbol * 5; bit < symbol * 5 + 5; ++bit)
      value = value << 1 | (packed[bit / 8] >> (7 - bit % 8) & 1u);
    text.push_back(kSymbols[value]);
  }
  return text;
}

/// Full-width forms (U+FF01 to U+FF5E) as ASCII, the ideographic space as a blank, long dashes
/// (U+2010 to U+2015) as a dash: what the keyboards of phones give.
std::string narrow(std::string_view typed) {
  std::string text;
  for (std::size_t at = 0; at < typed.size(); ++at) {
    const auto byte = [&](std::size_t k) {
      return at + k < typed.size() ? static_cast<unsigned char>(typed[at + k]) : 0u;
    };
    const unsigned point = (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
    if (byte(0) == 0xEF && byte(1) >= 0xBC && byte(1) <= 0xBD && byte(2) >= 0x80) {
      text.push_back(static_cast<char>(point - 0xF00 + 0x20));
      at += 2;
    } else if (byte(0) == 0xE3 && byte(1) == 0x80 && byte(2) == 0x80) {
      text.push_back(' ');
      at += 2;
    } else if (byte(0) == 0xE2 && byte(1) == 0x80 && byte(2) >= 0x90 && byte(2) <= 0x95) {
      text.push_back('-');
      at += 2;
    } else {
      text.push_back(typed[at]);
    }
  }
  return text;
}

/// Value of a symbol however it was written; nothing for one that no code has.
std::optional<unsigned> value_of(char symbol) {
  if (symbol >= 'a' && symbol <= 'z') symbol = static_cast<char>(symbol - 'a' + 'A');
  if (symbol == 'O') symbol = '0';
  if (symbol == 'I' || symbol == 'L') symbol = '1';
  const auto at = kSymbols.find(symbol);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<unsigned>(at);
}

std::optional<Packed> unspell(std::string_view typed) {
  Packed packed{};
  std::size_t bit = 0;
  for (const char symbol : narrow(typed)) {
    if (symbol == ' ' || symbol == '-' || symbol == '\t' || symbol == '\n' || symbol == '\r')
      continue;
    const auto value = value_of(symbol);
    if (!value || bit == kSymbolCount * 5) return std::nullopt;
    for (int shift = 4; shift >= 0; --shift, ++bit)
      if (*value >> shift & 1u)
        packed[bit / 8] = static_cast<std::uint8_t>(packed[bit / 8] | 0x80u >> bit % 8);
  }
  if (bit != kSymbolCount * 5) return std::nullopt;
  return packed;
}

IssuedToken issue(Random& random, std::string_view kind) {
  Secret secret{};
  random.fill(secret);
  IssuedToken token{spell(pack(secret, kind)), {}};
  token.stored = sha256(token.text);
  return token;
}

Result<Sha256> read(std::string_view typed, std::string_view kind) {
  const std::string key = "token." + std::string(kind);
  const auto packed = unspell(typed);
  if (!packed) return refuse(ErrorCode::invalid, key + ".form");
  Secret secret{};
  std::copy_n(packed->begin(), secret.size(), secret.begin());
  if (pack(secret, kind) != *packed) return refuse(ErrorCode::invalid, key + ".mistyped");
  return sha256(spell(*packed));
}

}  // namespace

IssuedToken issue_session_token(Random& random) {
  std::array<std::uint8_t, 32> secret{};
  random.fill(secret);
  IssuedToken token{base64url_encode(secret), {}};
  token.stored = sha256(token.text);
  return token;
}

Result<Sha256> read_session_token(std::string_view text) {
  if (text.size() == 43)
    if (const auto bytes = base64url_decode(text); bytes && bytes->size() == 32)
      return sha256(text);
  return refuse(ErrorCode::unauthenticated, "token.session.form");
}

IssuedToken issue_receipt_code(Random& random) { return issue(random, kReceipt); }
Result<Sha256> read_receipt_code(std::string_view typed) { return read(typed, kReceipt); }

IssuedToken issue_answer_code(Random& random) { return issue(random, kAnswer); }
Result<Sha256> read_answer_code(std::string_view typed) { return read(typed, kAnswer); }

IssuedToken issue_administrator_token(Random& random) { return issue(random, kAdministrator); }
Result<Sha256> read_administrator_token(std::string_view typed) {
  return read(typed, kAdministrator);
}

Sha256 receipt_mark(const Sha256& stored) {
  return sha256({view_of(std::string_view("gewu/receipt/1\0", 15)), stored});
}

Sha256 answer_mark(const Sha256& stored) {
  return sha256({view_of(std::string_view("gewu/answer/1\0", 14)), stored});
}

}  // namespace gewu::security
