#include <algorithm>
#include <utility>

#include "kernel/matter/docket.h"

// Which `auto` actions an event may have made possible: the matter's own, those of the matters its
// links point to whose rule reads a set that it is in, those of matters that reach it by a link
// their rule reads, and those of the other parts where a rule reads the parent's sets.

namespace gewu::kernel {

namespace {

void add_look(Hearing& hearing, MatterId target, const Name& action) {
  auto& ripples = hearing.docket.decision.ripples;
  const bool known = std::ranges::any_of(ripples, [&](const Ripple& ripple) {
    return ripple.kind == Ripple::Kind::look && ripple.target == target && ripple.action == action;
  });
  if (known) return;
  ripples.push_back({.kind = Ripple::Kind::look,
                     .cause = hearing.event.id,
                     .name = action,
                     .action = action,
                     .target = target,
                     .source = hearing.draft->id,
                     .depth = hearing.event.depth + 1,
                     .origin = hearing.origin(),
                     .origin_matter = hearing.origin_matter,
                     .input = {}});
}

/// The autos of a matter that its state allows; those named, or all when `action` is empty.
void look_at(Hearing& hearing, MatterId target, const Name& action) {
  if (target == hearing.draft->id) return;
  const SnapshotPtr matter = hearing.docket.source.load(target);
  if (!matter) return;
  for (const std::size_t index : matter->type->autos()) {
    const ActionSpec& spec = matter->type->actions[index];
    if (is_in(spec.from, matter->state) && (action.empty() || spec.name == action))
      add_look(hearing, target, spec.name);
  }
}

/// Own autos whose rule holds now: any later change looks again.
Status look_at_self(Hearing& hearing) {
  for (const std::size_t index : hearing.type.autos()) {
    const ActionSpec& spec = hearing.type.actions[index];
    if (!is_in(spec.from, hearing.draft->state)) continue;
    GEWU_TRY(holds, is_true(spec.when, hearing.scope(), true));
    if (holds) add_look(hearing, hearing.draft->id, spec.name);
  }
  return {};
}

void follow(Hearing& hearing, const Waker& waker) {
  const auto each_target = [&](const auto& visit) {
    const auto field = hearing.type.find_field(waker.link);
    if (!field) return;
    for (const MatterId target : links_in(hearing.draft->fields[*field])) visit(target);
    if (hearing.before != nullptr)
      for (const MatterId target : links_in(hearing.before->fields[*field])) visit(target);
  };
  switch (waker.way) {
    case Waker::Way::set:
      each_target([&](MatterId target) { look_at(hearing, target, waker.action); });
      return;
    case Waker::Way::link:
      for (const MatterId reader :
           hearing.docket.source.members({waker.type, waker.link, hearing.draft->id}))
        look_at(hearing, reader, waker.action);
      return;
    case Waker::Way::sibling:
      each_target([&](MatterId parent) {
        for (const MatterId sibling :
             hearing.docket.source.members({waker.type, waker.sibling_link, parent}))
          look_at(hearing, sibling, waker.action);
      });
      return;
  }
}

}  // namespace

Status add_looks(Hearing& hearing) {
  GEWU_CHECK(look_at_self(hearing));
  for (const MatterChange& touched : hearing.event.touched) look_at(hearing, touched.matter, {});
  const Locality& locality = hearing.locality;
  const Wakers found = locality.wakers ? Wakers() : find_wakers(locality.types);
  const Wakers& wakers = locality.wakers ? *locality.wakers : found;
  for (const std::string_view changed :
       {std::string_view(hearing.type.name), std::string_view(hearing.type.base),
        std::string_view("any")}) {
    const auto known = wakers.find(changed);
    if (changed.empty() || known == wakers.end()) continue;
    for (const Waker& waker : known->second) follow(hearing, waker);
  }
  return {};
}

}  // namespace gewu::kernel
