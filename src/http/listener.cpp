#include "http/listener.h"

#include <algorithm>
#include <atomic>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace gewu::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ssl = boost::asio::ssl;
namespace wire = boost::beast::http;
using tcp = asio::ip::tcp;

Method method_of(wire::verb verb) {
  if (verb == wire::verb::get) return Method::get;
  if (verb == wire::verb::head) return Method::head;
  if (verb == wire::verb::post) return Method::post;
  if (verb == wire::verb::put) return Method::put;
  if (verb == wire::verb::patch) return Method::patch;
  if (verb == wire::verb::delete_) return Method::del;
  if (verb == wire::verb::options) return Method::options;
  return Method::other;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

constexpr std::size_t kHeaderBytesMax = 16 * 1024;
constexpr std::size_t kFramesMax = 256;  // a client of a stream that is this slow is cut
constexpr std::size_t kDrainBytesMax = 4 * 1024 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr auto kDrainStep = std::chrono::milliseconds(50);
constexpr int kDrainSteps = 100;

using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;
using TlsContext = std::shared_ptr<ssl::context>;

/// TLS 1.2 and later by the certificate chain and key of two PEM files.
Result<TlsContext> load_tls(const ListenOptions& options) {
  const auto refused = [](const std::string& file, const beast::error_code& error) {
    return refuse(ErrorCode::invalid, "http.tls", {{"file", file}, {"reason", error.message()}});
  };
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 |
                       ssl::context::no_sslv3 | ssl::context::no_tlsv1 |
                       ssl::context::no_tlsv1_1 | SSL_OP_NO_RENEGOTIATION);
  beast::error_code error;
  context->use_certificate_chain_file(options.tls_certificate, error);
  if (error) return refused(options.tls_certificate, error);
  context->use_private_key_file(options.tls_key, ssl::context::pem, error);
  if (error) return refused(options.tls_key, error);
  if (SSL_CTX_check_private_key(context->native_handle()) != 1)
    return refuse(ErrorCode::invalid, "http.tls",
                  {{"file", options.tls_key}, {"reason", "not the key of the certificate"}});
  return context;
}

/// What all connections share.
struct Shared {
  ListenOptions options;
  Listener::Handler handler;
  // Before the sockets, whose connections still count themselves out when they go.
  std::atomic<std::size_t> connections{0}, waiting{0}, answering{0}, large{0};
  std::atomic<bool> stopping{false};
  asio::io_context sockets;
  asio::thread_pool handlers;

  Shared(ListenOptions given, Listener::Handler handle)
      : options(std::move(given)), handler(std::move(handle)), handlers(options.handler_threads) {}
};

/// One client. Callbacks run on its strand; handlers on the pool.
template <typename Stream>
class Connection : public std::enable_shared_from_this<Connection<Stream>>, public EventStream {
  static constexpr bool kIsTls = std::is_same_v<Stream, TlsStream>;

 public:
  /// `tls` lives as long as the connection that uses it, though the certificate be renewed.
  Connection(Shared& shared, tcp::socket socket, TlsContext tls)
      : shared_(shared), tls_(std::move(tls)), stream_(make_stream(std::move(socket), tls_)) {
    ++shared_.connections;
    beast::error_code error;
    const auto peer = tcp_stream().socket().remote_endpoint(error);
    if (!error) peer_ = peer.address().to_string();
    tcp_stream().socket().set_option(tcp::no_delay(true), error);
  }
  ~Connection() override {
    end_large();
    --shared_.connections;
  }

  void start() {
    if constexpr (kIsTls) {
      tcp_stream().expires_after(std::chrono::seconds(shared_.options.header_seconds));
      stream_.async_handshake(ssl::stream_base::server,
                              [self = this->shared_from_this()](beast::error_code error) {
                                if (error) return self->close();
                                self->read();
                              });
    } else {
      read();
    }
  }

  void read() {
    parser_.emplace();
    parser_->header_limit(kHeaderBytesMax);
    // What a path allows is known when its header is in.
    parser_->body_limit(std::max(shared_.options.body_bytes_max, shared_.options.large.bytes_max));
    tcp_stream().expires_after(std::chrono::seconds(first_ ? shared_.options.header_seconds
                                                      : shared_.options.idle_seconds));
    first_ = false;
    wire::async_read_header(stream_, buffer_, *parser_,
                            beast::bind_front_handler(&Connection::on_header, this->shared_from_this()));
  }

