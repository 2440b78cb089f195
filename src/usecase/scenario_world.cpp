#include "usecase/scenario_world.h"

#include <algorithm>

#include "base/spans.h"
#include "base/text.h"
#include "codec/scaled.h"
#include "kernel/matter/access.h"
#include "kernel/matter/built_in.h"
#include "kernel/matter/given.h"
#include "kernel/time/calendar.h"
#include "kernel/time/deadline.h"
#include "usecase/change_directory.h"
#include "usecase/gather_tallies.h"
#include "usecase/pass_time.h"
#include "usecase/read_indicators.h"
#include "usecase/read_matter.h"
#include "usecase/run_timetables.h"
#include "usecase/work_ripples.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kStepsMax = 100'000;
constexpr std::size_t kCandidatesMax = 60;

std::unexpected<Error> bad_step(const std::string& text) {
  return refuse(ErrorCode::invalid, "scenario.step", {{"step", text}});
}

/// As a clock would count: days end at 24:00.
Instant due_after(Instant start, const Limit& limit, const Calendar& calendar) {
  ClockInputs inputs;
  inputs.start = start;
  inputs.targets = {ClockTarget(limit)};
  inputs.calendar = calendar.name();
  return compute(inputs, calendar).due.value_or(start);
}

bool is_resident(const std::string& role) { return role == "resident" || role == "public"; }

/// "beishan" stands for the organisation beishan_street too.
bool is_short_for(const std::string& alias, const std::string& key) {
  return key == alias || key.starts_with(alias + "_");
}

}  // namespace

ScenarioWorld::ScenarioWorld(const Scenario& scenario, store::Store& store, ManualClock& clock,
                             Random& random, std::set<std::string>& exercised)
    : scenario_(scenario), clock_(clock), office_{store, clock, random}, exercised_(exercised) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  for (const ScenarioLine& line : scenario.lines)
    for (const ScenarioStep& step : line.steps) {
      std::string word;
      for (const char c : step.text + " ") {
        if (is_letter(c)) word += c;
        else if (!word.empty()) named_.insert(std::exchange(word, {}));
      }
    }
}

const Locality& ScenarioWorld::locality() const {
  return *directory().find_locality(scenario_.locality);
}

std::optional<Instant> ScenarioWorld::parse_local(std::string_view date,
                                                  std::string_view time) const {
  const auto day = parse_date(date);
  const auto minute = parse_time_of_day(time.empty() ? "0:00" : time);
  if (!day || !minute) return std::nullopt;
  return locality().calendar->zone().to_instant(*day, *minute);
}

/// A name; else `call:gas`, the last matter of a type that ends so and belongs to that unit.
std::optional<MatterId> ScenarioWorld::find(const std::string& name) const {
  if (const auto known = names_.find(name); known != names_.end()) return known->second;
  const auto colon = name.find(':');
  if (colon == std::string::npos) return std::nullopt;
  const std::string type = name.substr(0, colon), unit = name.substr(colon + 1);
  std::optional<MatterId> last;
  static_cast<void>(office_.store.each_matter([&](const SnapshotPtr& matter) -> Status {
    const std::string& full = matter->type->name;
    if (full != type && !full.ends_with("_" + type)) return {};
    if (matter->handler.code == unit || matter->owner.code == unit) last = matter->id;
    return {};
  }));
  return last;
}

std::string ScenarioWorld::next_request() {
  const std::string digits = std::to_string(++requests_);
  return "00000000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits;
}

// ---- time

