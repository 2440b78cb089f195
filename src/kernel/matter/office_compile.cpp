#include "kernel/matter/office_compile.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "kernel/matter/definition_calendar.h"
#include "kernel/matter/definition_check.h"
#include "kernel/matter/definition_reader.h"
#include "kernel/matter/definition_world.h"
#include "kernel/matter/migration.h"
#include "kernel/matter/office_sources.h"

namespace gewu::kernel {
namespace {

/// One locality from its merged node to compiled values.
class LocalityCompiler {
 public:
  LocalityCompiler(const PublishedLocality& published, const CompileOptions& options,
                   SharedTypes& shared, Messages& messages)
      : published_(published),
        node_(published.node),
        options_(options),
        shared_(shared),
        messages_(messages) {
    locality_->name = published.name;
  }

  std::shared_ptr<Locality> compile() {
    prepare();
    for (const auto& [name, draft] : world_.drafts) finish_type(name);
    read_head();
    read_migrations();
    locality_->wakers = std::make_shared<const Wakers>(find_wakers(locality_->types));
    locality_->parts = std::make_shared<const PartLinks>(find_parts(locality_->types));
    return locality_;
  }

  /// Only one type, under an older text and with the lists of its day.
  TypePtr compile_pinned(const Node& pinned) {
    prepare_pinned(pinned);
    finish_type(pinned_name_);
    return locality_->types.at(pinned_name_);
  }

  /// The same without the rest of it, and with the lists of today.
  void visit_pinned(const Node& pinned,
                    const std::function<void(TypeDraft&, const DefinitionWorld&)>& visit) {
    has_lists_of_today_ = true;
    prepare_pinned(pinned);
    visit(world_.drafts.at(pinned_name_), world_);
  }

 private:
  void prepare_pinned(const Node& pinned) {
    pinned_ = &pinned;
    pinned_name_ = read_name(*pinned.find("definition"), "type", "type", messages_);
    prepare();
  }

  void prepare() {
    read_roles();
    read_lists();
    read_books();
    read_setting_types();
    read_types();
    if (options_.organisations && !published_.name.empty())
      world_.organisations = options_.organisations(published_.name);
    world_.index_lists();
    for (auto& [name, list] : world_.lists) {
      read_list_props(list, *list_node(name), world_, messages_);
      check_list(list, world_, messages_);
      check_list_words(list, *list_node(name), messages_);
    }
    for (const auto& [name, book] : world_.books)
      check_book(book, *node_.map_at("books").find(name), world_, messages_);
    read_setting_values();
    for (auto& [name, draft] : world_.drafts) read_values(draft, world_, messages_);
    for (auto& [name, draft] : world_.drafts)
      if (pinned_ == nullptr || name == pinned_name_) read_rules(draft, world_, messages_);
    for (const auto& [name, draft] : world_.drafts)
      if (pinned_ == nullptr) check_type(draft, world_, messages_);
    if (pinned_ == nullptr) check_office(world_, messages_);
  }

  void read_head() {
    const Node* label = node_.find("label");
    if (label != nullptr) locality_->label = label_of(*label, "label", messages_);
    locality_->extends = read_name(node_, "extends", "locality", messages_);
    locality_->territory = read_text(node_, "territory", "locality", messages_).value_or("");
    if (const Node* territory = node_.find("territory");
        territory != nullptr && !is_territory_code(locality_->territory))
      messages_.error("definition.value_kind", territory->origin,
                      {{"where", "territory"}, {"wanted", "code of a territory"}});
    for (const NodeEntry& entry : node_.map_at("systems").entries)
      locality_->systems.emplace(
          entry.key, System{entry.key, read_label(entry.value, entry.key, messages_)});
    for (const NodeEntry& entry : node_.map_at("levels").entries) {
      const auto level = parse_level(entry.key);
      if (level) {
        locality_->levels.emplace(*level, read_label(entry.value, entry.key, messages_));
      } else {
        messages_.error("definition.unknown_level", entry.origin, {{"name", entry.key}});
      }
    }
    locality_->lists = world_.lists;
    locality_->books = world_.books;
    read_calendars_of();
  }

  void read_migrations() {
    for (const NodeEntry& entry : node_.map_at("migrations").entries) {
      const Node* name = entry.value.find("migrate");
      const TypePtr type = name == nullptr ? nullptr : locality_->find_type(name->text);
      check_migration_form(entry.value, type.get(), messages_);
    }
    locality_->migrations = migrations_of(published_);
  }

