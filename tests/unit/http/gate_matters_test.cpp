#include "security/token.h"
#include "unit/http/http_office.h"

namespace gewu::test {
namespace {

std::string text_at(const codec::Json& json, std::string_view key) {
  return std::string(json.string_at(key).value_or(""));
}

TEST(GateMatters, a_resident_asks_and_follows_it_by_the_receipt_alone) {
  HttpOffice office;
  const auto opened = office.submit();
  const std::string receipt = text_at(opened, "receipt");
  ASSERT_FALSE(receipt.empty());
  const auto seen = office.get("/api/receipts/" + receipt);
  ASSERT_EQ(seen.status, 200) << seen.body;
  EXPECT_EQ(text_at(HttpOffice::json(seen), "number"), text_at(opened, "number"));
  EXPECT_EQ(HttpOffice::json(seen).boolean_at("is_author"), true);
  EXPECT_EQ(office.get("/api/receipts/" + receipt + "/timeline").status, 200);
  // The number is no key.
  EXPECT_EQ(office.get("/api/matters/" + text_at(opened, "id")).status, 404);
}

TEST(GateMatters, a_mistyped_receipt_is_told_apart_from_one_that_nobody_has) {
  HttpOffice office;
  const std::string receipt = text_at(office.submit(), "receipt");
  std::string wrong = receipt;
  wrong[0] = wrong[0] == '7' ? '8' : '7';
  EXPECT_EQ(HttpOffice::key_of(office.get("/api/receipts/" + wrong)), "token.receipt.mistyped");
  const auto other = security::issue_receipt_code(office.random).text;
  EXPECT_EQ(HttpOffice::key_of(office.get("/api/receipts/" + other)), "not_found");
}

TEST(GateMatters, a_hidden_matter_answers_like_a_missing_one_to_the_byte) {
  HttpOffice office;
  const std::string id = text_at(office.submit(), "id");
  const Browser other = office.browser("other_dispatcher");
  ASSERT_EQ(office.get("/api/matters/" + id, office.browser("dispatcher")).status, 200);
  const std::string act = R"({"action":"accept","values":{"category":"lighting"},"version":1})";
  for (const Browser& browser : {other, Browser{}}) {
    for (const char* tail : {"", "/timeline", "/sight"}) {
      const auto hidden = office.get("/api/matters/" + id + tail, browser);
      const auto missing = office.get("/api/matters/99999999999" + std::string(tail), browser);
      EXPECT_EQ(hidden.status, 404);
      EXPECT_EQ(hidden.status, missing.status);
      EXPECT_EQ(hidden.body, missing.body);
      EXPECT_EQ(hidden.headers, missing.headers);
    }
    const auto hidden = office.post("/api/matters/" + id + "/actions", act, browser);
    const auto missing = office.post("/api/matters/99999999999/actions", act, browser);
    EXPECT_EQ(hidden.status, 404) << hidden.body;
    EXPECT_EQ(hidden.body, missing.body);
    EXPECT_EQ(hidden.headers, missing.headers);
  }
  for (const char* no_id : {"/api/matters/x", "/api/matters/-1", "/api/matters/0",
                            "/api/matters/99999999999999999999"})
    EXPECT_EQ(office.get(no_id, other).body, R"({"code":"not_found","key":"not_found"})");
}

// Lists, totals, counts on the map, search, notices: to the byte as if it were not there.
TEST(GateMatters, a_hidden_matter_changes_no_answer_to_whom_it_is_hidden_from) {
  HttpOffice office;
  const std::vector<std::string> targets = {
      "/api/matters", "/api/matters?of=territory&type=appeal", "/api/matters?words=%E7%81%AF",
      "/api/search?q=%E7%81%AF%E4%B8%8D%E4%BA%AE", "/api/search?q=%E8%B7%AF%E5%8F%A3",
      "/api/territory", "/api/territory?parent=222401", "/api/territory/222401",
      "/api/notices", "/api/me", "/api/posts?role=dispatcher"};
  const Browser stranger = office.browser("other_dispatcher");
  const Browser seeing = office.browser("dispatcher");
  const auto answers = [&](const Browser& browser) {
    std::vector<std::string> bodies;
    for (const std::string& target : targets) {
      std::string body = office.get(target, browser).body;
      // Where the live feed stands is said in another box each time (live_test.cpp).
      if (const auto at = body.find("\"live\":\""); at != std::string::npos)
        body.erase(at, body.find('"', at + 8) - at);
      bodies.push_back(std::move(body));
    }
    return bodies;
  };
  const auto before = answers(stranger), seen_before = answers(seeing);
  const std::string id = text_at(office.submit(), "id");
  office.submit();
  const auto after = answers(stranger), seen_after = answers(seeing);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    EXPECT_EQ(before[i], after[i]) << targets[i];
  }
  EXPECT_NE(seen_before, seen_after);
  const auto bulk = [&](const std::string& matter) {
    const auto reply = office.post("/api/matters/actions",
                                   R"({"action":"accept","values":{"category":"lighting"},)"
                                   R"("rows":[{"matter":")" + matter + R"("}]})", stranger);
    std::string body = reply.body;
    for (auto at = body.find(matter); at != std::string::npos; at = body.find(matter))
      body.replace(at, matter.size(), "ID");
    return body;
  };
  EXPECT_EQ(bulk(id), bulk("99999999999"));
}

TEST(GateMatters, an_action_answers_the_matter_as_it_is_now) {
  HttpOffice office;
  const std::string id = text_at(office.submit(), "id");
  const auto reply = office.post("/api/matters/" + id + "/actions",
                                 R"({"action":"accept","values":{"category":"lighting"}})",
                                 office.browser("centre"));
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(text_at(HttpOffice::json(reply), "state"), "accepted");
  EXPECT_EQ(text_at(*HttpOffice::json(reply).find("handler"), "code"), "lighting_office");
}

TEST(GateMatters, a_stale_version_is_a_conflict_and_one_of_another_kind_is_refused) {
  HttpOffice office;
  const std::string act = "/api/matters/" + text_at(office.submit(), "id") + "/actions";
  const Browser centre = office.browser("centre");
  const auto with = [&](const std::string& version) {
    return office.post(act, R"({"action":"note","values":{"text":"x"},"version":)" + version + "}",
                       centre);
  };
  EXPECT_EQ(HttpOffice::key_of(with("99")), "matter.version");
  EXPECT_EQ(with("99").status, 409);
  for (const char* bad : {"\"1\"", "null", "1.5", "[]"})
    EXPECT_EQ(HttpOffice::key_of(with(bad)), "version.kind") << bad;
}

TEST(GateMatters, the_same_request_twice_changes_nothing_and_with_another_body_is_refused) {
  HttpOffice office;
  const auto submit = [&](const std::string& text, const std::string& id) {
    return office.ask({.method = "POST", .target = "/api/matters",
                       .body = R"({"type":"appeal","values":{"text":")" + text +
                               R"(","place":{"territory":")" + kGrid + R"("}}})",
                       .headers = {{"gewu-request", id}}});
  };
  const std::string uuid = "0b4b3a52-8a0e-4b4f-9c0a-2f6f3f1d2a11";
  const auto first = submit("a", uuid), second = submit("a", uuid);
  ASSERT_EQ(first.status, 201) << first.body;
  EXPECT_EQ(second.status, 201);
  EXPECT_EQ(text_at(HttpOffice::json(first), "id"), text_at(HttpOffice::json(second), "id"));
  const auto other = submit("b", uuid);
  EXPECT_EQ(other.status, 409);
  EXPECT_EQ(HttpOffice::key_of(other), "request.reused");
  EXPECT_EQ(HttpOffice::key_of(submit("a", "no-uuid")), "request.id");
}

