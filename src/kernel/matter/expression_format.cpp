#include "kernel/matter/expression_parse.h"

// A tree back to its shortest text.

namespace gewu::kernel {
namespace {

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

std::string format_number(Number number) {
  const bool minus = number.micros < 0;
  const auto size = minus ? -static_cast<std::uint64_t>(number.micros)
                          : static_cast<std::uint64_t>(number.micros);
  std::string text = (minus ? "-" : "") + std::to_string(size / kMicros);
  std::string rest = std::to_string(kMicros + static_cast<std::int64_t>(size % kMicros)).substr(1);
  while (rest.ends_with('0')) rest.pop_back();
  return rest.empty() ? text : text + "." + rest;
}

std::string format_expression(const Syntax& syntax) {
  std::string out;
  write(out, syntax, 0);
  return out;
}

}  // namespace gewu::kernel
