#include <limits>
#include <utility>

#include "kernel/matter/docket.h"

// Counters that nobody is seen to raise (匿名计数): the store keeps bare numbers, an hour's worth of
// them becomes one event of the matter.

namespace gewu::kernel {

std::optional<std::size_t> tally_field(const Type& type, const ActionSpec& action) {
  return action.tally.empty() ? std::nullopt : type.find_field(action.tally);
}

Result<Decision> gather_tally(const Chamber& chamber, const TallyMark& mark) {
  const SnapshotPtr matter = chamber.source.load(mark.matter);
  const ActionSpec* action = matter ? matter->type->find_action(mark.action) : nullptr;
  const auto field = action == nullptr ? std::nullopt : tally_field(*matter->type, *action);
  if (!field || mark.times <= 0) return Decision();
  Docket docket(chamber);
  Actor system;
  system.kind = Actor::Kind::system;
  GEWU_TRY(hearing, hear(docket, matter, system, Event::Kind::action, mark.action, {}));
  GEWU_CHECK(load_matter(docket, matter, {}));
  hearing->action = action;
  hearing->by_person = false;
  hearing->quiet = true;
  Value& counter = hearing->draft->fields[*field];
  const auto* before = counter.get<Number>();
  const std::int64_t was = before == nullptr ? 0 : before->micros;
  if (mark.times > (std::numeric_limits<std::int64_t>::max() - was) / kMicros)
    return refuse(ErrorCode::too_large, "expression.overflow");
  counter = Value(Number{was + mark.times * kMicros});
  GEWU_CHECK(conclude(*hearing, {}));
  hearing.reset();
  return std::move(docket.decision);
}

}  // namespace gewu::kernel
