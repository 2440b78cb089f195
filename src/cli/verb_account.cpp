#include <fmt/format.h>

#include <iostream>

#include "cli/noted.h"
#include "cli/open_office.h"
#include "cli/report.h"
#include "cli/verbs.h"
#include "usecase/administer.h"
#include "usecase/administrators.h"
#include "usecase/change_directory.h"
#include "usecase/sign_in.h"

namespace gewu::cli {

namespace {

/// One line of stdin: a password never stands on a command line, where others could read it.
std::string read_password() {
  std::string password;
  std::getline(std::cin, password);
  return password;
}

Result<store::Account> find(usecase::Office& office, const std::string& login) {
  GEWU_TRY(account, office.store.find_account(login));
  if (!account) return refuse(ErrorCode::not_found, "account.unknown", {{"login", login}});
  return std::move(*account);
}

/// With three administrators nobody holds two duties.
Status check_rights(usecase::Office& office, const AccountOptions& options) {
  const int held = int{options.administrator} + int{options.security} + int{options.audit};
  if (held > 1 && usecase::has_three_administrators(*usecase::directory_of(office)))
    return refuse(ErrorCode::conflict, "administrator.two");
  return {};
}

Status change(usecase::Office& office, const AccountOptions& options) {
  usecase::SignInDesk desk(office);
  if (options.verb == "add") {
    GEWU_TRY(hash, desk.hash(read_password()));
    usecase::NewAccount account{options.login, options.display_name, std::move(hash),
                                options.administrator, options.import_past, options.posts,
                                options.security, options.audit};
    GEWU_CHECK(check_rights(office, options));
    GEWU_TRY(id, usecase::make_account(office, account, "cli"));
    fmt::print("{}\n", id.value);
    return {};
  }
  GEWU_TRY(account, find(office, options.login));
  if (options.verb == "rights")
    return usecase::give_rights(office, std::move(account),
                                {options.administrator, options.security, options.audit});
  if (options.verb == "password") {
    GEWU_TRY(hash, desk.hash(read_password()));
    account.password = std::move(hash);
  } else {
    account.disabled = options.verb == "disable";
  }
  return usecase::change_account(office, account);
}

const char* event_of(const std::string& verb) {
  if (verb == "add") return "account_add";
  if (verb == "password") return "password_change";
  if (verb == "rights") return "account_rights";
  return verb == "disable" ? "account_disable" : "account_enable";
}

}  // namespace

int run_account(const AccountOptions& options) {
  const auto opened = OpenOffice::open(options.place, OpenOffice::Mode::work);
  if (!opened) return fail(opened.error());
  usecase::Office& office = (*opened)->office();
  const auto done = noted(office, event_of(options.verb), options.login, change(office, options));
  return done ? 0 : fail(done.error());
}

int run_post(const PostOptions& options) {
  const auto opened = OpenOffice::open(options.place, OpenOffice::Mode::work);
  if (!opened) return fail(opened.error());
  usecase::Office& office = (*opened)->office();
  if (options.verb == "list") {
    for (const kernel::Post* post : office.store.directory()->roster->all_posts())
      fmt::print("{} {} {} {}\n", post->key, post->role, post->unit.code,
                 kernel::post_state_name(post->state));
    return 0;
  }
  const auto account = find(office, options.login);
  if (!account) return fail(account.error());
  const auto seating = options.verb == "seat"       ? usecase::Seating::seat
                       : options.verb == "deputise" ? usecase::Seating::deputise
                                                    : usecase::Seating::leave;
  const auto done =
      noted(office, "post_change", options.login + " " + options.verb + " " + options.post,
            usecase::seat_account(office, options.post, account->id, seating, "cli"));
  return done ? 0 : fail(done.error());
}

}  // namespace gewu::cli
