#include "store/sqlite/number_text.h"

#include <fmt/format.h>

#include "base/text.h"

namespace gewu::store::sqlite {

std::string format_matter_number(const kernel::NumberWish& wish, std::int64_t sequence) {
  std::string number;
  std::string_view rest = wish.template_text;
  while (!rest.empty()) {
    const auto open = rest.find('{');
    number += rest.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = rest.find('}', open);
    if (close == std::string_view::npos) break;
    const auto name = rest.substr(open + 1, close - open - 1);
    if (name == "year") number += std::to_string(wish.year);
    else if (name == "type") number += wish.type;
    else if (name == "county.code") number += wish.county;
    else if (name.starts_with("seq:"))
      number += fmt::format("{:0{}}", sequence, parse_integer(name.substr(4)).value_or(1));
    rest.remove_prefix(close + 1);
  }
  return number;
}

}  // namespace gewu::store::sqlite
