#include "kernel/matter/directory.h"

namespace gewu::kernel {

const Setting* Locality::find_setting(std::string_view setting) const {
  const auto found = settings.find(Name(setting));
  return found == settings.end() ? nullptr : &found->second;
}

TypePtr Locality::find_type(std::string_view type) const {
  const auto found = types.find(Name(type));
  return found == types.end() ? nullptr : found->second;
}

const Locality* Directory::locality_of(std::string_view territory_code) const {
  const Locality* nearest = nullptr;
  for (const auto& [name, locality] : localities)
    if (covers(locality->territory, territory_code) &&
        (nearest == nullptr || nearest->territory.size() < locality->territory.size()))
      nearest = locality.get();
  return nearest;
}

const Locality* Directory::find_locality(std::string_view name) const {
  const auto found = localities.find(Name(name));
  return found == localities.end() ? nullptr : found->second.get();
}

TypePtr Directory::find_pinned(std::string_view sha256) const {
  if (!pinned) return nullptr;
  const auto found = pinned->find(std::string(sha256));
  return found == pinned->end() ? nullptr : found->second;
}

const ReferenceRows& Directory::rows(std::string_view type) const {
  static const ReferenceRows kNone;
  const auto found = references.find(Name(type));
  return found == references.end() || !found->second ? kNone : *found->second;
}

}  // namespace gewu::kernel
