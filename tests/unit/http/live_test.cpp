#include "http/live.h"

#include <gtest/gtest.h>

#include <set>

namespace gewu::http {
namespace {

class Stream : public EventStream {
 public:
  bool send(std::string text) override {
    if (is_gone) return false;
    heard += text;
    return true;
  }
  void end() override { is_ended = true; }
  std::string heard;
  bool is_gone = false, is_ended = false;
};

class Live : public testing::Test {
 protected:
  std::shared_ptr<Stream> join(LiveInterest interest, std::int64_t heard = 0,
                               Instant since = kBegun) {
    auto stream = std::make_shared<Stream>();
    LivePage page;
    page.stream = stream;
    page.interest = std::move(interest);
    page.session = "session";
    page.since = since;
    page.heard = heard;
    feed.join(std::move(page));
    feed.deliver();
    stream->heard.clear();
    return stream;
  }
  static usecase::Change change(std::int64_t matter, std::string territory,
                                std::vector<PostId> noticed = {}) {
    usecase::Change made;
    made.matter = {matter};
    made.type = "appeal";
    made.territory = std::move(territory);
    made.handler = "lighting_office";
    made.noticed = std::move(noticed);
    return made;
  }
  static bool has(const Stream& stream, const std::string& text) {
    return stream.heard.find(text) != std::string::npos;
  }
  static std::size_t count(const Stream& stream, const std::string& text) {
    std::size_t found = 0;
    for (auto at = stream.heard.find(text); at != std::string::npos;
         at = stream.heard.find(text, at + 1))
      ++found;
    return found;
  }

  static constexpr Instant kBegun{1'000'000};
  static constexpr std::int64_t kFirst = 1'000'000'000;
  std::set<MatterId> hidden;
  LiveFeed feed{{[this](const usecase::Caller&, const std::vector<MatterId>& matters) {
                   std::vector<bool> seen;
                   for (const MatterId matter : matters) seen.push_back(!hidden.contains(matter));
                   return seen;
                 },
                 [](const usecase::Caller&) { return std::size_t{3}; }},
                kBegun};
  LiveInterest street{{kernel::territory_unit("222401002")}, {PostId{5}}};
};

TEST_F(Live, a_page_hears_of_its_ground_and_its_organisation_alone) {
  const auto page = join(street);
  const auto other = join({{kernel::territory_unit("222401003")}, {}});
  const auto lighting = join({{kernel::organisation_unit("lighting_office")}, {}});
  feed.tell({change(7, "222401002001007")});
  feed.deliver();
  EXPECT_EQ(page->heard, "id: 1000000001\nevent: changed\ndata: {\"matter\":\"7\",\"type\":"
                         "\"appeal\",\"units\":[\"222401002001007\",\"lighting_office\"]}\n\n");
  EXPECT_EQ(other->heard, "");
  EXPECT_TRUE(has(*lighting, "\"matter\":\"7\""));
}

TEST_F(Live, a_matter_that_its_caller_may_not_see_is_never_told) {
  const auto page = join(street);
  hidden.insert(MatterId{8});
  feed.tell({change(7, "222401002"), change(8, "222401002")});
  feed.deliver();
  EXPECT_TRUE(has(*page, "\"7\""));
  EXPECT_FALSE(has(*page, "\"8\""));
}

TEST_F(Live, a_matter_that_changed_often_is_told_once) {
  const auto page = join(street);
  feed.tell({change(7, "222401002"), change(7, "222401002"), change(7, "222401002")});
  feed.deliver();
  EXPECT_EQ(count(*page, "event: changed"), 1U);
  EXPECT_TRUE(has(*page, "id: 1000000003\n"));
}

TEST_F(Live, a_notice_tells_how_many_are_unread) {
  const auto page = join(street);
  feed.tell({change(7, "elsewhere", {PostId{5}})});
  feed.deliver();
  EXPECT_TRUE(has(*page, "event: notice\ndata: {\"unread\":3}\n\n"));
}

TEST_F(Live, a_page_that_was_away_hears_what_it_missed) {
  feed.tell({change(7, "222401002"), change(8, "222401002")});
  auto stream = std::make_shared<Stream>();
  LivePage page;
  page.stream = stream;
  page.interest = street;
  page.heard = kFirst + 1;
  feed.join(std::move(page));
  feed.deliver();
  EXPECT_FALSE(has(*stream, "\"7\""));
  EXPECT_TRUE(has(*stream, "\"8\""));
}

TEST_F(Live, a_page_that_was_away_too_long_or_of_an_earlier_process_loads_anew) {
  for (const std::int64_t heard : {std::int64_t{17}, kFirst + 1, kFirst + 9'999'999}) {
    for (int i = 0; i < 5'000; ++i) feed.tell({change(i + 1, "222401002")});
    auto stream = std::make_shared<Stream>();
    LivePage page;
    page.stream = stream;
    page.interest = street;
    page.heard = heard;
    feed.join(std::move(page));
    feed.deliver();
    EXPECT_EQ(count(*stream, "event: reload"), 1U) << heard;
    EXPECT_EQ(count(*stream, "event: changed"), 0U) << heard;
  }
}

TEST_F(Live, a_flood_is_one_reload) {
  const auto page = join(street);
  std::vector<usecase::Change> many;
  for (int i = 1; i <= 300; ++i) many.push_back(change(i, "222401002"));
  feed.tell(many);
  feed.deliver();
  EXPECT_EQ(count(*page, "event: reload"), 1U);
  EXPECT_EQ(count(*page, "event: changed"), 0U);
  page->heard.clear();
  feed.tell({change(7, "222401002")});
  feed.deliver();
  EXPECT_EQ(count(*page, "event: changed"), 1U);
}

TEST_F(Live, beats_say_the_time_and_how_far_the_page_has_heard) {
  const auto page = join(street);
  feed.tell({change(7, "elsewhere")});
  feed.deliver();
  feed.beat(kBegun + 15'000);
  EXPECT_EQ(page->heard,
            "id: 1000000001\nevent: beat\ndata: {\"now\":\"1970-01-01T00:16:55.000Z\"}\n\n");
}

TEST_F(Live, an_old_page_is_closed_so_that_its_session_is_looked_at_anew) {
  const auto page = join(street);
  feed.beat(kBegun + 599'999);
  EXPECT_FALSE(page->is_ended);
  feed.beat(kBegun + 600'000);
  EXPECT_TRUE(page->is_ended);
}

TEST_F(Live, signing_out_closes_the_pages_of_that_session) {
  const auto page = join(street);
  feed.end_session("another");
  feed.deliver();
  EXPECT_FALSE(page->is_ended);
  feed.end_session("session");
  feed.deliver();
  EXPECT_TRUE(page->is_ended);
  feed.tell({change(7, "222401002")});
  feed.deliver();
  EXPECT_EQ(page->heard, "");
}

TEST_F(Live, a_client_that_is_gone_is_forgotten) {
  const auto page = join(street);
  page->is_gone = true;
  feed.tell({change(7, "222401002")});
  feed.deliver();
  EXPECT_EQ(page.use_count(), 1);
}

TEST_F(Live, once_closed_it_holds_nobody_and_takes_nobody) {
  const auto page = join(street);
  feed.close();
  EXPECT_TRUE(page->is_ended);
  EXPECT_EQ(page.use_count(), 1);
  const auto late = join(street);
  EXPECT_TRUE(late->is_ended);
  EXPECT_EQ(late.use_count(), 1);
}

}  // namespace
}  // namespace gewu::http
