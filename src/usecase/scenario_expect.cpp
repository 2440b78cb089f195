#include <algorithm>

#include "base/text.h"
#include "codec/input_json.h"
#include "kernel/matter/query.h"
#include "kernel/time/zone.h"
#include "usecase/read_room.h"
#include "usecase/scenario_world.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

using Words = std::vector<std::string>;

std::string join(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string refusal_text(const std::optional<Error>& refusal) {
  if (!refusal) return "not refused";
  std::string text = "refused " + refusal->key;
  for (const Error& other : refusal->others) text += ", " + other.key;
  for (const ErrorDetail& detail : refusal->details) text += " " + detail.name + "=" + detail.value;
  return text;
}

/// One group of clauses, about one matter.
class Expectation {
 public:
  Expectation(ScenarioWorld& world, const ScenarioOutcome& outcome) : world_(world), outcome_(outcome) {}

  /// Empty: it holds.
  std::string check(Words words, const std::string& default_subject) {
    std::string subject = default_subject;
    if (words.size() >= 2 && world_.find(words[0]) && !is_clause(words[0])) {
      subject = words[0];
      words.erase(words.begin());
    }
    subject_ = subject;
    if (words.size() == 2 && words[0] == "refused") return refused(words[1]);
    if (words.size() == 1 && words[0] == "not_found") return refused(words[0]);
    if (words[0] == "same" && words.size() == 2)
      return outcome_.repeated_same ? "" : "another answer";
    if (!outcome_.figure.empty() && words[0] == "missing:") return missing(words);
    if (!outcome_.figure.empty()) return figure(join(words));
    if (outcome_.fields) return shows(words[0]);
    if (outcome_.refusal) return refusal_text(outcome_.refusal);
    if (words[0] == "opens") return opens(words);
    if (words[0] == "tells" && words.size() == 2) return tells(words[1]);
    if (words[0] == "cites" && words.size() == 2) return cites(words[1]);
    if (words[0] == "effect" && words.size() == 4) return effect(words[1], words[3]);
    if (words[0] == "clock" && words.size() >= 3) return clock(words);
    if (words[0] == "late_arrival") return late_arrival();
    if (words.size() != 1) return "cannot be read: " + join(words);
    const auto equal = words[0].find('=');
    if (equal == std::string::npos) return state(words[0]);
    return value(words[0].substr(0, equal), words[0].substr(equal + 1));
  }
  const std::string& subject() const { return subject_; }

 private:
  static bool is_clause(const std::string& word) {
    constexpr const char* kClauses[] = {"refused", "opens", "tells", "cites", "effect",
                                        "clock",   "same",  "late_arrival"};
    return std::ranges::find(kClauses, word) != std::end(kClauses);
  }
  SnapshotPtr matter() const {
    const auto id = world_.find(subject_);
    return id ? world_.load(*id) : nullptr;
  }

  std::string refused(const std::string& key) const {
    if (!outcome_.refusal) return "not refused";
    const bool found =
        outcome_.refusal->key == key ||
        std::ranges::any_of(outcome_.refusal->others,
                            [&](const Error& other) { return other.key == key; });
    return found ? "" : refusal_text(outcome_.refusal);
  }
  std::string figure(const std::string& expected) const {
    return outcome_.figure == expected ? "" : outcome_.figure;
  }
  /// Names of matters, keys of organisations and posts, codes: these and no others are missing.
  std::string missing(const Words& words) const {
    std::vector<std::string> expected;
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[i] == "none") continue;
      const auto id = world_.find(words[i]);
      const Post* post = world_.directory().roster->post_by_key(words[i]);
      expected.push_back(id     ? std::to_string(id->value)
                         : post ? std::to_string(post->id.value)
                                : words[i]);
    }
    std::vector<std::string> actual = outcome_.missing;
    std::ranges::sort(expected);
    std::ranges::sort(actual);
    return expected == actual ? "" : "missing: " + join(actual);
  }
  std::string shows(const std::string& field) const {
    return std::ranges::find(*outcome_.fields, field) != outcome_.fields->end() ? ""
                                                                               : "not shown";
  }

  std::string opens(const Words& words) {
    std::optional<std::size_t> times;
    std::string named;
    for (std::size_t i = 2; i < words.size(); ++i) {
      if (words[i] == "as" && i + 1 < words.size()) named = words[++i];
      else if (words[i].starts_with('x'))
        times = static_cast<std::size_t>(parse_integer(words[i].substr(1)).value_or(0));
      else return "cannot be read: " + join(words);
    }
    std::vector<MatterId> opened;
    for (const Event& event : outcome_.events)
      if (event.opening && event.opening->type->name == words[1]) opened.push_back(event.matter);
    if (!named.empty() && !opened.empty()) world_.name(named, opened.front());
    const bool holds = times ? opened.size() == *times : !opened.empty();
    return holds ? "" : "opened " + std::to_string(opened.size());
  }

  bool is_told(const MessageRecord& message, const std::string& whom) const {
    if (whom == "author") return message.to_author;
    if (message.audience == whom) return !message.posts.empty() || !message.authors.empty();
    const auto at = whom.find('@');
    const std::string role = whom.substr(0, at);
    const std::string unit = at == std::string::npos ? "" : whom.substr(at + 1);
    const Roster& roster = *world_.directory().roster;
    return std::ranges::any_of(message.posts, [&](const PostId id) {
      const Post* post = roster.post(id);
      if (!post || post->role != role) return false;
      return unit.empty() || post->unit.code == unit || post->organisation == unit ||
             post->unit.code.starts_with(unit + "_") ||
             (post->organisation && post->organisation->starts_with(unit + "_"));
    });
  }
  std::string tells(const std::string& whom) const {
    std::string told;
    for (const Event& event : outcome_.events)
      for (const MessageRecord& message : event.messages) {
        if (is_told(message, whom)) return "";
        told += " " + message.audience + "(" + std::to_string(message.posts.size()) + ")";
      }
    return "told:" + told;
  }
  std::string cites(const std::string& name) const {
    const auto id = world_.find(name);
    for (const Event& event : outcome_.events)
      if (id && std::ranges::find(event.basis, *id) != event.basis.end()) return "";
    return "not cited";
  }
  std::string effect(const std::string& name, const std::string& key) const {
    std::string seen;
    for (const Event& event : outcome_.events)
      for (const RefusedEffect& refused : event.refused) {
        if (refused.effect == name && refused.key == key) return "";
        seen += " " + refused.effect + " " + refused.key;
      }
    return seen.empty() ? "no effect was refused" : "refused effects:" + seen;
  }

  std::string clock(const Words& words) const {
    const SnapshotPtr now = matter();
    const ClockState* clock = now ? now->find_clock(words[1]) : nullptr;
    if (!clock) return "no such clock";
    if (words[2] != "due")
      return to_text(clock->status) == words[2] ? "" : std::string(to_text(clock->status));
    const Zone& zone = world_.locality().calendar->zone();
    if (words.size() != 5) return "cannot be read: " + join(words);
    const std::string due = format_due(zone, clock->due);
    const auto expected = world_.parse_local(words[3], words[4]);
    if (clock->status == ClockStatus::paused) return "paused";
    return expected && *expected == clock->due ? "" : "due " + due;
  }
  std::string late_arrival() const {
    const SnapshotPtr now = matter();
    const bool is_late = now && std::ranges::any_of(now->clocks, [](const ClockState& clock) {
      return clock.late_arrival;
    });
    return is_late ? "" : "no late arrival";
  }

  std::string state(const std::string& expected) const {
    const SnapshotPtr now = matter();
    if (!now) return "no such matter";
    const Name& actual = now->type->states[now->state].name;
    return actual == expected ? "" : actual;
  }

  std::string unit_text(const Unit& unit, const std::string& expected) const {
    return unit.code == expected ? "" : unit.code;
  }
  std::string value(const std::string& key, const std::string& expected) {
    if (key == "receipt") return outcome_.receipt.empty() ? "no receipt" : "";
    const SnapshotPtr now = matter();
    if (!now) return "no such matter";
    if (key == "owner") return unit_text(now->owner, expected);
    if (key == "handler") return unit_text(now->handler, expected);
    if (key == "territory") return now->territory == expected ? "" : now->territory;
    if (key == "outcome") {
      const std::string actual = now->outcome.empty() ? "none" : now->outcome;
      return actual == expected ? "" : actual;
    }
    if (key == "lamp") return lamp(now, expected);
    if (key == "state") return state(expected);
    const auto field = now->type->find_field(key);
    if (!field) return "no such field";
    return field_value(*now, *field, expected);
  }
  std::string lamp(const SnapshotPtr& now, const std::string& expected) {
    const ReadRoom room(world_.office());
    const auto lamp = lamp_of(room.chamber(), now);
    if (!lamp) return lamp.error().key;
    return lamp_name(*lamp) == expected ? "" : std::string(lamp_name(*lamp));
  }
  std::string field_value(const Snapshot& now, std::size_t field, const std::string& expected) {
    const FieldSpec& spec = now.type->fields[field];
    Value actual = now.fields[field];
    if (actual.get_shared<Sealed>() && expected != "..") {
      auto opened = world_.office().store.open_sealed(now.id, spec.name);
      if (!opened) return opened.error().key;
      actual = std::move(*opened);
    }
    if (ScenarioValues(world_).matches(spec, actual, expected)) return "";
    std::string text;
    codec::JsonWriter out(text);
    codec::write_field_value(out, spec, actual);
    return text;
  }

  ScenarioWorld& world_;
  const ScenarioOutcome& outcome_;
  std::string subject_;
};

bool expects_refusal(const ScenarioLine& line) {
  for (const ScenarioGroup& group : line.expected)
    for (const auto& clause : group.clauses)
      if (!clause.empty() && (clause[0] == "refused" || clause[0] == "not_found")) return true;
  return false;
}

}  // namespace

std::vector<std::string> check_expectations(ScenarioWorld& world, const ScenarioLine& line,
                                            const ScenarioOutcome& outcome,
                                            std::set<std::string>& exercised) {
  std::vector<std::string> differences;
  if (outcome.refusal && !expects_refusal(line)) {
    differences.push_back(refusal_text(outcome.refusal));
    return differences;
  }
  for (const ScenarioGroup& group : line.expected) {
    std::string subject = outcome.subject;
    for (const auto& clause : group.clauses) {
      if (clause.empty()) continue;
      Expectation expectation(world, outcome);
      const std::string actual = expectation.check(clause, subject);
      subject = expectation.subject();
      if (!actual.empty()) differences.push_back(join(clause) + " -> " + actual);
      if (clause.size() == 4 && clause[0] == "effect") exercised.insert("refusal " + clause[3]);
    }
  }
  return differences;
}

}  // namespace gewu::usecase
