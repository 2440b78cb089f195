#include "kernel/matter/book.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "kernel/time/counting.h"

namespace gewu::kernel {

namespace {

constexpr Instant kFirst{std::int64_t{-1} << 62};

std::optional<std::string> part_text(const Value& value) {
  if (const auto* link = value.get<Link>()) return "matter:" + std::to_string(link->id.value);
  if (const auto* post = value.get<PostRef>()) return "post:" + std::to_string(post->id.value);
  if (const auto* key = value.get<Key>()) return "key:" + key->key;
  const auto* unit = value.get<Unit>();
  if (unit == nullptr) return std::nullopt;
  switch (unit->kind) {
    case Unit::Kind::organisation: return "org:" + unit->code;
    case Unit::Kind::territory: return "territory:" + unit->code;
    case Unit::Kind::row: return "matter:" + unit->code;
    case Unit::Kind::none: return std::nullopt;
  }
  return std::nullopt;
}

std::string first_part(std::string_view account, std::string_view kind) {
  if (!account.starts_with(kind)) return {};
  return std::string(account.substr(kind.size(), account.find('+') - kind.size()));
}

}  // namespace

std::optional<std::string> account_text(const Values& parts) {
  std::string text;
  for (const Value& part : parts) {
    const auto one = part_text(part);
    if (!one) return std::nullopt;
    if (!text.empty()) text += '+';
    text += *one;
  }
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

std::string account_organisation(std::string_view account) { return first_part(account, "org:"); }
std::string account_territory(std::string_view account) {
  return first_part(account, "territory:");
}

std::int64_t standing(const Book& book, const std::string& account, bool at_end, Instant at,
                      DossierSource& ledger, const Calendar& calendar) {
  if (!book.expires && !at_end) return ledger.balance(book.name, account);
  struct Lot {
    Instant gone;
    std::int64_t left;
  };
  std::deque<Lot> lots;
  std::int64_t debt = 0;
  const auto drop_until = [&](Instant instant) {
    while (!lots.empty() && lots.front().gone <= instant) lots.pop_front();
  };
  for (const BookEntry& entry : ledger.entries(book.name, account, kFirst)) {
    if (at < entry.at) break;
    drop_until(entry.at);
    std::int64_t amount = entry.amount;
    if (amount > 0) {
      const std::int64_t paid = std::min(debt, amount);
      debt -= paid;
      amount -= paid;
      const Instant gone = book.expires
                               ? shift_instant(calendar, entry.at, *book.expires, false)
                               : kForever;
      if (amount > 0) lots.push_back({gone, amount});
      continue;
    }
    std::int64_t owed = -amount;
    while (owed > 0 && !lots.empty()) {
      const std::int64_t taken = std::min(owed, lots.front().left);
      lots.front().left -= taken;
      owed -= taken;
      if (lots.front().left == 0) lots.pop_front();
    }
    debt += owed;
  }
  drop_until(at);
  std::int64_t sum = -debt;
  for (const Lot& lot : lots) sum += lot.left;
  return sum;
}

}  // namespace gewu::kernel
