#include "usecase/compare_claims.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/yaml.h"
#include "support/shipped_office.h"

namespace gewu::usecase {
namespace {

constexpr const char* kHead =
    "claim_id,document,locality,period,system_id,indicator_zh,value,unit,as_written,kind\n";

Result<ClaimMap> read(const std::string& text) {
  const auto documents = test::must(codec::read_yaml(text, "claims.yaml"));
  return read_claim_map(documents.front());
}

std::string refusal(const std::string& text) {
  const auto map = read(text);
  return map ? "read" : test::key_of(map.error());
}

TEST(Claims, a_table_is_read_with_exact_values) {
  const auto claims = test::must(read_claims(
      std::string(kHead) + "1-1,000,town,2020,whistles,次数,1002,次,as,sum\n"
                           "1-2,000,town,,whistles,比重,92.3,%,as,ratio\n"));
  ASSERT_EQ(claims.size(), 2U);
  EXPECT_EQ(claims[0], (Claim{"1-1", "000", "town", "whistles", "次数", "次", 1'002'000'000}));
  EXPECT_EQ(claims[1].micros, 92'300'000);
}

TEST(Claims, a_value_that_is_no_number_is_refused_with_its_line) {
  const auto claims = read_claims(std::string(kHead) + "1-1,000,town,,whistles,次数,many,次,as,sum\n");
  ASSERT_FALSE(claims);
  EXPECT_EQ(test::key_of(claims.error()), "claims.value line=2");
  EXPECT_FALSE(read_claims("claim_id,value\n1,2\n"));
}

TEST(Claims, a_map_names_for_each_claim_what_answers_it) {
  const auto map = test::must(read(
      "claims: town\nperiod: '2020'\ndocuments: ['000']\n"
      "sources:\n  1-1: {figure: whistle.whistles, unit: '2224', by: urgency, key: routine}\n"
      "  1-2: {territory: grid}\n  1-3: {outside: register, date: '2020-12-31'}\n"
      "systems: {pay: later}\n"));
  EXPECT_EQ(map.locality, "town");
  EXPECT_EQ(map.sources.at("1-1").kind, ClaimSource::Kind::figure);
  EXPECT_EQ(map.sources.at("1-1").key, "routine");
  EXPECT_EQ(map.sources.at("1-2").name, "grid");
  EXPECT_EQ(map.sources.at("1-3").date, "2020-12-31");
  EXPECT_EQ(map.systems.at("pay"), "later");
}

TEST(Claims, what_others_counted_may_name_where_it_was_entered) {
  const auto map = test::must(read(
      "claims: town\nsources:\n"
      "  1-1: {outside: census, date: '2019-12-31', figure: base_figure.total, by: kind, key: share}\n"
      "  1-2: {actions: alliance.survey alliance.form}\n"));
  EXPECT_EQ(map.sources.at("1-1").kind, ClaimSource::Kind::outside);
  EXPECT_EQ(map.sources.at("1-1").figure, "base_figure.total");
  EXPECT_EQ(map.sources.at("1-1").key, "share");
  EXPECT_EQ(map.sources.at("1-2").kind, ClaimSource::Kind::actions);
  EXPECT_EQ(refusal("claims: town\nsources: {a: {list: b, figure: c}}\n"),
            "claims.form file=claims.yaml:2 reason=unknown key figure");
}

TEST(Claims, steps_of_work_are_counted_and_what_was_entered_is_compared) {
  test::ShippedOffice office;
  office.seat("profile_clerk_2224", "clerk");
  const auto claims = test::must(read_claims(
      std::string(kHead) + "1-1,000,t,,a,步,2,步,as,count\n1-2,000,t,,a,比重,70,%,as,ratio\n"));
  const auto answers = test::must(compare_claims(
      *office.office, claims,
      test::must(read("claims: yanbian\nperiod: '2026'\ndocuments: ['000']\nsources:\n"
                      "  1-1: {actions: alliance.survey alliance.form}\n"
                      "  1-2: {outside: census, date: '2019-12-31', figure: base_figure.total}\n"))));
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].verdict, ClaimVerdict::same);
  EXPECT_EQ(answers[1].verdict, ClaimVerdict::differs);  // nothing was entered: 0, not 70
  const auto unknown = compare_claims(
      *office.office, claims,
      test::must(read("claims: yanbian\nperiod: '2026'\ndocuments: ['000']\nsources:\n"
                      "  1-1: {actions: alliance.dance}\n")));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().key, "claims.action");
}

TEST(Claims, a_faulty_map_is_refused_with_its_line) {
  const std::string head = "claims: town\n";
  EXPECT_EQ(refusal("period: '2020'\n"), "claims.form file=claims.yaml:1 reason=claims");
  EXPECT_EQ(refusal(head + "sources: {a: {guess: b}}\n"),
            "claims.form file=claims.yaml:2 reason=unknown key guess");
  EXPECT_EQ(refusal(head + "sources: {a: {figure: b, colour: c}}\n"),
            "claims.form file=claims.yaml:2 reason=unknown key colour");
  EXPECT_EQ(refusal(head + "sources: {a: {outside: b}}\n"),
            "claims.form file=claims.yaml:2 reason=date");
  EXPECT_EQ(refusal(head + "sources: [a]\n"), "claims.form file=claims.yaml:2 reason=map");
  EXPECT_EQ(refusal(head + "documents: a\n"), "claims.form file=claims.yaml:2 reason=list");
}

}  // namespace
}  // namespace gewu::usecase
