#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "kernel/matter/query.h"
#include "simulation/commit_inbox.h"
#include "simulation/demo.h"
#include "simulation/form.h"
#include "simulation/people.h"

namespace gewu::simulation {

/// Ids for looking at what is offered: nothing is opened, so nothing is given away.
class OfferIds : public IdSource {
 public:
  std::int64_t next() override { return ++last_; }

 private:
  std::int64_t last_ = 0;
};

/// Lets simulated time pass (推演): at each instant something is opened, somebody looks at a matter
/// and takes one of the actions offered, or a clock reaches a step. It knows no type.
class Driver {
 public:
  Driver(usecase::Office& office, ManualClock& clock, const DemoPlan& plan, Chance& chance,
         DemoSummary& summary);

  Status run();

 private:
  /// Something that is to be opened.
  struct Arrival {
    Instant at;
    const OpeningPlan* plan = nullptr;
    const std::map<kernel::Name, std::string>* given = nullptr;
    int tries = 0;            ///< that were refused
  };
  struct Option {
    usecase::Caller caller;
    kernel::Name action;
    std::int64_t weight = 0;
  };

  void plan_arrivals();
  Instant draw_arrival(bool in_office_hours, std::int64_t recent_percent);
  Instant at_work(Instant instant);
  Status pass_time(Instant until);
  Status open(const Arrival& arrival);
  std::string ground_of(const kernel::Place& place) const;
  void try_later(Arrival arrival);
  Status look(std::size_t index);
  std::vector<Option> find_options(const kernel::SnapshotPtr& matter);
  std::optional<Option> choose(const std::vector<Option>& options);
  Status act(std::size_t index, const kernel::SnapshotPtr& matter, const Option& option,
             bool& refused);
  const Topic* draw_topic(const kernel::Name& type);
  Status note_refusal(const Error& error);
  Status take_in(const Topic* topic);
  void schedule(std::size_t index);
  std::int64_t weight_of(const kernel::Snapshot& matter,
                         const kernel::OfferedAction& offered) const;

  usecase::Office& office_;
  ManualClock& clock_;
  const DemoPlan& plan_;
  Chance& chance_;
  DemoSummary& summary_;
  kernel::DirectoryPtr directory_;
  People people_;
  KnownMatters known_{plan_.behaviour};
  FormFiller filler_;
  CommitInbox inbox_{office_};
  std::unordered_map<MatterId, std::size_t> index_;
  std::vector<std::optional<Instant>> looks_;           ///< by place in `known_`
  std::set<std::pair<Instant, std::size_t>> agenda_;    ///< of looks
  std::deque<Arrival> arrivals_;                        ///< earliest first
  std::set<MatterId> stuck_;
};

}  // namespace gewu::simulation
