#pragma once

#include <optional>
#include <string>

#include "kernel/matter/dossier.h"

// Books (账): what an account is called, and what stands in it.

namespace gewu::kernel {

/// The account that values name, parts joined by '+': "org:lighting_office", "matter:12+key:a".
/// Nothing when one of them names nothing.
std::optional<std::string> account_text(const Values& parts);
/// The organisation, or the territory, that an account begins with; empty: none.
std::string account_organisation(std::string_view account);
std::string account_territory(std::string_view account);

/// What is in an account at an instant, `at_end` of what was booked by then, else of all that was.
/// Where a book says `expires`, what came in longest ago goes out first, and what is left of it so
/// long after it came is gone.
std::int64_t standing(const Book& book, const std::string& account, bool at_end, Instant at,
                      DossierSource& ledger, const Calendar& calendar);

}  // namespace gewu::kernel
