#pragma once

#include <cstdint>

#include "kernel/matter/directory.h"

// What the logs are judged and kept by: settings of a locality (systems/common), and what holds
// where it has none.

namespace gewu::usecase {

/// A setting of a number, what stands for it where a locality has none, and the least that is
/// taken.
struct LogSetting {
  const char* name;
  std::int64_t standard;
  std::int64_t least;
};
inline constexpr LogSetting kReadMattersMost{"read_matters_most", 200, 1};
inline constexpr LogSetting kReadOutsideMost{"read_outside_most", 50, 1};
inline constexpr LogSetting kReadNightMost{"read_night_most", 20, 1};
inline constexpr LogSetting kUnsealMost{"unseal_most", 30, 1};
/// Of each hundred openings so many are looked at by somebody above.
inline constexpr LogSetting kUnsealDrawn{"unseal_drawn", 2, 1};
/// At least six months, whatever a locality says.
inline constexpr std::int64_t kLogDaysLeast = 184;
inline constexpr LogSetting kReadLogDays{"read_log_days", 365, kLogDaysLeast};
inline constexpr LogSetting kAuditLogDays{"audit_log_days", 365, kLogDaysLeast};

std::int64_t value_of(const kernel::Locality& locality, const LogSetting& setting);
/// The longest of all localities.
std::int64_t longest_kept_days(const kernel::Directory& directory, const LogSetting& setting);

/// Whether the instant lies in the hours in which nobody is expected to look things up: from
/// `night_from` to `night_until`, over midnight (22:00 to 6:00).
bool is_night(const kernel::Locality& locality, Instant at);

}  // namespace gewu::usecase
