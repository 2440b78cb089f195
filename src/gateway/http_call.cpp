#include "gateway/http_call.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/url/parse.hpp>

#include <optional>

namespace gewu::gateway {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using ErrorCodeOf = boost::system::error_code;

constexpr std::size_t kReplyBytesMax = 256 * 1024;

/// One call, step by step on a loop of its own that ends when the time is over.
class Calling {
 public:
  Calling(const HttpCall& call, std::chrono::milliseconds timeout)
      : target_(call.target), timeout_(timeout), context_(asio::ssl::context::tls_client) {
    request_.method(call.is_post ? beast::http::verb::post : beast::http::verb::get);
    request_.target(target_.path);
    request_.set(beast::http::field::host, target_.host + ":" + target_.port);
    request_.set(beast::http::field::user_agent, "gewu");
    for (const auto& [name, value] : call.headers) request_.set(name, value);
    request_.body() = call.body;
    request_.prepare_payload();
    context_.set_default_verify_paths();
    context_.set_verify_mode(asio::ssl::verify_peer);
    parser_.body_limit(kReplyBytesMax);
  }

  std::optional<HttpReply> run() {
    tcp::resolver resolver(loop_);
    resolver.async_resolve(target_.host, target_.port,
                           [&](ErrorCodeOf error, tcp::resolver::results_type found) {
                             if (!error) connect(found);
                           });
    loop_.run_for(timeout_);
    return std::move(reply_);
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
    beast::http::async_write(stream, request_, [&](ErrorCodeOf error, std::size_t) {
      if (error) return;
      beast::http::async_read(stream, buffer_, parser_, [&](ErrorCodeOf failed, std::size_t) {
        if (failed) return;
        auto message = parser_.release();
        reply_ = HttpReply{static_cast<int>(message.result_int()), std::move(message.body())};
      });
    });
  }

  const HttpTarget& target_;
  std::chrono::milliseconds timeout_;
  asio::io_context loop_;
  asio::ssl::context context_;
  std::optional<beast::tcp_stream> plain_;
  std::optional<beast::ssl_stream<beast::tcp_stream>> secure_;
  beast::http::request<beast::http::string_body> request_;
  beast::http::response_parser<beast::http::string_body> parser_;
  beast::flat_buffer buffer_;
  std::optional<HttpReply> reply_;
};

}  // namespace

Result<HttpTarget> parse_http_url(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || parsed->host_address().empty() || parsed->has_userinfo() ||
      (parsed->scheme() != "http" && parsed->scheme() != "https"))
    return refuse(ErrorCode::invalid, "gateway.url");
  HttpTarget target;
  target.is_tls = parsed->scheme() == "https";
  target.host = parsed->host_address();
  target.port = parsed->has_port() ? std::string(parsed->port()) : target.is_tls ? "443" : "80";
  target.path = std::string(parsed->encoded_target());
  if (target.path.empty()) target.path = "/";
  return target;
}

Result<HttpReply> call_http(const HttpCall& call, std::chrono::milliseconds timeout) {
  if (auto reply = Calling(call, timeout).run()) return std::move(*reply);
  return refuse(ErrorCode::unavailable, "gateway.call", {{"host", call.target.host}});
}

}  // namespace gewu::gateway