TEST(GateMatters, lists_show_what_the_post_covers_page_by_page_in_both_directions) {
  HttpOffice office;
  for (int i = 0; i < 25; ++i) office.submit();
  office.submit(kOtherGrid);
  const Browser browser = office.browser("dispatcher");
  const auto first = HttpOffice::json(office.get("/api/matters", browser));
  ASSERT_EQ(first.array_at("rows")->size(), 20U);
  const auto second = HttpOffice::json(
      office.get("/api/matters?cursor=" + text_at(first, "next"), browser));
  EXPECT_EQ(second.array_at("rows")->size(), 5U);
  EXPECT_FALSE(second.find("next"));
  const auto back = HttpOffice::json(
      office.get("/api/matters?cursor=" + text_at(second, "previous"), browser));
  EXPECT_EQ(*back.array_at("rows"), *first.array_at("rows"));
  const auto last = HttpOffice::json(office.get("/api/matters?last=true", browser));
  EXPECT_EQ(last.array_at("rows")->back(), second.array_at("rows")->back());
  EXPECT_EQ(HttpOffice::json(office.get("/api/matters", office.browser("other_dispatcher")))
                .array_at("rows")->size(), 1U);
}

TEST(GateMatters, a_question_that_makes_no_sense_is_refused) {
  HttpOffice office;
  const Browser browser = office.browser("dispatcher");
  const std::pair<const char*, const char*> table[] = {
      {"of=everything", "list.of"}, {"lamp=blue", "list.lamp"}, {"rows=21", "list.rows"},
      {"rows=x", "list.rows"},      {"unit=222401003", "unit.not_covered"},
      {"unit=nowhere", "unit.not_covered"}};
  for (const auto& [query, key] : table)
    EXPECT_EQ(HttpOffice::key_of(office.get(std::string("/api/matters?") + query, browser)), key)
        << query;
  EXPECT_EQ(office.get("/api/matters?cursor=rubbish", browser).status, 400);
}

