// What lies under the boundaries: how much of it is fetched and kept, what a provider that fails does,
// and parts of a file, all over the routes.
#include <gtest/gtest.h>

#include <thread>

#include "base/spans.h"
#include "unit/http/http_office.h"
#include "usecase/base_map.h"

namespace gewu::test {
namespace {

const std::string kPicture = [] {
  std::string bytes("\x89PNG\r\n\x1a\n", 8);
  bytes.resize(1'000, '\x07');
  return bytes;
}();

class Provider : public gateway::TileProvider {
 public:
  Result<std::string> fetch(std::size_t, const gateway::TileNumber&) override {
    ++calls;
    if (!refusal.empty()) return refuse(ErrorCode::unavailable, refusal);
    if (is_empty) return refuse(ErrorCode::not_found, "base_map.no_tile");
    return answer;
  }
  int calls = 0;
  bool is_empty = false;
  std::string refusal, answer = kPicture;
};

class File : public gateway::PartedFile {
 public:
  class Part : public Open {
   public:
    explicit Part(const File& of) : of_(of) {}
    std::uint64_t bytes() const override { return of_.content.size(); }
    const std::string& tag() const override { return of_.tag; }
    Result<std::string> read(std::uint64_t from, std::size_t count) override {
      return of_.content.substr(from, count);
    }

   private:
    const File& of_;
  };
  Result<std::unique_ptr<Open>> open() override {
    if (is_gone) return refuse(ErrorCode::unavailable, "base_map.file");
    return std::unique_ptr<Open>(std::make_unique<Part>(*this));
  }
  bool is_gone = false;
  std::string content = "0123456789", tag = "one";
};

/// Columns and rows around the drawn grid of the office at a zoom of 12.
std::string path_of(int column, int row = 1506) {
  return "/api/base-map/tiles/0/12/" + std::to_string(column) + "/" + std::to_string(row);
}
constexpr int kColumn = 3519;

class BaseMap : public ::testing::Test {
 protected:
  void use(usecase::BaseMapSettings settings = {.layers = 2}) {
    settings.attribution = {{"zh", "某图"}, {"en", "Some map"}};
    map = std::make_unique<usecase::BaseMap>(*office.office, settings, provider);
    office.options.base_map = map.get();
  }
  std::string trouble() {
    const auto json = HttpOffice::json(office.get("/api/base-map"));
    return std::string(json.string_at("trouble").value_or(""));
  }
  void pass(std::int64_t ms) { office.clock.set(office.clock.now() + ms); }

  HttpOffice office;
  Provider provider;
  std::unique_ptr<usecase::BaseMap> map;
};

TEST_F(BaseMap, is_none_where_nothing_is_configured) {
  EXPECT_EQ(office.get("/api/base-map").body, R"({"kind":"none"})");
  EXPECT_EQ(HttpOffice::key_of(office.get(path_of(kColumn))), "base_map.none");
  EXPECT_EQ(HttpOffice::key_of(office.get("/api/base-map/file")), "base_map.none");
}

TEST_F(BaseMap, tells_a_page_what_it_needs_and_no_more) {
  use({.layers = 2, .zoom_min = 1, .zoom_max = 18});
  EXPECT_EQ(office.get("/api/base-map").body,
            R"({"kind":"tiles","layers":2,"zoom_min":1,"zoom_max":18,)"
            R"("attribution":{"zh":"某图","en":"Some map"},)"
            R"("frame":[129.3,42.7,129.71,43.11]})");
}

TEST_F(BaseMap, a_tile_is_fetched_once_and_answered_by_its_tag) {
  use();
  const auto first = office.get(path_of(kColumn));
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.body, kPicture);
  EXPECT_EQ(first.content_type, "image/png");
  EXPECT_EQ(HttpOffice::header(first, "Cache-Control"), "public, max-age=86400");
  EXPECT_EQ(HttpOffice::header(first, "Content-Security-Policy"),
            "default-src 'none'; frame-ancestors 'none'");
  Ask again{.target = path_of(kColumn)};
  again.headers["if-none-match"] = HttpOffice::header(first, "ETag");
  EXPECT_EQ(office.ask(again).status, 304);
  EXPECT_EQ(provider.calls, 1);
  pass(8 * kMsPerDay);
  EXPECT_EQ(office.get(path_of(kColumn)).status, 200);
  EXPECT_EQ(provider.calls, 2);
}

TEST_F(BaseMap, numbers_that_there_are_not_and_far_ground_reach_nobody) {
  use({.layers = 2, .zoom_min = 3, .zoom_max = 18});
  for (const char* wrong : {"2/12/1/1", "-1/12/1/1", "0/2/0/0", "0/19/1/1", "0/12/4096/1",
                            "0/12/1/4096", "0/12/-1/1", "0/x/1/1", "0/12/1e3/1", "0/12/1/%2e%31",
                            "0/99999999999/1/1", "9223372036854775808/12/1/1"}) {
    const auto reply = office.get("/api/base-map/tiles/" + std::string(wrong));
    EXPECT_EQ(reply.status, 400) << wrong;
    EXPECT_EQ(HttpOffice::key_of(reply), "base_map.tile") << wrong;
  }
  EXPECT_EQ(HttpOffice::key_of(office.get(path_of(100))), "base_map.no_tile");
  EXPECT_EQ(HttpOffice::key_of(office.get(path_of(kColumn, 100))), "base_map.no_tile");
  EXPECT_EQ(provider.calls, 0);
  EXPECT_EQ(office.get("/api/base-map/tiles/1/3/6/2").status, 200);
  EXPECT_EQ(provider.calls, 1);
}

TEST_F(BaseMap, what_the_provider_lacks_is_remembered_for_a_day) {
  use();
  provider.is_empty = true;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(office.get(path_of(kColumn)).status, 404);
  EXPECT_EQ(provider.calls, 1);
  EXPECT_EQ(trouble(), "");
  provider.is_empty = false;
  pass(kMsPerDay);
  EXPECT_EQ(office.get(path_of(kColumn)).status, 200);
}

TEST_F(BaseMap, only_so_much_is_kept_and_what_was_used_last_stays) {
  use({.layers = 1, .cache_bytes = 4'000});   // three of some 1,256 bytes
  for (int column : {0, 1, 2, 0, 3}) EXPECT_EQ(office.get(path_of(kColumn + column)).status, 200);
  EXPECT_EQ(provider.calls, 4);
  EXPECT_EQ(office.get(path_of(kColumn)).status, 200);
  EXPECT_EQ(provider.calls, 4);                // used again, so that it stayed
  EXPECT_EQ(office.get(path_of(kColumn + 1)).status, 200);
  EXPECT_EQ(provider.calls, 5);
}

TEST_F(BaseMap, a_minute_and_a_day_bring_so_many_and_no_more) {
  use({.layers = 1, .tiles_a_minute = 2, .tiles_a_day = 3});
  EXPECT_EQ(office.get(path_of(kColumn)).status, 200);
  EXPECT_EQ(office.get(path_of(kColumn + 1)).status, 200);
  const auto spent = office.get(path_of(kColumn + 2));
  EXPECT_EQ(spent.status, 429);
  EXPECT_EQ(HttpOffice::key_of(spent), "base_map.quota");
  EXPECT_EQ(HttpOffice::header(spent, "Retry-After"), "60");
  EXPECT_EQ(trouble(), "base_map.quota");
  EXPECT_EQ(office.get(path_of(kColumn)).status, 200);   // what is kept costs nothing
  pass(kMsPerMinute);
  EXPECT_EQ(trouble(), "");
  EXPECT_EQ(office.get(path_of(kColumn + 2)).status, 200);
  EXPECT_EQ(HttpOffice::header(office.get(path_of(kColumn + 3)), "Retry-After"), "86340");
  pass(kMsPerDay);
  EXPECT_EQ(office.get(path_of(kColumn + 3)).status, 200);
  EXPECT_EQ(provider.calls, 4);
}

TEST_F(BaseMap, a_provider_without_an_answer_is_left_alone_and_what_is_kept_is_shown) {
  use();
  EXPECT_EQ(office.get(path_of(kColumn)).status, 200);
  pass(8 * kMsPerDay);
  provider.refusal = "base_map.unreachable";
  EXPECT_EQ(office.get(path_of(kColumn)).status, 200);   // old, and better than nothing
  EXPECT_EQ(provider.calls, 2);
  const auto reply = office.get(path_of(kColumn + 1));
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(HttpOffice::key_of(reply), "base_map.unreachable");
  EXPECT_EQ(provider.calls, 2);
  EXPECT_EQ(trouble(), "base_map.unreachable");
  provider.refusal.clear();
  pass(30'000);
  EXPECT_EQ(trouble(), "");
  EXPECT_EQ(office.get(path_of(kColumn + 1)).status, 200);
}

TEST_F(BaseMap, what_is_no_picture_is_never_given_out) {
  use();
  provider.answer = "<html><script>alert(1)</script>";
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(trouble(), "");   // one hole in the map is no trouble
    EXPECT_EQ(HttpOffice::key_of(office.get(path_of(kColumn + i))), "base_map.refused");
  }
  EXPECT_EQ(trouble(), "base_map.refused");
  EXPECT_EQ(provider.calls, 3);
}

/// Answers when it is let go, and tells how many wait in it at most.
class SlowProvider : public gateway::TileProvider {
 public:
  Result<std::string> fetch(std::size_t, const gateway::TileNumber&) override {
    std::unique_lock lock(mutex);
    most = std::max(most, ++inside);
    ++calls;
    changed.notify_all();
    changed.wait(lock, [&] { return is_free; });
    --inside;
    return kPicture;
  }
  std::mutex mutex;
  std::condition_variable changed;
  int inside = 0, most = 0, calls = 0;
  bool is_free = false;
};

TEST_F(BaseMap, a_slow_provider_takes_few_threads_and_one_tile_is_fetched_once) {
  SlowProvider slow;
  usecase::BaseMap slow_map(*office.office, {.layers = 1}, slow);
  office.options.base_map = &slow_map;
  std::vector<std::thread> people;
  std::atomic<int> served = 0;
  for (int i = 0; i < 24; ++i)
    people.emplace_back([&, i] {
      if (office.get(path_of(kColumn + i % 2)).status == 200) ++served;
    });
  {
    std::unique_lock lock(slow.mutex);
    slow.changed.wait(lock, [&] { return slow.inside == 2; });
    slow.is_free = true;
  }
  slow.changed.notify_all();
  for (std::thread& one : people) one.join();
  EXPECT_EQ(served, 24);
  EXPECT_EQ(slow.calls, 2);
  EXPECT_EQ(slow.most, 2);
}

struct RangeCase {
  const char* range;
  int status;
  const char* body;
  const char* content_range;
};

TEST_F(BaseMap, a_file_is_read_in_parts) {
  File file;
  usecase::BaseMap of_file(*office.office, {.attribution = {{"zh", "某图"}}}, file);
  office.options.base_map = &of_file;
  const auto ask = [&](std::map<std::string, std::string> headers) {
    return office.ask({.target = "/api/base-map/file", .headers = std::move(headers)});
  };
  const RangeCase cases[] = {
      {"bytes=0-0", 206, "0", "bytes 0-0/10"},     {"bytes=2-4", 206, "234", "bytes 2-4/10"},
      {"bytes=7-", 206, "789", "bytes 7-9/10"},    {"bytes=-3", 206, "789", "bytes 7-9/10"},
      {"bytes=-99", 206, "0123456789", "bytes 0-9/10"},
      {"bytes=5-99", 206, "56789", "bytes 5-9/10"},
      {"bytes=10-", 416, nullptr, "bytes */10"},   {"bytes=10-12", 416, nullptr, "bytes */10"},
      {"bytes=-0", 416, nullptr, "bytes */10"},    {"bytes=4-2", 200, "0123456789", ""},
      {"bytes=0-1,3-4", 200, "0123456789", ""},    {"bytes=a-b", 200, "0123456789", ""},
      {"bytes=-", 200, "0123456789", ""},          {"lines=1-2", 200, "0123456789", ""},
      {"bytes=0x1-3", 200, "0123456789", ""},
      {"bytes=99999999999999999999-", 200, "0123456789", ""}};
  for (const RangeCase& one : cases) {
    const auto reply = ask({{"range", one.range}});
    EXPECT_EQ(reply.status, one.status) << one.range;
    if (one.body) { EXPECT_EQ(reply.body, one.body) << one.range; }
    EXPECT_EQ(HttpOffice::header(reply, "Content-Range"), one.content_range) << one.range;
    EXPECT_EQ(HttpOffice::header(reply, "ETag"), "\"one\"") << one.range;
    EXPECT_EQ(HttpOffice::header(reply, "Accept-Ranges"), "bytes") << one.range;
    EXPECT_EQ(HttpOffice::header(reply, "Content-Encoding"), "") << one.range;
  }
  EXPECT_EQ(ask({{"range", "bytes=1-2"}, {"if-range", "\"one\""}}).status, 206);
  EXPECT_EQ(ask({{"range", "bytes=1-2"}, {"if-range", "\"two\""}}).status, 200);
  EXPECT_EQ(ask({{"if-none-match", "\"one\""}}).status, 304);
  EXPECT_EQ(office.get("/api/base-map").body,
            R"({"kind":"pmtiles","layers":0,"zoom_min":0,"zoom_max":19,)"
            R"("attribution":{"zh":"某图"},"frame":[129.3,42.7,129.71,43.11]})");

  file.content.assign(9 * 1024 * 1024, 'x');
  const auto whole = ask({});
  EXPECT_EQ(whole.status, 413);
  EXPECT_EQ(HttpOffice::key_of(whole), "base_map.range");
  EXPECT_EQ(ask({{"range", "bytes=0-8388607"}}).status, 206);
  EXPECT_EQ(ask({{"range", "bytes=0-8388608"}}).status, 413);
  file.is_gone = true;
  EXPECT_EQ(ask({{"range", "bytes=0-1"}}).status, 503);
  EXPECT_EQ(trouble(), "base_map.file");
}

}  // namespace
}  // namespace gewu::test
