#include "kernel/matter/access.h"

#include <algorithm>
#include <string>

#include "base/spans.h"

namespace gewu::kernel {

namespace {

/// The day by which organisations stand or not; no zone is asked for it.
Date day_of(Instant now) { return Date{static_cast<std::int32_t>(now.ms / kMsPerDay)}; }

bool links_to(const Snapshot& matter, MatterId row) {
  for (std::size_t i = 0; i < matter.type->fields.size(); ++i)
    if (const auto* link = matter.fields[i].get<Link>(); link != nullptr && link->id == row)
      return true;
  return false;
}

const Snapshot* find_row(const Directory& directory, MatterId id) {
  for (const auto& [type, rows] : directory.references)
    if (const SnapshotPtr row = rows->find(id)) return row.get();
  return nullptr;
}

MatterId row_id(const Unit& unit) {
  std::int64_t value = 0;
  for (const char digit : unit.code) {
    if (digit < '0' || digit > '9') return {};
    value = value * 10 + (digit - '0');
  }
  return MatterId{value};
}

/// The units and posts that `role@expr` names.
void collect_places(const Value& value, std::vector<Unit>& units, std::vector<PostId>& posts) {
  if (const auto* unit = value.get<Unit>()) {
    units.push_back(*unit);
  } else if (const auto* post = value.get<PostRef>()) {
    posts.push_back(post->id);
  } else if (const auto* link = value.get<Link>()) {
    units.push_back(row_unit(std::to_string(link->id.value)));
  } else if (const auto* set = value.get_shared<Values>()) {
    for (const Value& element : *set) collect_places(element, units, posts);
  }
}

struct Places {
  std::vector<Unit> units;
  std::vector<PostId> posts;
};

Result<const Value*> value_of(const Audience& audience, const Actor* actor,
                              const AccessCase& access, Value& scratch) {
  Scope scope{.directory = access.directory,
              .locality = access.locality,
              .dossier = access.dossier,
              .self = &access.matter,
              .input = access.input,
              .actor = actor,
              .it = access.it,
              .now = access.now};
  return evaluate_in_place(*audience.at, scope, scratch);
}

Result<Places> places_of(const Audience& audience, const Actor* actor, const AccessCase& access) {
  Value scratch;
  GEWU_TRY(value, value_of(audience, actor, access, scratch));
  Places places;
  collect_places(*value, places.units, places.posts);
  return places;
}

Result<bool> role_fits(const Audience& audience, const Actor& actor, const AccessCase& access) {
  if (actor.kind != Actor::Kind::post || actor.role != audience.role) return false;
  if (!audience.at) return covers_matter(actor.unit, access);
  GEWU_TRY(places, places_of(audience, &actor, access));
  if (std::ranges::find(places.posts, actor.post) != places.posts.end()) return true;
  return std::ranges::any_of(places.units, [&](const Unit& unit) {
    return covers_unit(actor.unit, actor.organisation, unit, access.directory);
  });
}

void add_post(std::vector<PostId>& posts, PostId post) {
  const auto at = std::ranges::lower_bound(posts, post);
  if (at == posts.end() || *at != post) posts.insert(at, post);
}

bool has_kind(const std::vector<Audience>& audiences, Audience::Kind kind) {
  return std::ranges::find(audiences, kind, &Audience::kind) != audiences.end();
}

Actor as_kind(const Actor& actor, Actor::Kind kind) {
  Actor other;
  other.kind = kind;
  other.account = actor.account;
  other.receipt_of = actor.receipt_of;
  other.by_link = actor.by_link;
  return other;
}

Result<std::optional<Actor>> fit_without_post(const std::vector<Audience>& audiences,
                                              const Actor& actor, const AccessCase& access) {
  for (const auto& [kind, as] : {std::pair{Audience::Kind::author, Actor::Kind::author},
                                std::pair{Audience::Kind::member, Actor::Kind::member},
                                std::pair{Audience::Kind::everyone, Actor::Kind::everyone}}) {
    for (const Audience& audience : audiences) {
      if (audience.kind != kind) continue;
      GEWU_TRY(fits, satisfies(audience, actor, access));
      if (fits) return as_kind(actor, as);
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view ground_of(const Organisation& organisation, const Roster& roster) {
  const Organisation* at = &organisation;
  for (int above = 0; at != nullptr && above < 8; ++above) {
    if (at->territory) return *at->territory;
    if (at->in_charge_of) return *at->in_charge_of;
    at = at->parent ? roster.organisation(*at->parent) : nullptr;
  }
  return {};
}

bool is_author(const Actor& actor, const Snapshot& matter) {
  if (actor.receipt_of.has_value() && actor.receipt_of == matter.id) return true;
  return actor.account.has_value() && actor.account == matter.author_account;
}

bool is_own(const Actor& actor, const Snapshot& matter) {
  if (actor.receipt_of.has_value() && actor.receipt_of == matter.id) return true;
  if (!is_author(actor, matter)) return false;
  return std::ranges::none_of(matter.actions, [&](const ActionRecord& record) {
    const ActionSpec* action = matter.type->find_action(record.action);
    return action != nullptr && action->opens && record.actor.kind == Actor::Kind::post;
  });
}

bool is_on_behalf(const ActionSpec& opening, const ActorRecord& by) {
  return by.kind == Actor::Kind::post && (has_kind(opening.by, Audience::Kind::everyone) ||
                                          has_kind(opening.by, Audience::Kind::author));
}

bool was_entered_on_behalf(const Snapshot& matter) {
  return std::ranges::any_of(matter.actions, [&](const ActionRecord& record) {
    const ActionSpec* action = matter.type->find_action(record.action);
    return action != nullptr && action->opens && is_on_behalf(*action, record.actor);
  });
}

bool entered_on_behalf(const Actor& actor, const Snapshot& matter) {
  return actor.account.has_value() && actor.account == matter.author_account &&
         was_entered_on_behalf(matter);
}

bool covers_matter(const Unit& unit, const AccessCase& access) {
  const Snapshot& matter = access.matter;
  switch (unit.kind) {
    case Unit::Kind::none: return false;
    case Unit::Kind::territory: return covers(unit.code, matter.territory);
    case Unit::Kind::organisation: {
      if (matter.owner == unit || matter.handler == unit) return true;
      const Organisation* organisation = access.directory.roster->organisation(unit.code);
      if (organisation == nullptr) return false;
      const std::string_view ground = ground_of(*organisation, *access.directory.roster);
      return !ground.empty() && covers(ground, matter.territory);
    }
    case Unit::Kind::row: {
      const MatterId id = row_id(unit);
      if (!id.has_value()) return false;
      if (matter.id == id || links_to(matter, id)) return true;
      const Snapshot* row = find_row(access.directory, id);
      return row != nullptr && !row->territory.empty() && covers(row->territory, matter.territory);
    }
  }
  return false;
}

bool covers_unit(const Unit& unit, std::string_view organisation, const Unit& other,
                 const Directory& directory) {
  if (unit == other) return other.kind != Unit::Kind::none;
  if (other.kind == Unit::Kind::territory)
    return unit.kind == Unit::Kind::territory && covers(unit.code, other.code);
  if (other.kind == Unit::Kind::row) {
    const Snapshot* row = find_row(directory, row_id(other));
    return row != nullptr && unit.kind == Unit::Kind::territory && !row->territory.empty() &&
           covers(unit.code, row->territory);
  }
  if (other.kind != Unit::Kind::organisation || unit.kind != Unit::Kind::territory) return false;
  if (organisation == other.code) return true;
  const Organisation* covered = directory.roster->organisation(other.code);
  if (covered == nullptr) return false;
  const std::string_view ground = ground_of(*covered, *directory.roster);
  return !ground.empty() && covers(unit.code, ground);
}

Result<bool> satisfies(const Audience& audience, const Actor& actor, const AccessCase& access) {
  switch (audience.kind) {
    case Audience::Kind::role: return role_fits(audience, actor, access);
    case Audience::Kind::author: return is_author(actor, access.matter);
    case Audience::Kind::holder: {
      if (!audience.at || !actor.post.has_value()) return false;
      GEWU_TRY(places, places_of(audience, &actor, access));
      return std::ranges::find(places.posts, actor.post) != places.posts.end();
    }
    case Audience::Kind::member: return actor.account.has_value();
    case Audience::Kind::everyone: return actor.kind != Actor::Kind::system;
    case Audience::Kind::others:
      return actor.kind == Actor::Kind::post || actor.account.has_value();
    case Audience::Kind::system: return actor.kind == Actor::Kind::system;
  }
  return false;
}

Result<const Audience*> first_satisfied(const std::vector<Audience>& audiences, const Actor& actor,
                                        const AccessCase& access) {
  for (const Audience& audience : audiences) {
    GEWU_TRY(fits, satisfies(audience, actor, access));
    if (fits) return &audience;
  }
  return nullptr;
}

Result<Actor> with_post(const Actor& actor, const Directory& directory, Instant now) {
  if (!actor.post.has_value()) return actor;
  const Post* post = directory.roster->post(actor.post);
  if (post == nullptr || post->state == PostState::abolished)
    return refuse(ErrorCode::invalid, "post.unknown");
  Actor whole = actor;
  whole.kind = Actor::Kind::post;
  whole.role = post->role;
  whole.unit = post->unit;
  const Organisation* organisation = directory.roster->organisation_of(*post, day_of(now));
  whole.organisation = organisation ? organisation->key : OrganisationKey{};
  return whole;
}

Result<bool> fits_as_given(const std::vector<Audience>& audiences, const Actor& actor,
                           const AccessCase& access) {
  const bool is_system = actor.kind == Actor::Kind::system;
  if (!is_system && !actor.post.has_value()) return false;
  for (const Audience& audience : audiences) {
    if (!is_system && audience.kind != Audience::Kind::role &&
        audience.kind != Audience::Kind::holder)
      continue;
    GEWU_TRY(fits, satisfies(audience, actor, access));
    if (fits) return true;
  }
  return false;
}

Result<Actor> fit_actor(const std::vector<Audience>& audiences, const Actor& actor,
                        const AccessCase& access, const std::string& refusal) {
  const auto refused = [&] { return refuse(ErrorCode::forbidden, refusal); };
  GEWU_TRY(fits, fits_as_given(audiences, actor, access));
  if (fits) return actor;
  if (actor.kind == Actor::Kind::system) return refused();
  if (!actor.post.has_value() && actor.account.has_value()) {
    const bool writes = is_author(actor, access.matter) &&
                        has_kind(audiences, Audience::Kind::author);
    std::vector<Actor> fitting;
    if (!writes) {
      for (const Post* post : access.directory.roster->posts_held(actor.account, access.now)) {
        Actor candidate = actor;
        candidate.post = post->id;
        GEWU_TRY(whole, with_post(candidate, access.directory, access.now));
        GEWU_TRY(first, first_satisfied(audiences, whole, access));
        if (first != nullptr &&
            (first->kind == Audience::Kind::role || first->kind == Audience::Kind::holder))
          fitting.push_back(std::move(whole));
      }
    }
    if (fitting.size() == 1) return std::move(fitting.front());
    if (fitting.size() > 1) {
      std::vector<ErrorDetail> details;
      for (const Actor& candidate : fitting)
        details.push_back({"post", std::to_string(candidate.post.value)});
      return refuse(ErrorCode::invalid, "post.choose", std::move(details));
    }
  }
  GEWU_TRY(other, fit_without_post(audiences, actor, access));
  if (other) return std::move(*other);
  return refused();
}

namespace {

void add_all(std::vector<PostId>& to, const std::vector<const Post*>& posts) {
  for (const Post* post : posts) add_post(to, post->id);
}

/// Posts of a role on rows whose row covers the matter: the roster knows no rows.
void add_row_posts(const Audience& audience, const AccessCase& access, std::vector<PostId>& to) {
  const auto role = access.locality.roles.find(audience.role);
  if (role == access.locality.roles.end() || role->second.unit_kind != Unit::Kind::row) return;
  for (const Post* post : access.directory.roster->posts_of_role(audience.role))
    if (covers_matter(post->unit, access)) add_post(to, post->id);
}

void add_posts_at(const Audience& audience, const Unit& unit, const AccessCase& access,
                  std::vector<PostId>& to) {
  const Roster& roster = *access.directory.roster;
  const Date day = day_of(access.now);
  switch (unit.kind) {
    case Unit::Kind::none: return;
    case Unit::Kind::territory:
      for (const Post* post : roster.posts_covering(audience.role, unit.code))
        if (post->unit.kind == Unit::Kind::territory) add_post(to, post->id);
      return;
    case Unit::Kind::organisation:
      add_all(to, roster.posts_on(audience.role, unit));
      for (const Post* post : roster.posts_in(audience.role, unit.code, day))
        if (post->unit.kind == Unit::Kind::territory) add_post(to, post->id);
      return;
    case Unit::Kind::row: add_all(to, roster.posts_on(audience.role, unit)); return;
  }
}

/// The matters that a value points to, each once.
void collect_matters(const Value& value, std::vector<MatterId>& matters) {
  if (const auto* link = value.get<Link>()) {
    if (std::ranges::find(matters, link->id) == matters.end()) matters.push_back(link->id);
  } else if (const auto* set = value.get_shared<Values>()) {
    for (const Value& element : *set) collect_matters(element, matters);
  }
}

}  // namespace

Result<Addressees> addressees_of(const Audience& audience, const AccessCase& access) {
  Addressees to;
  switch (audience.kind) {
    case Audience::Kind::author: {
      to.to_author = audience.at == nullptr;
      if (to.to_author) return to;
      Value scratch;
      GEWU_TRY(value, value_of(audience, nullptr, access, scratch));
      collect_matters(*value, to.authors);
      return to;
    }
    case Audience::Kind::member:
    case Audience::Kind::everyone:
    case Audience::Kind::others:
    case Audience::Kind::system: return to;
    case Audience::Kind::holder:
    case Audience::Kind::role: break;
  }
  if (!audience.at) {
    const Roster& roster = *access.directory.roster;
    add_all(to.posts, roster.posts_covering(audience.role, access.matter.territory));
    for (const Unit* unit : {&access.matter.owner, &access.matter.handler})
      if (unit->kind == Unit::Kind::organisation)
        add_all(to.posts, roster.posts_on(audience.role, *unit));
    add_row_posts(audience, access, to.posts);
    return to;
  }
  GEWU_TRY(places, places_of(audience, nullptr, access));
  for (const PostId id : places.posts) {
    const Post* post = access.directory.roster->post(id);
    if (post != nullptr && post->state != PostState::abolished &&
        (audience.kind == Audience::Kind::holder || post->role == audience.role))
      add_post(to.posts, id);
  }
  if (audience.kind == Audience::Kind::role)
    for (const Unit& unit : places.units) add_posts_at(audience, unit, access, to.posts);
  return to;
}

}  // namespace gewu::kernel
