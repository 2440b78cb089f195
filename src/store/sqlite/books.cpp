#include "store/sqlite/figures.h"
#include "store/sqlite/reader.h"

// Books: entries by account in the order of time, and what stands in each.

namespace gewu::store::sqlite {

using namespace gewu::kernel;

Result<std::vector<BookEntry>> Reader::entries(const std::string& book, const std::string& account,
                                               Instant since) {
  GEWU_TRY(statement, use("select amount, other, at from book_entry"
                          " where book = ? and account = ? and at >= ?"
                          " order by at, event, position"));
  statement->bind(1, book).bind(2, account).bind(3, since.ms);
  std::vector<BookEntry> found;
  for (;;) {
    GEWU_TRY(row, statement->step());
    if (!row) break;
    found.push_back({book, account, statement->integer(0), std::string(statement->text(1)),
                     Instant{statement->integer(2)}});
  }
  return found;
}

Result<std::int64_t> Reader::balance(const std::string& book, const std::string& account) {
  GEWU_TRY(statement, use("select amount from book_balance where book = ? and account = ?"));
  GEWU_TRY(found, statement->bind(1, book).bind(2, account).step());
  return found ? statement->integer(0) : std::int64_t{0};
}

Result<std::vector<CountedBy>> Reader::counts(const std::string& indicator, Date from,
                                              Date until) {
  GEWU_TRY(statement, use("select dimensions, sum(count), sum(sum) from figure_row"
                          " where indicator = ? and day >= ? and day < ? group by dimensions"));
  statement->bind(1, indicator).bind(2, from.days).bind(3, until.days);
  std::vector<CountedBy> found;
  for (;;) {
    GEWU_TRY(row, statement->step());
    if (!row) break;
    found.push_back({split_dimensions(statement->text(0)), statement->integer(1),
                     statement->integer(2)});
  }
  return found;
}

Status Reader::count_balances(Inventory& inventory) {
  // Each account once from its entries; a balance without entries is found too.
  GEWU_TRY(rows, use("select book, account, sum(booked), sum(standing), sum(kept) from"
                     " (select book, account, amount as booked, 0 as standing, 0 as kept"
                     "  from book_entry"
                     "  union all select book, account, 0, amount, 1 from book_balance)"
                     " group by book, account order by book, account"));
  for (;;) {
    GEWU_TRY(found, rows->step());
    if (!found) break;
    const std::string book(rows->text(0)), account(rows->text(1));
    // An account that came out even is no row.
    if (rows->integer(2) != rows->integer(3) || (rows->integer(3) == 0 && rows->integer(4) != 0))
      inventory.differences.push_back("balance " + book + " " + account);
    inventory.balances.push_back({book, account, rows->integer(3), {}, {}});
  }
  return {};
}

}  // namespace gewu::store::sqlite
