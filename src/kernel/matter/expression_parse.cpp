#include "kernel/matter/expression_parse.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text.h"

namespace gewu::kernel {
namespace {

constexpr std::array<std::string_view, 7> kKeywords = {"and",  "or",    "not", "in",
                                                       "else", "true",  "false"};
constexpr std::array<std::string_view, 7> kUnits = {
    "minute", "hour_natural", "hour_working", "day_working", "day_natural", "month", "year"};

enum class TokenKind { number, text, word, mark, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;  ///< of a text: with its quotes
  std::size_t at = 0;     ///< byte offset
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

/// Cuts the text into tokens, one at a time.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::size_t at() const { return at_; }
  /// Nothing: no token begins here.
  std::optional<Token> next() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").contains(text_[at_])) ++at_;
    const std::size_t from = at_;
    if (at_ == text_.size()) return Token{TokenKind::end, {}, from};
    const char c = text_[at_];
    if (is_digit(c)) return take_number(from);
    if (is_letter(c)) {
      while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '_'))
        ++at_;
      return Token{TokenKind::word, text_.substr(from, at_ - from), from};
    }
    if (c == '\'') return take_text(from);
    for (const std::string_view mark : {"==", "!=", "<=", ">="})
      if (text_.substr(at_).starts_with(mark)) return take_mark(from, 2);
    if (std::string_view("<>+-*/.,()[]%").contains(c)) return take_mark(from, 1);
    return std::nullopt;
  }

 private:
  Token take_mark(std::size_t from, std::size_t length) {
    at_ += length;
    return {TokenKind::mark, text_.substr(from, length), from};
  }

  Token take_number(std::size_t from) {
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    if (at_ + 1 < text_.size() && text_[at_] == '.' && is_digit(text_[at_ + 1])) {
      ++at_;
      while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    }
    return {TokenKind::number, text_.substr(from, at_ - from), from};
  }

  /// A quote inside is written twice.
  std::optional<Token> take_text(std::size_t from) {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] != '\'') continue;
      if (at_ + 1 < text_.size() && text_[at_ + 1] == '\'') {
        ++at_;
        continue;
      }
      ++at_;
      return Token{TokenKind::text, text_.substr(from, at_ - from), from};
    }
    at_ = from;
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<Number> read_number(std::string_view text) {
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  std::string_view rest = point == std::string_view::npos ? "" : text.substr(point + 1);
  while (rest.ends_with('0')) rest.remove_suffix(1);
  if (rest.size() > 6) return std::nullopt;
  const auto units = parse_integer(whole);
  if (!units || *units > INT64_MAX / kMicros - 1) return std::nullopt;
  std::int64_t micros = 0;
  for (std::size_t i = 0; i < 6; ++i)
    micros = micros * 10 + (i < rest.size() ? rest[i] - '0' : 0);
  return Number{*units * kMicros + micros};
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), lexer_(text) {}

  Result<Syntax> read() {
    advance();
    Syntax tree = either();
    if (!failed_ && token_.kind != TokenKind::end) fail();
    if (failed_)
      return refuse(ErrorCode::invalid, "expression.syntax",
                    {{"at", std::to_string(column(failed_at_))}, {"near", near()}});
    return tree;
  }

 private:
  void advance() {
    if (failed_) return;
    const auto token = lexer_.next();
    if (token) {
      token_ = *token;
    } else {
      failed_ = true;
      failed_at_ = lexer_.at();
      token_ = {TokenKind::end, {}, text_.size()};
    }
  }

  /// From here on every token is the end, so that all loops stop.
  void fail() {
    if (failed_) return;
    failed_ = true;
    failed_at_ = token_.at;
    token_ = {TokenKind::end, {}, text_.size()};
  }

  int column(std::size_t at) const {
    return static_cast<int>(count_code_points(text_.substr(0, at))) + 1;
  }

  std::string near() const {
    const std::string_view rest = trim(text_.substr(std::min(failed_at_, text_.size())));
    std::size_t length = std::min<std::size_t>(rest.size(), 20);
    while (length < rest.size() && (static_cast<unsigned char>(rest[length]) & 0xC0) == 0x80)
      ++length;
    return std::string(rest.substr(0, length));
  }

  bool is_mark(std::string_view mark) const {
    return token_.kind == TokenKind::mark && token_.text == mark;
  }
  bool is_word(std::string_view word) const {
    return token_.kind == TokenKind::word && token_.text == word;
  }
  bool take_mark(std::string_view mark) {
    if (!is_mark(mark)) return false;
    advance();
    return true;
  }
  bool take_word(std::string_view word) {
    if (!is_word(word)) return false;
    advance();
    return true;
  }
  void expect(std::string_view mark) {
    if (!take_mark(mark)) fail();
  }

  Syntax node(SyntaxKind kind, std::vector<Syntax> children, std::size_t at) {
    if (++nodes_ > kSyntaxNodesMax) fail();
    Syntax made;
    made.kind = kind;
    made.children = std::move(children);
    made.column = column(at);
    return made;
  }

  Syntax join(SyntaxKind kind, Syntax left, Syntax right, std::size_t at) {
    std::vector<Syntax> children;
    children.reserve(2);
    children.push_back(std::move(left));
    children.push_back(std::move(right));
    return node(kind, std::move(children), at);
  }

  Syntax either() {
    if (++depth_ > kSyntaxDepthMax) fail();
    Syntax left = both();
    for (std::size_t at = token_.at; take_word("or"); at = token_.at)
      left = join(SyntaxKind::either, std::move(left), both(), at);
    --depth_;
    return left;
  }

  Syntax both() {
    Syntax left = negation();
    for (std::size_t at = token_.at; take_word("and"); at = token_.at)
      left = join(SyntaxKind::both, std::move(left), negation(), at);
    return left;
  }

  Syntax negation() {
    const std::size_t at = token_.at;
    if (!take_word("not")) return comparison();
    std::vector<Syntax> children;
    children.push_back(comparison());
    return node(SyntaxKind::not_true, std::move(children), at);
  }

  Syntax comparison() {
    Syntax left = otherwise();
    static constexpr std::pair<std::string_view, SyntaxKind> kMarks[] = {
        {"==", SyntaxKind::equal},      {"!=", SyntaxKind::unequal},
        {"<=", SyntaxKind::less_equal}, {">=", SyntaxKind::greater_equal},
        {"<", SyntaxKind::less},        {">", SyntaxKind::greater}};
    const std::size_t at = token_.at;
    for (const auto& [mark, kind] : kMarks)
      if (take_mark(mark)) return join(kind, std::move(left), otherwise(), at);
    if (take_word("in")) return join(SyntaxKind::in, std::move(left), otherwise(), at);
    return left;
  }

  Syntax otherwise() {
    Syntax left = sum();
    for (std::size_t at = token_.at; take_word("else"); at = token_.at)
      left = join(SyntaxKind::otherwise, std::move(left), sum(), at);
    return left;
  }

  Syntax sum() {
    Syntax left = product();
    while (is_mark("+") || is_mark("-")) {
      const auto kind = is_mark("+") ? SyntaxKind::add : SyntaxKind::subtract;
      const std::size_t at = token_.at;
      advance();
      left = join(kind, std::move(left), product(), at);
    }
    return left;
  }

  Syntax product() {
    Syntax left = unary();
    while (is_mark("*") || is_mark("/")) {
      const auto kind = is_mark("*") ? SyntaxKind::multiply : SyntaxKind::divide;
      const std::size_t at = token_.at;
      advance();
      left = join(kind, std::move(left), unary(), at);
    }
    return left;
  }

  Syntax unary() {
    const std::size_t at = token_.at;
    if (!take_mark("-")) return path();
    std::vector<Syntax> children;
    children.push_back(path());
    return node(SyntaxKind::negate, std::move(children), at);
  }

  Syntax path() {
    Syntax base = atom();
    for (;;) {
      const std::size_t at = token_.at;
      if (take_mark(".")) {
        if (token_.kind != TokenKind::word) fail();
        std::vector<Syntax> children;
        children.push_back(std::move(base));
        base = node(SyntaxKind::member, std::move(children), token_.at);
        base.text = token_.text;
        advance();
      } else if (take_mark("[")) {
        Syntax condition = either();
        expect("]");
        base = join(SyntaxKind::filter, std::move(base), std::move(condition), at);
      } else {
        return base;
      }
    }
  }

  Syntax atom() {
    const std::size_t at = token_.at;
    if (token_.kind == TokenKind::number) return number(at);
    if (token_.kind == TokenKind::text) return quoted(at);
    if (token_.kind == TokenKind::word) return word(at);
    if (take_mark("(")) {
      Syntax inner = either();
      expect(")");
      return inner;
    }
    if (take_mark("[")) return node(SyntaxKind::list, arguments("]"), at);
    fail();
    return {};
  }

  Syntax number(std::size_t at) {
    Syntax made = node(SyntaxKind::number, {}, at);
    const auto value = read_number(token_.text);
    if (!value) {
      fail();
      return made;
    }
    made.number = *value;
    advance();
    if (is_mark("%")) {
      if (made.number.micros % 100 != 0) fail();
      made.number.micros /= 100;
      advance();
    } else if (token_.kind == TokenKind::word && is_limit_unit(token_.text)) {
      if (made.number.micros % kMicros != 0) fail();
      made.kind = SyntaxKind::limit;
      made.text = token_.text;
      advance();
    }
    return made;
  }

  Syntax quoted(std::size_t at) {
    Syntax made = node(SyntaxKind::text, {}, at);
    const std::string_view inner = token_.text.substr(1, token_.text.size() - 2);
    for (std::size_t i = 0; i < inner.size(); ++i) {
      made.text += inner[i];
      if (inner[i] == '\'') ++i;
    }
    advance();
    return made;
  }

  Syntax word(std::size_t at) {
    const std::string_view text = token_.text;
    static constexpr std::pair<std::string_view, SyntaxKind> kWords[] = {
        {"true", SyntaxKind::yes}, {"false", SyntaxKind::no}};
    for (const auto& [spelling, kind] : kWords)
      if (take_word(spelling)) return node(kind, {}, at);
    if (is_expression_keyword(text)) {
      fail();
      return {};
    }
    advance();
    if (take_mark("(")) {
      Syntax made = node(SyntaxKind::call, arguments(")"), at);
      made.text = text;
      return made;
    }
    if (text == "none") return node(SyntaxKind::none, {}, at);
    Syntax made = node(SyntaxKind::name, {}, at);
    made.text = text;
    return made;
  }

  std::vector<Syntax> arguments(std::string_view closing) {
    std::vector<Syntax> made;
    if (take_mark(closing)) return made;
    do made.push_back(either());
    while (take_mark(","));
    expect(closing);
    return made;
  }

  std::string_view text_;
  Lexer lexer_;
  Token token_;
  int depth_ = 0;
  int nodes_ = 0;
  bool failed_ = false;
  std::size_t failed_at_ = 0;
};

