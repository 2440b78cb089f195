#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "codec/json_writer.h"
#include "kernel/matter/directory.h"
#include "usecase/list_posts.h"
#include "usecase/preview_matter.h"
#include "usecase/read_matter.h"

// Kernel values as the contract says them (openapi.yaml, components). Nothing is shown that the
// use case did not give.

namespace gewu::http {

void write_label(codec::JsonWriter& out, std::string_view key, const kernel::Label& label);
/// {kind, code, label}; nothing is written for no unit.
void write_unit(codec::JsonWriter& out, std::string_view key, const kernel::Unit& unit,
                const kernel::Directory& directory);
/// `open` are the open matters in it that the caller may see, where that is known.
void write_territory(codec::JsonWriter& out, const kernel::Territory& territory,
                     const kernel::Directory& directory,
                     std::optional<std::int64_t> open = std::nullopt);
void write_organisation(codec::JsonWriter& out, const kernel::Organisation& organisation);
/// {id, role, label, unit, organisation, locality}, members only.
void write_post_members(codec::JsonWriter& out, const usecase::MyPost& post,
                        const kernel::Directory& directory);
void write_held_post(codec::JsonWriter& out, const usecase::HeldPost& post,
                     const kernel::Directory& directory);

void write_field_spec(codec::JsonWriter& out, const kernel::FieldSpec& field);
void write_list(codec::JsonWriter& out, const kernel::List& list);
/// The form of an action: asked fields and inputs, with the lists that only the inputs use.
void write_action_form(codec::JsonWriter& out, const kernel::Type& type,
                       const kernel::OfferedAction& offered, const kernel::Locality* locality);

void write_clock(codec::JsonWriter& out, const kernel::ClockState& clock,
                 const kernel::Type& type, const kernel::Locality* locality,
                 const kernel::Directory& directory, Instant now);
void write_row(codec::JsonWriter& out, const usecase::MatterRow& row,
               const kernel::Directory& directory, Instant now);
/// What is seen of a row beside its place and title, each in words: `facts` of the contract.
void write_facts(codec::JsonWriter& out, const usecase::MatterRow& row,
                 const kernel::Directory& directory);
void write_matter(codec::JsonWriter& out, const usecase::MatterView& view);
/// What would be opened, each with its deadlines; `opens` is false for the matter acted on.
void write_preview(codec::JsonWriter& out, const usecase::Preview& preview);
void write_timeline(codec::JsonWriter& out, const usecase::Timeline& timeline, Instant now);

/// What an event is called: its action, or the clock that came to a step ("办理时限 到期").
kernel::Label taken_label(const kernel::Type& type, std::string_view action,
                          const kernel::Locality* locality);
/// The label of a built-in action or clock, from the list `built_in` of the locality.
kernel::Label built_in_label(std::string_view name, const kernel::Locality* locality);

}  // namespace gewu::http
