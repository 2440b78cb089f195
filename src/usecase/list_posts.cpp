#include "usecase/list_posts.h"

#include <algorithm>
#include <set>

#include "finding/words.h"
#include "usecase/coverage.h"
#include "usecase/matter_title.h"
#include "usecase/read_room.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kRowsMax = 200;
constexpr std::size_t kAccountsMax = 100;

/// What a post is called: its role and unit, and the organisation it belongs to.
std::string words_of_post(const MyPost& mine, const Directory& directory) {
  std::string words;
  const auto add = [&](const Label& label) {
    words += label.zh + "\n" + label.ko + "\n" + label.en + "\n";
  };
  add(role_label(mine));
  add(unit_label(mine.post->unit, directory));
  if (mine.organisation) add(mine.organisation->label);
  return words;
}

bool fits(const PostQuestion& question, const Post& post) {
  if (post.state == PostState::abolished) return false;
  if (!question.role.empty() && post.role != question.role) return false;
  if (question.unit.empty()) return true;
  constexpr std::string_view kOrganisation = "org:";
  const std::string_view unit = question.unit;
  return unit.starts_with(kOrganisation)
             ? post.unit == organisation_unit(std::string(unit.substr(kOrganisation.size())))
             : post.unit == territory_unit(question.unit);
}

/// The candidates in their order: nearest first where a place is named.
std::vector<const Post*> candidates(const PostQuestion& question, const Directory& directory) {
  const Roster& roster = *directory.roster;
  std::vector<const Post*> posts;
  if (!question.territory.empty() && !question.role.empty())
    posts = roster.posts_covering(question.role, question.territory);
  else if (!question.role.empty())
    posts = roster.posts_of_role(question.role);
  else
    posts = roster.all_posts();
  std::erase_if(posts, [&](const Post* post) {
    if (!fits(question, *post)) return true;
    return question.role.empty() && !question.territory.empty() &&
           !(post->unit.kind == Unit::Kind::territory &&
             covers(post->unit.code, question.territory));
  });
  return posts;
}

}  // namespace

MyPost describe_post(const Directory& directory, const Post& post, Instant now) {
  return {&post, directory.roster->organisation_of(post, day_of(now)),
          locality_of_post(directory, post, now), false};
}

Label role_label(const MyPost& mine) {
  if (mine.locality)
    if (const auto role = mine.locality->roles.find(mine.post->role);
        role != mine.locality->roles.end())
      return role->second.label;
  return {mine.post->role, {}, {}};
}

Result<HeldPost> hold(Office& office, const Directory& directory, const Post& post, Instant now) {
  HeldPost held{describe_post(directory, post, now), {}};
  for (const AccountId account : holders_at(post, now)) {
    GEWU_TRY(known, office.store.find_account(account));
    if (!known) continue;
    const bool deputy = std::ranges::any_of(post.holders, [&](const Holder& holder) {
      return holder.account == account && holder.deputy && holds_at(holder, now);
    });
    held.people.push_back({known->display_name, deputy});
  }
  return held;
}

Result<std::vector<HeldPost>> find_posts(Office& office, const ReadRoom& room,
                                         const finding::Question& asked, std::size_t rows) {
  const Directory& directory = *room.directory();
  std::vector<HeldPost> found;
  std::set<PostId> taken;
  const auto take = [&](const Post& post) -> Status {
    if (found.size() == rows || !taken.insert(post.id).second) return {};
    GEWU_TRY(held, hold(office, directory, post, room.now()));
    found.push_back(std::move(held));
    return {};
  };
  // By a person's name: only of people who hold a post; a resident's account is nobody's business.
  for (const std::string& word : asked.words) {
    GEWU_TRY(accounts, office.store.find_accounts(word, kAccountsMax));
    for (const store::Account& account : accounts) {
      if (account.disabled) continue;
      for (const Post* post : directory.roster->posts_held(account.id, room.now())) {
        const std::string words = account.display_name + "\n" +
                                  words_of_post(describe_post(directory, *post, room.now()),
                                                directory);
        if (finding::contains(words, asked)) GEWU_CHECK(take(*post));
      }
    }
  }
  for (const Post* post : directory.roster->all_posts()) {
    if (found.size() == rows) break;
    if (post->state == PostState::abolished) continue;
    const MyPost described = describe_post(directory, *post, room.now());
    if (finding::contains(words_of_post(described, directory), asked)) GEWU_CHECK(take(*post));
  }
  return found;
}

Result<PostList> list_posts(Office& office, const PostQuestion& question) {
  const ReadRoom room(office);
  const Directory& directory = *room.directory();
  GEWU_TRY(posts, posts_of(question.caller, directory, room.now()));
  if (question.rows < 1 || question.rows > kRowsMax)
    return refuse(ErrorCode::invalid, "post.rows");
  const finding::Question asked = finding::read_question(question.words);
  PostList list{room.directory(), {}};
  if (asked.phrases.empty()) {
    for (const Post* post : candidates(question, directory)) {
      if (list.posts.size() == question.rows) break;
      GEWU_TRY(held, hold(office, directory, *post, room.now()));
      list.posts.push_back(std::move(held));
    }
    return list;
  }
  GEWU_TRY(found, find_posts(office, room, asked, kRowsMax));
  const auto wanted = candidates(question, directory);
  for (HeldPost& held : found)
    if (list.posts.size() < question.rows &&
        std::ranges::find(wanted, held.post.post) != wanted.end())
      list.posts.push_back(std::move(held));
  return list;
}

}  // namespace gewu::usecase
