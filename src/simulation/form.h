#pragma once

#include <string>
#include <vector>

#include "kernel/matter/definition.h"
#include "kernel/matter/matter.h"
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

/// What a form is filled in for.
struct FormCase {
  const kernel::Type& type;
  kernel::Name action;
  const usecase::Caller& caller;
  const kernel::Snapshot* matter = nullptr;   ///< none at an opening
  const Topic* topic = nullptr;
  Instant now;
  const std::map<kernel::Name, std::string>* given = nullptr;  ///< `first` of the plan
};

/// Fills in forms by the kinds of their fields (填表): words of the topic, rows of lists, matters
/// that fit. A value that does not fit the law is refused like anybody's.
class FormFiller {
 public:
  FormFiller(const Behaviour& behaviour, People& people, Chance& chance,
             const std::vector<KnownMatter>& known)
      : behaviour_(behaviour), people_(people), chance_(chance), known_(known) {}

  std::vector<kernel::NamedValue> fill(const FormCase& form);

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
  bool is_filled(const FormCase& form, const kernel::FieldSpec& field, const std::string& place);

  const Behaviour& behaviour_;
  People& people_;
  Chance& chance_;
  const std::vector<KnownMatter>& known_;
};

/// A point on the ground of a node, inside its boundary; its centre where no other was found.
std::optional<kernel::LonLat> point_in(const kernel::Directory& directory,
                                       const std::string& territory, Chance& chance);

}  // namespace gewu::simulation
