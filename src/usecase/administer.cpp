#include "usecase/administer.h"

#include <algorithm>
#include <map>

#include "finding/words.h"
#include "usecase/credentials.h"
#include "usecase/read_room.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kRowsMax = 200;

/// Who stands behind a change of the directory, for its journal.
std::string source_of(const SignedInCaller& by) {
  return "administrator " + std::to_string(by.caller.account.value);
}

Result<store::Account> find(Office& office, std::string_view login) {
  GEWU_TRY(account, office.store.find_account(std::string(login)));
  if (!account) return refuse(ErrorCode::not_found, "account.unknown");
  return std::move(*account);
}

Result<std::string> key_of_post(const Directory& directory, PostId id) {
  const Post* post = directory.roster->post(id);
  if (!post) return refuse(ErrorCode::not_found, "post.unknown");
  return post->key;
}

/// What every account holds and held, in one walk over the posts.
std::map<AccountId, std::vector<Seat>> seats_of(const std::vector<store::Account>& accounts,
                                                const Directory& directory, Instant now) {
  std::map<AccountId, std::vector<Seat>> seats;
  for (const store::Account& account : accounts) seats[account.id];
  for (const Post* post : directory.roster->all_posts())
    for (const Holder& holder : post->holders)
      if (const auto found = seats.find(holder.account); found != seats.end())
        found->second.push_back({describe_post(directory, *post, now), holder});
  for (auto& [account, held] : seats)
    std::ranges::stable_sort(held, std::ranges::greater(),
                             [](const Seat& seat) { return seat.holder.from; });
  return seats;
}

Result<AccountList> describe(Office& office, const ReadRoom& room,
                             const std::vector<store::Account>& accounts) {
  AccountList list{room.directory(), {}, false};
  auto seats = seats_of(accounts, *list.directory, room.now());
  for (const store::Account& account : accounts) {
    GEWU_TRY(factor, read_second_factor(office, account.id));
    list.accounts.push_back({account, factor.is_on, std::move(seats[account.id])});
  }
  return list;
}

Status set_disabled(Office& office, const SignedInCaller& by, std::string_view login,
                    bool disabled) {
  GEWU_CHECK(check_administrator(by));
  GEWU_TRY(account, find(office, login));
  if (account.id == by.caller.account) return refuse(ErrorCode::conflict, "account.self");
  if (account.disabled == disabled) return {};
  account.disabled = disabled;
  GEWU_CHECK(change_account(office, account));
  return disabled ? end_other_sessions(office, account.id, "") : Status();
}

}  // namespace

Result<AccountList> list_accounts(Office& office, const SignedInCaller& by,
                                  const AccountQuestion& question) {
  GEWU_CHECK(check_administrator(by));
  if (question.rows < 1 || question.rows > kRowsMax)
    return refuse(ErrorCode::invalid, "account.rows");
  const ReadRoom room(office);
  GEWU_TRY(found, office.store.find_accounts(question.words, question.rows + 1));
  const bool more = found.size() > question.rows;
  if (more) found.pop_back();
  GEWU_TRY(list, describe(office, room, found));
  list.more = more;
  return list;
}

Result<AccountList> read_account(Office& office, const SignedInCaller& by,
                                 std::string_view login) {
  GEWU_CHECK(check_administrator(by));
  const ReadRoom room(office);
  GEWU_TRY(account, find(office, login));
  return describe(office, room, {std::move(account)});
}

Result<PostList> list_all_posts(Office& office, const SignedInCaller& by, std::string_view words,
                                std::size_t rows) {
  GEWU_CHECK(check_administrator(by));
  if (rows < 1 || rows > kRowsMax) return refuse(ErrorCode::invalid, "post.rows");
  const ReadRoom room(office);
  PostList list{room.directory(), {}};
  const finding::Question asked = finding::read_question(words);
  if (!asked.phrases.empty()) {
    GEWU_TRY(found, find_posts(office, room, asked, rows));
    list.posts = std::move(found);
    return list;
  }
  for (const Post* post : list.directory->roster->all_posts()) {
    if (list.posts.size() == rows) break;
    if (post->state == PostState::abolished) continue;
    GEWU_TRY(held, hold(office, *list.directory, *post, room.now()));
    list.posts.push_back(std::move(held));
  }
  return list;
}

Result<std::string> add_account(Office& office, const SignedInCaller& by,
                                const WantedAccount& wanted) {
  GEWU_CHECK(check_administrator(by));
  NewAccount account;
  account.login = wanted.login;
  account.display_name = wanted.display_name;
  const DirectoryPtr directory = office.store.directory();
  for (const PostId post : wanted.posts) {
    GEWU_TRY(key, key_of_post(*directory, post));
    account.posts.push_back(std::move(key));
  }
  GEWU_TRY(made, make_account(office, account, source_of(by)));
  static_cast<void>(made);
  return issue_password_reset(office, by, wanted.login);
}

Status disable_account(Office& office, const SignedInCaller& by, std::string_view login) {
  return set_disabled(office, by, login, true);
}

Status enable_account(Office& office, const SignedInCaller& by, std::string_view login) {
  return set_disabled(office, by, login, false);
}

Status change_seat(Office& office, const SignedInCaller& by, std::string_view login, PostId post,
                   Seating seating) {
  GEWU_CHECK(check_administrator(by));
  GEWU_TRY(account, find(office, login));
  GEWU_TRY(key, key_of_post(*office.store.directory(), post));
  return seat_account(office, key, account.id, seating, source_of(by));
}

}  // namespace gewu::usecase
