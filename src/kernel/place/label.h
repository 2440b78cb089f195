#pragma once

#include <string>

namespace gewu::kernel {

/// A name that people read, in the three languages. `ko` and `en` may be empty: then zh is shown.
struct Label {
  std::string zh;
  std::string ko;
  std::string en;
  bool operator==(const Label&) const = default;
};

}  // namespace gewu::kernel
