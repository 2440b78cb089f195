#pragma once

#include <string_view>

#include "cli/words.h"

namespace gewu::cli {

/// The word files of a language as they were when this was built (words.cmake makes it).
struct WordFiles {
  std::string_view terminal, web;
};
WordFiles word_files(Language language);

}  // namespace gewu::cli