Result<Instant> ScenarioWorld::target_time(const std::vector<std::string>& words,
                                           std::size_t& used) const {
  const auto limit_at = [&](std::size_t i) -> Result<Limit> {
    if (i + 1 >= words.size() || !words[i].starts_with('+')) return bad_step("at");
    return parse_limit(words[i].substr(1) + " " + words[i + 1]);
  };
  const Calendar& calendar = *locality().calendar;
  if (words.size() >= 3 && words[1].starts_with('+')) {
    GEWU_TRY(limit, limit_at(1));
    used = 3;
    return due_after(clock_.now(), limit, calendar);
  }
  if (words.size() >= 3 && !parse_date(words[1])) {
    const auto matter = find(words[1]);
    if (!matter || words.size() < 5) return bad_step("at " + words[1]);
    GEWU_TRY(limit, limit_at(3));
    GEWU_TRY(timeline, office_.store.read_timeline(*matter, 1'000));
    for (const Event& event : timeline) {  // newest first
      const SnapshotPtr now = load(*matter);
      const auto state = now->type->find_state(words[2]);
      const bool entered = event.change.state == state ||
                           (event.opening && event.opening->state == state);
      if (!state || !entered) continue;
      used = 5;
      return due_after(event.at, limit, calendar);
    }
    return bad_step("at " + words[1] + " " + words[2]);
  }
  const auto instant = words.size() >= 3 ? parse_local(words[1], words[2]) : std::nullopt;
  if (!instant) return bad_step("at");
  used = 3;
  return *instant;
}

Status ScenarioWorld::pass_until(Instant until, bool inclusive) {
  const Instant last = inclusive ? until : until + -1;
  GEWU_CHECK(run_timetables());
  for (std::size_t step = 0; step < kStepsMax; ++step) {
    GEWU_TRY(due, office_.store.find_due(last, 1));
    const auto wake = due.empty() ? std::nullopt : next_wake(*load(due.front()));
    if (next_planned_ && *next_planned_ <= last && (!wake || *next_planned_ <= *wake)) {
      if (clock_.now() < *next_planned_) clock_.set(*next_planned_);
      GEWU_CHECK(run_timetables());
      continue;
    }
    if (!wake) break;
    if (clock_.now() < *wake) clock_.set(*wake);
    GEWU_TRY(events, pass_time(office_, due.front()));
    if (events == 0) break;
  }
  if (clock_.now() < until) clock_.set(until);
  has_begun_ = true;
  return run_timetables();
}

/// A scenario speaks of its own types: those of others would only take time.
Status ScenarioWorld::run_timetables() {
  if (!has_begun_) return {};
  GEWU_TRY(run, usecase::run_timetables(
                    office_, [this](const Name& type) { return named_.contains(type); },
                    DrawSeeds::made_up));
  next_planned_ = run.next;
  if (run.failed.empty()) return {};
  Error error = run.failed.front().second;
  error.details.push_back({"timetable", run.failed.front().first});
  return std::unexpected(std::move(error));
}

Result<ScenarioOutcome> ScenarioWorld::move_time(const ScenarioStep& step) {
  std::size_t used = 0;
  GEWU_TRY(until, target_time(step.words, used));
  const bool ticks = used < step.words.size() && step.words[used] == "tick";
  if (used + (ticks ? 1 : 0) != step.words.size()) return bad_step(step.text);
  if (until < clock_.now()) return bad_step(step.text);
  const bool is_relative = step.words[1].starts_with('+') || used == 5;
  GEWU_CHECK(pass_until(until, ticks || is_relative));
  GEWU_TRY(gathered, gather_tallies(office_, kStepsMax));
  static_cast<void>(gathered);
  return ScenarioOutcome{};
}

// ---- given

Status ScenarioWorld::give_one(const std::vector<std::string>& given) {
  std::vector<std::string> words = given;
  if (!words.empty() && words.front() == "row") words.erase(words.begin());
  GivenMatter matter;
  matter.locality = scenario_.locality;
  if (words.empty()) return bad_step("given");
  matter.type = words[0];
  const TypePtr type = locality().find_type(matter.type);
  if (!type) return bad_step("given " + words[0]);
  std::string name;
  const ScenarioValues values(*this);
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto equal = words[i].find('=');
    if (words[i] == "as" && i + 1 < words.size()) {
      name = words[++i];
    } else if (words[i] == "clock" && i + 4 < words.size() && words[i + 2] == "from") {
      const auto from = parse_local(words[i + 3], words[i + 4]);
      if (!from) return bad_step("given clock");
      matter.clocks.emplace_back(words[i + 1], *from);
      i += 4;
    } else if (equal == std::string::npos) {
      if (!name.empty()) return bad_step("given " + words[i]);
      name = words[i];
    } else if (words[i].substr(0, equal) == "state") {
      matter.state = words[i].substr(equal + 1);
    } else {
      const std::string field = words[i].substr(0, equal);
      const auto at = type->find_field(field);
      if (!at) return bad_step("given " + field);
      GEWU_TRY(value, values.read(type->fields[*at], std::string_view(words[i]).substr(equal + 1)));
      matter.values.push_back({field, std::move(value)});
    }
  }
  store::CommitRequest request;
  request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
    const Chamber chamber{turn.directory, turn.source, turn.now, turn.ids};
    GEWU_TRY(decision, give_matter(chamber, matter));
    store::Writing writing;
    writing.decision = std::move(decision);
    return writing;
  };
  GEWU_TRY(committed, office_.store.commit(std::move(request)));
  if (!name.empty()) names_[name] = committed.after.front()->id;
  return {};
}

