#include "codec/json.h"

#include "codec_fixture.h"

namespace gewu::codec {
namespace {

TEST(Json, reads_every_kind) {
  const auto json = parse_json(
      R"( {"a":null,"b":true,"c":-7,"d":0.10,"e":"路灯\n\u4e2d","f":[1,[],{}],"g":{"h":false}} )");
  ASSERT_TRUE(json);
  EXPECT_TRUE(json->find("a")->is_null());
  EXPECT_EQ(json->boolean_at("b"), true);
  EXPECT_EQ(json->integer_at("c"), -7);
  EXPECT_EQ(json->find("d")->kind(), JsonKind::decimal);
  EXPECT_EQ(json->find("d")->as_number_text(), "0.10");
  EXPECT_EQ(json->string_at("e"), "路灯\n中");
  ASSERT_EQ(json->array_at("f")->size(), 3u);
  EXPECT_EQ((*json->array_at("f"))[0].as_number_text(), "1");
  ASSERT_NE(json->object_at("g"), nullptr);
  EXPECT_EQ(json->object_at("g")->front().key, "h");
}

TEST(Json, gives_nothing_for_another_kind) {
  const Json json = *parse_json(R"({"a":1,"b":"x"})");
  EXPECT_EQ(json.find("z"), nullptr);
  EXPECT_EQ(json.string_at("a"), std::nullopt);
  EXPECT_EQ(json.integer_at("b"), std::nullopt);
  EXPECT_EQ(json.boolean_at("z"), std::nullopt);
  EXPECT_EQ(json.array_at("a"), nullptr);
  EXPECT_EQ(json.object_at("b"), nullptr);
  EXPECT_EQ(Json("x").find("x"), nullptr);
  EXPECT_EQ(Json("1").as_number_text(), std::nullopt);
}

TEST(Json, keeps_numbers_as_they_are_written) {
  for (const char* text : {"0.1", "1e3", "1.50", "-0", "9223372036854775808", "-0.0", "2E-7",
                           "123456789012345678901234567890",
                           "0.1000000000000000055511151231257827"})
    EXPECT_EQ(write_json(*parse_json(text)), text);
  EXPECT_EQ(parse_json("9223372036854775807")->as_integer(), INT64_MAX);
  EXPECT_EQ(parse_json("-9223372036854775808")->as_integer(), INT64_MIN);
  EXPECT_EQ(parse_json("9223372036854775808")->as_integer(), std::nullopt);
}

TEST(Json, refuses_duplicate_keys) {
  const auto json = parse_json(R"({"a":{"x":1},"b":[{"x":1,"y":2,"x":3}]})");
  ASSERT_EQ(key_of(json), "json.duplicate");
  EXPECT_EQ(detail(json.error(), "key"), "x");
  EXPECT_EQ(detail(json.error(), "offset"), "31");
}

TEST(Json, sees_through_the_spelling_of_a_key) {
  const std::string text = R"({"a\"b":1,  "\u0061\"b":2})";
  const auto json = parse_json(text);
  ASSERT_EQ(key_of(json), "json.duplicate");
  EXPECT_EQ(detail(json.error(), "key"), "a\"b");
  EXPECT_EQ(detail(json.error(), "offset"), std::to_string(text.find("\"\\u0061")));
}

TEST(Json, finds_a_duplicate_among_many) {
  std::string text = "{";
  for (int i = 0; i < 200; ++i) text += "\"k" + std::to_string(i) + "\":{\"in\":1},";
  EXPECT_TRUE(parse_json(text + "\"k200\":1}"));
  EXPECT_EQ(key_of(parse_json(text + "\"k3\":1}")), "json.duplicate");
  EXPECT_EQ(key_of(parse_json(text + "\"k199\":1}")), "json.duplicate");
}

TEST(Json, shows_no_more_of_a_key_than_helps) {
  std::string key = "ab";
  for (int i = 0; i < 100; ++i) key += "路";
  const auto json = parse_json("{\"" + key + "\":1,\"" + key + "\":2}");
  ASSERT_EQ(key_of(json), "json.duplicate");
  const std::string shown = detail(json.error(), "key");
  EXPECT_EQ(shown.size(), 62u);
  EXPECT_TRUE(key.starts_with(shown));
}

