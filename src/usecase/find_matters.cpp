#include "usecase/find_matters.h"

#include <algorithm>

#include "base/text.h"
#include "usecase/coverage.h"
#include "usecase/given_values.h"
#include "usecase/open_totals.h"
#include "usecase/read_log.h"
#include "usecase/read_room.h"
#include "usecase/search.h"
#include "usecase/view_filter.h"

namespace gewu::usecase {

using namespace gewu::kernel;
using Of = store::WorkQuery::Of;

namespace {

constexpr std::size_t kPageRows[] = {20, 50, 1'000};
constexpr std::size_t kPartsMax = 500;
constexpr std::size_t kLookedAtMax = 1'000;

/// The list that a post sees when it names no unit: its ground, or what its organisation handles.
Status set_unit_of_post(store::WorkQuery& list, const Unit& unit, const ReadRoom& room) {
  switch (unit.kind) {
    case Unit::Kind::territory:
      list.of = Of::territory;
      list.unit = unit.code;
      return {};
    case Unit::Kind::organisation:
      if (list.of == Of::territory) list.of = Of::handler;
      list.unit = unit.code;
      return {};
    case Unit::Kind::row: {
      const auto id = parse_matter_id(unit.code);
      const SnapshotPtr row = id ? room.source().load(*id) : nullptr;
      if (!row) return refuse(ErrorCode::not_found, "not_found");
      list.of = Of::territory;
      list.unit = row->territory;
      return {};
    }
    case Unit::Kind::none: break;
  }
  return refuse(ErrorCode::invalid, "list.unit");
}

Status choose_unit(store::WorkQuery& list, const std::vector<const Post*>& posts,
                   const ReadRoom& room) {
  if (list.unit.empty()) {
    const bool is_one = std::ranges::all_of(
        posts, [&](const Post* post) { return post->unit == posts.front()->unit; });
    if (!is_one) {
      std::vector<ErrorDetail> details;
      for (const Post* post : posts) details.push_back({"post", std::to_string(post->id.value)});
      return refuse(ErrorCode::invalid, "post.choose", std::move(details));
    }
    return set_unit_of_post(list, posts.front()->unit, room);
  }
  const Directory& directory = *room.directory();
  const Unit unit =
      list.of == Of::territory ? territory_unit(list.unit) : organisation_unit(list.unit);
  const bool is_known = list.of == Of::territory
                            ? directory.territory->find(list.unit) != nullptr
                            : directory.roster->organisation(list.unit) != nullptr;
  // A unit that there is not answers like one that he does not cover.
  if (!is_known) return refuse(ErrorCode::forbidden, "unit.not_covered");
  return check_covered(posts, unit, directory, room.now());
}

/// Words are looked for as search does; the cursor is the last matter of the page before.
Result<MatterPage> find_words(Office& office, const MatterQuestion& question) {
  constexpr std::size_t kFoundMax = 50;
  SearchQuestion asked;
  asked.caller = question.caller;
  asked.words = question.words;
  asked.of = FoundGroup::matters;
  asked.types = question.list.types;
  asked.rows = std::min(question.list.rows, kFoundMax);
  if (!question.list.cursor.empty()) {
    const auto before = parse_matter_id(question.list.cursor);
    if (!before) return refuse(ErrorCode::invalid, "list.cursor");
    asked.before = *before;
  }
  GEWU_TRY(found, search(office, asked));
  MatterPage page{found.directory, std::move(found.matters), {}, {}, found.as_of, std::nullopt};
  if (found.next.has_value()) page.next = std::to_string(found.next.value);
  return page;
}

Result<MatterPage> find_parts_of(Office& office, const ReadRoom& room, const Actor& actor,
                                 MatterId parent) {
  const SnapshotPtr whole = room.source().load(parent);
  if (!whole) return refuse(ErrorCode::not_found, "not_found");
  GEWU_TRY(seen, room.row(whole, actor));
  if (!seen) return refuse(ErrorCode::not_found, "not_found");
  GEWU_TRY(parts, office.store.find_parts(parent, kPartsMax));
  GEWU_TRY(rows, room.rows(parts, actor));
  const auto total = static_cast<std::int64_t>(rows.size());
  return MatterPage{room.directory(), std::move(rows), {}, {}, room.now(), total};
}

/// Rows of a page of the store that the view holds and the caller may see.
Result<std::vector<MatterRow>> rows_in_view(const ReadRoom& room, const Actor& actor,
                                            const std::vector<SnapshotPtr>& found,
                                            const ViewFilter& view) {
  std::vector<SnapshotPtr> held;
  for (const SnapshotPtr& matter : found) {
    GEWU_TRY(holds, view.holds(*matter, room));
    if (holds) held.push_back(matter);
  }
  return room.rows(held, actor);
}

/// How many the view holds for this caller, where that is told by looking at 1,000.
Result<std::optional<std::int64_t>> count_in_view(Office& office, const ReadRoom& room,
                                                  const Actor& actor, store::WorkQuery list,
                                                  const ViewFilter& view) {
  list.cursor.clear();
  list.backwards = false;
  list.rows = kLookedAtMax;
  GEWU_TRY(found, office.store.read_worklist(list));
  if (!found.next.empty()) return std::optional<std::int64_t>();
  GEWU_TRY(rows, rows_in_view(room, actor, found.rows, view));
  return std::optional(static_cast<std::int64_t>(rows.size()));
}

/// A page of a view that its states do not tell: pages of the list until there are rows enough.
Result<MatterPage> read_view(Office& office, const ReadRoom& room, const Actor& actor,
                             store::WorkQuery list, const ViewFilter& view) {
  MatterPage page{room.directory(), {}, {}, {}, room.now(), std::nullopt};
  GEWU_TRY(total, count_in_view(office, room, actor, list, view));
  page.total = total;
  const bool is_back = list.backwards;
  for (std::size_t looked_at = 0; looked_at < kLookedAtMax; looked_at += list.rows) {
    GEWU_TRY(found, office.store.read_worklist(list));
    GEWU_TRY(rows, rows_in_view(room, actor, found.rows, view));
    page.rows.insert(is_back ? page.rows.begin() : page.rows.end(),
                     std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
    const bool is_first = looked_at == 0;
    if (is_back || is_first) page.previous = found.previous;
    if (!is_back || is_first) page.next = found.next;
    list.cursor = is_back ? found.previous : found.next;
    if (list.cursor.empty() || page.rows.size() >= list.rows) break;
  }
  return page;
}

Result<MatterPage> find_page(Office& office, const ReadRoom& room,
                             const MatterQuestion& question) {
  GEWU_TRY(actor, actor_of(question.caller, *room.directory(), room.now()));
  if (question.parent.has_value()) return find_parts_of(office, room, actor, question.parent);
  GEWU_TRY(posts, posts_of(question.caller, *room.directory(), room.now()));
  if (!trim(question.words).empty()) return find_words(office, question);
  store::WorkQuery list = question.list;
  if (std::ranges::find(kPageRows, list.rows) == std::end(kPageRows))
    return refuse(ErrorCode::invalid, "list.rows");
  GEWU_CHECK(choose_unit(list, posts, room));
  list.now = room.now();
  if (!question.view.empty()) {
    if (list.types.size() != 1) return refuse(ErrorCode::invalid, "list.view");
    GEWU_TRY(view, ViewFilter::find(room, list.types.front(), question.view));
    if (list.states.empty()) list.states = view.states();
    if (!view.is_told_by_states()) return read_view(office, room, actor, list, view);
  }
  GEWU_TRY(found, office.store.read_worklist(list));
  GEWU_TRY(rows, room.rows(found.rows, actor));
  GEWU_TRY(actors, actors_of(posts, question.caller, room));
  GEWU_TRY(total, total_of(office, room, actor, actors, list));
  return MatterPage{room.directory(), std::move(rows), std::move(found.next),
                    std::move(found.previous), room.now(), total};
}

}  // namespace

Result<MatterPage> find_unread(Office& office, const MatterQuestion& question) {
  const ReadRoom room(office);
  return find_page(office, room, question);
}

Result<MatterPage> find_matters(Office& office, const MatterQuestion& question) {
  const ReadRoom room(office);
  GEWU_TRY(page, find_page(office, room, question));
  // What was found by words is noted as found.
  if (question.parent.has_value() || trim(question.words).empty())
    GEWU_CHECK(note_reads(office, room, question.caller, page.rows, store::ReadKind::list));
  return page;
}

std::vector<MatterId> ids_of(const std::vector<MatterRow>& rows) {
  std::vector<MatterId> ids;
  for (const MatterRow& row : rows) ids.push_back(row.seen.matter->id);
  return ids;
}

}  // namespace gewu::usecase
