#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "http/door.h"
#include "http/rate_limit.h"
#include "http/routes.h"

namespace gewu::http {

/// The gate that every request passes: limits, session, proof against forged requests, its route,
/// and what is said when it fails. Any number of threads at once.
class Gate {
 public:
  Gate(usecase::Office& office, usecase::SignInDesk& desk, LiveFeed& live,
       const ServerOptions& options);

  Answer answer(Request request);

 private:
  Answer answer_api(const Request& request, const FoundRoute& found, Error& failure);
  Result<Answer> pass(const Request& request, const FoundRoute& found);
  Status find_caller(Visit& visit, const Route& route);
  Status check_second_factor(Visit& visit, const Route& route);
  void mark_staff(const Visit& visit, Response& response);
  Status keep_audit(const Visit& visit, const Error* refused);
  std::string next_id();
  void log_failure(const Request& request, const FoundRoute& found, int status,
                   const Error& failure, std::int64_t ms) const;

  Uploads uploaded_;
  Chores chores_;
  const Beats beats_;
  StaffMarks staff_;
  Door door_;
  RateLimit peers_, accounts_, uploads_;
  const std::string id_seed_;
  std::atomic<std::uint64_t> ids_{0};
};

}  // namespace gewu::http
