#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "cli/backup_shelf.h"
#include "cli/files.h"
#include "cli/key_care.h"
#include "cli/open_office.h"
#include "cli/report.h"
#include "cli/root_keeper.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "gateway/base_map_sources.h"
#include "gateway/http_call.h"
#include "gateway/messengers.h"
#include "gateway/openid_provider.h"
#include "http/server.h"
#include "jobs/log_timer.h"
#include "jobs/message_timer.h"
#include "jobs/root_timer.h"
#include "jobs/timers.h"

namespace gewu::cli {

namespace {
constexpr std::size_t kSettingsBytesMax = 64 * 1024;

/// What lies under the boundaries, with what it is drawn from.
struct GroundMap {
  std::unique_ptr<gateway::TileProvider> provider;
  std::unique_ptr<gateway::PartedFile> file;
  std::unique_ptr<usecase::BaseMap> map;
};

Result<GroundMap> open_base_map(usecase::Office& office, const std::string& path) {
  GEWU_TRY(text, read_file(path, kSettingsBytesMax));
  GEWU_TRY(options, gateway::read_base_map_options(text));
  usecase::BaseMapSettings settings;
  settings.layers = options.layers.size();
  settings.zoom_min = options.zoom_min;
  settings.zoom_max = options.zoom_max;
  settings.attribution = options.attribution;
  settings.tiles_a_minute = options.tiles_a_minute;
  settings.tiles_a_day = options.tiles_a_day;
  settings.cache_bytes = options.cache_bytes;
  GroundMap ground;
  if (options.layers.empty()) {
    // A name without a folder is that of a file beside the settings.
    const auto at = std::filesystem::path(path).parent_path() / options.file;
    GEWU_TRY(file, gateway::tile_file(at.string()));
    ground.file = std::move(file);
    ground.map = std::make_unique<usecase::BaseMap>(office, std::move(settings), *ground.file);
  } else {
    ground.provider = gateway::tile_provider(std::move(options));
    ground.map = std::make_unique<usecase::BaseMap>(office, std::move(settings), *ground.provider);
  }
  return ground;
}

/// A message in every language of the office.
std::vector<std::pair<std::string, std::string>> say(std::string_view key,
                                                     const std::vector<ErrorDetail>& details) {
  std::vector<std::pair<std::string, std::string>> said;
  for (const auto& [tag, language] : {std::pair{"zh-CN", Language::zh},
                                      std::pair{"ko", Language::ko},
                                      std::pair{"en", Language::en}}) {
    std::string words = words_of(key, ErrorCode::internal, language);
    for (const ErrorDetail& detail : details)
      if (const auto at = words.find("{" + detail.name + "}"); at != std::string::npos)
        words.replace(at, detail.name.size() + 2, detail.value);
    said.emplace_back(tag, std::move(words));
  }
  return said;
}

Result<std::unique_ptr<gateway::Messenger>> open_messenger(const ServeOptions& options) {
  if (!gateway::parse_http_url(options.public_url))
    return refuse(ErrorCode::invalid, "messenger.public_url");
  if (options.messages.starts_with("http:") || options.messages.starts_with("https:"))
    return gateway::webhook_messenger(options.messages);
  return gateway::file_messenger(options.messages);
}

}  // namespace

int run_serve(const ServeOptions& options) {
  // Blocked in every thread: one waits for them and stops the server in order.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const auto opened = OpenOffice::open(options.place, OpenOffice::Mode::upgrade);
  if (!opened) return fail(opened.error());
  usecase::Office& office = (*opened)->office();
  http::ServerOptions server_options;
  server_options.listen.address = options.address;
  server_options.listen.port = options.port;
  server_options.listen.tls_certificate = options.tls_certificate;
  server_options.listen.tls_key = options.tls_key;
  server_options.proxy = options.proxy;
  server_options.plain = options.plain;
  for (const std::string& text : options.staff_networks) {
    const auto network = http::parse_network(text);
    if (!network) return fail(network.error());
    server_options.staff_networks.push_back(*network);
  }
  server_options.staff_address_minutes = options.staff_address_minutes;
  server_options.list_matters_max = options.list_budget;
  std::unique_ptr<gateway::IdentityProvider> provider;
  std::optional<usecase::SingleSignOn> single_sign_on;
  if (!options.openid.empty()) {
    const auto text = read_file(options.openid, kSettingsBytesMax);
    if (!text) return fail(text.error());
    auto openid = gateway::read_openid_options(*text);
    if (!openid) return fail(openid.error());
    provider = gateway::openid_provider(std::move(*openid));
    server_options.single_sign_on = &single_sign_on.emplace(office, *provider);
  }
  std::optional<BackupShelf> backups;
  if (!options.backups.empty())
    server_options.backups = &backups.emplace(**opened, options.place, options.backups);
  GroundMap ground;
  if (!options.base_map.empty()) {
    auto opened_map = open_base_map(office, options.base_map);
    if (!opened_map) return fail(opened_map.error());
    ground = std::move(*opened_map);
    server_options.base_map = ground.map.get();
  }
  auto keeper = open_root_keeper(**opened, options.place,
                                 {options.witness_files, options.witness_urls});
  if (!keeper) return fail(keeper.error());
  server_options.beat_key = std::make_shared<const security::Key>(keeper->seed.clone());
  const auto server = http::Server::open(office, std::move(server_options));
  if (!server) return fail(server.error());
  const auto log = [](const std::string& line) { fmt::print(stderr, "{}\n", line); };
  jobs::LogTimer logs(office, log);
  logs.start();
  jobs::Timers timers(office, log);
  timers.start();
  jobs::RootTimer roots(office, std::move(*keeper), log);
  roots.start();
  std::unique_ptr<gateway::Messenger> messenger;
  std::optional<jobs::MessageTimer> messages;
  if (!options.messages.empty()) {
    auto opened_messenger = open_messenger(options);
    if (!opened_messenger) return fail(opened_messenger.error());
    messenger = std::move(*opened_messenger);
    std::string url = options.public_url;
    while (url.ends_with('/')) url.pop_back();
    messages.emplace(office, usecase::Outside{*messenger, std::move(url), say}, log);
    office.sends_messages = true;
    messages->start();
  }
  const KeyCare key_care(office, OfficeFiles(options.place).keys, log);
  fmt::print("{}://{}:{}\n", options.tls_certificate.empty() ? "http" : "https", options.address,
             (*server)->port());
  std::fflush(stdout);
  std::thread waiter([&] {
    int signal = 0;
    while (sigwait(&signals, &signal) == 0 && signal == SIGHUP)
      if (const auto renewed = (*server)->renew_tls(); !renewed) fail(renewed.error());
    (*server)->stop();
  });
  (*server)->run();
  // The server may have ended by itself: the waiter is woken so that it can be joined.
  pthread_kill(waiter.native_handle(), SIGTERM);
  waiter.join();
  timers.stop();
  if (messages) messages->stop();
  roots.stop();
  logs.stop();
  return 0;
}

}  // namespace gewu::cli
