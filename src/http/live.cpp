#include "http/live.h"

#include <algorithm>
#include <chrono>
#include <map>

#include "codec/json_writer.h"
#include "http/door.h"
#include "kernel/place/territory.h"
#include "security/sealed_box.h"
#include "usecase/read_me.h"

namespace gewu::http {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kRingMax = 4'096;
constexpr std::size_t kTellAtOnceMax = 200;  ///< more than these: the page loads anew
constexpr std::int64_t kPageMs = 10 * 60'000;
constexpr std::string_view kBoxLabel = "gewu/live/1";
constexpr std::int64_t kNever = -1;          ///< before everything that was ever told
constexpr const char* kReload = "event: reload\ndata: {}\n\n";

bool is_noticed(const LiveInterest& interest, const usecase::Change& change) {
  return std::ranges::any_of(change.noticed, [&](PostId post) {
    return std::ranges::find(interest.posts, post) != interest.posts.end();
  });
}

bool concerns(const LiveInterest& interest, const usecase::Change& change) {
  if (is_noticed(interest, change)) return true;
  return std::ranges::any_of(interest.units, [&](const Unit& unit) {
    if (unit.kind == Unit::Kind::territory && covers(unit.code, change.territory)) return true;
    return !unit.code.empty() && (unit.code == change.owner || unit.code == change.handler);
  });
}

std::string changed_frame(const std::string& id_line, const usecase::Change& change) {
  std::string text = id_line + "event: changed\ndata: ";
  codec::JsonWriter out(text);
  out.begin_object().member("matter", std::to_string(change.matter.value));
  out.member("type", change.type).key("units").begin_array();
  for (const std::string* unit : {&change.territory, &change.owner, &change.handler})
    if (!unit->empty()) out.string(*unit);
  out.end_array().end_object();
  return text + "\n\n";
}

std::string notice_frame(std::size_t unread) {
  return "event: notice\ndata: {\"unread\":" + std::to_string(unread) + "}\n\n";
}

std::string beat_frame(Instant now) {
  return "event: beat\ndata: {\"now\":\"" + format_instant(now) + "\"}\n\n";
}

}  // namespace

std::string LiveFeed::id_of(std::int64_t position) const {
  security::Bytes plain;
  security::append_u64(plain, static_cast<std::uint64_t>(position));
  return security::hex_encode(security::seal(key_, security::view_of(kBoxLabel), plain, random_));
}

std::string LiveFeed::id_line(std::int64_t position) const {
  return "id: " + id_of(position) + "\n";
}

std::int64_t LiveFeed::position_of(std::string_view id) const {
  const auto box = security::hex_decode(id);
  if (!box) return kNever;
  const auto plain = security::open(key_, security::view_of(kBoxLabel), *box);
  if (!plain || plain->size() != sizeof(std::uint64_t)) return kNever;
  std::uint64_t position = 0;
  for (const std::uint8_t byte : *plain) position = position << 8 | byte;
  return static_cast<std::int64_t>(position);
}

void LiveFeed::tell(const std::vector<usecase::Change>& changes) {
  const std::lock_guard lock(mutex_);
  if (is_closed_ || changes.empty()) return;
  for (const usecase::Change& change : changes) {
    ring_.push_back({++last_id_, change});
    if (ring_.size() > kRingMax) ring_.pop_front();
  }
  has_news_ = true;
  told_.notify_one();
}

void LiveFeed::join(LivePage page) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return page.stream->end();
  page.stream->send("retry: 2000\n" + id_line(last_id_) + beat_frame(page.since));
  if (page.heard == 0) page.heard = last_id_;
  arrivals_.push_back(std::move(page));
  has_news_ = true;
  told_.notify_one();
}

std::string LiveFeed::newest() {
  const std::lock_guard lock(mutex_);
  return id_of(last_id_);
}

void LiveFeed::end_session(const std::string& session) {
  const std::lock_guard lock(mutex_);
  ended_.push_back(session);
  has_news_ = true;
  told_.notify_one();
}

void LiveFeed::close() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    has_news_ = true;
  }
  told_.notify_one();
  take_arrivals();
  for (const LivePage& page : pages_) page.stream->end();
  pages_.clear();
}

void LiveFeed::wait(std::int64_t ms_max) {
  std::unique_lock lock(mutex_);
  told_.wait_for(lock, std::chrono::milliseconds(ms_max), [&] { return has_news_; });
  has_news_ = false;
}

