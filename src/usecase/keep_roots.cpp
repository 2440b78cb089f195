#include "usecase/keep_roots.h"

#include <algorithm>

#include "base/text.h"
#include "store/log_book.h"
#include "store/root_book.h"

namespace gewu::usecase {

namespace {

/// Lines whose subtrees are made in one turn of the writer: nobody waits long for it.
constexpr std::int64_t kLinesATurn = 65'536;
constexpr std::size_t kRootsATelling = 500;

/// Where the logs stand. `root.behind` when one is shorter than the last root says.
Status read_logs(Office& office, const RootStatement* last, std::vector<LogRoot>& logs) {
  GEWU_TRY(heads, office.store.log_book().heads());
  for (store::LogHead& head : heads) logs.push_back({std::move(head.name), head.size, head.hash});
  if (!last) return {};
  for (const LogRoot& before : last->logs) {
    const auto now = std::ranges::find(logs, before.name, &LogRoot::name);
    const std::int64_t lines = now == logs.end() ? 0 : now->size;
    if (lines < before.size)
      return refuse(ErrorCode::conflict, "root.behind",
                    {{"log", before.name},
                     {"lines", std::to_string(lines)},
                     {"root", std::to_string(last->number)}});
  }
  return {};
}

Status tell_one(Office& office, gateway::Witness& witness) {
  store::RootBook& book = office.store.root_book();
  const std::string key = "witness " + witness.name();
  for (;;) {
    GEWU_TRY(told, office.store.read_office(key));
    const std::int64_t last = told ? parse_integer(*told).value_or(0) : 0;
    GEWU_TRY(roots, book.read_roots(last + 1, kRootsATelling));
    if (roots.empty()) return {};
    std::vector<std::string> lines;
    for (const store::StoredRoot& root : roots) {
      GEWU_TRY(read, read_signed(root.body, root.signature));
      lines.push_back(line_of(read));
    }
    GEWU_CHECK(witness.tell(lines));
    GEWU_CHECK(office.store.write_office(key, std::to_string(roots.back().number)));
  }
}

}  // namespace

Result<std::optional<SignedRoot>> sign_root(Office& office, const security::Key& seed) {
  store::RootBook& book = office.store.root_book();
  GEWU_TRY(head, book.head());
  GEWU_TRY(latest, book.latest_root());
  RootStatement statement;
  statement.number = 1;
  if (latest) {
    GEWU_TRY(before, read_signed(latest->body, latest->signature));
    const StreamRoot* stream = before.statement.find_stream(head.name);
    if (stream && stream->size > head.size)
      return refuse(ErrorCode::conflict, "root.behind",
                    {{"lines", std::to_string(head.size)},
                     {"root", std::to_string(before.statement.number)}});
    GEWU_CHECK(read_logs(office, &before.statement, statement.logs));
    if (stream && stream->size == head.size && statement.logs == before.statement.logs)
      return std::optional<SignedRoot>();
    statement.number = before.statement.number + 1;
    statement.previous = hash_of(before);
  } else {
    GEWU_CHECK(read_logs(office, nullptr, statement.logs));
  }
  if (head.size == 0) return std::optional<SignedRoot>();
  for (bool more = true; more;) {
    GEWU_TRY(waiting, book.grow_tree(kLinesATurn));
    more = waiting;
  }
  GEWU_TRY(tree, security::log_root(book, head.size));
  statement.at = office.clock.now();
  statement.streams.push_back({head.name, head.size, head.hash, tree});
  SignedRoot root = sign_statement(seed, std::move(statement));
  GEWU_CHECK(book.add_root(
      {root.statement.number, root.statement.at, root.text, root.signature}));
  return std::optional(std::move(root));
}

std::vector<std::pair<std::string, Error>> tell_witnesses(Office& office,
                                                          const RootKeeper& keeper) {
  std::vector<std::pair<std::string, Error>> failed;
  for (const auto& witness : keeper.witnesses)
    if (const Status told = tell_one(office, *witness); !told)
      failed.emplace_back(witness->name(), told.error());
  return failed;
}

}  // namespace gewu::usecase
