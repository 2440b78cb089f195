#include "usecase/administer.h"

#include <algorithm>
#include <map>

#include "finding/words.h"
#include "usecase/administrators.h"
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

/// Who sits where is the security administrator's: with three, an account is made without posts.
Status check_duty_of_seats(const Office& office, const SignedInCaller& by) {
  return check_duty(office, by, {Duty::security});
}

/// With three administrators an administrator's own account is nobody's to switch off: his duty is
/// taken from him first, by another.
Status check_no_duty(const Office& office, const store::Account& account) {
  const bool has_duty = account.may_administer || account.may_secure || account.may_audit;
  if (has_duty && has_three_administrators(*directory_of(office)))
    return refuse(ErrorCode::conflict, "administrator.has_duty");
  return {};
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
  GEWU_CHECK(check_duty(office, by, {Duty::system}));
  GEWU_TRY(account, find(office, login));
  if (account.id == by.caller.account) return refuse(ErrorCode::conflict, "account.self");
  if (account.disabled == disabled) return {};
  if (disabled) GEWU_CHECK(check_no_duty(office, account));
  account.disabled = disabled;
  GEWU_CHECK(change_account(office, account));
  return disabled ? end_other_sessions(office, account.id, "") : Status();
}

}  // namespace

Result<AccountList> list_accounts(Office& office, const SignedInCaller& by,
                                  const AccountQuestion& question) {
  GEWU_CHECK(check_duty(office, by, {Duty::system, Duty::security}));
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
  GEWU_CHECK(check_duty(office, by, {Duty::system, Duty::security}));
  const ReadRoom room(office);
  GEWU_TRY(account, find(office, login));
  return describe(office, room, {std::move(account)});
}

Result<PostList> list_all_posts(Office& office, const SignedInCaller& by, std::string_view words,
                                std::size_t rows) {
  GEWU_CHECK(check_duty(office, by, {Duty::system, Duty::security}));
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
  GEWU_CHECK(check_duty(office, by, {Duty::system}));
  if (!wanted.posts.empty()) GEWU_CHECK(check_duty_of_seats(office, by));
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
  GEWU_CHECK(check_duty(office, by, {Duty::security}));
  GEWU_TRY(account, find(office, login));
  GEWU_TRY(key, key_of_post(*office.store.directory(), post));
  return seat_account(office, key, account.id, seating, source_of(by));
}

Status set_rights(Office& office, const SignedInCaller& by, std::string_view login,
                  const AccountRights& rights) {
  GEWU_CHECK(check_duty(office, by, {Duty::security}));
  GEWU_TRY(account, find(office, login));
  if (account.id == by.caller.account) return refuse(ErrorCode::conflict, "account.self");
  return give_rights(office, std::move(account), rights);
}

Status give_rights(Office& office, store::Account account, const AccountRights& rights) {
  const int held = int{rights.system} + int{rights.security} + int{rights.audit};
  if (held > 1 && has_three_administrators(*directory_of(office)))
    return refuse(ErrorCode::conflict, "administrator.two");
  account.may_administer = rights.system;
  account.may_secure = rights.security;
  account.may_audit = rights.audit;
  GEWU_CHECK(change_account(office, account));
  // What is open in his browsers was opened with other rights.
  return end_other_sessions(office, account.id, "");
}

Status drop_second_factor(Office& office, const SignedInCaller& by, std::string_view login) {
  GEWU_CHECK(check_duty(office, by, {Duty::security}));
  GEWU_TRY(account, find(office, login));
  if (account.id == by.caller.account) return refuse(ErrorCode::conflict, "account.self");
  GEWU_TRY(factor, office.store.find_second_factor(account.id));
  if (!factor) return refuse(ErrorCode::not_found, "account.second_factor_none");
  store::SecondFactor none;
  none.account = account.id;
  GEWU_CHECK(office.store.write_second_factor(none));
  return end_other_sessions(office, account.id, "");
}

}  // namespace gewu::usecase
