#include "store/sqlite/reader.h"

// How often each row was the basis of an action: beside the row, not in it, so that what everybody
// cites is not written anew by everybody.

namespace gewu::store::sqlite {

using namespace gewu::kernel;

Result<std::int64_t> Reader::cited(MatterId row) {
  GEWU_TRY(statement, use("select times from citation where row = ?"));
  GEWU_TRY(found, statement->bind(1, row.value).step());
  return found ? statement->integer(0) : std::int64_t{0};
}

/// A refusal names rows too, but rests on none.
Status Reader::add_citations(const Event& event) {
  if (event.kind != Event::Kind::action) return {};
  for (const MatterId row : event.basis) {
    GEWU_TRY(upsert, use("insert into citation (row, times) values (?, 1)"
                         " on conflict do update set times = times + 1"));
    GEWU_CHECK(upsert->bind(1, row.value).run());
  }
  return {};
}

}  // namespace gewu::store::sqlite
