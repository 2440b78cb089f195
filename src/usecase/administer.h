#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "usecase/change_directory.h"
#include "usecase/list_posts.h"
#include "usecase/session.h"

// What an administrator does with accounts (账号) and with who sits on which post (岗位). He never
// learns a password: an account is made without one, and its owner sets it by a one-use token
// (usecase/credentials.h). Each refuses others as check_duty (usecase/administrators.h) does: with
// three administrators accounts are the system administrator's, seats and rights the security
// administrator's.

namespace gewu::usecase {

/// A post that an account holds or held.
struct Seat {
  MyPost post;
  kernel::Holder holder;
};

struct AccountView {
  store::Account account;
  bool has_second_factor = false;
  std::vector<Seat> seats;            ///< the latest first; ended ones too
};

struct AccountQuestion {
  std::string words;                  ///< part of the login or the name; empty: all
  std::size_t rows = 50;
};

struct AccountList {
  kernel::DirectoryPtr directory;     ///< what the seats point into
  std::vector<AccountView> accounts;
  bool more = false;                  ///< there are more than were asked for
};

/// Errors: `invalid` `account.rows`.
Result<AccountList> list_accounts(Office& office, const SignedInCaller& by,
                                  const AccountQuestion& question);
/// A list of one. `not_found` `account.unknown`.
Result<AccountList> read_account(Office& office, const SignedInCaller& by, std::string_view login);

/// Posts with the people who hold them, by words in their names, role or unit; none: all. Errors:
/// `invalid` `post.rows`.
Result<PostList> list_all_posts(Office& office, const SignedInCaller& by, std::string_view words,
                                std::size_t rows);

struct WantedAccount {
  std::string login, display_name;
  std::vector<PostId> posts;          ///< to be seated on
};
/// Makes it and gives the token by which its owner sets a password. Errors of `make_account`.
Result<std::string> add_account(Office& office, const SignedInCaller& by,
                                const WantedAccount& wanted);

/// A disabled account signs in nowhere, its sessions end; it keeps its posts and its history.
/// `not_found` `account.unknown`; `conflict` `account.self` for one's own, so that an office always
/// has an administrator, and with three `administrator.has_duty` for another's.
Status disable_account(Office& office, const SignedInCaller& by, std::string_view login);
Status enable_account(Office& office, const SignedInCaller& by, std::string_view login);

/// Seats an account on a post, as holder or deputy, or ends its time there as of now. Errors of
/// `seat_account`; `not_found` `post.unknown`, `account.unknown`.
Status change_seat(Office& office, const SignedInCaller& by, std::string_view login, PostId post,
                   Seating seating);

/// Which duties of administration an account has.
struct AccountRights {
  bool system = false, security = false, audit = false;
};
/// In place of those it had; its sessions end. `conflict` `account.self` for one's own,
/// `administrator.two` for more than one with three administrators.
Status set_rights(Office& office, const SignedInCaller& by, std::string_view login,
                  const AccountRights& rights);
/// The same by the command line, which is the office's own.
Status give_rights(Office& office, store::Account account, const AccountRights& rights);

/// Takes away the second factor of somebody who lost it; his sessions end. `conflict`
/// `account.self`, `not_found` `account.second_factor_none`.
Status drop_second_factor(Office& office, const SignedInCaller& by, std::string_view login);

}  // namespace gewu::usecase
