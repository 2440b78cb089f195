#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/message.h"
#include "kernel/people/unit.h"
#include "usecase/changes.h"

namespace gewu::http {

/// What one open page listens to: changes within its units, notices of its posts.
struct LiveInterest {
  std::vector<kernel::Unit> units;
  std::vector<PostId> posts;
};

/// The live feed (实时更新): tells open pages which matters changed. A page that was away resumes
/// by the id of the last thing it heard, as long as the ring still has it; else it is told to load
/// anew. Nothing personal is ever told: a page asks for what it may see.
class LiveFeed {
 public:
  /// From the store's writer: must be quick.
  void tell(const std::vector<usecase::Change>& changes);
  void join(std::shared_ptr<EventStream> stream, LiveInterest interest, std::int64_t last_id);
  /// Every 15 s, so that a page knows how old its data is.
  void beat(Instant now);

 private:
  struct Told {
    std::int64_t id = 0;
    usecase::Change change;
  };
  struct Page {
    std::shared_ptr<EventStream> stream;
    LiveInterest interest;
  };
  static bool concerns(const LiveInterest& interest, const usecase::Change& change);
  static std::string frame(const LiveInterest& interest, const Told& told);

  std::mutex mutex_;
  std::deque<Told> ring_;
  std::vector<Page> pages_;
  std::int64_t last_id_ = 0;
};

}  // namespace gewu::http
