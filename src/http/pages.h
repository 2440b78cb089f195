#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "http/message.h"

// The web app as it lies in the executable, and how a browser is told to treat it.

namespace gewu::http {

/// A file of web/dist.
struct Page {
  std::string_view path;           ///< "assets/index-C3f9.js"
  std::string_view body;
  std::string_view gzip;           ///< empty: not worth it
  std::string_view tag;            ///< of its content
};

/// Those embedded at build; none with GEWU_WEB=OFF. Sorted by path.
std::span<const Page> pages();

/// Files under assets/ carry their hash in their name and never change. Any other path without a
/// file is one of the app's own and gets index.html. `not_found`: `http.no_pages` when nothing is
/// embedded, `http.no_page` for an asset that there is not and for what belongs to other doors.
Response answer_page(const Request& request, std::span<const Page> among, Error& failure);

/// What pages may load: only from here, no inline code (frontend.md pitfall 4).
inline constexpr const char* kPagePolicy =
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// A reply of the API is no page at all.
inline constexpr const char* kNothingPolicy = "default-src 'none'; frame-ancestors 'none'";
inline constexpr std::pair<const char*, const char*> kHeadersOfAll[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};

}  // namespace gewu::http
