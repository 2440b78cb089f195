#include <algorithm>
#include <optional>

#include "base/text.h"
#include "codec/yaml.h"

namespace gewu::codec {

namespace {

using kernel::Node;
using kernel::NodeEntry;
using kernel::NodeKind;
using kernel::Origin;

bool contains_any(std::string_view text, std::string_view characters) {
  return text.find_first_of(characters) != std::string_view::npos;
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

/// Whether YAML reads the text, written without quotes, as this very scalar.
bool can_be_plain(std::string_view text, bool in_flow) {
  if (text.empty() || has_control(text)) return false;
  if (text.front() == ' ' || text.back() == ' ' || text.back() == ':') return false;
  if (text == "null" || text == "Null" || text == "NULL" || text == "<<") return false;
  if (text.find("\uFEFF") != std::string_view::npos) return false;
  if (text == "~" || contains_any(text.substr(0, 1), ",[]{}#&*!|>'\"%@`")) return false;
  if (contains_any(text.substr(0, 1), "-?:") && (text.size() == 1 || text[1] == ' ')) return false;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos)
    return false;
  if (!in_flow) return true;
  return !contains_any(text, ",[]{}?") && text.find(":,") == std::string_view::npos;
}

std::string in_double_quotes(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') (out += '\\') += c;
    else if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else if (byte < 0x20 || byte == 0x7F) ((out += "\\x") += kHex[byte >> 4]) += kHex[byte & 15];
    else out += c;
  }
  // a byte-order mark is refused in a file, even inside quotes
  for (std::size_t at; (at = out.find("\uFEFF")) != std::string::npos;)
    out.replace(at, std::string_view("\uFEFF").size(), "\\uFEFF");
  return out += '"';
}

/// A key may stand at the first column, where --- and ... part documents.
std::string key_text(std::string_view key) {
  const bool parts_documents = key.starts_with("---") || key.starts_with("...");
  return can_be_plain(key, true) && !parts_documents ? std::string(key) : in_double_quotes(key);
}

/// A text of several lines that reads well as a | block: whole lines, none blank, no odd spaces.
bool can_be_literal(const Node& node) {
  const std::string_view text = node.text;
  if (!node.quoted || text.find('\n') == std::string_view::npos) return false;
  if (text.find("\uFEFF") != std::string_view::npos) return false;
  const auto lines = split(text.ends_with('\n') ? text.substr(0, text.size() - 1) : text, '\n');
  return std::ranges::none_of(lines, [](std::string_view line) {
    return line.empty() || line.front() == ' ' || line.back() == ' ' || has_control(line);
  });
}

/// The last line on which something of the node begins.
int last_line(const Node& node) {
  int line = node.origin.line;
  for (const NodeEntry& entry : node.entries)
    line = std::max({line, entry.origin.line, last_line(entry.value)});
  for (const Node& item : node.items) line = std::max(line, last_line(item));
  return line;
}

/// What people wrote beside the content, given back in its order: nothing is left out, whatever
/// the lines are that the content now stands on.
class Remarks {
 public:
  explicit Remarks(const std::vector<YamlRemark>* all) : all_(all) {}

  /// Comments and empty lines above a line of the file.
  void write_above(int line, std::size_t indent, std::string& out) {
    for (; has_next() && next().line < line; ++at_) write(indent, out);
  }
  /// The comment behind a line of the file, if that is what comes next.
  void write_behind(int line, std::string& out) {
    while (has_next() && next().kind == YamlRemark::Kind::blank && next().line <= line) ++at_;
    if (!has_next() || next().kind != YamlRemark::Kind::behind || next().line != line) return;
    (out += "  ") += next().text;
    ++at_;
  }
  /// Whether one stands inside what begins and ends on these lines.
  bool stands_within(int first, int last) const {
    for (std::size_t i = at_; has_next() && i < all_->size() && (*all_)[i].line < last; ++i)
      if ((*all_)[i].line >= first && (*all_)[i].kind != YamlRemark::Kind::blank) return true;
    return false;
  }
  /// Those above the line that parts the documents before and after.
  void write_document_end(int next_line, std::string& out) {
    std::size_t end = at_;
    for (std::size_t i = at_; all_ != nullptr && i < all_->size(); ++i)
      if ((*all_)[i].line < next_line && (*all_)[i].kind == YamlRemark::Kind::document) end = i;
    for (; at_ < end; ++at_)
      if (next().kind != YamlRemark::Kind::blank) write(0, out);
  }
  /// Those below everything else; empty lines at the end go.
  void write_rest(std::string& out) {
    for (; has_next(); ++at_)
      if (next().kind != YamlRemark::Kind::blank) write(0, out);
  }

