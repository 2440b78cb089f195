#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "kernel/matter/built_in.h"
#include "kernel/matter/docket.h"

// The built-in actions (language.md 2.5), taken like any other, on every type.

namespace gewu::kernel {

namespace {

constexpr std::array<std::string_view, 6> kPlain = {"note",    "claim",  "release",
                                                    "reroute", "unseal", "erase"};
constexpr std::array<std::string_view, 2> kOfContact = {"ask_contact", "change_contact"};

struct ClockAction {
  Name clock;
  bool is_extension = false;
};

std::optional<ClockAction> clock_action(const Type& type, std::string_view action) {
  const auto dot = action.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view what = action.substr(dot + 1);
  if (what != "extend" && what != "exempt") return std::nullopt;
  if (type.find_clock(action.substr(0, dot)) == nullptr) return std::nullopt;
  return ClockAction{Name(action.substr(0, dot)), what == "extend"};
}

/// One built-in action under way.
class BuiltIn {
 public:
  BuiltIn(Hearing& hearing, const ActRequest& request)
      : hearing_(hearing), request_(request), prefix_(hearing.type.name + "." + request.action) {}

  Status take() {
    if (request_.action == "note") return note();
    if (request_.action == "claim" || request_.action == "release") return claim();
    if (request_.action == "reroute") return reroute();
    if (request_.action == "unseal") return unseal();
    if (request_.action == "erase") return erase();
    if (request_.action == "ask_contact") return ask_contact();
    if (request_.action == "change_contact") return change_contact();
    const auto clock = clock_action(hearing_.type, request_.action);
    return clock->is_extension ? extend(clock->clock) : exempt(clock->clock);
  }

 private:
  std::unexpected<Error> refused(ErrorCode code, std::string_view rest) const {
    return refuse(code, prefix_ + "." + std::string(rest));
  }
  std::unexpected<Error> not_by() const { return refused(ErrorCode::forbidden, "by"); }

  const Value* given(std::string_view name) const {
    const Value* value = find_value(request_.values, name);
    return value != nullptr && value->is_missing() ? nullptr : value;
  }
  Status only(std::initializer_list<std::string_view> names) const {
    for (const NamedValue& value : request_.values)
      if (std::ranges::find(names, value.name) == names.end())
        return refuse(ErrorCode::invalid, "form.unknown", {{"name", value.name}});
    return {};
  }
  void keep(std::string_view name, bool personal = false) {
    if (const Value* value = given(name))
      hearing_.event.input.push_back({Name(name), *value, personal, false,
                                      personal ? note_slot(hearing_.type) : std::uint8_t{0}});
  }
  /// A required text of lawful length.
  Status demand_text(std::string_view name) const {
    const Value* value = given(name);
    const std::string* text = value != nullptr ? value->get<std::string>() : nullptr;
    if (value != nullptr && text == nullptr)
      return refused(ErrorCode::invalid, std::string(name) + ".kind");
    if (text == nullptr || trim(*text).empty())
      return refused(ErrorCode::invalid, std::string(name) + ".required");
    if (count_code_points(*text) > FieldSpec{}.length_max)
      return refused(ErrorCode::invalid, std::string(name) + ".length_max");
    return {};
  }
  Status demand_ground(std::string_view refusal, std::string_view of = "grounds") const {
    const Value* value = given("ground");
    const Key* key = value != nullptr ? value->get<Key>() : nullptr;
    if (key == nullptr) return refused(ErrorCode::invalid, refusal);
    const auto list = hearing_.locality.lists.find(Name(of));
    if (list == hearing_.locality.lists.end()) return {};
    const ListRow* row = list->second.find(key->key);
    if (row == nullptr || row->off) return refused(ErrorCode::invalid, refusal);
    return {};
  }
  void be(Actor actor) {
    hearing_.actor = std::move(actor);
    hearing_.event.actor = record_of(hearing_.actor);
  }
  /// The actor through the only of his posts that the audiences let in.
  Status fit(const std::vector<Audience>& audiences) {
    GEWU_TRY(actor, fit_actor(audiences, hearing_.actor, hearing_.access(), prefix_ + ".by"));
    be(std::move(actor));
    return {};
  }
  /// Audiences of the declared actions that could be taken now (`stages`: of these alone).
  std::vector<Audience> audiences_now(std::initializer_list<Stage> stages, bool in_state) const {
    std::vector<Audience> audiences;
    for (const ActionSpec& action : hearing_.type.actions) {
      const bool wanted =
          stages.size() == 0 || std::ranges::find(stages, action.stage) != stages.end();
      const bool possible =
          !in_state ||
          std::ranges::find(action.from, hearing_.draft->state) != action.from.end();
      if (!wanted || !possible || action.is_auto) continue;
      for (const Audience& audience : action.by)
        if (audience.kind == Audience::Kind::role) audiences.push_back(audience);
    }
    return audiences;
  }
  Status conclude_quietly() {
    hearing_.quiet = true;
    return conclude(hearing_, {});
  }

