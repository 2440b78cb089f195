#include "http/listener.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace gewu::http {
namespace {

constexpr int kPatienceMs = 20'000;  // a loaded machine takes its time

/// A client that sends bytes as it likes.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    const timeval limit{kPatienceMs / 1000, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(std::string_view text) {
    while (!text.empty()) {
      const auto sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;  // the other side may have said all that it will
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  /// Reads until the text has come, or the end; what came so far.
  std::string until(std::string_view text) {
    char bytes[4096];
    while (heard_.find(text) == std::string::npos) {
      const auto got = ::recv(socket_, bytes, sizeof bytes, 0);
      if (got <= 0) break;
      heard_.append(bytes, static_cast<std::size_t>(got));
    }
    return heard_;
  }
  /// Everything until the other side closes; fails when that takes longer than patience lasts.
  std::string rest() {
    char bytes[4096];
    for (;;) {
      const auto got = ::recv(socket_, bytes, sizeof bytes, 0);
      if (got == 0) return heard_;
      if (got < 0) return heard_ + "(reset or timed out)";
      heard_.append(bytes, static_cast<std::size_t>(got));
    }
  }

  int socket() const { return socket_; }

 private:
  int socket_;
  std::string heard_;
};

/// A listener on a free port whose handler says what it got.
class Serving {
 public:
  explicit Serving(ListenOptions options = {}, Listener::Handler handler = echo) {
    options.handler_threads = 4;
    auto opened = Listener::open(options, std::move(handler));
    EXPECT_TRUE(opened);
    listener_ = std::move(*opened);
    thread_ = std::thread([this] { listener_->run(); });
  }
  ~Serving() { stop(); }
  void stop() {
    if (!thread_.joinable()) return;
    listener_->stop();
    thread_.join();
  }
  std::uint16_t port() const { return listener_->port(); }

  static Answer echo(Request request) {
    Answer answer;
    answer.response.content_type = "text/plain";
    answer.response.body = "[" + request.path + " " + std::to_string(request.body.size()) + "]";
    return answer;
  }

