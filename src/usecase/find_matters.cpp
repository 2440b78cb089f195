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

/// A page of what the caller may see and the view holds, whatever lies between: read along the
/// store's list until it is full and one more row is known. So what is hidden neither leaves gaps
/// nor makes a next page, and a cursor names a row that was shown.
class SeenPage {
 public:
  SeenPage(Office& office, const ReadRoom& room, const Actor& actor, const ViewFilter* view)
      : office_(office), room_(room), actor_(actor), view_(view) {}

  Result<MatterPage> read(const store::WorkQuery& list) {
    store::WorkQuery ask = list;
    ask.rows = list.rows + 1;
    std::string onward;
    const std::size_t looked_at_max = std::max(kLookedAtMax, ask.rows);
    for (std::size_t looked_at = 0; looked_at < looked_at_max && !has_more_; looked_at += ask.rows) {
      GEWU_TRY(found, office_.store.read_worklist(ask));
      GEWU_CHECK(take(found, list));
      onward = list.backwards ? found.previous : found.next;
      if (onward.empty()) break;
      ask.cursor = onward;
    }
    return paged(list, has_more_ ? last_place_ : onward);
  }

 private:
  Status take(const store::WorkPage& found, const store::WorkQuery& list) {
    for (std::size_t i = 0; i < found.rows.size() && !has_more_; ++i) {
      const std::size_t at = list.backwards ? found.rows.size() - 1 - i : i;
      const SnapshotPtr& matter = found.rows[at];
      if (view_ != nullptr) {
        GEWU_TRY(holds, view_->holds(*matter, room_));
        if (!holds) continue;
      }
      GEWU_TRY(row, room_.row(matter, actor_));
      if (!row) continue;
      has_more_ = rows_.size() == list.rows;
      if (has_more_) continue;
      if (rows_.empty()) first_place_ = found.places[at];
      last_place_ = found.places[at];
      rows_.push_back(std::move(*row));
    }
    return {};
  }

  /// `onward`: where reading goes on in its direction; back to where it came from there is a page
  /// when it came by a cursor.
  MatterPage paged(const store::WorkQuery& list, std::string onward) {
    std::string back = list.cursor.empty() ? std::string() : first_place_;
    MatterPage page{room_.directory(), std::move(rows_), std::move(onward), std::move(back),
                    room_.now(), std::nullopt};
    if (list.backwards) {
      std::ranges::reverse(page.rows);
      std::swap(page.next, page.previous);
    }
    return page;
  }

  Office& office_;
  const ReadRoom& room_;
  const Actor& actor_;
  const ViewFilter* const view_;
  std::vector<MatterRow> rows_;           ///< in the order in which they were read
  std::string first_place_, last_place_;  ///< cursors of the first and last of them
  bool has_more_ = false;
};

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
    if (!view.is_told_by_states()) {
      GEWU_TRY(page, SeenPage(office, room, actor, &view).read(list));
      GEWU_TRY(total, count_in_view(office, room, actor, list, view));
      page.total = total;
      return page;
    }
  }
  GEWU_TRY(page, SeenPage(office, room, actor, nullptr).read(list));
  GEWU_TRY(actors, actors_of(posts, question.caller, room));
  GEWU_TRY(total, total_of(office, room, actor, actors, list));
  page.total = total;
  return page;
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
