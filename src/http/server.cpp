#include "http/server.h"

#include <atomic>
#include <thread>

#include "base/file_limits.h"
#include "http/gate.h"
#include "usecase/changes.h"
#include "usecase/read_me.h"

namespace gewu::http {
namespace {

constexpr std::int64_t kBeatMs = 15'000;
constexpr std::int64_t kLookMs = 1'000;

LiveFeed::Answers answers_of(usecase::Office& office) {
  return {
      [&office](const usecase::Caller& caller, const std::vector<MatterId>& matters) {
        return usecase::may_see(office, caller, matters);
      },
      [&office](const usecase::Caller& caller) {
        const auto me = usecase::read_me(office, caller);
        return me ? me->unread : std::size_t{0};
      },
  };
}

ServerOptions with_large_bodies(ServerOptions options) {
  options.listen.large = {.path = "/api/files", .bytes_max = kFileLimits.file_bytes_max};
  return options;
}

class OfficeServer : public Server {
 public:
  OfficeServer(usecase::Office& office, ServerOptions options)
      : office_(office),
        options_(with_large_bodies(std::move(options))),
        desk_(office, options_.password_cost),
        live_(std::make_shared<LiveFeed>(answers_of(office), office.random)),
        gate_(office, desk_, *live_, options_) {}

  ~OfficeServer() override {
    // The feed's pages hold connections, so that they go before the listener does.
    live_->close();
  }

  Status listen() {
    GEWU_TRY(listener, Listener::open(options_.listen, [this](Request request) {
               return gate_.answer(std::move(request));
             }));
    listener_ = std::move(listener);
    // The store keeps its listeners for good; the feed that it tells may be closed by then.
    usecase::follow_changes(office_, [live = live_](const auto& changes) { live->tell(changes); });
    return {};
  }

  std::uint16_t port() const override { return listener_->port(); }

  void run() override {
    std::atomic<bool> is_over = false;
    std::thread feeder([&] { feed(is_over); });
    listener_->run();
    is_over = true;
    feeder.join();
    live_->close();
  }

  void stop() override { listener_->stop(); }
  Status renew_tls() override { return listener_->renew_tls(); }

 private:
  void feed(const std::atomic<bool>& is_over) {
    Instant beaten = office_.clock.now();
    while (!is_over) {
      live_->wait(kLookMs);
      live_->deliver();
      const Instant now = office_.clock.now();
      if (now - beaten < kBeatMs && beaten <= now) continue;
      live_->beat(now);
      beaten = now;
    }
  }

  usecase::Office& office_;
  const ServerOptions options_;
  usecase::SignInDesk desk_;
  std::unique_ptr<Listener> listener_;
  std::shared_ptr<LiveFeed> live_;
  Gate gate_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::open(usecase::Office& office, ServerOptions options) {
  if (office.is_demo && !is_loopback(options.listen.address))
    return refuse(ErrorCode::invalid, "http.demo_address");
  if (!is_loopback(options.listen.address) && options.listen.tls_certificate.empty() &&
      options.proxy.empty() && !options.plain)
    return refuse(ErrorCode::invalid, "http.plain");
  auto server = std::make_unique<OfficeServer>(office, std::move(options));
  GEWU_CHECK(server->listen());
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace gewu::http
