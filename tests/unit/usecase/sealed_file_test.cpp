#include "cli/sealed_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cli/files.h"

namespace gewu::cli {
namespace {

namespace fs = std::filesystem;

class SealedFile : public ::testing::Test {
 protected:
  void SetUp() override {
    folder = fs::temp_directory_path() / ("gewu_sealed_" + std::to_string(getpid()));
    fs::create_directories(folder);
  }
  void TearDown() override { fs::remove_all(folder); }
  std::string at(const char* name) const { return (folder / name).string(); }
  std::string read(const char* name) const { return *read_file(at(name), 64 << 20); }
  void write(const char* name, std::string_view bytes) {
    ASSERT_TRUE(write_file(at(name), bytes));
  }

  fs::path folder;
  SeededRandom random{3};
  security::Key key = security::Key::generate(random);
};

TEST_F(SealedFile, gives_back_the_bytes_of_any_length) {
  for (const std::size_t size : {0u, 1u, 1024u * 1024u, 1024u * 1024u + 1, 3'000'000u}) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random.below(256));
    write("clear", bytes);
    ASSERT_TRUE(seal_file(at("clear"), at("sealed"), key, random)) << size;
    ASSERT_TRUE(open_sealed_file(at("sealed"), at("again"), key)) << size;
    EXPECT_EQ(read("again"), bytes);
  }
}

TEST_F(SealedFile, what_was_cut_moved_or_changed_does_not_open) {
  write("clear", std::string(2'500'000, 'x'));
  ASSERT_TRUE(seal_file(at("clear"), at("sealed"), key, random));
  const std::string sealed = read("sealed");
  EXPECT_EQ(sealed.find("xxxxxxxx"), std::string::npos);
  constexpr std::size_t kHead = 14, kBox = 1024 * 1024 + 29;
  std::string swapped = sealed;
  swapped.replace(kHead, kBox, sealed.substr(kHead + kBox, kBox));
  std::string flipped = sealed;
  flipped[kHead + 1'000] ^= 1;
  for (const std::string& wrong : {sealed.substr(0, kHead + kBox), sealed.substr(0, kHead + 2 * kBox),
                                   swapped, flipped, sealed.substr(0, 5)}) {
    write("wrong", wrong);
    EXPECT_FALSE(open_sealed_file(at("wrong"), at("again"), key));
  }
  const security::Key other = security::Key::generate(random);
  EXPECT_EQ(open_sealed_file(at("sealed"), at("again"), other).error().key, "sealed_box.broken");
  EXPECT_EQ(open_sealed_file(at("nothing"), at("again"), key).error().key, "file.absent");
}

}  // namespace
}  // namespace gewu::cli
