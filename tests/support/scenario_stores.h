#pragma once

#include <memory>
#include <vector>

#include "store/memory_vault.h"
#include "store/sqlite/sqlite_store.h"
#include "usecase/publish_definitions.h"
#include "usecase/run_scenarios.h"

namespace gewu::test {

/// A store in memory for each scenario, gone with this.
struct ScenarioStores {
  std::vector<std::unique_ptr<store::MemoryVault>> vaults;
  usecase::OpenScenarioStore opener() {
    return [this](Clock& clock, Random& random, const kernel::DirectoryPtr& preset) {
      vaults.push_back(std::make_unique<store::MemoryVault>(random));
      store::sqlite::OpenOptions options;
      options.path = ":memory:";
      options.clock = &clock;
      options.random = &random;
      options.vault = vaults.back().get();
      options.apply_directory = usecase::apply_directory_events;
      options.preset = preset;
      return store::sqlite::open_store(std::move(options));
    };
  }
};

}  // namespace gewu::test
