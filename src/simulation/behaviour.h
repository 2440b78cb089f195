#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "kernel/matter/node.h"
#include "kernel/matter/value.h"

// How the people of a made-up town behave (行为), read from a file of its locality: what they
// write, how often they take which action, how long they let things lie. The code that drives
// them knows no type and no place.

namespace gewu::simulation {

/// Things to choose from with their weights.
using Weights = std::vector<std::pair<std::string, std::int64_t>>;

/// What a matter is about: its words fit together and lead to the same departments.
struct Topic {
  kernel::Name name;
  std::map<kernel::Name, std::int64_t> types;           ///< `for`: type -> weight
  std::map<kernel::Name, std::string> values;           ///< field -> value, e.g. its category
  std::vector<std::string> organisations;               ///< who it concerns, in that order
  std::map<kernel::Name, std::vector<std::string>> texts;  ///< field or input -> words
};

/// A day of any year.
struct MonthDay {
  int month = 1, day = 1;
};

/// Matters that are opened.
struct OpeningPlan {
  kernel::Name name;
  kernel::Name type;
  kernel::Name action;         ///< empty: the only one that the actor may take
  Weights by;                  ///< role, or `resident`
  std::int64_t count = 0;
  std::int64_t count_small = 0;
  std::optional<std::int64_t> recent_percent;  ///< of these, instead of the general one
  /// Opened before everything else, one for each map of values; `count` is not read then.
  std::vector<std::map<kernel::Name, std::string>> first;

  // Of a year (year.h) only.
  std::string each;            ///< spread over the territories of a level, or the posts of a role
  /// "type.state", or "type.state FIELD=KEY": one for each matter that comes to it (and says so)
  std::string on;
  std::map<kernel::Name, std::string> values;  ///< fields, with $unit, $office, $n, $name, $matter, $year
  MonthDay from{1, 1}, until{12, 31};          ///< days of the year in which they come
};

/// So many in all, over so many draws.
struct Total {
  std::int64_t of = 0, total = 0;
};

struct MinuteRange {
  std::int64_t from = 0, to = 0;
};

struct Behaviour {
  kernel::Name locality;               ///< whose people they are
  std::int64_t days = 21;              ///< how long before now it begins
  std::int64_t recent_percent = 40;    ///< share of openings in the last fifth of the days
  int hour_from = 8, hour_until = 18;  ///< posts act within these hours of the day
  std::vector<std::string> surnames, given_names;  ///< made up
  std::string phone_prefix;            ///< of made-up numbers, seven digits
  std::vector<std::string> addresses;  ///< what stands behind the name of a grid
  std::vector<std::string> rerouted_to;  ///< codes of other grounds that a matter may go to
  std::vector<OpeningPlan> openings;   ///< in the order written
  std::vector<Topic> topics;
  /// By "type.action.input", "action.input" or the bare name; "any" is the last resort.
  std::map<std::string, std::vector<std::string>> texts;
  std::map<std::string, Weights> choices;                 ///< the same names
  std::map<std::string, std::vector<std::string>> links;  ///< -> "type.state" that fit
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> numbers;  ///< dates: days from today
  std::map<std::string, std::int64_t> asked_percent;  ///< chance that a field is filled in
  /// "type.state.action", "type.action" or "action"; `nothing`: of looking and leaving it be.
  std::map<std::string, std::int64_t> weights;
  std::map<std::string, MinuteRange> delays;          ///< "type.state", "type" or "any"
  std::map<std::string, std::int64_t> left_percent;   ///< "type.state": never looked at again

  // Of a year (year.h) only. Names of `decks`, `totals` and `once` are "type.action.input".
  std::map<std::string, Weights> decks;     ///< values dealt, so often each, in a drawn order
  std::map<std::string, Total> totals;      ///< numbers that add up to a total
  std::map<std::string, Total> repeats;     ///< "type.action", "opening.NAME": so often, `of` times
  std::set<std::string> once;               ///< links that meet a matter at most once
  std::map<std::string, std::string> at;    ///< "type.state" -> the field that says when to look
  std::vector<std::string> organisations;   ///< who is named where no topic says it

  /// The words for a name: of the topic, else by the longest name that is known.
  const std::vector<std::string>* find_texts(const Topic* topic, std::string_view place,
                                             std::string_view name) const;
};

/// The value under "type.action.name", else under "action.name", else under the bare name; `place`
/// is what stands before the name. Null when none is there.
template <typename Value>
const Value* find_named(const std::map<std::string, Value>& values, std::string_view place,
                        std::string_view name) {
  for (;;) {
    std::string key(place);
    if (!key.empty()) key += ".";
    if (const auto found = values.find(key.append(name)); found != values.end())
      return &found->second;
    if (place.empty()) return nullptr;
    const auto dot = place.find('.');
    place = dot == std::string_view::npos ? std::string_view() : place.substr(dot + 1);
  }
}

/// Reads the file's tree. `invalid` `demo.form` with details `file` (file:line) and `reason` for an
/// unknown key or a value of another form.
Result<Behaviour> read_behaviour(const kernel::Node& node);

}  // namespace gewu::simulation
