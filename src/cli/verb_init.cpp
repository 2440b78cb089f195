#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/office_folder.h"
#include "cli/verb.h"
#include "usecase/sign_in.h"

namespace gewu::cli {
namespace {

/// An empty office, and the token by which its first administrator signs in.
int init_office(const std::string& folder) {
  const OfficePlaces places{folder};
  OpenHow how;
  how.may_create = true;
  auto open = open_office(places, std::move(how));
  if (!open) {
    print_error(open.error());
    return 1;
  }
  auto token = usecase::issue_first_token(*open->office);
  if (!token) {
    print_error(token.error());
    return 1;
  }
  fmt::print("office {}\nkeys {} (keep them apart from the data)\n"
             "token for the first administrator, valid once: {}\n",
             places.office_db(), places.secrets(), *token);
  return 0;
}

}  // namespace

void declare_init(CLI::App& program, Outcome& outcome) {
  auto* verb = program.add_subcommand("init", "make an empty office and a token for its first "
                                              "administrator");
  auto folder = std::make_shared<std::string>("var/office");
  verb->add_option("--data", *folder, "folder of the office")->capture_default_str();
  verb->callback([folder, &outcome] { outcome.status = init_office(*folder); });
}

}  // namespace gewu::cli
