#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "simulation/commit_inbox.h"
#include "simulation/demo.h"
#include "simulation/form.h"
#include "simulation/people.h"
#include "usecase/act_on_matter.h"
#include "usecase/submit_matter.h"

namespace gewu::simulation {

struct YearPlan {
  Behaviour behaviour;
  std::uint64_t seed = 1;
  int year = 2020;
  std::int64_t percent = 100;  ///< of every count, for a smaller year
  std::string password_hash;
};

/// The day before the year: the clock must stand at its midnight (UTC) while tables are imported.
Date first_day_of(const YearPlan& plan);

/// Lets a year of a place pass (一年): openings spread over its units, each matter moved on by the
/// actions of its plan until it ends, timetables and clocks as the job runs them. Everything goes
/// through the use cases. Unlike the weeks of `make_demo`, nobody asks what is offered: an action is
/// drawn from the plan and taken by whoever may likely take it; what is refused is tried by another.
/// In a whole year an opening that is refused again and again before any of its kind passed ends it:
/// `invalid` `demo.never_passes` (`opening`, `refused`).
Result<DemoSummary> make_year(usecase::Office& office, ManualClock& clock, const YearPlan& plan);
/// What the year left: the matters by their states, and the digest.
Status count_year(usecase::Office& office, DemoSummary& summary);

/// The driver of make_year.
class YearDriver {
 public:
  YearDriver(usecase::Office& office, ManualClock& clock, const YearPlan& plan, Chance& chance,
             DemoSummary& summary);

  Status run();

 private:
  /// Something that is to be opened.
  struct Opening {
    const OpeningPlan* plan = nullptr;
    const std::map<kernel::Name, std::string>* first = nullptr;
    std::string unit;         ///< code of a territory
    std::string post;         ///< key, of `each: post ROLE`
    MatterId about;           ///< of `on`
    std::int64_t number = 0;
    int tries = 0;
  };
  /// What the driver keeps of a matter beside KnownMatter.
  struct Course {
    std::vector<std::size_t> taken;   ///< actions of this state that did not move it
    std::map<std::size_t, std::int64_t> repeats;  ///< actions still to be repeated here
    int refused_looks = 0;
    std::optional<Instant> due;       ///< of the next look; other entries of the agenda are stale
  };
  struct Moment {
    std::vector<Opening> openings;
    std::vector<std::size_t> looks;
  };
  struct Choice {
    std::size_t action = 0;
    std::int64_t weight = 0;
    std::int64_t repeated = -1;
  };
  /// A matter that is being looked at, with what was tried already.
  struct Look {
    std::size_t index = 0;
    kernel::SnapshotPtr matter;
    std::vector<std::size_t> tried;         ///< actions
    std::optional<std::size_t> action;
    std::vector<usecase::Caller> callers;   ///< who may still try it
    FormFiller::Drawn drawn;
  };

  void plan_openings();
  void plan_opening(const OpeningPlan& opening);
  std::vector<std::pair<std::string, std::string>> units_of(const OpeningPlan& opening) const;
  Instant draw_day(const OpeningPlan& opening);
  Instant at_work(Instant instant);
  Instant rounded(Instant instant) const;
  void put(Instant at, Opening opening);
  Status live_moment(Instant at, Moment moment);
  Status run_timetables(Instant until);
  Status pass_time(Instant until);
  Status open(std::vector<Opening> openings);
  Status open_some(std::vector<Opening> openings);
  std::optional<usecase::Submission> fill(const Opening& opening, FormFiller::Drawn& drawn);
  Date today() const;
  std::map<kernel::Name, std::string> values_of(const Opening& opening);
  std::string find_above(std::string_view words, const std::string& ground);
  std::string expand(std::string text, const Opening& opening) const;
  void try_later(Opening opening);
  Status look(const std::vector<std::size_t>& indexes);
  bool choose(Look& look);
  Status act(std::vector<Look>& looks);
  const std::vector<Choice>& choices_of(const kernel::Snapshot& matter);
  void settle_look(Look& look, bool done);
  const Topic* draw_topic(const kernel::Name& type);
  Status note_refusal(const std::string& where, const Error& error);
  Status take_in(const Topic* topic);
  void arrive(std::size_t index, const kernel::Snapshot& matter);
  void schedule(std::size_t index, const kernel::Snapshot& matter);
  MinuteRange delay_of(const std::string& state, const kernel::Name& type) const;

  usecase::Office& office_;
  ManualClock& clock_;
  const YearPlan& plan_;
  Chance& chance_;
  DemoSummary& summary_;
  kernel::DirectoryPtr directory_;
  People people_;
  KnownMatters known_{plan_.behaviour};
  std::deque<Course> courses_;                 ///< by place in `known_`
  Dealer dealer_;
  FormFiller filler_;
  CommitInbox inbox_{office_};
  std::unordered_map<MatterId, std::size_t> index_;
  std::map<Instant, Moment> agenda_;
  std::map<std::pair<kernel::Name, std::size_t>, std::vector<Choice>> choices_;
  std::map<std::string, std::vector<const OpeningPlan*>> follow_;  ///< by `on`
  std::map<const OpeningPlan*, std::int64_t> numbers_;             ///< $n
  std::map<const OpeningPlan*, std::int64_t> in_vain_;  ///< refused so often before any passed
  std::unordered_map<MatterId, const Topic*> topics_;              ///< of parents of `on`
  std::optional<Instant> timetables_at_;
  Instant from_, until_;
};

}  // namespace gewu::simulation
