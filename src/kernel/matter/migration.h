#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "kernel/matter/definition.h"
#include "kernel/matter/definition_message.h"
#include "kernel/matter/office_compile.h"

// Migrations (迁移): how open matters of a type go from one text to the next (language.md 2.8).
// A file says it by names; compiled, it is for exactly two texts, since an overlay may give the
// same version several.

namespace gewu::kernel {

/// What becomes of a clock. `recompute` is never later than the due it had, `recompute_free` may
/// be; `stop` ends it, void before its due.
enum class ClockMove { keep, recompute, recompute_free, restart, stop };
const char* to_text(ClockMove move);
std::optional<ClockMove> parse_clock_move(std::string_view text);

struct Migration {
  TypePtr from, to;
  std::vector<std::optional<std::size_t>> states;  ///< of `from` to those of `to`; none: final ones
  std::vector<SetField> fields;                    ///< of `to`; expressions over `from`
  std::map<Name, ClockMove, std::less<>> clocks;   ///< absent: keep
  std::vector<std::pair<Name, Name>> actions;      ///< renamed, old and new
  ReadPlan read_plan;                              ///< of its expressions, over `from`
};
using MigrationPtr = std::shared_ptr<const Migration>;

/// Whether a migration of the file may concern a matter under this text.
inline bool is_for(const MigrationHead& head, const Type& old) {
  return old.name == head.type && old.version == head.from;
}

/// Checks and compiles one migration for a matter's old text and today's. Messages have the keys
/// `definition.migration_…`: a state without a place, a needed field that nothing gives, a changed
/// clock that nobody treated, a personal value that its erasure would no longer reach. Null exactly
/// when there is an error. `written` is the file's root, or what a publication kept of it.
MigrationPtr compile_migration(const Node& written, const TypePtr& from, const TypePtr& to,
                               const PublishedLocality& today, Messages& messages);

/// The migrations of a published locality whose `to` is its type's version of today, by key.
std::vector<MigrationHead> migrations_of(const PublishedLocality& locality);
/// The whole of one; null when it has none of that key.
const Node* find_migration(const PublishedLocality& locality, std::string_view key);

/// What a migration file is about; an empty key, with messages, when it does not say.
MigrationHead read_migration_head(const Node& root, Messages& messages);

/// The form of a migration file, and what can be said of it without the stored text: its versions,
/// and the names of today's type when it ends there. `type` is today's; null: there is none here.
void check_migration_form(const Node& written, const Type* type, Messages& messages);

}  // namespace gewu::kernel
