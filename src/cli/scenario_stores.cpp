#include "cli/scenario_stores.h"

#include "store/memory_vault.h"
#include "store/sqlite/sqlite_store.h"
#include "usecase/publish_definitions.h"

namespace gewu::cli {

usecase::OpenScenarioStore open_scenario_stores() {
  auto vault = std::make_shared<std::unique_ptr<store::MemoryVault>>();
  return [vault](Clock& clock, Random& random, const kernel::DirectoryPtr& preset)
             -> Result<std::unique_ptr<store::Store>> {
    *vault = std::make_unique<store::MemoryVault>(random);
    store::sqlite::OpenOptions options;
    options.path = ":memory:";
    options.clock = &clock;
    options.random = &random;
    options.vault = vault->get();
    options.apply_directory = usecase::apply_directory_events;
    options.preset = preset;
    return store::sqlite::open_store(std::move(options));
  };
}

}  // namespace gewu::cli
