#include "gateway/file_witness.h"

#include <fcntl.h>
#include <unistd.h>

namespace gewu::gateway {

namespace {

class FileWitness : public Witness {
 public:
  explicit FileWitness(std::string path) : path_(std::move(path)) {}
  std::string name() const override { return "file:" + path_; }

  Status tell(const std::vector<std::string>& lines) override {
    const int file = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) return failed();
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    std::size_t written = 0;
    while (written < text.size()) {
      const auto count = ::write(file, text.data() + written, text.size() - written);
      if (count <= 0) break;
      written += static_cast<std::size_t>(count);
    }
    const bool durable = written == text.size() && ::fsync(file) == 0;
    ::close(file);
    return durable ? Status{} : failed();
  }

 private:
  Status failed() const {
    return refuse(ErrorCode::unavailable, "witness.file", {{"file", path_}});
  }
  std::string path_;
};

}  // namespace

std::unique_ptr<Witness> file_witness(std::string path) {
  return std::make_unique<FileWitness>(std::move(path));
}

}  // namespace gewu::gateway