  void read_calendars_of() {
    locality_->calendars = read_calendars(node_.map_at("calendars"), messages_);
    const Node* named = node_.find("calendar");
    if (named != nullptr) {
      const auto found = locality_->calendars.find(named->text);
      if (found != locality_->calendars.end()) locality_->calendar = found->second;
      else messages_.error("definition.unknown_calendar", named->origin, {{"name", named->text}});
    } else if (!locality_->name.empty()) {
      messages_.error("definition.key_missing", node_.origin,
                      {{"where", "locality " + locality_->name}, {"name", "calendar"}});
    }
    if (locality_->calendar != nullptr)
      locality_->calendars.emplace(
          kAlways, std::make_shared<const Calendar>(make_always(locality_->calendar->zone())));
    check_clock_calendars();
  }

  void check_clock_calendars() {
    if (locality_->name.empty()) return;
    for (const auto& [name, draft] : world_.drafts)
      for (const ClockSpec& clock : draft.type->clocks)
        if (!clock.calendar.empty() && !locality_->calendars.contains(clock.calendar))
          messages_.error("definition.unknown_calendar", clock.origin, {{"name", clock.calendar}});
  }

  void read_roles() {
    for (const NodeEntry& entry : node_.map_at("roles").entries) {
      const std::string where = inside("roles", entry.key);
      if (!expect_map(entry.value, where, messages_)) continue;
      check_keys(entry.value, {"label", "unit", "seats", "level", "off", "second_factor", "audits", "duty", "source"},
                 {}, where, messages_);
      Role role;
      role.name = entry.key;
      role.label = need_label(entry.value, entry.origin, where, messages_);
      const Name unit = read_name(entry.value, "unit", where, messages_);
      if (unit == "organisation") {
        role.unit_kind = Unit::Kind::organisation;
      } else if (unit != "territory") {
        role.unit_kind = Unit::Kind::row;
        role.reference_type = unit;
        role_units_.emplace_back(unit, entry.origin);
      }
      if (const auto seats = read_integer(entry.value, "seats", where, messages_))
        role.seats = static_cast<int>(*seats);
      role.second_factor = read_boolean(entry.value, "second_factor", false, where, messages_);
      role.audits = read_boolean(entry.value, "audits", false, where, messages_);
      if (const Node* duty = entry.value.find("duty"))
        role.duty = label_of(*duty, inside(where, "duty"), messages_);
      if (const auto level = read_text(entry.value, "level", where, messages_)) {
        role.level = parse_level(*level);
        if (!role.level)
          messages_.error("definition.unknown_level", entry.value.find("level")->origin,
                          {{"where", where}, {"name", *level}});
      }
      world_.roles.insert(entry.key);
      if (!read_boolean(entry.value, "off", false, where, messages_))
        locality_->roles.emplace(entry.key, std::move(role));
    }
  }

  const Node* list_node(const Name& name) const {
    const Node* today = node_.map_at("lists").find(name);
    if (pinned_ == nullptr || (has_lists_of_today_ && today != nullptr)) return today;
    const Node* old = pinned_->map_at("lists").find(name);
    return old != nullptr ? old : today;
  }

  void read_lists() {
    const auto read = [&](const NodeEntry& entry) {
      world_.lists.insert_or_assign(
          entry.key, read_list_shape(entry.key, *list_node(entry.key), messages_));
    };
    for (const NodeEntry& entry : node_.map_at("lists").entries) read(entry);
    if (pinned_ == nullptr) return;
    for (const NodeEntry& entry : pinned_->map_at("lists").entries) read(entry);
  }

  void read_books() {
    for (const NodeEntry& entry : node_.map_at("books").entries)
      world_.books.emplace(entry.key, read_book(entry.key, entry.value, messages_));
  }

