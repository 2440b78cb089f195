#include "kernel/matter/value.h"

#include <algorithm>
#include <type_traits>

namespace gewu::kernel {
namespace {

template <typename Content>
struct IsShared : std::false_type {};
template <typename Large>
struct IsShared<std::shared_ptr<const Large>> : std::true_type {};

}  // namespace

bool Row::operator==(const Row& other) const { return cells == other.cells; }

bool Value::operator==(const Value& other) const {
  if (content.index() != other.content.index()) return false;
  if (content.index() == 0) return true;
  return std::visit(
      [&other](const auto& mine) {
        using Mine = std::remove_cvref_t<decltype(mine)>;
        const Mine& theirs = *std::get_if<Mine>(&other.content);
        if constexpr (IsShared<Mine>::value) {
          return mine == theirs || (mine && theirs && *mine == *theirs);
        } else {
          return mine == theirs;
        }
      },
      content);
}

const Value* find_value(const std::vector<NamedValue>& values, std::string_view name) {
  const auto found = std::ranges::find(values, name, &NamedValue::name);
  return found == values.end() ? nullptr : &found->value;
}

}  // namespace gewu::kernel
