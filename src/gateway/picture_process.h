#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "gateway/pictures.h"

namespace gewu::gateway {

struct PictureProcessOptions {
  /// Program and arguments: reads a picture on its standard input, answers on its output.
  std::vector<std::string> command{"/proc/self/exe", "picture-worker"};
  std::chrono::milliseconds time_max{20'000};  ///< then it is killed
  std::size_t at_once_max = 2;                 ///< others wait
  std::chrono::milliseconds wait_max{15'000};
};

/// Pictures drawn in a process of their own, one for each: whatever a picture does to the code
/// that reads it, it does it where there is nothing to take.
std::unique_ptr<Pictures> open_picture_process(PictureProcessOptions options = {});

}  // namespace gewu::gateway