 private:
  std::unique_ptr<Listener> listener_;
  std::thread thread_;
};

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(Listener, requests_sent_all_at_once_are_answered_in_their_order) {
  Serving serving;
  Client client(serving.port());
  client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\n"
              "Content-Length: 3\r\n\r\nabc"
              "GET /c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string heard = client.rest();
  EXPECT_EQ(count(heard, "HTTP/1.1 200 OK"), 3U);
  EXPECT_LT(heard.find("[/a 0]"), heard.find("[/b 3]"));
  EXPECT_LT(heard.find("[/b 3]"), heard.find("[/c 0]"));
}

TEST(Listener, head_has_the_length_but_no_body) {
  Serving serving;
  Client client(serving.port());
  client.send("HEAD /abc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string heard = client.rest();
  EXPECT_NE(heard.find("Content-Length: 8"), std::string::npos) << heard;
  EXPECT_EQ(heard.find("[/abc"), std::string::npos);
}

TEST(Listener, a_body_too_large_is_refused_and_the_client_hears_why) {
  ListenOptions options;
  options.body_bytes_max = 1'000;
  Serving serving(options);
  for (const bool is_chunked : {false, true}) {
    Client client(serving.port());
    const std::string body(2'000'000, 'x');
    client.send(is_chunked ? "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "1E8480\r\n"
                           : "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n");
    client.send(body);
    const std::string heard = client.until("http.body_too_large");
    EXPECT_TRUE(heard.starts_with("HTTP/1.1 413")) << heard;
    EXPECT_NE(heard.find(R"({"code":"too_large","key":"http.body_too_large"})"),
              std::string::npos);
  }
}

TEST(Listener, the_largest_body_is_taken) {
  ListenOptions options;
  options.body_bytes_max = 1'000;
  Serving serving(options);
  Client client(serving.port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n" +
              std::string(1'000, 'x'));
  EXPECT_NE(client.rest().find("[/ 1000]"), std::string::npos);
}

TEST(Listener, headers_too_large_and_what_is_no_http_are_refused) {
  Serving serving;
  Client large(serving.port());
  large.send("GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n");
  EXPECT_TRUE(large.rest().starts_with("HTTP/1.1 431"));
  for (const char* rubbish : {"rubbish\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET  HTTP/1.1\r\n\r\n",
                              "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n"}) {
    Client client(serving.port());
    client.send(rubbish);
    const std::string heard = client.rest();
    EXPECT_TRUE(heard.starts_with("HTTP/1.1 400")) << rubbish << heard;
    EXPECT_NE(heard.find("http.malformed"), std::string::npos);
  }
  for (const char* target : {"/%zz", "/a/../b", "http://other/"}) {
    Client client(serving.port());
    client.send("GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_NE(client.rest().find("http.target"), std::string::npos) << target;
  }
}

TEST(Listener, two_lengths_are_no_request) {
  Serving serving;
  for (const char* lengths : {"Content-Length: 3\r\nContent-Length: 4\r\n",
                              "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"}) {
    Client client(serving.port());
    client.send("POST / HTTP/1.1\r\nHost: x\r\n" + std::string(lengths) + "\r\nabc");
    EXPECT_TRUE(client.rest().starts_with("HTTP/1.1 400")) << lengths;
  }
}

TEST(Listener, a_client_that_dawdles_is_cut) {
  ListenOptions options;
  options.header_seconds = 1;
  Serving serving(options);
  for (const char* start :
       {"GET / HT", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab"}) {
    Client client(serving.port());
    client.send(start);
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(client.rest(), "");
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(4));
  }
}

TEST(Listener, a_client_that_asks_whether_to_go_on_is_told) {
  Serving serving;
  Client client(serving.port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n"
              "Content-Length: 2\r\n\r\n");
  EXPECT_TRUE(client.until("100 Continue\r\n\r\n").starts_with("HTTP/1.1 100"));
  client.send("ab");
  EXPECT_NE(client.rest().find("[/ 2]"), std::string::npos);
}

TEST(Listener, a_stream_goes_on_until_one_side_ends_it) {
  std::shared_ptr<EventStream> stream;
  std::mutex mutex;
  std::condition_variable begun;
  Serving serving({}, [&](Request) {
    Answer answer;
    answer.response.headers = {{"Cache-Control", "no-store"}};
    answer.stream = [&](std::shared_ptr<EventStream> given) {
      given->send("event: first\n\n");
      const std::lock_guard lock(mutex);
      stream = std::move(given);
      begun.notify_one();
    };
    return answer;
  });
  Client client(serving.port());
  client.send("GET /live HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string head = client.until("event: first");
  EXPECT_NE(head.find("Content-Type: text/event-stream\r\n"), std::string::npos);
  EXPECT_NE(head.find("Cache-Control: no-store\r\n"), std::string::npos);
  {
    std::unique_lock lock(mutex);
    ASSERT_TRUE(begun.wait_for(lock, std::chrono::seconds(5), [&] { return stream != nullptr; }));
  }
  EXPECT_TRUE(stream->send("event: second\n\n"));
  EXPECT_NE(client.until("event: second").find("event: second"), std::string::npos);
  stream->end();
  EXPECT_EQ(client.rest().find("timed out"), std::string::npos);
  for (int i = 0; i < 100 && stream->send("x"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_FALSE(stream->send("x"));
  stream.reset();
}

TEST(Listener, more_waiting_than_it_holds_are_sent_away) {
  std::mutex mutex;
  std::condition_variable changed;
  bool may_go = false;
  std::atomic<int> inside = 0;
  ListenOptions options;
  options.waiting_max = 2;
  Serving serving(options, [&](Request request) {
    ++inside;
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return may_go; });
    return Serving::echo(std::move(request));
  });
  std::vector<std::unique_ptr<Client>> clients;
  const auto ask = [&] {
    clients.push_back(std::make_unique<Client>(serving.port()));
    clients.back()->send("GET /w HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  };
  for (int handled = 1; handled <= 4; ++handled) {  // four threads handle
    ask();
    while (inside < handled) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  for (int i = 0; i < 3; ++i) ask();  // two wait, whichever came first
  pollfd heard[3];
  for (int i = 0; i < 3; ++i) heard[i] = {clients[4 + i]->socket(), POLLIN, 0};
  ASSERT_GT(::poll(heard, 3, kPatienceMs), 0) << "nobody was sent away";
  {
    const std::lock_guard lock(mutex);
    may_go = true;
  }
  changed.notify_all();
  int answered = 0;
  std::string sent_away;
  for (const auto& client : clients) {
    std::string answer = client->rest();
    if (answer.find("[/w 0]") != std::string::npos) ++answered;
    else sent_away += answer;
  }
  EXPECT_EQ(answered, 6);
  EXPECT_TRUE(sent_away.starts_with("HTTP/1.1 503")) << sent_away;
  EXPECT_NE(sent_away.find("Retry-After: 1"), std::string::npos);
  EXPECT_NE(sent_away.find("http.busy"), std::string::npos);
}

TEST(Listener, stopping_lets_an_answer_in_the_making_finish) {
  std::atomic<bool> is_inside = false;
  Serving serving({}, [&](Request request) {
    is_inside = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    return Serving::echo(std::move(request));
  });
  Client client(serving.port());
  client.send("GET /late HTTP/1.1\r\nHost: x\r\n\r\n");
  while (!is_inside) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  serving.stop();
  EXPECT_NE(client.until("[/late 0]").find("[/late 0]"), std::string::npos);
}

TEST(Listener, an_address_that_is_taken_or_none_is_refused) {
  Serving serving;
  ListenOptions options;
  options.address = "192.0.2.1";  // of nobody
  const auto foreign = Listener::open(options, Serving::echo);
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().key, "http.listen");
  options.address = "nonsense";
  EXPECT_EQ(Listener::open(options, Serving::echo).error().key, "http.address");
  options.address = "127.0.0.1";
  options.port = serving.port();
  EXPECT_EQ(Listener::open(options, Serving::echo).error().key, "http.listen");
}

}  // namespace
}  // namespace gewu::http
