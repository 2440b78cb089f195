#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <thread>

#include "cli/office_folder.h"
#include "cli/verb.h"
#include "http/server.h"
#include "jobs/timers.h"
#include "store/sqlite/sqlite_store.h"

namespace gewu::cli {
namespace {

struct Options {
  std::string data = "var/office", address = "127.0.0.1";
  std::uint16_t port = 8080;
};

/// An older file is copied before it is migrated; a newer one is left alone.
Status back_up_older(const OfficePlaces& places) {
  namespace fs = std::filesystem;
  if (!fs::exists(places.office_db())) return {};
  GEWU_TRY(version, store::sqlite::read_schema_version(places.office_db()));
  if (version == 0 || version >= store::sqlite::schema_version()) return {};
  const std::string copy = fmt::format("{}.v{}.backup", places.office_db(), version);
  std::error_code error;
  fs::copy_file(places.office_db(), copy, fs::copy_options::overwrite_existing, error);
  if (error) return refuse(ErrorCode::unavailable, "office.backup", {{"file", copy}});
  fmt::print("older office: copied to {} before it is migrated\n", copy);
  return {};
}

Status serve(const Options& options) {
  const OfficePlaces places{options.data};
  GEWU_CHECK(back_up_older(places));
  OpenHow how;
  how.may_migrate = true;
  GEWU_TRY(open, open_office(places, std::move(how)));
  http::ServerOptions server_options;
  server_options.listen.address = options.address;
  server_options.listen.port = options.port;
  GEWU_TRY(server, http::Server::open(*open.office, server_options));

  // Signals are taken by one thread that waits for them, so that stopping may lock and allocate.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread stopper([&] {
    int signal = 0;
    sigwait(&signals, &signal);
    server->stop();
  });
  {
    const jobs::Timers timers(*open.office);
    fmt::print("http://{}:{}\n", options.address, server->port());
    std::fflush(stdout);
    server->run();
  }
  stopper.join();
  return {};
}

}  // namespace

void declare_serve(CLI::App& program, Outcome& outcome) {
  auto* verb = program.add_subcommand("serve", "serve an office and its pages");
  auto options = std::make_shared<Options>();
  verb->add_option("--data", options->data, "folder of the office")->capture_default_str();
  verb->add_option("--port", options->port, "0: any free one")->capture_default_str();
  verb->add_option("--address", options->address, "to listen on")->capture_default_str();
  verb->callback([options, &outcome] {
    if (auto served = serve(*options); !served) {
      print_error(served.error());
      outcome.status = 1;
    }
  });
}

}  // namespace gewu::cli
