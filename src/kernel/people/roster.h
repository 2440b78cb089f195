#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/id.h"
#include "base/instant.h"
#include "base/persistent_map.h"
#include "base/result.h"
#include "kernel/people/organisation.h"
#include "kernel/people/post.h"
#include "kernel/people/unit.h"
#include "kernel/place/territory.h"

namespace gewu::kernel {

/// Organisations and posts as rules read them: the people's part of the directory (名册).
/// Immutable: a change gives a new roster with a higher version and costs what changed. Lists of
/// posts are in the order of their ids and leave abolished posts out.
class Roster {
 public:
  std::uint64_t version() const { return version_; }
  std::size_t organisation_count() const { return organisations_.size(); }
  std::size_t post_count() const { return posts_.size(); }

  const Organisation* organisation(std::string_view key) const;
  std::vector<const Organisation*> organisations() const;
  /// The organisation in charge of that very node on a day: `office(territory)` of the language.
  const Organisation* office(std::string_view code, Date day) const;
  /// The same, or of the nearest node above that has one.
  const Organisation* nearest_office(std::string_view code, Date day) const;

  const Post* post(PostId id) const;
  const Post* post_by_key(std::string_view key) const;
  /// Abolished ones too.
  std::vector<const Post*> all_posts() const;
  /// The deepest node that all posts on territories lie under; nothing without such posts, or when
  /// they share none.
  const std::optional<TerritoryCode>& common_ground() const { return ground_; }
  /// Through which posts an account may act at an instant, as holder or deputy.
  std::vector<const Post*> posts_held(AccountId account, Instant instant) const;
  std::vector<const Post*> posts_of_role(std::string_view role) const;
  /// Posts of a role that sit on exactly this unit.
  std::vector<const Post*> posts_on(std::string_view role, const Unit& unit) const;
  /// Posts of a role whose unit covers the territory: they sit on it, on a node above, or on an
  /// organisation that works on one of these. Nearest first. Rows are not known here.
  std::vector<const Post*> posts_covering(std::string_view role, std::string_view code) const;
  /// Posts of a role that belong to an organisation on a day (organisation_of).
  std::vector<const Post*> posts_in(std::string_view role, std::string_view organisation,
                                    Date day) const;
  /// What a post belongs to: the organisation it names, else its unit, else the nearest office in
  /// charge of its territory; nullptr for a row without a named organisation.
  const Organisation* organisation_of(const Post& post, Date day) const;

  /// Adds or replaces. Refusals: `organisation.key`, `organisation.kind`, `organisation.label`,
  /// `organisation.parent` (unknown, or a circle), `organisation.territory` (a code of wrong
  /// form), `organisation.dates`, `organisation.in_charge_of` (another one is, in that time),
  /// `organisation.phone` (no number).
  Result<Roster> with(Organisation organisation) const;
  /// Adds or replaces. Refusals: `post.id`, `post.key` (form, or used by another post),
  /// `post.role`, `post.unit`, `post.organisation` (unknown), `post.seats` (below 1, or more
  /// holders at once than seats), `post.holder` (no account, or until not after from).
  Result<Roster> with(Post post) const;

 private:
  struct KeyOf {
    std::string_view operator()(const Organisation& value) const { return value.key; }
  };
  struct IdOf {
    PostId operator()(const Post& value) const { return value.id; }
  };
  template <typename... Parts>
  using Index = PersistentMap<std::tuple<Parts..., PostId>>;

  std::optional<TerritoryCode> reach(const Post& post) const;
  std::optional<OrganisationKey> stated_organisation(const Post& post) const;
  Status check(const Organisation& organisation) const;
  Status check(const Post& post) const;
  void enter(const Post& post);
  void remove(const Post& post);
  void share_ground(const Unit& unit);

  PersistentMap<Organisation, KeyOf> organisations_;
  PersistentMap<std::tuple<TerritoryCode, OrganisationKey>> offices_;
  PersistentMap<Post, IdOf> posts_;
  Index<std::string> by_key_;
  Index<AccountId> by_account_;
  Index<std::string, Unit> by_role_;                     ///< role, unit
  Index<std::string, TerritoryCode> by_reach_;           ///< role, ground of the unit
  Index<OrganisationKey, std::string> by_organisation_;  ///< stated organisation, role
  std::optional<TerritoryCode> ground_;
  bool has_grounds_ = false;                             ///< posts on territories
  std::uint64_t version_ = 0;
};

}  // namespace gewu::kernel