  Status note() {
    GEWU_CHECK(only({"text", "files", "audience"}));
    const bool is_author_note = is_author(hearing_.actor, *hearing_.draft);
    const bool is_post = hearing_.actor.kind == Actor::Kind::post;
    if (!is_author_note && !is_post) {
      GEWU_CHECK(fit(seeing_posts()));
    } else if (is_author_note && !is_post) {
      hearing_.actor.kind = Actor::Kind::author;
      be(hearing_.actor);
    }
    if (given("files") == nullptr) GEWU_CHECK(demand_text("text"));
    const Value* audience = given("audience");
    const Key* key = audience != nullptr ? audience->get<Key>() : nullptr;
    if (audience != nullptr &&
        (key == nullptr || (key->key != "posts" && key->key != "author")))
      return refused(ErrorCode::invalid, "audience.kind");
    keep("text", true);
    keep("files", true);
    keep("audience");
    if (key != nullptr && key->key == "author")
      add_message(hearing_, {.to_author = true, .text = "note", .audience = "author"});
    return conclude_quietly();
  }

  /// Every role that some action of the type names.
  std::vector<Audience> seeing_posts() const { return audiences_now({}, false); }

  Status claim() {
    GEWU_CHECK(only({}));
    GEWU_CHECK(fit(audiences_now({}, true)));
    if (!hearing_.actor.account.has_value()) return not_by();
    hearing_.draft->claimed_by =
        request_.action == "claim" ? hearing_.actor.account : AccountId{};
    return conclude_quietly();
  }

  Status unseal() {
    GEWU_CHECK(only({"ground", "reason"}));
    std::vector<Audience> audiences;
    for (const SeeSpec& see : hearing_.type.see) {
      const bool in_state = see.in.empty() ||
                            std::ranges::find(see.in, hearing_.draft->state) != see.in.end();
      if (!see.sealed || !in_state) continue;
      GEWU_TRY(shown, is_true(see.when, hearing_.scope(), true));
      if (shown) audiences.push_back(see.audience);
    }
    GEWU_CHECK(fit(audiences));
    GEWU_CHECK(demand_ground("ground.required", "unseal_grounds"));
    if (given("reason") != nullptr) GEWU_CHECK(demand_text("reason"));
    keep("ground");
    keep("reason");
    hearing_.docket.decision.shows_sealed = true;
    add_message(hearing_, {.to_author = true, .text = "unseal", .audience = "author"});
    return conclude_quietly();
  }

  /// The author's right over what he gave, once the matter is final; nobody acts for him.
  Status erase() {
    GEWU_CHECK(only({}));
    Audience author;
    author.kind = Audience::Kind::author;
    GEWU_CHECK(fit({author}));
    if (!is_own(hearing_.actor, *hearing_.draft)) return not_by();
    if (!hearing_.draft->is_final() || hearing_.draft->find_action("erase") != nullptr)
      return refused(ErrorCode::conflict, "from");
    erase_everything(hearing_);
    return conclude_quietly();
  }

  // ---- the author's contact

