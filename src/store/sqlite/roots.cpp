#include "store/sqlite/roots.h"

#include <algorithm>

namespace gewu::store::sqlite {

using security::Sha256;

namespace {

Result<Sha256> hash_of(std::span<const std::uint8_t> blob) {
  Sha256 hash{};
  if (blob.size() != hash.size()) return refuse(ErrorCode::internal, "root.hash");
  std::ranges::copy(blob, hash.begin());
  return hash;
}

/// Root of the subtrees that a statement gives, `count` of one level; count is a power of two.
Result<Sha256> join_rows(Statement& rows, std::int64_t count, bool are_lines) {
  std::vector<Sha256> hashes;
  for (;;) {
    GEWU_TRY(found, rows.step());
    if (!found) break;
    GEWU_TRY(hash, hash_of(rows.blob(0)));
    hashes.push_back(are_lines ? security::merkle_leaf(hash) : hash);
  }
  if (static_cast<std::int64_t>(hashes.size()) != count)
    return refuse(ErrorCode::not_found, "root.tree");
  return security::merkle_root(hashes);
}

/// A subtree from those of a lower level that is kept.
Result<Sha256> join_node(Reader& reader, int level, std::int64_t position, int kept) {
  const std::int64_t count = std::int64_t{1} << (level - kept);
  const std::int64_t from = position * count;
  if (kept == 0) {
    // Sequences begin at 1.
    GEWU_TRY(lines, reader.use("select hash from event where stream = 1"
                               " and sequence > ?1 and sequence <= ?2 order by sequence"));
    lines->bind(1, from).bind(2, from + count);
    return join_rows(*lines, count, true);
  }
  GEWU_TRY(rows, reader.use("select hash from tree_node where stream = 1 and level = ?1"
                            " and position >= ?2 and position < ?3 order by position"));
  rows->bind(1, std::int64_t{kept}).bind(2, from).bind(3, from + count);
  return join_rows(*rows, count, false);
}

Result<Sha256> read_node(Reader& reader, int level, std::int64_t position) {
  return join_node(reader, level, position, level - level % kTreeStep);
}

Result<std::int64_t> read_count(Statement& statement) {
  GEWU_TRY(found, statement.step());
  return found ? statement.integer(0) : 0;
}

/// Subtrees of one level that are complete now and not yet kept; at most so many.
Result<std::int64_t> grow_level(Reader& writer, int level, std::int64_t below, std::int64_t most) {
  GEWU_TRY(kept_rows, writer.use("select count(*) from tree_node where stream = 1 and level = ?"));
  GEWU_TRY(kept, read_count(kept_rows->bind(1, std::int64_t{level})));
  const std::int64_t complete = std::min(below >> kTreeStep, kept + most);
  for (std::int64_t position = kept; position < complete; ++position) {
    GEWU_TRY(hash, join_node(writer, level, position, level - kTreeStep));
    GEWU_TRY(insert, writer.use("insert into tree_node (stream, level, position, hash)"
                                " values (1, ?, ?, ?)"));
    GEWU_CHECK(insert->bind(1, std::int64_t{level}).bind(2, position).bind_blob(3, hash).run());
  }
  return complete;
}

Result<StoredRoot> read_root(const Statement& row) {
  StoredRoot root;
  root.number = row.integer(0);
  root.at = {row.integer(1)};
  root.body = row.text(2);
  const auto signature = row.blob(3);
  if (signature.size() != root.signature.size())
    return refuse(ErrorCode::internal, "root.signature");
  std::ranges::copy(signature, root.signature.begin());
  return root;
}

Result<std::optional<StoredRoot>> read_one(Statement& statement) {
  GEWU_TRY(found, statement.step());
  if (!found) return std::optional<StoredRoot>();
  GEWU_TRY(root, read_root(statement));
  return std::optional(std::move(root));
}

Result<JournalLine> read_line(const Statement& row) {
  JournalLine line{row.integer(0), row.integer(1), std::string(row.text(2)), {}};
  GEWU_TRY(hash, hash_of(row.blob(3)));
  line.hash = hash;
  return line;
}

class SqliteRootBook : public RootBook {
 public:
  SqliteRootBook(WithReader read, WithReader write)
      : read_(std::move(read)), write_(std::move(write)) {}

  Result<StreamHead> head() override {
    return get<StreamHead>([](Reader& reader) -> Result<StreamHead> {
      GEWU_TRY(stream, reader.use("select name, sequence, head from stream where id = 1"));
      GEWU_TRY(found, stream->step());
      if (!found) return refuse(ErrorCode::internal, "store.stream");
      GEWU_TRY(hash, hash_of(stream->blob(2)));
      return StreamHead{std::string(stream->text(0)), stream->integer(1), hash};
    });
  }

