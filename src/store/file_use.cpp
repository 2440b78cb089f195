#include <algorithm>

#include "store/store.h"

namespace gewu::store {

using namespace gewu::kernel;

namespace {

void collect(std::vector<FileUse>& uses, MatterId matter, int slot, const Value& value) {
  if (const auto* file = value.get_shared<FileRef>()) {
    uses.push_back({file->sha256, matter, slot});
  } else if (const auto* many = value.get_shared<Values>()) {
    for (const Value& element : *many) collect(uses, matter, slot, element);
  } else if (const auto* row = value.get_shared<Row>()) {
    for (const NamedValue& cell : row->cells) collect(uses, matter, slot, cell.value);
  }
}

void collect(std::vector<FileUse>& uses, MatterId matter,
             const std::vector<RecordedValue>& values) {
  for (const RecordedValue& recorded : values) {
    const bool is_keyed = recorded.personal || recorded.sealed;
    collect(uses, matter, is_keyed ? recorded.key_slot : FileUse::kNoSlot, recorded.value);
  }
}

}  // namespace

std::vector<FileUse> file_uses_of(const Event& event) {
  std::vector<FileUse> uses;
  if (event.kind == Event::Kind::refusal) return uses;  // nothing was done with it
  collect(uses, event.matter, event.input);
  collect(uses, event.matter, event.change.fields);
  for (const MatterChange& change : event.touched) collect(uses, change.matter, change.fields);
  std::ranges::sort(uses);
  uses.erase(std::unique(uses.begin(), uses.end()), uses.end());
  return uses;
}

}  // namespace gewu::store