  /// The author in his own name, while the matter is open.
  Status be_author() {
    Audience author;
    author.kind = Audience::Kind::author;
    GEWU_CHECK(fit({author}));
    if (!is_own(hearing_.actor, *hearing_.draft)) return not_by();
    return hearing_.draft->is_final() ? refused(ErrorCode::conflict, "from") : Status{};
  }

  /// He is sent a link to the number that stands: whoever has the receipt alone changes nothing.
  Status ask_contact() {
    GEWU_CHECK(only({}));
    GEWU_CHECK(be_author());
    const ActionRecord* asked = hearing_.draft->find_action("ask_contact");
    if (asked != nullptr && asked->times >= kAskContactMost)
      return refused(ErrorCode::conflict, "most");
    add_message(hearing_, {.to_author = true, .text = "ask_contact", .audience = "author",
                           .answer = "change_contact"});
    return conclude_quietly();
  }

  /// Another number in the place of the one that was given: by the link that the old one got, and by
  /// nobody else, who would answer in the author's place (reliability.md 8.1).
  Status change_contact() {
    GEWU_CHECK(only({"contact"}));
    GEWU_CHECK(be_author());
    if (!hearing_.actor.by_link) return not_by();
    const std::string input = "contact";
    const Value* contact = given(input);
    if (contact == nullptr) return refused(ErrorCode::invalid, input + ".required");
    if (contact->get_shared<Contact>() == nullptr)
      return refused(ErrorCode::invalid, input + ".kind");
    hearing_.draft->fields[*given_contact(hearing_.type)] = *contact;
    return conclude_quietly();
  }

  // ---- clocks

  ClockState* find_clock(const Name& name) {
    const auto found = std::ranges::find(hearing_.draft->clocks, name, &ClockState::name);
    return found == hearing_.draft->clocks.end() ? nullptr : &*found;
  }

  /// His unit lies strictly above the clock owner's, or he belongs to another organisation.
  bool stands_above(const Unit& owner) const {
    const Directory& directory = hearing_.docket.directory();
    const Actor& actor = hearing_.actor;
    Name house;
    if (owner.kind == Unit::Kind::organisation) {
      house = owner.code;
    } else if (owner.kind == Unit::Kind::territory) {
      const Organisation* office =
          directory.roster->nearest_office(owner.code, hearing_.today());
      if (office != nullptr) house = office->key;
    }
    if (!actor.organisation.empty() && actor.organisation != house) return true;
    if (actor.unit.kind != Unit::Kind::territory || actor.unit == owner) return false;
    if (owner.kind == Unit::Kind::organisation) {
      const Organisation* organisation = directory.roster->organisation(owner.code);
      if (organisation == nullptr) return false;
      const auto& ground =
          organisation->in_charge_of ? organisation->in_charge_of : organisation->territory;
      return ground && *ground != actor.unit.code && covers(actor.unit.code, *ground);
    }
    return covers_unit(actor.unit, {}, owner, directory);
  }

  Status extend(const Name& name) {
    GEWU_CHECK(only({"by", "ground"}));
    const ClockSpec& spec = *hearing_.type.find_clock(name);
    GEWU_CHECK(fit(spec.extend_by));
    ClockState* clock = find_clock(name);
    if (clock == nullptr || clock->ended) return refused(ErrorCode::conflict, "from");
    if (!stands_above(clock->owner)) return not_by();
    const Value* by = given("by");
    const Limit* limit = by != nullptr ? by->get<Limit>() : nullptr;
    if (limit == nullptr) return refused(ErrorCode::invalid, "by.required");
    GEWU_CHECK(check_limit(*limit));
    GEWU_CHECK(demand_ground("ground"));
    if (spec.extend_most && clock->extended >= *spec.extend_most)
      return refused(ErrorCode::conflict, "most");
    if (spec.extend_up_to) {
      GEWU_TRY(up_to, evaluate(*spec.extend_up_to, hearing_.scope()));
      const Limit* most = up_to.get<Limit>();
      if (most != nullptr && due_with(*clock, *most) < due_with(*clock, *limit))
        return refused(ErrorCode::invalid, "up_to");
    }
    keep("by");
    keep("ground");
    clock->inputs.extensions.push_back(*limit);
    ++clock->extended;
    settle_due(hearing_, *clock);
    return conclude(hearing_, {});
  }

