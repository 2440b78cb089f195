#pragma once

#include <cstdint>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "http/message.h"
#include "kernel/people/unit.h"
#include "security/key.h"
#include "usecase/changes.h"

namespace gewu::http {

/// What one open page listens to: changes within its units, notices of its posts.
struct LiveInterest {
  std::vector<kernel::Unit> units;
  std::vector<PostId> posts;
};

/// An open page.
struct LivePage {
  std::shared_ptr<EventStream> stream;
  LiveInterest interest;
  usecase::Caller caller;
  std::string session;          ///< its csrf: names the session without opening it
  Instant since;
  std::int64_t heard = 0;       ///< position of what it heard last; 0: it begins now
};

/// The live feed (实时更新): tells open pages which matters changed. A page that was away resumes
/// by the id of the last thing it heard, as long as the ring still has it; else it is told to load
/// anew. A page is told only of matters that its caller may see, and nothing else of them. What
/// others do changes nothing that it hears, unless so much happened while it was away that the
/// ring has lost its place. So an id is a position in a sealed box, never the same twice: it
/// counts nothing, and none of an earlier process opens.
class LiveFeed {
 public:
  struct Answers {
    std::function<std::vector<bool>(const usecase::Caller&, const std::vector<MatterId>&)> may_see;
    std::function<std::size_t(const usecase::Caller&)> count_unread;
  };
  LiveFeed(Answers answers, Random& random)
      : answers_(std::move(answers)), random_(random), key_(security::Key::generate(random)) {}

  /// From the store's writer: only notes it down.
  void tell(const std::vector<usecase::Change>& changes);
  void join(LivePage page);
  /// Id of the last thing told: a page that lists what it shows after this joins from here.
  std::string newest();
  /// Where the thing of this id stands, for `LivePage::heard`; before everything for an id that is
  /// none of this feed's.
  std::int64_t position_of(std::string_view id) const;
  /// Closes the pages of a session that was ended.
  void end_session(const std::string& session);
  /// Closes all pages and takes no more.
  void close();

  /// Waits until there is something to deliver, at most so long.
  void wait(std::int64_t ms_max);
  /// What was told since. One thread delivers and beats.
  void deliver();
  /// Every 15 s, so that a page knows how old its data is. Pages older than ten minutes are
  /// closed: they come back at once, with a session that is looked at anew.
  void beat(Instant now);

 private:
  struct Told {
    std::int64_t id = 0;        ///< its position
    usecase::Change change;
  };
  struct News {
    std::vector<Told> told;
    std::int64_t oldest = 0, newest = 0;  ///< ids that the ring reaches
  };
  void take_arrivals();
  News take_news();
  bool deliver_to(LivePage& page, const News& news);
  bool deliver_changes(LivePage& page, const std::vector<const Told*>& changes);
  std::vector<const Told*> seen_of(const LivePage& page,
                                   const std::vector<const Told*>& changes) const;
  std::string id_line(std::int64_t position) const;
  std::string id_of(std::int64_t position) const;

  const Answers answers_;
  Random& random_;
  const security::Key key_;
  std::mutex mutex_;
  std::condition_variable told_;
  std::deque<Told> ring_;
  std::vector<LivePage> arrivals_;
  std::vector<std::string> ended_;
  std::int64_t last_id_ = 1;    ///< a position; 0 is nobody's
  bool has_news_ = false, is_closed_ = false;
  std::vector<LivePage> pages_;  ///< of the delivering thread alone
};

}  // namespace gewu::http
