#include "gateway/picture_worker.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define GEWU_SANITIZED 1
#else
#define GEWU_SANITIZED 0
#endif

namespace gewu::gateway {

namespace {

constexpr rlim_t kMemoryMax = 768UL * 1024 * 1024;
constexpr rlim_t kSecondsMax = 10;

#if defined(__x86_64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_AARCH64;
#elif defined(__riscv) && __riscv_xlen == 64
constexpr std::uint32_t kMachine = AUDIT_ARCH_RISCV64;
#elif defined(__loongarch64)
constexpr std::uint32_t kMachine = AUDIT_ARCH_LOONGARCH64;
#else
constexpr std::uint32_t kMachine = 0;  // unknown: by resource limits alone
#endif

bool limit(__rlimit_resource what, rlim_t to) {
  const rlimit both{to, to};
  return ::setrlimit(what, &both) == 0;
}

/// What remains of the system: reading and writing what is open, memory, and the end.
bool allow_few_calls() {
  if (kMachine == 0) return true;
  constexpr std::uint32_t kAllowed[] = {
      __NR_read,   __NR_write,      __NR_mmap,         __NR_munmap,     __NR_mremap,
      __NR_brk,    __NR_madvise,    __NR_mprotect,     __NR_exit_group, __NR_exit,
      __NR_futex,  __NR_rt_sigreturn, __NR_rt_sigprocmask, __NR_getrandom, __NR_clock_gettime};
  std::vector<sock_filter> filter{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kMachine, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
  };
  for (const std::uint32_t call : kAllowed) {
    filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1));
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  }
  filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

bool read_all(std::string& bytes) {
  bytes.resize(kFileLimits.file_bytes_max + 1);
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = ::read(STDIN_FILENO, bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  bytes.resize(size);
  return size > 0 && size <= kFileLimits.file_bytes_max;
}

bool write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

int draw() {
  std::string picture;
  if (!read_all(picture)) return kPictureBroken;
  const auto made = redraw_picture(picture);
  if (!made) return made.error().key == "upload.pixels" ? kPictureTooLarge : kPictureBroken;
  return write_all(*made) ? kPictureDrawn : kPictureBroken;
}

}  // namespace

bool lock_picture_worker() {
  // A sanitizer maps terabytes and reads its own maps: it is for tests, where nothing is foreign.
  const bool may_lock = GEWU_SANITIZED == 0;
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_DUMPABLE, 0) == 0 &&
         limit(RLIMIT_CPU, kSecondsMax) && limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) &&
         limit(RLIMIT_NPROC, 0) &&
         (!may_lock || (limit(RLIMIT_AS, kMemoryMax) && limit(RLIMIT_NOFILE, 0) &&
                        allow_few_calls()));
}

int run_picture_worker() {
  if (!lock_picture_worker()) return kPictureBroken;
  try {
    return draw();
  } catch (const std::bad_alloc&) {
    return kPictureBroken;
  }
}

}  // namespace gewu::gateway
