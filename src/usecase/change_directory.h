#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernel/matter/directory_event.h"
#include "usecase/office.h"

namespace gewu::usecase {

/// One change of the directory as somebody decided it.
using DirectoryChange = decltype(kernel::DirectoryEvent::change);

/// Commits changes in their order as events of the directory, all or nothing. Refusals are those
/// of tree and roster (`organisation.…`, `post.…`, `territory.…`).
Status change_directory(Office& office, std::vector<DirectoryChange> changes,
                        const std::string& source);

struct NewAccount {
  std::string login;             ///< letters, digits and . _ - @, 2 to 64
  std::string display_name;
  std::string password_hash;     ///< argon2id; empty: cannot sign in by password
  bool may_administer = false;
  bool may_import_past = false;
  std::vector<std::string> posts;  ///< keys of posts to be seated on
  bool may_secure = false;
  bool may_audit = false;
};
/// Makes an account and seats it. `conflict` `account.login.taken`, `invalid` `account.login`,
/// `not_found` `post.unknown`.
Result<AccountId> make_account(Office& office, const NewAccount& account,
                               const std::string& source);
/// Several, all or nothing.
Result<std::vector<AccountId>> make_accounts(Office& office,
                                             const std::vector<NewAccount>& accounts,
                                             const std::string& source);
/// `invalid` `account.login`.
Status check_login(std::string_view login);
/// Another password, or a disabled account. `not_found` `account.unknown`.
Status change_account(Office& office, const store::Account& account);

/// Seats an account on a post, as holder or deputy, or lets it leave.
enum class Seating { seat, deputise, leave };
Status seat_account(Office& office, const std::string& post_key, AccountId account,
                    Seating seating, const std::string& source);

}  // namespace gewu::usecase
