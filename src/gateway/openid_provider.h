#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "gateway/gateway.h"

namespace gewu::gateway {

/// What an office knows of its provider.
struct OpenIdOptions {
  std::string issuer;            ///< https, or http on this machine
  std::string client_id;
  std::string client_secret;     ///< empty: a public client, by PKCE alone
  std::string redirect_uri;      ///< of this office: ".../api/sign-in/provider/return"
  std::string login_claim;       ///< whose text is the login of an account here
  std::vector<std::string> scopes = {"openid"};
  std::vector<std::pair<std::string, std::string>> label;
};

/// From a JSON file of these members: `issuer`, `client_id`, `client_secret` (may be absent),
/// `redirect_uri`, `login_claim`, `scopes` (may be absent), `label` (by language). `invalid`
/// `sso.options` with `name`.
Result<OpenIdOptions> read_openid_options(const std::string& json);

/// OpenID Connect with the authorization code flow and PKCE (RFC 7636). Its document and keys are
/// fetched when they are first needed and kept an hour; a key that is not known yet is asked for
/// once a minute at most. Any number of threads.
std::unique_ptr<IdentityProvider> openid_provider(
    OpenIdOptions options, std::chrono::milliseconds timeout = std::chrono::seconds(10));

}  // namespace gewu::gateway
