#include "simulation/behaviour.h"

#include <charconv>
#include <functional>

#include "kernel/time/limit.h"

namespace gewu::simulation {

using kernel::Limit;
using kernel::LimitUnit;
using kernel::Node;
using kernel::NodeEntry;

namespace {

std::unexpected<Error> wrong(const Node& node, std::string reason) {
  return refuse(ErrorCode::invalid, "demo.form",
                {{"file", node.origin.text()}, {"reason", std::move(reason)}});
}

Result<std::string> read_text(const Node& node) {
  const auto text = node.as_text();
  if (!text) return wrong(node, "text");
  return std::string(*text);
}

Result<std::int64_t> read_number(const Node& node) {
  const auto number = node.as_integer();
  if (!number || *number < 0) return wrong(node, "number");
  return *number;
}

Result<std::vector<std::string>> read_texts(const Node& node) {
  if (!node.is_list() || node.items.empty()) return wrong(node, "list");
  std::vector<std::string> texts;
  for (const Node& item : node.items) {
    GEWU_TRY(text, read_text(item));
    texts.push_back(std::move(text));
  }
  return texts;
}

/// Reads each entry of a map into a map, with `read` for its values.
template <typename Value, typename Read>
Result<std::map<std::string, Value>> read_map(const Node& node, Read read) {
  if (!node.is_map()) return wrong(node, "map");
  std::map<std::string, Value> map;
  for (const NodeEntry& entry : node.entries) {
    GEWU_TRY(value, read(entry.value));
    map.emplace(entry.key, std::move(value));
  }
  return map;
}

Result<Weights> read_weights(const Node& node) {
  if (!node.is_map() || node.entries.empty()) return wrong(node, "map");
  Weights weights;
  for (const NodeEntry& entry : node.entries) {
    GEWU_TRY(weight, read_number(entry.value));
    weights.emplace_back(entry.key, weight);
  }
  return weights;
}

Result<std::int64_t> read_percent(const Node& node) {
  const auto text = node.as_text();
  std::int64_t percent = -1;
  if (text && text->ends_with('%'))
    std::from_chars(text->data(), text->data() + text->size() - 1, percent);
  if (percent < 0 || percent > 100) return wrong(node, "percent");
  return percent;
}

Result<std::pair<std::int64_t, std::int64_t>> read_range(const Node& node) {
  if (!node.is_list() || node.items.size() != 2) return wrong(node, "range");
  const auto from = node.items[0].as_integer(), to = node.items[1].as_integer();
  if (!from || !to || *from > *to) return wrong(node, "range");
  return std::pair(*from, *to);
}

Result<std::int64_t> read_minutes(const Node& node) {
  GEWU_TRY(text, read_text(node));
  GEWU_TRY(limit, kernel::parse_limit(text));
  if (limit.unit == LimitUnit::day_natural) return limit.amount * 24 * 60;
  const auto minutes = kernel::limit_minutes(limit);
  if (!minutes) return wrong(node, "minutes");
  return *minutes;
}

Result<MinuteRange> read_delay(const Node& node) {
  if (!node.is_list() || node.items.size() != 2) return wrong(node, "range");
  GEWU_TRY(from, read_minutes(node.items[0]));
  GEWU_TRY(to, read_minutes(node.items[1]));
  if (to < from) return wrong(node, "range");
  return MinuteRange{from, to};
}

/// One key of a map with the function that takes its value.
struct KeyReader {
  std::string_view key;
  std::function<Status(const Node&)> read;
};

template <typename Target, typename Read>
KeyReader into(std::string_view key, Target& target, Read read) {
  return {key, [&target, read](const Node& node) -> Status {
            GEWU_TRY(value, read(node));
            target = std::move(value);
            return {};
          }};
}

Status read_keys(const Node& node, const std::vector<KeyReader>& readers) {
  if (!node.is_map()) return wrong(node, "map");
  for (const NodeEntry& entry : node.entries) {
    bool is_known = false;
    for (const KeyReader& reader : readers) {
      if (reader.key != entry.key) continue;
      is_known = true;
      GEWU_CHECK(reader.read(entry.value));
    }
    if (!is_known) return wrong(entry.value, "unknown key " + entry.key);
  }
  return {};
}

Result<std::map<kernel::Name, std::string>> read_values(const Node& node) {
  return read_map<std::string>(node, read_text);
}

Result<Topic> read_topic(const NodeEntry& entry) {
  Topic topic;
  topic.name = entry.key;
  GEWU_CHECK(read_keys(
      entry.value,
      {into("for", topic.types,
            [](const Node& node) { return read_map<std::int64_t>(node, read_number); }),
       into("values", topic.values, read_values),
       into("organisations", topic.organisations, read_texts),
       into("texts", topic.texts, [](const Node& node) {
         return read_map<std::vector<std::string>>(node, read_texts);
       })}));
  return topic;
}

Result<std::vector<Topic>> read_topics(const Node& node) {
  if (!node.is_map()) return wrong(node, "map");
  std::vector<Topic> topics;
  for (const NodeEntry& entry : node.entries) {
    GEWU_TRY(topic, read_topic(entry));
    topics.push_back(std::move(topic));
  }
  return topics;
}

Result<std::vector<std::map<kernel::Name, std::string>>> read_first(const Node& node) {
  if (!node.is_list()) return wrong(node, "list");
  std::vector<std::map<kernel::Name, std::string>> rows;
  for (const Node& item : node.items) {
    GEWU_TRY(row, read_values(item));
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<MonthDay> read_day(const Node& node) {
  GEWU_TRY(text, read_text(node));
  // Any leap year knows every day.
  const auto date = parse_date("2020-" + text);
  if (!date) return wrong(node, "day");
  return MonthDay{std::stoi(text.substr(0, 2)), std::stoi(text.substr(3, 2))};
}

Result<Total> read_total(const Node& node) {
  Total total;
  GEWU_CHECK(read_keys(node, {into("of", total.of, read_number),
                              into("total", total.total, read_number)}));
  if (total.of == 0) return wrong(node, "of");
  return total;
}

Result<std::set<std::string>> read_names(const Node& node) {
  GEWU_TRY(texts, read_texts(node));
  return std::set<std::string>(texts.begin(), texts.end());
}

Result<std::vector<OpeningPlan>> read_openings(const Node& node) {
  if (!node.is_map()) return wrong(node, "map");
  std::vector<OpeningPlan> openings;
  for (const NodeEntry& entry : node.entries) {
    OpeningPlan opening;
    opening.name = entry.key;
    GEWU_CHECK(read_keys(entry.value, {into("type", opening.type, read_text),
                                       into("action", opening.action, read_text),
                                       into("by", opening.by, read_weights),
                                       into("count", opening.count, read_number),
                                       into("small", opening.count_small, read_number),
                                       into("recent", opening.recent_percent, read_percent),
                                       into("first", opening.first, read_first),
                                       into("each", opening.each, read_text),
                                       into("on", opening.on, read_text),
                                       into("values", opening.values, read_values),
                                       into("from", opening.from, read_day),
                                       into("until", opening.until, read_day)}));
    if (opening.type.empty()) return wrong(entry.value, "type");
    if (opening.by.empty()) return wrong(entry.value, "by");
    openings.push_back(std::move(opening));
  }
  return openings;
}

Status read_hours(const Node& node, Behaviour& behaviour) {
  GEWU_TRY(range, read_range(node));
  if (range.first < 0 || range.second > 24 || range.first == range.second)
    return wrong(node, "hours");
  behaviour.hour_from = static_cast<int>(range.first);
  behaviour.hour_until = static_cast<int>(range.second);
  return {};
}

}  // namespace

const std::vector<std::string>* Behaviour::find_texts(const Topic* topic, std::string_view place,
                                                      std::string_view name) const {
  if (topic) {
    const auto own = topic->texts.find(std::string(name));
    if (own != topic->texts.end()) return &own->second;
  }
  if (const auto* words = find_named(texts, place, name)) return words;
  const auto any = texts.find("any");
  return any == texts.end() ? nullptr : &any->second;
}

Result<Behaviour> read_behaviour(const Node& node) {
  Behaviour behaviour;
  const auto percents = [](const Node& map) {
    return read_map<std::int64_t>(map, read_percent);
  };
  const auto text_lists = [](const Node& map) {
    return read_map<std::vector<std::string>>(map, read_texts);
  };
  GEWU_CHECK(read_keys(
      node,
      {into("demo", behaviour.locality, read_text), into("days", behaviour.days, read_number),
       into("recent", behaviour.recent_percent, read_percent),
       {"hours", [&](const Node& hours) { return read_hours(hours, behaviour); }},
       into("surnames", behaviour.surnames, read_texts),
       into("given_names", behaviour.given_names, read_texts),
       into("phone_prefix", behaviour.phone_prefix, read_text),
       into("addresses", behaviour.addresses, read_texts),
       into("rerouted_to", behaviour.rerouted_to, read_texts),
       into("openings", behaviour.openings, read_openings),
       into("topics", behaviour.topics, read_topics),
       into("texts", behaviour.texts, text_lists),
       into("choices", behaviour.choices,
            [](const Node& map) { return read_map<Weights>(map, read_weights); }),
       into("links", behaviour.links, text_lists),
       into("numbers", behaviour.numbers,
            [](const Node& map) {
              return read_map<std::pair<std::int64_t, std::int64_t>>(map, read_range);
            }),
       into("asked", behaviour.asked_percent, percents),
       into("weights", behaviour.weights,
            [](const Node& map) { return read_map<std::int64_t>(map, read_number); }),
       into("delays", behaviour.delays,
            [](const Node& map) { return read_map<MinuteRange>(map, read_delay); }),
       into("left", behaviour.left_percent, percents),
       into("decks", behaviour.decks,
            [](const Node& map) { return read_map<Weights>(map, read_weights); }),
       into("totals", behaviour.totals,
            [](const Node& map) { return read_map<Total>(map, read_total); }),
       into("repeats", behaviour.repeats,
            [](const Node& map) { return read_map<Total>(map, read_total); }),
       into("once", behaviour.once, read_names),
       into("at", behaviour.at, read_values),
       into("organisations", behaviour.organisations, read_texts)}));
  if (behaviour.days == 0) return wrong(node, "days");
  if (behaviour.surnames.empty() || behaviour.given_names.empty()) return wrong(node, "names");
  return behaviour;
}

}  // namespace gewu::simulation
