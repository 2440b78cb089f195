#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "fuzz/fuzz.h"

namespace gewu::fuzz {

/// One to six edits: bits and bytes changed, cut or put in, words of the format, numbers at their
/// bounds, parts repeated or taken from another input.
std::string mutate(std::string input, const std::string& other, const Target& target,
                   Random& random);

}  // namespace gewu::fuzz