  Result<bool> grow_tree(std::int64_t lines_max) override {
    bool more = false;
    GEWU_CHECK(write_([&](Reader& writer) -> Status {
      GEWU_TRY(size_row, writer.use("select sequence from stream where id = 1"));
      GEWU_TRY(size, read_count(*size_row));
      std::int64_t below = size;
      for (int level = kTreeStep; level <= kTreeLevels && below > 0; level += kTreeStep) {
        GEWU_TRY(complete, grow_level(writer, level, below,
                                      level == kTreeStep ? (lines_max >> kTreeStep) + 1
                                                         : std::int64_t{1} << 40));
        if (level == kTreeStep) more = complete < size >> kTreeStep;
        below = complete;
      }
      return {};
    }));
    return more;
  }

  Status add_root(const StoredRoot& root) override {
    return write_([&](Reader& writer) -> Status {
      GEWU_TRY(last_row, writer.use("select coalesce(max(number), 0) from root"));
      GEWU_TRY(last, read_count(*last_row));
      if (root.number != last + 1) return refuse(ErrorCode::conflict, "root.order");
      GEWU_TRY(insert, writer.use("insert into root (number, at, body, signature)"
                                  " values (?, ?, ?, ?)"));
      insert->bind(1, root.number).bind(2, root.at.ms).bind(3, root.body);
      GEWU_CHECK(insert->bind_blob(4, root.signature).run());
      // So that the last one cannot be taken out alone.
      GEWU_TRY(note, writer.use("insert into office (key, value) values ('last_root', ?1)"
                                " on conflict do update set value = ?1"));
      return note->bind(1, std::to_string(root.number)).run();
    });
  }

  Result<std::optional<StoredRoot>> latest_root() override {
    return get<std::optional<StoredRoot>>([](Reader& reader) -> Result<std::optional<StoredRoot>> {
      GEWU_TRY(row, reader.use("select number, at, body, signature from root"
                               " order by number desc limit 1"));
      return read_one(*row);
    });
  }

  Result<std::vector<StoredRoot>> read_roots(std::int64_t from, std::size_t rows_max) override {
    return get<std::vector<StoredRoot>>([&](Reader& reader) -> Result<std::vector<StoredRoot>> {
      GEWU_TRY(rows, reader.use("select number, at, body, signature from root"
                                " where number >= ? order by number limit ?"));
      rows->bind(1, from).bind(2, static_cast<std::int64_t>(rows_max));
      std::vector<StoredRoot> roots;
      for (;;) {
        GEWU_TRY(found, rows->step());
        if (!found) return roots;
        GEWU_TRY(root, read_root(*rows));
        roots.push_back(std::move(root));
      }
    });
  }

  Result<std::optional<StoredRoot>> root_before(Instant end) override {
    return get<std::optional<StoredRoot>>([&](Reader& reader) -> Result<std::optional<StoredRoot>> {
      GEWU_TRY(row, reader.use("select number, at, body, signature from root where at < ?"
                               " order by number desc limit 1"));
      return read_one(row->bind(1, end.ms));
    });
  }

  Result<std::optional<StoredRoot>> root_since(Instant begin) override {
    return get<std::optional<StoredRoot>>([&](Reader& reader) -> Result<std::optional<StoredRoot>> {
      GEWU_TRY(row, reader.use("select number, at, body, signature from root where at >= ?"
                               " order by number limit 1"));
      return read_one(row->bind(1, begin.ms));
    });
  }

  Result<std::optional<JournalLine>> find_line(EventId event) override {
    return get<std::optional<JournalLine>>(
        [&](Reader& reader) -> Result<std::optional<JournalLine>> {
          GEWU_TRY(row, reader.use("select stream, sequence, body, hash from event where id = ?"));
          GEWU_TRY(found, row->bind(1, event.value).step());
          if (!found) return std::optional<JournalLine>();
          GEWU_TRY(line, read_line(*row));
          return std::optional(std::move(line));
        });
  }

  Result<std::vector<JournalLine>> lines_of(MatterId matter, std::size_t rows_max) override {
    return get<std::vector<JournalLine>>([&](Reader& reader) -> Result<std::vector<JournalLine>> {
      GEWU_TRY(rows, reader.use("select stream, sequence, body, hash from event"
                                " where matter = ? order by sequence limit ?"));
      rows->bind(1, matter.value).bind(2, static_cast<std::int64_t>(rows_max));
      std::vector<JournalLine> lines;
      for (;;) {
        GEWU_TRY(found, rows->step());
        if (!found) return lines;
        GEWU_TRY(line, read_line(*rows));
        lines.push_back(std::move(line));
      }
    });
  }

  Result<Sha256> node(int level, std::int64_t position) override {
    return get<Sha256>([&](Reader& reader) { return read_node(reader, level, position); });
  }

 private:
  template <typename Value, typename Read>
  Result<Value> get(Read read) {
    Result<Value> value = refuse(ErrorCode::internal, "internal");
    GEWU_CHECK(read_([&](Reader& reader) -> Status {
      value = read(reader);
      if (!value) return std::unexpected(value.error());
      return {};
    }));
    return value;
  }

  WithReader read_, write_;
};

}  // namespace

std::unique_ptr<RootBook> make_root_book(WithReader read, WithReader write) {
  return std::make_unique<SqliteRootBook>(std::move(read), std::move(write));
}

}  // namespace gewu::store::sqlite
