#include "cli/words.h"

#include <cstdlib>
#include <optional>
#include <vector>

#include "base/text.h"
#include "cli/words_files.h"
#include "codec/json.h"
#include "kernel/matter/definition_message.h"

namespace gewu::cli {

namespace {

using Text = std::optional<std::string_view>;

/// The word files of a language: they are part of the executable, so that they can be read.
struct Files {
  codec::Json terminal;
  std::vector<codec::Json> web;
};

Files read_files(Language language) {
  Limits limits;
  limits.body_bytes_max = 1024 * 1024;
  const auto read = [&](std::string_view bytes) {
    return codec::parse_json(bytes, limits).value_or(codec::Json());
  };
  const WordFiles bytes = word_files(language);
  Files files{read(bytes.files.front()), {}};
  for (std::size_t i = 1; i < bytes.files.size(); ++i) files.web.push_back(read(bytes.files[i]));
  return files;
}

/// Read once: they never change while this runs.
const Files& files_of(Language language) {
  static const Files kFiles[] = {read_files(Language::zh), read_files(Language::ko),
                                 read_files(Language::en)};
  return kFiles[static_cast<std::size_t>(language)];
}

/// The web app's words lie nested by the parts of their key.
Text nested(const std::vector<codec::Json>& roots, std::string_view key) {
  for (const codec::Json& root : roots) {
    const codec::Json* at = root.find("error");
    for (const std::string_view part : split(key, '.'))
      at = at == nullptr ? nullptr : at->find(part);
    if (at != nullptr && at->as_string()) return at->as_string();
  }
  return std::nullopt;
}

Text exact(const Files& files, std::string_view key, Language language) {
  if (const Text text = files.terminal.string_at(key)) return text;
  if (const Text text = nested(files.web, key)) return text;
  const std::string_view advice = kernel::advice(key);
  return language == Language::en && !advice.empty() ? Text(advice) : std::nullopt;
}

const char* code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid: return "invalid";
    case ErrorCode::unauthenticated: return "unauthenticated";
    case ErrorCode::forbidden: return "forbidden";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::conflict: return "conflict";
    case ErrorCode::too_large: return "too_large";
    case ErrorCode::too_many: return "too_many";
    case ErrorCode::unavailable: return "unavailable";
    case ErrorCode::internal: return "internal";
  }
  return "internal";
}

}  // namespace

Language parse_language(std::string_view tag) {
  if (tag.starts_with("zh")) return Language::zh;
  if (tag.starts_with("ko")) return Language::ko;
  return Language::en;
}

Language language_of_terminal() {
  for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* tag = std::getenv(variable); tag != nullptr && *tag != '\0')
      return parse_language(tag);
  return Language::en;
}

bool has_words(std::string_view key, Language language) {
  return exact(files_of(language), key, language).has_value();
}

std::string said(std::string_view key, const std::vector<ErrorDetail>& details) {
  std::string words = words_of(key, ErrorCode::internal, language_of_terminal());
  for (const ErrorDetail& detail : details) {
    const std::string name = "{" + detail.name + "}";
    for (auto at = words.find(name); at != std::string::npos;
         at = words.find(name, at + detail.value.size()))
      words.replace(at, name.size(), detail.value);
  }
  return words;
}

std::string words_of(std::string_view key, ErrorCode code, Language language) {
  const Files& files = files_of(language);
  Text text = exact(files, key, language);
  if (!text) text = nested(files.web, "ending." + std::string(split(key, '.').back()));
  if (!text) text = nested(files.web, "code." + std::string(code_name(code)));
  return std::string(text.value_or(""));
}

}  // namespace gewu::cli
