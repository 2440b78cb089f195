#include "kernel/matter/field_carry.h"

#include <algorithm>

namespace gewu::kernel {

bool is_carried(const FieldSpec& from, const FieldSpec& to) {
  const auto is_kept = [&](const FieldSpec& column) {
    const auto same = std::ranges::find(to.fields, column.name, &FieldSpec::name);
    return same != to.fields.end() && is_carried(column, *same);
  };
  return from.kind == to.kind && from.many == to.many && from.list == to.list &&
         from.to == to.to && from.unit == to.unit && (to.languages || !from.languages) &&
         !from.live && !to.live && std::ranges::all_of(from.fields, is_kept);
}

}  // namespace gewu::kernel
