#include "kernel/matter/query.h"

#include <algorithm>
#include <array>
#include <utility>

#include "kernel/matter/built_in.h"
#include "kernel/matter/docket.h"
#include "kernel/place/square.h"

// Who sees what of a matter, what is offered, and its lamp.

namespace gewu::kernel {

namespace {

/// A line that let somebody in. `see` is null for the line that every role of the type has.
struct Entrance {
  const SeeSpec* see = nullptr;
  std::string audience;
  bool is_author = false;
  bool through_parent = false;
};

int rank(const Audience& audience) {
  switch (audience.kind) {
    case Audience::Kind::author: return 0;
    case Audience::Kind::holder: return 1;
    case Audience::Kind::role: return audience.at ? 1 : 2;
    case Audience::Kind::member:
    case Audience::Kind::others: return 4;
    case Audience::Kind::everyone: return 5;
    case Audience::Kind::system: return 6;
  }
  return 6;
}

}  // namespace

std::vector<const SeeSpec*> see_order(const Type& type) {
  std::vector<const SeeSpec*> lines;
  for (const SeeSpec& see : type.see) lines.push_back(&see);
  std::ranges::stable_sort(lines, {}, [](const SeeSpec* see) { return rank(see->audience); });
  return lines;
}

bool comes_before_roles(const SeeSpec& see) { return rank(see.audience) <= 3; }

namespace {

struct Sight {
  const Directory& directory;
  const Locality& locality;
  const Dossier& dossier;
  DossierSource& source;
  Instant now;
};

AccessCase access_to(const Sight& sight, const Snapshot& matter) {
  return {.directory = sight.directory,
          .locality = sight.locality,
          .dossier = sight.dossier,
          .matter = matter,
          .now = sight.now};
}

Result<bool> line_opens(const Sight& sight, const SeeSpec& see, const Snapshot& matter,
                        const Actor& actor) {
  if (!see.in.empty() && std::ranges::find(see.in, matter.state) == see.in.end()) return false;
  GEWU_TRY(fits, satisfies(see.audience, actor, access_to(sight, matter)));
  if (!fits) return false;
  const Scope scope{.directory = sight.directory,
                    .locality = sight.locality,
                    .dossier = sight.dossier,
                    .self = &matter,
                    .actor = &actor,
                    .now = sight.now};
  return is_true(see.when, scope, true);
}

/// Every role in some `by` of the type sees the matters it covers.
Result<std::optional<Entrance>> role_entrance(const Sight& sight, const Snapshot& matter,
                                              const Actor& actor) {
  if (actor.kind != Actor::Kind::post) return std::nullopt;
  const AccessCase access = access_to(sight, matter);
  bool is_named = false;
  for (const ActionSpec& action : matter.type->actions)
    for (const Audience& audience : action.by) {
      if (audience.kind == Audience::Kind::role && audience.role == actor.role) is_named = true;
      if (audience.kind != Audience::Kind::holder && !(is_named && audience.at)) continue;
      GEWU_TRY(fits, satisfies(audience, actor, access));
      if (fits) return Entrance{nullptr, "role", false, false};
    }
  if (is_named && covers_matter(actor.unit, access))
    return Entrance{nullptr, "role", false, false};
  return std::nullopt;
}

Result<std::optional<Entrance>> own_entrance(const Sight& sight, const Snapshot& matter,
                                             const Actor& actor) {
  const std::vector<const SeeSpec*> lines = see_order(*matter.type);
  const bool writes = is_author(actor, matter);
  for (const SeeSpec* see : lines) {
    if (!comes_before_roles(*see)) break;
    GEWU_TRY(opens, line_opens(sight, *see, matter, actor));
    if (opens)
      return Entrance{see, see->audience.text,
                      writes && see->audience.kind == Audience::Kind::author, false};
  }
  GEWU_TRY(by_role, role_entrance(sight, matter, actor));
  if (by_role) return by_role;
  for (const SeeSpec* see : lines) {
    if (comes_before_roles(*see)) continue;
    GEWU_TRY(opens, line_opens(sight, *see, matter, actor));
    if (opens) return Entrance{see, see->audience.text, false, false};
  }
  return std::nullopt;
}

constexpr int kParentDepthMax = 4;

/// A part has the same visibility rules as what it is a part of: whoever is let into that by name
/// or role sees the part too. What is open to everybody is not.
Result<std::optional<Entrance>> entrance(const Sight& sight, const Snapshot& matter,
                                         const Actor& actor, int depth) {
  GEWU_TRY(own, own_entrance(sight, matter, actor));
  if (own || depth == kParentDepthMax || !matter.parent.has_value()) return own;
  const SnapshotPtr parent = sight.source.load(matter.parent);
  if (!parent) return std::nullopt;
  GEWU_TRY(above, entrance(sight, *parent, actor, depth + 1));
  if (!above) return std::nullopt;
  if (above->see != nullptr && !comes_before_roles(*above->see)) return std::nullopt;
  return Entrance{nullptr, above->audience, false, true};
}

bool names(const std::vector<Name>& list, const Name& name) {
  return std::ranges::find(list, name) != list.end();
}

/// What a coarse field still says: of a place the square it lies in and the ground, never its words;
/// of a line nothing. Other kinds have no coarser form and stay as they are.
Value coarse_value(const FieldSpec& field, const Value& value) {
  if (field.kind == FieldKind::line) return {};
  const Place* place = value.get_shared<Place>();
  if (place == nullptr) return field.kind == FieldKind::place ? Value() : value;
  Place rough;
  if (place->point) rough.point = middle_of_square(*place->point);
  rough.territory = place->territory;
  return make_large(std::move(rough));
}

void add_field(SeenMatter& seen, const Entrance& way, std::size_t index, bool is_coarse) {
  const FieldSpec& field = seen.matter->type->fields[index];
  const bool is_closed =
      field.sealed || field.kind == FieldKind::contact || field.kind == FieldKind::account;
  const bool may_open = way.see != nullptr && way.see->sealed;
  if (is_closed && !may_open && !way.is_author) return;
  SeenField shown;
  shown.field = index;
  shown.is_sealed = is_closed && !way.is_author;
  shown.is_coarse = is_coarse;
  const Value& stored = seen.matter->fields[index];
  if (!shown.is_sealed) shown.value = is_coarse ? coarse_value(field, stored) : stored;
  seen.fields.push_back(std::move(shown));
}

void add_fields(SeenMatter& seen, const Entrance& way) {
  const Type& type = *seen.matter->type;
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    const FieldSpec& field = type.fields[i];
    if (way.through_parent && field.personal && way.audience != "role") continue;
    if (way.see == nullptr) {
      add_field(seen, way, i, false);
    } else if (way.see->all_fields || names(way.see->fields, field.name)) {
      add_field(seen, way, i, names(way.see->coarse, field.name));
    }
  }
}

}  // namespace

