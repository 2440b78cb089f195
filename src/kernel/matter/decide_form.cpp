#include <algorithm>
#include <utility>

#include "base/text.h"
#include "kernel/matter/docket.h"
#include "kernel/place/grid_index.h"

// Steps 4 and 5 of the order of evaluation: the form of what was entered, and storing it.

namespace gewu::kernel {

namespace {

/// Which field a refusal is about: "appeal.text", "appeal.accept.reason", "appeal.costs.amount".
/// Most forms are right, so the words are put together only when they are asked for.
struct FieldKey {
  const FieldKey* row = nullptr;         ///< of a column: the field that holds the rows
  std::string_view type, field;
  const ActionSpec* action = nullptr;    ///< of an input

  std::string text(std::string_view rest) const {
    std::string key = row != nullptr ? row->text({}) : std::string(type);
    if (action != nullptr) key.append(".").append(action->name);
    return key.append(".").append(field).append(rest);
  }
};

Error invalid(std::string key) { return {ErrorCode::invalid, std::move(key), {}, {}}; }

bool is_type_kind(const Hearing& hearing, const Snapshot& matter, const Name& wanted) {
  if (wanted.empty() || wanted == "any" || matter.type->name == wanted) return true;
  if (matter.type->base == wanted) return true;
  const TypePtr base = hearing.locality.find_type(matter.type->base);
  return base != nullptr && base->base == wanted;
}

bool has_list_row(const Hearing& hearing, const Name& list, const std::string& key) {
  const auto pinned = hearing.type.lists.find(list);
  if (pinned != hearing.type.lists.end()) {
    const ListRow* row = pinned->second.find(key);
    if (row == nullptr) return false;
  }
  const auto today = hearing.locality.lists.find(list);
  if (today == hearing.locality.lists.end()) return pinned != hearing.type.lists.end();
  const ListRow* row = today->second.find(key);
  return row != nullptr && !row->off;
}

bool fits_unit(const Hearing& hearing, const Value& value, Unit::Kind kind) {
  const auto* unit = value.get<Unit>();
  if (unit == nullptr || unit->kind != kind) return false;
  return kind == Unit::Kind::territory
             ? hearing.docket.directory().territory->find(unit->code) != nullptr
             : hearing.docket.directory().roster->organisation(unit->code) != nullptr;
}

bool fits_post(const Hearing& hearing, const FieldSpec& field, const Value& value) {
  const auto* reference = value.get<PostRef>();
  if (reference == nullptr) return false;
  const Post* post = hearing.docket.directory().roster->post(reference->id);
  return post != nullptr && post->state != PostState::abolished &&
         (field.role.empty() || post->role == field.role);
}

/// UTF-8 without U+0000, at which programs that read it on would end it.
bool is_text(std::string_view text) {
  return is_utf8(text) && text.find('\0') == std::string_view::npos;
}

bool fits_place(const Hearing& hearing, const Value& value) {
  const auto* place = value.get_shared<Place>();
  if (place == nullptr) return false;
  if (place->point && !is_on_earth(*place->point)) return false;
  if (!is_text(place->address)) return false;
  if (!place->territory.empty())
    return hearing.docket.directory().territory->find(place->territory) != nullptr;
  return place->point.has_value() || !place->address.empty();
}

/// A unit or a point beyond the ground of the locality; where that is not drawn a point must lie
/// far from all that is drawn below it (docs/decisions/place_outside.md).
bool lies_outside(const Hearing& hearing, const Value& value) {
  const auto* place = value.get_shared<Place>();
  if (place == nullptr) return false;
  const Directory& directory = hearing.docket.directory();
  const std::string& root = hearing.locality.territory;
  if (!place->territory.empty() && !covers(root, place->territory)) return true;
  if (!place->point) return false;
  const Territory* ground = directory.territory->find(root);
  if (ground != nullptr && ground->boundary) return !contains(*ground->boundary, *place->point);
  return directory.grids && directory.grids->lies_far(root, *place->point);
}

/// A unit that has ended takes nothing new; what lies there already may name it as before.
bool has_ended(const Hearing& hearing, const Value& value) {
  const auto* place = value.get_shared<Place>();
  const auto* unit = value.get<Unit>();
  const std::string* code = place != nullptr ? &place->territory
                            : unit != nullptr && unit->kind == Unit::Kind::territory ? &unit->code
                                                                                     : nullptr;
  if (code == nullptr || code->empty()) return false;
  if (hearing.before != nullptr && hearing.before->territory == *code) return false;
  return hearing.docket.directory().territory->has_ended(*code, hearing.today());
}

bool fits_scores(const Hearing& hearing, const FieldSpec& field, const Value& value) {
  const auto* scores = value.get_shared<std::vector<Score>>();
  return scores != nullptr && std::ranges::all_of(*scores, [&](const Score& score) {
    return has_list_row(hearing, field.list, score.row);
  });
}

/// zh with or without ko and en: a text is never only in a language that not all offices read.
bool is_text_in_languages(const Row* row) {
  if (row == nullptr) return false;
  const Value* zh = find_value(row->cells, "zh");
  const auto is_words = [](const NamedValue& cell) {
    const std::string* text = cell.value.get<std::string>();
    return (cell.name == "zh" || cell.name == "ko" || cell.name == "en") && text != nullptr &&
           is_text(*text);
  };
  return zh != nullptr && zh->get<std::string>() != nullptr &&
         !trim(*zh->get<std::string>()).empty() && std::ranges::all_of(row->cells, is_words);
}

/// Whether whoever names a matter may know of it: one that holds a sealed value of somebody answers
/// whoever may not see it like one that is not there. Registers and works in progress are known.
bool may_name(const Hearing& hearing, const SnapshotPtr& target) {
  const auto is_sealed = [](const FieldSpec& field) {
    return field.sealed || field.kind == FieldKind::contact;
  };
  if (hearing.actor.kind == Actor::Kind::system ||
      !std::ranges::any_of(target->type->fields, is_sealed))
    return true;
  return is_seen(hearing.docket, target, hearing.actor).value_or(false);
}

/// Whether one element is of the field's kind and what it names is there.
bool fits_kind(const Hearing& hearing, const FieldSpec& field, const Value& value) {
  switch (field.kind) {
    case FieldKind::text:
      if (const auto* text = value.get<std::string>()) return is_text(*text);
      return field.languages && is_text_in_languages(value.get_shared<Row>());
    case FieldKind::number:
    case FieldKind::quantity: return value.is<Number>();
    case FieldKind::tally: return false;
    case FieldKind::money: return value.is<Money>();
    case FieldKind::date: return value.is<Date>();
    case FieldKind::instant: return value.is<Instant>();
    case FieldKind::time: return value.is<TimeOfDay>();
    case FieldKind::period: {
      const auto* period = value.get<Period>();
      return period != nullptr && period->from < period->to;
    }
    case FieldKind::limit: {
      const auto* limit = value.get<Limit>();
      return limit != nullptr && check_limit(*limit).has_value();
    }
    case FieldKind::yes_no: return value.is<bool>();
    case FieldKind::hours: return value.get_shared<Hours>() != nullptr;
    case FieldKind::file: return value.get_shared<FileRef>() != nullptr;
    case FieldKind::choice: {
      const auto* key = value.get<Key>();
      return key != nullptr && has_list_row(hearing, field.list, key->key);
    }
    case FieldKind::link: {
      const auto* link = value.get<Link>();
      if (link == nullptr) return false;
      const SnapshotPtr target = hearing.docket.source.load(link->id);
      return target != nullptr && is_type_kind(hearing, *target, field.to) &&
             may_name(hearing, target);
    }
    case FieldKind::territory: return fits_unit(hearing, value, Unit::Kind::territory);
    case FieldKind::organisation: return fits_unit(hearing, value, Unit::Kind::organisation);
    case FieldKind::post: return fits_post(hearing, field, value);
    case FieldKind::place: return fits_place(hearing, value);
    case FieldKind::line: {
      const auto* line = value.get_shared<std::vector<LonLat>>();
      return line != nullptr && line->size() >= 2 && std::ranges::all_of(*line, is_on_earth);
    }
    case FieldKind::contact:
      if (const auto* contact = value.get_shared<Contact>())
        return is_text(contact->name) && is_text(contact->phone);
      return value.get_shared<Sealed>() != nullptr;
    case FieldKind::account: return value.is<std::string>();
    case FieldKind::scores: return fits_scores(hearing, field, value);
    case FieldKind::rows: return value.get_shared<Row>() != nullptr;
    case FieldKind::action:
    case FieldKind::indicator: return value.is<Key>() || value.is<std::string>();
  }
  return false;
}

/// -1, 0, 1; nothing when the two cannot be compared.
std::optional<int> compare(const Value& a, const Value& b) {
  const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
  if (a.is<Number>() && b.is<Number>()) return order(*a.get<Number>(), *b.get<Number>());
  if (a.is<Money>() && b.is<Money>()) return order(*a.get<Money>(), *b.get<Money>());
  if (a.is<Money>() && b.is<Number>())
    return order(a.get<Money>()->fen * (kMicros / 100), b.get<Number>()->micros);
  if (a.is<Date>() && b.is<Date>()) return order(*a.get<Date>(), *b.get<Date>());
  if (a.is<Instant>() && b.is<Instant>()) return order(*a.get<Instant>(), *b.get<Instant>());
  if (a.is<TimeOfDay>() && b.is<TimeOfDay>())
    return order(*a.get<TimeOfDay>(), *b.get<TimeOfDay>());
  return std::nullopt;
}

bool holds_many(const FieldSpec& field) { return field.many || field.kind == FieldKind::rows; }

void check_bounds(const Hearing& hearing, const FieldSpec& field, const FieldKey& key,
                  const Value& value, std::vector<Error>& errors) {
  const auto* set = value.get_shared<Values>();
  const Value measured =
      set != nullptr ? Value(Number{static_cast<std::int64_t>(set->size()) * kMicros}) : value;
  for (const bool is_min : {true, false}) {
    const ExpressionPtr& bound = is_min ? field.min : field.max;
    if (!bound) continue;
    const Result<Value> limit = evaluate(*bound, hearing.scope());
    if (!limit) {
      errors.push_back(limit.error());
      continue;
    }
    const auto order = compare(measured, *limit);
    if (order && (is_min ? *order < 0 : *order > 0))
      errors.push_back(invalid(key.text(is_min ? ".min" : ".max")));
  }
}

void check_entered(const Hearing& hearing, const FieldSpec& field, const FieldKey& key,
                   const Value& value, std::vector<Error>& errors);

void check_row(const Hearing& hearing, const FieldSpec& field, const FieldKey& key,
               const Row& row, std::vector<Error>& errors) {
  for (const NamedValue& cell : row.cells)
    if (std::ranges::find(field.fields, cell.name, &FieldSpec::name) == field.fields.end())
      errors.push_back({ErrorCode::invalid, "form.unknown", {{"name", cell.name}}, {}});
  for (const FieldSpec& column : field.fields) {
    const Value* cell = find_value(row.cells, column.name);
    const bool is_there = cell != nullptr && !cell->is_missing();
    const FieldKey column_key{&key, {}, column.name};
    if (is_there) check_entered(hearing, column, column_key, *cell, errors);
    if (is_there || !column.required) continue;
    const Result<bool> required = holds_true(*column.required, hearing.scope());
    if (!required || *required) errors.push_back(invalid(column_key.text(".required")));
  }
}

/// Every row with its columns in the order of the spec, defaults filled in.
Result<Value> with_defaults(const Hearing& hearing, const FieldSpec& field, const Value& value) {
  const auto* rows = value.get_shared<Values>();
  if (field.kind != FieldKind::rows || rows == nullptr) return value;
  Values filled;
  for (const Value& element : *rows) {
    const auto* given = element.get_shared<Row>();
    if (given == nullptr) return value;
    Row row;
    for (const FieldSpec& column : field.fields) {
      const Value* cell = find_value(given->cells, column.name);
      Value content = cell != nullptr ? *cell : Value();
      if (content.is_missing() && column.default_value) {
        GEWU_TRY(standard, evaluate(*column.default_value, hearing.scope()));
        content = std::move(standard);
      }
      GEWU_TRY(whole, with_defaults(hearing, column, content));
      row.cells.push_back({column.name, std::move(whole)});
    }
    for (const NamedValue& cell : given->cells)
      if (find_value(row.cells, cell.name) == nullptr) row.cells.push_back(cell);
    filled.push_back(make_large(std::move(row)));
  }
  return make_set(std::move(filled));
}

bool is_empty(const Value& value) {
  if (value.is_missing()) return true;
  if (const auto* text = value.get<std::string>()) return trim(*text).empty();
  const auto* set = value.get_shared<Values>();
  return set != nullptr && set->empty();
}

void check_required(const Hearing& hearing, const FieldSpec& field, const FieldKey& key,
                    const Value& value, std::vector<Error>& errors) {
  if (!field.required || !is_empty(value)) return;
  const Result<bool> required = holds_true(*field.required, hearing.scope());
  if (!required)
    errors.push_back(required.error());
  else if (*required)
    errors.push_back(invalid(key.text(".required")));
}

Status take_inputs(Hearing& hearing, const std::vector<NamedValue>& given,
                   std::vector<Error>& errors) {
  for (const FieldSpec& field : hearing.action->input) {
    const Value* entered = find_value(given, field.name);
    Value value = entered != nullptr ? *entered : Value();
    if (is_empty(value)) value = Value();
    if (value.is_missing() && field.default_value) {
      GEWU_TRY(standard, evaluate(*field.default_value, hearing.scope()));
      value = std::move(standard);
    }
    GEWU_TRY(filled, with_defaults(hearing, field, value));
    if (!filled.is_missing()) hearing.input.push_back({field.name, std::move(filled)});
  }
  for (const FieldSpec& field : hearing.action->input) {
    const FieldKey key{nullptr, hearing.type.name, field.name, hearing.action};
    const Value* value = find_value(hearing.input, field.name);
    static const Value nothing;
    check_required(hearing, field, key, value != nullptr ? *value : nothing, errors);
    if (value != nullptr) check_entered(hearing, field, key, *value, errors);
  }
  return {};
}

bool is_asked(const Hearing& hearing, std::size_t field, bool any_field) {
  const ActionSpec& action = *hearing.action;
  if (hearing.type.fields[field].value) return false;
  if (any_field || (action.opens && action.asks.empty())) return true;
  return std::ranges::find(action.asks, field) != action.asks.end();
}

/// Fields whose form is judged, in the order of the type: those entered, and those that must be there
/// afterwards.
std::vector<std::size_t> judged_fields(const Hearing& hearing,
                                       const std::vector<std::size_t>& entered) {
  std::vector<std::size_t> judged = entered;
  const bool is_opening = hearing.action->opens.has_value() && hearing.before == nullptr;
  if (!is_opening) {
    for (const std::size_t field : hearing.action->asks)
      if (!hearing.type.fields[field].value) judged.push_back(field);
  } else {
    judged.reserve(entered.size() + hearing.type.fields.size());
    for (std::size_t field = 0; field < hearing.type.fields.size(); ++field)
      if (!hearing.type.fields[field].value) judged.push_back(field);
  }
  std::ranges::sort(judged);
  const auto repeated = std::ranges::unique(judged);
  judged.erase(repeated.begin(), repeated.end());
  return judged;
}

/// A text in several languages is as long as its longest.
bool is_too_long(const FieldSpec& field, const Value& value) {
  if (const auto* text = value.get<std::string>()) return count_code_points(*text) > field.length_max;
  const Row* row = field.languages ? value.get_shared<Row>() : nullptr;
  return row != nullptr && std::ranges::any_of(row->cells, [&](const NamedValue& cell) {
           return is_too_long(field, cell.value);
         });
}

/// `.kind`, `.min`, `.max`, `.length_max` of one value.
void check_entered(const Hearing& hearing, const FieldSpec& field, const FieldKey& key,
                   const Value& value, std::vector<Error>& errors) {
  const auto* set = value.get_shared<Values>();
  if (holds_many(field) != (set != nullptr)) {
    errors.push_back(invalid(key.text(".kind")));
    return;
  }
  const auto fits = [&](const Value& one) { return fits_kind(hearing, field, one); };
  if (set != nullptr ? !std::ranges::all_of(*set, fits) : !fits(value)) {
    errors.push_back(invalid(key.text(".kind")));
    return;
  }
  const auto is_outside = [&](const Value& one) { return lies_outside(hearing, one); };
  if (set != nullptr ? std::ranges::any_of(*set, is_outside) : is_outside(value))
    errors.push_back(invalid(key.text(".outside")));
  const auto is_ended = [&](const Value& one) { return has_ended(hearing, one); };
  if (set != nullptr ? std::ranges::any_of(*set, is_ended) : is_ended(value))
    errors.push_back({ErrorCode::conflict, key.text(".ended"), {}, {}});
  check_bounds(hearing, field, key, value, errors);
  if (is_too_long(field, value)) errors.push_back(invalid(key.text(".length_max")));
  if (field.kind == FieldKind::rows)
    for (const Value& element : *set)
      check_row(hearing, field, key, *element.get_shared<Row>(), errors);
}

}  // namespace

std::unexpected<Error> refuse_all(std::vector<Error> errors) {
  Error first = std::move(errors.front());
  for (std::size_t i = 1; i < errors.size(); ++i) first.others.push_back(std::move(errors[i]));
  return std::unexpected(std::move(first));
}

Status take_form(Hearing& hearing, const std::vector<NamedValue>& given, bool any_field) {
  const Type& type = hearing.type;
  std::vector<Error> errors;
  std::vector<std::size_t> entered;
  for (const NamedValue& named : given) {
    const bool is_input = std::ranges::find(hearing.action->input, named.name, &FieldSpec::name) !=
                          hearing.action->input.end();
    const auto field = type.find_field(named.name);
    if (is_input) continue;
    if (!field || !is_asked(hearing, *field, any_field)) {
      errors.push_back({ErrorCode::invalid, "form.unknown", {{"name", named.name}}, {}});
      continue;
    }
    GEWU_TRY(filled, with_defaults(hearing, type.fields[*field], named.value));
    hearing.draft->fields[*field] = is_empty(filled) ? Value() : std::move(filled);
    entered.push_back(*field);
  }
  GEWU_CHECK(take_inputs(hearing, given, errors));
  for (const std::size_t i : judged_fields(hearing, entered)) {
    const FieldSpec& field = type.fields[i];
    const bool was_entered = std::ranges::find(entered, i) != entered.end();
    const FieldKey key{nullptr, type.name, field.name};
    const Value& value = hearing.draft->fields[i];
    check_required(hearing, field, key, value, errors);
    if (was_entered && !value.is_missing()) check_entered(hearing, field, key, value, errors);
    if (value.is_missing() && holds_many(field) && !field.required)
      check_bounds(hearing, field, key, make_set({}), errors);
  }
  if (!errors.empty()) return refuse_all(std::move(errors));
  return {};
}

}  // namespace gewu::kernel
