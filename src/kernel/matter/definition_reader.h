#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/matter/definition.h"
#include "kernel/matter/definition_message.h"
#include "kernel/matter/node.h"

// Small steps of reading a node, each with its complaint. Inside the definition files only.

namespace gewu::kernel {

/// A name with the place where it was written.
struct WrittenName {
  Name name;
  Origin origin;
};

/// Where in a definition we are, for messages: "appeal.actions.submit".
std::string inside(std::string_view where, std::string_view key);

/// Complains of keys that are neither known nor of a later system (`definition.later`).
void check_keys(const Node& map, std::initializer_list<std::string_view> known,
                std::initializer_list<std::string_view> later, std::string_view where,
                Messages& messages);

/// The value under a key if it is a map; else nothing, with a complaint when it is something else.
const Node* find_map(const Node& map, std::string_view key, std::string_view where,
                     Messages& messages);
bool expect_map(const Node& node, std::string_view where, Messages& messages);

bool read_boolean(const Node& map, std::string_view key, bool otherwise, std::string_view where,
                  Messages& messages);
std::optional<std::int64_t> read_integer(const Node& map, std::string_view key,
                                         std::string_view where, Messages& messages);
/// A scalar's text; nothing when the key is absent.
std::optional<std::string> read_text(const Node& map, std::string_view key, std::string_view where,
                                     Messages& messages);
/// The same, but a name: [a-z][a-z0-9_]*, with dots where `dotted`.
Name read_name(const Node& map, std::string_view key, std::string_view where, Messages& messages);
/// A name or a list of names.
std::vector<WrittenName> read_names(const Node& map, std::string_view key, std::string_view where,
                                    Messages& messages);
std::optional<Limit> read_limit(const Node& map, std::string_view key, std::string_view where,
                                Messages& messages);

/// A label: a word (zh) or `{zh, ko, en}`. Absent: empty, and no complaint.
Label read_label(const Node& map, std::string_view where, Messages& messages);
/// The same; a label that is missing is an error (`definition.label_missing`).
Label need_label(const Node& map, const Origin& origin, std::string_view where,
                 Messages& messages);
Label label_of(const Node& node, std::string_view where, Messages& messages);

/// Whether a name has the form of one.
void check_name_form(std::string_view name, const Origin& origin, std::string_view where,
                     Messages& messages);
/// The same for a name that expressions read: it may hide no fixed name.
void check_new_name(std::string_view name, const Origin& origin, std::string_view where,
                    Messages& messages);

/// Names that expressions keep for themselves.
bool is_fixed_name(std::string_view name);
/// Names of every matter: id, number, state, owner…
bool is_built_in_field(std::string_view name);
/// What a column of a view, an order or `see` may name beside own fields and sets.
std::vector<std::string_view> built_in_fields();
/// The built-in actions of every matter: note, claim, release, reroute, unseal, erase.
bool is_built_in_action(std::string_view name);
/// Refusal names that conditions in `must` may not take.
bool is_built_in_refusal(std::string_view name);

}  // namespace gewu::kernel