Result<ScenarioOutcome> ScenarioWorld::give(const ScenarioStep& step) {
  const std::string_view rest = trim(std::string_view(step.text).substr(5));
  for (const std::string& one : split_outside(rest, ",")) {
    std::vector<std::string> words;
    for (std::string& word : split_outside(one, " "))
      if (!word.empty()) words.push_back(std::move(word));
    GEWU_CHECK(give_one(words));
  }
  return ScenarioOutcome{};
}

// ---- who

ScenarioWorld::Who ScenarioWorld::who_of(std::string_view word) {
  Who who;
  const auto colon = word.find(':');
  if (colon != std::string_view::npos) who.person = word.substr(colon + 1);
  word = word.substr(0, colon);
  const auto at = word.find('@');
  if (at != std::string_view::npos) who.unit = word.substr(at + 1);
  who.role = word.substr(0, at);
  return who;
}

Result<AccountId> ScenarioWorld::account_of(const std::string& person) {
  if (const auto known = persons_.find(person); known != persons_.end()) return known->second;
  AccountId id;
  store::CommitRequest request;
  request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
    id = {turn.ids.next()};
    store::Writing writing;
    writing.accounts.push_back({id, "p" + std::to_string(id.value), person, {}, false, false,
                                false});
    return writing;
  };
  GEWU_TRY(committed, office_.store.commit(std::move(request)));
  static_cast<void>(committed);
  persons_[person] = id;
  return id;
}

Status ScenarioWorld::seat_person(const Post& post, AccountId account) {
  for (const AccountId sitting : holders_at(post, clock_.now()))
    if (sitting == account) return {};
  Post seated = post;
  seated.holders.push_back({account, Instant{}, std::nullopt, false});
  seated.state = PostState::filled;
  seated.seats = std::max(seated.seats, static_cast<int>(seated.holders.size()));
  return change_directory(office_, {PostChange{std::move(seated)}}, "scenario");
}

std::vector<const Post*> ScenarioWorld::posts_for(const Who& who, const SnapshotPtr& matter,
                                                  const std::string& place) const {
  const Roster& roster = *directory().roster;
  std::vector<const Post*> posts;
  const auto add = [&](const Post* post) {
    if (std::ranges::find(posts, post) == posts.end()) posts.push_back(post);
  };
  const std::string ground = matter ? matter->territory : place;
  if (!ground.empty())
    for (const Post* post : roster.posts_covering(who.role, ground)) add(post);
  if (matter)
    for (const Unit* unit : {&matter->handler, &matter->owner})
      for (const Post* post : roster.posts_on(who.role, *unit)) add(post);
  const Date day{static_cast<std::int32_t>(clock_.now().ms / kMsPerDay)};
  const std::size_t nearest = posts.size();
  for (const Post* post : roster.posts_of_role(who.role)) add(post);
  // Of the others, those of the scenario's own place come first: many places are shipped.
  std::stable_partition(posts.begin() + static_cast<std::ptrdiff_t>(nearest), posts.end(),
                        [&](const Post* post) {
                          const Organisation* organisation = roster.organisation_of(*post, day);
                          const auto of_organisation =
                              organisation ? organisation->territory : std::nullopt;
                          return covers(locality().territory,
                                        of_organisation.value_or(post->unit.code));
                        });
  if (!who.unit.empty()) {
    const auto row = find(who.unit);
    const auto fits = [&](const Post* post, const auto& names) {
      const Organisation* organisation = roster.organisation_of(*post, day);
      return names(post->unit.code) || post->key == who.unit ||
             (organisation && names(organisation->key)) ||
             (row && post->unit == row_unit(std::to_string(row->value)));
    };
    const auto keep = [&](const auto& names) {
      std::erase_if(posts, [&](const Post* post) { return !fits(post, names); });
    };
    // A name written out means that one; else whatever it is short for.
    const auto is_named = [&](const std::string& name) { return name == who.unit; };
    if (std::ranges::any_of(posts, [&](const Post* post) { return fits(post, is_named); }))
      keep(is_named);
    else
      keep([&](const std::string& name) { return is_short_for(who.unit, name); });
  }
  if (posts.size() > kCandidatesMax) posts.resize(kCandidatesMax);
  return posts;
}

