#include "http/live.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/text.h"

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

  /// The ids that it heard, in order.
  static std::vector<std::string> ids(const Stream& stream) {
    std::vector<std::string> found;
    for (const auto line : split(stream.heard, '\n'))
      if (line.starts_with("id: ")) found.emplace_back(line.substr(4));
    return found;
  }
  /// What it heard, each id as one word.
  static std::string plain(const Stream& stream) {
    std::string text = stream.heard;
    for (const std::string& id : ids(stream)) text.replace(text.find(id), id.size(), "ID");
    return text;
  }
  /// What a page of the street hears that comes back with this id.
  std::shared_ptr<Stream> back(const std::string& id) {
    auto stream = std::make_shared<Stream>();
    LivePage page;
    page.stream = stream;
    page.interest = street;
    page.session = "session";
    page.since = kBegun;
    page.heard = feed.position_of(id);
    feed.join(std::move(page));
    feed.deliver();
    return stream;
  }

  static constexpr Instant kBegun{1'000'000};
  SeededRandom random{5};
  std::set<MatterId> hidden;
  LiveFeed feed{{[this](const usecase::Caller&, const std::vector<MatterId>& matters) {
                   std::vector<bool> seen;
                   for (const MatterId matter : matters) seen.push_back(!hidden.contains(matter));
                   return seen;
                 },
                 [](const usecase::Caller&) { return std::size_t{3}; }},
                random};
  LiveInterest street{{kernel::territory_unit("222401002")}, {PostId{5}}};
};

TEST_F(Live, a_page_hears_of_its_ground_and_its_organisation_alone) {
  const auto page = join(street);
  const auto other = join({{kernel::territory_unit("222401003")}, {}});
  const auto lighting = join({{kernel::organisation_unit("lighting_office")}, {}});
  feed.tell({change(7, "222401002001007")});
  feed.deliver();
  EXPECT_EQ(plain(*page), "id: ID\nevent: changed\ndata: {\"matter\":\"7\",\"type\":"
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
  EXPECT_FALSE(has(*back(ids(*page).back()), "changed")) << "the id is that of the last change";
}

TEST_F(Live, a_notice_tells_how_many_are_unread) {
  const auto page = join(street);
  feed.tell({change(7, "elsewhere", {PostId{5}})});
  feed.deliver();
  EXPECT_TRUE(has(*page, "event: notice\ndata: {\"unread\":3}\n\n"));
}

TEST_F(Live, a_page_that_was_away_hears_what_it_missed) {
  const auto page = join(street);
  feed.tell({change(7, "222401002")});
  feed.deliver();
  feed.tell({change(8, "222401002")});
  const auto again = back(ids(*page).back());
  EXPECT_FALSE(has(*again, "\"7\""));
  EXPECT_TRUE(has(*again, "\"8\""));
}

TEST_F(Live, what_was_told_since_a_page_listed_is_told_again) {
  const std::string before = feed.newest();
  feed.tell({change(7, "222401002")});
  EXPECT_TRUE(has(*back(before), "\"7\""));
  EXPECT_FALSE(has(*back(feed.newest()), "\"7\""));
}

TEST_F(Live, a_page_that_was_away_too_long_or_of_an_earlier_process_loads_anew) {
  const std::string old = feed.newest();
  LiveFeed earlier{{}, random};
  std::string spoilt = old;
  spoilt.back() = spoilt.back() == '0' ? '1' : '0';
  for (int i = 0; i < 5'000; ++i) feed.tell({change(i + 1, "222401002")});
  for (const std::string& heard : {old, earlier.newest(), spoilt, std::string("17"),
                                   std::string("1000000001"), std::string()}) {
    const auto stream = back(heard);
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
  EXPECT_EQ(plain(*page), "id: ID\nevent: beat\ndata: {\"now\":\"1970-01-01T00:16:55.000Z\"}\n\n");
  EXPECT_EQ(feed.position_of(ids(*page).back()), feed.position_of(feed.newest()));
}

/// Two pages hear the same, one of them while much happens that it may not see: neither ids nor
/// their number, length or order tell it.
TEST_F(Live, what_a_page_may_not_see_leaves_no_trace_in_what_it_hears) {
  const auto hear = [&](int unseen_of_each) {
    LiveFeed quiet{{[&](const usecase::Caller&, const std::vector<MatterId>& matters) {
                      std::vector<bool> seen;
                      for (const MatterId matter : matters) seen.push_back(matter.value < 100);
                      return seen;
                    },
                    [](const usecase::Caller&) { return std::size_t{3}; }},
                   random};
    auto stream = std::make_shared<Stream>();
    LivePage page;
    page.stream = stream;
    page.interest = street;
    page.since = kBegun;
    quiet.join(std::move(page));
    quiet.deliver();
    for (int round = 1; round <= 5; ++round) {
      std::vector<usecase::Change> told;
      for (int i = 0; i < unseen_of_each; ++i) {
        told.push_back(change(100 + i, "222401002"));
        told.push_back(change(500 + i, "222401003"));
      }
      quiet.tell(told);
      quiet.deliver();
      quiet.beat(kBegun + round * 15'000);
      quiet.tell({change(round, "222401002")});
      quiet.deliver();
    }
    return stream;
  };
  const auto alone = hear(0), beside = hear(350);
  EXPECT_EQ(plain(*alone), plain(*beside));
  EXPECT_EQ(count(*beside, "event: changed"), 5U);
  std::set<std::string> all;
  for (const auto& stream : {alone, beside})
    for (const std::string& id : ids(*stream)) {
      EXPECT_EQ(id.size(), ids(*alone).front().size());
      EXPECT_TRUE(all.insert(id).second) << "no id is heard twice, news or none";
    }
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
