#include "http/pages.h"

#include <algorithm>

#include "base/text.h"
#include "http/error_reply.h"

namespace gewu::http {
namespace {

constexpr std::pair<std::string_view, const char*> kTypes[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
};
constexpr std::string_view kHashedFolder = "assets/";
constexpr std::string_view kOtherDoors[] = {"api", "open311", "tiles", "files"};

const char* type_of(std::string_view path) {
  for (const auto& [ending, type] : kTypes)
    if (path.ends_with(ending)) return type;
  return "application/octet-stream";
}

const Page* find_page(std::span<const Page> among, std::string_view path) {
  const auto found = std::ranges::lower_bound(among, path, {}, &Page::path);
  return found != among.end() && found->path == path ? &*found : nullptr;
}

/// Whether the client takes gzip: named, and not with a weight of zero.
bool takes_gzip(const Request& request) {
  for (const auto part : split(request.header("accept-encoding").value_or(""), ',')) {
    const auto pieces = split(part, ';');
    if (trim(pieces[0]) != "gzip") continue;
    const auto weight = pieces.size() > 1 ? trim(pieces[1]) : std::string_view("q=1");
    return weight.find_first_of("123456789") != std::string_view::npos;
  }
  return false;
}

Response refuse_page(const Request& request, const char* key, Error& failure) {
  failure = {ErrorCode::not_found, key, {}, {}};
  Response response = error_response(failure, request, nullptr);
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("Content-Security-Policy", kNothingPolicy);
  return response;
}

}  // namespace

Response answer_page(const Request& request, std::span<const Page> among, Error& failure) {
  if (among.empty()) return refuse_page(request, "http.no_pages", failure);
  const std::string_view path = std::string_view(request.path).substr(1);
  const bool is_hashed = path.starts_with(kHashedFolder);
  const Page* page = find_page(among, path);
  if (!page) {
    const bool is_other = !request.segments.empty() &&
                          std::ranges::find(kOtherDoors, request.segments[0]) !=
                              std::end(kOtherDoors);
    if (!is_hashed && !is_other) page = find_page(among, "index.html");
  }
  if (!page) return refuse_page(request, "http.no_page", failure);

  Response response;
  response.content_type = type_of(page->path);
  const bool is_packed = !page->gzip.empty() && takes_gzip(request);
  const std::string tag = "\"" + std::string(page->tag) + (is_packed ? "-gzip\"" : "\"");
  response.headers = {
      {"Cache-Control", is_hashed ? "public, max-age=31536000, immutable" : "no-cache"},
      {"Content-Security-Policy", kPagePolicy},
      {"ETag", tag},
  };
  if (!page->gzip.empty()) response.headers.emplace_back("Vary", "Accept-Encoding");
  if (request.header("if-none-match") == tag) {
    response.status = 304;
    return response;
  }
  if (is_packed) response.headers.emplace_back("Content-Encoding", "gzip");
  response.body = is_packed ? page->gzip : page->body;
  return response;
}

}  // namespace gewu::http
