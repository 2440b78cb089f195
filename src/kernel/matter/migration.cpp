#include "kernel/matter/migration.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "kernel/matter/definition_check.h"
#include "kernel/matter/definition_reader.h"
#include "kernel/matter/definition_rules.h"
#include "kernel/matter/field_carry.h"
#include "kernel/matter/publish_check.h"

namespace gewu::kernel {
namespace {

constexpr std::array<std::pair<ClockMove, std::string_view>, 5> kMoves = {{
    {ClockMove::keep, "keep"},
    {ClockMove::recompute, "recompute"},
    {ClockMove::recompute_free, "recompute_free"},
    {ClockMove::restart, "restart"},
    {ClockMove::stop, "stop"},
}};

/// A part of the file; empty when it is not there.
std::string place_of(const Node& root, std::string_view part) {
  const Node* type = root.find("migrate");
  return inside("migrate " + (type == nullptr ? std::string() : type->text), part);
}

const Origin& origin_of(const Node& root, std::string_view part) {
  const NodeEntry* entry = root.find_entry(part);
  return entry != nullptr ? entry->origin : root.origin;
}

bool is_always(const ExpressionPtr& condition) {
  if (!condition) return false;
  const ExpressionNode& root = condition->nodes()[condition->root()];
  if (root.op != Op::constant) return false;
  const auto* value = condition->constants()[static_cast<std::size_t>(root.a)].get<bool>();
  return value != nullptr && *value;
}

/// One file for two texts.
class Compiler {
 public:
  Compiler(const Node& written, TypePtr from, TypePtr to, const PublishedLocality& today,
           Messages& messages)
      : written_(written), today_(today), messages_(messages) {
    made_->from = std::move(from);
    made_->to = std::move(to);
  }

  MigrationPtr compile() {
    read_states();
    read_actions();
    read_clocks();
    const Status read = visit_pinned(
        made_->from->text, today_,
        [this](TypeDraft& draft, const DefinitionWorld& world) { read_fields(draft, world); });
    if (!read) error(read.error().key, written_.origin, {{"name", made_->from->name}});
    check_fields();
    check_personal();
    return has_errors_ ? nullptr : made_;
  }

 private:
  const Type& from() const { return *made_->from; }
  const Type& to() const { return *made_->to; }

  void error(std::string_view key, const Origin& origin, std::vector<ErrorDetail> details) {
    has_errors_ = true;
    messages_.error(key, origin, std::move(details));
  }
  void unknown(std::string_view key, std::string_view part, const Name& name,
               const Origin& origin) {
    error(key, origin, {{"where", place_of(written_, part)}, {"name", name}});
  }

  void read_states() {
    std::map<std::size_t, std::size_t> said;
    for (const NodeEntry& entry : written_.map_at("states").entries) {
      const auto old = from().find_state(entry.key);
      const auto now = to().find_state(entry.value.text);
      if (!old) unknown("definition.unknown_state", "states", entry.key, entry.origin);
      if (!now)
        unknown("definition.unknown_state", "states", entry.value.text, entry.value.origin);
      if (old && now) said.emplace(*old, *now);
    }
    const Origin& at = origin_of(written_, "states");
    made_->states.resize(from().states.size());
    for (std::size_t i = 0; i < from().states.size(); ++i) {
      const StateSpec& state = from().states[i];
      if (state.is_final) continue;
      const auto mapped = said.find(i);
      const auto now = mapped != said.end() ? std::optional(mapped->second)
                                            : to().find_state(state.name);
      if (!now)
        unknown("definition.migration_state", "states", state.name, at);
      else if (to().states[*now].is_final)
        unknown("definition.migration_final", "states", state.name, at);
      else
        made_->states[i] = now;
    }
  }

  void read_actions() {
    for (const NodeEntry& entry : written_.map_at("actions").entries) {
      if (from().find_action(entry.key) == nullptr)
        unknown("definition.unknown_action", "actions", entry.key, entry.origin);
      else if (to().find_action(entry.value.text) == nullptr)
        unknown("definition.unknown_action", "actions", entry.value.text, entry.value.origin);
      else
        made_->actions.emplace_back(entry.key, entry.value.text);
    }
  }

  /// The clocks as both texts write them, without words.
  static std::map<Name, std::string> clocks_of(const Type& type) {
    std::map<Name, std::string> clocks;
    const auto node = node_from_canonical(type.text);
    const Node* definition = node ? node->find("definition") : nullptr;
    if (definition == nullptr) return clocks;
    for (const NodeEntry& entry : definition->map_at("clocks").entries)
      clocks.emplace(entry.key, canonical_text(pinned_node(entry.value)));
    return clocks;
  }

