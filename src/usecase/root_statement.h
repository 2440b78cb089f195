#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "security/hash.h"
#include "security/signature.h"

namespace gewu::usecase {

/// How far one stream of the journal had come.
struct StreamRoot {
  std::string name;
  std::int64_t size = 0;             ///< lines
  security::Sha256 head{};           ///< hash of the last line
  security::Sha256 tree{};           ///< RFC 6962 root over the leaves of all lines
  bool operator==(const StreamRoot&) const = default;
};

/// How far a log beside the journal had come (docs/decisions/logs.md).
struct LogRoot {
  std::string name;
  std::int64_t size = 0;             ///< lines ever written
  security::Sha256 head{};           ///< hash of the last one
  bool operator==(const LogRoot&) const = default;
};

/// A root (根签) of the journal: all its streams at one moment, the logs beside it, and the root
/// before it.
struct RootStatement {
  std::int64_t number = 0;           ///< 1, 2, 3 without a gap
  Instant at;
  std::vector<StreamRoot> streams;
  std::vector<LogRoot> logs;         ///< none in roots of before there were any, nor in their text
  security::Sha256 previous{};       ///< hash of the root before; zeros for the first
  security::PublicKey key{};         ///< that signed it
  bool operator==(const RootStatement&) const = default;
  const StreamRoot* find_stream(std::string_view name) const;
  const LogRoot* find_log(std::string_view name) const;
};

/// A root as it is published: the bytes that were signed, and what they say.
struct SignedRoot {
  RootStatement statement;
  std::string text;                  ///< canonical JSON
  security::Signature signature{};
};

/// Whether the logs of a root only add to those of an earlier one: none is missing or shorter, and
/// one that did not grow has the same last line.
bool logs_follow(const RootStatement& earlier, const RootStatement& later);

SignedRoot sign_statement(const security::Key& seed, RootStatement statement);
/// The hash by which a root is known: stands in the next one, and in print.
security::Sha256 hash_of(const SignedRoot& root);
/// One line: {"root":{…},"signature":"…"}.
std::string line_of(const SignedRoot& root);

/// `invalid` `root.form` for anything but what `sign_statement` writes, byte for byte;
/// `root.signature` when the signature is not that of the key it names.
Result<SignedRoot> read_signed(std::string_view text, const security::Signature& signature);
Result<SignedRoot> read_root_line(std::string_view line);

}  // namespace gewu::usecase
