#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "cli/files.h"
#include "store/memory_vault.h"
#include "store/sqlite/sqlite_store.h"
#include "usecase/act_on_matter.h"
#include "usecase/change_directory.h"
#include "usecase/publish_definitions.h"
#include "usecase/run_scenarios.h"
#include "usecase/submit_matter.h"

// An office of the shipped definitions and the drawn town, for tests of use cases and stores.

namespace gewu::test {

inline std::string key_of(const Error& error) {
  std::string text = error.key;
  for (const ErrorDetail& detail : error.details) text += " " + detail.name + "=" + detail.value;
  for (const Error& other : error.others) text += "; " + key_of(other);
  return text;
}

/// The value, or a failed test that names the refusal.
template <typename Value>
Value must(Result<Value> result) {
  if (!result) throw std::runtime_error(key_of(result.error()));
  return std::move(*result);
}
inline void must(Status status) {
  if (!status) throw std::runtime_error(key_of(status.error()));
}

inline const cli::DefinitionFolder& shipped_folder() {
  static const cli::DefinitionFolder folder = must(cli::read_definitions(GEWU_SOURCE_DIR));
  return folder;
}

inline const kernel::CompileResult& shipped_definitions() {
  static const kernel::CompileResult compiled = [] {
    kernel::CompileOptions options;
    options.sha256 = usecase::hash_definition;
    return kernel::compile_localities(shipped_folder().files, options);
  }();
  return compiled;
}

/// Those of localities/: the places of tests are no part of what is shipped.
inline const std::vector<usecase::LocalityTables>& shipped_tables() {
  static const std::vector<usecase::LocalityTables> tables = [] {
    auto all = shipped_folder().tables;
    const std::string shipped = std::string(GEWU_SOURCE_DIR) + "/localities/";
    std::erase_if(all, [&](const usecase::LocalityTables& place) {
      return !std::filesystem::exists(shipped + place.name);
    });
    return all;
  }();
  return tables;
}

/// Compiled once for a test executable: territory, organisations, posts, localities.
inline const kernel::DirectoryPtr& shipped_directory() {
  static const kernel::DirectoryPtr directory = must(usecase::scenario_directory(
      shipped_definitions(), shipped_tables(), *parse_date("2020-01-01")));
  return directory;
}

inline constexpr const char* kGrid = "222401002001007";

class ShippedOffice {
 public:
  /// In memory, with the directory of the shipped files.
  ShippedOffice() : ShippedOffice(":memory:", shipped_directory()) {}
  ShippedOffice(const std::string& path, kernel::DirectoryPtr preset)
      : clock(*parse_instant("2026-09-22T01:00:00Z")), random(7), vault(random) {
    store = must(open(path, std::move(preset)));
    office = std::make_unique<usecase::Office>(usecase::Office{*store, clock, random});
  }

  Result<std::unique_ptr<store::Store>> open(const std::string& path, kernel::DirectoryPtr preset,
                                             bool disposable = false) {
    store::sqlite::OpenOptions options;
    options.path = path;
    options.disposable = disposable;
    options.clock = &clock;
    options.random = &random;
    options.vault = &vault;
    options.apply_directory = usecase::apply_directory_events;
    options.preset = std::move(preset);
    return store::sqlite::open_store(std::move(options));
  }

  /// Somebody who sits on the post from now on.
  usecase::Caller seat(const std::string& post, const std::string& login) {
    usecase::NewAccount account;
    account.login = login;
    account.display_name = "官员" + login;
    account.posts = {post};
    usecase::Caller caller;
    caller.account = must(usecase::make_account(*office, account, "test"));
    caller.post = store->directory()->roster->post_by_key(post)->id;
    return caller;
  }

  usecase::Submission appeal(const std::string& text = "路灯不亮") const {
    kernel::Place place;
    place.territory = kGrid;
    usecase::Submission submission;
    submission.type = "appeal";
    submission.action = "submit";
    submission.values = std::vector<kernel::NamedValue>{
        {"text", text},
        {"place", kernel::make_large(std::move(place))},
        {"contact", kernel::make_large(kernel::Contact{"金某某", "13900001234", ""})}};
    return submission;
  }
  usecase::Submitted submit(const std::string& text = "路灯不亮") {
    return must(usecase::submit_matter(*office, appeal(text)));
  }
  Result<usecase::ActionTaken> act(const usecase::Caller& caller, MatterId matter,
                                   const std::string& action,
                                   std::vector<kernel::NamedValue> values = {}) {
    usecase::MatterAction wanted;
    wanted.caller = caller;
    wanted.matter = matter;
    wanted.action = action;
    wanted.values = std::move(values);
    return usecase::act_on_matter(*office, wanted);
  }
  std::string state_of(MatterId id) const {
    const auto matter = store->read()->load(id);
    return matter ? matter->type->states[matter->state].name : "";
  }

  ManualClock clock;
  SeededRandom random;
  store::MemoryVault vault;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<usecase::Office> office;
};

}  // namespace gewu::test