/// How tightly a node binds; a child that binds less than its place asks stands in brackets.
int strength(const Syntax& syntax) {
  switch (syntax.kind) {
    case SyntaxKind::either: return 1;
    case SyntaxKind::both: return 2;
    case SyntaxKind::not_true: return 3;
    case SyntaxKind::equal:
    case SyntaxKind::unequal:
    case SyntaxKind::less:
    case SyntaxKind::less_equal:
    case SyntaxKind::greater:
    case SyntaxKind::greater_equal:
    case SyntaxKind::in: return 4;
    case SyntaxKind::otherwise: return 5;
    case SyntaxKind::add:
    case SyntaxKind::subtract: return 6;
    case SyntaxKind::multiply:
    case SyntaxKind::divide: return 7;
    case SyntaxKind::negate: return 8;
    case SyntaxKind::number:
    case SyntaxKind::limit:
    case SyntaxKind::text:
    case SyntaxKind::yes:
    case SyntaxKind::no:
    case SyntaxKind::none:
    case SyntaxKind::name:
    case SyntaxKind::call:
    case SyntaxKind::member:
    case SyntaxKind::filter:
    case SyntaxKind::list: return 9;
  }
  return 9;
}

std::string_view mark_of(SyntaxKind kind) {
  switch (kind) {
    case SyntaxKind::either: return " or ";
    case SyntaxKind::both: return " and ";
    case SyntaxKind::equal: return " == ";
    case SyntaxKind::unequal: return " != ";
    case SyntaxKind::less: return " < ";
    case SyntaxKind::less_equal: return " <= ";
    case SyntaxKind::greater: return " > ";
    case SyntaxKind::greater_equal: return " >= ";
    case SyntaxKind::in: return " in ";
    case SyntaxKind::otherwise: return " else ";
    case SyntaxKind::add: return " + ";
    case SyntaxKind::subtract: return " - ";
    case SyntaxKind::multiply: return " * ";
    case SyntaxKind::divide: return " / ";
    case SyntaxKind::number:
    case SyntaxKind::limit:
    case SyntaxKind::text:
    case SyntaxKind::yes:
    case SyntaxKind::no:
    case SyntaxKind::none:
    case SyntaxKind::name:
    case SyntaxKind::call:
    case SyntaxKind::member:
    case SyntaxKind::filter:
    case SyntaxKind::list:
    case SyntaxKind::negate:
    case SyntaxKind::not_true: return "";
  }
  return "";
}

