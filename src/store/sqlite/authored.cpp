#include "store/sqlite/authored.h"

#include <limits>
#include <set>

// Whose account opened which matter: derived from the snapshots.

namespace gewu::store::sqlite {

using namespace gewu::kernel;

Status Reader::add_authored(const Snapshot& matter) {
  if (!matter.author_account.has_value()) return {};
  GEWU_TRY(insert, use("insert or ignore into authored (account, matter) values (?, ?)"));
  return insert->bind(1, matter.author_account.value).bind(2, matter.id.value).run();
}

Result<std::vector<MatterId>> Reader::authored(AccountId account, MatterId before,
                                               std::size_t rows_max) {
  GEWU_TRY(statement, use("select matter from authored where account = ? and matter < ?"
                          " order by matter desc limit ?"));
  statement->bind(1, account.value);
  statement->bind(2, before.has_value() ? before.value : std::numeric_limits<std::int64_t>::max());
  statement->bind(3, static_cast<std::int64_t>(rows_max));
  std::vector<MatterId> matters;
  for (;;) {
    GEWU_TRY(found, statement->step());
    if (!found) return matters;
    matters.push_back({statement->integer(0)});
  }
}

Status Reader::compare_authored(Inventory& inventory) {
  std::set<std::pair<std::int64_t, std::int64_t>> rows;
  GEWU_TRY(statement, use("select account, matter from authored"));
  for (;;) {
    GEWU_TRY(found, statement->step());
    if (!found) break;
    rows.emplace(statement->integer(0), statement->integer(1));
  }
  const auto note = [&](std::int64_t matter) {
    inventory.differences.push_back("authored " + std::to_string(matter));
  };
  GEWU_CHECK(each_matter([&](const SnapshotPtr& matter) -> Status {
    const auto account = matter->author_account;
    if (account.has_value() && rows.erase({account.value, matter->id.value}) == 0)
      note(matter->id.value);
    return {};
  }));
  for (const auto& [account, matter] : rows) note(matter);
  return {};
}

Status build_authored(Reader& writer) {
  return writer.derive_anew("authored_version", "1", [&]() -> Status {
    GEWU_CHECK(writer.connection().run("delete from authored"));
    return writer.each_matter(
        [&](const SnapshotPtr& matter) { return writer.add_authored(*matter); });
  });
}

}  // namespace gewu::store::sqlite
