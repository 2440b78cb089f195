#include "http/live.h"

#include <algorithm>

#include "codec/json_writer.h"
#include "base/text.h"
#include "http/door.h"
#include "kernel/place/territory.h"
#include "usecase/read_me.h"

namespace gewu::http {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kRingMax = 4'096;

}  // namespace

bool LiveFeed::concerns(const LiveInterest& interest, const usecase::Change& change) {
  for (const PostId post : change.noticed)
    if (std::find(interest.posts.begin(), interest.posts.end(), post) != interest.posts.end())
      return true;
  for (const Unit& unit : interest.units) {
    if (unit.kind == Unit::Kind::territory && covers(unit.code, change.territory)) return true;
    if (unit.code == change.owner || unit.code == change.handler) return true;
  }
  return false;
}

std::string LiveFeed::frame(const LiveInterest& interest, const Told& told) {
  std::string text = "id: " + std::to_string(told.id) + "\nevent: changed\ndata: ";
  codec::JsonWriter out(text);
  out.begin_object().member("matter", std::to_string(told.change.matter.value));
  out.member("type", told.change.type).key("units").begin_array();
  out.string(told.change.territory).string(told.change.owner).string(told.change.handler);
  out.end_array().end_object();
  text += "\n\n";
  const bool is_noticed =
      std::any_of(told.change.noticed.begin(), told.change.noticed.end(), [&](PostId post) {
        return std::find(interest.posts.begin(), interest.posts.end(), post) !=
               interest.posts.end();
      });
  if (is_noticed) text += "event: notice\ndata: {}\n\n";
  return text;
}

void LiveFeed::tell(const std::vector<usecase::Change>& changes) {
  const std::lock_guard lock(mutex_);
  for (const usecase::Change& change : changes) {
    ring_.push_back({++last_id_, change});
    if (ring_.size() > kRingMax) ring_.pop_front();
    std::erase_if(pages_, [&](const Page& page) {
      return concerns(page.interest, change) &&
             !page.stream->send(frame(page.interest, ring_.back()));
    });
  }
}

void LiveFeed::join(std::shared_ptr<EventStream> stream, LiveInterest interest,
                    std::int64_t last_id) {
  const std::lock_guard lock(mutex_);
  stream->send("retry: 2000\n\n");
  const bool is_gap = last_id > 0 && (ring_.empty() || last_id + 1 < ring_.front().id) &&
                      last_id < last_id_;
  if (is_gap) stream->send("event: reload\ndata: {}\n\n");
  else if (last_id > 0)
    for (const Told& told : ring_)
      if (told.id > last_id && concerns(interest, told.change))
        stream->send(frame(interest, told));
  pages_.push_back({std::move(stream), std::move(interest)});
}

void LiveFeed::beat(Instant now) {
  const std::string text = "event: beat\ndata: {\"now\":\"" + format_instant(now) + "\"}\n\n";
  const std::lock_guard lock(mutex_);
  std::erase_if(pages_, [&](const Page& page) { return !page.stream->send(text); });
}

Result<Answer> follow_live(Visit& visit) {
  if (!visit.signed_in) return refuse(ErrorCode::unauthenticated, "session.absent");
  GEWU_TRY(me, usecase::read_me(visit.door.office, visit.caller));
  LiveInterest interest;
  for (const usecase::MyPost& post : me.posts) {
    interest.posts.push_back(post.post->id);
    interest.units.push_back(post.post->unit);
    if (post.organisation) interest.units.push_back(organisation_unit(post.organisation->key));
  }
  std::int64_t last_id = 0;
  if (const auto header = visit.request.header("last-event-id"))
    last_id = parse_integer(*header).value_or(0);
  Answer answer;
  answer.stream = [&feed = visit.door.live, interest, last_id,
                   now = visit.now()](std::shared_ptr<EventStream> stream) {
    stream->send("event: beat\ndata: {\"now\":\"" + format_instant(now) + "\"}\n\n");
    feed.join(std::move(stream), interest, last_id);
  };
  return answer;
}

}  // namespace gewu::http
