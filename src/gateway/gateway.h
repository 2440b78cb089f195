#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/result.h"

// The ports to the outside. Adapters: file_witness.h, webhook_witness.h, openid_provider.h,
// base_map_sources.h, messengers.h.

namespace gewu::gateway {

/// A witness (见证方): somebody outside who keeps the signed roots of the journal, so that whoever
/// holds the machine cannot write another past. Told at least once of each root, in order.
class Witness {
 public:
  virtual ~Witness() = default;
  /// Under which the office remembers what it has been told.
  virtual std::string name() const = 0;
  /// Each line is one signed root, without a line end; all or nothing as far as can be known.
  virtual Status tell(const std::vector<std::string>& lines) = 0;
};

/// What somebody outside is told.
struct OutwardMessage {
  std::string id;                ///< the same when it is sent again
  std::string to;                ///< phone number
  std::vector<std::pair<std::string, std::string>> text;   ///< by language, ready to be sent
  std::string link;              ///< where he answers; empty: nothing is asked
};

/// Who carries messages to people outside (消息发送方): an SMS gateway, an official account.
class Messenger {
 public:
  virtual ~Messenger() = default;
  /// Taken over when it returns. `unavailable` `messenger.unavailable`: to be tried again; `invalid`
  /// `messenger.refused`: never.
  virtual Status send(const OutwardMessage& message) = 0;
};

/// Who somebody is, as an identity provider says.
struct Identity {
  std::string login;             ///< the claim that the office takes for the login
  bool with_second_factor = false;   ///< the provider says that it asked for more than a password
};

/// What one sign-in carries there and back. All three are secrets of the browser that began it.
struct SignInSecrets {
  std::string state, nonce, verifier;
};

/// An identity provider (身份提供方): another system that knows the staff and signs them in.
class IdentityProvider {
 public:
  virtual ~IdentityProvider() = default;
  /// As the button names it, by language.
  virtual const std::vector<std::pair<std::string, std::string>>& label() const = 0;
  /// Where the browser is sent. `unavailable` `sso.unavailable`.
  virtual Result<std::string> begin(const SignInSecrets& secrets) = 0;
  /// Who came back with this code. `unauthenticated` `sso.answer` when it cannot be believed,
  /// `unavailable` `sso.unavailable`.
  virtual Result<Identity> finish(const std::string& code, const SignInSecrets& secrets,
                                  Instant now) = 0;
};

/// One picture of the ground (瓦片) in the usual division of the world (Web Mercator): 2^zoom columns
/// from 180° west, as many rows from the north.
struct TileNumber {
  int zoom = 0;
  std::int64_t column = 0, row = 0;
};

/// A provider of tiles (瓦片服务): draws the ground under our boundaries. It is told the number of a
/// tile and nothing of who asks. Any number of threads.
class TileProvider {
 public:
  virtual ~TileProvider() = default;
  /// One call, its bytes as they came. `not_found` `base_map.no_tile` where it has none;
  /// `unavailable` `base_map.unreachable` without an answer, `base_map.refused` (`status`) for one
  /// that is no tile.
  virtual Result<std::string> fetch(std::size_t layer, const TileNumber& number) = 0;
};

/// A file that is read in parts while it is served.
class PartedFile {
 public:
  virtual ~PartedFile() = default;
  /// The file as it was when it was opened, whatever is put in its place meanwhile.
  class Open {
   public:
    virtual ~Open() = default;
    virtual std::uint64_t bytes() const = 0;
    virtual const std::string& tag() const = 0;   ///< another one as soon as it was changed
    /// `unavailable` `base_map.file` when it has become shorter.
    virtual Result<std::string> read(std::uint64_t from, std::size_t count) = 0;
  };
  /// `unavailable` `base_map.file` when it is gone.
  virtual Result<std::unique_ptr<Open>> open() = 0;
};

}  // namespace gewu::gateway
