#include "store/office_key.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "security/bytes.h"
#include "store/file.h"

namespace gewu::store {

namespace {
constexpr std::string_view kSm4 = "sm4 ";
}

Status create_office_key(const std::string& path, Random& random, security::Cipher cipher) {
  const auto key = security::Key::generate(random);
  const std::string_view word = cipher == security::Cipher::sm4_gcm ? kSm4 : "";
  GEWU_TRY(file, File::open(path, File::Mode::create_new));
  GEWU_CHECK(file.write_all(std::string(word) + security::hex_encode(key.bytes()) + "\n"));
  GEWU_CHECK(file.sync());
  return sync_folder_of(path);
}

Result<security::Key> read_office_key(const std::string& path) {
  auto file = File::open(path, File::Mode::read);
  if (!file && file.error().code == ErrorCode::not_found)
    return refuse(ErrorCode::not_found, "vault.office_key.absent", {{"file", path}});
  if (!file) return std::unexpected(file.error());
  struct stat facts {};
  // Of the open file, not of the name: nobody can exchange it in between.
  if (::fstat(file->descriptor(), &facts) != 0 || !S_ISREG(facts.st_mode))
    return refuse(ErrorCode::invalid, "vault.office_key.form", {{"file", path}});
  const bool is_ours = facts.st_uid == ::geteuid() || facts.st_uid == 0;
  if (!is_ours || (facts.st_mode & 077) != 0)
    return refuse(ErrorCode::forbidden, "vault.office_key.mode", {{"file", path}});
  GEWU_TRY(text, file->read_all());
  std::string_view digits = trim(text);
  const bool is_sm4 = digits.starts_with(kSm4);
  if (is_sm4) digits.remove_prefix(kSm4.size());
  const auto bytes = security::hex_decode(digits);
  if (!bytes || bytes->size() != security::Key::kSize)
    return refuse(ErrorCode::invalid, "vault.office_key.form", {{"file", path}});
  return security::Key::from_bytes(
      *bytes, is_sm4 ? security::Cipher::sm4_gcm : security::Cipher::aes_256_gcm);
}

}  // namespace gewu::store
