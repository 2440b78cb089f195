#include "codec/json_writer.h"

#include "base/ensure.h"
#include "codec_fixture.h"

namespace gewu::codec {
namespace {

TEST(JsonWriter, writes_members_in_the_order_given) {
  std::string out;
  JsonWriter(out)
      .begin_object()
      .member("z", 1)
      .member("a", "路灯")
      .member("is", true)
      .key("none").null()
      .key("list").begin_array().integer(-5).string("x").begin_object().end_object()
          .begin_array().end_array().boolean(false).end_array()
      .key("lat").scaled(43'912'000, 6)
      .key("as").raw("[1,2]")
      .member("end", std::int64_t{INT64_MIN})
      .end_object();
  EXPECT_EQ(out,
            R"({"z":1,"a":"路灯","is":true,"none":null,"list":[-5,"x",{},[],false],)"
            R"("lat":43.912,"as":[1,2],"end":-9223372036854775808})");
}

TEST(JsonWriter, escapes_what_must_be) {
  std::string out;
  JsonWriter(out).string(std::string_view("a\"\\/\b\f\n\r\t\x01\x1f\0\x7f\u2028z", 17));
  EXPECT_EQ(out, "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u0000\x7f\u2028z\"");
}

TEST(JsonWriter, escapes_keys) {
  std::string out;
  JsonWriter(out).begin_object().member("a\"\n", 1).end_object();
  EXPECT_EQ(out, "{\"a\\\"\\n\":1}");
}

TEST(JsonWriter, mends_bytes_that_are_no_utf8) {
  std::string out;
  JsonWriter(out).string("路\xE8\xB7灯\xFF\"");
  EXPECT_EQ(out, "\"路\uFFFD\uFFFD灯\uFFFD\\\"\"");
  EXPECT_TRUE(parse_json(out));
}

TEST(JsonWriter, refuses_misuse) {
  std::string out;
  EXPECT_THROW(JsonWriter(out).begin_object().integer(1), BrokenInvariant);
  EXPECT_THROW(JsonWriter(out).key("a"), BrokenInvariant);
  EXPECT_THROW(JsonWriter(out).begin_array().key("a"), BrokenInvariant);
  EXPECT_THROW(JsonWriter(out).begin_object().key("a").key("b"), BrokenInvariant);
  EXPECT_THROW(JsonWriter(out).begin_object().key("a").end_object(), BrokenInvariant);
  EXPECT_THROW(JsonWriter(out).begin_array().end_object(), BrokenInvariant);
  EXPECT_THROW(JsonWriter(out).end_array(), BrokenInvariant);
  EXPECT_THROW(JsonWriter(out).integer(1).integer(2), BrokenInvariant);
}

TEST(JsonWriter, gives_back_what_was_read) {
  const std::string text =
      R"({"b":[1,2.50,"x\ny",null,true,{"z":[],"a":{}}],"a":-1,"":"empty key"})";
  EXPECT_EQ(write_json(*parse_json(text)), text);
}

}  // namespace
}  // namespace gewu::codec