  void read_clocks() {
    const auto old = clocks_of(from()), now = clocks_of(to());
    for (const NodeEntry& entry : written_.map_at("clocks").entries) {
      const auto move = parse_clock_move(entry.value.text);
      if (!old.contains(entry.key) && !now.contains(entry.key))
        unknown("definition.unknown_clock", "clocks", entry.key, entry.origin);
      else if (!move)
        unknown("definition.unknown_word", "clocks", entry.value.text, entry.value.origin);
      else if (!now.contains(entry.key) && *move != ClockMove::stop)
        unknown("definition.migration_stop", "clocks", entry.key, entry.origin);
      else
        made_->clocks.emplace(entry.key, *move);
    }
    std::set<Name> names;
    for (const auto& [name, text] : old) names.insert(name);
    for (const auto& [name, text] : now) names.insert(name);
    for (const Name& name : names) {
      const auto was = old.find(name), is = now.find(name);
      const bool is_same = was != old.end() && is != now.end() && was->second == is->second;
      if (!is_same && written_.map_at("clocks").find(name) == nullptr)
        unknown("definition.migration_clock", "clocks", name, origin_of(written_, "clocks"));
    }
  }

  void read_fields(TypeDraft& draft, const DefinitionWorld& world) {
    for (const NodeEntry& entry : written_.map_at("fields").entries) {
      const auto field = to().find_field(entry.key);
      if (!field) {
        unknown("definition.unknown_field", "fields", entry.key, entry.origin);
        continue;
      }
      const FieldSpec& into = to().fields[*field];
      if (into.value) {
        unknown("definition.migration_computed", "fields", entry.key, entry.origin);
        continue;
      }
      RulePlace place;
      place.may.actor = false;
      Messages of_expression;
      ExpressionPtr value = RuleReader(draft, world, of_expression)
                                .compile(entry.value, type_of(into, inside(to().name, into.name)),
                                         place);
      for (const Message& message : of_expression.all()) messages_.add(message);
      if (value == nullptr) {
        has_errors_ = true;
        continue;
      }
      check_copy(into, *value, draft, world, entry.origin);
      add_reads(made_->read_plan, *value, [&](std::string_view other) -> const Type* {
        const TypeDraft* known = world.find_draft(other);
        return known == nullptr ? nullptr : known->type.get();
      });
      for (const std::size_t own : value->own_fields()) copied_.insert({own, *field});
      made_->fields.push_back({*field, std::move(value)});
    }
  }

  void check_copy(const FieldSpec& into, const Expression& value, const TypeDraft& draft,
                  const DefinitionWorld& world, const Origin& at) {
    const bool is_personal = reads_personal(value, *draft.type, nullptr, world);
    if (is_personal && !into.personal) {
      unknown("definition.personal_copied", "fields", into.name, at);
      return;
    }
    for (const std::size_t own : value.own_fields()) {
      const FieldSpec& field = from().fields[own];
      if (!field.personal) continue;
      if (field.key_slot != into.key_slot || (field.sealed && !into.sealed))
        unknown("definition.migration_personal", "fields", into.name, at);
    }
  }

  bool is_given(std::size_t field) const {
    return std::ranges::find(made_->fields, field, &SetField::field) != made_->fields.end() ||
           written_.map_at("fields").find(to().fields[field].name) != nullptr;
  }

  /// Nothing that is needed is left empty, nothing that was entered is lost by its kind.
  void check_fields() {
    const Origin& at = origin_of(written_, "fields");
    for (std::size_t i = 0; i < to().fields.size(); ++i) {
      const FieldSpec& field = to().fields[i];
      if (field.value || is_given(i)) continue;
      const auto old = from().find_field(field.name);
      if (old && is_carried(from().fields[*old], field)) continue;
      const bool is_lost = old && !from().fields[*old].value;
      if (is_lost || (is_always(field.required) && !field.default_value))
        unknown("definition.migration_field", "fields", field.name, at);
    }
  }

  /// What was encrypted with the key of an `erase` line must stay within its reach.
  void check_personal() {
    for (std::size_t i = 0; i < from().fields.size(); ++i) {
      const FieldSpec& old = from().fields[i];
      const auto same = to().find_field(old.name);
      if (same && is_carried(old, to().fields[*same])) {
        const FieldSpec& now = to().fields[*same];
        if (old.personal != now.personal || old.sealed != now.sealed ||
            old.key_slot != now.key_slot)
          unknown("definition.migration_personal", "fields", old.name, written_.origin);
        continue;
      }
      const bool is_copied = std::ranges::any_of(copied_, [&](const auto& copy) {
        return copy.first == i && to().fields[copy.second].key_slot == old.key_slot;
      });
      if (old.personal && old.key_slot != 0 && !is_copied)
        unknown("definition.migration_personal", "fields", old.name, written_.origin);
    }
    for (std::size_t i = 0; i < from().erase.size(); ++i) {
      const Name& line = from().erase[i].field;
      const bool is_there = i < to().erase.size() &&
                            (to().erase[i].field == line || !to().find_field(line));
      if (!is_there) unknown("definition.migration_personal", "erase", line, written_.origin);
    }
  }