  /// A frame of server-sent events.
  bool send(std::string text) override {
    if (gone_) return false;
    asio::post(stream_.get_executor(), [self = this->shared_from_this(),
                                        text = std::move(text)]() mutable {
      if (self->frames_.size() >= kFramesMax) return self->close();
      self->frames_.push_back(std::move(text));
      if (self->frames_.size() == 1 && self->streaming_) self->write_frame();
    });
    return true;
  }

  void end() override {
    asio::post(stream_.get_executor(), [self = this->shared_from_this()] { self->close(); });
  }

 private:
  void on_header(beast::error_code error, std::size_t) {
    if (error) return refuse_read(error);
    tcp_stream().expires_after(std::chrono::seconds(shared_.options.header_seconds));
    if (is_large_path()) {
      if (!begin_large())
        return answer_plain(503, R"({"code":"unavailable","key":"http.busy"})",
                            {{"Retry-After", "5"}});
      tcp_stream().expires_after(std::chrono::seconds(shared_.options.large.seconds));
    } else {
      if (parser_->content_length().value_or(0) > shared_.options.body_bytes_max)
        return refuse_read(wire::error::body_limit);
      parser_->body_limit(shared_.options.body_bytes_max);
    }
    const bool expects = beast::iequals(parser_->get()[wire::field::expect], "100-continue");
    if (!expects) return read_body();
    asio::async_write(stream_, asio::buffer(kContinue),
                      [self = this->shared_from_this()](beast::error_code failed, std::size_t) {
                        if (failed) return self->close();
                        self->read_body();
                      });
  }

  bool is_large_path() const {
    const auto& head = parser_->get();
    const std::string_view target(head.target().data(), head.target().size());
    const std::string& path = shared_.options.large.path;
    return !path.empty() && head.method() == wire::verb::post &&
           target.substr(0, target.find('?')) == path;
  }
  bool begin_large() {
    if (shared_.large.fetch_add(1) >= shared_.options.large.at_once_max) {
      --shared_.large;
      return false;
    }
    is_large_ = true;
    return true;
  }
  void end_large() {
    if (std::exchange(is_large_, false)) --shared_.large;
  }

  void read_body() {
    wire::async_read(stream_, buffer_, *parser_,
                     beast::bind_front_handler(&Connection::on_read, this->shared_from_this()));
  }

  void refuse_read(beast::error_code error) {
    if (error == wire::error::body_limit)
      return answer_plain(413, R"({"code":"too_large","key":"http.body_too_large"})");
    if (error == wire::error::header_limit)
      return answer_plain(431, R"({"code":"too_large","key":"http.header_too_large"})");
    if (error == wire::error::end_of_stream || error == wire::error::partial_message ||
        error.category() != wire::make_error_code(wire::error::bad_method).category())
      return close();
    answer_plain(400, R"({"code":"invalid","key":"http.malformed"})");
  }

  void on_read(beast::error_code error, std::size_t) {
    if (error) return refuse_read(error);
    auto request = std::make_shared<Request>();
    auto message = parser_->release();
    request->method = method_of(message.method());
    request->peer = peer_;
    request->over_tls = kIsTls;
    for (const auto& field : message)
      request->headers.emplace_back(lower({field.name_string().data(), field.name_string().size()}),
                                    std::string(field.value()));
    request->body = std::move(message.body());
    keep_alive_ = message.keep_alive() && !shared_.stopping;
    head_only_ = request->method == Method::head;
    const std::string target(message.target());
    if (auto parsed = parse_target(target, *request); !parsed)
      return answer_plain(400, R"({"code":"invalid","key":"http.target"})");
    if (shared_.waiting.load() >= shared_.options.waiting_max)
      return answer_plain(503, R"({"code":"unavailable","key":"http.busy"})",
                          {{"Retry-After", "1"}});
    ++shared_.waiting;
    ++shared_.answering;
    tcp_stream().expires_never();
    asio::post(shared_.handlers, [self = this->shared_from_this(), request] {
      --self->shared_.waiting;
      auto answer = std::make_shared<Answer>(self->shared_.handler(std::move(*request)));
      asio::post(self->stream_.get_executor(), [self, answer] {
        self->answer(*answer);
        --self->shared_.answering;
      });
    });
  }