void LiveFeed::take_arrivals() {
  std::vector<std::string> ended;
  {
    const std::lock_guard lock(mutex_);
    for (LivePage& page : arrivals_) pages_.push_back(std::move(page));
    arrivals_.clear();
    ended.swap(ended_);
  }
  std::erase_if(pages_, [&](const LivePage& page) {
    const bool is_over = std::ranges::find(ended, page.session) != ended.end();
    if (is_over) page.stream->end();
    return is_over;
  });
}

LiveFeed::News LiveFeed::take_news() {
  std::int64_t heard = 0;
  if (!pages_.empty()) heard = std::ranges::min(pages_, {}, &LivePage::heard).heard;
  const std::lock_guard lock(mutex_);
  News news{{}, ring_.empty() ? last_id_ + 1 : ring_.front().id, last_id_};
  if (!pages_.empty())
    for (auto told = ring_.rbegin(); told != ring_.rend() && told->id > heard; ++told)
      news.told.push_back(*told);
  std::ranges::reverse(news.told);
  return news;
}

/// Those that the page's caller may see, in the order of what happened; not many more than are told
/// at once. How many there are of others changes nothing.
std::vector<const LiveFeed::Told*> LiveFeed::seen_of(
    const LivePage& page, const std::vector<const Told*>& changes) const {
  std::map<MatterId, const Told*> latest;  // of a matter that changed often, once
  for (const Told* told : changes) latest[told->change.matter] = told;
  std::vector<const Told*> asked, seen;
  const auto ask = [&] {
    std::vector<MatterId> matters;
    for (const Told* told : asked) matters.push_back(told->change.matter);
    const auto may = answers_.may_see(page.caller, matters);
    for (std::size_t i = 0; i < asked.size(); ++i)
      if (may[i]) seen.push_back(asked[i]);
    asked.clear();
  };
  for (const auto& [matter, told] : latest) {
    asked.push_back(told);
    if (asked.size() == kTellAtOnceMax) ask();
    if (seen.size() > kTellAtOnceMax) break;
  }
  if (!asked.empty()) ask();
  std::ranges::sort(seen, {}, &Told::id);
  return seen;
}

bool LiveFeed::deliver_changes(LivePage& page, const std::vector<const Told*>& changes) {
  const auto seen = seen_of(page, changes);
  if (seen.size() > kTellAtOnceMax) return page.stream->send(id_line(page.heard) + kReload);
  for (const Told* told : seen)
    if (!page.stream->send(changed_frame(id_line(told->id), told->change))) return false;
  const bool has_notice = std::ranges::any_of(
      changes, [&](const Told* told) { return is_noticed(page.interest, told->change); });
  return !has_notice || page.stream->send(notice_frame(answers_.count_unread(page.caller)));
}

bool LiveFeed::deliver_to(LivePage& page, const News& news) {
  const std::int64_t heard = page.heard;
  page.heard = news.newest;
  // Something is missing between what it heard and what is still known.
  if (heard + 1 < news.oldest || heard > news.newest)
    return page.stream->send(id_line(page.heard) + kReload);
  std::vector<const Told*> changes;
  for (const Told& told : news.told)
    if (told.id > heard && concerns(page.interest, told.change)) changes.push_back(&told);
  return changes.empty() || deliver_changes(page, changes);
}

void LiveFeed::deliver() {
  take_arrivals();
  const News news = take_news();
  std::erase_if(pages_, [&](LivePage& page) {
    return page.heard != news.newest && !deliver_to(page, news);
  });
}

void LiveFeed::beat(Instant now) {
  std::erase_if(pages_, [&](const LivePage& page) {
    const bool is_there = page.stream->send(id_line(page.heard) + beat_frame(now));
    const bool is_old = now - page.since >= kPageMs;
    if (is_there && is_old) page.stream->end();
    return !is_there || is_old;
  });
}

Result<Answer> follow_live(Visit& visit) {
  GEWU_TRY(me, usecase::read_me(visit.door.office, visit.caller));
  LivePage page;
  page.caller = visit.caller;
  page.session = visit.signed_in->csrf;
  page.since = visit.now();
  for (const usecase::MyPost& post : me.posts) {
    page.interest.posts.push_back(post.post->id);
    page.interest.units.push_back(post.post->unit);
    if (post.organisation)
      page.interest.units.push_back(organisation_unit(post.organisation->key));
  }
  // A line that breaks says what it heard last; a new one, since when its page has listed.
  auto heard = visit.request.header("last-event-id");
  if (!heard) heard = visit.request.parameter("after");
  if (heard) page.heard = visit.door.live.position_of(*heard);
  Answer answer;
  answer.stream = [&feed = visit.door.live,
                   page = std::move(page)](std::shared_ptr<EventStream> stream) mutable {
    page.stream = std::move(stream);
    feed.join(std::move(page));
  };
  return answer;
}

}  // namespace gewu::http
