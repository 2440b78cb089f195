#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kernel/matter/node.h"

// What the checker says about definitions (language.md 2.10): a stable key, file and line, and what
// to do. An error keeps a definition from being published; a warning does not.

namespace gewu::kernel {

enum class Severity { error, warning };
const char* to_text(Severity severity);

/// One finding. `details` name what was meant: `name`, `field`, `action`, `state`, `where`…
struct Message {
  Severity severity = Severity::error;
  std::string key;                   ///< "definition.unknown_key", "expression.name"
  std::string file;                  ///< empty: not from a file
  int line = 0;
  std::vector<ErrorDetail> details;
  bool operator==(const Message&) const = default;
};

/// "systems/a/b.yaml:12: error: definition.unknown_key (where=actions.submit, name=form): …".
std::string to_line(const Message& message);

/// What a writer of definitions should do about a message with this key, in one sentence of
/// English; empty for a key that is not in the table of definition_message.cpp.
std::string_view advice(std::string_view key);
/// Every key that the reader, the overlay and the checks may give.
std::vector<std::string_view> message_keys();

/// Collects findings, all in one pass. The same finding at the same place is kept once: a type is
/// checked again in every locality that practises it.
class Messages {
 public:
  void error(std::string_view key, const Origin& origin, std::vector<ErrorDetail> details = {});
  void warning(std::string_view key, const Origin& origin, std::vector<ErrorDetail> details = {});
  /// An error of another room (an expression, a calendar), with its own key and details.
  void error(const Error& error, const Origin& origin);
  void add(Message message);

  bool has_errors() const;
  std::size_t error_count() const;
  const std::vector<Message>& all() const { return messages_; }
  /// By file and line.
  std::vector<Message> sorted() const;

 private:
  std::vector<Message> messages_;
};

}  // namespace gewu::kernel
