#include "gateway/webhook_witness.h"

#include "gateway/http_call.h"

namespace gewu::gateway {

namespace {

class WebhookWitness : public Witness {
 public:
  WebhookWitness(std::string url, HttpTarget target, std::chrono::milliseconds timeout)
      : url_(std::move(url)), timeout_(timeout) {
    call_.target = std::move(target);
    call_.is_post = true;
    call_.headers = {{"Content-Type", "application/x-ndjson"}};
  }
  std::string name() const override { return "webhook:" + url_; }

  Status tell(const std::vector<std::string>& lines) override {
    call_.body.clear();
    for (const std::string& line : lines) call_.body += line + "\n";
    const auto reply = call_http(call_, timeout_);
    if (reply && reply->status / 100 == 2) return {};
    return refuse(ErrorCode::unavailable, "witness.webhook", {{"host", call_.target.host}});
  }

 private:
  std::string url_;
  std::chrono::milliseconds timeout_;
  HttpCall call_;
};

}  // namespace

Result<std::unique_ptr<Witness>> webhook_witness(const std::string& url,
                                                 std::chrono::milliseconds timeout) {
  auto target = parse_http_url(url);
  if (!target) return refuse(ErrorCode::invalid, "witness.url");
  return std::unique_ptr<Witness>(
      std::make_unique<WebhookWitness>(url, std::move(*target), timeout));
}

}  // namespace gewu::gateway
