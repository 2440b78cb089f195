#include "store/sqlite/key_rows.h"

#include <algorithm>

#include "security/sealed_box.h"

namespace gewu::store::sqlite {

using security::Bytes;
using security::ByteView;
using security::Key;

static_assert(kWrappedSize == Key::kSize + security::kSealedBoxExtra);

namespace {

// Rows are appended in rowid order and keep their size: a destroyed key is overwritten by as many
// zeros, and pages are not balanced around keys in the middle. What SQLite moves by itself is
// cleared by secure_delete. The index holds no key.
constexpr std::string_view kSchema = R"sql(
  create table if not exists key (
    id integer primary key,
    matter integer not null,
    slot integer not null,
    wrapped blob not null
  );
  create unique index if not exists key_by_slot on key (matter, slot);
  create table if not exists note (name text primary key, value) without rowid;
)sql";

}  // namespace

Status make_key_tables(Connection& connection) { return connection.run(kSchema); }

Bytes context_of(KeySlot key) {
  Bytes context;
  security::append_part(context, security::view_of("matter"));
  security::append_u64(context, static_cast<std::uint64_t>(key.matter.value));
  security::append_u64(context, key.slot);
  return context;
}

bool is_erased(ByteView wrapped) {
  return std::ranges::all_of(wrapped, [](std::uint8_t byte) { return byte == 0; });
}

Result<std::optional<Bytes>> read_note_bytes(Connection& connection, std::string_view name) {
  GEWU_TRY(find, connection.prepare("select value from note where name = ?1"));
  GEWU_TRY(has_row, find.bind(1, name).step());
  if (!has_row) return std::optional<Bytes>();
  const ByteView value = find.blob(0);
  return std::optional<Bytes>(Bytes(value.begin(), value.end()));
}

Status write_note_bytes(Connection& connection, std::string_view name, ByteView value) {
  GEWU_TRY(write, connection.prepare("insert or replace into note values (?1, ?2)"));
  return write.bind(1, name).bind_blob(2, value).run();
}

Result<std::optional<bool>> is_under(Connection& connection, const Key& office_key) {
  const ByteView context = security::view_of(kOfficeCheck);
  GEWU_TRY(known, read_note_bytes(connection, kOfficeCheck));
  if (!known) return std::optional<bool>();
  return std::optional(security::open(office_key, context, *known).has_value());
}

}  // namespace gewu::store::sqlite
