#include "simulation/people.h"

#include <algorithm>

#include "usecase/change_directory.h"

namespace gewu::simulation {

using namespace gewu::kernel;
using usecase::Caller;

namespace {

constexpr const char* kResident = "resident";

Label unit_label(const Directory& directory, const Unit& unit) {
  switch (unit.kind) {
    case Unit::Kind::territory:
      if (const Territory* territory = directory.territory->find(unit.code)) return territory->name;
      break;
    case Unit::Kind::organisation:
      if (const Organisation* organisation = directory.roster->organisation(unit.code))
        return organisation->label;
      break;
    case Unit::Kind::row:
    case Unit::Kind::none: break;
  }
  return {};
}

Caller caller_of(const Post& post, Instant now) {
  Caller caller;
  const auto holders = holders_at(post, now);
  if (!holders.empty()) {
    caller.account = holders.front();
    caller.post = post.id;
  }
  return caller;
}

/// Organisations that a matter names: who handles and owns it, and those in its fields.
void add_organisations(const Snapshot& matter, std::set<std::string>& keys) {
  const auto add = [&](const Value& value) {
    const auto* unit = value.get<Unit>();
    if (unit && unit->kind == Unit::Kind::organisation) keys.insert(unit->code);
  };
  add(Value(matter.owner));
  add(Value(matter.handler));
  for (const Value& value : matter.fields) {
    add(value);
    if (const auto* many = value.get_shared<Values>())
      for (const Value& element : *many) add(element);
  }
}

/// Whether a post sits in the place, or above it: a neighbouring town's people do not live here.
bool is_around(const Directory& directory, const Post& post, const std::string& place) {
  std::string ground = place;
  if (post.unit.kind == Unit::Kind::territory) ground = post.unit.code;
  if (post.unit.kind == Unit::Kind::organisation)
    if (const Organisation* own = directory.roster->organisation(post.unit.code))
      ground = own->territory.value_or(place);
  return covers(place, ground) || covers(ground, place);
}

std::vector<const Post*> posts_by_key(const Directory& directory, const std::string& place) {
  auto posts = directory.roster->all_posts();
  std::erase_if(posts, [&](const Post* post) {
    return post->state == PostState::abolished || !is_around(directory, *post, place);
  });
  std::ranges::sort(posts, {}, &Post::key);
  return posts;
}

}  // namespace

Result<std::vector<DemoAccount>> seat_everybody(usecase::Office& office,
                                                const Behaviour& behaviour, Chance& chance,
                                                const std::string& password_hash) {
  const DirectoryPtr before = office.store.directory();
  const Locality* locality = before->find_locality(behaviour.locality);
  if (!locality)
    return refuse(ErrorCode::not_found, "demo.locality", {{"locality", behaviour.locality}});
  std::vector<DemoAccount> accounts{{.login = "admin", .is_main = true}};
  usecase::NewAccount administrator{.login = "admin",
                                    .display_name = "admin",
                                    .password_hash = password_hash,
                                    .may_administer = true};
  GEWU_CHECK(usecase::make_account(office, administrator, "demo"));
  std::set<std::string> shown;
  const DirectoryPtr directory = office.store.directory();
  for (const Post* post : posts_by_key(*directory, locality->territory)) {
    usecase::NewAccount person;
    person.login = post->key;
    person.display_name = chance.of(behaviour.surnames) + chance.of(behaviour.given_names);
    person.password_hash = password_hash;
    person.posts = {post->key};
    // Whoever sat there could do nothing: no system in use has the role.
    const auto role = locality->roles.find(post->role);
    if (role == locality->roles.end()) continue;
    GEWU_CHECK(usecase::make_account(office, person, "demo"));
    const bool is_department = post->unit.kind == Unit::Kind::organisation;
    accounts.push_back(
        {.login = post->key,
         .role = post->role,
         .role_label = role->second.label,
         .unit_label = unit_label(*directory, post->unit),
         .is_main = shown.insert(post->role + (is_department ? post->unit.code : "")).second});
  }
  return accounts;
}

People::People(DirectoryPtr directory, const Locality& locality, Chance& chance)
    : directory_(std::move(directory)), locality_(locality), chance_(chance) {
  const auto range = code_range(locality.territory);
  for (const Territory* territory : directory_->territory->all())
    if (territory->level == Level::grid && !territory->valid_until &&
        range.low <= territory->code && territory->code < range.high)
      grids_.push_back(territory->code);
}

const Post* People::post_of(const Caller& caller) const {
  return caller.post.has_value() ? directory_->roster->post(caller.post) : nullptr;
}

std::optional<Caller> People::pick(const Name& role) {
  if (role == kResident) return Caller{};
  auto posts = directory_->roster->posts_of_role(role);
  std::ranges::sort(posts, {}, &Post::key);
  std::erase_if(posts, [](const Post* post) { return post->holders.empty(); });
  if (posts.empty()) return std::nullopt;
  const Post& post = *chance_.of(posts);
  return caller_of(post, post.holders.front().from);
}

std::string People::pick_grid(const Caller& caller) {
  std::string ground = locality_.territory;
  if (const Post* post = post_of(caller)) {
    if (post->unit.kind == Unit::Kind::territory) ground = post->unit.code;
    if (post->unit.kind == Unit::Kind::organisation)
      if (const Organisation* own = directory_->roster->organisation(post->unit.code))
        ground = own->territory.value_or(ground);
  }
  return pick_grid_in(ground);
}

std::string People::pick_grid_in(const std::string& ground) {
  const auto range = code_range(ground);
  const auto low = std::ranges::lower_bound(grids_, range.low);
  const auto high = std::ranges::lower_bound(grids_, range.high);
  if (low == high) return ground;
  return low[static_cast<std::ptrdiff_t>(chance_.between(0, high - low - 1))];
}

std::optional<Caller> People::pick_at(const Name& role, const std::string& ground) {
  if (role == kResident) return Caller{};
  auto posts = directory_->roster->posts_covering(role, ground);
  std::erase_if(posts, [](const Post* post) { return post->holders.empty(); });
  if (posts.empty()) return pick(role);
  // The nearest, and any of those that sit in the same place.
  const Unit nearest = posts.front()->unit;
  std::erase_if(posts, [&](const Post* post) { return post->unit != nearest; });
  std::ranges::sort(posts, {}, &Post::key);
  const Post& post = *chance_.of(posts);
  return caller_of(post, post.holders.front().from);
}

std::optional<Caller> People::on_post(const std::string& key) const {
  const Post* post = directory_->roster->post_by_key(key);
  if (!post || post->holders.empty()) return std::nullopt;
  return caller_of(*post, post->holders.front().from);
}

std::vector<Caller> People::for_action(const Snapshot& matter, const ActionSpec& action,
                                       const Snapshot* parent) const {
  const Roster& roster = *directory_->roster;
  std::vector<const Post*> posts;
  const auto add = [&](const Post* post, const Name& role) {
    if (post && post->role == role && !post->holders.empty() &&
        std::ranges::find(posts, post) == posts.end())
      posts.push_back(post);
  };
  std::set<std::string> named;
  add_organisations(matter, named);
  if (parent) add_organisations(*parent, named);
  bool by_author = false;
  std::vector<const Audience*> here, elsewhere;
  for (const Audience& audience : action.by) {
    by_author |= audience.kind == Audience::Kind::author;
    if (audience.kind == Audience::Kind::role) (audience.at ? elsewhere : here).push_back(&audience);
  }
  for (const Audience* audience : elsewhere) {
    const Name& role = audience->role;
    for (const Snapshot* one : {&matter, parent})
      for (std::size_t i = 0; one && i < one->fields.size(); ++i)
        if (const auto* post = one->fields[i].get<PostRef>()) add(roster.post(post->id), role);
    if (matter.handler.kind == Unit::Kind::organisation)
      for (const Post* post : roster.posts_on(role, matter.handler)) add(post, role);
  }
  for (const Audience* audience : here)
    for (const Post* post : roster.posts_covering(audience->role, matter.territory)) {
      add(post, audience->role);
      break;  // the nearest
    }
  for (const Audience* audience : elsewhere)
    for (const std::string& organisation : named)
      for (const Post* post : roster.posts_on(audience->role, organisation_unit(organisation)))
        add(post, audience->role);
  for (const Audience* audience : here)
    for (const Post* post : roster.posts_covering(audience->role, matter.territory))
      add(post, audience->role);
  std::vector<Caller> callers;
  for (const Post* post : posts) callers.push_back(caller_of(*post, post->holders.front().from));
  if (by_author && matter.has_receipt) {
    Caller author;
    author.receipt_of = matter.id;
    callers.insert(callers.begin(), author);
  }
  return callers;
}

void People::add_posts(const Name& role, const Snapshot& matter,
                       const std::set<std::string>& organisations,
                       std::vector<const Post*>& posts) const {
  const Roster& roster = *directory_->roster;
  for (const Post* post : roster.posts_covering(role, matter.territory))
    if (post->unit.kind == Unit::Kind::territory || organisations.contains(post->unit.code))
      posts.push_back(post);
  for (const std::string& organisation : organisations)
    for (const Post* post : roster.posts_on(role, organisation_unit(organisation)))
      posts.push_back(post);
}

std::vector<Caller> People::around(const Snapshot& matter, const Snapshot* parent) const {
  std::set<std::string> organisations;
  add_organisations(matter, organisations);
  if (parent) add_organisations(*parent, organisations);
  std::set<Name> roles;
  bool has_author_action = false;
  const auto add_roles = [&](const std::vector<Audience>& audiences) {
    for (const Audience& audience : audiences) {
      if (audience.kind == Audience::Kind::role) roles.insert(audience.role);
      has_author_action |= audience.kind == Audience::Kind::author;
    }
  };
  for (const ActionSpec& action : matter.type->actions) add_roles(action.by);
  for (const ClockSpec& clock : matter.type->clocks) {
    add_roles(clock.extend_by);
    add_roles(clock.exempt_by);
  }
  std::vector<const Post*> posts;
  for (const Name& role : roles) add_posts(role, matter, organisations, posts);
  std::ranges::sort(posts, {}, &Post::key);
  posts.erase(std::ranges::unique(posts).begin(), posts.end());
  std::vector<Caller> callers;
  for (const Post* post : posts)
    if (!post->holders.empty()) callers.push_back(caller_of(*post, post->holders.front().from));
  if (has_author_action && matter.has_receipt) {
    Caller author;
    author.receipt_of = matter.id;
    callers.push_back(author);
  }
  return callers;
}

}  // namespace gewu::simulation