 private:
  bool has_next() const { return all_ != nullptr && at_ < all_->size(); }
  const YamlRemark& next() const { return (*all_)[at_]; }

  void write(std::size_t indent, std::string& out) const {
    switch (next().kind) {
      case YamlRemark::Kind::document: return;
      case YamlRemark::Kind::blank:
        if (!out.empty() && !out.ends_with("\n\n")) out += '\n';
        return;
      case YamlRemark::Kind::whole_line:
      case YamlRemark::Kind::behind:
        out.append(indent, ' ');
        (out += next().text) += '\n';
        return;
    }
  }

  const std::vector<YamlRemark>* all_;
  std::size_t at_ = 0;
};

class YamlWriter {
 public:
  explicit YamlWriter(const YamlStyle& style) : style_(style), remarks_(style.remarks) {}

  void write_document(const Node& root) {
    if (!out_.empty()) {
      remarks_.write_document_end(root.origin.line, out_);
      out_ += "---\n";
    }
    if (root.is_map() && !root.entries.empty()) write_map(root, 0);
    else if (root.is_list() && !root.items.empty()) write_list(root, 0);
    else write_value(root, root.origin, 0, 0);
  }

  std::string finish() {
    remarks_.write_rest(out_);
    return std::move(out_);
  }

 private:
  /// The node on one line, or nothing when it cannot stand there without changing.
  std::optional<std::string> flow_text(const Node& node) const {
    switch (node.kind) {
      case NodeKind::null:
        return "null";
      case NodeKind::scalar:
        if (!node.quoted && can_be_plain(node.text, true)) return node.text;
        if (!node.quoted && can_be_plain(node.text, false)) return std::nullopt;
        if (can_be_literal(node)) return std::nullopt;
        return in_double_quotes(node.text);
      case NodeKind::map: {
        std::string line;
        for (const NodeEntry& entry : node.entries) {
          const auto value = flow_text(entry.value);
          if (!value || line.size() > 4 * style_.columns_max) return std::nullopt;
          line += (line.empty() ? "" : ", ") + key_text(entry.key) + ": " + *value;
        }
        return "{" + line + "}";
      }
      case NodeKind::list: {
        std::string line;
        for (const Node& item : node.items) {
          const auto value = flow_text(item);
          if (!value || line.size() > 4 * style_.columns_max) return std::nullopt;
          line += (line.empty() ? "" : ", ") + *value;
        }
        return "[" + line + "]";
      }
    }
    return std::nullopt;
  }

  bool comes_from(const Node& node, const Origin& origin) const {
    const auto same = [&](const Origin& other) {
      return !other.file || !origin.file ? other.file == origin.file : *other.file == *origin.file;
    };
    return same(node.origin) &&
           std::ranges::all_of(node.items,
                               [&](const Node& item) { return comes_from(item, origin); }) &&
           std::ranges::all_of(node.entries, [&](const NodeEntry& entry) {
             return same(entry.origin) && comes_from(entry.value, origin);
           });
  }

  /// `last` is the line of the file on which what was written ended.
  void end_line(const Origin& origin, int last) {
    remarks_.write_behind(last, out_);
    if (style_.comment)
      if (const std::string comment = style_.comment(origin); !comment.empty())
        out_ += "  # " + comment;
    out_ += '\n';
  }

  bool can_share_line(const Node& node, const Origin& origin, int last) const {
    if (remarks_.stands_within(origin.line, last)) return false;
    return !style_.comment || comes_from(node, origin);
  }

