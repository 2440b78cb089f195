#include "gateway/openid_provider.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <mutex>

#include "codec/json.h"
#include "gateway/http_call.h"
#include "gateway/id_token.h"
#include "security/hash.h"

namespace gewu::gateway {

namespace {

using codec::Json;

constexpr std::int64_t kKeptMs = 60 * 60 * 1'000;
constexpr std::int64_t kKeysAgainMs = 60 * 1'000;

std::unexpected<Error> unavailable(const char* what) {
  return refuse(ErrorCode::unavailable, "sso.unavailable", {{"what", what}});
}
std::unexpected<Error> unbelievable(const char* what) {
  return refuse(ErrorCode::unauthenticated, "sso.answer", {{"what", what}});
}
std::unexpected<Error> wrong_option(const char* name) {
  return refuse(ErrorCode::invalid, "sso.options", {{"name", name}});
}

/// RFC 3986: everything but unreserved characters is escaped.
std::string escape(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-._~";
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                          (byte >= '0' && byte <= '9') || kPlain.contains(c);
    if (is_plain) escaped += c;
    else (escaped += '%').append({kDigits[byte >> 4], kDigits[byte & 15]});
  }
  return escaped;
}

std::string form(std::initializer_list<std::pair<std::string_view, std::string_view>> pairs) {
  std::string text;
  for (const auto& [name, value] : pairs)
    (text += text.empty() ? "" : "&").append(name).append("=").append(escape(value));
  return text;
}

std::string basic(const OpenIdOptions& options) {
  const std::string pair = escape(options.client_id) + ":" + escape(options.client_secret);
  std::string encoded((pair.size() + 2) / 3 * 4, '\0');
  // One more than it says: it ends what it writes.
  std::vector<unsigned char> buffer(encoded.size() + 1);
  EVP_EncodeBlock(buffer.data(), reinterpret_cast<const unsigned char*>(pair.data()),
                  static_cast<int>(pair.size()));
  std::copy_n(buffer.begin(), encoded.size(), encoded.begin());
  return "Basic " + encoded;
}

/// Secrets travel to nobody but over TLS, or on this machine.
Result<HttpTarget> safe_target(const std::string& url) {
  GEWU_TRY(target, parse_http_url(url));
  const bool is_here = target.host == "127.0.0.1" || target.host == "localhost" ||
                       target.host == "::1";
  if (!target.is_tls && !is_here) return refuse(ErrorCode::invalid, "gateway.url");
  return target;
}

/// Words by which providers say that more than a password was asked (RFC 8176).
bool asked_for_more(const Json& claims) {
  constexpr std::array<std::string_view, 7> kMore = {"mfa", "otp", "hwk", "swk", "sms", "fpt", "sc"};
  const Json::Array* methods = claims.array_at("amr");
  return methods != nullptr && std::ranges::any_of(*methods, [&](const Json& method) {
           return std::ranges::find(kMore, method.as_string().value_or("")) != kMore.end();
         });
}

class OpenIdProvider final : public IdentityProvider {
 public:
  OpenIdProvider(OpenIdOptions options, std::chrono::milliseconds timeout)
      : options_(std::move(options)), timeout_(timeout) {
    for (const std::string& scope : options_.scopes)
      (scope_ += scope_.empty() ? "" : " ").append(scope);
  }

  const std::vector<std::pair<std::string, std::string>>& label() const override {
    return options_.label;
  }

  Result<std::string> begin(const SignInSecrets& secrets) override {
    GEWU_TRY(document, find_document());
    const auto to = document.string_at("authorization_endpoint");
    if (!to || !safe_target(std::string(*to))) return unavailable("authorization_endpoint");
    const std::string challenge =
        security::base64url_encode(security::sha256(std::string_view(secrets.verifier)));
    const char* joint = to->find('?') == std::string_view::npos ? "?" : "&";
    return std::string(*to) + joint +
           form({{"response_type", "code"},
                 {"client_id", options_.client_id},
                 {"redirect_uri", options_.redirect_uri},
                 {"scope", scope_},
                 {"state", secrets.state},
                 {"nonce", secrets.nonce},
                 {"code_challenge", challenge},
                 {"code_challenge_method", "S256"}});
  }

  Result<Identity> finish(const std::string& code, const SignInSecrets& secrets,
                          Instant now) override {
    GEWU_TRY(document, find_document());
    GEWU_TRY(token, redeem(document, code, secrets));
    const TokenExpectation expected{options_.issuer, options_.client_id, secrets.nonce, now};
    GEWU_TRY(keys, find_keys(document, false));
    auto claims = read_id_token(token, keys, expected);
    if (!claims && says_key(claims.error())) {
      GEWU_TRY(newer, find_keys(document, true));
      claims = read_id_token(token, newer, expected);
    }
    if (!claims) return std::unexpected(claims.error());
    const auto login = claims->string_at(options_.login_claim);
    if (!login || login->empty()) return unbelievable("login_claim");
    return Identity{std::string(*login), asked_for_more(*claims)};
  }