void write(std::string& out, const Syntax& syntax, int least);

void write_all(std::string& out, const std::vector<Syntax>& children) {
  for (std::size_t i = 0; i < children.size(); ++i) {
    if (i > 0) out += ", ";
    write(out, children[i], 0);
  }
}

void write_quoted(std::string& out, std::string_view text) {
  out += '\'';
  for (const char c : text) {
    out += c;
    if (c == '\'') out += c;
  }
  out += '\'';
}

void write_bare(std::string& out, const Syntax& syntax) {
  switch (syntax.kind) {
    case SyntaxKind::number: out += format_number(syntax.number); return;
    case SyntaxKind::limit: out += format_number(syntax.number) + " " + syntax.text; return;
    case SyntaxKind::text: write_quoted(out, syntax.text); return;
    case SyntaxKind::yes: out += "true"; return;
    case SyntaxKind::no: out += "false"; return;
    case SyntaxKind::none: out += "none"; return;
    case SyntaxKind::name: out += syntax.text; return;
    case SyntaxKind::call:
      out += syntax.text + "(";
      write_all(out, syntax.children);
      out += ")";
      return;
    case SyntaxKind::list:
      out += "[";
      write_all(out, syntax.children);
      out += "]";
      return;
    case SyntaxKind::member:
      write(out, syntax.children[0], 9);
      out += "." + syntax.text;
      return;
    case SyntaxKind::filter:
      write(out, syntax.children[0], 9);
      out += "[";
      write(out, syntax.children[1], 0);
      out += "]";
      return;
    case SyntaxKind::negate:
      out += "-";
      write(out, syntax.children[0], 9);
      return;
    case SyntaxKind::not_true:
      out += "not ";
      write(out, syntax.children[0], 4);
      return;
    case SyntaxKind::both:
    case SyntaxKind::either:
    case SyntaxKind::equal:
    case SyntaxKind::unequal:
    case SyntaxKind::less:
    case SyntaxKind::less_equal:
    case SyntaxKind::greater:
    case SyntaxKind::greater_equal:
    case SyntaxKind::in:
    case SyntaxKind::otherwise:
    case SyntaxKind::add:
    case SyntaxKind::subtract:
    case SyntaxKind::multiply:
    case SyntaxKind::divide: {
      const int own = strength(syntax);
      write(out, syntax.children[0], own == 4 ? 5 : own);  // comparisons do not chain
      out += mark_of(syntax.kind);
      write(out, syntax.children[1], own + 1);
      return;
    }
  }
}

