#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "kernel/matter/definition.h"
#include "kernel/matter/matter.h"
#include "simulation/dealer.h"
#include "simulation/people.h"

namespace gewu::simulation {

/// A matter as the driver remembers it, to link others to it.
struct KnownMatter {
  MatterId id;
  kernel::Name type;
  std::string state;             ///< "type.state"
  std::string territory;
  const Topic* topic = nullptr;
  bool is_final = false;
};

/// All of them, in the order in which they became known.
struct KnownMatters {
  explicit KnownMatters(const Behaviour& behaviour);

  std::vector<KnownMatter> all;
  /// Which of `all` are not final, by type; all of them by the states that links ask for. Most
  /// matters of a year are over.
  std::map<kernel::Name, std::set<std::size_t>, std::less<>> open;
  std::map<std::string, std::set<std::size_t>, std::less<>> by_state;

  /// Takes it as it stands now; whether it has moved to another state.
  bool take(std::size_t index, const kernel::Snapshot& matter, std::string state);
};

/// What a form is filled in for.
struct FormCase {
  const kernel::Type& type;
  kernel::Name action;
  const usecase::Caller& caller;
  const kernel::Snapshot* matter = nullptr;   ///< none at an opening
  const Topic* topic = nullptr;
  Instant now;
  const std::map<kernel::Name, std::string>* given = nullptr;  ///< `first` of the plan
  const kernel::Snapshot* about = nullptr;  ///< of an opening: the matter that it follows
  std::string ground;         ///< of an opening: where; empty: that of whoever opens
};

/// Fills in forms by the kinds of their fields (填表): words of the topic, rows of lists, matters
/// that fit. A value that does not fit the law is refused like anybody's.
class FormFiller {
 public:
  FormFiller(const Behaviour& behaviour, People& people, Chance& chance,
             const KnownMatters& known, Dealer* dealer = nullptr)
      : behaviour_(behaviour), people_(people), chance_(chance), known_(known), dealer_(dealer) {}

  std::vector<kernel::NamedValue> fill(const FormCase& form);

  /// What the last form drew that there is only once.
  struct Drawn {
    std::vector<std::pair<std::string, std::string>> cards;
    std::vector<std::pair<std::string, std::int64_t>> links;  ///< of which link, which matter
  };
  Drawn drawn();
  /// The form was refused: its cards and matters may be drawn again.
  void put_back(const Drawn& drawn);

 private:
  kernel::Value fill_field(const FormCase& form, const kernel::FieldSpec& field,
                           const std::string& place);
  kernel::Value fill_one(const FormCase& form, const kernel::FieldSpec& field,
                         const std::string& place);
  kernel::Value fill_many(const FormCase& form, const kernel::FieldSpec& field,
                          const std::string& place);
  kernel::Value fill_rows(const FormCase& form, const kernel::FieldSpec& field,
                          const std::string& place);
  kernel::Value fill_scores(const FormCase& form, const kernel::FieldSpec& field);
  kernel::Value choose(const FormCase& form, const kernel::FieldSpec& field,
                       const std::string& place);
  kernel::Value choose_link(const FormCase& form, const kernel::FieldSpec& field,
                            const std::string& place);
  kernel::Value make_place(const FormCase& form, const kernel::FieldSpec& field);
  kernel::Value make_contact();
  kernel::Value say(const FormCase& form, const std::string& place, const kernel::Name& name);
  kernel::Value read_given(const kernel::FieldSpec& field, const std::string& text) const;
  std::int64_t number(const std::string& place, const kernel::Name& name, std::int64_t from,
                      std::int64_t to);
  kernel::Value choose_organisation(const FormCase& form, const kernel::FieldSpec& field);
  kernel::Value choose_territory(const FormCase& form);
  bool is_filled(const FormCase& form, const kernel::FieldSpec& field, const std::string& place);

  const Behaviour& behaviour_;
  People& people_;
  Chance& chance_;
  const KnownMatters& known_;
  Dealer* dealer_;                               ///< null: nothing has to add up
  /// Matters that a link of `once` met, by the link.
  std::unordered_map<std::string, std::unordered_set<std::int64_t>> linked_;
  std::vector<std::pair<std::string, std::int64_t>> linked_now_;
};

/// A place as a file of people gives it: "129467830,42899640" (micro-degrees), else the code of a node.
kernel::Place read_place(const std::string& text);

/// A point on the ground of a node, inside its boundary; its centre where no other was found.
std::optional<kernel::LonLat> point_in(const kernel::Directory& directory,
                                       const std::string& territory, Chance& chance);

}  // namespace gewu::simulation
