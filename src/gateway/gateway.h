#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

// The ports to the outside. Adapters: file_witness.h, webhook_witness.h.

namespace gewu::gateway {

/// A witness (见证方): somebody outside who keeps the signed roots of the journal, so that whoever
/// holds the machine cannot write another past. Told at least once of each root, in order.
class Witness {
 public:
  virtual ~Witness() = default;
  /// Under which the office remembers what it has been told.
  virtual std::string name() const = 0;
  /// Each line is one signed root, without a line end; all or nothing as far as can be known.
  virtual Status tell(const std::vector<std::string>& lines) = 0;
};

}  // namespace gewu::gateway
