#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace gewu::gateway {

/// Who draws pictures anew (图片处理): upright, at most `picture_side_max` wide or high, as JPEG or
/// PNG, with nothing of what a camera writes beside them: no place, device, time or thumbnail.
class Pictures {
 public:
  virtual ~Pictures() = default;

  /// JPEG, PNG or WebP in; JPEG or PNG out. `invalid` `upload.picture` when it cannot be drawn,
  /// `upload.pixels` when it has too many; `unavailable` `upload.busy` when too many wait.
  virtual Result<std::string> redraw(std::string_view picture) = 0;
};

}  // namespace gewu::gateway
