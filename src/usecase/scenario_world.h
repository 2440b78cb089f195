#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kernel/matter/matter.h"
#include "usecase/act_on_matter.h"
#include "usecase/run_scenarios.h"
#include "usecase/scenario_text.h"
#include "usecase/submit_matter.h"

// One scenario under way: its office, its clock, the names it has given. Inside the room only.

namespace gewu::usecase {

/// What came of a step.
struct ScenarioOutcome {
  std::string subject;                     ///< name of the matter that clauses speak of
  std::optional<Error> refusal;
  std::vector<kernel::Event> events;       ///< since the step began, of all matters
  std::string receipt;
  std::string figure;                      ///< "1/3", "871"; "missing"
  std::vector<std::string> missing;        ///< units that a coverage or duty lists as such
  std::optional<std::vector<std::string>> fields;  ///< that `read` showed
  bool repeated_same = false;
};

class ScenarioWorld {
 public:
  ScenarioWorld(const Scenario& scenario, store::Store& store, ManualClock& clock, Random& random,
                std::set<std::string>& exercised);

  /// Takes one step. An error: the scenario itself is wrong (an unknown word); refusals of the
  /// engine stand in the outcome.
  Result<ScenarioOutcome> take(const ScenarioStep& step);

  const kernel::Locality& locality() const;
  const kernel::Directory& directory() const { return *office_.store.directory(); }
  kernel::SnapshotPtr load(MatterId id) const { return office_.store.read()->load(id); }
  std::optional<MatterId> find(const std::string& name) const;
  void name(const std::string& name, MatterId id) { names_[name] = id; }
  Office& office() { return office_; }
  /// An instant of the locality's wall clock: "2026-09-22 09:00", "2026-09-22", "…T14:00", 24:00.
  std::optional<Instant> parse_local(std::string_view date, std::string_view time) const;

 private:
  friend class ScenarioValues;
  struct Words {
    std::vector<std::string> words;
    std::string named;                     ///< `as NAME`
    std::optional<Instant> at, sent;       ///< late arrival
  };
  Result<ScenarioOutcome> move_time(const ScenarioStep& step);
  Result<Instant> target_time(const std::vector<std::string>& words, std::size_t& used) const;
  Status pass_until(Instant until, bool inclusive);
  /// Opens what the timetables of the types that the scenario names ask for by now.
  Status run_timetables();
  Result<ScenarioOutcome> give(const ScenarioStep& step);
  Status give_one(const std::vector<std::string>& words);
  Result<ScenarioOutcome> act(const ScenarioStep& step);
  Result<ScenarioOutcome> figure(const ScenarioStep& step);
  Result<ScenarioOutcome> repeat();
  Result<ScenarioOutcome> read(const std::vector<std::string>& words);
  Result<Words> take_apart(const ScenarioStep& step) const;

  struct Who {
    std::string role, unit, person;
  };
  static Who who_of(std::string_view word);
  Result<std::vector<Caller>> callers_of(const Who& who, const kernel::SnapshotPtr& matter,
                                         const std::string& place);
  Result<AccountId> account_of(const std::string& person);
  Status seat_person(const kernel::Post& post, AccountId account);
  Result<PostId> make_post(const Who& who);
  std::vector<const kernel::Post*> posts_for(const Who& who, const kernel::SnapshotPtr& matter,
                                             const std::string& place) const;
  void submit(const Words& words, const std::vector<Caller>& callers, const kernel::TypePtr& type,
              const std::vector<kernel::NamedValue>& values, ScenarioOutcome& outcome,
              const std::string& person);
  void act_on(const Words& words, const std::vector<Caller>& callers, MatterId matter,
              const std::vector<kernel::NamedValue>& values, ScenarioOutcome& outcome);
  Status gather_events(ScenarioOutcome& outcome);
  std::string next_request();

  const Scenario& scenario_;
  ManualClock& clock_;
  Office office_;
  std::set<std::string>& exercised_;
  std::map<std::string, MatterId> names_;
  std::map<std::string, AccountId> persons_;
  std::map<std::int64_t, std::string> authors_;   ///< matter -> resident who opened it
  std::set<std::string> named_;                   ///< words of the scenario, types among them
  bool has_begun_ = false;                        ///< once it has said its own time
  std::optional<Instant> next_planned_;
  std::int64_t seen_sequence_ = 0;                ///< of the journal
  std::int64_t requests_ = 0;
  std::optional<Submission> last_submission_;
  std::optional<MatterAction> last_action_;
  std::optional<EventId> last_event_;
};

/// Values of a scenario by the field's spec: names of matters, keys of organisations, local times.
class ScenarioValues {
 public:
  explicit ScenarioValues(const ScenarioWorld& world) : world_(world) {}
  Result<kernel::Value> read(const kernel::FieldSpec& field, std::string_view text) const;
  /// Whether a value is what a clause wrote; `..` is anything that is there.
  bool matches(const kernel::FieldSpec& field, const kernel::Value& value,
               std::string_view text) const;

 private:
  Result<kernel::Value> read_one(const kernel::FieldSpec& field, std::string_view text) const;
  Result<kernel::Value> read_row(const kernel::FieldSpec& field, std::string_view text) const;
  Result<kernel::Value> read_languages(const kernel::FieldSpec& field, std::string_view text) const;
  const ScenarioWorld& world_;
};

/// What differs from what was expected; empty: all holds.
std::vector<std::string> check_expectations(ScenarioWorld& world, const ScenarioLine& line,
                                            const ScenarioOutcome& outcome,
                                            std::set<std::string>& exercised);

}  // namespace gewu::usecase
