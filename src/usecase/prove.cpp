#include "usecase/prove.h"

#include "base/spans.h"
#include "codec/event_json.h"
#include "kernel/figures/figure.h"
#include "store/root_book.h"

namespace gewu::usecase {

namespace {

Result<std::optional<SignedRoot>> read_stored(const std::optional<store::StoredRoot>& stored) {
  if (!stored) return std::optional<SignedRoot>();
  GEWU_TRY(root, read_signed(stored->body, stored->signature));
  return std::optional(std::move(root));
}

/// When the day after begins.
Instant end_of(const kernel::Directory& directory, Date day) {
  const Date after{day.days + 1};
  if (directory.localities.empty()) return {std::int64_t{after.days} * kMsPerDay};
  return directory.localities.begin()->second->calendar->zone().to_instant(after);
}

}  // namespace

Result<std::optional<SignedRoot>> latest_root(Office& office) {
  GEWU_TRY(stored, office.store.root_book().latest_root());
  return read_stored(stored);
}

Result<std::optional<SignedRoot>> root_of_day(Office& office, Date day) {
  GEWU_TRY(stored,
           office.store.root_book().root_before(end_of(*office.store.directory(), day)));
  return read_stored(stored);
}

Result<SignedRoot> read_root(Office& office, std::int64_t number) {
  GEWU_TRY(roots, office.store.root_book().read_roots(number, 1));
  if (roots.empty() || roots.front().number != number)
    return refuse(ErrorCode::not_found, "not_found");
  return read_signed(roots.front().body, roots.front().signature);
}

Result<ConsistencyProof> prove_consistency(Office& office, std::int64_t from, std::int64_t to) {
  if (from < 1 || from > to) return refuse(ErrorCode::invalid, "root.order");
  ConsistencyProof proof;
  GEWU_TRY(older, read_root(office, from));
  GEWU_TRY(newer, read_root(office, to));
  proof.older = std::move(older);
  proof.newer = std::move(newer);
  for (const StreamRoot& stream : proof.newer.statement.streams) {
    const StreamRoot* before = proof.older.statement.find_stream(stream.name);
    security::MerklePath path;
    if (before && before->size > 0) {
      if (before->size > stream.size) return refuse(ErrorCode::conflict, "root.behind");
      GEWU_TRY(found, security::log_consistency(office.store.root_book(), before->size,
                                                stream.size));
      path = std::move(found);
    }
    proof.streams.emplace_back(stream.name, std::move(path));
  }
  return proof;
}

bool verify(const ConsistencyProof& proof) {
  if (!logs_follow(proof.older.statement, proof.newer.statement)) return false;
  for (const StreamRoot& before : proof.older.statement.streams)
    if (!proof.newer.statement.find_stream(before.name)) return false;
  for (const StreamRoot& stream : proof.newer.statement.streams) {
    const StreamRoot* before = proof.older.statement.find_stream(stream.name);
    const auto path = std::ranges::find_if(
        proof.streams, [&](const auto& named) { return named.first == stream.name; });
    if (path == proof.streams.end()) return false;
    if (!before) continue;
    if (!security::verify_consistency({static_cast<std::size_t>(before->size), before->tree},
                                      {static_cast<std::size_t>(stream.size), stream.tree},
                                      path->second))
      return false;
  }
  return true;
}

Result<store::JournalMark> find_line(Office& office, EventId event) {
  store::RootBook& book = office.store.root_book();
  GEWU_TRY(line, book.find_line(event));
  if (!line) return refuse(ErrorCode::not_found, "not_found");
  GEWU_TRY(head, book.head());
  return store::JournalMark{head.name, line->sequence, line->hash};
}

Result<MatterProof> prove_matter(Office& office, MatterId matter) {
  store::RootBook& book = office.store.root_book();
  MatterProof proof;
  GEWU_TRY(root, latest_root(office));
  proof.root = std::move(root);
  GEWU_TRY(head, book.head());
  const StreamRoot* stream =
      proof.root ? proof.root->statement.find_stream(head.name) : nullptr;
  GEWU_TRY(lines, book.lines_of(matter, kLimits.page_rows_max));
  for (const store::JournalLine& line : lines) {
    GEWU_TRY(json, codec::parse_json(line.body, codec::journal_limits()));
    const codec::Json* event = json.find("event");
    if (!event) continue;
    LineProof one{head.name, line.sequence, line.hash,
                  std::string(event->string_at("action").value_or("")),
                  Instant{event->integer_at("at").value_or(0)}, std::nullopt};
    if (stream && line.sequence <= stream->size) {
      GEWU_TRY(path, security::log_inclusion(book, line.sequence - 1, stream->size));
      one.path = std::move(path);
    }
    proof.lines.push_back(std::move(one));
  }
  return proof;
}

bool verify(const LineProof& line, const RootStatement& root) {
  const StreamRoot* stream = root.find_stream(line.stream);
  return stream && line.path && line.sequence > 0 &&
         security::verify_inclusion(security::merkle_leaf(line.hash),
                                    static_cast<std::size_t>(line.sequence - 1),
                                    static_cast<std::size_t>(stream->size), *line.path,
                                    stream->tree);
}

}  // namespace gewu::usecase