/// A place that lacks a post which the scenario speaks of gets it.
Result<PostId> ScenarioWorld::make_post(const Who& who) {
  const auto role = locality().roles.find(who.role);
  if (role == locality().roles.end()) return bad_step(who.role);
  Post post;
  post.key = "scenario_" + std::to_string(directory().roster->post_count());
  post.role = who.role;
  const auto row = who.unit.empty() ? std::nullopt : find(who.unit);
  if (row) post.unit = row_unit(std::to_string(row->value));
  else if (directory().roster->organisation(who.unit)) post.unit = organisation_unit(who.unit);
  else if (directory().territory->find(who.unit)) post.unit = territory_unit(who.unit);
  else if (who.unit.empty() && role->second.unit_kind == Unit::Kind::territory)
    post.unit = territory_unit(locality().territory);
  else return bad_step(who.role + "@" + who.unit);
  GEWU_CHECK(change_directory(office_, {PostChange{post}}, "scenario"));
  return directory().roster->post_by_key(post.key)->id;
}

Result<std::vector<Caller>> ScenarioWorld::callers_of(const Who& who, const SnapshotPtr& matter,
                                                      const std::string& place) {
  std::vector<Caller> callers;
  const bool is_role = locality().roles.contains(who.role);
  if (!is_role && is_resident(who.role)) {
    Caller caller;
    if (who.role == "resident" && matter) {
      const auto author = authors_.find(matter->id.value);
      const bool is_own = author == authors_.end() || author->second == who.person;
      if (is_own && matter->has_receipt) caller.receipt_of = matter->id;
    }
    callers.push_back(caller);
    return callers;
  }
  if (!is_role && who.role == "member") {
    GEWU_TRY(account, account_of("member:" + who.person));
    callers.push_back({account, {}, {}, {}, {}});
    return callers;
  }
  std::vector<PostId> ids;
  for (const Post* post : posts_for(who, matter, place)) ids.push_back(post->id);
  if (ids.empty()) {
    GEWU_TRY(made, make_post(who));
    ids.push_back(made);
  }
  for (const PostId id : ids) {
    const Post& post = *directory().roster->post(id);
    GEWU_TRY(account, account_of(who.person.empty() ? "post:" + post.key : who.person));
    callers.push_back({account, id, {}, {}, {}});
  }
  return callers;
}

// ---- acting

namespace {

/// A refusal that another post of the same role might not meet.
bool tells_of_wrong_post(const Error& error) {
  return error.key == "not_found" || error.key.ends_with(".by") || error.key == "post.choose";
}

const FieldSpec* find_spec(const Type& type, const std::vector<FieldSpec>& inputs,
                           const std::string& name) {
  const auto input = std::ranges::find(inputs, name, &FieldSpec::name);
  if (input != inputs.end()) return &*input;
  const auto field = type.find_field(name);
  return field ? &type.fields[*field] : nullptr;
}

std::string place_in(const std::vector<NamedValue>& values) {
  for (const NamedValue& named : values) {
    if (const auto* place = named.value.get_shared<Place>())
      if (!place->territory.empty()) return place->territory;
    if (const auto* unit = named.value.get<Unit>(); unit && unit->kind == Unit::Kind::territory)
      return unit->code;
  }
  return {};
}

}  // namespace

Result<ScenarioWorld::Words> ScenarioWorld::take_apart(const ScenarioStep& step) const {
  Words parts;
  const auto& words = step.words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool is_instant = (words[i] == "at" || words[i] == "sent") && i >= 2;
    if (is_instant && i + 2 < words.size()) {
      const auto instant = parse_local(words[i + 1], words[i + 2]);
      if (!instant) return bad_step(step.text);
      (words[i] == "at" ? parts.at : parts.sent) = *instant;
      i += 2;
    } else if (words[i] == "as" && i + 1 < words.size()) {
      parts.named = words[++i];
    } else if (words[i] != "...") {
      parts.words.push_back(words[i]);
    }
  }
  if (parts.words.size() < 2) return bad_step(step.text);
  return parts;
}

