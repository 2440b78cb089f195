#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace gewu::codec {

/// The parts of a ZIP archive in memory, unpacked one by one; all together no more than was allowed,
/// counted as they come out. `kind` begins the keys of what is refused: `KIND.form` (`part`),
/// `KIND.too_large` (`max`).
class ZipArchive {
 public:
  /// The bytes are read from for as long as it lives.
  static Result<ZipArchive> open(std::string_view bytes, std::size_t bytes_max, std::string kind);
  ZipArchive(ZipArchive&&) noexcept;
  ~ZipArchive();

  /// As the archive says them, folders too.
  std::vector<std::string> names() const;
  /// Nothing when there is no such part.
  Result<std::optional<std::string>> read(const std::string& name);
  std::unexpected<Error> broken(std::string_view part) const;

 private:
  struct Inside;
  explicit ZipArchive(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace gewu::codec