Result<bool> is_seen(Docket& docket, const SnapshotPtr& matter, const Actor& actor) {
  if (actor.kind == Actor::Kind::system) return true;
  const Locality* locality = locality_for(docket.directory(), *matter);
  if (locality == nullptr) return false;
  const auto visible = [&](const Actor& as) -> Result<bool> {
    const Sight sight{docket.directory(), *locality, docket.dossier, docket.source,
                      docket.chamber.now};
    GEWU_TRY(way, entrance(sight, *matter, as, 0));
    return way.has_value();
  };
  GEWU_TRY(seen, visible(actor));
  if (seen || actor.post.has_value() || !actor.account.has_value()) return seen;
  for (const Post* post :
       docket.directory().roster->posts_held(actor.account, docket.chamber.now)) {
    Actor as = actor;
    as.post = post->id;
    GEWU_TRY(whole, with_post(as, docket.directory(), docket.chamber.now));
    GEWU_TRY(through, visible(whole));
    if (through) return true;
  }
  return false;
}

Result<std::optional<SeenMatter>> see_matter(const Chamber& chamber, const SnapshotPtr& matter,
                                             const Actor& actor) {
  const Locality* locality = locality_for(chamber.directory, *matter);
  if (locality == nullptr) return std::nullopt;
  GEWU_TRY(whole, with_post(actor, chamber.directory, chamber.now));
  Docket docket(chamber);
  GEWU_CHECK(load_matter(docket, matter, {}));
  const Sight sight{chamber.directory, *locality, docket.dossier, docket.source, chamber.now};
  GEWU_TRY(way, entrance(sight, *matter, whole, 0));
  PostId through_post = whole.post;
  // A line that is open to everybody comes last: what one of the caller's posts opens is more.
  const bool may_see_more =
      !way || (way->see != nullptr && !comes_before_roles(*way->see));
  if (may_see_more && !whole.post.has_value() && whole.account.has_value()) {
    for (const Post* post : chamber.directory.roster->posts_held(whole.account, chamber.now)) {
      Actor as = whole;
      as.post = post->id;
      GEWU_TRY(through, with_post(as, chamber.directory, chamber.now));
      GEWU_TRY(found, entrance(sight, *matter, through, 0));
      if (!found) continue;
      if (way && found->see != nullptr && !comes_before_roles(*found->see)) continue;
      way = std::move(found);
      through_post = post->id;
      break;
    }
  }
  if (!way) return std::nullopt;
  SeenMatter seen;
  seen.matter = matter;
  seen.audience = way->audience;
  seen.line = way->see;
  seen.through_parent = way->through_parent;
  seen.post = through_post;
  add_fields(seen, *way);
  GEWU_TRY(lamp, lamp_of(chamber, matter));
  seen.lamp = lamp;
  return seen;
}

