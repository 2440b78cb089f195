#pragma once

#include "usecase/office.h"

namespace gewu::cli {

/// Opens a store in memory for one scenario after another; the vault of each lives until the next.
usecase::OpenScenarioStore open_scenario_stores();

}  // namespace gewu::cli