  void read_setting_types() {
    for (const NodeEntry& entry : node_.map_at("settings").entries) {
      const std::string where = inside("settings", entry.key);
      if (!expect_map(entry.value, where, messages_)) continue;
      Setting setting;
      setting.name = entry.key;
      setting.label = read_label(entry.value, where, messages_);
      check_keys(entry.value, {"kind", "label", "default", "min", "max", "value", "list", "source"},
                 {}, where, messages_);
      FieldSpec spec;
      spec.list = read_name(entry.value, "list", where, messages_);
      const auto kind = parse_field_kind(
          read_text(entry.value, "kind", where, messages_).value_or(""));
      if (!kind)
        messages_.error("definition.unknown_kind", entry.origin, {{"where", where}});
      spec.kind = setting.kind = kind.value_or(FieldKind::number);
      world_.settings.emplace(entry.key, type_of(spec, {}));
      locality_->settings.emplace(entry.key, std::move(setting));
    }
  }

  void read_setting_values() {
    for (auto& [name, setting] : locality_->settings) {
      const Node& written = *node_.map_at("settings").find(name);
      const std::string where = inside("settings", name);
      const auto read = [&](std::string_view key) -> Value {
        const Node* node = written.find(key);
        if (node == nullptr) return {};
        const Result<Value> value = constant_of(*node, world_, world_.settings.at(name));
        if (value) return *value;
        messages_.error("definition.setting_value", node->origin, {{"where", where}});
        return {};
      };
      setting.min = read("min");
      setting.max = read("max");
      const Value standard = read("default");
      if (written.find("default") == nullptr)
        messages_.error("definition.key_missing", written.origin,
                        {{"where", where}, {"name", "default"}});
      setting.value = written.find("value") == nullptr ? standard : read("value");
      check_setting(setting, written, messages_);
      world_.setting_values.emplace(name, setting.value);
    }
  }

  void read_types() {
    for (const NodeEntry& entry : node_.map_at("types").entries)
      if (pinned_ == nullptr || entry.key != pinned_name_) add_draft(entry.key, entry.value);
    if (pinned_ != nullptr) add_draft(pinned_name_, *pinned_);
    for (const auto& [unit, origin] : role_units_) {
      const TypeShape* type = world_.find_type(unit);
      if (type == nullptr || !type->is_reference)
        messages_.error("definition.role_unit", origin, {{"name", unit}});
    }
  }

  void add_draft(const Name& name, const Node& entry) {
    const Node* definition = entry.find("definition");
    if (definition == nullptr || !expect_map(*definition, name, messages_)) return;
    auto whole = std::make_unique<Node>(expanded(*definition, world_.lists, messages_));
    TypeSource source{name, read_text(entry, "system", name, messages_).value_or(""), whole.get(),
                      {}};
    for (const WrittenName& base : read_names(entry, "bases", name, messages_))
      source.bases.push_back(base.name);
    nodes_.push_back(std::move(whole));
    TypeDraft draft = read_shape(source, messages_);
    for (const char* part : {"indicators", "duties"})
      for (const NodeEntry& indicator : source.node->map_at(part).entries)
        world_.indicators.insert(inside(name, indicator.key));
    world_.drafts.insert_or_assign(name, std::move(draft));
  }

  /// What a matter pins: the definition with the lists it uses.
  Node text_of(const Name& name, const Type& type) const {
    const Node& entry = pinned_ != nullptr && name == pinned_name_
                            ? *pinned_
                            : *node_.map_at("types").find(name);
    Node text = Node::map();
    for (const char* key : {"system", "bases", "definition"})
      if (const Node* value = entry.find(key)) text.put(key, *value);
    Node& lists = text.put("lists", Node::map());
    for (const auto& [list, content] : type.lists) lists.put(list, *list_node(list));
    return text;
  }

  void finish_type(const Name& name) {
    const TypeDraft& draft = world_.drafts.at(name);
    const std::shared_ptr<Type>& type = draft.type;
    const FindType find_type = [this](std::string_view other) -> const Type* {
      const TypeDraft* known = world_.find_draft(other);
      return known == nullptr ? nullptr : known->type.get();
    };
    type->index_names();
    type->read_plan = plan_reads(*type, find_type);
    type->text = canonical_text(text_of(name, *type));
    // One text may read other types, which differ from place to place: then it is not shared.
    if (const auto same = shared_.find(type->text);
        same != shared_.end() && same->second->read_plan == type->read_plan) {
      locality_->types.emplace(name, same->second);
      return;
    }
    type->locality = locality_->name;
    if (options_.sha256) type->text_sha256 = options_.sha256(type->text);
    if (!messages_.has_errors()) shared_.emplace(type->text, type);
    locality_->types.emplace(name, type);
  }

