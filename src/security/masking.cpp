#include "security/masking.h"

#include "base/text.h"

namespace gewu::security {

namespace {

constexpr std::size_t kMobileDigits = 11;

/// A Chinese mobile number behind its country code: 86 or 0086, then 1 and ten digits.
std::string_view without_country(std::string_view digits) {
  for (const std::string_view code : {"86", "0086"})
    if (digits.size() == code.size() + kMobileDigits && digits.starts_with(code) &&
        digits[code.size()] == '1')
      return digits.substr(code.size());
  return digits;
}

}  // namespace

std::string mask_phone(std::string_view phone) {
  std::string all;
  for (const char c : phone)
    if (c >= '0' && c <= '9') all.push_back(c);
  const std::string_view digits = without_country(all);
  const std::string stars = "****";
  if (digits.size() < 7) return stars;
  if (digits.size() < kMobileDigits) return stars + std::string(digits.substr(digits.size() - 2));
  const std::string last = stars + std::string(digits.substr(digits.size() - 4));
  return digits.size() == kMobileDigits ? std::string(digits.substr(0, 3)) + last : last;
}

std::string mask_name(std::string_view name) {
  const std::string stars = "**";
  if (!is_utf8(name)) return stars;
  const std::string_view trimmed = trim(name);
  if (trimmed.empty()) return {};
  std::size_t size = 1;
  while (size < trimmed.size() && (static_cast<unsigned char>(trimmed[size]) & 0xC0) == 0x80)
    ++size;
  return std::string(trimmed.substr(0, size)) + stars;
}

}  // namespace gewu::security
