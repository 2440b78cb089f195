// Witnesses over loopback and in a file: a root counts as told only when the other side has it.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "gateway/file_witness.h"
#include "gateway/webhook_witness.h"

namespace gewu::gateway {
namespace {

/// Takes one connection and answers it with a text; an empty one: never.
class Page {
 public:
  explicit Page(std::string answer) : answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 1) != 0)
      throw std::runtime_error("listen");
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Page() {
    ::shutdown(listener_, SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    ::close(listener_);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/roots?of=us"; }
  /// What came, once the connection is over.
  std::string got() {
    thread_.join();
    return got_;
  }

 private:
  void serve() {
    const int peer = ::accept(listener_, nullptr, nullptr);
    if (peer < 0) return;
    char bytes[4096];
    for (;;) {
      const auto count = ::read(peer, bytes, sizeof bytes);
      if (count <= 0) break;
      got_.append(bytes, static_cast<std::size_t>(count));
      if (got_.find("last\n") == std::string::npos || answer_.empty()) continue;
      if (::write(peer, answer_.data(), answer_.size()) < 0) break;
      break;
    }
    ::close(peer);
  }

  std::string answer_, got_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

constexpr const char* kTook = "HTTP/1.1 204 No Content\r\n\r\n";

TEST(Webhook, posts_a_line_for_each_root_and_takes_a_2xx_for_a_receipt) {
  std::string got;
  {
    Page page(kTook);
    const auto witness = webhook_witness(page.url());
    ASSERT_TRUE(witness);
    EXPECT_TRUE((*witness)->tell({"first", "last"}));
    got = page.got();
  }
  EXPECT_TRUE(got.starts_with("POST /roots?of=us HTTP/1.1\r\n")) << got;
  EXPECT_TRUE(got.ends_with("\r\n\r\nfirst\nlast\n")) << got;
  EXPECT_NE(got.find("application/x-ndjson"), std::string::npos);
}

TEST(Webhook, anything_else_is_told_and_tried_again_by_whoever_asks) {
  Page page("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
  const auto witness = webhook_witness(page.url());
  const Status told = (*witness)->tell({"last"});
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().key, "witness.webhook");
}

TEST(Webhook, a_silent_page_keeps_nobody_longer_than_it_may) {
  Page page("");
  const auto witness = webhook_witness(page.url(), std::chrono::milliseconds(200));
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_FALSE((*witness)->tell({"last"}));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
}

TEST(Webhook, nobody_there_and_no_address_are_refused) {
  EXPECT_FALSE((*webhook_witness("http://127.0.0.1:1/"))->tell({"last"}));
  for (const char* url : {"", "ftp://host/", "roots", "http://", "http://user:word@host/"})
    EXPECT_EQ(webhook_witness(url).error().key, "witness.url") << url;
}

TEST(FileWitness, adds_lines_and_never_writes_anew) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("gewu_witness_" + std::to_string(getpid()));
  const auto witness = file_witness(path.string());
  EXPECT_TRUE(witness->tell({"one", "two"}));
  EXPECT_TRUE(file_witness(path.string())->tell({"three"}));
  std::ifstream file(path);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(text, "one\ntwo\nthree\n");
  std::filesystem::remove(path);
  EXPECT_EQ(file_witness("/nowhere/at/all")->tell({"one"}).error().key, "witness.file");
}

}  // namespace
}  // namespace gewu::gateway
