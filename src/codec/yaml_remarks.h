#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gewu::codec {

/// What a YAML file says to people and not to programs.
struct YamlRemark {
  enum class Kind {
    whole_line,   ///< a comment alone on its line
    behind,       ///< a comment behind content
    blank,        ///< one or more empty lines
    document,     ///< the line --- that parts two documents
  };
  Kind kind = Kind::whole_line;
  int line = 0;            ///< from 1; of blank lines the first
  std::string text;        ///< a comment with its #, nothing after it
  bool operator==(const YamlRemark&) const = default;
};

/// The remarks of a text that read_yaml takes, in their order. A # inside quotes, a block of text
/// or a word is none.
std::vector<YamlRemark> find_remarks(std::string_view yaml);

}  // namespace gewu::codec