TEST(GateMatters, a_live_page_hears_of_the_change) {
  HttpOffice office;
  const Browser browser = office.browser("dispatcher");
  const auto answer = office.gate->answer(office.request_of(
      {.target = "/api/live", .headers = {{"cookie", "gewu_session=" + browser.cookie}}}));
  EXPECT_TRUE(answer.stream);
  const auto head = office.gate->answer(
      office.request_of({.method = "HEAD", .target = "/api/live",
                         .headers = {{"cookie", "gewu_session=" + browser.cookie}}}));
  EXPECT_FALSE(head.stream);
}

TEST(GateDirectory, the_grid_of_a_point_and_its_drawing) {
  HttpOffice office;
  const auto at = HttpOffice::json(office.get("/api/territory/at?lon=129.505&lat=42.905"));
  const auto& nodes = *at.array_at("nodes");
  ASSERT_EQ(nodes.size(), 6U);
  EXPECT_EQ(text_at(nodes.front(), "level"), "province");
  EXPECT_EQ(text_at(nodes.back(), "code"), kGrid);
  EXPECT_TRUE(HttpOffice::json(office.get("/api/territory/at?lon=1&lat=1"))
                  .array_at("nodes")->empty());
  for (const char* bad : {"lon=x&lat=1", "lon=1", "lon=1&lat=91", "lon=1e400&lat=1",
                          "lon=0.12345678&lat=1"})
    EXPECT_EQ(HttpOffice::key_of(office.get(std::string("/api/territory/at?") + bad)),
              "territory.point") << bad;
  const auto drawn = office.get("/api/territory/222401/grids.geojson");
  EXPECT_EQ(drawn.content_type, "application/geo+json");
  EXPECT_EQ(HttpOffice::json(drawn).array_at("features")->size(), 1U);
  const std::string tag = HttpOffice::header(drawn, "ETag");
  const auto same = office.ask({.target = "/api/territory/222401/grids.geojson",
                                .headers = {{"if-none-match", tag}}});
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.body, "");
}

TEST(GateFigures, count_what_happened_as_decimal_text) {
  HttpOffice office;
  office.submit();
  office.submit();
  office.submit(kOtherGrid);
  const Browser browser = office.browser("centre");
  const auto figure = HttpOffice::json(
      office.get("/api/indicators/appeal.came_in?unit=222401&by=child", browser));
  const auto& rows = *figure.array_at("rows");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(text_at(rows[0], "value"), "2");
  EXPECT_EQ(text_at(rows[1], "value"), "1");
  EXPECT_EQ(text_at(figure, "from"), "2026-11-01");
  EXPECT_EQ(text_at(figure, "until"), "2026-12-01");
  const auto ratio = HttpOffice::json(
      office.get("/api/indicators/appeal.satisfied?unit=222401", browser));
  EXPECT_FALSE((*ratio.array_at("rows"))[0].find("value"));  // 0/0 is missing, not 0
  const auto records = HttpOffice::json(
      office.get("/api/indicators/appeal.came_in/records?unit=222401", browser));
  EXPECT_EQ(records.array_at("records")->size(), 3U);
  EXPECT_EQ(office.get("/api/indicators/appeal.nothing?unit=222401", browser).status, 404);
  const auto never = office.get("/api/indicators/appeal.came_in?period=2026-13", browser);
  EXPECT_EQ(HttpOffice::key_of(never), "figure.period");
  const auto several = HttpOffice::json(office.get(
      "/api/figures?names=appeal.satisfied,appeal.nothing,appeal.came_in&unit=222401", browser));
  const auto& told = *several.array_at("figures");
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(text_at(told[0], "name"), "appeal.satisfied");
  EXPECT_EQ(text_at((*told[1].array_at("rows"))[0], "value"), "3");
  const auto& refused = *several.array_at("refused");
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(text_at(refused[0], "name"), "appeal.nothing");
  for (const std::string& names : {std::string(), std::string(1'000, ',')})
    EXPECT_EQ(HttpOffice::key_of(office.get("/api/figures?names=" + names, browser)),
              "figure.names");
}

}  // namespace
}  // namespace gewu::test
