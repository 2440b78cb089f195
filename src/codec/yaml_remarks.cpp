#include "codec/yaml_remarks.h"

#include "base/text.h"

namespace gewu::codec {

namespace {

bool is_space(char c) { return c == ' ' || c == '\t'; }

std::size_t indent_of(std::string_view line) {
  std::size_t indent = 0;
  while (indent < line.size() && line[indent] == ' ') ++indent;
  return indent;
}

/// Reads line by line, knowing just enough YAML to tell a comment from content: where scalars
/// begin, since only there a quote opens a quoted one.
class Scanner {
 public:
  std::vector<YamlRemark> scan(std::string_view yaml) {
    if (yaml.ends_with('\n')) yaml.remove_suffix(1);
    for (std::string_view line : split(yaml, '\n')) {
      ++line_;
      if (line.ends_with('\r')) line.remove_suffix(1);
      take_line(line);
    }
    return std::move(remarks_);
  }

 private:
  enum class Inside { nothing, single_quotes, double_quotes, block };

  void add(YamlRemark::Kind kind, std::string_view text) {
    remarks_.push_back({kind, line_, std::string(trim(text))});
  }

  void take_line(std::string_view line) {
    if (inside_ == Inside::block) {
      if (trim(line).empty() || indent_of(line) > block_indent_) return;
      inside_ = Inside::nothing;
    }
    if (inside_ == Inside::nothing && take_whole(line)) return;
    at_start_ = inside_ == Inside::nothing;
    key_column_ = dash_column_ = std::string_view::npos;
    for (std::size_t at = 0; at < line.size();) at = take_character(line, at);
  }

  /// Lines without content.
  bool take_whole(std::string_view line) {
    const auto text = trim(line);
    if (text.empty()) {
      const bool goes_on = !remarks_.empty() && remarks_.back().kind == YamlRemark::Kind::blank &&
                           blank_until_ == line_ - 1;
      if (!goes_on) add(YamlRemark::Kind::blank, "");
      blank_until_ = line_;
      return true;
    }
    if (text.front() == '#') {
      add(YamlRemark::Kind::whole_line, text);
      return true;
    }
    if (depth_ == 0 && (line == "---" || line.starts_with("--- "))) {
      add(YamlRemark::Kind::document, "");
      return line == "---";
    }
    return false;
  }

  std::size_t take_character(std::string_view line, std::size_t at) {
    const char c = line[at];
    if (inside_ == Inside::double_quotes) {
      if (c == '\\') return at + 2;
      if (c == '"') inside_ = Inside::nothing;
      return at + 1;
    }
    if (inside_ == Inside::single_quotes) {
      if (c != '\'') return at + 1;
      if (at + 1 < line.size() && line[at + 1] == '\'') return at + 2;
      inside_ = Inside::nothing;
      return at + 1;
    }
    if (is_space(c)) return at + 1;
    if (c == '#' && (at == 0 || is_space(line[at - 1]))) {
      add(YamlRemark::Kind::behind, line.substr(at));
      return line.size();
    }
    return at_start_ ? begin_scalar(line, at) : go_on(line, at);
  }

  bool ends_word(std::string_view line, std::size_t at) const {
    return at + 1 >= line.size() || is_space(line[at + 1]);
  }

  std::size_t begin_scalar(std::string_view line, std::size_t at) {
    const char c = line[at];
    if (c == '-' && depth_ == 0 && ends_word(line, at)) {
      dash_column_ = at;
      return at + 1;
    }
    if (c == '[' || c == '{') {
      ++depth_;
      return at + 1;
    }
    if ((c == '|' || c == '>') && depth_ == 0) {
      inside_ = Inside::block;
      block_indent_ = key_column_ != std::string_view::npos    ? key_column_
                      : dash_column_ != std::string_view::npos ? dash_column_
                                                               : 0;
      const auto comment = line.find(" #", at);
      if (comment != std::string_view::npos)
        add(YamlRemark::Kind::behind, line.substr(comment + 1));
      return line.size();
    }
    if (key_column_ == std::string_view::npos) key_column_ = at;
    if (c == '"') inside_ = Inside::double_quotes;
    if (c == '\'') inside_ = Inside::single_quotes;
    at_start_ = false;
    return inside_ == Inside::nothing ? go_on(line, at) : at + 1;
  }

  /// Inside a word, or behind a quoted scalar.
  std::size_t go_on(std::string_view line, std::size_t at) {
    const char c = line[at];
    const bool in_flow = depth_ > 0;
    if (c == ':' && (ends_word(line, at) || (in_flow && at > 0 && line[at - 1] == '"')))
      at_start_ = true;
    else if (in_flow && (c == ',' || c == '[' || c == '{'))
      at_start_ = true;
    if (in_flow && (c == '[' || c == '{')) ++depth_;
    if (in_flow && (c == ']' || c == '}')) {
      --depth_;
      at_start_ = false;
    }
    return at + 1;
  }

  std::vector<YamlRemark> remarks_;
  Inside inside_ = Inside::nothing;
  std::size_t depth_ = 0;              ///< of [ and {
  std::size_t block_indent_ = 0;
  std::size_t key_column_ = 0, dash_column_ = 0;
  bool at_start_ = true;
  int line_ = 0, blank_until_ = 0;
};

}  // namespace

std::vector<YamlRemark> find_remarks(std::string_view yaml) { return Scanner().scan(yaml); }

}  // namespace gewu::codec
