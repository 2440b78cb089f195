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

/// A root (根签) of the journal: all its streams at one moment, and the root before it.
struct RootStatement {
  std::int64_t number = 0;           ///< 1, 2, 3 without a gap
  Instant at;
  std::vector<StreamRoot> streams;
  security::Sha256 previous{};       ///< hash of the root before; zeros for the first
  security::PublicKey key{};         ///< that signed it
  bool operator==(const RootStatement&) const = default;
  const StreamRoot* find_stream(std::string_view name) const;
};

/// A root as it is published: the bytes that were signed, and what they say.
struct SignedRoot {
  RootStatement statement;
  std::string text;                  ///< canonical JSON
  security::Signature signature{};
};

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
