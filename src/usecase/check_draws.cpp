#include "usecase/check_draws.h"

#include <algorithm>
#include <set>

#include "usecase/draw_lots.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

/// A day after its end a round is late: the seed was there after two minutes.
constexpr std::int64_t kLateMs = kMsPerDay;

/// What a ledger says of itself.
struct Ledger {
  std::string draw, owner, seed, digest;
  Period slot;
  std::int64_t root = 0, candidates = 0, drawn = 0;
  DrawTerms terms;
  std::vector<MatterId> matters;
};

Ledger ledger_of(const Event& event) {
  const auto find = [&](const char* name) -> const Value* {
    const auto found = std::ranges::find(event.change.fields, name, &RecordedValue::name);
    return found == event.change.fields.end() ? nullptr : &found->value;
  };
  const auto text = [&](const char* name) {
    const Value* value = find(name);
    const auto* words = value != nullptr ? value->get<std::string>() : nullptr;
    return words != nullptr ? *words : std::string();
  };
  const auto whole = [&](const char* name) {
    const Value* value = find(name);
    const auto* number = value != nullptr ? value->get<Number>() : nullptr;
    return number != nullptr ? number->micros / kMicros : 0;
  };
  Ledger ledger;
  ledger.draw = text("draw");
  ledger.seed = text("seed");
  ledger.digest = text("digest");
  ledger.root = whole("root");
  ledger.candidates = whole("candidates");
  ledger.drawn = whole("drawn");
  ledger.terms = {whole("share"), whole("least")};
  if (const Value* value = find("unit"))
    if (const auto* unit = value->get<Unit>()) ledger.owner = unit->code;
  if (const Value* value = find("slot"))
    if (const auto* slot = value->get<Period>()) ledger.slot = *slot;
  if (const Value* value = find("matters"))
    if (const auto* set = value->get_shared<Values>())
      for (const Value& item : *set)
        if (const auto* link = item.get<Link>()) ledger.matters.push_back(link->id);
  return ledger;
}

}  // namespace

void DrawCheck::add_root(const SignedRoot& root) {
  const StreamRoot* stream = root.statement.find_stream("sqlite");
  roots_.push_back({root.statement.number, stream != nullptr ? stream->size : 0,
                    root.statement.at, hash_of(root)});
}

const DrawCheck::Root* DrawCheck::find_root(std::int64_t number) const {
  const auto found = std::ranges::lower_bound(roots_, number, {}, &Root::number);
  return found == roots_.end() || found->number != number ? nullptr : &*found;
}

const DrawCheck::Root* DrawCheck::root_since(Instant begin) {
  const auto [known, is_new] = first_since_.try_emplace(begin, nullptr);
  if (is_new) {
    const auto found =
        std::ranges::find_if(roots_, [&](const Root& root) { return begin <= root.at; });
    known->second = found == roots_.end() ? nullptr : &*found;
  }
  return known->second;
}

void DrawCheck::take(std::int64_t sequence, const Event& event, const Directory& directory) {
  last_at_ = std::max(last_at_, event.recorded.value_or(event.at));
  for (const Delta& delta : event.figures)
    if (delta.indicator.ends_with(kDrawCount) && delta.count > 0)
      entries_[{delta.indicator, delta.organisation}].push_back(
          {delta.day, sequence, event.matter, event.recorded.value_or(event.at),
           delta.territory});
  if (event.opening && event.opening->type->name == kDrawRound)
    check(sequence, event, directory);
}

