#pragma once

#include <span>
#include <string>
#include <vector>

#include "http/door.h"

namespace gewu::http {

/// What a route makes of the session's cookie.
enum class SessionRule {
  none,      ///< not looked at: sign-in, receipts, health
  optional,  ///< whoever has none is the public; one that is over may still read, not change
  needed,    ///< `unauthenticated` `session.absent` without
};

struct Route {
  Method method = Method::get;
  const char* pattern = "";            ///< "/api/matters/{id}": {…} captures one segment
  Resource resource = nullptr;
  SessionRule session = SessionRule::optional;
  bool changes_state = false;
  const char* audit = nullptr;         ///< its event in the audit log; null: none
};

std::span<const Route> routes();

struct FoundRoute {
  const Route* route = nullptr;        ///< null: no such route, or not with this method
  std::vector<std::string> captured;
  std::string allow;                   ///< methods that the path has; empty: no such path
};
/// HEAD is answered wherever GET is.
FoundRoute find_route(std::span<const Route> among, Method method,
                      const std::vector<std::string>& segments);

const char* method_name(Method method);

}  // namespace gewu::http
