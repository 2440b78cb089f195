#include "http/author_guard.h"

#include "usecase/act_on_matter.h"
#include "usecase/administrators.h"

namespace gewu::http {

Status check_author(Visit& visit, MatterId matter, std::string_view action) {
  const auto refused = [&](const char* key) {
    visit.audit.event = "author_refused";
    visit.audit.subject = action;
    return refuse(ErrorCode::forbidden, key);
  };
  usecase::Office& office = visit.door.office;
  if (const auto token = session_token(visit.request); token && !token->empty()) {
    const auto session = usecase::find_session(office, *token);
    if (!session && session.error().code != ErrorCode::unauthenticated)
      return std::unexpected(session.error());
    if (session && usecase::is_staff(office, *session)) {
      visit.audit.account = session->caller.account;
      visit.door.staff.note_address(visit.request.peer, visit.now());
      return refused("author.staff_session");
    }
  }
  if (visit.door.staff.is_mark(staff_mark(visit.request).value_or(""), visit.now()))
    return refused("author.staff_device");
  if (visit.door.staff.is_address(visit.request.peer, visit.now()) &&
      usecase::is_measured_by(office, matter, action))
    return refused("author.staff_address");
  return {};
}

}  // namespace gewu::http