namespace {

/// The key of what stands against an action that is offered all the same; empty: nothing.
std::string obstacle(Hearing& hearing) {
  const ActionSpec& action = *hearing.action;
  if (const auto apart =
          check_apart(hearing, action.apart, action.stage, hearing.key("apart"));
      !apart)
    return apart.error().key;
  if (const auto limits = check_limits(hearing); !limits) return limits.error().key;
  return {};
}

Result<std::optional<OfferedAction>> offer(Hearing& hearing, const ActionSpec& action,
                                           const Actor& actor) {
  if (action.is_auto || (action.opens && action.from.empty())) return std::nullopt;
  if (std::ranges::find(action.from, hearing.draft->state) == action.from.end())
    return std::nullopt;
  hearing.action = &action;
  auto fits = fit_actor(action.by, actor, hearing.access(), hearing.key("by"));
  if (!fits && fits.error().key != "post.choose") return std::nullopt;
  hearing.actor = fits ? *fits : actor;
  GEWU_TRY(offered, is_true(action.when, hearing.scope(), true));
  if (!offered) return std::nullopt;
  OfferedAction shown{.action = action.name, .spec = &action};
  shown.barred_key = obstacle(hearing);
  shown.possible = shown.barred_key.empty();
  return shown;
}

Result<bool> fits_any(const std::vector<Audience>& audiences, const Hearing& hearing,
                      const Actor& actor) {
  if (audiences.empty()) return false;
  const auto fits = fit_actor(audiences, actor, hearing.access(), "by");
  return fits.has_value() || fits.error().key == "post.choose";
}

void add(std::vector<OfferedAction>& offered, Name action) {
  offered.push_back({.action = std::move(action)});
}

/// Built-in actions after the declared ones.
Status offer_built_in(Hearing& hearing, const Actor& actor,
                      std::vector<OfferedAction>& offered) {
  const Snapshot& matter = *hearing.draft;
  const bool may_act = std::ranges::any_of(offered, [](const OfferedAction& action) {
    return action.spec != nullptr &&
           std::ranges::find(action.spec->by, Audience::Kind::role, &Audience::kind) !=
               action.spec->by.end();
  });
  std::vector<Audience> notes;  // every role that some action names, as the step asks
  for (const ActionSpec& action : hearing.type.actions)
    for (const Audience& audience : action.by)
      if (audience.kind == Audience::Kind::role && !action.is_auto) notes.push_back(audience);
  GEWU_TRY(may_note, fits_any(notes, hearing, actor));
  if (may_note || is_author(actor, matter)) add(offered, "note");
  if (is_own(actor, matter) && !actor.post.has_value() && matter.is_final() &&
      matter.find_action("erase") == nullptr)
    add(offered, "erase");
  if (is_own(actor, matter) && !actor.post.has_value() && !matter.is_final() &&
      given_contact(hearing.type)) {
    const ActionRecord* asked = matter.find_action("ask_contact");
    if (actor.by_link) add(offered, "change_contact");
    else if (asked == nullptr || asked->times < kAskContactMost) add(offered, "ask_contact");
  }
  if (may_act && actor.account.has_value())
    add(offered, matter.claimed_by == actor.account ? "release" : "claim");
  std::vector<Audience> reroutes, unseals;
  for (const ActionSpec& action : hearing.type.actions)
    if (action.stage == Stage::receive || action.stage == Stage::dispatch)
      for (const Audience& audience : action.by)
        if (audience.kind == Audience::Kind::role) reroutes.push_back(audience);
  for (const SeeSpec& see : hearing.type.see) {
    const bool in_state = see.in.empty() ||
                          std::ranges::find(see.in, matter.state) != see.in.end();
    if (!see.sealed || !in_state) continue;
    GEWU_TRY(shown, is_true(see.when, hearing.scope(), true));
    if (shown) unseals.push_back(see.audience);
  }
  GEWU_TRY(may_reroute, fits_any(reroutes, hearing, actor));
  if (may_reroute && !matter.is_final()) add(offered, "reroute");
  GEWU_TRY(may_unseal, fits_any(unseals, hearing, actor));
  if (may_unseal) add(offered, "unseal");
  for (const ClockSpec& clock : hearing.type.clocks) {
    const ClockState* state = matter.find_clock(clock.name);
    if (state == nullptr) continue;
    GEWU_TRY(may_extend, fits_any(clock.extend_by, hearing, actor));
    if (may_extend && !state->ended) add(offered, clock.name + ".extend");
    GEWU_TRY(may_exempt, fits_any(clock.exempt_by, hearing, actor));
    if (may_exempt && !state->exempt) add(offered, clock.name + ".exempt");
  }
  return {};
}

}  // namespace

