#include <algorithm>

#include "base/text.h"
#include "kernel/matter/definition_rules.h"

// Effects (language.md 2.5): open, do, move, enter, tell; and audiences, which `by`, `see` and `tell`
// share.

namespace gewu::kernel {
namespace {

bool is_system(const Audience& audience) { return audience.kind == Audience::Kind::system; }

bool system_may(const ActionSpec& action) { return std::ranges::any_of(action.by, is_system); }

bool is_type_and_action(std::string_view text) { return text.find('.') != std::string_view::npos; }

/// What `with` of an `enter` may give; several bases where any of them fits.
struct EntryPart {
  std::string_view name;
  StaticType type;
  std::vector<StaticType::Base> bases;
};

const std::vector<EntryPart>& ground_parts() {
  using Base = StaticType::Base;
  static const std::vector<EntryPart> parts = {
      {"code", kAnyType, {Base::text, Base::unit}},
      {"level", {Base::key, "level", false}, {}},
      {"name", kText, {}},
      {"from", {Base::date, {}, false}, {}},
      {"until", {Base::date, {}, false}, {}},
      {"successors", kAnyType, {Base::text, Base::unit}},
      {"boundary", {Base::line, {}, false}, {}},
  };
  return parts;
}

const std::vector<EntryPart>& post_parts() {
  using Base = StaticType::Base;
  static const std::vector<EntryPart> parts = {
      {"post", {Base::post, {}, false}, {}},
      {"role", {Base::key, "role", false}, {}},
      {"unit", kAnyType, {Base::unit, Base::link}},
      {"organisation", kUnit, {}},
      {"seats", kNumber, {}},
      {"abolished", kYesNo, {}},
  };
  return parts;
}

class EffectRules {
 public:
  EffectRules(RuleReader& reader, const NodeEntry& entry, std::string_view where,
              const RulePlace& place)
      : reader_(reader), written_(entry.value), where_(inside(where, entry.key)), place_(place) {
    effect_.name = entry.key;
    effect_.origin = entry.origin;
    if (place_.by_system) place_.may.actor = false;
  }

  std::optional<EffectSpec> read() {
    if (!expect_map(written_, where_, reader_.messages)) return std::nullopt;
    check_keys(written_,
               {"open", "do", "tell", "move", "enter", "with", "each", "on", "text", "from", "to",
                "amount", "as", "when", "source", "answer"},
               {}, where_, reader_.messages);
    const auto heads = std::ranges::count_if(written_.entries, [](const NodeEntry& entry) {
      return entry.key == "open" || entry.key == "do" || entry.key == "tell" ||
             entry.key == "move" || entry.key == "enter";
    });
    if (heads != 1) {
      complain("definition.effect_head", effect_.origin, effect_.name);
      return std::nullopt;
    }
    effect_.when = reader_.compile_key(written_, "when", kYesNo, place_);
    if (written_.find("move") != nullptr) read_move();
    else refuse_keys({"from", "to", "amount"});
    if (written_.find("enter") != nullptr) read_enter();
    else refuse_keys({"as"});
    if (written_.find("open") != nullptr) read_open();
    if (written_.find("do") != nullptr) read_do();
    if (written_.find("tell") != nullptr) read_tell();
    else refuse_keys({"answer"});
    return effect_;
  }

 private:
  void complain(std::string_view key, const Origin& origin, std::string_view name) {
    reader_.messages.error(key, origin, {{"where", where_}, {"name", std::string(name)}});
  }

  void refuse_keys(std::initializer_list<std::string_view> keys) {
    for (const std::string_view key : keys)
      if (const NodeEntry* entry = written_.find_entry(key))
        complain("definition.key_not_here", entry->origin, key);
  }

  /// What `open` names: a set of this type, a type, or `type.action`.
  const TypeDraft* find_opened(const Node& open) {
    const std::string& text = open.text;
    const SetSpec* set = place_.no_self ? nullptr : reader_.type.find_set(text);
    if (set != nullptr) {
      effect_.type = set->type;
      effect_.link = set->field;
    } else {
      const auto dot = text.find('.');
      effect_.type = text.substr(0, dot);
      if (dot != std::string::npos) effect_.action = text.substr(dot + 1);
    }
    const TypeDraft* draft = reader_.world.find_draft(effect_.type);
    if (draft == nullptr) complain("definition.unknown_type", open.origin, effect_.type);
    return draft;
  }

