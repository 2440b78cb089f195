#pragma once

#include <array>
#include <string_view>

#include "cli/words.h"

namespace gewu::cli {

/// The word files of a language as they were when this was built (words.cmake makes it).
struct WordFiles {
  std::array<std::string_view, 5> files;   ///< the command line's own, then those of the web app
};
WordFiles word_files(Language language);

}  // namespace gewu::cli
