#include "http/pages.h"

// Built without the web app (GEWU_WEB=OFF).

namespace gewu::http {

std::span<const Page> pages() { return {}; }

}  // namespace gewu::http
