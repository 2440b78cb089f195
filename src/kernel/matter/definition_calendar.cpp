#include "kernel/matter/definition_calendar.h"

#include <set>

#include "base/text.h"
#include "kernel/matter/definition_reader.h"

namespace gewu::kernel {
namespace {

class CalendarReader {
 public:
  CalendarReader(const Node& calendars, Messages& messages)
      : calendars_(calendars), messages_(messages) {}

  std::shared_ptr<const Calendar> make(const std::string& name) {
    if (const auto done = made_.find(name); done != made_.end()) return done->second;
    const NodeEntry* entry = calendars_.find_entry(name);
    if (entry == nullptr || !making_.insert(name).second) return nullptr;
    const CalendarText text = read(*entry);
    std::shared_ptr<const Calendar> extended;
    if (!text.extends.empty()) {
      extended = make(text.extends);
      if (extended == nullptr) {
        messages_.error("definition.unknown_calendar", entry->origin, {{"name", text.extends}});
        return nullptr;
      }
    }
    Result<Calendar> calendar = make_calendar(text, extended.get());
    if (!calendar) {
      messages_.error(calendar.error(), entry->origin);
      return nullptr;
    }
    auto shared = std::make_shared<const Calendar>(std::move(*calendar));
    made_.emplace(name, shared);
    return shared;
  }

  std::map<std::string, std::shared_ptr<const Calendar>> all() {
    for (const NodeEntry& entry : calendars_.entries) make(entry.key);
    return std::move(made_);
  }

 private:
  void complain(const Node& node, std::string_view wanted) {
    messages_.error("definition.value_kind", node.origin,
                    {{"where", where_}, {"wanted", std::string(wanted)}});
  }

  Frames read_frames(const Node& node) {
    Frames frames;
    const auto add = [&](const Node& item) {
      const auto frame = item.is_scalar() ? parse_frame(item.text) : std::nullopt;
      if (frame) frames.push_back(*frame);
      else complain(item, "08:30-12:00");
    };
    if (node.is_list()) {
      for (const Node& item : node.items) add(item);
    } else {
      add(node);
    }
    return frames;
  }

  std::optional<Date> read_date(const std::string& text, const Node& at) {
    const auto date = parse_date(text);
    if (!date) complain(at, "2026-10-01");
    return date;
  }

  void read_week(const Node& map, CalendarText& text) {
    const Node* frames = find_map(map, "frames", where_, messages_);
    if (frames == nullptr) return;
    for (const NodeEntry& entry : frames->entries) {
      const auto weekday = parse_weekday(entry.key);
      if (!weekday) {
        messages_.error("definition.unknown_word", entry.origin,
                        {{"where", where_}, {"name", entry.key}});
        continue;
      }
      text.frames[static_cast<std::size_t>(*weekday) - 1] = read_frames(entry.value);
    }
  }

  void read_makeup(const Node& map, CalendarText& text) {
    const Node* makeup = find_map(map, "makeup", where_, messages_);
    if (makeup == nullptr) return;
    for (const NodeEntry& entry : makeup->entries) {
      const auto date = read_date(entry.key, entry.value);
      if (!date) continue;
      if (entry.value.is_scalar() && entry.value.text.starts_with("as:")) {
        const auto weekday = parse_weekday(std::string_view(entry.value.text).substr(3));
        if (weekday) text.makeup.emplace(*date, *weekday);
        else complain(entry.value, "as:mon");
      } else {
        text.makeup.emplace(*date, read_frames(entry.value));
      }
    }
  }

  CalendarText read(const NodeEntry& entry) {
    where_ = inside("calendars", entry.key);
    CalendarText text;
    text.name = entry.key;
    const Node& map = entry.value;
    if (!expect_map(map, where_, messages_)) return text;
    check_keys(map,
               {"zone", "extends", "frames", "holidays", "makeup", "special", "years", "source"},
               {}, where_, messages_);
    text.zone = read_text(map, "zone", where_, messages_).value_or("");
    text.extends = read_name(map, "extends", where_, messages_);
    read_week(map, text);
    if (const Node* holidays = map.find("holidays"))
      for (const Node& item : holidays->items)
        if (const auto date = read_date(item.text, item)) text.holidays.insert(*date);
    read_makeup(map, text);
    if (const Node* special = find_map(map, "special", where_, messages_))
      for (const NodeEntry& day : special->entries)
        if (const auto date = read_date(day.key, day.value))
          text.special.emplace(*date, read_frames(day.value));
    if (const Node* years = map.find("years"))
      for (const Node& item : years->items) {
        if (const auto year = item.as_integer()) text.years.insert(static_cast<int>(*year));
        else complain(item, "year");
      }
    return text;
  }

  const Node& calendars_;
  Messages& messages_;
  std::string where_;
  std::set<std::string> making_;
  std::map<std::string, std::shared_ptr<const Calendar>> made_;
};

}  // namespace

std::map<std::string, std::shared_ptr<const Calendar>> read_calendars(const Node& calendars,
                                                                      Messages& messages) {
  return CalendarReader(calendars, messages).all();
}

}  // namespace gewu::kernel