  void find_opening(const TypeDraft& draft, const Origin& origin) {
    std::vector<const ActionSpec*> fitting;
    for (const ActionSpec& action : draft.type->actions) {
      if (!action.opens || !system_may(action)) continue;
      if (effect_.action.empty() || effect_.action == action.name) fitting.push_back(&action);
    }
    if (fitting.size() != 1) {
      complain(fitting.empty() ? "definition.system_may_not" : "definition.opening_ambiguous",
               origin, effect_.type);
      return;
    }
    effect_.action = fitting.front()->name;
  }

  void read_open() {
    effect_.kind = EffectSpec::Kind::open;
    refuse_keys({"on", "text"});
    const Node& open = *written_.find("open");
    if (!open.is_scalar()) return complain("definition.effect_head", open.origin, effect_.name);
    const TypeDraft* draft = find_opened(open);
    read_each();
    if (draft == nullptr) return;
    find_opening(*draft, open.origin);
    read_with(*draft);
  }

  void read_each() {
    const Node* each = written_.find("each");
    if (each == nullptr) return;
    effect_.each = reader_.compile(*each, kAnyType, place_);
    if (effect_.each != nullptr && !effect_.each->type().is_set)
      complain("definition.each_set", each->origin, effect_.name);
    if (effect_.each == nullptr) return;
    place_.it = effect_.each->type();
    place_.it->is_set = false;
    place_.it_paths = effect_.each->element_paths();
  }

  void read_with(const TypeDraft& draft) {
    RulePlace place = place_;
    place.may.figure = place.may.cited = true;
    if (const Node* with = find_map(written_, "with", where_, reader_.messages)) {
      for (const NodeEntry& entry : with->entries) {
        const FieldShape* field = draft.shape.find_field(entry.key);
        const ActionSpec* opening = draft.type->find_action(effect_.action);
        const ActionShape* shape =
            opening == nullptr ? nullptr : draft.shape.find_action(opening->name);
        if (field == nullptr && shape != nullptr) {
          const auto input = std::ranges::find(shape->input, entry.key, &FieldShape::name);
          if (input != shape->input.end()) field = &*input;
        }
        if (field == nullptr || field->computed) {
          complain("definition.unknown_field", entry.origin, entry.key);
          continue;
        }
        effect_.with.emplace_back(entry.key, reader_.compile(entry.value, field->type, place));
      }
    }
    check_required(draft);
  }

  /// A field that is always required must be given, unless a default gives it.
  void check_required(const TypeDraft& draft) {
    const Node* fields = draft.source.node->find("fields");
    if (fields == nullptr) return;
    for (const NodeEntry& field : fields->entries) {
      const Node* required = field.value.find("required");
      if (required == nullptr || required->as_boolean() != true) continue;
      if (field.value.find("default") != nullptr || field.key == effect_.link) continue;
      const bool given = std::ranges::any_of(
          effect_.with, [&](const auto& pair) { return pair.first == field.key; });
      if (!given) complain("definition.required_not_given", effect_.origin, field.key);
    }
  }

  void read_do() {
    effect_.kind = EffectSpec::Kind::take;
    refuse_keys({"each", "text"});
    effect_.action = read_name(written_, "do", where_, reader_.messages);
    const Node* on = written_.find("on");
    if (on == nullptr) return complain("definition.key_missing", effect_.origin, "on");
    effect_.on = reader_.compile(*on, kAnyType, place_);
    if (effect_.on == nullptr) return;
    const StaticType& target = effect_.on->type();
    const TypeDraft* draft = reader_.world.find_draft(target.of);
    if (target.base != StaticType::Base::link || draft == nullptr)
      return complain("definition.do_target", on->origin, effect_.name);
    const ActionSpec* action = draft->type->find_action(effect_.action);
    if (action == nullptr || action->opens)
      return complain("definition.unknown_action", written_.find("do")->origin, effect_.action);
    if (!system_may(*action))
      complain("definition.system_may_not", written_.find("do")->origin, effect_.action);
    read_inputs(*draft);
  }

  void read_inputs(const TypeDraft& draft) {
    const ActionShape* shape = draft.shape.find_action(effect_.action);
    const ActionSpec* action = draft.type->find_action(effect_.action);
    const Node* with = find_map(written_, "with", where_, reader_.messages);
    if (with == nullptr) return;
    for (const NodeEntry& entry : with->entries) {
      const FieldShape* wanted = nullptr;
      for (const FieldShape& input : shape->input)
        if (input.name == entry.key) wanted = &input;
      for (const std::size_t asked : action->asks)
        if (draft.shape.fields[asked].name == entry.key) wanted = &draft.shape.fields[asked];
      if (wanted == nullptr) {
        complain("definition.unknown_field", entry.origin, entry.key);
      } else {
        effect_.with.emplace_back(entry.key, reader_.compile(entry.value, wanted->type, place_));
      }
    }
  }

