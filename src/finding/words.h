#pragma once

#include <string>
#include <string_view>
#include <vector>

// Words as search knows them (查找). Chinese has no spaces and Korean endings stick to their words,
// so that a text is cut into pairs of neighbouring characters (bigrams): a word of two characters
// is one pair, a longer one a phrase of pairs. Pure; docs/decisions/search.md.

namespace gewu::finding {

/// Folded for comparison: capitals of ASCII and full-width forms become small and half-width.
std::string fold(std::string_view text);

/// The tokens of a text to be indexed, parted by spaces: each run of non-ASCII letters as its
/// overlapping pairs and its last character, each run of ASCII letters and digits whole. All else
/// (spaces, punctuation) only parts runs.
std::string index_tokens(std::string_view text);

/// What somebody typed, by white space: all of it must occur.
struct Question {
  std::vector<std::string> words;     ///< folded
  /// One phrase of tokens for each word that has any: "污水 水管". The last token may go on.
  std::vector<std::string> phrases;
};
/// At most 16 words; what has neither letter nor digit asks for nothing.
Question read_question(std::string_view typed);

/// Whether every word occurs in the text: what an index only suggests.
bool contains(std::string_view text, const Question& question);

/// How alike two texts are, 0 to 100: shared pairs of all pairs (Dice).
int likeness(std::string_view a, std::string_view b);

}  // namespace gewu::finding
