#include "cli/sealed_file.h"

#include <fstream>
#include <vector>

#include "security/sealed_box.h"

namespace gewu::cli {

namespace {

constexpr std::size_t kBlock = 1024 * 1024;
constexpr std::string_view kMagic = "gewu-backup-1\n";

security::Bytes context_of(std::uint64_t index, bool is_last) {
  security::Bytes context;
  security::append_part(context, security::view_of("gewu backup"));
  security::append_u64(context, index);
  security::append_u64(context, is_last ? 1 : 0);
  return context;
}

/// Up to `size` bytes; fewer at the end of the file.
security::Bytes read_block(std::ifstream& file, std::size_t size) {
  security::Bytes block(size);
  file.read(reinterpret_cast<char*>(block.data()), static_cast<std::streamsize>(size));
  block.resize(static_cast<std::size_t>(file.gcount()));
  return block;
}

void write_block(std::ofstream& file, const security::Bytes& block) {
  file.write(reinterpret_cast<const char*>(block.data()),
             static_cast<std::streamsize>(block.size()));
}

Status finish(std::ofstream& file, const std::string& path) {
  file.close();
  if (!file) return refuse(ErrorCode::unavailable, "file.write", {{"file", path}});
  return {};
}

}  // namespace

Status seal_file(const std::string& from, const std::string& to, const security::Key& key,
                 Random& random) {
  std::ifstream source(from, std::ios::binary);
  if (!source) return absent(from);
  std::ofstream target(to, std::ios::binary | std::ios::trunc);
  target << kMagic;
  security::Bytes block = read_block(source, kBlock);
  for (std::uint64_t index = 0;; ++index) {
    security::Bytes next = read_block(source, kBlock);
    const bool is_last = next.empty();
    write_block(target, security::seal(key, context_of(index, is_last), block, random));
    if (is_last) break;
    block = std::move(next);
  }
  return finish(target, to);
}

Status open_sealed_file(const std::string& from, const std::string& to,
                        const security::Key& key) {
  std::ifstream source(from, std::ios::binary);
  if (!source) return absent(from);
  std::string magic(kMagic.size(), '\0');
  source.read(magic.data(), static_cast<std::streamsize>(magic.size()));
  if (magic != kMagic) return refuse(ErrorCode::invalid, "backup.form", {{"file", from}});
  std::ofstream target(to, std::ios::binary | std::ios::trunc);
  security::Bytes box = read_block(source, kBlock + security::kSealedBoxExtra);
  for (std::uint64_t index = 0;; ++index) {
    security::Bytes next = read_block(source, kBlock + security::kSealedBoxExtra);
    const bool is_last = next.empty();
    GEWU_TRY(block, security::open(key, context_of(index, is_last), box));
    write_block(target, block);
    if (is_last) break;
    box = std::move(next);
  }
  return finish(target, to);
}

}  // namespace gewu::cli
