#pragma once

#include "gateway/gateway.h"

namespace gewu::gateway {

/// A file elsewhere (a mounted share, a stick, a folder that another office backs up): a line is
/// added for each root, durable before it counts as told. Never written anew.
std::unique_ptr<Witness> file_witness(std::string path);

}  // namespace gewu::gateway
