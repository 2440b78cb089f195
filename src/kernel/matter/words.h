#pragma once

#include <string>

#include "kernel/matter/matter.h"

// The words of a matter by which it can be found: number, texts, addresses, and the labels that its
// title shows. Of the snapshot and its pinned text alone, so that the same snapshot always has the
// same words. Sealed values, contacts, accounts and erased values have none.

namespace gewu::kernel {

/// Raised whenever the words of an unchanged matter change: an older index is built anew.
inline constexpr int kWordsVersion = 1;

/// The words of one value of a field, each on a line of its own.
void append_words(std::string& words, const Type& type, const FieldSpec& field,
                  const Value& value);

/// All of a matter's words.
std::string words_of(const Snapshot& matter);

/// Whether the title's template names the field.
bool is_in_title(const Type& type, const FieldSpec& field);

}  // namespace gewu::kernel
