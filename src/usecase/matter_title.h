#pragma once

#include <string>

#include "kernel/matter/directory.h"

namespace gewu::usecase {

/// The title of a matter by its type's template ("{category} {text}"), else its number. Choices
/// are shown by their zh label, units by their name. No personal field ever stands in a title.
std::string matter_title(const kernel::Snapshot& matter, const kernel::Directory& directory);

/// A value in words, as a title, a slip or a link shows it; empty for what has no short form.
std::string value_words(const kernel::FieldSpec& field, const kernel::Value& value,
                        const kernel::Type& type, const kernel::Directory& directory);

/// The name of a unit; its code or key where nothing is known of it.
kernel::Label unit_label(const kernel::Unit& unit, const kernel::Directory& directory);

}  // namespace gewu::usecase