  /// Behind "key:" or "-", which end at `column`; nested lines stand at `indent`.
  void write_value(const Node& node, const Origin& origin, std::size_t column,
                   std::size_t indent) {
    const std::string_view gap = column == 0 ? "" : " ";
    if (can_be_literal(node)) return write_literal(node, origin, gap, indent);
    if (node.is_scalar() || node.is_null() || (node.entries.empty() && node.items.empty())) {
      const bool plain = node.is_scalar() && !node.quoted && can_be_plain(node.text, false);
      (out_ += gap) += plain ? node.text : *flow_text(node);
      return end_line(origin, origin.line);
    }
    const int last = std::max(origin.line, last_line(node));
    if (can_share_line(node, origin, last))
      if (const auto line = flow_text(node);
          line && column + 1 + count_code_points(*line) <= style_.columns_max) {
        (out_ += gap) += *line;
        return end_line(origin, last);
      }
    end_line(origin, origin.line);
    if (node.is_map()) write_map(node, indent);
    else write_list(node, indent);
  }

  void write_literal(const Node& node, const Origin& origin, std::string_view gap,
                     std::size_t indent) {
    const bool ends_line = node.text.ends_with('\n');
    (out_ += gap) += ends_line ? "|" : "|-";
    end_line(origin, origin.line);
    std::string_view text = node.text;
    if (ends_line) text.remove_suffix(1);
    for (const std::string_view line : split(text, '\n'))
      ((out_ += std::string(std::max<std::size_t>(indent, 2), ' ')) += line) += '\n';
  }

  /// `at_dash`: the first key stands on the line of its "- ".
  void write_map(const Node& node, std::size_t indent, bool at_dash = false) {
    for (const NodeEntry& entry : node.entries) {
      if (!at_dash) {
        remarks_.write_above(entry.origin.line, indent, out_);
        out_.append(indent, ' ');
      }
      at_dash = false;
      const std::string key = key_text(entry.key);
      (out_ += key) += ':';
      write_value(entry.value, entry.origin, indent + count_code_points(key) + 1, indent + 2);
    }
  }

  void write_list(const Node& node, std::size_t indent) {
    for (const Node& item : node.items) {
      remarks_.write_above(item.origin.line, indent, out_);
      out_.append(indent, ' ');
      out_ += '-';
      const auto line = flow_text(item);
      const bool fits = line && indent + 2 + count_code_points(*line) <= style_.columns_max &&
                        can_share_line(item, item.origin, last_line(item));
      if (item.is_map() && !item.entries.empty() && !fits) {
        out_ += ' ';
        write_map(item, indent + 2, true);
      } else {
        write_value(item, item.origin, indent + 1, indent + 2);
      }
    }
  }

  const YamlStyle& style_;
  Remarks remarks_;
  std::string out_;
};

}  // namespace

std::string write_yaml(const Node& node, const YamlStyle& style) {
  YamlWriter writer(style);
  writer.write_document(node);
  return writer.finish();
}

std::string write_yaml(const std::vector<Node>& documents, const YamlStyle& style) {
  YamlWriter writer(style);
  for (const Node& document : documents) writer.write_document(document);
  return writer.finish();
}

namespace {

std::vector<std::string> comments_of(std::string_view yaml) {
  std::vector<std::string> comments;
  for (const YamlRemark& remark : find_remarks(yaml))
    if (!remark.text.empty()) comments.push_back(remark.text);
  return comments;
}

}  // namespace

Result<std::string> format_yaml(std::string_view bytes, std::string_view file,
                                const Limits& limits) {
  GEWU_TRY(documents, read_yaml(bytes, file, limits));
  const auto remarks = find_remarks(bytes);
  YamlStyle style;
  style.remarks = &remarks;
  std::string text = write_yaml(documents, style);
  const auto again = read_yaml(text, file, limits);
  if (!again || *again != documents || comments_of(text) != comments_of(bytes))
    return refuse(ErrorCode::internal, "definition.yaml.format", {{"file", std::string(file)}});
  return text;
}

}  // namespace gewu::codec