/// Takes it through each caller until one is not refused as the wrong post; else the first answer.
void ScenarioWorld::submit(const Words& words, const std::vector<Caller>& callers,
                           const TypePtr& type, const std::vector<NamedValue>& values,
                           ScenarioOutcome& outcome, const std::string& person) {
  Submission submission;
  submission.type = type->name;
  submission.action = words.words[1];
  submission.values = values;
  submission.request = RequestStamp{next_request(), {}};
  if (place_in(values).empty()) submission.locality = scenario_.locality;
  for (const Caller& caller : callers) {
    if (caller.post.has_value()) {
      const Status seated = seat_person(*directory().roster->post(caller.post), caller.account);
      if (!seated) continue;
    }
    submission.caller = caller;
    auto submitted = submit_matter(office_, submission);
    if (submitted) {
      outcome.refusal.reset();
      outcome.receipt = submitted->receipt;
      const MatterId id = submitted->matter->id;
      authors_[id.value] = person;
      outcome.subject = words.named.empty() ? "last" : words.named;
      names_[outcome.subject] = id;
      last_submission_ = submission;
      last_action_.reset();
      last_event_ = submitted->events.front().id;
      return;
    }
    if (!outcome.refusal) outcome.refusal = submitted.error();
    if (!tells_of_wrong_post(submitted.error())) {
      outcome.refusal = submitted.error();
      return;
    }
  }
}

void ScenarioWorld::act_on(const Words& words, const std::vector<Caller>& callers, MatterId matter,
                           const std::vector<NamedValue>& values, ScenarioOutcome& outcome) {
  MatterAction action;
  action.matter = matter;
  action.action = words.words[1];
  action.values = values;
  action.request = RequestStamp{next_request(), {}};
  action.sent = words.at;
  for (const Caller& caller : callers) {
    if (caller.post.has_value()) {
      const Status seated = seat_person(*directory().roster->post(caller.post), caller.account);
      if (!seated) continue;
    }
    action.caller = caller;
    const auto taken = act_on_matter(office_, action);
    if (taken) {
      outcome.refusal.reset();
      last_action_ = action;
      last_submission_.reset();
      last_event_ = taken->events.empty() ? EventId{} : taken->events.front().id;
      return;
    }
    if (!outcome.refusal) outcome.refusal = taken.error();
    if (!tells_of_wrong_post(taken.error())) {
      outcome.refusal = taken.error();
      return;
    }
  }
}

Result<ScenarioOutcome> ScenarioWorld::act(const ScenarioStep& step) {
  GEWU_TRY(words, take_apart(step));
  if (words.words[1] == "read") return read(words.words);
  if (words.words.size() < 3) return bad_step(step.text);
  const Who who = who_of(words.words[0]);
  const std::string& action = words.words[1];
  const auto known = find(words.words[2]);
  const SnapshotPtr matter = known ? load(*known) : nullptr;
  const TypePtr type = matter ? matter->type : locality().find_type(words.words[2]);
  if (!type) return bad_step(step.text);
  std::vector<FieldSpec> inputs = built_in_inputs(*type, action);
  if (const ActionSpec* spec = type->find_action(action)) inputs = spec->input;
  std::vector<NamedValue> values;
  const ScenarioValues reader(*this);
  for (std::size_t i = 3; i < words.words.size(); ++i) {
    const auto equal = words.words[i].find('=');
    if (equal == std::string::npos) return bad_step(step.text);
    const std::string name = words.words[i].substr(0, equal);
    const FieldSpec* spec = find_spec(*type, inputs, name);
    if (!spec) return bad_step(step.text);
    GEWU_TRY(value, reader.read(*spec, std::string_view(words.words[i]).substr(equal + 1)));
    values.push_back({name, std::move(value)});
  }
  if (words.sent) GEWU_CHECK(pass_until(*words.sent, false));
  GEWU_TRY(callers, callers_of(who, matter, place_in(values)));
  ScenarioOutcome outcome;
  outcome.subject = words.words[2];
  if (matter) act_on(words, callers, matter->id, values, outcome);
  else submit(words, callers, type, values, outcome, who.person);
  return outcome;
}

Result<ScenarioOutcome> ScenarioWorld::read(const std::vector<std::string>& words) {
  const auto known = words.size() == 3 ? find(words[2]) : std::nullopt;
  if (!known) return bad_step("read");
  GEWU_TRY(callers, callers_of(who_of(words[0]), load(*known), {}));
  ScenarioOutcome outcome;
  outcome.subject = words[2];
  for (const Caller& caller : callers) {
    if (caller.post.has_value())
      GEWU_CHECK(seat_person(*directory().roster->post(caller.post), caller.account));
    const auto view = read_matter(office_, caller, *known);
    if (!view) {
      outcome.refusal = view.error();
      continue;
    }
    outcome.refusal.reset();
    outcome.fields.emplace();
    for (const SeenField& field : view->row.seen.fields)
      outcome.fields->push_back(view->row.seen.matter->type->fields[field.field].name);
    break;
  }
  return outcome;
}