Result<std::vector<OfferedAction>> offer_actions(const Chamber& chamber, const SnapshotPtr& matter,
                                                 const Actor& actor) {
  const Locality* locality = locality_for(chamber.directory, *matter);
  if (locality == nullptr) return std::vector<OfferedAction>{};
  GEWU_TRY(whole, with_post(actor, chamber.directory, chamber.now));
  Docket docket(chamber);
  GEWU_CHECK(load_matter(docket, matter, {}));
  Hearing hearing(docket, matter->type, *locality, whole);
  hearing.before = matter;
  hearing.draft = std::make_shared<Snapshot>(*matter);
  std::vector<OfferedAction> offered;
  for (const ActionSpec& action : matter->type->actions) {
    GEWU_TRY(shown, offer(hearing, action, whole));
    if (shown) offered.push_back(std::move(*shown));
  }
  hearing.action = nullptr;
  hearing.actor = whole;
  GEWU_CHECK(offer_built_in(hearing, whole, offered));
  return offered;
}

Result<Lamp> lamp_of(const Chamber& chamber, const SnapshotPtr& matter) {
  Lamp lamp = Lamp::grey;
  const bool has_own_rule = matter->type->lamp_red || matter->type->lamp_yellow;
  for (const ClockState& clock : matter->clocks) {
    if (!is_deadline(clock)) continue;
    if (clock.status != ClockStatus::running && clock.status != ClockStatus::paused) continue;
    lamp = worst(lamp, Lamp::green);
    if (clock.status == ClockStatus::paused) continue;
    if (!has_own_rule && clock.red_at && *clock.red_at <= chamber.now)
      lamp = worst(lamp, Lamp::red);
    if (!has_own_rule && clock.yellow_at && *clock.yellow_at <= chamber.now)
      lamp = worst(lamp, Lamp::yellow);
    const ClockSpec* spec = matter->type->find_clock(clock.name);
    if (spec == nullptr) continue;
    for (const ClockStepSpec& step : spec->steps) {
      const auto state = std::ranges::find(clock.steps, step.text, &ClockStepState::step);
      if (step.lamp && state != clock.steps.end() && state->at <= chamber.now)
        lamp = worst(lamp, *step.lamp);
    }
  }
  if (!has_own_rule) return lamp;
  const Locality* locality = locality_for(chamber.directory, *matter);
  if (locality == nullptr) return lamp;
  Docket docket(chamber);
  GEWU_CHECK(load_matter(docket, matter, {}));
  const Scope scope{.directory = chamber.directory,
                    .locality = *locality,
                    .dossier = docket.dossier,
                    .self = matter.get(),
                    .now = chamber.now};
  GEWU_TRY(red, is_true(matter->type->lamp_red, scope, false));
  GEWU_TRY(yellow, is_true(matter->type->lamp_yellow, scope, false));
  if (red) lamp = worst(lamp, Lamp::red);
  if (yellow) lamp = worst(lamp, Lamp::yellow);
  return lamp;
}

}  // namespace gewu::kernel
