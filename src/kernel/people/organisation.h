#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "kernel/place/label.h"
#include "kernel/place/territory.h"

namespace gewu::kernel {

/// Name of an organisation in definitions and tables, e.g. `lighting_office`; never changes.
using OrganisationKey = std::string;

/// An organisation (组织): a department, subdistrict office, community, party organisation,
/// enterprise, property firm, social organisation or alliance. `kind` says which, as a name.
/// `parent` owns it (市属); `managing_subdistrict` directs its daily work (街管、街用).
struct Organisation {
  OrganisationKey key;
  Label label;
  std::string kind;
  std::optional<OrganisationKey> parent;
  std::optional<TerritoryCode> managing_subdistrict;
  std::optional<TerritoryCode> territory;     ///< the ground on which it works
  std::optional<TerritoryCode> in_charge_of;  ///< the node whose office it is
  /// The office's own number (办公电话), which everybody is told: never a person's.
  std::string phone;
  Date valid_from;
  std::optional<Date> valid_until;  ///< first day it no longer stands
  bool operator==(const Organisation&) const = default;
};

/// Whether the text is an office's number: 3 to 20 digits, with + - ( ) and spaces between them. One
/// that only a person's mobile telephone has (eleven digits, the first a 1) is none, so that no
/// worker's own number is told to everybody by mistake.
bool is_office_phone(std::string_view text);

constexpr bool is_valid_on(const Organisation& organisation, Date day) {
  return organisation.valid_from <= day &&
         (!organisation.valid_until.has_value() || day < *organisation.valid_until);
}

}  // namespace gewu::kernel
