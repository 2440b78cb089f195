#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// The neutral tree of a definition file: what codec/yaml gives, what overlays are merged on and
// what the checker reads. It knows no YAML, so that a server can load the stored canonical text.

namespace gewu::kernel {

/// Where something was written. Travels with the node through overlays, so that every refusal
/// can say file:line. Line 0 and no file: not from a file.
struct Origin {
  std::shared_ptr<const std::string> file;
  int line = 0;

  /// "systems/appeals/appeal.yaml:12"; "" for an origin that is not from a file.
  std::string text() const;
  /// Compares the names of the files, not the pointers.
  bool operator==(const Origin& other) const;
};

enum class NodeKind { null, scalar, map, list };

struct NodeEntry;

/// A value of a definition. Scalars stay text: what `true`, `5 day_working` or `2026-09-24` mean
/// is decided by the key they stand under.
struct Node {
  NodeKind kind = NodeKind::null;
  std::string text;                ///< scalar
  bool quoted = false;             ///< scalar: stood in quotes or as a block, so "true" is a text
  std::vector<NodeEntry> entries;  ///< map, in the order written; keys are unique
  std::vector<Node> items;         ///< list
  Origin origin;

  static Node scalar(std::string text, bool quoted = false, Origin origin = {});
  static Node map(Origin origin = {});
  static Node list(Origin origin = {});

  bool is_null() const { return kind == NodeKind::null; }
  bool is_scalar() const { return kind == NodeKind::scalar; }
  bool is_map() const { return kind == NodeKind::map; }
  bool is_list() const { return kind == NodeKind::list; }

  /// The value under a key; null when this is no map or has no such key.
  const Node* find(std::string_view key) const;
  /// The map under that key; an empty one when there is none.
  const Node& map_at(std::string_view key) const;
  Node* find(std::string_view key);
  const NodeEntry* find_entry(std::string_view key) const;
  /// Replaces the value under a key, or adds the key at the end; this must be a map.
  Node& put(std::string key, Node value, Origin key_origin = {});
  /// Whether there was such a key.
  bool remove(std::string_view key);

  /// The text of a scalar, quoted or not.
  std::optional<std::string_view> as_text() const;
  /// Only a plain `true` or `false`; yes, no, on, off, True are texts.
  std::optional<bool> as_boolean() const;
  /// Only a plain whole number.
  std::optional<std::int64_t> as_integer() const;

  /// Equal content, wherever it was written.
  bool operator==(const Node& other) const;
};

struct NodeEntry {
  std::string key;
  Origin origin;
  Node value;

  /// Equal content, wherever it was written.
  bool operator==(const NodeEntry& other) const;
};

/// The one text of a node (定义的规范文本): keys in their order, no white space, no origins.
/// The SHA-256 of an effective definition is taken of these bytes. Like JSON, but a scalar that
/// was quoted in its file is q"…", because `'; '` and `Column` differ in meaning.
std::string canonical_text(const Node& node);

/// Reads exactly what canonical_text writes: one node, one text. Anything else is refused with
/// `definition.canonical` (detail `offset`, in bytes). The origins are empty.
Result<Node> node_from_canonical(std::string_view text);

}  // namespace gewu::kernel
