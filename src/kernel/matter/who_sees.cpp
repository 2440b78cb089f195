#include "kernel/matter/who_sees.h"

#include <algorithm>
#include <set>

#include "kernel/matter/docket.h"
#include "kernel/matter/query.h"

namespace gewu::kernel {
namespace {

/// Posts that an audience may name. Too many rather than too few: each is asked afterwards.
Status add_posts(std::set<PostId>& posts, const Audience& audience, const AccessCase& access) {
  GEWU_TRY(named, addressees_of(audience, access));
  posts.insert(named.posts.begin(), named.posts.end());
  if (audience.kind != Audience::Kind::role || !audience.at) return {};
  // A role that may act somewhere sees what its posts cover.
  Audience plain = audience;
  plain.at = nullptr;
  GEWU_TRY(covering, addressees_of(plain, access));
  posts.insert(covering.posts.begin(), covering.posts.end());
  return {};
}

struct Asking {
  const Chamber& chamber;
  const SnapshotPtr& matter;
  std::set<PostId> asked;       ///< each post has one line: the first

  /// Puts every post under the line that lets it in.
  Status sort(const std::set<PostId>& posts, std::vector<SightLine>& lines) {
    for (const PostId id : posts) {
      if (!asked.insert(id).second) continue;
      Actor actor;
      actor.kind = Actor::Kind::post;
      actor.post = id;
      GEWU_TRY(seen, see_matter(chamber, matter, actor));
      if (!seen || seen->through_parent) continue;
      const auto line = std::ranges::find(lines, seen->audience, &SightLine::audience);
      if (line != lines.end()) line->posts.push_back(id);
    }
    return {};
  }
};

bool is_in_state(const SeeSpec& see, const Snapshot& matter) {
  return see.in.empty() || std::ranges::find(see.in, matter.state) != see.in.end();
}

/// Lines of `see` and the line of roles, in the order of see_matter.
std::vector<SightLine> lines_of(const Snapshot& matter) {
  std::vector<SightLine> lines;
  const auto add = [&](bool before_roles) {
    for (const SeeSpec* see : see_order(*matter.type))
      if (comes_before_roles(*see) == before_roles && is_in_state(*see, matter))
        lines.push_back({see, see->audience.text, see->audience.kind, see->audience.role, {}});
  };
  add(true);
  lines.push_back({nullptr, "role", Audience::Kind::role, {}, {}});
  add(false);
  return lines;
}

/// Lines that let in people who hold no post, or everybody, whether or not a post is known.
bool needs_posts(const SightLine& line) {
  switch (line.kind) {
    case Audience::Kind::role:
    case Audience::Kind::holder: return true;
    case Audience::Kind::author:
    case Audience::Kind::member:
    case Audience::Kind::others:
    case Audience::Kind::everyone: return false;
    case Audience::Kind::system: return true;
  }
  return true;
}

}  // namespace

Result<std::vector<SightLine>> who_sees(const Chamber& chamber, const SnapshotPtr& matter) {
  const Locality* locality = locality_for(chamber.directory, *matter);
  if (locality == nullptr) return std::vector<SightLine>{};
  Docket docket(chamber);
  GEWU_CHECK(load_matter(docket, matter, {}));
  const AccessCase access{.directory = chamber.directory,
                          .locality = *locality,
                          .dossier = docket.dossier,
                          .matter = *matter,
                          .now = chamber.now};
  std::set<PostId> posts;
  for (const SeeSpec& see : matter->type->see)
    GEWU_CHECK(add_posts(posts, see.audience, access));
  for (const ActionSpec& action : matter->type->actions)
    for (const Audience& audience : action.by) GEWU_CHECK(add_posts(posts, audience, access));
  std::vector<SightLine> lines = lines_of(*matter);
  Asking asking{chamber, matter, {}};
  GEWU_CHECK(asking.sort(posts, lines));
  std::erase_if(lines, [](const SightLine& line) {
    return needs_posts(line) && line.posts.empty();
  });
  return lines;
}

}  // namespace gewu::kernel
