#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "gateway/base_map_options.h"
#include "gateway/gateway.h"

namespace gewu::gateway {

/// Somebody else's tiles over HTTP. The call carries nothing but the address.
std::unique_ptr<TileProvider> tile_provider(
    BaseMapOptions options, std::chrono::milliseconds timeout = std::chrono::seconds(5));

/// A file in the format PMTiles, version 3. `not_found` `file.absent` (`file`), `invalid`
/// `base_map.format` (`file`) for any other.
Result<std::unique_ptr<PartedFile>> tile_file(const std::string& path);

}  // namespace gewu::gateway
