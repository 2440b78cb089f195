#include "usecase/notices.h"

#include "usecase/coverage.h"
#include "usecase/read_log.h"
#include "usecase/read_room.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kNoticesMax = 200;

/// The logs name an account by its login, which stays; a notice is read by a colleague, who knows the
/// person's name. The login stands last in the words of both.
Result<std::string> person_of(Office& office, const store::Notice& notice) {
  if (notice.text != "unseal_drawn" && notice.text != "reading_unusual") return std::string();
  const auto space = notice.words.rfind(' ');
  const std::string login =
      space == std::string::npos ? notice.words : notice.words.substr(space + 1);
  if (login.empty()) return std::string();
  GEWU_TRY(account, office.store.find_account(login));
  return account ? account->display_name : std::string();
}

}  // namespace

Result<NoticeList> list_notices(Office& office, const Caller& caller) {
  const ReadRoom room(office);
  GEWU_TRY(posts, posts_of(caller, *room.directory(), room.now()));
  GEWU_TRY(actor, actor_of(caller, *room.directory(), room.now()));
  NoticeList list;
  list.directory = room.directory();
  std::vector<PostId> ids;
  for (const Post* post : posts) {
    ids.push_back(post->id);
    GEWU_TRY(notices, office.store.read_notices(post->id, room.now(), kNoticesMax));
    for (store::Notice& notice : notices) list.rows.push_back({std::move(notice), std::nullopt, {}});
  }
  std::ranges::sort(list.rows, std::ranges::greater{},
                    [](const NoticeRow& row) { return row.notice.id; });
  if (list.rows.size() > kNoticesMax) list.rows.resize(kNoticesMax);
  for (NoticeRow& row : list.rows) {
    GEWU_TRY(person, person_of(office, row.notice));
    row.person = std::move(person);
    const SnapshotPtr matter = room.source().load(row.notice.matter);
    if (!matter) continue;
    GEWU_TRY(seen, room.row(matter, actor));
    if (seen) GEWU_CHECK(note_read(office, room, caller, seen->seen, store::ReadKind::list));
    row.matter = std::move(seen);
  }
  GEWU_TRY(unread, office.store.count_unread(ids, room.now()));
  list.unread = unread;
  return list;
}

Status mark_notices_read(Office& office, const Caller& caller, std::int64_t up_to) {
  const DirectoryPtr directory = office.store.directory();
  GEWU_TRY(posts, posts_of(caller, *directory, office.clock.now()));
  for (const Post* post : posts) GEWU_CHECK(office.store.mark_read(post->id, up_to));
  return {};
}

}  // namespace gewu::usecase
