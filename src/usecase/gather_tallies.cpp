#include "usecase/gather_tallies.h"

#include "usecase/work_ripples.h"

namespace gewu::usecase {

using namespace gewu::kernel;

Result<std::size_t> gather_tallies(Office& office, std::size_t rows_max) {
  GEWU_TRY(marks, office.store.read_tallies(rows_max));
  for (const TallyMark& mark : marks) {
    store::CommitRequest request;
    request.decide = [&mark](const store::Turn& turn) -> Result<store::Writing> {
      const Chamber chamber{turn.directory, turn.source, turn.now, turn.ids};
      GEWU_TRY(decision, gather_tally(chamber, mark));
      store::Writing writing;
      writing.decision = std::move(decision);
      writing.gathered = mark;
      return writing;
    };
    GEWU_TRY(committed, office.store.commit(std::move(request)));
    settle_ripples(office, committed.ripples, mark.matter);
  }
  return marks.size();
}

}  // namespace gewu::usecase
