#include <algorithm>

#include "http/door.h"
#include "security/bytes.h"
#include "usecase/single_sign_on.h"

// Sign-in through an identity provider: the browser is sent there and comes back. Both are pages to
// a browser, so that a refusal is a way back to the sign-in page, which says it in words.

namespace gewu::http {

namespace {

constexpr const char* kSeedCookie = "gewu_sso";
constexpr const char* kSeedSeconds = "600";
constexpr std::size_t kPathBytesMax = 512;

std::string seed_cookie(const std::string& value, bool is_secure) {
  std::string text = std::string(kSeedCookie) + "=" + value +
                     "; Path=/api/sign-in/provider; HttpOnly; SameSite=Lax; Max-Age=" +
                     (value.empty() ? "0" : kSeedSeconds);
  if (is_secure) text += "; Secure";
  return text;
}

Answer send_to(const std::string& where) {
  Answer answer;
  answer.response.status = 303;
  answer.response.content_type.clear();
  answer.response.headers.emplace_back("Location", where);
  return answer;
}

/// Only a path of this office is followed after signing in.
std::string own_path(std::string_view path) {
  // Browsers read a backslash as a slash and drop white space: "/\t/elsewhere" would be elsewhere.
  const bool is_plain =
      std::ranges::all_of(path, [](char c) { return c > ' ' && c < 127 && c != '\\'; });
  const bool is_own = is_plain && path.starts_with('/') && !path.starts_with("//") &&
                      path.size() <= kPathBytesMax;
  return is_own ? std::string(path) : "/";
}

}  // namespace

Result<Answer> begin_single_sign_on(Visit& visit) {
  usecase::SingleSignOn* sso = visit.door.options.single_sign_on;
  if (sso == nullptr) return refuse(ErrorCode::not_found, "sso.off");
  const auto begun = sso->begin();
  if (!begun) return send_to("/sign-in?refused=" + begun.error().key);
  const std::string next = own_path(visit.request.parameter("next").value_or("/"));
  Answer answer = send_to(begun->url);
  answer.response.headers.emplace_back(
      "Set-Cookie", seed_cookie(begun->seed + "." + security::base64url_encode(
                                                        security::view_of(next)),
                                visit.is_secure()));
  return answer;
}

Result<Answer> finish_single_sign_on(Visit& visit) {
  usecase::SingleSignOn* sso = visit.door.options.single_sign_on;
  if (sso == nullptr) return refuse(ErrorCode::not_found, "sso.off");
  const std::string_view kept = visit.request.cookie(kSeedCookie).value_or("");
  const auto dot = kept.find('.');
  const auto next = security::base64url_decode(dot == kept.npos ? "" : kept.substr(dot + 1));
  const auto signed_in =
      sso->finish(visit.request.parameter("code").value_or(""),
                  visit.request.parameter("state").value_or(""), kept.substr(0, dot),
                  visit.request.header("user-agent").value_or(""));
  Answer answer =
      signed_in ? send_to(own_path(next ? std::string(next->begin(), next->end()) : "/"))
                : send_to("/sign-in?refused=" + signed_in.error().key);
  answer.response.headers.emplace_back("Set-Cookie", seed_cookie("", visit.is_secure()));
  if (!signed_in) {
    visit.audit.refused = signed_in.error().key;
    return answer;
  }
  visit.audit.account = signed_in->account;
  answer.response.headers.emplace_back("Set-Cookie",
                                       session_cookie(signed_in->token, visit.is_secure()));
  // Whoever signs in anew leaves the session that he came with.
  if (const auto before = session_token(visit.request))
    GEWU_CHECK(usecase::sign_out(visit.door.office, *before));
  return answer;
}

}  // namespace gewu::http