  void read_move() {
    effect_.kind = EffectSpec::Kind::move;
    refuse_keys({"on", "each", "with", "text"});
    effect_.book = read_name(written_, "move", where_, reader_.messages);
    const Book* book = reader_.world.find_book(effect_.book);
    if (book == nullptr)
      return complain("definition.unknown_book", written_.find("move")->origin, effect_.book);
    effect_.from = read_account(*book, "from");
    effect_.to = read_account(*book, "to");
    if (written_.find("from") == nullptr && written_.find("to") == nullptr)
      complain("definition.key_missing", effect_.origin, "to");
    if (written_.find("amount") == nullptr)
      complain("definition.key_missing", effect_.origin, "amount");
    effect_.amount = reader_.compile_key(
        written_, "amount",
        book->is_money() ? StaticType{StaticType::Base::money, {}, false} : kNumber, place_);
  }

  /// An entry of the directory: a version of a territory, or a post.
  void read_enter() {
    effect_.kind = EffectSpec::Kind::enter;
    refuse_keys({"on", "text"});
    const Origin& at = written_.find("enter")->origin;
    effect_.type = read_name(written_, "enter", where_, reader_.messages);
    const bool is_post = effect_.type == "post";
    if (!is_post && effect_.type != "territory")
      return complain("definition.enter_what", at, effect_.type);
    read_each();
    const Node* with = find_map(written_, "with", where_, reader_.messages);
    if (with == nullptr) return complain("definition.key_missing", effect_.origin, "with");
    const auto& parts = is_post ? post_parts() : ground_parts();
    for (const NodeEntry& entry : with->entries) {
      const auto part = std::ranges::find(parts, entry.key, &EntryPart::name);
      if (part == parts.end()) {
        complain("definition.unknown_field", entry.origin, entry.key);
        continue;
      }
      ExpressionPtr value = reader_.compile(entry.value, part->type, place_);
      if (value == nullptr) continue;
      const auto base = value->type().base;
      if (!part->bases.empty() && std::ranges::find(part->bases, base) == part->bases.end())
        complain("definition.enter_part", entry.origin, entry.key);
      effect_.with.emplace_back(entry.key, std::move(value));
    }
    if (!is_post && with->find("code") == nullptr)
      complain("definition.key_missing", effect_.origin, "code");
    if (is_post && with->find("post") == nullptr)
      for (const char* key : {"role", "unit"})
        if (with->find(key) == nullptr) complain("definition.key_missing", effect_.origin, key);
    read_as(is_post);
  }

  /// The field that takes the new post: of one, not of `each`.
  void read_as(bool is_post) {
    if (written_.find("as") == nullptr) return;
    const Origin& at = written_.find("as")->origin;
    const Name name = read_name(written_, "as", where_, reader_.messages);
    const auto field = reader_.type.find_field(name);
    const bool fits = is_post && effect_.each == nullptr && field &&
                      reader_.type.fields[*field].kind == FieldKind::post &&
                      !reader_.type.fields[*field].many &&
                      !reader_.draft.shape.fields[*field].computed;
    if (!fits) return complain("definition.enter_as", at, name);
    effect_.as = *field;
  }

  /// One value, or several in brackets: YAML reads `[a, b]` as a list, `"[a, b]"` as a text.
  std::vector<ExpressionPtr> read_account(const Book& book, std::string_view key) {
    std::vector<ExpressionPtr> parts;
    const Node* written = written_.find(key);
    if (written == nullptr) return parts;
    std::vector<Node> items = written->items;
    if (written->is_scalar()) {
      std::string_view text = trim(written->text);
      const bool is_list = text.starts_with('[') && text.ends_with(']');
      if (is_list) text = text.substr(1, text.size() - 2);
      for (const auto part : is_list ? split(text, ',') : std::vector<std::string_view>{text})
        items.push_back(Node::scalar(std::string(trim(part)), true, written->origin));
    }
    for (const Node& item : items) parts.push_back(reader_.compile(item, kAnyType, place_));
    const bool sound = std::ranges::find(parts, nullptr) == parts.end();
    if (sound && std::ranges::none_of(book.accounts, [&](const std::vector<Name>& account) {
          return is_account(account, parts);
        }))
      complain("definition.book_account", written->origin, effect_.book);
    return parts;
  }

