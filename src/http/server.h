#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/listener.h"
#include "http/staff_marks.h"
#include "security/key.h"
#include "usecase/backups.h"
#include "usecase/base_map.h"
#include "usecase/office.h"
#include "usecase/sign_in.h"
#include "usecase/single_sign_on.h"

namespace gewu::http {

struct ServerOptions {
  ListenOptions listen;
  std::string version = "0.1.0";
  /// Requests a minute from one address, and from one account; more answer 429.
  std::size_t peer_requests_max = 6'000;
  std::size_t account_requests_max = 1'200;
  std::size_t uploads_max = 60;    ///< a minute from one account, or from one address without
  /// Different matters that an account's lists show in a day; more answer 429.
  std::size_t list_matters_max = 2'000;
  security::PasswordCost password_cost = security::kPasswordCost;
  /// Address of a proxy in front that ends TLS and says for whom it asks; empty: there is none.
  std::string proxy;
  /// No TLS though it listens beyond loopback and no proxy stands in front.
  bool plain = false;
  /// Another system that staff sign in with; null: none.
  usecase::SingleSignOn* single_sign_on = nullptr;
  /// Signs beats (beats.h); null: beats end with this process.
  std::shared_ptr<const security::Key> beat_key;
  /// Networks of the office, "10.20.0.0/16"; and how long an address counts as the staff's after one
  /// of them worked there, 0: never (staff_marks.h).
  std::vector<Network> staff_networks;
  int staff_address_minutes = 60;
  /// Where administrators let backups be made; null: on the command line alone.
  usecase::Backups* backups = nullptr;
  /// What lies under the boundaries; null: nothing, they are drawn on plain ground.
  usecase::BaseMap* base_map = nullptr;
  /// Where the line of a failed request goes; absent: stderr.
  std::function<void(const std::string& line)> log;
};

/// The door of the office: sockets, routes and pages.
class Server {
 public:
  /// `unavailable` `http.listen`; `invalid` `http.tls`, `http.plain` (beyond loopback without TLS,
  /// proxy or `plain`), `http.demo_address`: a demo office has sign-ins that everybody knows and is
  /// served on loopback alone.
  static Result<std::unique_ptr<Server>> open(usecase::Office& office, ServerOptions options);
  virtual ~Server() = default;

  virtual std::uint16_t port() const = 0;
  virtual void run() = 0;   ///< until `stop`
  virtual Status renew_tls() = 0;  ///< as `Listener::renew_tls`
  virtual void stop() = 0;  ///< from any thread
};

}  // namespace gewu::http
