#pragma once

#include <string>

#include "base/result.h"
#include "kernel/people/post.h"

namespace gewu::kernel {

inline constexpr AccountId kLi{1}, kWang{2}, kZhao{3};

/// Of a refusal; "" for what was taken.
template <typename Value>
std::string key_of(const Result<Value>& result) {
  return result ? "" : result.error().key;
}

}  // namespace gewu::kernel
