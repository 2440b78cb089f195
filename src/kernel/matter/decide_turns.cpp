#include <algorithm>
#include <map>
#include <utility>

#include "kernel/matter/book.h"
#include "kernel/matter/docket.h"

// Rotas (轮值): whose turn it is. Turns are entries of a book of the field's own, with the value of
// `per` as the account and whoever had it as the other side.

namespace gewu::kernel {

namespace {

constexpr std::string_view kAll = "all";
constexpr std::int64_t kYearMs = std::int64_t{366} * 24 * 60 * 60 * 1'000;

Name book_of(const Hearing& hearing, const FieldSpec& field) {
  return "rota." + hearing.type.name + "." + field.name;
}

/// Which order of turns; nothing when `per` is missing: then there is no turn to give.
Result<std::optional<std::string>> order_of(const Hearing& hearing, const RotaSpec& rota,
                                            const Snapshot& matter) {
  if (!rota.per) return std::optional(std::string(kAll));
  Scope scope = hearing.scope();
  scope.self = &matter;
  GEWU_TRY(value, evaluate(*rota.per, scope));
  return account_text({value});
}

std::vector<BookEntry> turns_of(Hearing& hearing, const FieldSpec& field,
                                const std::string& order) {
  const Instant since = hearing.now() + -kYearMs;
  return hearing.docket.source.entries(book_of(hearing, field), order, since);
}

/// Fewest turns in the year past, of these the first after whoever was last.
std::size_t fairest(const std::vector<std::string>& candidates,
                    const std::vector<BookEntry>& turns, std::size_t after) {
  std::map<std::string, std::int64_t> had;
  for (const BookEntry& turn : turns) had[turn.other] += turn.amount;
  std::size_t best = after;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::size_t at = (after + i) % candidates.size();
    if (had[candidates[at]] < had[candidates[best]]) best = at;
  }
  return best;
}

Result<Value> next_in_turn(Hearing& hearing, const FieldSpec& field) {
  GEWU_TRY(order, order_of(hearing, *field.rota, *hearing.draft));
  if (!order) return Value{};
  GEWU_TRY(among, evaluate(*field.rota->among, hearing.scope()));
  const auto* set = among.get_shared<Values>();
  if (set == nullptr) return Value{};
  std::vector<std::string> candidates;
  Values values;
  for (const Value& value : *set)
    if (auto text = account_text({value})) {
      candidates.push_back(std::move(*text));
      values.push_back(value);
    }
  if (candidates.empty()) return Value{};
  const std::vector<BookEntry> turns = turns_of(hearing, field, *order);
  std::size_t after = 0;
  for (auto turn = turns.rbegin(); turn != turns.rend(); ++turn) {
    const auto last = std::ranges::find(candidates, turn->other);
    if (turn->amount <= 0 || last == candidates.end()) continue;
    after = (static_cast<std::size_t>(last - candidates.begin()) + 1) % candidates.size();
    break;
  }
  return values[field.rota->fair ? fairest(candidates, turns, after) : after];
}

}  // namespace

Status take_turns(Hearing& hearing, const std::vector<NamedValue>& given) {
  for (const std::size_t i : hearing.type.rotas()) {
    const FieldSpec& field = hearing.type.fields[i];
    if (!hearing.draft->fields[i].is_missing()) continue;
    if (find_value(given, field.name) != nullptr) continue;
    GEWU_TRY(value, next_in_turn(hearing, field));
    hearing.draft->fields[i] = std::move(value);
  }
  return {};
}

/// Of an order of turns the one who was passed over stays where he is in it; in a fair one the
/// count goes with the field.
Status remember_turns(Hearing& hearing) {
  for (const std::size_t i : hearing.type.rotas()) {
    const FieldSpec& field = hearing.type.fields[i];
    const Value& now = hearing.draft->fields[i];
    const bool is_opening = hearing.before == nullptr;
    if (!is_opening && (!field.rota->fair || hearing.before->fields[i] == now)) continue;
    GEWU_TRY(order, order_of(hearing, *field.rota, *hearing.draft));
    if (!order) continue;
    const auto book = [&](const Value& who, std::int64_t amount) {
      if (const auto text = account_text({who}))
        book_entry(hearing, {book_of(hearing, field), *order, amount, *text, hearing.now()});
    };
    if (!is_opening) book(hearing.before->fields[i], -kMicros);
    book(now, kMicros);
  }
  return {};
}

}  // namespace gewu::kernel
