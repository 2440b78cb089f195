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
      while (at_ < text_.size() &&
             (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '_'))
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

}  // namespace

bool is_expression_keyword(std::string_view word) {
  return std::ranges::find(kKeywords, word) != kKeywords.end();
}

bool is_limit_unit(std::string_view word) {
  return std::ranges::find(kUnits, word) != kUnits.end();
}

Result<Syntax> parse_expression(std::string_view text) {
  if (text.size() > kExpressionBytesMax)
    return refuse(ErrorCode::invalid, "expression.too_long",
                  {{"max", std::to_string(kExpressionBytesMax)}});
  if (!is_utf8(text)) return refuse(ErrorCode::invalid, "expression.syntax", {{"at", "1"}});
  return Parser(text).read();
}

}  // namespace gewu::kernel
