#include "kernel/matter/value_arithmetic.h"

#include <utility>

#include "kernel/time/counting.h"

namespace gewu::kernel {
namespace {

template <typename Amount>
bool store(Wide wide, std::int64_t Amount::* part, Value& result) {
  const auto narrowed = narrow(wide);
  if (!narrowed) return false;
  Amount amount;
  amount.*part = *narrowed;
  result = amount;
  return true;
}

bool store_number(Wide micros, Value& result) { return store(micros, &Number::micros, result); }
bool store_money(Wide fen, Value& result) { return store(fen, &Money::fen, result); }

bool shift(const Value& moment, const Limit& limit, bool backwards, const Calendar* calendar,
           Value& result) {
  result = Missing{};
  if (calendar == nullptr) return true;
  if (const Date* date = moment.get<Date>()) {
    if (const auto shifted = shift_date(*calendar, *date, limit, backwards)) result = *shifted;
  } else if (const Instant* instant = moment.get<Instant>()) {
    result = shift_instant(*calendar, *instant, limit, backwards);
  }
  return true;
}

bool sum(const Value& a, const Value& b, int sign, Value& result) {
  if (const auto* left = a.get<Number>())
    if (const auto* right = b.get<Number>())
      return store_number(Wide{left->micros} + sign * Wide{right->micros}, result);
  if (const auto* left = a.get<Money>())
    if (const auto* right = b.get<Money>())
      return store_money(Wide{left->fen} + sign * Wide{right->fen}, result);
  return true;
}

bool multiply(const Value& a, const Value& b, Value& result) {
  const auto* number_a = a.get<Number>();
  const auto* number_b = b.get<Number>();
  if (number_a && number_b)
    return store_number(divide_rounded(Wide{number_a->micros} * number_b->micros, kMicros), result);
  const auto* money = number_a ? b.get<Money>() : a.get<Money>();
  const auto* number = number_a ? number_a : number_b;
  if (money && number)
    return store_money(divide_rounded(Wide{money->fen} * number->micros, kMicros), result);
  return true;
}

bool divide(const Value& a, const Value& b, Value& result) {
  const auto* number_b = b.get<Number>();
  if (number_b) {
    if (number_b->micros == 0) return true;
    if (const auto* number = a.get<Number>())
      return store_number(divide_rounded(Wide{number->micros} * kMicros, number_b->micros), result);
    if (const auto* money = a.get<Money>())
      return store_money(divide_rounded(Wide{money->fen} * kMicros, number_b->micros), result);
    return true;
  }
  const auto* money_a = a.get<Money>();
  const auto* money_b = b.get<Money>();
  if (money_a && money_b && money_b->fen != 0)
    return store_number(divide_rounded(Wide{money_a->fen} * kMicros, money_b->fen), result);
  return true;
}

}  // namespace

bool calculate(Calculation how, const Value& a, const Value& b, const Calendar* calendar,
               Value& result) {
  result = Missing{};
  switch (how) {
    case Calculation::add:
    case Calculation::subtract: {
      const bool backwards = how == Calculation::subtract;
      if (const Limit* limit = b.get<Limit>()) return shift(a, *limit, backwards, calendar, result);
      return sum(a, b, backwards ? -1 : 1, result);
    }
    case Calculation::multiply: return multiply(a, b, result);
    case Calculation::divide: return divide(a, b, result);
  }
  return true;
}

Result<Value> calculate(Calculation how, const Value& a, const Value& b,
                        const Calendar* calendar) {
  Value result;
  if (!calculate(how, a, b, calendar, result))
    return refuse(ErrorCode::invalid, "expression.overflow");
  return result;
}

bool round_to(const Value& value, const Value& step, Value& result) {
  result = Missing{};
  if (const auto* number = value.get<Number>()) {
    const auto* by = step.get<Number>();
    if (by == nullptr || by->micros <= 0) return true;
    return store_number(divide_rounded(number->micros, by->micros) * by->micros, result);
  }
  if (const auto* money = value.get<Money>()) {
    const auto* by = step.get<Money>();
    if (by == nullptr || by->fen <= 0) return true;
    return store_money(divide_rounded(money->fen, by->fen) * by->fen, result);
  }
  return true;
}

bool equals(const Value& a, const Value& b) {
  if (const Key* key = a.get<Key>()) {  // the common cases without a visit
    const Key* other = b.get<Key>();
    return other != nullptr && key->key == other->key;
  }
  if (const Number* number = a.get<Number>()) {
    const Number* other = b.get<Number>();
    return other != nullptr && number->micros == other->micros;
  }
  if (a.is_missing() || b.is_missing()) return false;
  if (a.is<Shared<Sealed>>() || b.is<Shared<Sealed>>()) return false;
  if (a.content.index() == b.content.index()) return a == b;
  const Link* link = a.is<Link>() ? a.get<Link>() : b.get<Link>();
  const Unit* unit = a.is<Unit>() ? a.get<Unit>() : b.get<Unit>();
  return link && unit && unit->kind == Unit::Kind::row &&
         unit->code == std::to_string(link->id.value);
}

std::optional<std::strong_ordering> compare(const Value& a, const Value& b) {
  if (a.content.index() != b.content.index()) return std::nullopt;
  if (const auto* left = a.get<Number>()) return *left <=> *b.get<Number>();
  if (const auto* left = a.get<Money>()) return *left <=> *b.get<Money>();
  if (const auto* left = a.get<Date>()) return *left <=> *b.get<Date>();
  if (const auto* left = a.get<Instant>()) return *left <=> *b.get<Instant>();
  if (const auto* left = a.get<TimeOfDay>()) return *left <=> *b.get<TimeOfDay>();
  return std::nullopt;
}

std::optional<std::string> value_key(const Value& value) {
  if (const auto* held = value.get<bool>()) return *held ? "b:true" : "b:false";
  if (const auto* held = value.get<Number>()) return "n:" + std::to_string(held->micros);
  if (const auto* held = value.get<Money>()) return "m:" + std::to_string(held->fen);
  if (const auto* held = value.get<Date>()) return "d:" + std::to_string(held->days);
  if (const auto* held = value.get<Instant>()) return "i:" + std::to_string(held->ms);
  if (const auto* held = value.get<TimeOfDay>()) return "h:" + std::to_string(held->minutes);
  if (const auto* held = value.get<Limit>()) return "l:" + format_limit(*held);
  if (const auto* held = value.get<Period>())
    return "p:" + std::to_string(held->from.ms) + "/" + std::to_string(held->to.ms);
  if (const auto* held = value.get<std::string>()) return "s:" + *held;
  if (const auto* held = value.get<Key>()) return "k:" + held->key;
  if (const auto* held = value.get<Link>()) return "r:" + std::to_string(held->id.value);
  if (const auto* held = value.get<PostRef>()) return "q:" + std::to_string(held->id.value);
  if (const auto* held = value.get<Unit>()) {
    if (held->kind == Unit::Kind::row) return "r:" + held->code;
    return (held->kind == Unit::Kind::territory ? "t:" : "o:") + held->code;
  }
  return std::nullopt;
}

}  // namespace gewu::kernel
