#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/figures/open_counts.h"
#include "kernel/matter/directory.h"
#include "usecase/office.h"

// Told weeks of public figures as they are kept, and what they are counted from. Inside the room
// only.

namespace gewu::usecase {

inline constexpr std::int32_t kDaysOfWeek = 7;
/// Codes of counties, subdistricts, communities and grids (territory.h).
const std::vector<std::size_t>& open_levels();

/// A week as it was told: how far the journal had come and where the figure was public, so that it
/// can be counted again from the same lines.
struct ToldWeek {
  std::int64_t sequence = 0;                 ///< of the last line that was counted
  std::set<std::string> localities;
  std::vector<kernel::OpenCount> counts;     ///< in the order of codes
};
std::string text_of(const ToldWeek& week);
/// `internal` `figure.week` for a text that is none.
Result<ToldWeek> read_told_week(std::string_view text);
/// What is kept of a figure ("type.indicator") and the week that begins on a Monday.
Result<std::optional<ToldWeek>> find_told_week(Office& office, const std::string& figure,
                                               Date week);
Status keep_told_week(Office& office, const std::string& figure, Date week, const ToldWeek& told);
/// The last week that was told; nothing: none yet.
Result<std::optional<Date>> last_told(Office& office, const std::string& figure);
Status keep_last_told(Office& office, const std::string& figure, Date week);

/// An indicator that the definition makes public; null: none.
const kernel::IndicatorSpec* public_indicator(const kernel::Type& type);
/// The localities that make the figure public.
std::set<std::string> public_in(const kernel::Directory& directory, const std::string& figure);
/// The Monday of the last week that may be told of: wherever it is earliest.
std::optional<Date> last_open_week(const kernel::Directory& directory, Instant now);

/// Tells reporters apart by numbers that mean nothing: by the phone number that was left, else by
/// the account; all who left neither are one.
class Reporters {
 public:
  explicit Reporters(Office& office) : office_(office) {}

  std::int64_t of(const kernel::Snapshot& matter);

 private:
  std::string phone_of(const kernel::Snapshot& matter);

  Office& office_;
  std::map<std::string, std::int64_t> known_;
};

/// Counts told weeks again while the journal is walked (`gewu check --data`).
class OpenWeekCheck {
 public:
  /// Finds a matter as the lines so far leave it; null: there is none.
  using Find = std::function<kernel::SnapshotPtr(MatterId)>;

  explicit OpenWeekCheck(Office& office) : office_(office), directory_(directory_of(office)) {}

  /// What is kept, before the walk.
  Status begin();
  void take(const kernel::Event& event);
  /// The line with this number has been taken.
  void pass(std::int64_t sequence, const Find& find);
  /// "open_week appeal.common_ground 2026-11-09: 222401002", each place that was not told so or is
  /// told and should not be; "absent" for a week that is missing among the others.
  std::vector<std::string> end();

 private:
  struct Claim {
    std::string figure;
    Date week;
    ToldWeek told;
  };

  Status read_weeks(const std::string& figure);
  void compare(const Claim& claim, const Find& find);
  void note(const Claim& claim, const std::string& what);

  Office& office_;
  kernel::DirectoryPtr directory_;
  std::multimap<std::int64_t, Claim> claims_;                      ///< by sequence
  /// Matters of each record, by figure and Monday.
  std::map<std::string, std::map<Date, std::vector<MatterId>>> counted_;
  std::vector<std::string> differences_;
};

}  // namespace gewu::usecase
