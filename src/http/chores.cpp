#include "http/chores.h"

#include <algorithm>
#include <exception>

#include "base/spans.h"

namespace gewu::http {
namespace {

constexpr std::int64_t kAnswerKeptMs = kMsPerHour;

bool is_under_way(Chores::State state) {
  return state == Chores::State::waiting || state == Chores::State::running;
}

}  // namespace

const char* to_text(Chores::State state) {
  switch (state) {
    case Chores::State::waiting: return "waiting";
    case Chores::State::running: return "running";
    case Chores::State::done: return "done";
    case Chores::State::refused: return "refused";
  }
  return "refused";
}

Chores::Chores(Clock& clock) : clock_(clock) {}

Chores::~Chores() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<std::string> Chores::begin(AccountId account, Work work) {
  const Instant now = clock_.now();
  const std::scoped_lock lock(mutex_);
  std::erase_if(chores_, [&](const Chore& chore) {
    return !is_under_way(chore.view.state) && now - chore.ended > kAnswerKeptMs;
  });
  const bool is_busy = std::ranges::any_of(chores_, [&](const Chore& chore) {
    return chore.account == account && is_under_way(chore.view.state);
  });
  if (is_busy) return refuse(ErrorCode::conflict, "chore.busy");
  // With the time, so that none is ever an earlier process's.
  Chore& chore = chores_.emplace_back();
  chore.id = std::to_string(now.ms) + "-" + std::to_string(++begun_);
  chore.account = account;
  chore.work = std::move(work);
  waiting_.push_back(&chore);
  if (!thread_.joinable()) thread_ = std::thread([this] { serve(); });
  changed_.notify_all();
  return chore.id;
}

Result<Chores::View> Chores::read(AccountId account, std::string_view id) {
  const std::scoped_lock lock(mutex_);
  for (const Chore& chore : chores_)
    if (chore.account == account && chore.id == id) return chore.view;
  return refuse(ErrorCode::not_found, "chore.unknown");
}

bool Chores::tell(Chore& chore, std::size_t done, std::size_t of) {
  const std::scoped_lock lock(mutex_);
  chore.view.done = done;
  chore.view.of = of;
  return !stopping_;
}

void Chores::serve() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    Chore& chore = *waiting_.front();
    waiting_.pop_front();
    chore.view.state = State::running;
    const Work work = std::move(chore.work);
    lock.unlock();
    Result<std::string> answer;
    try {
      answer = work([&](std::size_t done, std::size_t of) { return tell(chore, done, of); });
    } catch (const std::exception& broken) {
      answer = refuse(ErrorCode::internal, "internal", {{"what", broken.what()}});
    }
    lock.lock();
    chore.ended = clock_.now();
    chore.view.state = answer ? State::done : State::refused;
    if (answer) chore.view.answer = std::move(*answer);
    else chore.view.refusal = answer.error();
  }
}

}  // namespace gewu::http
