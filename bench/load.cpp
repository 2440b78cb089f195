#include "bench/load.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "base/text.h"
#include "bench/case.h"

namespace gewu::bench {
namespace {

constexpr int kPatienceMs = 30'000;
constexpr std::string_view kLength = "\r\nContent-Length: ";

std::unexpected<Error> refuse_socket(const char* what) {
  return refuse(ErrorCode::unavailable, "bench.socket",
                {{"what", what}, {"reason", std::strerror(errno)}});
}

/// An answer that is all there; nothing while bytes are missing.
Result<std::optional<Reply>> whole_reply(const std::string& bytes) {
  const auto head = bytes.find("\r\n\r\n");
  if (head == std::string::npos) return std::nullopt;
  const auto status = parse_integer(std::string_view(bytes).substr(9, 3));
  const auto at = bytes.find(kLength);
  if (!status || at == std::string::npos || at > head) return wrong("answer", "HTTP", bytes);
  const auto from = at + kLength.size();
  const auto length = parse_integer(
      std::string_view(bytes).substr(from, bytes.find('\r', from) - from));
  if (!length) return wrong("answer", "a length", bytes);
  const std::size_t size = head + 4 + static_cast<std::size_t>(*length);
  if (bytes.size() < size) return std::nullopt;
  return Reply{static_cast<int>(*status), bytes.substr(head + 4)};
}

/// One connection of the load.
class Client {
 public:
  Client() = default;
  Client(Client&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), number_(other.number_) {}
  Client& operator=(Client&&) = delete;
  ~Client() {
    if (descriptor_ >= 0) close(descriptor_);
  }

  /// `from`: in host order; 0: any.
  Status connect_to(std::uint16_t port, std::uint32_t from) {
    descriptor_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor_ < 0) return refuse_socket("socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(from);
    if (bind(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      return refuse_socket("bind");
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      return refuse_socket("connect");
    const int on = 1;
    setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return {};
  }

  Status send_request(std::size_t number, const std::string& request) {
    number_ = number;
    began_ = wall_seconds();
    answer_.clear();
    std::size_t sent = 0;
    while (sent < request.size()) {
      const auto size = ::send(descriptor_, request.data() + sent, request.size() - sent,
                               MSG_NOSIGNAL);
      if (size < 0) return refuse_socket("send");
      sent += static_cast<std::size_t>(size);
    }
    return {};
  }

  /// Takes what has arrived; the answer once it is whole.
  Result<std::optional<Reply>> receive() {
    char buffer[16 * 1024];
    const auto size = recv(descriptor_, buffer, sizeof buffer, 0);
    if (size <= 0) return refuse_socket("recv");
    answer_.append(buffer, static_cast<std::size_t>(size));
    return whole_reply(answer_);
  }

  int descriptor() const { return descriptor_; }
  std::size_t number() const { return number_; }
  double began() const { return began_; }

 private:
  int descriptor_ = -1;
  std::size_t number_ = 0;
  double began_ = 0;
  std::string answer_;
};

}  // namespace

std::uint32_t next_to_each_other(std::size_t number) {
  return INADDR_LOOPBACK + 1 + static_cast<std::uint32_t>(number);
}

std::uint32_t far_from_each_other(std::size_t number) {
  return INADDR_LOOPBACK + (static_cast<std::uint32_t>(1 + number % 254) << 16);
}

Result<LoadResult> put_load(const LoadPlan& plan) {
  std::vector<Client> clients(plan.connections);
  std::vector<pollfd> waiting;
  for (std::size_t i = 0; i < clients.size(); ++i) {
    GEWU_CHECK(clients[i].connect_to(plan.port, plan.address(i)));
    waiting.push_back({clients[i].descriptor(), POLLIN, 0});
  }
  LoadResult result;
  const double began = wall_seconds();
  const double until = began + plan.seconds;
  const double apart = plan.per_second > 0 ? 1 / plan.per_second : 0;
  std::vector<std::size_t> idle;   // connections without a question, the longest idle first
  for (std::size_t i = 0; i < clients.size(); ++i) idle.push_back(i);
  std::size_t next = 0;
  const auto due_at = [&] { return began + static_cast<double>(next) * apart; };
  while (idle.size() < clients.size() || wall_seconds() < until) {
    double now = wall_seconds();
    std::size_t sent = 0;
    for (; sent < idle.size() && now < until && due_at() <= now; ++sent, ++next)
      GEWU_CHECK(clients[idle[sent]].send_request(next, plan.request(next)));
    idle.erase(idle.begin(), idle.begin() + static_cast<std::ptrdiff_t>(sent));
    const bool waits_for_time = apart > 0 && !idle.empty() && now < until;
    const int patience =
        waits_for_time ? std::max(1, static_cast<int>((due_at() - now) * 1e3)) : kPatienceMs;
    const int ready = poll(waiting.data(), waiting.size(), patience);
    if (ready < 0 || (ready == 0 && !waits_for_time)) return refuse_socket("poll");
    for (std::size_t i = 0; i < clients.size() && ready > 0; ++i) {
      if (waiting[i].revents == 0) continue;
      Client& client = clients[i];
      GEWU_TRY(reply, client.receive());
      if (!reply) continue;
      now = wall_seconds();
      GEWU_CHECK(plan.take(client.number(), reply->status, reply->body));
      ++result.answers;
      result.seconds = now - began;
      result.waits_ms.push_back((now - client.began()) * 1e3);
      idle.push_back(i);
    }
  }
  return result;
}

Result<Reply> ask_once(std::uint16_t port, const std::string& request) {
  Client client;
  GEWU_CHECK(client.connect_to(port, next_to_each_other(0)));
  GEWU_CHECK(client.send_request(0, request));
  for (;;) {
    GEWU_TRY(reply, client.receive());
    if (reply) return std::move(*reply);
  }
}

std::string get_request(std::string_view target) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", target);
}

std::string post_request(std::string_view target, std::string_view headers,
                         std::string_view body) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                     "{}Content-Length: {}\r\n\r\n{}",
                     target, headers, body.size(), body);
}

}  // namespace gewu::bench
