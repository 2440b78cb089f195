#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "kernel/matter/docket.h"

// Step 15: the effects. Openings happen inside the decision, in the order of their names, depth
// first; then messages; what other matters are asked to do is left pending (language.md 2.5).

namespace gewu::kernel {

namespace {

/// The opening action an effect takes: the one it names, else the only one for `system`.
Result<const ActionSpec*> opening_action(const Type& type, const Name& wanted) {
  if (!wanted.empty()) {
    const ActionSpec* action = type.find_action(wanted);
    if (action == nullptr || !action->opens) return refuse(ErrorCode::invalid, "effect.action");
    return action;
  }
  const ActionSpec* only = nullptr;
  for (const ActionSpec& action : type.actions) {
    const bool for_system =
        std::ranges::find(action.by, Audience::Kind::system, &Audience::kind) != action.by.end();
    if (!action.opens || !for_system) continue;
    if (only != nullptr) return refuse(ErrorCode::invalid, "effect.action");
    only = &action;
  }
  if (only == nullptr) return refuse(ErrorCode::invalid, "effect.action");
  return only;
}

Status open_one(Hearing& hearing, const EffectSpec& effect, const Value* element) {
  OpeningOrder order;
  order.locality = &hearing.locality;
  order.type = hearing.locality.find_type(effect.type);
  if (!order.type) return refuse(ErrorCode::conflict, "system.off", {{"type", effect.type}});
  GEWU_TRY(action, opening_action(*order.type, effect.action));
  order.action = action;
  order.actor.kind = Actor::Kind::system;
  order.by_effect = true;
  order.by_person = hearing.by_person;
  order.depth = hearing.depth + 1;
  order.arrival.cause = hearing.event.id;
  order.arrival.depth = hearing.event.depth;
  order.arrival.recorded = hearing.event.recorded;
  order.arrival.source = hearing.event.source;
  order.arrival.origin = hearing.origin();
  order.arrival.origin_matter = hearing.origin_matter;
  Scope scope = hearing.scope();
  if (element != nullptr) scope.it = element;
  for (const auto& [field, expression] : effect.with) {
    GEWU_TRY(value, evaluate(*expression, scope));
    order.values.push_back({field, std::move(value)});
  }
  if (!effect.link.empty() && find_value(order.values, effect.link) == nullptr)
    order.values.push_back(
        {effect.link, Value(Link{hearing.subject ? hearing.subject->id : hearing.draft->id})});
  GEWU_TRY(opened, open_inside(hearing.docket, order));
  hearing.event.opened.push_back(opened);
  return {};
}

Status open_all(Hearing& hearing, const EffectSpec& effect) {
  GEWU_TRY(applies, is_true(effect.when, hearing.scope(), true));
  if (!applies) return {};
  if (!effect.each) return open_one(hearing, effect, nullptr);
  GEWU_TRY(elements, evaluate(*effect.each, hearing.scope()));
  const auto* set = elements.get_shared<Values>();
  if (set == nullptr) return {};
  for (const Value& element : *set) GEWU_CHECK(open_one(hearing, effect, &element));
  return {};
}

Status open_move_or_enter(Hearing& hearing, const EffectSpec& effect) {
  switch (effect.kind) {
    case EffectSpec::Kind::open: return open_all(hearing, effect);
    case EffectSpec::Kind::move: return move_amount(hearing, effect);
    case EffectSpec::Kind::enter: return enter_all(hearing, effect);
    case EffectSpec::Kind::take:
    case EffectSpec::Kind::tell: return {};
  }
  return {};
}

Status do_or_record(Hearing& hearing, const EffectSpec& effect) {
  if (hearing.by_person) return open_move_or_enter(hearing, effect);
  Docket::Mark mark = hearing.docket.mark();
  const std::vector<MatterId> opened = hearing.event.opened;
  const std::vector<BookEntry> entries = hearing.event.entries;
  const std::vector<Value> fields = hearing.draft->fields;
  const Status status = open_move_or_enter(hearing, effect);
  if (status) return {};
  hearing.docket.go_back(std::move(mark));
  hearing.event.opened = opened;
  hearing.event.entries = entries;
  hearing.draft->fields = fields;
  hearing.event.refused.push_back({effect.name, status.error().key});
  return {};
}

Status leave_pending(Hearing& hearing, const EffectSpec& effect) {
  GEWU_TRY(applies, is_true(effect.when, hearing.scope(), true));
  if (!applies || !effect.on) return {};
  GEWU_TRY(on, evaluate(*effect.on, hearing.scope()));
  std::vector<NamedValue> input;
  for (const auto& [name, expression] : effect.with) {
    GEWU_TRY(value, evaluate(*expression, hearing.scope()));
    if (!value.is_missing()) input.push_back({name, std::move(value)});
  }
  for (const MatterId target : links_in(on))
    hearing.docket.decision.ripples.push_back({.kind = Ripple::Kind::take,
                                               .cause = hearing.event.id,
                                               .name = hearing.event.action + "." + effect.name,
                                               .action = effect.action,
                                               .target = target,
                                               .source = hearing.draft->id,
                                               .depth = hearing.event.depth + 1,
                                               .origin = hearing.origin(),
                                               .origin_matter = hearing.origin_matter,
                                               .input = input});
  return {};
}

Status tell(Hearing& hearing, const EffectSpec& effect) {
  GEWU_TRY(applies, is_true(effect.when, hearing.scope(), true));
  if (!applies) return {};
  MessageRecord message;
  for (const Audience& audience : effect.audience) {
    GEWU_TRY(to, addressees_of(audience, hearing.access()));
    for (const PostId post : to.posts)
      if (std::ranges::find(message.posts, post) == message.posts.end())
        message.posts.push_back(post);
    message.to_author = message.to_author || to.to_author;
    for (const MatterId matter : to.authors)
      if (std::ranges::find(message.authors, matter) == message.authors.end())
        message.authors.push_back(matter);
    if (!message.audience.empty()) message.audience += ", ";
    message.audience += audience.text;
  }
  message.text =
      effect.text.empty() ? hearing.type.name + "." + hearing.event.action : effect.text;
  if (effect.words) {
    GEWU_TRY(words, evaluate(*effect.words, hearing.scope()));
    if (const auto* text = words.get<std::string>()) message.words = *text;
    if (const auto* key = words.get<Key>()) message.text = key->key;
  }
  if (message.to_author) message.answer = effect.answer;
  add_message(hearing, std::move(message));
  return {};
}

}  // namespace

void add_message(Hearing& hearing, MessageRecord message) {
  if (!hearing.windows_always) {
    const Instant opening = next_opening(hearing.calendar(), hearing.now());
    if (hearing.now() < opening) message.not_before = opening;
  }
  hearing.event.messages.push_back(std::move(message));
}

Status carry_out(Hearing& hearing, const std::vector<EffectSpec>& effects) {
  for (const EffectSpec& effect : effects)
    if (effect.kind != EffectSpec::Kind::tell && effect.kind != EffectSpec::Kind::take)
      GEWU_CHECK(do_or_record(hearing, effect));
  for (const EffectSpec& effect : effects)
    if (effect.kind == EffectSpec::Kind::tell) GEWU_CHECK(tell(hearing, effect));
  for (const EffectSpec& effect : effects)
    if (effect.kind == EffectSpec::Kind::take) GEWU_CHECK(leave_pending(hearing, effect));
  return {};
}

}  // namespace gewu::kernel
