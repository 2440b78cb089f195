#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/matter/directory.h"
#include "kernel/matter/matter.h"
#include "usecase/caller.h"
#include "usecase/read_room.h"

namespace gewu::usecase {

/// A view's `where` as a filter of a list (视图筛选). Each matter is asked by the view of the text
/// that it is pinned to; a text without the view has nothing in it.
class ViewFilter {
 public:
  ViewFilter(kernel::Name type, kernel::Name view)
      : type_(std::move(type)), view_(std::move(view)) {}

  /// `invalid` `list.view` when the caller's localities know no such view.
  static Result<ViewFilter> find(const ReadRoom& room, kernel::Name type, kernel::Name view);

  /// "type.state" for each state that the view can hold; nothing: any that is open.
  const std::vector<std::string>& states() const { return states_; }
  /// Whether the states tell all: then the list's own counters count it.
  bool is_told_by_states() const { return told_by_states_; }
  Result<bool> holds(const kernel::Snapshot& matter, const ReadRoom& room) const;

 private:
  void narrow(const kernel::Type& type, const kernel::Expression& where);

  kernel::Name type_, view_;
  std::vector<std::string> states_;
  bool told_by_states_ = true;
};

}  // namespace gewu::usecase
