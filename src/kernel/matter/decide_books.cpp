#include <utility>

#include "kernel/matter/book.h"
#include "kernel/matter/docket.h"

// The effect `move` (记账): entries of a book, never below its floor.

namespace gewu::kernel {

namespace {

/// The account; empty text when the effect names none; a refusal when what it names is missing.
Result<std::string> account_of(const Hearing& hearing, const EffectSpec& effect,
                               const std::vector<ExpressionPtr>& parts) {
  if (parts.empty()) return std::string();
  Values values;
  for (const ExpressionPtr& part : parts) {
    GEWU_TRY(value, evaluate(*part, hearing.scope()));
    values.push_back(std::move(value));
  }
  auto account = account_text(values);
  if (!account) return refuse(ErrorCode::invalid, "books." + effect.book + ".account");
  return std::move(*account);
}

Status check_floor(Hearing& hearing, const Book& book, const std::string& account) {
  if (!book.floor) return {};
  const std::int64_t left = standing(book, account, false, hearing.now(), hearing.docket.source,
                                     hearing.calendar());
  if (left >= *book.floor) return {};
  return refuse(ErrorCode::conflict, "books." + book.name + ".floor", {{"account", account}});
}

}  // namespace

void book_entry(Hearing& hearing, BookEntry entry) {
  hearing.docket.source.changes.entries.push_back(entry);
  hearing.event.entries.push_back(std::move(entry));
}

Status move_amount(Hearing& hearing, const EffectSpec& effect) {
  GEWU_TRY(applies, is_true(effect.when, hearing.scope(), true));
  if (!applies) return {};
  const auto found = hearing.locality.books.find(effect.book);
  if (found == hearing.locality.books.end())
    return refuse(ErrorCode::conflict, "system.off", {{"book", effect.book}});
  const Book& book = found->second;
  GEWU_TRY(from, account_of(hearing, effect, effect.from));
  GEWU_TRY(to, account_of(hearing, effect, effect.to));
  GEWU_TRY(value, evaluate(*effect.amount, hearing.scope()));
  std::int64_t amount = -1;
  if (const auto* money = value.get<Money>()) amount = money->fen;
  if (const auto* number = value.get<Number>()) amount = number->micros;
  if (amount < 0) return refuse(ErrorCode::invalid, "books." + book.name + ".amount");
  if (amount == 0 || from == to) return {};
  if (!from.empty()) {
    book_entry(hearing, {book.name, from, -amount, to, hearing.now()});
    GEWU_CHECK(check_floor(hearing, book, from));
  }
  if (!to.empty()) book_entry(hearing, {book.name, to, amount, from, hearing.now()});
  return {};
}

}  // namespace gewu::kernel