  void answer_plain(int status, std::string body,
                    std::vector<std::pair<std::string, std::string>> headers = {}) {
    keep_alive_ = false;
    is_refused_ = true;
    Answer answer_now;
    answer_now.response = {status, "application/json", std::move(body), std::move(headers)};
    answer(answer_now);
  }

  void answer(Answer& given) {
    end_large();
    if (given.stream) return start_stream(given);
    response_.emplace();
    response_->version(11);
    response_->result(static_cast<unsigned>(given.response.status));
    if (!given.response.content_type.empty())
      response_->set(wire::field::content_type, given.response.content_type);
    for (const auto& [name, value] : given.response.headers) response_->insert(name, value);
    response_->keep_alive(keep_alive_);
    const std::size_t size = given.response.body.size();
    if (!head_only_) response_->body() = std::move(given.response.body);
    const bool has_body = given.response.status != 204 && given.response.status != 304;
    if (has_body) response_->content_length(size);
    tcp_stream().expires_after(std::chrono::seconds(30));
    wire::async_write(stream_, *response_,
                      beast::bind_front_handler(&Connection::on_write, this->shared_from_this()));
  }

  void on_write(beast::error_code error, std::size_t) {
    if (!error && is_refused_) return drain();
    if (error) return close();
    if (!keep_alive_) return say_goodbye();
    response_.reset();
    read();
  }

  /// What was not read is read and thrown away for a moment: closing over it would reset the
  /// connection, and the client would never see why he was refused.
  void drain() {
    beast::error_code ignored;
    tcp_stream().socket().shutdown(tcp::socket::shutdown_send, ignored);
    tcp_stream().expires_after(std::chrono::seconds(2));
    drain_more(0);
  }

  void drain_more(std::size_t drained) {
    if (drained > kDrainBytesMax) return close();
    stream_.async_read_some(
        asio::buffer(ignored_), [self = this->shared_from_this(), drained](beast::error_code error,
                                                                    std::size_t size) {
          if (error) return self->close();
          self->drain_more(drained + size);
        });
  }

  void start_stream(Answer& given) {
    head_ = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            "X-Accel-Buffering: no\r\nConnection: close\r\n";
    for (const auto& [name, value] : given.response.headers) head_ += name + ": " + value + "\r\n";
    head_ += "\r\n";
    tcp_stream().expires_after(std::chrono::seconds(30));
    auto begin = given.stream;
    asio::async_write(stream_, asio::buffer(head_),
                      [self = this->shared_from_this(), begin](beast::error_code error, std::size_t) {
                        if (error) return self->close();
                        self->streaming_ = true;
                        begin(self);
                        self->watch_client();
                        if (!self->frames_.empty()) self->write_frame();
                      });
  }

  /// Notices that the client went away; what it sends is ignored.
  void watch_client() {
    tcp_stream().expires_never();
    stream_.async_read_some(asio::buffer(ignored_),
                            [self = this->shared_from_this()](beast::error_code error, std::size_t) {
                              if (error) return self->close();
                              self->watch_client();
                            });
  }

  void write_frame() {
    asio::async_write(stream_, asio::buffer(frames_.front()),
                      [self = this->shared_from_this()](beast::error_code error, std::size_t) {
                        if (error) return self->close();
                        self->frames_.pop_front();
                        if (!self->frames_.empty()) self->write_frame();
                      });
  }

  /// Closes so that the client knows that nothing was cut off.
  void say_goodbye() {
    if constexpr (kIsTls) {
      tcp_stream().expires_after(std::chrono::seconds(2));
      stream_.async_shutdown(
          [self = this->shared_from_this()](beast::error_code) { self->close(); });
    } else {
      close();
    }
  }

  void close() {
    gone_ = true;
    beast::error_code ignored;
    tcp_stream().socket().shutdown(tcp::socket::shutdown_both, ignored);
    tcp_stream().close();
  }

