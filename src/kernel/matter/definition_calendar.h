#pragma once

#include <map>
#include <memory>
#include <string>

#include "kernel/matter/definition_message.h"
#include "kernel/matter/node.h"
#include "kernel/time/calendar.h"

namespace gewu::kernel {

/// The calendars of a locality (language.md 2.7), each joined with the one it extends.
std::map<std::string, std::shared_ptr<const Calendar>> read_calendars(const Node& calendars,
                                                                      Messages& messages);

}  // namespace gewu::kernel
