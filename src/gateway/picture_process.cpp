#include "gateway/picture_process.h"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "base/file_limits.h"
#include "gateway/picture_worker.h"

namespace gewu::gateway {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kAnswerBytesMax = 32 * 1024 * 1024;

/// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

/// The child with nothing of ours: one socket as its input and output, no environment, no signals
/// blocked.
std::optional<pid_t> start(const std::vector<std::string>& command, int socket) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, socket, STDOUT_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  std::vector<std::string> words = command;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  char* environment[] = {nullptr};
  pid_t child = 0;
  const int failed = posix_spawn(&child, arguments[0], &actions, &attributes, arguments.data(),
                                 environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return std::nullopt;
  return child;
}

std::chrono::milliseconds left_until(Clock::time_point end) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
}

/// Sends all of the picture and takes all of the answer; false when time is up or the answer has
/// no end.
bool converse(int socket, std::string_view picture, std::string& answer, Clock::time_point end) {
  char piece[64 * 1024];
  bool sends = true;
  for (;;) {
    const auto left = left_until(end).count();
    if (left <= 0) return false;
    pollfd wait{socket, static_cast<short>(POLLIN | (sends ? POLLOUT : 0)), 0};
    if (::poll(&wait, 1, static_cast<int>(left)) < 0 && errno != EINTR) return false;
    if (sends && (wait.revents & (POLLOUT | POLLERR | POLLHUP)) != 0) {
      const auto sent =
          ::send(socket, picture.data(), picture.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) picture.remove_prefix(static_cast<std::size_t>(sent));
      const bool is_deaf = sent < 0 && errno != EAGAIN && errno != EINTR;
      if (picture.empty() || is_deaf) {
        sends = false;
        ::shutdown(socket, SHUT_WR);
      }
    }
    if ((wait.revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
    const auto got = ::recv(socket, piece, sizeof piece, MSG_DONTWAIT);
    if (got == 0) return true;
    if (got < 0 && errno != EAGAIN && errno != EINTR) return true;
    if (got > 0) answer.append(piece, static_cast<std::size_t>(got));
    if (answer.size() > kAnswerBytesMax) return false;
  }
}

/// Its status. A child that has said all and goes on living is killed too.
int bury(pid_t child, Clock::time_point end) {
  const Descriptor watched(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  pollfd wait{watched.number(), POLLIN, 0};
  int ready = watched.number() < 0 ? 1 : -1;  // a kernel that cannot watch: wait without an end
  while (ready < 0) {
    const auto left = std::max<std::int64_t>(left_until(end).count(), 0);
    ready = ::poll(&wait, 1, static_cast<int>(left));
    if (ready < 0 && errno != EINTR) break;
  }
  if (ready <= 0) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

class PictureProcess : public Pictures {
 public:
  explicit PictureProcess(PictureProcessOptions options) : options_(std::move(options)) {}

  Result<std::string> redraw(std::string_view picture) override {
    const Turn turn(*this);
    if (!turn.taken) return refuse(ErrorCode::unavailable, "upload.busy");
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
      return refuse(ErrorCode::unavailable, "upload.busy");
    Descriptor ours(ends[0]), theirs(ends[1]);
    const auto child = start(options_.command, theirs.number());
    if (!child) return refuse(ErrorCode::unavailable, "upload.busy");
    theirs.close();
    std::string answer;
    const auto end = Clock::now() + options_.time_max;
    const bool ended = converse(ours.number(), picture, answer, end);
    if (!ended) ::kill(*child, SIGKILL);
    const int status = bury(*child, end);
    const int said = ended && WIFEXITED(status) ? WEXITSTATUS(status) : kPictureBroken;
    if (said == kPictureTooLarge)
      return refuse(ErrorCode::invalid, "upload.pixels",
                    {{"max", std::to_string(kFileLimits.picture_pixels_max)}});
    // Killed, out of memory or time, or simply no picture: to the sender it is the same.
    if (said != kPictureDrawn || answer.empty())
      return refuse(ErrorCode::invalid, "upload.picture");
    return answer;
  }

 private:
  /// One of the few that may run at the same time.
  struct Turn {
    explicit Turn(PictureProcess& of) : process(of) {
      std::unique_lock lock(process.mutex_);
      taken = process.free_.wait_for(lock, process.options_.wait_max, [&] {
        return process.running_ < process.options_.at_once_max;
      });
      if (taken) ++process.running_;
    }
    ~Turn() {
      if (!taken) return;
      {
        const std::lock_guard lock(process.mutex_);
        --process.running_;
      }
      process.free_.notify_one();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

    PictureProcess& process;
    bool taken = false;
  };

  const PictureProcessOptions options_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::size_t running_ = 0;
};

}  // namespace

std::unique_ptr<Pictures> open_picture_process(PictureProcessOptions options) {
  return std::make_unique<PictureProcess>(std::move(options));
}

}  // namespace gewu::gateway
