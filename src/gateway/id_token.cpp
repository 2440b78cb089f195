#include "gateway/id_token.h"

#include <algorithm>

#include "base/text.h"
#include "security/web_key.h"

namespace gewu::gateway {

namespace {

using codec::Json;

constexpr std::int64_t kLeewayMs = 60'000;  ///< two clocks never agree
constexpr std::size_t kTokenBytesMax = 32 * 1024;

std::unexpected<Error> refused(const char* what) {
  return refuse(ErrorCode::unauthenticated, "sso.answer", {{"what", what}});
}

security::Bytes number_at(const Json& key, std::string_view name) {
  return security::base64url_decode(key.string_at(name).value_or("")).value_or(security::Bytes{});
}

Result<Json> read_part(std::string_view part) {
  const auto bytes = security::base64url_decode(part);
  if (!bytes) return refused("form");
  auto json = codec::parse_json({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  if (!json || json->as_object() == nullptr) return refused("form");
  return json;
}

/// Of the kind that the algorithm needs, and with the id when the token names one.
bool fits(const Json& key, std::string_view kind, std::optional<std::string_view> id) {
  if (key.string_at("kty") != kind || key.string_at("use").value_or("sig") != "sig") return false;
  return !id || key.string_at("kid") == id;
}

Status check_signature(const Json& head, std::string_view text, security::ByteView signature,
                       const Json& keys) {
  const auto algorithm = head.string_at("alg");
  const bool is_rsa = algorithm == "RS256";
  if (!is_rsa && algorithm != "ES256") return refused("algorithm");
  const Json::Array* all = keys.array_at("keys");
  bool is_known = false;
  for (const Json& key : all != nullptr ? *all : Json::Array{}) {
    if (!fits(key, is_rsa ? "RSA" : "EC", head.string_at("kid"))) continue;
    is_known = true;
    const auto message = security::view_of(text);
    if (is_rsa ? security::verify_rs256(number_at(key, "n"), number_at(key, "e"), message,
                                        signature)
               : key.string_at("crv") == "P-256" &&
                     security::verify_es256(number_at(key, "x"), number_at(key, "y"), message,
                                            signature))
      return {};
  }
  return refused(is_known ? "signature" : "key");
}

bool names(const Json& audience, std::string_view client) {
  if (const auto one = audience.as_string()) return *one == client;
  const Json::Array* several = audience.as_array();
  return several != nullptr && std::ranges::any_of(*several, [&](const Json& one) {
           return one.as_string() == client;
         });
}

/// Seconds since 1970; some providers write a fraction.
std::optional<std::int64_t> milliseconds_at(const Json& claims, std::string_view name) {
  const Json* claim = claims.find(name);
  const auto text = claim != nullptr ? claim->as_number_text() : std::nullopt;
  const auto seconds = text ? parse_integer(text->substr(0, text->find('.'))) : std::nullopt;
  if (!seconds || *seconds < 0 || *seconds > 1'000'000'000'000) return std::nullopt;
  return *seconds * 1'000;
}

Status check_claims(const Json& claims, const TokenExpectation& expected) {
  if (claims.string_at("iss") != expected.issuer) return refused("issuer");
  const Json* audience = claims.find("aud");
  if (audience == nullptr || !names(*audience, expected.client)) return refused("audience");
  const auto party = claims.string_at("azp");
  if (party && *party != expected.client) return refused("audience");
  const Json::Array* several = audience->as_array();
  if (several != nullptr && several->size() > 1 && !party) return refused("audience");
  const auto until = milliseconds_at(claims, "exp"), since = milliseconds_at(claims, "iat");
  if (!until || !since || *until + kLeewayMs <= expected.now.ms ||
      *since - kLeewayMs > expected.now.ms)
    return refused("time");
  if (expected.nonce.empty() || claims.string_at("nonce") != expected.nonce)
    return refused("nonce");
  return {};
}

}  // namespace

Result<Json> read_id_token(std::string_view token, const Json& keys,
                           const TokenExpectation& expected) {
  if (token.size() > kTokenBytesMax) return refused("form");
  const auto parts = split(token, '.');
  if (parts.size() != 3) return refused("form");
  GEWU_TRY(head, read_part(parts[0]));
  if (head.find("crit") != nullptr) return refused("form");
  GEWU_TRY(claims, read_part(parts[1]));
  const auto signature = security::base64url_decode(parts[2]);
  if (!signature) return refused("form");
  const std::string_view text = token.substr(0, parts[0].size() + 1 + parts[1].size());
  GEWU_CHECK(check_signature(head, text, *signature, keys));
  GEWU_CHECK(check_claims(claims, expected));
  return claims;
}

}  // namespace gewu::gateway
