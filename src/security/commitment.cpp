#include "security/commitment.h"

namespace gewu::security {

CommitmentSalt::CommitmentSalt(const Key& matter_key)
    : salt_(matter_key.derive("gewu/commitment/1")) {}

Sha256 commit_value(const CommitmentSalt& salt, ByteView context, ByteView value) {
  Bytes frame;
  append_u64(frame, context.size());
  return hmac_sha256(salt.bytes(), {frame, context, value});
}

bool verify_commitment(const CommitmentSalt& salt, ByteView context, ByteView value,
                       const Sha256& commitment) {
  return equal_constant_time(commit_value(salt, context, value), commitment);
}

}  // namespace gewu::security
