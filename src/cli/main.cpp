#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/verb.h"

int main(int argument_count, char** arguments) {
  CLI::App program{"Gewu (格务): an operating platform for grassroots governance"};
  program.require_subcommand(1);
  gewu::cli::Outcome outcome;
  constexpr gewu::cli::Declare kVerbs[] = {
      gewu::cli::declare_init,  gewu::cli::declare_publish, gewu::cli::declare_serve,
      gewu::cli::declare_check, gewu::cli::declare_show,    gewu::cli::declare_import,
      gewu::cli::declare_demo,  gewu::cli::declare_backup,
  };
  for (const gewu::cli::Declare declare : kVerbs) declare(program, outcome);
  try {
    program.parse(argument_count, arguments);
  } catch (const CLI::ParseError& error) {
    const int code = program.exit(error);
    return code == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "internal  %s\n", error.what());
    return 1;
  }
  return outcome.status;
}
