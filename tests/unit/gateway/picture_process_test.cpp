// The child that reads foreign pictures: whatever becomes of it, the office learns "no picture".
#include "gateway/picture_process.h"

#include <gtest/gtest.h>
#include <png.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "gateway/picture_worker.h"

namespace gewu::gateway {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

std::unique_ptr<Pictures> shell(const std::string& script,
                                milliseconds time_max = milliseconds(20'000)) {
  PictureProcessOptions options;
  options.command = {"/bin/sh", "-c", script};
  options.time_max = time_max;
  return open_picture_process(options);
}
std::string said(const Result<std::string>& made) { return made ? *made : made.error().key; }
std::string redrawn(const std::string& script, std::string_view picture = "picture") {
  return said(shell(script)->redraw(picture));
}
/// None is left behind, neither running nor dead and unburied.
bool has_children() { return ::waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD; }

TEST(PictureProcess, gives_what_the_child_made) {
  EXPECT_EQ(redrawn("cat"), "picture");
  EXPECT_FALSE(has_children());
}

TEST(PictureProcess, carries_more_than_a_pipe_holds_both_ways) {
  const std::string large(5'000'000, 'x');
  EXPECT_EQ(redrawn("cat", large), large);
}

TEST(PictureProcess, tells_broken_and_too_large_apart) {
  EXPECT_EQ(redrawn("cat >/dev/null; exit 3"), "upload.picture");
  EXPECT_EQ(redrawn("cat >/dev/null; exit 4"), "upload.pixels");
  EXPECT_EQ(redrawn("cat; exit 1"), "upload.picture");
  EXPECT_EQ(redrawn("cat >/dev/null"), "upload.picture");  // said well, and made nothing
}

TEST(PictureProcess, a_child_that_is_killed_is_a_picture_that_cannot_be_drawn) {
  EXPECT_EQ(redrawn("echo half; kill -9 $$"), "upload.picture");
  EXPECT_EQ(redrawn("kill -SEGV $$", std::string(5'000'000, 'x')), "upload.picture");
  EXPECT_FALSE(has_children());
}

TEST(PictureProcess, a_child_that_takes_too_long_is_killed) {
  const auto began = Clock::now();
  EXPECT_EQ(said(shell("exec sleep 60", milliseconds(200))->redraw("picture")), "upload.picture");
  EXPECT_LT(Clock::now() - began, std::chrono::seconds(20));
  EXPECT_FALSE(has_children());
}

TEST(PictureProcess, a_child_that_lives_on_after_its_answer_is_killed) {
  EXPECT_EQ(said(shell("echo done; exec sleep 60 <&- >&-", milliseconds(300))->redraw("picture")),
            "upload.picture");
  EXPECT_FALSE(has_children());
}

TEST(PictureProcess, a_child_that_never_ends_its_answer_is_killed) {
  EXPECT_EQ(redrawn("exec yes"), "upload.picture");
  EXPECT_FALSE(has_children());
}

TEST(PictureProcess, a_child_gets_no_environment_and_no_descriptor_of_ours) {
  ::setenv("GEWU_SECRET", "told", 1);
  EXPECT_EQ(redrawn("cat >/dev/null; echo \"[$GEWU_SECRET]\"; ls /proc/self/fd | tr '\\n' ' '"),
            "[]\n0 1 2 3 ");  // 3: the folder that ls reads
  ::unsetenv("GEWU_SECRET");
}

TEST(PictureProcess, without_a_program_is_busy) {
  PictureProcessOptions options;
  options.command = {"/nonexistent/program"};
  EXPECT_EQ(said(open_picture_process(options)->redraw("picture")), "upload.busy");
}

TEST(PictureProcess, only_so_many_at_once) {
  PictureProcessOptions options;
  options.command = {"/bin/sh", "-c", "sleep 1; cat"};
  options.at_once_max = 1;
  options.wait_max = milliseconds(100);
  const auto pictures = open_picture_process(options);
  std::string first;
  std::thread other([&] { first = said(pictures->redraw("one")); });
  std::this_thread::sleep_for(milliseconds(300));
  EXPECT_EQ(said(pictures->redraw("two")), "upload.busy");
  other.join();
  EXPECT_EQ(first, "one");
  EXPECT_EQ(said(pictures->redraw("three")), "three");
}

std::string small_png() {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = image.height = 8;
  image.format = PNG_FORMAT_RGB;
  const std::vector<std::uint8_t> pixels(3 * 64, 90);
  png_alloc_size_t size = 0;
  png_image_write_to_memory(&image, nullptr, &size, 0, pixels.data(), 0, nullptr);
  std::string made(size, '\0');
  png_image_write_to_memory(&image, made.data(), &size, 0, pixels.data(), 0, nullptr);
  return made;
}

// This very executable is the worker too (below), as the program is.
TEST(PictureWorker, draws_under_lock) {
  const auto pictures = open_picture_process();
  const auto made = pictures->redraw(small_png());
  ASSERT_TRUE(made) << made.error().key;
  EXPECT_TRUE(made->starts_with("\x89PNG"));
  EXPECT_EQ(said(pictures->redraw("no picture")), "upload.picture");
  EXPECT_EQ(said(pictures->redraw("")), "upload.picture");
}

// A sanitizer needs its own files and terabytes of addresses, so that there is no lock under one.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(PictureWorker, is_locked_out_of_files_and_children) {
  PictureProcessOptions options;
  options.command = {"/proc/self/exe", "picture-worker-trying"};
  EXPECT_EQ(said(open_picture_process(options)->redraw("x")), "locked");
}
#endif

}  // namespace
}  // namespace gewu::gateway