  const Node& written_;
  const PublishedLocality& today_;
  Messages& messages_;
  std::shared_ptr<Migration> made_ = std::make_shared<Migration>();
  std::set<std::pair<std::size_t, std::size_t>> copied_;  ///< old field, new field that reads it
  bool has_errors_ = false;
};

}  // namespace

const char* to_text(ClockMove move) {
  for (const auto& [value, text] : kMoves)
    if (value == move) return text.data();
  return "";
}

std::optional<ClockMove> parse_clock_move(std::string_view text) {
  for (const auto& [value, name] : kMoves)
    if (name == text) return value;
  return std::nullopt;
}

MigrationPtr compile_migration(const Node& written, const TypePtr& from, const TypePtr& to,
                               const PublishedLocality& today, Messages& messages) {
  return Compiler(written, from, to, today, messages).compile();
}

MigrationHead read_migration_head(const Node& root, Messages& messages) {
  MigrationHead head;
  head.type = read_name(root, "migrate", "migrate", messages);
  const std::string where = "migrate " + head.type;
  const auto from = read_integer(root, "from", where, messages);
  const auto to = read_integer(root, "to", where, messages);
  for (const char* key : {"from", "to"})
    if (root.find(key) == nullptr)
      messages.error("definition.key_missing", root.origin, {{"where", where}, {"name", key}});
  if (head.type.empty() || !from || !to) return {};
  head.from = *from;
  head.to = *to;
  head.key = head.type + "." + std::to_string(head.from) + "." + std::to_string(head.to);
  return head;
}

void check_migration_form(const Node& written, const Type* type, Messages& messages) {
  Messages known;  // read once already, when the file was put on its shelf
  const MigrationHead head = read_migration_head(written, known);
  const std::string where = "migrate " + head.type;
  check_keys(written,
             {"migrate", "from", "to", "label", "source", "states", "fields", "clocks", "actions"},
             {}, where, messages);
  for (const char* part : {"states", "fields", "clocks", "actions"})
    static_cast<void>(find_map(written, part, where, messages));
  if (type == nullptr) return;
  if (head.from < 1 || head.from > head.to || head.to > type->version)
    messages.error("definition.migration_versions", written.origin,
                   {{"where", where}, {"version", std::to_string(type->version)}});
  if (head.to != type->version) return;
  const auto check = [&](const char* part, std::string_view key, const auto& is_known) {
    for (const NodeEntry& entry : written.map_at(part).entries)
      if (!is_known(entry))
        messages.error(key, entry.value.origin,
                       {{"where", inside(where, part)}, {"name", entry.value.text}});
  };
  check("states", "definition.unknown_state",
        [&](const NodeEntry& entry) { return type->find_state(entry.value.text).has_value(); });
  check("actions", "definition.unknown_action",
        [&](const NodeEntry& entry) { return type->find_action(entry.value.text) != nullptr; });
  check("clocks", "definition.unknown_word",
        [&](const NodeEntry& entry) { return parse_clock_move(entry.value.text).has_value(); });
  for (const NodeEntry& entry : written.map_at("fields").entries)
    if (!type->find_field(entry.key))
      messages.error("definition.unknown_field", entry.origin,
                     {{"where", inside(where, "fields")}, {"name", entry.key}});
}

std::vector<MigrationHead> migrations_of(const PublishedLocality& locality) {
  std::vector<MigrationHead> heads;
  Messages none;
  for (const NodeEntry& entry : locality.node.map_at("migrations").entries) {
    MigrationHead head = read_migration_head(entry.value, none);
    const Node* type = head.key.empty() ? nullptr : show_type(locality, head.type);
    if (type == nullptr) continue;
    const Node* version = type->find("version");
    const std::int64_t today = version == nullptr ? 1 : version->as_integer().value_or(1);
    if (head.to == today) heads.push_back(std::move(head));
  }
  return heads;
}

const Node* find_migration(const PublishedLocality& locality, std::string_view key) {
  return locality.node.map_at("migrations").find(key);
}

}  // namespace gewu::kernel
