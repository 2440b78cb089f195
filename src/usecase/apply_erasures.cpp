#include "usecase/apply_erasures.h"

#include <algorithm>

#include "kernel/matter/apply.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kTimelineRead = 1'000;

/// Whether the journal says that this key is gone: then its photos have no name left either.
bool is_told(const std::vector<Event>& timeline, std::uint8_t slot) {
  return std::ranges::any_of(timeline, [&](const Event& event) {
    return std::ranges::find(event.change.erased_keys, slot) != event.change.erased_keys.end();
  });
}

/// The event that clears what a destroyed key had sealed; nothing when all of it is gone.
std::optional<Step> clearing_of(const SnapshotPtr& matter, const store::Erasure& erasure,
                                const store::Turn& turn, bool told) {
  Event event;
  event.kind = Event::Kind::erase;
  event.matter = matter->id;
  event.action = erasure.reason;
  event.actor.kind = Actor::Kind::system;
  event.at = turn.now;
  event.change.matter = matter->id;
  event.change.version = matter->version + 1;
  for (std::size_t i = 0; i < matter->fields.size(); ++i) {
    const FieldSpec& field = matter->type->fields[i];
    const bool is_meant = field.personal && field.key_slot == erasure.key.slot;
    if (is_meant && !matter->fields[i].is_missing()) event.change.erased.push_back(field.name);
  }
  if (event.change.erased.empty() && told) return std::nullopt;
  event.change.erased_keys.push_back(erasure.key.slot);
  event.id = {turn.ids.next()};
  SnapshotPtr after = kernel::apply(matter, event);
  return Step{std::move(event), std::move(after)};
}

}  // namespace

Result<std::size_t> apply_erasures(Office& office, const std::vector<store::Erasure>& erasures) {
  std::size_t changed = 0;
  for (const store::Erasure& erasure : erasures) {
    GEWU_TRY(timeline, office.store.read_timeline(erasure.key.matter, kTimelineRead));
    const bool told = is_told(timeline, erasure.key.slot);
    store::CommitRequest request;
    request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
      store::Writing writing;
      const SnapshotPtr matter = turn.source.load(erasure.key.matter);
      if (!matter) return writing;
      if (auto step = clearing_of(matter, erasure, turn, told))
        writing.decision.steps.push_back(std::move(*step));
      return writing;
    };
    GEWU_TRY(committed, office.store.commit(std::move(request)));
    if (!committed.events.empty()) ++changed;
  }
  return changed;
}

}  // namespace gewu::usecase
