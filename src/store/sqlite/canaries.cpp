#include "store/sqlite/canaries.h"

#include <algorithm>

#include "base/text.h"
#include "security/bytes.h"
#include "security/chain.h"

namespace gewu::store::sqlite {

using security::Bytes;

namespace {

constexpr const char* kLog = "canary";
constexpr std::string_view kCountPurpose = "count of canary";

std::string purpose_of(std::int64_t id) { return "canary " + std::to_string(id); }

Bytes seal_of(Vault& vault, const Canary& canary) {
  const std::string text = std::to_string(canary.matter.value) + " " +
                           std::to_string(canary.at.ms) + " " +
                           std::to_string(canary.account.value);
  return vault.seal_own(purpose_of(canary.id), security::view_of(text));
}

Result<Canary> open_row(Vault& vault, std::int64_t id, std::span<const std::uint8_t> seal) {
  const auto opened = vault.open_own(purpose_of(id), seal);
  if (!opened) return refuse(ErrorCode::internal, "canary.seal");
  const std::string text(opened->begin(), opened->end());
  const auto parts = split(text, ' ');
  if (parts.size() != 3) return refuse(ErrorCode::internal, "canary.seal");
  const auto matter = parse_integer(parts[0]);
  const auto at = parse_integer(parts[1]);
  const auto account = parse_integer(parts[2]);
  if (!matter || !at || !account) return refuse(ErrorCode::internal, "canary.seal");
  return Canary{id, {*matter}, {*at}, {*account}};
}

Result<std::int64_t> last_id(Reader& reader) {
  GEWU_TRY(row, reader.use("select coalesce(max(id), 0) from canary"));
  GEWU_TRY(found, row->step());
  return found ? row->integer(0) : 0;
}

}  // namespace

Status add_canary(Reader& writer, Vault& vault, const Canary& canary) {
  GEWU_TRY(last, last_id(writer));
  Canary numbered = canary;
  numbered.id = last + 1;
  GEWU_TRY(row, writer.use("insert into canary (id, seal) values (?, ?)"));
  GEWU_CHECK(row->bind(1, numbered.id).bind_blob(2, seal_of(vault, numbered)).run());
  const std::string count = std::to_string(numbered.id);
  GEWU_TRY(upsert, writer.use("insert into log_end (log, first, base, seal) values (?1, 0, ?2, ?3)"
                              " on conflict do update set seal = ?3"));
  return upsert->bind(1, kLog).bind_blob(2, security::chain_start(kLog))
      .bind_blob(3, vault.seal_own(kCountPurpose, security::view_of(count)))
      .run();
}

Result<std::vector<Canary>> find_canaries(Reader& reader, Vault& vault) {
  std::vector<Canary> canaries;
  GEWU_TRY(rows, reader.use("select id, seal from canary order by id"));
  for (;;) {
    GEWU_TRY(found, rows->step());
    if (!found) return canaries;
    GEWU_TRY(canary, open_row(vault, rows->integer(0), rows->blob(1)));
    canaries.push_back(canary);
  }
}

Result<std::vector<CanaryRead>> find_canary_reads(Reader& reader, Vault& vault,
                                                  std::int64_t after) {
  GEWU_TRY(canaries, find_canaries(reader, vault));
  std::vector<CanaryRead> reads;
  for (const Canary& canary : canaries) {
    GEWU_TRY(rows, reader.use("select account, day, max(locality) from read_log"
                              " where matter = ? and id > ? and kind not in ('list', 'search')"
                              " group by account, day order by account, day"));
    rows->bind(1, canary.matter.value).bind(2, after);
    for (;;) {
      GEWU_TRY(found, rows->step());
      if (!found) break;
      reads.push_back({canary.id,
                       {rows->integer(0)},
                       {static_cast<std::int32_t>(rows->integer(1))},
                       std::string(rows->text(2))});
    }
  }
  return reads;
}

Status compare_canaries(Reader& reader, Vault& vault, std::vector<std::string>& differences) {
  std::int64_t last = 0;
  {
    GEWU_TRY(rows, reader.use("select id, seal from canary order by id"));
    for (;;) {
      GEWU_TRY(found, rows->step());
      if (!found) break;
      const std::int64_t id = rows->integer(0);
      if (id != last + 1 || !open_row(vault, id, rows->blob(1)))
        differences.push_back("canary " + std::to_string(id));
      last = id;
    }
  }
  GEWU_TRY(ends, reader.use("select first, base, seal from log_end where log = ?"));
  GEWU_TRY(has_end, ends->bind(1, kLog).step());
  if (!has_end) {
    if (last != 0) differences.emplace_back("canary end");
    return {};
  }
  const auto opened = vault.open_own(kCountPurpose, ends->blob(2));
  const bool is_whole = ends->integer(0) == 0 &&
                        std::ranges::equal(ends->blob(1), security::chain_start(kLog)) && opened &&
                        std::string(opened->begin(), opened->end()) == std::to_string(last);
  if (!is_whole) differences.emplace_back("canary end");
  return {};
}

}  // namespace gewu::store::sqlite
