#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kernel/matter/value.h"

// Text to a tree without names or types: the grammar of language.md 2.4 and nothing else.

namespace gewu::kernel {

/// Bounds on the text of one expression, so that a parser never runs deep or long.
inline constexpr std::size_t kExpressionBytesMax = 4'000;
inline constexpr int kSyntaxDepthMax = 40;
inline constexpr int kSyntaxNodesMax = 500;

enum class SyntaxKind {
  number, limit, text, yes, no, none,
  name,      ///< text
  call,      ///< text, children: arguments
  member,    ///< children[0] "." text
  filter,    ///< children[0] "[" children[1] "]"
  list,      ///< "[" children "]"
  negate, not_true, both, either,
  equal, unequal, less, less_equal, greater, greater_equal, in,
  otherwise, add, subtract, multiply, divide,
};

/// A node as written. `80%` is the number 0.8.
struct Syntax {
  SyntaxKind kind = SyntaxKind::none;
  std::string text;   ///< name, function, member, content of a text, unit of a limit
  Number number;      ///< number, and how many units a limit has
  std::vector<Syntax> children;
  int column = 0;     ///< from 1, in code points

  /// Equal content, wherever it was written.
  bool operator==(const Syntax& other) const {
    return kind == other.kind && text == other.text && number == other.number &&
           children == other.children;
  }
};

/// Refuses with `expression.syntax` or `expression.too_long`; details `at` (column) and `near`.
Result<Syntax> parse_expression(std::string_view text);

/// The shortest text that parses to the same tree.
std::string format_expression(const Syntax& syntax);

/// "0.5", "-3": a number as expressions write it, without needless zeros.
std::string format_number(Number number);

/// Whether the word may not be a name: and or not in else true false none.
bool is_expression_keyword(std::string_view word);
/// minute, hour_natural, hour_working, day_working, day_natural, month, year
bool is_limit_unit(std::string_view word);

}  // namespace gewu::kernel
