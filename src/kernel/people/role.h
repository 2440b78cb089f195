#pragma once

#include <optional>
#include <string>

#include "kernel/people/unit.h"
#include "kernel/place/label.h"
#include "kernel/place/territory.h"

namespace gewu::kernel {

/// A role (角色) as a system defines it: what its posts sit on, how many seats a post has and on
/// which level of the tree it is at home.
struct Role {
  std::string name;
  Label label;
  Unit::Kind unit_kind = Unit::Kind::territory;
  std::string reference_type;  ///< the type whose rows its posts sit on, with Unit::Kind::row
  std::optional<int> seats;
  std::optional<Level> level;
  bool second_factor = false;  ///< whoever holds such a post signs in with a second factor
  bool audits = false;         ///< reads the office's logs (审计), and is told of unusual reading
  /// What its posts do for residents (职责), in the words of the office: everybody is told of a role
  /// that has them, and where its posts sit. Empty: what the role does is for the staff only.
  Label duty;
  bool operator==(const Role&) const = default;
};

/// Whether a post with this role may sit on such a unit.
inline bool fits(const Role& role, const Unit& unit) {
  return role.unit_kind == unit.kind;
}

}  // namespace gewu::kernel