 private:
  static bool says_key(const Error& error) {
    return std::ranges::any_of(error.details, [](const ErrorDetail& detail) {
      return detail.name == "what" && detail.value == "key";
    });
  }

  Result<Json> fetch(const HttpCall& call, const char* what) {
    const auto reply = call_http(call, timeout_);
    if (!reply || reply->status != 200) return unavailable(what);
    auto json = codec::parse_json(reply->body);
    if (!json || json->as_object() == nullptr) return unavailable(what);
    return json;
  }

  Result<Json> fetch(const std::string& url, const char* what) {
    auto target = safe_target(url);
    if (!target) return unavailable(what);
    return fetch({.target = std::move(*target), .headers = {{"Accept", "application/json"}}}, what);
  }

  static std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }

  /// A document of somebody else's is not taken.
  Result<Json> find_document() {
    const std::lock_guard lock(mutex_);
    if (!document_.is_null() && now_ms() - document_at_ < kKeptMs) return document_;
    GEWU_TRY(found, fetch(options_.issuer + (options_.issuer.ends_with('/') ? "" : "/") +
                              ".well-known/openid-configuration",
                          "configuration"));
    if (found.string_at("issuer") != options_.issuer) return unavailable("issuer");
    document_ = std::move(found);
    document_at_ = now_ms();
    keys_ = {};
    return document_;
  }

  Result<Json> find_keys(const Json& document, bool anew) {
    const std::lock_guard lock(mutex_);
    const bool is_young = now_ms() - keys_at_ < kKeysAgainMs;
    if (!keys_.is_null() && (!anew || is_young)) return keys_;
    GEWU_TRY(found, fetch(std::string(document.string_at("jwks_uri").value_or("")), "jwks_uri"));
    keys_ = std::move(found);
    keys_at_ = now_ms();
    return keys_;
  }

  Result<std::string> redeem(const Json& document, const std::string& code,
                             const SignInSecrets& secrets) {
    auto target = safe_target(std::string(document.string_at("token_endpoint").value_or("")));
    if (!target) return unavailable("token_endpoint");
    HttpCall call{.target = std::move(*target), .is_post = true};
    call.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                    {"Accept", "application/json"}};
    if (!options_.client_secret.empty())
      call.headers.emplace_back("Authorization", basic(options_));
    call.body = form({{"grant_type", "authorization_code"},
                      {"code", code},
                      {"redirect_uri", options_.redirect_uri},
                      {"client_id", options_.client_id},
                      {"code_verifier", secrets.verifier}});
    const auto reply = call_http(call, timeout_);
    if (!reply || reply->status >= 500) return unavailable("token_endpoint");
    if (reply->status != 200) return unbelievable("code");
    const auto json = codec::parse_json(reply->body);
    const auto token = json ? json->string_at("id_token") : std::nullopt;
    if (!token) return unbelievable("id_token");
    return std::string(*token);
  }

  OpenIdOptions options_;
  std::chrono::milliseconds timeout_;
  std::string scope_;
  std::mutex mutex_;
  Json document_, keys_;
  std::int64_t document_at_ = 0, keys_at_ = 0;
};

}  // namespace

Result<OpenIdOptions> read_openid_options(const std::string& text) {
  const auto json = codec::parse_json(text);
  if (!json || json->as_object() == nullptr) return wrong_option("json");
  OpenIdOptions options;
  const auto take = [&](const char* name, std::string& into) {
    into = json->string_at(name).value_or("");
    return !into.empty();
  };
  if (!take("issuer", options.issuer) || !safe_target(options.issuer))
    return wrong_option("issuer");
  if (!take("client_id", options.client_id)) return wrong_option("client_id");
  take("client_secret", options.client_secret);
  if (!take("redirect_uri", options.redirect_uri) || !safe_target(options.redirect_uri) ||
      !options.redirect_uri.ends_with("/api/sign-in/provider/return"))
    return wrong_option("redirect_uri");
  if (!take("login_claim", options.login_claim)) return wrong_option("login_claim");
  if (const Json::Array* scopes = json->array_at("scopes")) {
    options.scopes.clear();
    for (const Json& scope : *scopes) options.scopes.emplace_back(scope.as_string().value_or(""));
    if (std::ranges::find(options.scopes, "openid") == options.scopes.end())
      return wrong_option("scopes");
  }
  const Json::Object* label = json->object_at("label");
  for (const codec::JsonMember& member : label != nullptr ? *label : Json::Object{})
    if (const auto words = member.value.as_string())
      options.label.emplace_back(member.key, std::string(*words));
  if (options.label.empty()) return wrong_option("label");
  return options;
}

std::unique_ptr<IdentityProvider> openid_provider(OpenIdOptions options,
                                                  std::chrono::milliseconds timeout) {
  return std::make_unique<OpenIdProvider>(std::move(options), timeout);
}

}  // namespace gewu::gateway
