#include "gateway/messengers.h"

#include <fcntl.h>
#include <unistd.h>

#include "codec/json_writer.h"
#include "gateway/http_call.h"

namespace gewu::gateway {

namespace {

constexpr std::chrono::seconds kMessengerTimeout{10};

std::string json_of(const OutwardMessage& message) {
  std::string text;
  codec::JsonWriter out(text);
  out.begin_object().member("id", message.id).member("to", message.to);
  out.member("kind", message.link.empty() ? "news" : "answer");
  out.key("text").begin_object();
  for (const auto& [language, words] : message.text) out.member(language, words);
  out.end_object();
  if (!message.link.empty()) out.member("link", message.link);
  out.end_object();
  return text;
}

class WebhookMessenger : public Messenger {
 public:
  explicit WebhookMessenger(HttpTarget target) {
    call_.target = std::move(target);
    call_.is_post = true;
    call_.headers = {{"Content-Type", "application/json"}};
  }

  Status send(const OutwardMessage& message) override {
    call_.body = json_of(message);
    const auto reply = call_http(call_, kMessengerTimeout);
    call_.body.clear();
    if (reply && reply->status / 100 == 2) return {};
    const bool is_final = reply && reply->status / 100 == 4 && reply->status != 408 &&
                          reply->status != 429;
    return refuse(is_final ? ErrorCode::invalid : ErrorCode::unavailable,
                  is_final ? "messenger.refused" : "messenger.unavailable");
  }

 private:
  HttpCall call_;
};

class FileMessenger : public Messenger {
 public:
  explicit FileMessenger(std::string path) : path_(std::move(path)) {}

  Status send(const OutwardMessage& message) override {
    const int file = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return failed();
    const std::string line = json_of(message) + "\n";
    const auto written = ::write(file, line.data(), line.size());
    const bool is_durable =
        written == static_cast<ssize_t>(line.size()) && ::fsync(file) == 0;
    ::close(file);
    return is_durable ? Status{} : failed();
  }

 private:
  static Status failed() { return refuse(ErrorCode::unavailable, "messenger.unavailable"); }
  std::string path_;
};

}  // namespace

Result<std::unique_ptr<Messenger>> webhook_messenger(const std::string& url) {
  auto target = parse_http_url(url);
  if (!target) return refuse(ErrorCode::invalid, "messenger.url");
  return std::unique_ptr<Messenger>(std::make_unique<WebhookMessenger>(std::move(*target)));
}

std::unique_ptr<Messenger> file_messenger(std::string path) {
  return std::make_unique<FileMessenger>(std::move(path));
}

}  // namespace gewu::gateway