  bool is_account(const std::vector<Name>& account, const std::vector<ExpressionPtr>& parts) {
    if (account.size() != parts.size()) return false;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const StaticType& type = parts[i]->type();
      if (type.is_set) return false;
      const bool fits =
          account[i] == "organisation" || account[i] == "territory"
              ? type.base == StaticType::Base::unit && (type.of.empty() || type.of == account[i])
          : account[i] == "post"
              ? type.base == StaticType::Base::post
              : type.base == StaticType::Base::link &&
                    reader_.world.is_kind_of(type.of, account[i]);
      if (!fits) return false;
    }
    return true;
  }

  void read_tell() {
    effect_.kind = EffectSpec::Kind::tell;
    refuse_keys({"on", "each", "with"});
    effect_.audience = reader_.read_audiences(written_, "tell", where_, place_);
    if (effect_.audience.empty()) complain("definition.tell_nobody", effect_.origin, effect_.name);
    for (const Audience& audience : effect_.audience)
      if (is_system(audience) || audience.kind == Audience::Kind::others ||
          audience.kind == Audience::Kind::everyone || audience.kind == Audience::Kind::member)
        complain("definition.tell_nobody", effect_.origin, audience.text);
    read_answer();
    const Node* text = written_.find("text");
    if (text == nullptr) return;
    if (text->is_scalar() && is_type_and_action(text->text) && !text->quoted) {
      effect_.text = text->text;
    } else {
      effect_.words = reader_.compile(*text, kText, place_);
    }
  }

  /// The action of an answer link; whether it can be taken is checked with the actions.
  void read_answer() {
    const Node* answer = written_.find("answer");
    if (answer == nullptr) return;
    const bool to_author = std::ranges::any_of(effect_.audience, [](const Audience& audience) {
      return audience.kind == Audience::Kind::author && audience.at == nullptr;
    });
    if (!answer->is_scalar()) {
      reader_.messages.error("definition.value_kind", answer->origin,
                             {{"where", inside(where_, "answer")}, {"wanted", "action"}});
    } else if (!to_author) {
      complain("definition.answer_nobody", answer->origin, answer->text);
    } else {
      effect_.answer = answer->text;
    }
  }

  RuleReader& reader_;
  const Node& written_;
  std::string where_;
  RulePlace place_;
  EffectSpec effect_;
};

}  // namespace

std::vector<EffectSpec> RuleReader::read_effects(const Node& effects, std::string_view where,
                                                 const RulePlace& place) {
  std::vector<EffectSpec> result;
  if (!expect_map(effects, where, messages)) return result;
  for (const NodeEntry& entry : effects.entries) {
    check_name_form(entry.key, entry.origin, where, messages);
    if (auto effect = EffectRules(*this, entry, where, place).read())
      result.push_back(std::move(*effect));
  }
  std::ranges::stable_sort(result, {}, &EffectSpec::name);
  return result;
}

std::vector<Audience> RuleReader::read_audiences(const Node& map, std::string_view key,
                                                 std::string_view where,
                                                 const RulePlace& around) {
  std::vector<Audience> audiences;
  const Node* written = map.find(key);
  if (written == nullptr) return audiences;
  const std::string here = inside(where, key);
  const auto add = [&](const Node& item) {
    if (!item.is_scalar()) {
      messages.error("definition.value_kind", item.origin,
                     {{"where", here}, {"wanted", "audience"}});
      return;
    }
    WrittenAudience parsed = parse_audience(item.text);
    Audience& audience = parsed.audience;
    if (audience.kind == Audience::Kind::role && !world.has_role(audience.role))
      messages.error("definition.unknown_role", item.origin,
                     {{"where", here}, {"name", audience.role}});
    if (audience.kind == Audience::Kind::author && !parsed.at.empty() && key != "tell")
      messages.error("definition.author_elsewhere", item.origin,
                     {{"where", here}, {"name", audience.text}});
    if (!parsed.at.empty()) {
      RulePlace place;
      place.may.actor = false;
      place.no_self = around.no_self;
      place.it = around.it;
      place.it_paths = around.it_paths;
      Node at = Node::scalar(parsed.at, true, item.origin);
      audience.at = compile(at, kAnyType, place);
      if (audience.at != nullptr) {
        const auto base = audience.at->type().base;
        if (audience.kind == Audience::Kind::author && base != StaticType::Base::link)
          messages.error("definition.author_link", item.origin,
                         {{"where", here}, {"name", audience.text}});
        if (base != StaticType::Base::unit && base != StaticType::Base::post &&
            base != StaticType::Base::link)
          messages.error("definition.audience_unit", item.origin,
                         {{"where", here}, {"name", audience.text}});
      }
    }
    audiences.push_back(std::move(audience));
  };
  if (written->is_list()) {
    for (const Node& item : written->items) add(item);
  } else {
    add(*written);
  }
  return audiences;
}

}  // namespace gewu::kernel
