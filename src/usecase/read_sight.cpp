#include "usecase/read_sight.h"

#include <algorithm>

#include "usecase/coverage.h"
#include "usecase/read_room.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kPostsMax = 100;

Status name_posts(Office& office, const ReadRoom& room, LineOfSight& shown) {
  for (const PostId id : shown.line.posts) {
    const Post* post = room.directory()->roster->post(id);
    if (post == nullptr) continue;
    if (shown.posts.size() == kPostsMax) {
      ++shown.more;
      continue;
    }
    GEWU_TRY(held, hold(office, *room.directory(), *post, room.now()));
    shown.posts.push_back(std::move(held));
  }
  return {};
}

LineOfSight own_line(const SeenMatter& seen) {
  LineOfSight own;
  own.line.see = seen.line;
  own.line.audience = seen.audience;
  if (seen.line != nullptr) {
    own.line.kind = seen.line->audience.kind;
    own.line.role = seen.line->audience.role;
  }
  own.through_parent = seen.through_parent;
  const bool by_post =
      own.line.kind == Audience::Kind::role || own.line.kind == Audience::Kind::holder;
  if (by_post && seen.post.has_value()) own.line.posts.push_back(seen.post);
  return own;
}

}  // namespace

Result<Sight> read_sight(Office& office, const Caller& caller, MatterId id) {
  const ReadRoom room(office);
  GEWU_TRY(actor, actor_of(caller, *room.directory(), room.now()));
  const SnapshotPtr matter = room.source().load(id);
  if (!matter) return refuse(ErrorCode::not_found, "not_found");
  GEWU_TRY(seen, see_matter(room.chamber(), matter, actor));
  if (!seen) return refuse(ErrorCode::not_found, "not_found");
  Sight sight;
  sight.directory = room.directory();
  sight.matter = matter;
  sight.locality = room.locality_of(*matter);
  sight.why = own_line(*seen);
  GEWU_CHECK(name_posts(office, room, sight.why));
  if (!posts_of(caller, *room.directory(), room.now())) return sight;
  sight.parent = matter->parent;
  GEWU_TRY(lines, who_sees(room.chamber(), matter));
  for (SightLine& line : lines) {
    LineOfSight shown;
    shown.line = std::move(line);
    GEWU_CHECK(name_posts(office, room, shown));
    sight.who.push_back(std::move(shown));
  }
  return sight;
}

}  // namespace gewu::usecase
