#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace gewu::cli {

enum class Language { zh, ko, en };

/// By LC_ALL, else LC_MESSAGES, else LANG, as every program of a terminal goes; English for others
/// than the languages of the office.
Language language_of_terminal();
/// "zh_CN.UTF-8", "ko", "en-GB".
Language parse_language(std::string_view tag);

/// What an error key says to a person and what to do about it: the words of the command line
/// (words/*.json), the web app's (web/src/locales, `error`), and for faults of definitions in
/// English the kernel's advice. Else by the end of the key or by its code, as a page does.
std::string words_of(std::string_view key, ErrorCode code, Language language);
/// What a verb says of its result in the language of the terminal: {name} in the words of the key is
/// that detail's value.
std::string said(std::string_view key, const std::vector<ErrorDetail>& details);
/// Whether there are words for this very key.
bool has_words(std::string_view key, Language language);

}  // namespace gewu::cli