  Instant due_with(const ClockState& clock, const Limit& limit) const {
    ClockInputs inputs = clock.inputs;
    inputs.extensions.push_back(limit);
    return compute(inputs, *calendar_of(hearing_.locality, inputs.calendar))
        .due.value_or(kForever);
  }

  Status exempt(const Name& name) {
    GEWU_CHECK(only({"ground"}));
    const ClockSpec& spec = *hearing_.type.find_clock(name);
    GEWU_CHECK(fit(spec.exempt_by));
    ClockState* clock = find_clock(name);
    if (clock == nullptr) return refused(ErrorCode::conflict, "from");
    if (!stands_above(clock->owner)) return not_by();
    GEWU_CHECK(check_apart(hearing_, spec.exempt_apart, Stage::other, prefix_ + ".apart"));
    GEWU_CHECK(demand_ground("ground"));
    keep("ground");
    const bool was_counted =
        clock->status == ClockStatus::met || clock->status == ClockStatus::missed;
    if (was_counted && !clock->exempt) GEWU_CHECK(count_clock(hearing_, *clock, -1));
    const bool counts_anew = was_counted && !clock->exempt;
    clock->exempt = true;
    if (counts_anew) GEWU_CHECK(count_clock(hearing_, *clock, 1));
    return conclude(hearing_, {});
  }

  // ---- reroute

  bool has_ended(const std::string& code) const {
    return hearing_.docket.directory().territory->has_ended(code, hearing_.today());
  }

  /// Where the matter goes; the first place or territory field takes it.
  Result<std::string> destination() const {
    const Directory& directory = hearing_.docket.directory();
    if (const Value* territory = given("territory")) {
      const auto* unit = territory->get<Unit>();
      if (unit == nullptr || unit->kind != Unit::Kind::territory ||
          directory.territory->find(unit->code) == nullptr)
        return refused(ErrorCode::invalid, "territory.kind");
      if (has_ended(unit->code)) return refused(ErrorCode::conflict, "territory.ended");
      return unit->code;
    }
    const Value* given_place = given("place");
    if (given_place == nullptr) return refused(ErrorCode::invalid, "place.required");
    const auto* place = given_place->get_shared<Place>();
    if (place == nullptr) return refused(ErrorCode::invalid, "place.kind");
    if (!place->territory.empty() && directory.territory->find(place->territory) != nullptr) {
      if (has_ended(place->territory)) return refused(ErrorCode::conflict, "place.ended");
      return place->territory;
    }
    if (place->territory.empty() && place->point && directory.grids)
      if (const auto code = directory.grids->smallest_of(*place->point, hearing_.today()))
        return *code;
    return refused(ErrorCode::invalid, "place.kind");
  }

  void store_destination(const std::string& code) {
    const Value* place = given("place");
    for (std::size_t i = 0; i < hearing_.type.fields.size(); ++i) {
      const FieldSpec& field = hearing_.type.fields[i];
      if (field.value || field.many) continue;
      if (field.kind == FieldKind::place) {
        hearing_.draft->fields[i] =
            place != nullptr ? *place : make_large(Place{.territory = code});
        return;
      }
      if (field.kind == FieldKind::territory) {
        hearing_.draft->fields[i] = territory_unit(code);
        return;
      }
    }
    hearing_.fixed_territory = code;
  }

  Status reroute() {
    GEWU_CHECK(only({"place", "territory", "ground", "reason"}));
    GEWU_CHECK(fit(audiences_now({Stage::receive, Stage::dispatch}, false)));
    if (hearing_.actor.kind != Actor::Kind::post) return not_by();
    if (hearing_.draft->is_final()) return refused(ErrorCode::conflict, "from");
    GEWU_TRY(code, destination());
    GEWU_CHECK(demand_ground("ground.required"));
    GEWU_CHECK(demand_text("reason"));
    keep("place", true);
    keep("territory");
    keep("ground");
    keep("reason", true);
    const Locality* there = hearing_.docket.directory().locality_of(code);
    if (there == nullptr) return refused(ErrorCode::invalid, "place.kind");
    if (there != &hearing_.locality) return transfer(*there, code);
    store_destination(code);
    hearing_.passes_clocks = true;
    return conclude(hearing_, {}, true);
  }