void write(std::string& out, const Syntax& syntax, int least) {
  const bool brackets = strength(syntax) < least;
  if (brackets) out += "(";
  write_bare(out, syntax);
  if (brackets) out += ")";
}

}  // namespace

bool is_expression_keyword(std::string_view word) {
  return std::ranges::find(kKeywords, word) != kKeywords.end();
}

bool is_limit_unit(std::string_view word) {
  return std::ranges::find(kUnits, word) != kUnits.end();
}

std::string format_number(Number number) {
  const bool minus = number.micros < 0;
  const auto size = minus ? -static_cast<std::uint64_t>(number.micros)
                          : static_cast<std::uint64_t>(number.micros);
  std::string text = (minus ? "-" : "") + std::to_string(size / kMicros);
  std::string rest = std::to_string(kMicros + static_cast<std::int64_t>(size % kMicros)).substr(1);
  while (rest.ends_with('0')) rest.pop_back();
  return rest.empty() ? text : text + "." + rest;
}

Result<Syntax> parse_expression(std::string_view text) {
  if (text.size() > kExpressionBytesMax)
    return refuse(ErrorCode::invalid, "expression.too_long",
                  {{"max", std::to_string(kExpressionBytesMax)}});
  if (!is_utf8(text)) return refuse(ErrorCode::invalid, "expression.syntax", {{"at", "1"}});
  return Parser(text).read();
}

std::string format_expression(const Syntax& syntax) {
  std::string out;
  write(out, syntax, 0);
  return out;
}

}  // namespace gewu::kernel