TEST(Json, refuses_depth_beyond_the_limit) {
  const std::string deep16 = std::string(16, '[') + std::string(16, ']');
  EXPECT_TRUE(parse_json(deep16));
  const auto json = parse_json("[" + deep16 + "]");
  ASSERT_EQ(key_of(json), "json.depth");
  EXPECT_EQ(detail(json.error(), "max"), "16");
  EXPECT_EQ(detail(json.error(), "offset"), "16");
}

TEST(Json, refuses_what_is_too_large) {
  Limits limits;
  limits.body_bytes_max = 8;
  EXPECT_TRUE(parse_json("[1,2,34]", limits));
  const auto json = parse_json("[1,2,345]", limits);
  ASSERT_EQ(key_of(json), "json.too_large");
  EXPECT_EQ(json.error().code, ErrorCode::too_large);
}

TEST(Json, refuses_bad_syntax_with_its_offset) {
  const std::pair<const char*, const char*> cases[] = {
      {"{\"a\":1,}", "7"}, {"[1 2]", "3"},      {"{'a':1}", "1"}, {"[1]x", "3"},
      {"nul", "3"},        {"[01]", "2"},       {"[+1]", "1"},    {"// c\n1", "0"},
      {"[NaN]", "1"},      {"{\"a\" 1}", "5"}};
  for (const auto& [text, offset] : cases) {
    const auto json = parse_json(text);
    ASSERT_EQ(key_of(json), "json.syntax") << text;
    EXPECT_EQ(detail(json.error(), "offset"), offset) << text;
  }
  for (const char* text : {"", " ", "[", "{\"a\":", "\"open", "[1,", "\"\\x\"", "\"\\ud800\"", "-",
                           "\"line\nend\"", "1e", "[1]]", "{\"a\":1}{}", "1e99999999999"})
    EXPECT_EQ(key_of(parse_json(text)), "json.syntax") << text;
}

TEST(Json, refuses_ill_formed_utf8) {
  for (const char* text : {"\"\xC0\x80\"", "\"\xE8\xB7\"", "\"\xED\xA0\x80\"", "{\"\xFF\":1}",
                           "\xEF\xBB\xBF{}"})
    EXPECT_EQ(key_of(parse_json(text)), "json.syntax");
}

TEST(Json, reads_its_own_texts_alike_and_borrows_from_them) {
  const std::string text =
      R"({"plain":"路灯不亮，老人晚上出门怕摔","escaped":"a\n\"b\"\u4e2d","deep":[[{"x":[1,"y"]}],"z"],)"
      R"("many":[1,2,3,4,5,6,7,8,9,{"a":"1","b":"2","c":"3","d":"4","e":"5","f":"6","g":"7",)"
      R"("h":"8","i":"9","j":{"k":["l"]}}],"n":-0.10,"e":""})";
  const auto theirs = parse_json(text), ours = parse_own_json(text, kLimits);
  ASSERT_TRUE(theirs && ours);
  EXPECT_EQ(*theirs, *ours);
  EXPECT_EQ(write_json(*theirs), write_json(*ours));
  EXPECT_EQ(ours->find("plain")->kind(), JsonKind::string);
  const auto lies_within = [&](std::string_view part) {
    return part.data() >= text.data() && part.data() <= text.data() + text.size();
  };
  EXPECT_TRUE(lies_within(*ours->string_at("plain")));
  EXPECT_FALSE(lies_within(*ours->string_at("escaped")));
  EXPECT_EQ(*ours->string_at("escaped"), "a\n\"b\"中");
}

TEST(Json, tells_kinds_of_numbers_and_texts_apart) {
  EXPECT_NE(Json(std::int64_t{1}), Json(JsonDecimal{"1"}));
  EXPECT_NE(Json("1"), Json(JsonDecimal{"1"}));
  EXPECT_EQ(Json(true).kind(), JsonKind::boolean);
  EXPECT_EQ(Json("true").kind(), JsonKind::string);
}

}  // namespace
}  // namespace gewu::codec