void DrawCheck::check(std::int64_t sequence, const Event& event, const Directory& directory) {
  const Ledger ledger = ledger_of(event);
  const Locality* locality =
      event.change.territory ? directory.locality_of(*event.change.territory) : nullptr;
  if (locality == nullptr) {
    differences_.push_back("draw " + ledger.draw + " " + ledger.owner + ": place");
    return;
  }
  const Zone& zone = locality->calendar->zone();
  const DaySpan days{zone.local_date(ledger.slot.from), zone.local_date(ledger.slot.to)};
  const auto note = [&](const char* what) {
    differences_.push_back("draw " + ledger.draw + " " + ledger.owner + " " +
                           format_date(days.from) + ": " + what);
  };
  const Source source{ledger.draw + std::string(kDrawCount), ledger.owner};
  std::vector<Date>& drawn = drawn_[source];
  if (std::ranges::find(drawn, days.from) != drawn.end()) note("twice");
  drawn.push_back(days.from);
  if (event.at.ms - ledger.slot.to.ms > kLateMs)
    late_.push_back({AuditMark::draw_late, sequence, event.at,
                     {.organisation = ledger.owner}, event.matter, event.opening->number,
                     ledger.draw, format_date(days.from)});

  std::int64_t lines = sequence - 1;
  if (ledger.root == 0) {
    // Only an office in the making draws without: before its first root.
    if (!roots_.empty() && roots_.front().size < sequence) note("root");
    const auto dot = std::min(ledger.draw.find('.'), ledger.draw.size());
    DrawRound round;
    round.locality = locality->name;
    round.type = ledger.draw.substr(0, dot);
    round.name = ledger.draw.substr(std::min(dot + 1, ledger.draw.size()));
    round.slot = {ledger.slot.from, ledger.slot.to};
    if (ledger.seed != made_up_seed(round.key_of(ledger.owner))) note("seed");
  } else {
    const Root* root = root_since(ledger.slot.to + kDrawGraceMs);
    if (root == nullptr || root->number != ledger.root) note("root");
    const Root* named = find_root(ledger.root);
    if (named == nullptr || security::hex_encode(named->hash) != ledger.seed) note("seed");
    if (named != nullptr) lines = std::min(lines, named->size);
  }
  std::set<MatterId> candidates;
  for (const Entry& entry : entries_[source])
    if (days.from <= entry.day && entry.day < days.until && entry.sequence <= lines)
      candidates.insert(entry.matter);
  const std::vector<MatterId> all(candidates.begin(), candidates.end());
  if (static_cast<std::int64_t>(all.size()) != ledger.candidates ||
      digest_of(all) != ledger.digest)
    note("candidates");
  const auto lots = draw_lots(ledger.seed, ledger.draw, all, drawn_of(all.size(), ledger.terms));
  if (!lots || *lots != ledger.matters ||
      ledger.drawn != static_cast<std::int64_t>(ledger.matters.size()))
    note("drawn");
  if (event.opened.size() + event.refused.size() != ledger.matters.size()) note("opened");
}

std::vector<AuditEntry> DrawCheck::faults(const Directory& directory) const {
  std::vector<AuditEntry> faults = late_;
  for (const auto& [source, entries] : entries_) {
    const auto& [indicator, owner] = source;
    const std::string draw = indicator.substr(0, indicator.size() - kDrawCount.size());
    const auto dot = draw.find('.');
    const auto known = drawn_.find(source);
    std::set<Date> told;
    for (const Entry& entry : entries) {
      const Locality* locality = directory.locality_of(entry.territory);
      const TypePtr type = locality ? locality->find_type(draw.substr(0, dot)) : nullptr;
      const DrawSpec* spec = type ? type->find_draw(draw.substr(dot + 1)) : nullptr;
      const auto days =
          spec != nullptr ? round_of(spec->every, entry.day, *locality->calendar) : std::nullopt;
      if (!days || told.contains(days->from)) continue;
      const Instant end = locality->calendar->end_of_day(Date{days->until.days - 1});
      // What was brought in of a time long past was never to be drawn.
      const bool was_due = entry.recorded < end && last_at_.ms - end.ms > kLateMs;
      const bool is_drawn = known != drawn_.end() &&
                            std::ranges::find(known->second, days->from) != known->second.end();
      if (!was_due || is_drawn) continue;
      told.insert(days->from);
      faults.push_back({AuditMark::draw_missing, entry.sequence, end,
                        {.organisation = owner}, {}, {}, draw, format_date(days->from)});
    }
  }
  return faults;
}

}  // namespace gewu::usecase
