#include "security/chain.h"

namespace gewu::security {

namespace {

// The closing zero ends each label, so that none is the beginning of another.
constexpr std::string_view kStart{"gewu/journal/start/1\0", 21};
constexpr std::string_view kEvent{"gewu/journal/event/1\0", 21};

}  // namespace

Sha256 chain_start(std::string_view stream) {
  return sha256({view_of(kStart), view_of(stream)});
}

Sha256 chain_next(const Sha256& previous, ByteView event) {
  return sha256({view_of(kEvent), previous, event});
}

bool chain_follows(const Sha256& previous, ByteView event, const Sha256& hash) {
  return chain_next(previous, event) == hash;
}

}  // namespace gewu::security
