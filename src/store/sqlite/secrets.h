#pragma once

#include <map>
#include <string>

#include "base/random.h"
#include "codec/json.h"
#include "kernel/matter/matter.h"
#include "security/commitment.h"
#include "store/vault.h"

// Between values and the vault: how a personal value stands in the journal and a sealed one in
// the snapshot (engine.md 3).

namespace gewu::store::sqlite {

/// The purpose under which second factors are sealed.
inline constexpr std::string_view kSecondFactor = "second_factor";

class Secrets {
 public:
  Secrets(Vault& vault, Random& random) : vault_(vault), random_(random) {}

  /// {"box":…,"commitment":…}: the value encrypted with its matter's key, and HMAC-SHA-256 of it
  /// under a salt derived from that key.
  Result<std::string> hide_recorded(MatterId matter, const kernel::RecordedValue& value);
  /// Erased when the key is gone.
  Result<kernel::Value> open_recorded(MatterId matter, const kernel::Name& field,
                                      std::uint8_t key_slot, const codec::Json& hidden);

  /// The snapshot with every sealed field as a Sealed box of its own: what came in clear is boxed,
  /// and what was copied from another matter without being opened is boxed anew with this one's
  /// keys.
  Result<kernel::SnapshotPtr> seal_fields(const kernel::SnapshotPtr& snapshot);
  /// What a Sealed box of the snapshot holds; Erased when the key is gone.
  /// `internal` `journal.box` for a box that was sealed for another matter or field: somebody
  /// moved it there by hand.
  Result<kernel::Value> open_sealed(MatterId matter, const kernel::FieldSpec& field,
                                    const kernel::Sealed& sealed);

  /// The end of a transaction of the writer, whichever way.
  Status flush();
  void abandon();
  /// A matter that the transaction opens: no key of it can be there.
  void note_opening(MatterId matter) { opening_ = matter; }
  /// Of a key that is about to be destroyed.
  void forget(KeySlot slot);
  Vault& vault() { return vault_; }

 private:
  /// What a box belongs to. A Sealed box says it in front of its bytes, so that it can be copied
  /// unopened: `MATTER:SLOT:FIELD:BASE64`.
  struct Origin {
    MatterId matter;
    std::string field;
    std::uint8_t key_slot = 0;
    bool operator==(const Origin&) const = default;
  };
  struct OpenBox {
    Origin origin;
    std::string_view bytes;
  };
  static Result<OpenBox> read_sealed(const kernel::Sealed& sealed);

  /// A key in use with what is derived from it: a matter's values are sealed one after the other.
  struct WritingKey {
    security::Key key;
    security::CommitmentSalt salt;
  };
  Result<const WritingKey*> writing_key(KeySlot slot);

  Result<std::string> box(const Origin& origin, const kernel::Value& value,
                          std::string* commitment);
  Result<kernel::Sealed> seal(const Origin& origin, const kernel::Value& value);
  Result<kernel::Value> unbox(const Origin& origin, std::string_view box,
                              const std::string* commitment);
  Result<kernel::Value> open(const kernel::Sealed& sealed);

  Vault& vault_;
  Random& random_;
  MatterId opening_;
  std::map<KeySlot, WritingKey> writing_keys_;  ///< of the writer's transaction alone
};

}  // namespace gewu::store::sqlite
