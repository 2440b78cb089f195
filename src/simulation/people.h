#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kernel/matter/directory.h"
#include "simulation/behaviour.h"
#include "simulation/chance.h"
#include "usecase/caller.h"

namespace gewu::simulation {

inline constexpr int kResidentsFrom = 6, kResidentsUntil = 23;  ///< hours in which they write

/// A way into the demonstration: an account on a post.
struct DemoAccount {
  std::string login;          ///< the post's key
  kernel::Name role;          ///< empty: the administrator
  kernel::Label role_label;
  kernel::Label unit_label;
  bool is_main = false;       ///< the first of its role, or of its role in a department
};

/// Seats a made-up person on every post of the locality, and makes an administrator `admin`. All
/// share one password. `not_found` `demo.locality`; errors of make_account.
Result<std::vector<DemoAccount>> seat_everybody(usecase::Office& office,
                                                const Behaviour& behaviour, Chance& chance,
                                                const std::string& password_hash);

/// Everybody who might want to do something (众人): officials on their posts, authors with their
/// receipt codes.
class People {
 public:
  People(kernel::DirectoryPtr directory, const kernel::Locality& locality, Chance& chance);

  /// Somebody of a role; nothing when nobody sits there. `resident` is nobody in particular.
  std::optional<usecase::Caller> pick(const kernel::Name& role);
  /// Those to whom a matter could matter: posts of the type's roles that cover its ground or
  /// belong to an organisation that it names, and its author.
  std::vector<usecase::Caller> around(const kernel::Snapshot& matter,
                                      const kernel::Snapshot* parent) const;
  /// A grid on the ground of a post; of the whole locality for others.
  std::string pick_grid(const usecase::Caller& caller);
  /// A grid on that ground; the ground itself where none was drawn.
  std::string pick_grid_in(const std::string& ground);
  /// Somebody of a role whose post covers the ground, else one of those on it.
  std::optional<usecase::Caller> pick_at(const kernel::Name& role, const std::string& ground);
  /// Whoever holds the post of a key.
  std::optional<usecase::Caller> on_post(const std::string& key) const;
  /// Those who may want to take one action, the likeliest first: posts that the matter names, those
  /// of the organisation that handles it and of others that it names, those that cover its ground.
  std::vector<usecase::Caller> for_action(const kernel::Snapshot& matter,
                                          const kernel::ActionSpec& action,
                                          const kernel::Snapshot* parent) const;
  const kernel::Directory& directory() const { return *directory_; }
  const kernel::Locality& locality() const { return locality_; }
  const kernel::Post* post_of(const usecase::Caller& caller) const;

 private:
  void add_posts(const kernel::Name& role, const kernel::Snapshot& matter,
                 const std::set<std::string>& organisations,
                 std::vector<const kernel::Post*>& posts) const;

  kernel::DirectoryPtr directory_;
  const kernel::Locality& locality_;
  Chance& chance_;
  std::vector<std::string> grids_;   ///< codes, in order
};

}  // namespace gewu::simulation
