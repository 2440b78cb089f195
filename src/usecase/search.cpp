#include "usecase/search.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "finding/words.h"
#include "kernel/matter/access.h"
#include "kernel/matter/words.h"
#include "usecase/coverage.h"
#include "usecase/given_values.h"
#include "usecase/matter_title.h"
#include "usecase/read_log.h"
#include "usecase/read_room.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kRowsMax = 50;
/// Matters that one question looks at: what the index suggests and he may not see is no row.
constexpr std::size_t kLookedAtMax = 1'000;
constexpr std::size_t kLookedAtOnce = 100;

/// Where the matters of a post may lie (covers_matter, `role@expr`).
void add_within(std::set<Unit>& within, const Post& post, const ReadRoom& room) {
  const Roster& roster = *room.directory()->roster;
  const auto add_organisation = [&](const Organisation* organisation, bool with_ground) {
    if (organisation == nullptr) return;
    within.insert(organisation_unit(organisation->key));
    if (!with_ground) return;
    const std::string_view ground = ground_of(*organisation, roster);
    if (!ground.empty()) within.insert(territory_unit(std::string(ground)));
  };
  switch (post.unit.kind) {
    case Unit::Kind::none: break;
    case Unit::Kind::territory: within.insert(post.unit); break;
    case Unit::Kind::organisation:
      add_organisation(roster.organisation(post.unit.code), true);
      break;
    case Unit::Kind::row: {
      within.insert(post.unit);
      const auto id = parse_matter_id(post.unit.code);
      const SnapshotPtr row = id ? room.source().load(*id) : nullptr;
      if (row && !row->territory.empty()) within.insert(territory_unit(row->territory));
      break;
    }
  }
  add_organisation(roster.organisation_of(post, day_of(room.now())), false);
}

/// What this reader may see of the matter, as words.
std::string seen_words(const MatterRow& row) {
  const Snapshot& matter = *row.seen.matter;
  const Type& type = *matter.type;
  std::string words = matter.number + "\n" + row.title;
  for (std::size_t i = 0; i < type.fields.size(); ++i)
    if (is_in_title(type, type.fields[i]))
      append_words(words, type, type.fields[i], matter.fields[i]);
  for (const SeenField& field : row.seen.fields)
    if (!field.is_sealed && !field.is_coarse)
      append_words(words, type, type.fields[field.field], field.value);
  return words;
}

Status find_in_index(Office& office, const ReadRoom& room, const Actor& actor,
                     const SearchQuestion& question, const finding::Question& asked,
                     std::set<Unit> within, Found& found) {
  store::WordQuery query;
  query.words = question.words;
  query.within.assign(within.begin(), within.end());
  query.types = question.types;
  query.before = question.before;
  query.rows = kLookedAtOnce;
  for (std::size_t looked_at = 0; looked_at < kLookedAtMax; looked_at += kLookedAtOnce) {
    GEWU_TRY(suggested, office.store.find_words(query));
    for (const SnapshotPtr& matter : suggested) {
      GEWU_TRY(row, room.row(matter, actor));
      if (!row || !finding::contains(seen_words(*row), asked)) continue;
      if (found.matters.size() == question.rows) {
        // There is one more that he may see: only then is there a next page.
        found.next = found.matters.back().seen.matter->id;
        return {};
      }
      found.matters.push_back(std::move(*row));
    }
    if (suggested.size() < kLookedAtOnce) return {};
    query.before = suggested.back()->id;
  }
  return {};
}

/// Matters of that very number come first, wherever the caller may see them.
Status find_by_number(Office& office, const ReadRoom& room, const Actor& actor,
                      const SearchQuestion& question, Found& found) {
  if (question.before.has_value()) return {};
  GEWU_TRY(ids, office.store.find_number(std::string(trim(question.words))));
  for (const MatterId id : ids) {
    const SnapshotPtr matter = room.source().load(id);
    if (!matter || found.matters.size() == question.rows) continue;
    const bool is_type = question.types.empty() ||
                         std::ranges::find(question.types, matter->type->name) !=
                             question.types.end();
    if (!is_type) continue;
    GEWU_TRY(row, room.row(matter, actor));
    if (row) found.matters.push_back(std::move(*row));
  }
  return {};
}

Status find_matters_by_words(Office& office, const ReadRoom& room, const Actor& actor,
                             const std::vector<const Post*>& posts,
                             const SearchQuestion& question, const finding::Question& asked,
                             Found& found) {
  GEWU_CHECK(find_by_number(office, room, actor, question, found));
  if (!found.matters.empty()) return {};
  std::set<Unit> within;
  for (const Post* post : posts) add_within(within, *post, room);
  return find_in_index(office, room, actor, question, asked, std::move(within), found);
}

bool names(const Label& label, const finding::Question& asked) {
  return finding::contains(label.zh + "\n" + label.ko + "\n" + label.en, asked);
}

void find_territory(const Directory& directory, const finding::Question& asked,
                    std::size_t rows, Found& found) {
  for (const Territory* node : directory.territory->all()) {
    if (found.territory.size() == rows) return;
    if (node->valid_until) continue;
    if (names(node->name, asked) || (asked.words.size() == 1 && node->code == asked.words[0]))
      found.territory.push_back(node);
  }
}

void find_organisations(const Directory& directory, const finding::Question& asked,
                        std::size_t rows, Found& found) {
  for (const Organisation* organisation : directory.roster->organisations()) {
    if (found.organisations.size() == rows) return;
    if (names(organisation->label, asked)) found.organisations.push_back(organisation);
  }
}

}  // namespace

bool is_named(const Label& label, std::string_view words) {
  return names(label, finding::read_question(words));
}

Result<Found> search(Office& office, const SearchQuestion& question) {
  const ReadRoom room(office);
  const Directory& directory = *room.directory();
  if (!question.caller.account.has_value())
    return refuse(ErrorCode::unauthenticated, "session.absent");
  const finding::Question asked = finding::read_question(question.words);
  if (asked.phrases.empty()) return refuse(ErrorCode::invalid, "search.words");
  if (question.rows < 1 || question.rows > kRowsMax)
    return refuse(ErrorCode::invalid, "search.rows");
  GEWU_TRY(actor, actor_of(question.caller, directory, room.now()));
  // A member without a post finds places and organisations; matters are found through posts.
  auto posts = posts_of(question.caller, directory, room.now());
  if (!posts && posts.error().key != "post.none") return std::unexpected(posts.error());
  const bool is_staff = posts.has_value();
  Found found;
  found.directory = room.directory();
  found.as_of = room.now();
  const auto wants = [&](FoundGroup group) { return !question.of || *question.of == group; };
  if (is_staff && wants(FoundGroup::matters))
    GEWU_CHECK(find_matters_by_words(office, room, actor, *posts, question, asked, found));
  GEWU_CHECK(note_reads(office, room, question.caller, found.matters, store::ReadKind::search));
  if (is_staff && wants(FoundGroup::posts)) {
    GEWU_TRY(held, find_posts(office, room, asked, question.rows));
    found.posts = std::move(held);
  }
  if (wants(FoundGroup::territory)) find_territory(directory, asked, question.rows, found);
  if (wants(FoundGroup::organisations)) find_organisations(directory, asked, question.rows, found);
  return found;
}

}  // namespace gewu::usecase
