#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/instant.h"
#include "base/random.h"
#include "security/key.h"

namespace gewu::http {

/// Beats (签名心跳): with every answer a signed-in device gets the server's instant, signed for its
/// account. What it does without a net counts between the last beat that it has and the arrival
/// (language.md, late arrival): nobody can say that something was done before his device was last
/// heard of, or after it was sent.
class Beats {
 public:
  /// `key` signs; none: one that is forgotten with the process, and so are its beats.
  Beats(const security::Key* key, Random& random);

  /// `MILLISECONDS.SIGNATURE`.
  std::string beat_of(AccountId account, Instant now) const;
  /// The instant of a beat; nothing for one that was not given to this account here.
  std::optional<Instant> instant_of(std::string_view beat, AccountId account) const;

  /// What lies on the account's devices is sealed under this key (设备密钥), 32 bytes in hex. It is
  /// the same each time, so that a device that dropped it can open what waits there once its owner
  /// has signed in again (docs/decisions/offline.md).
  std::string device_key_of(AccountId account) const;

 private:
  std::string signature_of(std::int64_t ms, AccountId account) const;

  const security::Key key_, device_;
};

}  // namespace gewu::http
