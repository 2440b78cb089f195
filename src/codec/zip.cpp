#include "codec/zip.h"

#include <zip.h>

namespace gewu::codec {

namespace {

constexpr zip_int64_t kZipPartsMax = 10'000;

std::unexpected<Error> zip_broken(const std::string& kind, std::string_view part) {
  return refuse(ErrorCode::invalid, kind + ".form", {{"part", std::string(part)}});
}

}  // namespace

struct ZipArchive::Inside {
  struct Closer {
    void operator()(zip_t* archive) const { zip_discard(archive); }
  };

  std::unique_ptr<zip_t, Closer> archive;
  std::string kind;
  std::size_t bytes_max = 0, left = 0;
};

ZipArchive::ZipArchive(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
ZipArchive::ZipArchive(ZipArchive&&) noexcept = default;
ZipArchive::~ZipArchive() = default;

std::unexpected<Error> ZipArchive::broken(std::string_view part) const {
  return zip_broken(inside_->kind, part);
}

Result<ZipArchive> ZipArchive::open(std::string_view bytes, std::size_t bytes_max,
                                    std::string kind) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source == nullptr) return zip_broken(kind, "archive");
  std::unique_ptr<zip_t, Inside::Closer> archive(zip_open_from_source(source, ZIP_RDONLY, &error));
  if (!archive) {
    zip_source_free(source);
    return zip_broken(kind, "archive");
  }
  if (zip_get_num_entries(archive.get(), 0) > kZipPartsMax) return zip_broken(kind, "archive");
  auto inside = std::make_unique<Inside>(std::move(archive), std::move(kind), bytes_max, bytes_max);
  return ZipArchive(std::move(inside));
}

std::vector<std::string> ZipArchive::names() const {
  std::vector<std::string> names;
  const zip_int64_t count = zip_get_num_entries(inside_->archive.get(), 0);
  for (zip_int64_t at = 0; at < count; ++at)
    if (const char* name = zip_get_name(inside_->archive.get(), static_cast<zip_uint64_t>(at), 0))
      names.emplace_back(name);
  return names;
}

Result<std::optional<std::string>> ZipArchive::read(const std::string& name) {
  const zip_int64_t index = zip_name_locate(inside_->archive.get(), name.c_str(), 0);
  if (index < 0) return std::optional<std::string>();
  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(
      zip_fopen_index(inside_->archive.get(), static_cast<zip_uint64_t>(index), 0), zip_fclose);
  if (!file) return broken(name);
  std::string text;
  std::vector<char> block(1 << 16);
  for (;;) {
    const zip_int64_t got = zip_fread(file.get(), block.data(), block.size());
    if (got < 0) return broken(name);
    if (got == 0) return std::optional(std::move(text));
    // Counted as it comes out: what the archive says of its size is its own word.
    if (static_cast<std::size_t>(got) > inside_->left)
      return refuse(ErrorCode::too_large, inside_->kind + ".too_large",
                    {{"max", std::to_string(inside_->bytes_max)}});
    inside_->left -= static_cast<std::size_t>(got);
    text.append(block.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace gewu::codec
