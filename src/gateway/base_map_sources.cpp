#include "gateway/base_map_sources.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "gateway/http_call.h"

namespace gewu::gateway {

namespace {

constexpr std::string_view kPmtilesBegin("PMTiles\x03", 8);
constexpr std::uint64_t kPmtilesHeaderBytes = 127;

class HttpTileProvider : public TileProvider {
 public:
  HttpTileProvider(BaseMapOptions options, std::chrono::milliseconds timeout)
      : options_(std::move(options)), timeout_(timeout) {}

  Result<std::string> fetch(std::size_t layer, const TileNumber& number) override {
    auto target = parse_http_url(tile_url(options_, layer, number));
    if (!target) return refuse(ErrorCode::unavailable, "base_map.unreachable");
    // The address holds the key: no error says more of it than the host.
    const std::string host = target->host;
    auto reply = call_http({.target = std::move(*target), .headers = {{"Accept", "image/*"}}},
                           timeout_);
    if (!reply) return refuse(ErrorCode::unavailable, "base_map.unreachable", {{"host", host}});
    if (reply->status == 404 || reply->status == 204)
      return refuse(ErrorCode::not_found, "base_map.no_tile");
    if (reply->status != 200)
      return refuse(ErrorCode::unavailable, "base_map.refused",
                    {{"host", host}, {"status", std::to_string(reply->status)}});
    return std::move(reply->body);
  }

 private:
  const BaseMapOptions options_;
  const std::chrono::milliseconds timeout_;
};

class OpenFile : public PartedFile::Open {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() override { close(descriptor_); }

  bool look() {
    struct stat seen {};
    if (fstat(descriptor_, &seen) != 0 || !S_ISREG(seen.st_mode)) return false;
    bytes_ = static_cast<std::uint64_t>(seen.st_size);
    tag_ = std::to_string(seen.st_ino) + "-" + std::to_string(seen.st_size) + "-" +
           std::to_string(seen.st_mtim.tv_sec) + "." + std::to_string(seen.st_mtim.tv_nsec);
    return true;
  }
  std::uint64_t bytes() const override { return bytes_; }
  const std::string& tag() const override { return tag_; }

  Result<std::string> read(std::uint64_t from, std::size_t count) override {
    std::string part(count, '\0');
    std::size_t done = 0;
    while (done < count) {
      const ssize_t more = pread(descriptor_, part.data() + done, count - done,
                                 static_cast<off_t>(from + done));
      if (more < 0 && errno == EINTR) continue;
      if (more <= 0) return refuse(ErrorCode::unavailable, "base_map.file");
      done += static_cast<std::size_t>(more);
    }
    return part;
  }

 private:
  const int descriptor_;
  std::uint64_t bytes_ = 0;
  std::string tag_;
};

class DiskFile : public PartedFile {
 public:
  explicit DiskFile(std::string path) : path_(std::move(path)) {}

  Result<std::unique_ptr<Open>> open() override {
    const int descriptor = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return refuse(ErrorCode::unavailable, "base_map.file");
    auto file = std::make_unique<OpenFile>(descriptor);
    if (!file->look()) return refuse(ErrorCode::unavailable, "base_map.file");
    return std::unique_ptr<Open>(std::move(file));
  }

 private:
  const std::string path_;
};

}  // namespace

std::unique_ptr<TileProvider> tile_provider(BaseMapOptions options,
                                            std::chrono::milliseconds timeout) {
  return std::make_unique<HttpTileProvider>(std::move(options), timeout);
}

Result<std::unique_ptr<PartedFile>> tile_file(const std::string& path) {
  auto file = std::make_unique<DiskFile>(path);
  const auto opened = file->open();
  if (!opened) return refuse(ErrorCode::not_found, "file.absent", {{"file", path}});
  const auto wrong = [&] {
    return refuse(ErrorCode::invalid, "base_map.format", {{"file", path}});
  };
  if ((*opened)->bytes() < kPmtilesHeaderBytes) return wrong();
  const auto begin = (*opened)->read(0, kPmtilesBegin.size());
  if (!begin || *begin != kPmtilesBegin) return wrong();
  return std::unique_ptr<PartedFile>(std::move(file));
}

}  // namespace gewu::gateway
