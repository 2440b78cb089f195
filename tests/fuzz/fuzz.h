#pragma once

#include <string>
#include <string_view>
#include <vector>

// Parsers against foreign bytes (docs/decisions/fuzzing.md). Not a test framework: one broken
// promise ends the run and leaves the input behind.

namespace gewu::fuzz {

/// One parser and what it promises of every input, read or refused.
struct Target {
  const char* name = "";
  void (*run)(std::string_view input) = nullptr;  ///< `promise` inside, never a return value
  std::vector<std::string> samples;               ///< well-formed ones to begin with
  std::vector<std::string> words;                 ///< what the format is made of
  std::size_t bytes_max = 4096;
};

/// Ends the run, with the input kept in a file, unless this holds.
void promise(bool holds, const char* what);

std::vector<Target> text_targets();
std::vector<Target> file_targets();

}  // namespace gewu::fuzz