  const PublishedLocality& published_;
  const Node& node_;
  const CompileOptions& options_;
  SharedTypes& shared_;
  Messages& messages_;
  const Node* pinned_ = nullptr;
  bool has_lists_of_today_ = false;
  Name pinned_name_;
  DefinitionWorld world_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<std::pair<Name, Origin>> role_units_;
  std::shared_ptr<Locality> locality_ = std::make_shared<Locality>();
};

Error first_error(const Messages& messages) {
  for (const Message& message : messages.all())
    if (message.severity == Severity::error)
      return {ErrorCode::invalid, message.key, message.details, {}};
  return {ErrorCode::internal, "definition.canonical", {}, {}};
}

/// Parents before children, so that a text both have belongs to the parent.
std::vector<Name> from_the_top(const std::map<Name, PublishedLocality>& published) {
  std::vector<Name> order;
  const auto has = [&](const Name& name) {
    return std::ranges::find(order, name) != order.end();
  };
  for (bool grows = true; grows;) {
    grows = false;
    for (const auto& [name, locality] : published) {
      const Node* extends = locality.node.find("extends");
      if (has(name) || (extends != nullptr && !has(extends->text))) continue;
      order.push_back(name);
      grows = true;
    }
  }
  return order;
}

}  // namespace

CompileResult compile_localities(const std::vector<DefinitionFile>& files,
                                 const CompileOptions& options) {
  CompileResult result;
  auto published = merge_office(files, result.messages);
  SharedTypes shared;
  for (const Name& name : from_the_top(published)) {
    Messages messages;
    SharedTypes none;
    const bool is_real = !name.empty();
    const auto locality =
        LocalityCompiler(published.at(name), options, is_real ? shared : none, messages).compile();
    const bool is_sound = !messages.has_errors() && !result.messages.has_errors();
    for (const Message& message : messages.all()) result.messages.add(message);
    if (is_sound && is_real) result.localities.emplace(name, locality);
  }
  check_unused(published.at("").node, result.messages);
  check_sources(files, options, result);
  result.systems = std::move(published.at(""));
  published.erase("");
  result.published = std::move(published);
  return result;
}

std::string to_canonical(const PublishedLocality& locality) {
  return canonical_text(locality.node);
}

Result<PublishedLocality> from_canonical(std::string_view text) {
  GEWU_TRY(node, node_from_canonical(text));
  const Node* name = node.find("locality");
  if (!node.is_map() || node.find("types") == nullptr)
    return refuse(ErrorCode::invalid, "definition.canonical", {{"name", "types"}});
  Name locality = name == nullptr ? Name() : name->text;
  return PublishedLocality{std::move(locality), std::move(node)};
}

Result<LocalityPtr> load_locality(const PublishedLocality& published, const CompileOptions& options,
                                  SharedTypes& shared) {
  Messages messages;
  auto locality = LocalityCompiler(published, options, shared, messages).compile();
  if (messages.has_errors()) return std::unexpected(first_error(messages));
  return locality;
}

Result<TypePtr> load_pinned_type(std::string_view type_text, const PublishedLocality& today,
                                 const CompileOptions& options) {
  GEWU_TRY(pinned, node_from_canonical(type_text));
  if (pinned.find("definition") == nullptr)
    return refuse(ErrorCode::invalid, "definition.canonical", {{"name", "definition"}});
  Messages messages;
  SharedTypes shared;
  TypePtr type = LocalityCompiler(today, options, shared, messages).compile_pinned(pinned);
  if (messages.has_errors()) return std::unexpected(first_error(messages));
  return type;
}

Status visit_pinned(std::string_view type_text, const PublishedLocality& today,
                    const std::function<void(TypeDraft&, const DefinitionWorld&)>& visit) {
  GEWU_TRY(pinned, node_from_canonical(type_text));
  if (pinned.find("definition") == nullptr)
    return refuse(ErrorCode::internal, "definition.canonical", {{"name", "definition"}});
  Messages of_that_day;
  SharedTypes shared;
  const CompileOptions options;
  LocalityCompiler(today, options, shared, of_that_day).visit_pinned(pinned, visit);
  return {};
}

const Node* show_type(const PublishedLocality& locality, std::string_view type) {
  const Node* entry = locality.node.map_at("types").find(type);
  return entry == nullptr ? nullptr : entry->find("definition");
}

}  // namespace gewu::kernel
