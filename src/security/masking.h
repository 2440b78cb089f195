#pragma once

#include <string>
#include <string_view>

namespace gewu::security {

/// Masks (脱敏) for sealed contacts on a page: enough to recognise, not enough to call or find.
/// They never show a character that is no digit (phone) or is not the first (name).

/// "13812341234" → "138****1234"; a country code 86 is left out. Shorter numbers show their last
/// two digits, longer ones their last four, fewer than seven digits none.
std::string mask_phone(std::string_view phone);

/// "李小明" → "李**": the first character, always two stars, so that the length is not told.
/// Nothing for an empty name, "**" for text that is no UTF-8.
std::string mask_name(std::string_view name);

}  // namespace gewu::security
