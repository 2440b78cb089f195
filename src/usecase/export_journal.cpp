#include "usecase/export_journal.h"

#include "codec/json_writer.h"
#include "store/root_book.h"
#include "usecase/root_statement.h"

namespace gewu::usecase {

namespace {

constexpr std::size_t kRootsAtOnce = 1'000;

/// Writes lines and knows the hash of what it wrote.
class HashedFile {
 public:
  HashedFile(const char* name, const WriteLine& write) : name_(name), write_(write) {}
  Status add(std::string_view line) {
    hash_.update(security::view_of(line));
    hash_.update(security::view_of("\n"));
    return write_(name_, line);
  }
  security::Sha256 finish() { return hash_.finish(); }

 private:
  const char* name_;
  const WriteLine& write_;
  security::Sha256Stream hash_;
};

}  // namespace

std::string manifest_text(const Manifest& manifest) {
  std::string text;
  codec::JsonWriter out(text);
  const auto hex = [](const security::Sha256& hash) { return security::hex_encode(hash); };
  out.begin_object().member("gewu_export", 1).member("stream", manifest.stream);
  out.member("lines", manifest.lines).member("roots", manifest.roots);
  out.member("cells", manifest.cells).member("head", hex(manifest.head));
  out.member("last_root", manifest.last_root).member("journal", hex(manifest.journal));
  out.member("root_file", hex(manifest.root_file)).member("figures", hex(manifest.figures));
  out.end_object();
  return text;
}

std::string cell_text(const store::CellRow& cell) {
  std::string text;
  codec::JsonWriter out(text);
  out.begin_object().member("indicator", cell.indicator).member("unit", cell.unit);
  out.member("period", cell.period).key("by").begin_array();
  for (const std::string& dimension : cell.dimensions) out.string(dimension);
  out.end_array().member("count", cell.count).member("sum_micros", cell.sum_micros).end_object();
  return text;
}

Result<ExportSummary> export_journal(Office& office, const WriteLine& write) {
  store::RootBook& book = office.store.root_book();
  GEWU_TRY(head, book.head());
  Manifest manifest;
  manifest.stream = head.name;
  // Roots first, and lines only as far as the head that was read: what is written meanwhile goes
  // into the next export.
  HashedFile roots(kRootsFile, write);
  for (;;) {
    GEWU_TRY(rows, book.read_roots(manifest.roots + 1, kRootsAtOnce));
    if (rows.empty()) break;
    for (const store::StoredRoot& row : rows) {
      GEWU_TRY(root, read_signed(row.body, row.signature));
      const StreamRoot* stream = root.statement.find_stream(head.name);
      if (stream && stream->size > head.size) break;
      GEWU_CHECK(roots.add(line_of(root)));
      manifest.last_root = security::hex_encode(hash_of(root));
      ++manifest.roots;
    }
    if (rows.size() < kRootsAtOnce) break;
  }
  manifest.root_file = roots.finish();
  HashedFile journal(kJournalFile, write);
  GEWU_CHECK(office.store.read_journal(1, [&](const store::JournalLine& line) -> Status {
    if (line.sequence > head.size) return {};
    ++manifest.lines;
    manifest.head = line.hash;
    return journal.add(security::hex_encode(line.hash) + " " + line.body);
  }));
  manifest.journal = journal.finish();
  HashedFile figures(kFiguresFile, write);
  GEWU_TRY(inventory, office.store.take_inventory());
  for (const store::CellRow& cell : inventory.cells) {
    if (cell.count == 0 && cell.sum_micros == 0) continue;
    GEWU_CHECK(figures.add(cell_text(cell)));
    ++manifest.cells;
  }
  manifest.figures = figures.finish();
  GEWU_CHECK(write(kManifestFile, manifest_text(manifest)));
  return ExportSummary{manifest.lines, manifest.roots, manifest.cells};
}

}  // namespace gewu::usecase