  static Stream make_stream(tcp::socket socket, const TlsContext& tls) {
    if constexpr (kIsTls) return Stream(std::move(socket), *tls);
    else return Stream(std::move(socket));
  }
  beast::tcp_stream& tcp_stream() { return beast::get_lowest_layer(stream_); }

  Shared& shared_;
  const TlsContext tls_;
  Stream stream_;
  beast::flat_buffer buffer_;
  std::optional<wire::request_parser<wire::string_body>> parser_;
  std::optional<wire::response<wire::string_body>> response_;
  std::string peer_, head_;
  std::deque<std::string> frames_;
  char ignored_[4096] = {};
  bool first_ = true, is_refused_ = false, keep_alive_ = true, head_only_ = false;
  bool streaming_ = false, is_large_ = false;
  std::atomic<bool> gone_{false};
};

class BeastListener : public Listener {
 public:
  BeastListener(ListenOptions options, Handler handler)
      : shared_(std::move(options), std::move(handler)),
        acceptor_(asio::make_strand(shared_.sockets)) {}

  Status listen() {
    if (!shared_.options.tls_certificate.empty()) GEWU_CHECK(renew_tls());
    beast::error_code error;
    const auto address = asio::ip::make_address(shared_.options.address, error);
    if (error) return refuse(ErrorCode::invalid, "http.address");
    const tcp::endpoint endpoint(address, shared_.options.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error)
      return refuse(ErrorCode::unavailable, "http.listen", {{"reason", error.message()}});
    accept();
    return {};
  }

  Status renew_tls() override {
    if (shared_.options.tls_certificate.empty()) return {};
    GEWU_TRY(context, load_tls(shared_.options));
    const std::lock_guard lock(tls_mutex_);
    tls_ = std::move(context);
    return {};
  }

  std::uint16_t port() const override { return acceptor_.local_endpoint().port(); }

  void run() override {
    std::vector<std::thread> threads;
    for (unsigned i = 1; i < shared_.options.socket_threads; ++i)
      threads.emplace_back([this] { shared_.sockets.run(); });
    shared_.sockets.run();
    for (std::thread& thread : threads) thread.join();
    shared_.handlers.join();
  }

  void stop() override {
    shared_.stopping = true;
    asio::post(acceptor_.get_executor(), [this] {
      beast::error_code ignored;
      acceptor_.close(ignored);
      finish(0);
    });
  }

 private:
  /// Answers in the making are waited for, then their last bytes; streams and idle connections
  /// are not.
  void finish(int step) {
    pause_.expires_after(kDrainStep);
    const bool is_last = shared_.answering == 0 || step >= kDrainSteps;
    pause_.async_wait([this, step, is_last](beast::error_code) {
      if (is_last) shared_.sockets.stop();
      else finish(step + 1);
    });
  }

  void serve(tcp::socket socket) {
    TlsContext tls;
    {
      const std::lock_guard lock(tls_mutex_);
      tls = tls_;
    }
    if (tls)
      std::make_shared<Connection<TlsStream>>(shared_, std::move(socket), std::move(tls))->start();
    else
      std::make_shared<Connection<PlainStream>>(shared_, std::move(socket), nullptr)->start();
  }

  void accept() {
    acceptor_.async_accept(asio::make_strand(shared_.sockets),
                           [this](beast::error_code error, tcp::socket socket) {
                             if (error == asio::error::operation_aborted) return;
                             if (!error && shared_.connections < shared_.options.connections_max)
                               serve(std::move(socket));
                             if (!acceptor_.is_open()) return;
                             if (!error) return accept();
                             // No descriptor is free: asking again at once would only spin.
                             pause_.expires_after(kDrainStep);
                             pause_.async_wait([this](beast::error_code) {
                               if (acceptor_.is_open()) accept();
                             });
                           });
  }

  Shared shared_;
  tcp::acceptor acceptor_;
  std::mutex tls_mutex_;
  TlsContext tls_;
  asio::steady_timer pause_{acceptor_.get_executor()};
};

}  // namespace

Result<std::unique_ptr<Listener>> Listener::open(ListenOptions options, Handler handler) {
  auto listener = std::make_unique<BeastListener>(std::move(options), std::move(handler));
  GEWU_CHECK(listener->listen());
  return std::unique_ptr<Listener>(std::move(listener));
}

}  // namespace gewu::http
