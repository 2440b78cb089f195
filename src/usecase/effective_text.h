#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/matter/office_compile.h"
#include "usecase/migrate_matters.h"
#include "usecase/session.h"

// What a type says in a place once every overlay is laid on, and which file each line came from
// (`gewu show`). The text that is published forgets its files, so that publishing keeps the lines
// with their origins beside it, for reading alone: nothing is decided by them.

namespace gewu::usecase {

/// What a type says: the lines alone, and with their origins behind them.
struct EffectiveType {
  std::string plain, lines;
};
using EffectiveLines = std::map<kernel::Name, EffectiveType>;
EffectiveLines effective_lines(const kernel::PublishedLocality& published);

/// Lays the lines by; called when the definitions are published.
Status keep_effective_texts(Office& office,
                            const std::map<kernel::Name, kernel::PublishedLocality>& published);

struct EffectiveText {
  kernel::TypePtr type;
  std::string yaml;             ///< an origin stands behind its line as `  # FILE:LINE`
  bool has_origins = false;     ///< false: published before lines were kept
};
/// For administrators. `not_found` `locality.unknown`, `type.unknown`.
Result<EffectiveText> read_effective_text(Office& office, const SignedInCaller& by,
                                          std::string_view locality, std::string_view type);

/// What is at work: every locality with its types, and open matters under an older text of one.
struct PublishedState {
  kernel::DirectoryPtr directory;
  MigrationPreview waiting;
};
Result<PublishedState> read_published(Office& office, const SignedInCaller& by);

}  // namespace gewu::usecase
