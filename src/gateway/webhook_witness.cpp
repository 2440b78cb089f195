#include "gateway/webhook_witness.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/url/parse.hpp>

#include <functional>

namespace gewu::gateway {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using ErrorCodeOf = boost::system::error_code;

struct Target {
  bool is_tls = false;
  std::string host, port, path;
};

/// One telling, step by step on a loop of its own that ends when the time is over.
class Telling {
 public:
  Telling(const Target& target, const std::string& body, std::chrono::milliseconds timeout)
      : target_(target), timeout_(timeout), context_(asio::ssl::context::tls_client) {
    request_.method(beast::http::verb::post);
    request_.target(target.path);
    request_.set(beast::http::field::host, target.host);
    request_.set(beast::http::field::content_type, "application/x-ndjson");
    request_.set(beast::http::field::user_agent, "gewu");
    request_.body() = body;
    request_.prepare_payload();
    context_.set_default_verify_paths();
    context_.set_verify_mode(asio::ssl::verify_peer);
  }

  /// Whether the other side said that it has them.
  bool run() {
    tcp::resolver resolver(loop_);
    resolver.async_resolve(target_.host, target_.port,
                           [&](ErrorCodeOf error, tcp::resolver::results_type found) {
                             if (!error) connect(found);
                           });
    loop_.run_for(timeout_);
    return took_;
  }

 private:
  void connect(const tcp::resolver::results_type& found) {
    if (!target_.is_tls) {
      plain_.emplace(loop_);
      plain_->async_connect(found, [&](ErrorCodeOf error, const tcp::endpoint&) {
        if (!error) write(*plain_);
      });
      return;
    }
    secure_.emplace(loop_, context_);
    secure_->set_verify_callback(asio::ssl::host_name_verification(target_.host));
    if (SSL_set_tlsext_host_name(secure_->native_handle(), target_.host.c_str()) != 1) return;
    beast::get_lowest_layer(*secure_).async_connect(
        found, [&](ErrorCodeOf error, const tcp::endpoint&) {
          if (error) return;
          secure_->async_handshake(asio::ssl::stream_base::client, [&](ErrorCodeOf failed) {
            if (!failed) write(*secure_);
          });
        });
  }

  template <typename Stream>
  void write(Stream& stream) {
    parser_.body_limit(64 * 1024);
    beast::http::async_write(stream, request_, [&](ErrorCodeOf error, std::size_t) {
      if (error) return;
      beast::http::async_read(stream, buffer_, parser_, [&](ErrorCodeOf failed, std::size_t) {
        took_ = !failed && parser_.get().result_int() / 100 == 2;
      });
    });
  }

  const Target& target_;
  std::chrono::milliseconds timeout_;
  asio::io_context loop_;
  asio::ssl::context context_;
  std::optional<beast::tcp_stream> plain_;
  std::optional<beast::ssl_stream<beast::tcp_stream>> secure_;
  beast::http::request<beast::http::string_body> request_;
  beast::http::response_parser<beast::http::string_body> parser_;
  beast::flat_buffer buffer_;
  bool took_ = false;
};

class WebhookWitness : public Witness {
 public:
  WebhookWitness(std::string url, Target target, std::chrono::milliseconds timeout)
      : url_(std::move(url)), target_(std::move(target)), timeout_(timeout) {}
  std::string name() const override { return "webhook:" + url_; }

  Status tell(const std::vector<std::string>& lines) override {
    std::string body;
    for (const std::string& line : lines) body += line + "\n";
    if (Telling(target_, body, timeout_).run()) return {};
    return refuse(ErrorCode::unavailable, "witness.webhook", {{"host", target_.host}});
  }

 private:
  std::string url_;
  Target target_;
  std::chrono::milliseconds timeout_;
};

}  // namespace

Result<std::unique_ptr<Witness>> webhook_witness(const std::string& url,
                                                 std::chrono::milliseconds timeout) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || parsed->host_address().empty() || parsed->has_userinfo() ||
      (parsed->scheme() != "http" && parsed->scheme() != "https"))
    return refuse(ErrorCode::invalid, "witness.url");
  Target target;
  target.is_tls = parsed->scheme() == "https";
  target.host = parsed->host_address();
  target.port = parsed->has_port() ? std::string(parsed->port()) : target.is_tls ? "443" : "80";
  target.path = std::string(parsed->encoded_target());
  if (target.path.empty()) target.path = "/";
  return std::unique_ptr<Witness>(
      std::make_unique<WebhookWitness>(url, std::move(target), timeout));
}

}  // namespace gewu::gateway
