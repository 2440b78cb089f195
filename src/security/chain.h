#pragma once

#include "security/hash.h"

namespace gewu::security {

/// The hash that stands before the first event of a stream: no two streams begin alike, so the
/// events of one cannot be passed off as those of another.
Sha256 chain_start(std::string_view stream);

/// The hash of an event: SHA-256 over a label, the hash before it, and its canonical bytes.
/// The label keeps it apart from every other hash of ours (Merkle nodes, tokens, requests).
Sha256 chain_next(const Sha256& previous, ByteView event);

/// Whether `hash` is that of `event` after `previous`: one step of verifying a journal.
bool chain_follows(const Sha256& previous, ByteView event, const Sha256& hash);

}  // namespace gewu::security
