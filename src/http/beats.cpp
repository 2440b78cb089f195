#include "http/beats.h"

#include "base/text.h"
#include "security/hash.h"

namespace gewu::http {
namespace {

constexpr std::string_view kPurpose = "beat";
constexpr std::string_view kDevices = "device";
constexpr std::size_t kSignatureBytes = 16;

}  // namespace

Beats::Beats(const security::Key* key, Random& random)
    : key_(key ? key->derive(kPurpose) : security::Key::generate(random)),
      device_(key ? key->derive(kDevices) : security::Key::generate(random)) {}

std::string Beats::device_key_of(AccountId account) const {
  const security::Key own = device_.derive("account " + std::to_string(account.value));
  return security::hex_encode(own.bytes());
}

std::string Beats::signature_of(std::int64_t ms, AccountId account) const {
  security::Bytes said;
  security::append_u64(said, static_cast<std::uint64_t>(account.value));
  security::append_u64(said, static_cast<std::uint64_t>(ms));
  const auto whole = security::hmac_sha256(key_.bytes(), said);
  return security::hex_encode(security::ByteView(whole).first(kSignatureBytes));
}

std::string Beats::beat_of(AccountId account, Instant now) const {
  return std::to_string(now.ms) + "." + signature_of(now.ms, account);
}

std::optional<Instant> Beats::instant_of(std::string_view beat, AccountId account) const {
  const auto dot = beat.find('.');
  if (dot == beat.npos) return std::nullopt;
  const auto ms = parse_integer(beat.substr(0, dot));
  if (!ms) return std::nullopt;
  const std::string signature = signature_of(*ms, account);
  if (!security::equal_constant_time(security::view_of(beat.substr(dot + 1)),
                                     security::view_of(signature)))
    return std::nullopt;
  return Instant{*ms};
}

}  // namespace gewu::http