  /// Into another locality: ends here, is opened there with the fields of the same name.
  Status transfer(const Locality& there, const std::string& code) {
    OpeningOrder order;
    order.type = there.find_type(hearing_.type.name);
    if (!order.type)
      return refuse(ErrorCode::conflict, "system.off", {{"type", hearing_.type.name}});
    for (const ActionSpec& action : order.type->actions) {
      if (!action.opens) continue;
      const bool was_taken = hearing_.before->find_action(action.name) != nullptr;
      if (order.action == nullptr || was_taken) order.action = &action;
      if (was_taken) break;
    }
    if (order.action == nullptr) return refuse(ErrorCode::conflict, "system.off");
    store_destination(code);
    for (std::size_t i = 0; i < hearing_.type.fields.size(); ++i) {
      const FieldSpec& field = hearing_.type.fields[i];
      const auto same = order.type->find_field(field.name);
      const Value& value = hearing_.draft->fields[i];
      if (!same || value.is_missing()) continue;
      const FieldSpec& theirs = order.type->fields[*same];
      if (!theirs.value && theirs.kind == field.kind)
        order.values.push_back({field.name, value});
    }
    hearing_.draft->fields = hearing_.before->fields;
    hearing_.fixed_territory.reset();
    return open_there(there, std::move(order));
  }

  Status open_there(const Locality& there, OpeningOrder order) {
    order.locality = &there;
    order.actor.kind = Actor::Kind::system;
    order.by_effect = true;
    order.anyone = true;
    order.depth = 1;
    order.transferred_from = hearing_.before.get();
    order.arrival.cause = hearing_.event.id;
    order.arrival.depth = hearing_.event.depth;
    order.arrival.origin = hearing_.origin();
    order.arrival.origin_matter = hearing_.origin_matter;
    GEWU_TRY(opened, open_inside(hearing_.docket, order));
    hearing_.event.opened.push_back(opened);
    const auto state = hearing_.type.find_state("transferred");
    if (!state) return refused(ErrorCode::conflict, "from");
    hearing_.draft->state = *state;
    hearing_.draft->outcome = "transferred";
    hearing_.draft->closed_at = hearing_.now();
    hearing_.draft->transferred_to = opened;
    return conclude(hearing_, {});
  }

  Hearing& hearing_;
  const ActRequest& request_;
  std::string prefix_;
};

}  // namespace

bool is_built_in(const Type& type, std::string_view action) {
  if (std::ranges::find(kOfContact, action) != kOfContact.end())
    return given_contact(type).has_value();
  return std::ranges::find(kPlain, action) != kPlain.end() || clock_action(type, action);
}

Result<Decision> take_built_in(Docket& docket, const SnapshotPtr& matter,
                               const ActRequest& request) {
  const Chamber& chamber = docket.chamber;
  GEWU_TRY(actor, with_post(request.actor, chamber.directory, chamber.now));
  GEWU_TRY(hearing, hear(docket, matter, actor, Event::Kind::action, request.action,
                         request.arrival));
  GEWU_CHECK(load_matter(docket, matter, request.values));
  GEWU_TRY(seen, is_seen(docket, matter, actor));
  if (!seen) return refuse(ErrorCode::not_found, "not_found");
  if (request.version && *request.version != matter->version)
    return refuse(ErrorCode::conflict, "matter.version",
                  {{"version", std::to_string(matter->version)}});
  BuiltIn built_in(*hearing, request);
  GEWU_CHECK(built_in.take());
  hearing.reset();
  if (request.action == "erase") GEWU_CHECK(erase_parts(docket, matter, request.arrival));
  return std::move(docket.decision);
}

}  // namespace gewu::kernel
