#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "base/result.h"

namespace gewu::codec {

/// The value of a detail; "" when the error has none of that name.
inline std::string detail(const Error& error, std::string_view name) {
  for (const ErrorDetail& each : error.details)
    if (each.name == name) return each.value;
  return {};
}

/// "key" of the error of a Result; "" for a value.
template <typename Value>
std::string key_of(const Result<Value>& result) {
  return result ? std::string() : result.error().key;
}

/// Folder of documents and data beside the repository.
inline std::filesystem::path shared_folder() {
  const char* named = std::getenv("GEWU_SHARED");
  return named != nullptr ? std::filesystem::path(named)
                          : std::filesystem::path(GEWU_SOURCE_DIR) / "../shared";
}

inline std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace gewu::codec
