#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "security/secure_random.h"
#include "store/office_key.h"
#include "store/sqlite/sqlite_vault.h"

namespace gewu::store {

/// A folder of its own for each test, with data and secrets apart, gone afterwards.
class VaultOffice : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "gewu-vault-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    std::filesystem::create_directories(folder_ / "data");
    std::filesystem::create_directories(folder_ / "secrets");
    ASSERT_TRUE(create_office_key(places().office_key, random_));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  sqlite::VaultPlaces places() const {
    return {(folder_ / "data/keys.db").string(), (folder_ / "secrets/office.key").string(),
            (folder_ / "secrets/erased.log").string(), true};
  }
  std::unique_ptr<Vault> open() {
    auto vault = sqlite::open_vault(places(), random_);
    EXPECT_TRUE(vault) << (vault ? "" : vault.error().key);
    return vault ? std::move(*vault) : nullptr;
  }
  static std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// Everything that lies in the data folder now, one file after another.
  std::string all_data() const {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "data"))
      all += bytes_of(entry.path());
    return all;
  }
  static std::string text_of(const security::Key& key) {
    return {key.bytes().begin(), key.bytes().end()};
  }

  security::SecureRandom random_;
  std::filesystem::path folder_;
};

}  // namespace gewu::store