Result<ScenarioOutcome> ScenarioWorld::repeat() {
  ScenarioOutcome outcome;
  EventId event;
  if (last_submission_) {
    const auto again = submit_matter(office_, *last_submission_);
    if (!again) outcome.refusal = again.error();
    else event = again->events.front().id;
  } else if (last_action_) {
    const auto again = act_on_matter(office_, *last_action_);
    if (!again) outcome.refusal = again.error();
    else if (!again->events.empty()) event = again->events.front().id;
  } else {
    return bad_step("repeat last request");
  }
  outcome.repeated_same = !outcome.refusal && last_event_ && *last_event_ == event;
  return outcome;
}

Result<ScenarioOutcome> ScenarioWorld::figure(const ScenarioStep& step) {
  const auto& words = step.words;
  if (words.size() < 3) return bad_step(step.text);
  GEWU_TRY(account, account_of("figures"));
  const std::string key = "scenario_figures";
  if (!directory().roster->post_by_key(key)) {
    Post post;
    post.key = key;
    post.role = "reader";
    post.unit = territory_unit(locality().territory);
    GEWU_CHECK(change_directory(office_, {PostChange{std::move(post)}}, "scenario"));
  }
  const Post& post = *directory().roster->post_by_key(key);
  GEWU_CHECK(seat_person(post, account));
  FigureQuestion question;
  question.caller.account = account;
  question.name = words[1];
  question.unit = words[2];
  if (const Locality* named = directory().find_locality(words[2])) question.unit = named->territory;
  if (words.size() == 4) question.period = words[3];
  if (words.size() == 5 && words[3] == "at") question.period = words[4];
  const auto answer = read_indicator(office_, question);
  ScenarioOutcome outcome;
  if (!answer) {
    outcome.refusal = answer.error();
    return outcome;
  }
  const Figure& found = answer->rows.front().figure;
  const auto text = [](const std::optional<Number>& number) {
    std::string words_of_number;
    if (number) codec::append_scaled(words_of_number, number->micros, 6);
    return words_of_number;
  };
  for (const Value& unit : answer->rows.front().missing)
    outcome.missing.push_back(dimension_text(unit));
  if (answer->indicator->is_duty) exercised_.insert("duty " + words[1]);
  if (found.denominator) outcome.figure = text(found.numerator) + "/" + text(found.denominator);
  else outcome.figure = found.value ? text(found.value) : "missing";
  return outcome;
}

/// Every event since the last step, of all matters: what follow-ups and time did is told too.
Status ScenarioWorld::gather_events(ScenarioOutcome& outcome) {
  return office_.store.read_journal(seen_sequence_ + 1,
                                    [&](const store::JournalLine& line) -> Status {
    seen_sequence_ = line.sequence;
    GEWU_TRY(event, office_.store.read_event(line));
    if (!event) return {};
    const SnapshotPtr matter = load(event->matter);
    if (matter && event->kind == Event::Kind::action)
      exercised_.insert("action " + matter->type->name + "." + event->action);
    if (matter && event->kind == Event::Kind::step)
      exercised_.insert("step " + matter->type->name + "." + event->action);
    const Value* duty = matter ? matter->find_field("duty") : nullptr;
    if (matter && matter->type->name == kRoundType && duty && duty->get<std::string>())
      exercised_.insert("step " + *duty->get<std::string>() + "@" +
                        event->action.substr(event->action.find('@') + 1));
    outcome.events.push_back(std::move(*event));
    return {};
  });
}

Result<ScenarioOutcome> ScenarioWorld::take(const ScenarioStep& step) {
  ScenarioOutcome outcome;
  const auto& first = step.words.front();
  auto made = first == "at"       ? move_time(step)
              : first == "given"  ? give(step)
              : first == "figure" ? figure(step)
              : first == "repeat" ? repeat()
                                  : act(step);
  if (!made) return made;
  GEWU_CHECK(gather_events(*made));
  if (made->refusal) {
    exercised_.insert("refusal " + made->refusal->key);
    for (const Error& other : made->refusal->others) exercised_.insert("refusal " + other.key);
  }
  return made;
}

}  // namespace gewu::usecase
