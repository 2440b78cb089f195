#include "kernel/matter/node.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/ensure.h"
#include "base/limits.h"
#include "base/text.h"

namespace gewu::kernel {

std::string Origin::text() const {
  if (!file) return {};
  return *file + ":" + std::to_string(line);
}

bool Origin::operator==(const Origin& other) const {
  if (line != other.line) return false;
  if (!file || !other.file) return !file && !other.file;
  return *file == *other.file;
}

Node Node::scalar(std::string text, bool quoted, Origin origin) {
  Node node;
  node.kind = NodeKind::scalar;
  node.text = std::move(text);
  node.quoted = quoted;
  node.origin = std::move(origin);
  return node;
}

Node Node::map(Origin origin) {
  Node node;
  node.kind = NodeKind::map;
  node.origin = std::move(origin);
  return node;
}

Node Node::list(Origin origin) {
  Node node;
  node.kind = NodeKind::list;
  node.origin = std::move(origin);
  return node;
}

const NodeEntry* Node::find_entry(std::string_view key) const {
  const auto found = std::ranges::find(entries, key, &NodeEntry::key);
  return found == entries.end() ? nullptr : &*found;
}

const Node& Node::map_at(std::string_view key) const {
  static const Node empty = Node::map();
  const Node* node = find(key);
  return node == nullptr || !node->is_map() ? empty : *node;
}

const Node* Node::find(std::string_view key) const {
  const NodeEntry* entry = find_entry(key);
  return entry == nullptr ? nullptr : &entry->value;
}

Node* Node::find(std::string_view key) {
  return const_cast<Node*>(std::as_const(*this).find(key));
}

Node& Node::put(std::string key, Node value, Origin key_origin) {
  ensure(is_map(), "a key is put into a map");
  if (Node* old = find(key)) return *old = std::move(value);
  entries.push_back({std::move(key), std::move(key_origin), std::move(value)});
  return entries.back().value;
}

bool Node::remove(std::string_view key) {
  return std::erase_if(entries, [&](const NodeEntry& entry) { return entry.key == key; }) > 0;
}

std::optional<std::string_view> Node::as_text() const {
  if (!is_scalar()) return std::nullopt;
  return text;
}

std::optional<bool> Node::as_boolean() const {
  if (!is_scalar() || quoted) return std::nullopt;
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

std::optional<std::int64_t> Node::as_integer() const {
  if (!is_scalar() || quoted) return std::nullopt;
  return parse_integer(text);
}

bool Node::operator==(const Node& other) const {
  return kind == other.kind && text == other.text && quoted == other.quoted &&
         entries == other.entries && items == other.items;
}

bool NodeEntry::operator==(const NodeEntry& other) const {
  return key == other.key && value == other.value;
}

namespace {

constexpr std::string_view kHex = "0123456789abcdef";

/// Only what must be escaped is: one text for one value.
void write_json_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

void write_canonical(std::string& out, const Node& node) {
  switch (node.kind) {
    case NodeKind::null:
      out += "null";
      return;
    case NodeKind::scalar:
      if (node.quoted) out += 'q';
      write_json_text(out, node.text);
      return;
    case NodeKind::map: {
      out += '{';
      bool first = true;
      for (const NodeEntry& entry : node.entries) {
        if (!std::exchange(first, false)) out += ',';
        write_json_text(out, entry.key);
        out += ':';
        write_canonical(out, entry.value);
      }
      out += '}';
      return;
    }
    case NodeKind::list: {
      out += '[';
      bool first = true;
      for (const Node& item : node.items) {
        if (!std::exchange(first, false)) out += ',';
        write_canonical(out, item);
      }
      out += ']';
      return;
    }
  }
}

/// Recursive descent over the canonical text; every function leaves `at_` at the fault.
class CanonicalReader {
 public:
  explicit CanonicalReader(std::string_view text) : text_(text) {}

  Result<Node> read() {
    Node node;
    if (!is_utf8(text_) || !read_node(node, 0) || at_ != text_.size())
      return refuse(ErrorCode::invalid, "definition.canonical", {{"offset", std::to_string(at_)}});
    return node;
  }

 private:
  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  bool read_node(Node& node, std::size_t depth) {
    if (depth > kLimits.definition_depth_max) return false;
    if (take("null")) return true;
    if (take("{")) return read_map(node, depth);
    if (take("[")) return read_list(node, depth);
    node.kind = NodeKind::scalar;
    node.quoted = take("q");
    return read_quoted(node.text);
  }

  bool read_map(Node& node, std::size_t depth) {
    node.kind = NodeKind::map;
    if (take("}")) return true;
    std::unordered_set<std::string> keys;
    do {
      NodeEntry entry;
      const std::size_t key_at = at_;
      if (!read_quoted(entry.key)) return false;
      if (!keys.insert(entry.key).second) {
        at_ = key_at;
        return false;
      }
      if (!take(":") || !read_node(entry.value, depth + 1)) return false;
      node.entries.push_back(std::move(entry));
    } while (take(","));
    return take("}");
  }

  bool read_list(Node& node, std::size_t depth) {
    node.kind = NodeKind::list;
    if (take("]")) return true;
    do {
      node.items.emplace_back();
      if (!read_node(node.items.back(), depth + 1)) return false;
    } while (take(","));
    return take("]");
  }

  bool read_quoted(std::string& text) {
    if (!take("\"")) return false;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\') {
        if (!read_escape(text)) return false;
      } else {
        text += c;
        ++at_;
      }
    }
    return false;
  }

  bool read_escape(std::string& text) {
    if (take("\\\"")) return text += '"', true;
    if (take("\\\\")) return text += '\\', true;
    if (text_.size() - at_ < 6 || text_.substr(at_, 4) != "\\u00") return false;
    const auto high = kHex.find(text_[at_ + 4]);
    const auto low = kHex.find(text_[at_ + 5]);
    if (high > 1 || low == std::string_view::npos) return false;
    text += static_cast<char>(high << 4 | low);
    at_ += 6;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::string canonical_text(const Node& node) {
  std::string out;
  write_canonical(out, node);
  return out;
}

Result<Node> node_from_canonical(std::string_view text) { return CanonicalReader(text).read(); }

}  // namespace gewu::kernel
