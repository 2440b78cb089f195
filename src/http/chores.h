#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "base/id.h"
#include "base/instant.h"
#include "base/result.h"

namespace gewu::http {

/// Long pieces of work (长任务) that a door began and that outlast its request: an import of forty
/// thousand rows, a backup. One after another on a thread of their own; what came of one is kept for
/// an hour, for its account alone. What a use case stores it stores by itself: a restart loses the
/// answer, never the work.
class Chores {
 public:
  /// How far it is, of how much (0: unknown). False: the office closes, stop at the next whole step.
  using Tell = std::function<bool(std::size_t done, std::size_t of)>;
  /// The answer as JSON.
  using Work = std::function<Result<std::string>(const Tell& tell)>;

  enum class State { waiting, running, done, refused };
  struct View {
    State state = State::waiting;
    std::size_t done = 0, of = 0;
    std::string answer;              ///< of one that is done
    std::optional<Error> refusal;
  };

  explicit Chores(Clock& clock);
  /// Tells the one under way to stop, and waits for it.
  ~Chores();
  Chores(const Chores&) = delete;
  Chores& operator=(const Chores&) = delete;

  /// Its id. `conflict` `chore.busy` while the account has another one on its way.
  Result<std::string> begin(AccountId account, Work work);
  /// `not_found` `chore.unknown`.
  Result<View> read(AccountId account, std::string_view id);

 private:
  struct Chore {
    std::string id;
    AccountId account;
    Work work;
    View view;
    Instant ended;
  };
  void serve();
  bool tell(Chore& chore, std::size_t done, std::size_t of);

  Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Chore> chores_;
  std::deque<Chore*> waiting_;
  std::uint64_t begun_ = 0;
  bool stopping_ = false;
  std::thread thread_;               ///< started with the first
};

const char* to_text(Chores::State state);

}  // namespace gewu::http
