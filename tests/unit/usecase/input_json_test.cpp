#include "codec/input_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernel/place/lonlat.h"

namespace gewu::codec {
namespace {

using namespace gewu::kernel;

FieldSpec field(FieldKind kind, bool many = false) {
  FieldSpec spec;
  spec.name = "f";
  spec.kind = kind;
  spec.many = many;
  return spec;
}

InputContext context() {
  return {[](std::string_view text) -> std::optional<MatterId> {
            if (text == "7") return MatterId{7};
            return std::nullopt;
          },
          [](std::string_view text) -> std::optional<PostId> {
            if (text == "centre_1") return PostId{3};
            return std::nullopt;
          }};
}

Result<Value> read(const FieldSpec& spec, const char* json) {
  const auto parsed = parse_json(json);
  EXPECT_TRUE(parsed) << json;
  return read_field_value(spec, *parsed, "t.f", context());
}

struct Case {
  FieldKind kind;
  const char* json;
  Value value;
};

TEST(InputJson, reads_each_kind_and_writes_it_back) {
  Place place;
  place.point = LonLat{129'500'000, 42'900'001};
  place.address = "光明街1号";
  Hours hours;
  hours.days[0] = {{510, 720}};
  const std::vector<Case> cases = {
      {FieldKind::text, R"("路灯")", std::string("路灯")},
      {FieldKind::number, R"("12.5")", Number{12'500'000}},
      {FieldKind::money, R"("8000.05")", Money{800'005}},
      {FieldKind::date, R"("2026-09-22")", *parse_date("2026-09-22")},
      {FieldKind::instant, R"("2026-09-22T01:00:00.000Z")", *parse_instant("2026-09-22T01:00:00Z")},
      {FieldKind::time, R"("08:30")", TimeOfDay{510}},
      {FieldKind::limit, R"("5 day_working")", *parse_limit("5 day_working")},
      {FieldKind::yes_no, "true", true},
      {FieldKind::choice, R"("lighting")", Key{"lighting"}},
      {FieldKind::link, R"("7")", Link{MatterId{7}}},
      {FieldKind::territory, R"("222401002")", territory_unit("222401002")},
      {FieldKind::organisation, R"("gas")", organisation_unit("gas")},
      {FieldKind::place, R"({"lon":"129.5","lat":"42.900001","address":"光明街1号"})",
       make_large(place)},
      {FieldKind::contact, R"({"name":"金","phone":"139"})", make_large(Contact{"金", "139", ""})},
      {FieldKind::scores, R"({"speed":{"value":"90","reason":"快"}})",
       make_large(std::vector<Score>{{"speed", Number{90 * kMicros}, "快"}})},
      {FieldKind::hours, R"({"mon":["08:30-12:00"]})", make_large(hours)},
  };
  for (const Case& one : cases) {
    const FieldSpec spec = field(one.kind);
    const auto value = read(spec, one.json);
    ASSERT_TRUE(value) << one.json << " " << value.error().key;
    EXPECT_EQ(*value, one.value) << one.json;
    std::string written;
    JsonWriter out(written);
    write_field_value(out, spec, *value);
    EXPECT_EQ(*read(spec, written.c_str()), one.value) << written;
  }
}

TEST(InputJson, refuses_other_kinds_with_the_fields_own_key) {
  const std::vector<std::pair<FieldKind, const char*>> cases = {
      {FieldKind::text, "1"},
      {FieldKind::text, "[]"},
      {FieldKind::number, R"("1.0000001")"},
      {FieldKind::number, R"("abc")"},
      {FieldKind::money, R"("1.005")"},
      {FieldKind::money, R"("99999999999999999999")"},
      {FieldKind::date, R"("2026-02-30")"},
      {FieldKind::instant, R"("2026-09-22")"},
      {FieldKind::yes_no, R"("true")"},
      {FieldKind::link, R"("8")"},
      {FieldKind::post, R"("nobody")"},
      {FieldKind::territory, R"("1")"},
      {FieldKind::place, "{}"},
      {FieldKind::place, R"({"lon":"200","lat":"1"})"},
      {FieldKind::place, R"({"lon":"20"})"},
      {FieldKind::place, R"({"address":"x","password":"y"})"},
      {FieldKind::period, R"({"from":"2026-09-22T01:00:00Z"})"},
      {FieldKind::hours, R"({"mon":["09:00-12:00","08:00-10:00"]})"},
      {FieldKind::tally, "1"},
  };
  for (const auto& [kind, json] : cases) {
    const auto value = read(field(kind), json);
    ASSERT_FALSE(value) << json;
    EXPECT_EQ(value.error().key, "t.f.kind") << json;
  }
}

TEST(InputJson, null_clears_and_sets_are_arrays) {
  EXPECT_TRUE(read(field(FieldKind::text), "null")->is_missing());
  const auto set = read(field(FieldKind::organisation, true), R"(["gas","fire"])");
  ASSERT_TRUE(set);
  EXPECT_EQ(set->get_shared<Values>()->size(), 2u);
  EXPECT_FALSE(read(field(FieldKind::organisation, true), R"("gas")"));
  EXPECT_FALSE(read(field(FieldKind::organisation, true), R"(["gas",null])"));
  EXPECT_FALSE(read(field(FieldKind::organisation), R"(["gas"])"));
}

TEST(InputJson, rows_name_the_column_at_fault) {
  FieldSpec rows = field(FieldKind::rows);
  FieldSpec due = field(FieldKind::date);
  due.name = "due";
  rows.fields = {due};
  EXPECT_TRUE(read(rows, R"([{"due":"2026-09-28"}])"));
  EXPECT_EQ(read(rows, R"([{"due":"soon"}])").error().key, "t.f.due.kind");
  EXPECT_EQ(read(rows, R"([{"when":"2026-09-28"}])").error().key, "form.unknown");
}

TEST(InputJson, tells_all_faults_of_a_form_together) {
  Type type;
  type.name = "t";
  FieldSpec text = field(FieldKind::text), day = field(FieldKind::date);
  text.name = "text";
  day.name = "day";
  type.fields = {text, day};
  type.index_names();
  FieldSpec reason = field(FieldKind::text);
  reason.name = "reason";
  const auto json = parse_json(R"({"text":1,"day":"x","reason":2,"other":3})");
  const auto values = read_values(type, "act", {reason}, *json, context());
  ASSERT_FALSE(values);
  std::vector<std::string> keys{values.error().key};
  for (const Error& other : values.error().others) keys.push_back(other.key);
  EXPECT_THAT(keys, ::testing::UnorderedElementsAre("t.text.kind", "t.day.kind",
                                                    "t.act.reason.kind", "form.unknown"));
}

TEST(InputJson, sealed_and_erased_values_are_never_written) {
  for (const Value& hidden : {make_large(Sealed{"secret"}), Value(Erased{}), Value()}) {
    std::string written;
    JsonWriter out(written);
    write_field_value(out, field(FieldKind::contact), hidden);
    EXPECT_EQ(written, "null");
  }
}

}  // namespace
}  // namespace gewu::codec
