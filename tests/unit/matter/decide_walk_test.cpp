#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/spans.h"
#include "decide_office.h"

// Random walks: anybody tries anything at any hour. Office checks after every commit that apply
// gives the draft again, that no clock runs twice and that every open matter is watched.

namespace gewu::test {
namespace {

Value random_value(const FieldSpec& field, Office& office, MatterId self) {
  switch (field.kind) {
    case FieldKind::text: {
      const std::size_t length = *rc::gen::element<std::size_t>(1, 40, 60);
      return Value(std::string(length, 'x'));
    }
    case FieldKind::yes_no: return Value(*rc::gen::arbitrary<bool>());
    case FieldKind::choice: {
      const List list = compiled().localities.at("town")->lists.at(field.list);
      const ListRow row = *rc::gen::elementOf(list.rows);
      return Value(Key{row.key});
    }
    case FieldKind::link: {
      const auto ids = office.all_of("appeal");
      return Value(Link{ids.empty() ? self : *rc::gen::elementOf(ids)});
    }
    case FieldKind::organisation:
      return Value(organisation_unit(
          *rc::gen::element(std::string("lighting_office"), std::string("housing_office"))));
    case FieldKind::date: return Value(Date{*rc::gen::inRange(20'700, 20'760)});
    case FieldKind::rows:
      return Office::tasks({*rc::gen::element(std::string("lighting_office"),
                                              std::string("housing_office"))},
                           Date{*rc::gen::inRange(20'700, 20'760)}).value;
    default: return Value();
  }
}

std::vector<NamedValue> random_form(const Type& type, const ActionSpec& action, Office& office,
                                    MatterId self) {
  std::vector<NamedValue> values;
  const auto add = [&](const FieldSpec& field) {
    if (*rc::gen::inRange(0, 10) == 0) return;
    const Value value = random_value(field, office, self);
    if (!value.is_missing()) values.push_back({field.name, value});
  };
  for (const std::size_t field : action.asks) add(type.fields[field]);
  for (const FieldSpec& field : action.input) add(field);
  return values;
}

void one_step(Office& office) {
  std::vector<MatterId> matters = office.all_of("appeal");
  for (const char* type : {"task", "supervision"})
    for (const MatterId id : office.all_of(type)) matters.push_back(id);
  const MatterId id = *rc::gen::elementOf(matters);
  const SnapshotPtr matter = office.load(id);
  const std::int64_t post = *rc::gen::inRange<std::int64_t>(0, 12);
  const Actor actor = post == 0 ? Office::author_of(id) : office.at_post(post);
  const auto offered = offer_actions(office.chamber(), matter, actor);
  RC_ASSERT(offered.has_value());
  std::vector<const ActionSpec*> possible;
  for (const OfferedAction& action : *offered)
    if (action.spec != nullptr) possible.push_back(action.spec);
  if (possible.empty()) return;
  const ActionSpec* action = *rc::gen::elementOf(possible);
  const std::string refused = office.act(id, action->name, actor,
                                         random_form(*matter->type, *action, office, id));
  const std::string prefix = matter->type->name + "." + action->name;
  RC_ASSERT(refused != prefix + ".from" && refused != prefix + ".when" &&
            refused != prefix + ".by" && refused != "not_found");
}

RC_GTEST_PROP(DecideWalk, invariants_hold_whatever_anybody_does, ()) {
  Office office;
  office.go("2026-09-22 09:00");
  office.appeal();
  office.appeal();
  const int steps = *rc::gen::inRange(1, 40);
  for (int i = 0; i < steps; ++i) {
    office.now = office.now + *rc::gen::inRange<std::int64_t>(0, 6 * kMsPerHour);
    office.tick();
    one_step(office);
  }
  RC_ASSERT(!testing::Test::HasFailure());
  std::map<MatterId, SnapshotPtr> replayed;
  for (const Event& event : office.events) {
    replayed[event.matter] = kernel::apply(replayed[event.matter], event);
    for (const MatterChange& change : event.touched)
      replayed[change.matter] = apply_touched(replayed[change.matter], change);
  }
  std::int64_t open_appeals = 0;
  for (const auto& [id, matter] : replayed) {
    RC_ASSERT(*matter == *office.load(id));
    const std::string& state = matter->type->states[matter->state].name;
    if (matter->type->name == "appeal")
      open_appeals += state == "received" || state == "waiting" || state == "accepted" ||
                      state == "handling";
  }
  RC_ASSERT(office.figure("appeal.open_now") == open_appeals);
}

}  // namespace
}  // namespace gewu::test
