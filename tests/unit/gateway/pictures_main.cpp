// The tests' executable is the child too, as the program is: it is started anew by its own name.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string_view>

#include "gateway/picture_worker.h"

namespace {

/// Tries what a picture's reader must not be able to do, and says on its output what it could.
int try_the_lock() {
  if (!gewu::gateway::lock_picture_worker()) return gewu::gateway::kPictureBroken;
  std::string_view said = "locked";
  if (::open("/dev/null", O_RDONLY) >= 0) said = "opened a file";
  if (::open("/tmp/gewu-picture-worker", O_CREAT | O_WRONLY, 0600) >= 0) said = "made a file";
  if (::socket(AF_INET, SOCK_STREAM, 0) >= 0) said = "opened a socket";
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  if (child > 0) said = "had a child";
  char program[] = "/bin/true";
  char* arguments[] = {program, nullptr};
  if (::execv(program, arguments) == 0) said = "became another";
  return ::write(STDOUT_FILENO, said.data(), said.size()) > 0 ? gewu::gateway::kPictureDrawn
                                                              : gewu::gateway::kPictureBroken;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view verb = argc == 2 ? argv[1] : "";
  if (verb == "picture-worker") return gewu::gateway::run_picture_worker();
  if (verb == "picture-worker-trying") return try_the_lock();
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
