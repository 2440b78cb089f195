#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "kernel/matter/matter.h"
#include "usecase/office.h"

namespace gewu::usecase {

/// What may be right and is always to be told: whoever moves what he is measured by (reliability
/// 8.1). Enumerators are spelled as in the report.
enum class AuditMark {
  paused,               ///< a clock stopped
  resumed,
  extended,             ///< a clock was given longer
  exempted,             ///< a clock no longer counts for a unit
  exemption_withdrawn,
  voided,               ///< a clock was called off
  due_moved,            ///< later, by anything else (another calendar, another type)
  reopened,             ///< out of a final state
  answered_on_behalf,   ///< an action of the author, taken by a post or by who entered it for him
  answered_by_link,     ///< what judges the work, by the author: through an answer link
  answered_by_receipt,  ///< through his receipt code
  answered_by_account,  ///< signed in
  contact_changed,      ///< by its author, through the link that the old number got
  entered_on_behalf,    ///< a matter that residents may open, opened by a post
  brought_from_past,    ///< an event dated earlier than it was written: an import
  draw_late,            ///< a round was drawn more than a day after its end
  draw_missing,         ///< a round with something to draw from was never drawn
};
const char* to_text(AuditMark mark);

struct AuditEntry {
  AuditMark mark = AuditMark::paused;
  std::int64_t sequence = 0;         ///< of the line
  Instant at;
  kernel::ActorRecord actor;         ///< never a name
  MatterId matter;
  std::string number;
  kernel::Name action, clock;        ///< clock: empty where none was touched; of a draw its round
};

/// Reads events in the order of the journal and keeps what is to be told.
class JournalAudit {
 public:
  void take(std::int64_t sequence, const kernel::Event& event);
  const std::vector<AuditEntry>& entries() const { return entries_; }

 private:
  struct Known {
    kernel::TypePtr type;
    std::size_t state = 0;
    std::string number;
    kernel::ActorRecord entered_by;    ///< the post that opened it for somebody else
    std::map<kernel::Name, kernel::ClockState> clocks;
  };
  void take_change(std::int64_t sequence, const kernel::Event& event,
                   const kernel::MatterChange& change, bool is_own);
  void take_clock(std::int64_t sequence, const kernel::Event& event, Known& known,
                  MatterId matter, const kernel::ClockState& clock);
  void take_answer(std::int64_t sequence, const kernel::Event& event, const Known& known);
  void take_behalf(std::int64_t sequence, const kernel::Event& event, Known& known);
  void tell(AuditMark mark, std::int64_t sequence, const kernel::Event& event, const Known& known,
            MatterId matter, const kernel::Name& clock = {});

  std::map<MatterId, Known> matters_;
  std::vector<AuditEntry> entries_;
};

/// How often each post did each of them in a period, in the order of posts; draws by whose matters
/// they are of.
struct AuditRow {
  PostId post;                       ///< none: the office itself, by a rule or an import
  kernel::Name role;
  std::string unit, organisation;    ///< unit as text: code, or "org:KEY"
  AuditMark mark = AuditMark::paused;
  std::int64_t count = 0;
  std::vector<std::int64_t> lines;   ///< sequences, in order
};
std::vector<AuditRow> count_audit(const std::vector<AuditEntry>& entries, Instant from,
                                  Instant until);

/// The whole journal of an office.
Result<std::vector<AuditEntry>> audit_journal(Office& office);

}  // namespace gewu::usecase
