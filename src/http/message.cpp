#include "http/message.h"

#include "base/text.h"

namespace gewu::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  if (!is_utf8(decoded) || decoded.find('\0') != std::string::npos) return std::nullopt;
  return decoded;
}

}  // namespace

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return std::nullopt;
}

std::optional<std::string_view> Request::parameter(std::string_view name) const {
  for (const auto& [key, value] : query)
    if (key == name) return value;
  return std::nullopt;
}

std::vector<std::string_view> Request::parameters(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : query)
    if (key == name) values.push_back(value);
  return values;
}

std::optional<std::string_view> Request::cookie(std::string_view name) const {
  const auto cookies = header("cookie");
  if (!cookies) return std::nullopt;
  for (const auto part : split(*cookies, ';')) {
    const auto pair = trim(part);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name)
      return pair.substr(equals + 1);
  }
  return std::nullopt;
}

bool is_loopback(std::string_view address) {
  return address.starts_with("127.") || address == "::1" || address == "localhost";
}

void learn_peer(Request& request, std::string_view proxy) {
  if (proxy.empty() || request.peer != proxy) return;
  // The last line: some proxies add one of their own below what the client made up.
  std::optional<std::string_view> forwarded;
  for (const auto& [name, value] : request.headers)
    if (name == "x-forwarded-for") forwarded = value;
  if (!forwarded) return;
  const auto last = trim(split(*forwarded, ',').back());
  if (last.empty() || last.size() > 64) return;
  request.peer = last;
  request.from_proxy = true;
}

bool comes_by_tls(const Request& request) {
  return request.over_tls ||
         (request.from_proxy && request.header("x-forwarded-proto") == "https");
}

Status parse_target(std::string_view target, Request& request) {
  const auto bad = [] { return refuse(ErrorCode::invalid, "http.target"); };
  if (target.empty() || target[0] != '/') return bad();
  request.target = target;
  const auto mark = target.find('?');
  const auto path = target.substr(0, mark);
  for (const auto part : split(path.substr(1), '/')) {
    auto segment = decode(part, false);
    // A decoded slash or dots would name another resource than the one that was routed.
    if (!segment || segment->find('/') != std::string::npos || *segment == "." || *segment == "..")
      return bad();
    request.path += "/" + *segment;
    request.segments.push_back(std::move(*segment));
  }
  if (mark == std::string_view::npos) return {};
  for (const auto part : split(target.substr(mark + 1), '&')) {
    if (part.empty()) continue;
    const auto equals = part.find('=');
    auto key = decode(part.substr(0, equals), true);
    auto value = equals == std::string_view::npos ? std::optional<std::string>("")
                                                  : decode(part.substr(equals + 1), true);
    if (!key || !value) return bad();
    request.query.emplace_back(std::move(*key), std::move(*value));
  }
  return {};
}

}  // namespace gewu::http
