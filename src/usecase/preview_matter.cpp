#include "usecase/preview_matter.h"

#include "kernel/matter/docket.h"
#include "kernel/matter/query.h"
#include "usecase/read_room.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

/// Ids of matters that are never stored; beyond any that store gives.
class StandInIds : public IdSource {
 public:
  std::int64_t next() override { return ++last_; }

 private:
  std::int64_t last_ = std::int64_t{1} << 62;
};

Result<Preview> foresee(const ReadRoom& room, const Chamber& chamber, const Actor& actor,
                        const Decision& decision) {
  Preview preview;
  preview.directory = room.directory();
  preview.as_of = room.now();
  Overlay decided(chamber.source);
  for (const Step& step : decision.steps) decided.put(step.after);
  const Chamber after{chamber.directory, decided, chamber.now, chamber.ids};
  for (const Step& step : decision.steps) {
    const bool is_known = std::ranges::any_of(preview.matters, [&](const ForeseenMatter& one) {
      return one.matter->id == step.after->id;
    });
    if (is_known) continue;
    const SnapshotPtr matter = decided.load(step.after->id);
    GEWU_TRY(seen, see_matter(after, matter, actor));
    if (seen) preview.matters.push_back({matter, room.locality_of(*matter)});
  }
  return preview;
}

}  // namespace

Result<Preview> preview_submission(Office& office, const Submission& submission) {
  if (!submission.caller.account.has_value())
    return refuse(ErrorCode::unauthenticated, "session.absent");
  const ReadRoom room(office);
  StandInIds ids;
  const Chamber chamber{*room.directory(), room.source(), room.now(), ids};
  GEWU_TRY(open, open_request_of(submission, *room.directory(), room.now()));
  GEWU_TRY(decision, open_matter(chamber, open));
  return foresee(room, chamber, open.actor, decision);
}

Result<Preview> preview_action(Office& office, const MatterAction& action) {
  if (!action.caller.account.has_value())
    return refuse(ErrorCode::unauthenticated, "session.absent");
  const ReadRoom room(office);
  StandInIds ids;
  const Chamber chamber{*room.directory(), room.source(), room.now(), ids};
  GEWU_TRY(act, act_request_of(action, chamber));
  GEWU_TRY(decision, kernel::act_on_matter(chamber, act));
  return foresee(room, chamber, act.actor, decision);
}

}  // namespace gewu::usecase
