#include "gateway/http_call.h"

#include <curl/curl.h>

#include <boost/url/parse.hpp>
#include <memory>

#include "base/ensure.h"

namespace gewu::gateway {

namespace {

constexpr std::size_t kReplyBytesMax = 256 * 1024;

struct Free {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, Free>;
using Headers = std::unique_ptr<curl_slist, Free>;

/// Keeps what came; fewer bytes than were given break the call off.
std::size_t take_bytes(const char* bytes, std::size_t, std::size_t count, void* into) {
  auto& body = *static_cast<std::string*>(into);
  if (body.size() + count > kReplyBytesMax) return 0;
  body.append(bytes, count);
  return count;
}

void add_header(Headers& headers, const std::string& line) {
  curl_slist* longer = curl_slist_append(headers.get(), line.c_str());
  ensure(longer != nullptr, "memory for a header");
  static_cast<void>(headers.release());
  headers.reset(longer);
}

Headers headers_of(const HttpCall& call) {
  Headers headers;
  for (const auto& [name, value] : call.headers) add_header(headers, name + ": " + value);
  if (call.is_post) add_header(headers, "Expect:");  // no question first, for so few bytes
  return headers;
}

std::string url_of(const HttpTarget& target) {
  const bool is_v6 = target.host.find(':') != std::string::npos;
  return (target.is_tls ? "https://" : "http://") +
         (is_v6 ? "[" + target.host + "]" : target.host) + ":" + target.port + target.path;
}

}  // namespace

Result<HttpTarget> parse_http_url(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || parsed->host_address().empty() || parsed->has_userinfo() ||
      (parsed->scheme() != "http" && parsed->scheme() != "https"))
    return refuse(ErrorCode::invalid, "gateway.url");
  HttpTarget target;
  target.is_tls = parsed->scheme() == "https";
  target.host = parsed->host_address();
  target.port = parsed->has_port() ? std::string(parsed->port()) : target.is_tls ? "443" : "80";
  target.path = std::string(parsed->encoded_target());
  if (target.path.empty()) target.path = "/";
  return target;
}

Result<HttpReply> call_http(const HttpCall& call, std::chrono::milliseconds timeout) {
  static const bool is_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  const Handle handle(is_ready ? curl_easy_init() : nullptr);
  ensure(handle != nullptr, "a client for calls");
  CURL* const curl = handle.get();
  const Headers headers = headers_of(call);
  HttpReply reply;
  curl_easy_setopt(curl, CURLOPT_URL, url_of(call.target).c_str());
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");   // as it was told, whatever the environment says
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "gewu");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  if (call.is_post) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call.body.data());
  }
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply.body);
  if (curl_easy_perform(curl) != CURLE_OK)
    return refuse(ErrorCode::unavailable, "gateway.call", {{"host", call.target.host}});
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  reply.status = static_cast<int>(status);
  return reply;
}

}  // namespace gewu::gateway
