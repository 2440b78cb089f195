#include "kernel/matter/value_arithmetic.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace gewu::kernel {
namespace {

Value number(std::int64_t micros) { return Number{micros}; }
Value money(std::int64_t fen) { return Money{fen}; }

Result<Value> do_sum(Calculation how, Value a, Value b) { return calculate(how, a, b, nullptr); }

TEST(ValueArithmetic, rounds_half_away_from_zero) {
  EXPECT_EQ(divide_rounded(5, 2), 3);
  EXPECT_EQ(divide_rounded(-5, 2), -3);
  EXPECT_EQ(divide_rounded(5, -2), -3);
  EXPECT_EQ(divide_rounded(-5, -2), 3);
  EXPECT_EQ(divide_rounded(4, 3), 1);
  EXPECT_EQ(divide_rounded(1, 3), 0);
  EXPECT_EQ(divide_rounded(INT64_MIN, 1), INT64_MIN);
  EXPECT_EQ(do_sum(Calculation::divide, money(5), number(2 * kMicros)).value(), money(3));
  EXPECT_EQ(do_sum(Calculation::multiply, money(-5), number(kMicros / 2)).value(), money(-3));
  EXPECT_EQ(do_sum(Calculation::divide, number(kMicros), number(3 * kMicros)).value(),
            number(333'333));
  EXPECT_EQ(do_sum(Calculation::divide, money(50), money(200)).value(), number(250'000));
}

TEST(ValueArithmetic, missing_and_zero_give_missing) {
  EXPECT_TRUE(do_sum(Calculation::divide, number(1), number(0)).value().is_missing());
  EXPECT_TRUE(do_sum(Calculation::divide, money(1), money(0)).value().is_missing());
  for (const auto how : {Calculation::add, Calculation::subtract, Calculation::multiply,
                         Calculation::divide}) {
    EXPECT_TRUE(do_sum(how, Missing{}, number(1)).value().is_missing());
    EXPECT_TRUE(do_sum(how, number(1), Missing{}).value().is_missing());
    EXPECT_TRUE(do_sum(how, Erased{}, money(1)).value().is_missing());
  }
  EXPECT_TRUE(do_sum(Calculation::add, number(1), money(1)).value().is_missing());
}

TEST(ValueArithmetic, overflow_is_refused) {
  EXPECT_EQ(do_sum(Calculation::add, number(INT64_MAX), number(1)).error().key,
            "expression.overflow");
  EXPECT_EQ(do_sum(Calculation::subtract, money(INT64_MIN), money(1)).error().key,
            "expression.overflow");
  EXPECT_EQ(do_sum(Calculation::multiply, number(INT64_MAX), number(2 * kMicros)).error().key,
            "expression.overflow");
  EXPECT_EQ(do_sum(Calculation::divide, number(INT64_MAX), number(1)).error().key,
            "expression.overflow");
  EXPECT_EQ(do_sum(Calculation::multiply, number(INT64_MAX), number(kMicros)).value(),
            number(INT64_MAX));
  Value rounded;
  EXPECT_FALSE(round_to(number(INT64_MAX), number(INT64_MAX / 2 + 2), rounded));
}

TEST(ValueArithmetic, moments_and_limits) {
  CalendarText text{.name = "office", .zone = "Asia/Shanghai"};
  for (std::size_t i = 0; i < 5; ++i) text.frames[i] = Frames{{510, 720}, {810, 1020}};
  const Calendar calendar = make_calendar(text, nullptr).value();
  const auto add = [&](Value a, Limit b) {
    return calculate(Calculation::add, a, b, &calendar).value();
  };
  EXPECT_EQ(add(date_of({2026, 9, 25}), {3, LimitUnit::day_natural}),
            Value(date_of({2026, 9, 28})));
  EXPECT_EQ(add(date_of({2026, 9, 25}), {1, LimitUnit::day_working}),
            Value(date_of({2026, 9, 28})));
  EXPECT_EQ(add(date_of({2026, 1, 31}), {1, LimitUnit::month}), Value(date_of({2026, 2, 28})));
  EXPECT_TRUE(add(date_of({2026, 9, 25}), {5, LimitUnit::minute}).is_missing());
  const Instant nine = *parse_instant("2026-09-22T01:00:00Z");
  EXPECT_EQ(add(nine, {30, LimitUnit::minute}), Value(nine + 30 * 60'000));
  EXPECT_EQ(add(nine, {4, LimitUnit::hour_working}), Value(*parse_instant("2026-09-22T06:30:00Z")));
  EXPECT_EQ(calculate(Calculation::subtract, nine, Limit{30, LimitUnit::minute}, &calendar).value(),
            Value(nine + -30 * 60'000));
  EXPECT_TRUE(calculate(Calculation::add, nine, Limit{1, LimitUnit::day_working}, nullptr)
                  .value()
                  .is_missing());
}

TEST(ValueArithmetic, rounds_to_a_step) {
  Value result;
  EXPECT_TRUE(round_to(number(1'234'567), number(10'000), result));
  EXPECT_EQ(result, number(1'230'000));
  EXPECT_TRUE(round_to(money(-150), money(100), result));
  EXPECT_EQ(result, money(-200));
  EXPECT_TRUE(round_to(money(150), money(0), result));
  EXPECT_TRUE(result.is_missing());
}

TEST(ValueArithmetic, equality_compares_contents) {
  EXPECT_EQ(make_set({number(1)}), make_set({number(1)}));
  EXPECT_NE(make_set({number(1)}), make_set({number(2)}));
  EXPECT_EQ(make_large(Row{{{"a", Value(true)}}}), make_large(Row{{{"a", Value(true)}}}));
  EXPECT_FALSE(equals(Missing{}, Missing{}));
  EXPECT_FALSE(equals(make_large(Sealed{"x"}), make_large(Sealed{"x"})));
  EXPECT_TRUE(equals(Link{MatterId{7}}, row_unit("7")));
  EXPECT_FALSE(equals(Link{MatterId{7}}, organisation_unit("7")));
  EXPECT_FALSE(equals(Value(std::string("a")), Key{"a"}));
  EXPECT_EQ(value_key(Link{MatterId{7}}), value_key(row_unit("7")));
  EXPECT_FALSE(value_key(Missing{}));
  EXPECT_FALSE(compare(number(1), money(1)));
}

RC_GTEST_PROP(ValueArithmetic, agrees_with_128_bits, (std::int64_t a, std::int64_t b)) {
  const auto check = [](Result<Value> got, Wide wanted) {
    const auto narrowed = narrow(wanted);
    if (!narrowed) RC_ASSERT(!got.has_value() && got.error().key == "expression.overflow");
    else RC_ASSERT(got.value() == number(*narrowed));
  };
  check(do_sum(Calculation::add, number(a), number(b)), Wide{a} + b);
  check(do_sum(Calculation::subtract, number(a), number(b)), Wide{a} - b);
  const Wide product = Wide{a} * b, half = kMicros / 2;
  check(do_sum(Calculation::multiply, number(a), number(b)),
        (product < 0 ? product - half : product + half) / kMicros);
  if (b == 0) return;
  const Wide n = (a < 0 ? -Wide{a} : Wide{a}) * kMicros, d = b < 0 ? -Wide{b} : Wide{b};
  const Wide quotient = (2 * n + d) / (2 * d);  // floor(n / d + 1/2)
  check(do_sum(Calculation::divide, number(a), number(b)),
        (a < 0) != (b < 0) ? -quotient : quotient);
}

RC_GTEST_PROP(ValueArithmetic, keys_tell_values_apart, (std::int64_t a, std::int64_t b)) {
  RC_ASSERT((value_key(number(a)) == value_key(number(b))) == (a == b));
  RC_ASSERT(value_key(number(a)) != value_key(money(a)));
}

}  // namespace
}  // namespace gewu::kernel
