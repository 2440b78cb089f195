#pragma once

#include <string_view>

#include "http/door.h"

namespace gewu::http {

/// Whether the request may act as the author of a matter whose code it carries. Those who are measured by
/// his answers shall not give them (reliability.md 8.1): `forbidden` `author.staff_session` with a session
/// of staff, `author.staff_device` from a browser in which staff signed in, and, for what the office
/// is measured by (act_on_matter.h), `author.staff_address` from an address of theirs. A refusal is
/// a line of the audit log (docs/decisions/answer_links.md).
Status check_author(Visit& visit, MatterId matter, std::string_view action);

}  // namespace gewu::http
