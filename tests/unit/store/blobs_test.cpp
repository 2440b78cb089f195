// The shelf of files: named by what is inside, sealed, swept when nothing names it.
#include "base/spans.h"
#include "store/blobs.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/random.h"
#include "security/hash.h"
#include "store/memory_vault.h"

namespace gewu::store {
namespace {

namespace fs = std::filesystem;
constexpr Instant kNow{1'790'000'000'000};

class Shelf : public testing::Test {
 protected:
  Shelf() : random_(3), vault_(random_) {
    char name[] = "/tmp/gewu-blobs-XXXXXX";
    folder_ = ::mkdtemp(name);
  }
  ~Shelf() override { fs::remove_all(folder_); }

  std::string put(std::string_view content, Instant now = kNow) {
    const auto sha256 = blobs_().put(content, "image/png", now);
    return sha256 ? *sha256 : sha256.error().key;
  }
  std::string content_of(std::string_view sha256) {
    const auto blob = blobs_().read(sha256);
    return blob ? blob->content : blob.error().key;
  }
  std::string path_of(const std::string& sha256) const {
    return folder_ + "/files/" + sha256.substr(0, 2) + "/" + sha256;
  }
  std::string on_disk(const std::string& sha256) const {
    std::ifstream file(path_of(sha256), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(const std::string& sha256, std::string_view bytes) const {
    std::ofstream(path_of(sha256), std::ios::binary) << bytes;
  }
  /// As after a start.
  Blobs blobs_() { return Blobs(folder_ + "/files", vault_); }

  SeededRandom random_;
  MemoryVault vault_;
  std::string folder_;
};

TEST_F(Shelf, names_a_file_by_its_content_and_gives_it_back) {
  const std::string sha256 = put("what was sent");
  EXPECT_EQ(sha256, security::hex_encode(security::sha256("what was sent")));
  EXPECT_EQ(content_of(sha256), "what was sent");
  EXPECT_EQ(blobs_().read(sha256)->note, (BlobNote{"image/png", 13}));
  EXPECT_EQ(*blobs_().claim(sha256, kNow).value(), (BlobNote{"image/png", 13}));
}

TEST_F(Shelf, keeps_large_and_empty_ones) {
  const std::string large(3'000'000, 'x');
  EXPECT_EQ(content_of(put(large)), large);
  EXPECT_EQ(content_of(put("")), "");
}

TEST_F(Shelf, the_same_content_lies_there_once) {
  const std::string sha256 = put("twice");
  const std::string before = on_disk(sha256);
  EXPECT_EQ(put("twice"), sha256);
  EXPECT_EQ(on_disk(sha256), before);
}

TEST_F(Shelf, is_closed_to_others_and_shows_nothing_of_the_content) {
  const std::string sha256 = put("a face and a house number");
  EXPECT_EQ(on_disk(sha256).find("house"), std::string::npos);
  EXPECT_EQ(on_disk(sha256).find("image/png"), std::string::npos);
  struct stat found {};
  ASSERT_EQ(::stat(path_of(sha256).c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  ASSERT_EQ(::stat((folder_ + "/files").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
}

TEST_F(Shelf, only_a_hash_is_a_name) {
  put("something");
  std::ofstream(folder_ + "/secret") << "office.key";
  for (const std::string& name :
       {std::string(), std::string("../secret"), std::string("secret"), std::string(64, 'g'),
        std::string(64, 'A'), std::string(63, 'a'), std::string(65, 'a'),
        std::string(64, '/'), std::string(58, '.') + "secret"}) {
    EXPECT_EQ(content_of(name), "upload.absent") << name;
    EXPECT_FALSE(blobs_().claim(name, kNow).value()) << name;
  }
  EXPECT_EQ(content_of(std::string(64, 'a')), "upload.absent");
}

TEST_F(Shelf, every_single_changed_byte_is_seen) {
  const std::string sha256 = put("content");
  const std::string whole = on_disk(sha256);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    write(sha256, changed);
    EXPECT_EQ(content_of(sha256), "upload.broken") << i;
  }
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write(sha256, whole.substr(0, size));
    EXPECT_EQ(content_of(sha256), "upload.broken") << size;
  }
  write(sha256, whole);
  EXPECT_EQ(content_of(sha256), "content");
}

TEST_F(Shelf, one_file_in_the_place_of_another_is_seen) {
  const std::string mine = put("mine"), other = put("other");
  write(mine, on_disk(other));
  EXPECT_EQ(content_of(mine), "upload.broken");
  EXPECT_EQ(blobs_().claim(mine, kNow).error().key, "upload.broken");
}

TEST_F(Shelf, sweeps_what_is_old_and_unnamed) {
  const std::string old = put("old"), named = put("named");
  const std::string young = put("young", kNow + 2 * kMsPerHour);
  const std::string asked = put("asked");
  ASSERT_TRUE(blobs_().claim(asked, kNow + 2 * kMsPerHour).value());
  std::vector<std::string> used{named};
  EXPECT_EQ(blobs_().sweep(used, kNow + kMsPerHour).value(), 1u);
  EXPECT_EQ(content_of(old), "upload.absent");
  EXPECT_EQ(content_of(named), "named");
  EXPECT_EQ(content_of(young), "young");
  EXPECT_EQ(content_of(asked), "asked");
  EXPECT_EQ(blobs_().sweep(used, kNow + 3 * kMsPerHour).value(), 2u);
}

TEST_F(Shelf, sending_the_same_again_makes_it_young) {
  const std::string sha256 = put("again");
  put("again", kNow + 2 * kMsPerHour);
  EXPECT_EQ(blobs_().sweep({}, kNow + kMsPerHour).value(), 0u);
  EXPECT_EQ(content_of(sha256), "again");
}

TEST_F(Shelf, sweeps_halves_left_by_a_crash_and_nothing_foreign) {
  const std::string sha256 = put("whole");
  const std::string part = path_of(sha256) + ".77.1.part", foreign = folder_ + "/files/README";
  for (const std::string& path : {part, foreign}) std::ofstream(path) << "x";
  EXPECT_EQ(blobs_().sweep({sha256}, Instant{INT64_MAX}).value(), 1u);
  EXPECT_FALSE(fs::exists(part));
  EXPECT_TRUE(fs::exists(foreign));
}

TEST_F(Shelf, that_was_never_used_has_nothing_to_sweep) {
  EXPECT_EQ(blobs_().sweep({}, kNow).value(), 0u);
  EXPECT_FALSE(fs::exists(folder_ + "/files"));
}

}  // namespace
}  // namespace gewu::store
