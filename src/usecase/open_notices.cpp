#include "usecase/open_notices.h"

#include <algorithm>

#include "usecase/read_me.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kOpenNoticesMax = 50;
constexpr std::size_t kRowsOfAPage = 50;
constexpr int kPagesMax = 8;        // drafts and others that nobody is shown lie between them

const ViewSpec* billboard_of(const Type& type) {
  const auto board = std::ranges::find_if(type.views, &ViewSpec::is_public);
  return board == type.views.end() ? nullptr : &*board;
}

Status add_of_type(OpenNotices& open, const ReadRoom& room, Office& office, const Type& type,
                   const std::string& ground) {
  store::WorkQuery list;
  list.types = {type.name};
  list.unit = ground;
  list.rows = kRowsOfAPage;
  list.now = room.now();
  const Actor anybody;
  for (int page = 0; page < kPagesMax; ++page) {
    GEWU_TRY(found, office.store.read_worklist(list));
    for (const SnapshotPtr& matter : found.rows) {
      GEWU_TRY(row, room.row(matter, anybody));
      if (row) open.notices.push_back({std::move(*row), billboard_of(type)});
    }
    if (found.next.empty()) break;
    list.cursor = found.next;
  }
  return {};
}

}  // namespace

Result<OpenNotices> list_open_notices(Office& office, const std::string& place) {
  const ReadRoom room(office);
  OpenNotices open{room.directory(), {}};
  const Locality* locality = room.directory()->locality_of(place);
  if (place.empty()) {
    GEWU_TRY(own, choose_locality(*room.directory(), Caller{}, room.now(), ""));
    locality = own;
  }
  if (locality == nullptr) return refuse(ErrorCode::not_found, "not_found");
  for (const auto& [name, type] : locality->types)
    if (billboard_of(*type) != nullptr)
      GEWU_CHECK(add_of_type(open, room, office, *type,
                             place.empty() ? locality->territory : place));
  const auto is_newer = [](const OpenNotice& a, const OpenNotice& b) {
    return a.row.seen.matter->id > b.row.seen.matter->id;
  };
  std::ranges::sort(open.notices, is_newer);
  if (open.notices.size() > kOpenNoticesMax)
    open.notices.erase(open.notices.begin() + kOpenNoticesMax, open.notices.end());
  return open;
}

Result<OpenNotices> read_open_notice(Office& office, MatterId id) {
  const ReadRoom room(office);
  OpenNotices open{room.directory(), {}};
  const SnapshotPtr matter = room.source().load(id);
  if (!matter) return refuse(ErrorCode::not_found, "not_found");
  const Locality* locality = room.locality_of(*matter);
  const TypePtr type = locality ? locality->find_type(matter->type->name) : nullptr;
  const ViewSpec* board = type ? billboard_of(*type) : nullptr;
  if (board == nullptr) return refuse(ErrorCode::not_found, "not_found");
  GEWU_TRY(row, room.row(matter, Actor{}));
  if (!row) return refuse(ErrorCode::not_found, "not_found");
  open.notices.push_back({std::move(*row), board});
  return open;
}

}  // namespace gewu::usecase
