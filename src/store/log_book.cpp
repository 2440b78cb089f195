#include "store/log_book.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gewu::store {

namespace {

constexpr std::array<std::pair<ReadKind, std::string_view>, 8> kReadKinds{{
    {ReadKind::page, "page"},
    {ReadKind::sealed, "sealed"},
    {ReadKind::unseal, "unseal"},
    {ReadKind::timeline, "timeline"},
    {ReadKind::list, "list"},
    {ReadKind::search, "search"},
    {ReadKind::table, "table"},
    {ReadKind::file, "file"},
}};

}  // namespace

std::string_view to_text(ReadKind kind) {
  return std::ranges::find(kReadKinds, kind, &decltype(kReadKinds)::value_type::first)->second;
}

std::optional<ReadKind> parse_read_kind(std::string_view text) {
  const auto found =
      std::ranges::find(kReadKinds, text, &decltype(kReadKinds)::value_type::second);
  if (found == kReadKinds.end()) return std::nullopt;
  return found->first;
}

}  // namespace gewu::store
