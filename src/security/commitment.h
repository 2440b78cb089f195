#pragma once

#include "security/hash.h"
#include "security/key.h"

namespace gewu::security {

/// What a commitment is made with; derived from a matter's key and gone with it.
class CommitmentSalt {
 public:
  explicit CommitmentSalt(const Key& matter_key);
  ByteView bytes() const { return salt_.bytes(); }

 private:
  Key salt_;
};

/// Commitment (承诺值): HMAC-SHA-256 of a value under the salt. It stands in the journal beside
/// the sealed value, so that the chain proves what was written. When the key is destroyed nobody
/// can try values against it any more, not even the few millions of phone numbers, and the chain
/// stays whole. `context` says where the value belongs; equal values in one context of one matter
/// have equal commitments.
Sha256 commit_value(const CommitmentSalt& salt, ByteView context, ByteView value);
bool verify_commitment(const CommitmentSalt& salt, ByteView context, ByteView value,
                       const Sha256& commitment);

}  // namespace gewu::security
