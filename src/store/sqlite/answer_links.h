#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "codec/json.h"
#include "store/store.h"

namespace gewu::store::sqlite {

class Reader;

/// Rows of `outbox` that a message is to leave: of each matter whose author is told.
std::vector<std::pair<MatterId, std::string>> outbox_bodies(const kernel::MessageRecord& message,
                                                            MatterId own);

/// What the journal says that `answer_link` must hold: read line by line, then compared.
class LinksOfJournal {
 public:
  void issue(const codec::Json& line);
  void take(const Event& event);
  Status compare(Reader& reader, std::vector<std::string>& differences);

 private:
  /// By the mark of its code; of a matter.
  using Links = std::map<std::string, AnswerLink>;
  std::map<MatterId, Links> links_;
};

}  // namespace gewu::store::sqlite
