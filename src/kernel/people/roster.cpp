#include "kernel/people/roster.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "base/text.h"

namespace gewu::kernel {
namespace {

constexpr PostId kFirst{std::numeric_limits<std::int64_t>::min()};

void sort_by_id(std::vector<const Post*>& posts) {
  std::ranges::sort(posts, {}, [](const Post* post) { return post->id; });
  const auto repeated = std::ranges::unique(posts);
  posts.erase(repeated.begin(), repeated.end());
}

std::unexpected<Error> refuse_entry(std::string key, std::string_view name) {
  return refuse(ErrorCode::invalid, std::move(key), {{"name", std::string(name)}});
}

bool overlap(const Organisation& a, const Organisation& b) {
  return (!a.valid_until || b.valid_from < *a.valid_until) &&
         (!b.valid_until || a.valid_from < *b.valid_until);
}

bool is_unset_or_code(const std::optional<TerritoryCode>& code) {
  return !code || is_territory_code(*code);
}

/// The most holders with a seat at one instant: counted whenever one sits down.
std::int64_t most_seated(const Post& post) {
  std::int64_t most = 0;
  for (const Holder& arriving : post.holders)
    most =
        std::max<std::int64_t>(most, std::ranges::count_if(post.holders, [&](const Holder& holder) {
                                 return !holder.deputy && holds_at(holder, arriving.from);
                               }));
  return most;
}

}  // namespace

const Organisation* Roster::organisation(std::string_view key) const {
  return organisations_.find(key);
}

std::vector<const Organisation*> Roster::organisations() const {
  std::vector<const Organisation*> found;
  organisations_.visit_all([&](const Organisation& value) { found.push_back(&value); });
  return found;
}

const Organisation* Roster::office(std::string_view code, Date day) const {
  const Organisation* found = nullptr;
  offices_.visit_from(std::tuple(code, std::string_view()), [&](const auto& entry) {
    if (std::get<0>(entry) != code) return false;
    const Organisation* candidate = organisation(std::get<1>(entry));
    if (is_valid_on(*candidate, day)) found = candidate;
    return found == nullptr;
  });
  return found;
}

const Organisation* Roster::nearest_office(std::string_view code, Date day) const {
  if (const Organisation* own = office(code, day)) return own;
  for (const TerritoryCode& above : codes_above(code))
    if (const Organisation* found = office(above, day)) return found;
  return nullptr;
}

const Post* Roster::post(PostId id) const {
  return posts_.find(id);
}

const Post* Roster::post_by_key(std::string_view key) const {
  const auto* entry = by_key_.next_from(std::tuple(key, kFirst));
  return entry != nullptr && std::get<0>(*entry) == key ? post(std::get<1>(*entry)) : nullptr;
}

std::vector<const Post*> Roster::all_posts() const {
  std::vector<const Post*> found;
  posts_.visit_all([&](const Post& value) { found.push_back(&value); });
  return found;
}

std::vector<const Post*> Roster::posts_held(AccountId account, Instant instant) const {
  std::vector<const Post*> found;
  by_account_.visit_from(std::tuple(account, kFirst), [&](const auto& entry) {
    if (std::get<0>(entry) != account) return false;
    const Post* candidate = post(std::get<1>(entry));
    const bool holds = std::ranges::any_of(candidate->holders, [&](const Holder& holder) {
      return holder.account == account && holds_at(holder, instant);
    });
    if (holds && candidate->state != PostState::abolished) found.push_back(candidate);
    return true;
  });
  return found;
}

std::vector<const Post*> Roster::posts_of_role(std::string_view role) const {
  std::vector<const Post*> found;
  by_role_.visit_from(std::tuple(role, Unit{}, kFirst), [&](const auto& entry) {
    if (std::get<0>(entry) != role) return false;
    found.push_back(post(std::get<2>(entry)));
    return true;
  });
  sort_by_id(found);
  return found;
}

std::vector<const Post*> Roster::posts_on(std::string_view role, const Unit& unit) const {
  std::vector<const Post*> found;
  by_role_.visit_from(std::tuple(role, unit, kFirst), [&](const auto& entry) {
    if (std::get<0>(entry) != role || std::get<1>(entry) != unit) return false;
    found.push_back(post(std::get<2>(entry)));
    return true;
  });
  return found;
}

std::vector<const Post*> Roster::posts_covering(std::string_view role,
                                                std::string_view code) const {
  std::vector<const Post*> found;
  std::vector<TerritoryCode> above = codes_above(code);
  above.insert(above.begin(), TerritoryCode(code));
  for (const TerritoryCode& at : above)
    by_reach_.visit_from(std::tuple(role, std::string_view(at), kFirst), [&](const auto& entry) {
      if (std::get<0>(entry) != role || std::get<1>(entry) != at) return false;
      found.push_back(post(std::get<2>(entry)));
      return true;
    });
  return found;
}

std::vector<const Post*> Roster::posts_in(std::string_view role, std::string_view key,
                                          Date day) const {
  std::vector<const Post*> found;
  const auto from = std::tuple(key, role, kFirst);
  by_organisation_.visit_from(from, [&](const auto& entry) {
    if (std::get<0>(entry) != key || std::get<1>(entry) != role) return false;
    found.push_back(post(std::get<2>(entry)));
    return true;
  });
  const Organisation* owner = organisation(key);
  if (owner == nullptr || !owner->in_charge_of) return found;
  // Posts below its node that name no organisation and have no nearer office.
  const CodeRange range = code_range(*owner->in_charge_of);
  const auto low = std::tuple(role, territory_unit(range.low), kFirst);
  const Unit high = territory_unit(range.high);
  by_role_.visit_from(low, [&](const auto& entry) {
    const Unit& unit = std::get<1>(entry);
    if (std::get<0>(entry) != role || !(unit < high)) return false;
    const Post* candidate = post(std::get<2>(entry));
    if (!candidate->organisation && organisation_of(*candidate, day) == owner)
      found.push_back(candidate);
    return true;
  });
  sort_by_id(found);
  return found;
}

const Organisation* Roster::organisation_of(const Post& post, Date day) const {
  if (const auto stated = stated_organisation(post)) return organisation(*stated);
  switch (post.unit.kind) {
    case Unit::Kind::territory:
      return nearest_office(post.unit.code, day);
    case Unit::Kind::organisation:
    case Unit::Kind::row:
    case Unit::Kind::none:
      return nullptr;
  }
  std::unreachable();
}

std::optional<OrganisationKey> Roster::stated_organisation(const Post& post) const {
  if (post.organisation) return post.organisation;
  if (post.unit.kind == Unit::Kind::organisation) return post.unit.code;
  return std::nullopt;
}

std::optional<TerritoryCode> Roster::reach(const Post& post) const {
  switch (post.unit.kind) {
    case Unit::Kind::territory:
      return post.unit.code;
    case Unit::Kind::organisation:
      return organisation(post.unit.code)->territory;
    case Unit::Kind::row:
    case Unit::Kind::none:
      return std::nullopt;
  }
  std::unreachable();
}

bool is_office_phone(std::string_view text) {
  constexpr std::size_t kDigitsMin = 3, kDigitsMax = 20, kTextMax = 30, kMobileDigits = 11;
  std::string digits;
  for (const char c : text)
    if (c >= '0' && c <= '9') digits += c;
    else if (std::string_view("+-() ").find(c) == std::string_view::npos) return false;
  if (text.size() > kTextMax || digits.size() < kDigitsMin || digits.size() > kDigitsMax)
    return false;
  const std::string_view own = digits.starts_with("86") && text.starts_with('+')
                                   ? std::string_view(digits).substr(2)
                                   : std::string_view(digits);
  return own.size() != kMobileDigits || !own.starts_with('1');
}

Status Roster::check(const Organisation& value) const {
  if (!is_name(value.key)) return refuse_entry("organisation.key", value.key);
  if (!is_name(value.kind)) return refuse_entry("organisation.kind", value.key);
  if (trim(value.label.zh).empty()) return refuse_entry("organisation.label", value.key);
  if (!value.phone.empty() && !is_office_phone(value.phone))
    return refuse_entry("organisation.phone", value.key);
  if (!is_unset_or_code(value.territory) || !is_unset_or_code(value.in_charge_of) ||
      !is_unset_or_code(value.managing_subdistrict))
    return refuse_entry("organisation.territory", value.key);
  if (value.valid_until && *value.valid_until <= value.valid_from)
    return refuse_entry("organisation.dates", value.key);
  for (auto above = value.parent; above;) {
    const Organisation* owner = organisation(*above);
    if (owner == nullptr || *above == value.key)
      return refuse_entry("organisation.parent", value.key);
    above = owner->parent;
  }
  if (!value.in_charge_of) return {};
  Status alone;
  const auto from = std::tuple(std::string_view(*value.in_charge_of), std::string_view());
  offices_.visit_from(from, [&](const auto& entry) {
    if (std::get<0>(entry) != *value.in_charge_of) return false;
    const Organisation& other = *organisation(std::get<1>(entry));
    if (other.key != value.key && overlap(other, value))
      alone = refuse_entry("organisation.in_charge_of", value.key);
    return true;
  });
  return alone;
}

Status Roster::check(const Post& value) const {
  if (!value.id.has_value()) return refuse_entry("post.id", value.key);
  const Post* same_key = post_by_key(value.key);
  if (!is_name(value.key) || (same_key != nullptr && same_key->id != value.id))
    return refuse_entry("post.key", value.key);
  if (!is_name(value.role)) return refuse_entry("post.role", value.key);
  const bool fits = value.unit.kind == Unit::Kind::territory ? is_territory_code(value.unit.code)
                    : value.unit.kind == Unit::Kind::organisation
                        ? organisation(value.unit.code) != nullptr
                    : value.unit.kind == Unit::Kind::row ? !value.unit.code.empty()
                                                         : false;
  if (!fits) return refuse_entry("post.unit", value.key);
  if (value.organisation && organisation(*value.organisation) == nullptr)
    return refuse_entry("post.organisation", value.key);
  if (value.seats < 1 || most_seated(value) > value.seats)
    return refuse_entry("post.seats", value.key);
  for (const Holder& holder : value.holders)
    if (!holder.account.has_value() || (holder.until && *holder.until <= holder.from))
      return refuse_entry("post.holder", value.key);
  return {};
}

Result<Roster> Roster::with(Organisation value) const {
  GEWU_CHECK(check(value));
  Roster next = *this;
  ++next.version_;
  const Organisation* before = organisation(value.key);
  const bool moved = before != nullptr && before->territory != value.territory;
  std::vector<const Post*> seated;  // posts on it reach as far as it does
  if (moved) {
    for (const Post* post : all_posts())
      if (post->unit == organisation_unit(value.key)) seated.push_back(post);
    for (const Post* post : seated) next.remove(*post);
  }
  if (before != nullptr && before->in_charge_of)
    next.offices_ = next.offices_.without(std::tuple(*before->in_charge_of, before->key));
  if (value.in_charge_of)
    next.offices_ = next.offices_.with(std::tuple(*value.in_charge_of, value.key));
  next.organisations_ = next.organisations_.with(std::move(value));
  for (const Post* post : seated) next.enter(*post);
  return next;
}

Result<Roster> Roster::with(Post value) const {
  GEWU_CHECK(check(value));
  Roster next = *this;
  ++next.version_;
  const Post* before = post(value.id);
  const bool moved = before != nullptr && !(before->unit == value.unit);
  if (before != nullptr) next.remove(*before);
  next.enter(value);
  if (!moved) next.share_ground(value.unit);
  next.posts_ = next.posts_.with(std::move(value));
  if (moved) {
    next.ground_.reset();
    next.has_grounds_ = false;
    next.posts_.visit_all([&](const Post& each) { next.share_ground(each.unit); });
  }
  return next;
}

void Roster::share_ground(const Unit& unit) {
  if (unit.kind != Unit::Kind::territory || (has_grounds_ && !ground_)) return;
  ground_ = has_grounds_ ? common_code(*ground_, unit.code) : unit.code;
  has_grounds_ = true;
}

void Roster::enter(const Post& post) {
  by_key_ = by_key_.with(std::tuple(post.key, post.id));
  for (const Holder& holder : post.holders)
    by_account_ = by_account_.with(std::tuple(holder.account, post.id));
  if (post.state == PostState::abolished) return;
  by_role_ = by_role_.with(std::tuple(post.role, post.unit, post.id));
  if (auto ground = reach(post))
    by_reach_ = by_reach_.with(std::tuple(post.role, std::move(*ground), post.id));
  if (auto owner = stated_organisation(post))
    by_organisation_ = by_organisation_.with(std::tuple(std::move(*owner), post.role, post.id));
}

void Roster::remove(const Post& post) {
  by_key_ = by_key_.without(std::tuple(post.key, post.id));
  for (const Holder& holder : post.holders)
    by_account_ = by_account_.without(std::tuple(holder.account, post.id));
  by_role_ = by_role_.without(std::tuple(post.role, post.unit, post.id));
  if (const auto ground = reach(post))
    by_reach_ = by_reach_.without(std::tuple(post.role, *ground, post.id));
  if (const auto owner = stated_organisation(post))
    by_organisation_ = by_organisation_.without(std::tuple(*owner, post.role, post.id));
}

}  // namespace gewu::kernel
