#include "finding/words.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/text.h"

namespace gewu::finding {
namespace {

constexpr std::size_t kWordsMax = 16;

/// The code point that begins at `at`, which moves behind it. The text is well-formed UTF-8.
char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) -> char32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const char32_t lead = byte(at);
  if (lead < 0x80) return ++at, lead;
  if (lead < 0xE0) {
    const char32_t code = (lead & 0x1F) << 6 | (byte(at + 1) & 0x3F);
    return at += 2, code;
  }
  if (lead < 0xF0) {
    const char32_t code = (lead & 0x0F) << 12 | (byte(at + 1) & 0x3F) << 6 | (byte(at + 2) & 0x3F);
    return at += 3, code;
  }
  const char32_t code = (lead & 0x07) << 18 | (byte(at + 1) & 0x3F) << 12 |
                        (byte(at + 2) & 0x3F) << 6 | (byte(at + 3) & 0x3F);
  return at += 4, code;
}

enum class Kind { gap, ascii, wide };

Kind kind_of(char32_t code) {
  if (code < 0x80) {
    const bool is_word = (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') ||
                         (code >= 'A' && code <= 'Z');
    return is_word ? Kind::ascii : Kind::gap;
  }
  if (code < 0xC0 || code == 0xD7 || code == 0xF7) return Kind::gap;  // Latin-1 signs
  if (code >= 0x2000 && code <= 0x2BFF) return Kind::gap;  // punctuation, arrows, symbols
  if (code >= 0x3000 && code <= 0x303F && code != 0x3005 && code != 0x3007) return Kind::gap;
  if (code == 0x30FB) return Kind::gap;                    // the dot between parts of a name
  if (code >= 0xFE10 && code <= 0xFE6F) return Kind::gap;  // vertical and small forms
  if (code >= 0xFF00 && code <= 0xFFEF) return Kind::gap;  // full-width signs; letters are folded
  if (code >= 0xE000 && code <= 0xF8FF) return Kind::gap;  // private use
  return Kind::wide;
}

/// A run of one kind, as views of its characters.
struct Run {
  Kind kind = Kind::gap;
  std::vector<std::string_view> letters;
};

std::vector<Run> runs_of(std::string_view folded) {
  std::vector<Run> runs;
  Kind before = Kind::gap;
  for (std::size_t at = 0; at < folded.size();) {
    const std::size_t begin = at;
    const Kind kind = kind_of(next_code_point(folded, at));
    if (kind != Kind::gap) {
      if (kind != before) runs.push_back({kind, {}});
      runs.back().letters.push_back(folded.substr(begin, std::min(at, folded.size()) - begin));
    }
    before = kind;
  }
  return runs;
}

void add(std::string& tokens, std::string_view token) {
  if (!tokens.empty()) tokens += ' ';
  tokens += token;
}

std::string_view joined(std::string_view first, std::string_view last) {
  return {first.data(), static_cast<std::size_t>(last.data() + last.size() - first.data())};
}

/// `is_whole`: with the last character alone, as an indexed text has it.
void add_run(std::string& tokens, const Run& run, bool is_whole) {
  const auto& letters = run.letters;
  if (run.kind == Kind::ascii) return add(tokens, joined(letters.front(), letters.back()));
  for (std::size_t i = 0; i + 1 < letters.size(); ++i)
    add(tokens, joined(letters[i], letters[i + 1]));
  if (is_whole || letters.size() == 1) add(tokens, letters.back());
}

std::vector<std::string> pairs_of(std::string_view text) {
  const std::string folded = fold(text);
  std::vector<std::string> pairs;
  for (const Run& run : runs_of(folded)) {
    std::string tokens;
    add_run(tokens, run, false);
    for (const auto token : split(tokens, ' ')) pairs.emplace_back(token);
  }
  std::ranges::sort(pairs);
  return pairs;
}

}  // namespace

std::string fold(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    char32_t code = next_code_point(text, at);
    if (code >= 0xFF01 && code <= 0xFF5E) code -= 0xFEE0;
    else if (code == 0x3000) code = ' ';
    if (code < 0x80) {
      const bool is_capital = code >= 'A' && code <= 'Z';
      folded += static_cast<char>(is_capital ? code + ('a' - 'A') : code);
    } else {
      folded += text.substr(begin, std::min(at, text.size()) - begin);
    }
  }
  return folded;
}

std::string index_tokens(std::string_view text) {
  const std::string folded = fold(text);
  std::string tokens;
  for (const Run& run : runs_of(folded)) add_run(tokens, run, true);
  return tokens;
}

Question read_question(std::string_view typed) {
  Question question;
  const std::string folded = fold(typed);
  std::string spaced = folded;
  std::ranges::replace_if(
      spaced, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  for (const auto word : split(spaced, ' ')) {
    const auto runs = runs_of(word);
    if (runs.empty() || question.words.size() == kWordsMax) continue;
    std::string phrase;
    for (std::size_t i = 0; i < runs.size(); ++i) add_run(phrase, runs[i], i + 1 < runs.size());
    question.words.emplace_back(word);
    question.phrases.push_back(std::move(phrase));
  }
  return question;
}

bool contains(std::string_view text, const Question& question) {
  const std::string folded = fold(text);
  return std::ranges::all_of(question.words, [&](const std::string& word) {
    return folded.find(word) != std::string::npos;
  });
}

int likeness(std::string_view a, std::string_view b) {
  const auto left = pairs_of(a), right = pairs_of(b);
  if (left.empty() || right.empty()) return 0;
  std::vector<std::string> shared;
  std::ranges::set_intersection(left, right, std::back_inserter(shared));
  return static_cast<int>(200 * shared.size() / (left.size() + right.size()));
}

}  // namespace gewu::finding
