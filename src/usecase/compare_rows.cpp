#include "usecase/compare_rows.h"

#include <algorithm>
#include <map>
#include <set>

#include "codec/csv.h"
#include "codec/input_json.h"
#include "codec/json_writer.h"
#include "kernel/matter/access.h"
#include "kernel/matter/deny_list.h"
#include "kernel/matter/rounds.h"
#include "security/bytes.h"
#include "security/hash.h"
#include "usecase/act_on_matter.h"
#include "usecase/given_values.h"
#include "usecase/submit_matter.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

/// What a comparison reads, found once.
struct Ground {
  DirectoryPtr directory;
  Actor actor;
  const Locality* locality = nullptr;
  TypePtr type;
  ImportRule rule;
  std::string code;                 ///< the caller's ground
};

Result<std::string> ground_of_actor(const Actor& actor, const Directory& directory) {
  if (actor.unit.kind == Unit::Kind::territory) return actor.unit.code;
  const Organisation* own = directory.roster->organisation(actor.organisation);
  const std::string_view code = own ? kernel::ground_of(*own, *directory.roster)
                                    : std::string_view();
  if (code.empty()) return refuse(ErrorCode::forbidden, "import.ground");
  return std::string(code);
}

Result<Ground> find_ground(Office& office, const RowsFile& file) {
  Ground ground;
  ground.directory = office.store.directory();
  const Instant now = office.clock.now();
  GEWU_TRY(named, actor_of(file.caller, *ground.directory, now));
  GEWU_TRY(actor, with_post(named, *ground.directory, now));
  ground.actor = std::move(actor);
  GEWU_TRY(code, ground_of_actor(ground.actor, *ground.directory));
  ground.code = std::move(code);
  ground.locality = ground.directory->locality_of(ground.code);
  if (ground.locality) ground.type = ground.locality->find_type(file.type);
  if (!ground.type) return refuse(ErrorCode::not_found, "import.unknown", {{"name", file.type}});
  const auto rules = imports_of(*ground.type);
  const auto rule = std::ranges::find(rules, file.import, &ImportRule::name);
  if (rule == rules.end())
    return refuse(ErrorCode::not_found, "import.unknown", {{"name", file.import}});
  ground.rule = *rule;
  if (std::ranges::find(rule->by, ground.actor.role) == rule->by.end())
    return refuse(ErrorCode::forbidden, file.type + ".imports." + file.import + ".by");
  return ground;
}

std::string match_key(const ImportRule& rule, const std::vector<NamedValue>& values) {
  std::string key;
  for (const Name& field : rule.match) {
    const Value* value = find_value(values, field);
    key += (value ? dimension_text(*value) : std::string()) + "\n";
  }
  return key;
}

class Comparing {
 public:
  Comparing(const Ground& ground, RowsComparison& into)
      : ground_(ground), rule_(ground.rule), into_(into),
        context_{parse_matter_id, [&](std::string_view text) {
                   return find_post(*ground_.directory, text);
                 }} {}

  Status run(std::string_view csv) {
    GEWU_CHECK(read_fixed());
    find_kept();
    GEWU_CHECK(read_file(csv));
    for (const auto& [key, matter] : kept_)
      if (!met_.contains(matter->id.value) && !rule_.missing.empty())
        into_.rows.push_back({.verdict = RowVerdict::missing,
                              .matter = matter->id,
                              .version = matter->version});
    into_.needs_review = rule_.review;
    into_.digest = digest();
    return {};
  }

 private:
  Result<Value> read_cell(const Name& field, std::string_view text) const {
    const FieldSpec& spec = ground_.type->fields[*ground_.type->find_field(field)];
    return codec::read_field_text(spec, text, ground_.type->name + "." + field, context_);
  }

  Status read_fixed() {
    for (const auto& [field, text] : rule_.fixed) {
      GEWU_TRY(value, read_cell(field, text));
      fixed_.push_back({field, std::move(value)});
    }
    return {};
  }

  /// Active rows of this very type on the caller's ground that have the fixed values.
  void find_kept() {
    for (const SnapshotPtr& row : ground_.directory->rows(ground_.type->name).all()) {
      if (row->type->name != ground_.type->name || !covers(ground_.code, row->territory)) continue;
      const bool is_meant = std::ranges::all_of(fixed_, [&](const NamedValue& fixed) {
        const Value* value = row->find_field(fixed.name);
        return value != nullptr && *value == fixed.value;
      });
      if (!is_meant) continue;
      std::vector<NamedValue> values;
      for (const Name& field : rule_.match)
        if (const Value* value = row->find_field(field)) values.push_back({field, *value});
      kept_.emplace(match_key(rule_, values), row);
    }
  }

  Status read_file(std::string_view csv) {
    codec::CsvOptions options;
    std::set<std::string> taken;
    for (const auto& [field, column] : rule_.take)
      if (taken.insert(column).second) options.required.push_back(column);
    const auto on_row = [&](const codec::CsvRow& row) -> Status {
      read_row(row);
      return {};
    };
    GEWU_TRY(table, codec::read_csv(csv, options, on_row));
    for (const std::string& column : table.columns) {
      if (denied_kind(column))
        return refuse(ErrorCode::invalid, "import.denied", {{"column", column}});
      if (!taken.contains(column)) into_.dropped.push_back(column);
    }
    return {};
  }

  void read_row(const codec::CsvRow& row) {
    ComparedRow compared;
    compared.line = row.line;
    const auto refused = [&](std::string key) {
      compared.verdict = RowVerdict::refused;
      compared.key = std::move(key);
      into_.rows.push_back(std::move(compared));
    };
    if (row.fault) return refused(row.fault->key);
    std::vector<NamedValue> values = fixed_;
    for (const auto& [field, column] : rule_.take) {
      auto value = read_cell(field, row.cell(column).value_or(std::string_view()));
      if (!value) {
        compared.changes.push_back({field, {}, {}});
        return refused(value.error().key);
      }
      values.push_back({field, std::move(*value)});
    }
    const std::string key = match_key(rule_, values);
    if (!read_.insert(key).second) return refused("import.twice");
    const auto known = kept_.find(key);
    if (known == kept_.end()) {
      if (rule_.fresh.empty()) return refused("import.not_kept");
      compared.verdict = RowVerdict::fresh;
      for (NamedValue& value : values)
        compared.changes.push_back({value.name, Value(), std::move(value.value)});
    } else {
      compare_with(*known->second, values, compared);
    }
    into_.rows.push_back(std::move(compared));
  }

  void compare_with(const Snapshot& kept, const std::vector<NamedValue>& values,
                    ComparedRow& compared) {
    compared.matter = kept.id;
    compared.version = kept.version;
    met_.insert(kept.id.value);
    if (rule_.changed.empty()) return;
    for (const auto& [field, column] : rule_.take) {
      const Value* before = kept.find_field(field);
      const Value* after = find_value(values, field);
      const bool both_empty = (!before || before->is_missing()) && after->is_missing();
      if (both_empty || (before && *before == *after)) continue;
      compared.changes.push_back({field, before ? *before : Value(), *after});
    }
    if (!compared.changes.empty()) compared.verdict = RowVerdict::changed;
  }

  std::string digest() const {
    std::string text;
    codec::JsonWriter out(text);
    out.begin_array();
    for (const ComparedRow& row : into_.rows) {
      out.begin_object();
      out.member("line", row.line).member("verdict", verdict_word(row.verdict));
      out.member("matter", row.matter.value).member("version", row.version);
      out.key("changes").begin_object();
      for (const FieldChange& change : row.changes) {
        out.key(change.field);
        const auto field = ground_.type->find_field(change.field);
        codec::write_field_value(out, ground_.type->fields[*field], change.after);
      }
      out.end_object().end_object();
    }
    out.end_array();
    return security::hex_encode(security::sha256(security::view_of(text)));
  }

  const Ground& ground_;
  const ImportRule& rule_;
  RowsComparison& into_;
  codec::InputContext context_;
  std::vector<NamedValue> fixed_;
  std::map<std::string, SnapshotPtr> kept_;    ///< by what is matched
  std::set<std::string> read_;                 ///< of the file, by the same
  std::set<std::int64_t> met_;
};

std::vector<NamedValue> values_of(const ComparedRow& row) {
  std::vector<NamedValue> values;
  for (const FieldChange& change : row.changes)
    if (row.verdict == RowVerdict::changed || !change.after.is_missing())
      values.push_back({change.field, change.after});
  return values;
}

void mark_refused(ComparedRow& row, const Error& error) {
  row.verdict = RowVerdict::refused;
  row.key = error.key;
  row.changes.clear();
}

Status open_rows(Office& office, const RowsFile& file, const Ground& ground,
                 std::vector<ComparedRow*> rows) {
  for (std::size_t at = 0; at < rows.size(); at += kLimits.opened_max) {
    const std::size_t end = std::min(rows.size(), at + kLimits.opened_max);
    std::vector<Submission> submissions;
    for (std::size_t i = at; i < end; ++i)
      submissions.push_back({.caller = file.caller,
                             .type = file.type,
                             .action = ground.rule.fresh,
                             .locality = ground.locality->name,
                             .values = values_of(*rows[i])});
    GEWU_TRY(submitted, submit_matters(office, submissions));
    for (std::size_t i = at; i < end; ++i) {
      if (submitted[i - at]) rows[i]->matter = submitted[i - at]->matter->id;
      else mark_refused(*rows[i], submitted[i - at].error());
    }
  }
  return {};
}

Status act_on_rows(Office& office, const RowsFile& file, const Name& action,
                   std::vector<ComparedRow*> rows) {
  for (std::size_t at = 0; at < rows.size(); at += kActionsAtOnceMax) {
    const std::size_t end = std::min(rows.size(), at + kActionsAtOnceMax);
    std::vector<MatterAction> actions;
    for (std::size_t i = at; i < end; ++i)
      actions.push_back({.caller = file.caller,
                         .matter = rows[i]->matter,
                         .action = action,
                         .values = values_of(*rows[i]),
                         .version = rows[i]->version});
    GEWU_TRY(taken, act_on_matters(office, actions));
    for (std::size_t i = at; i < end; ++i)
      if (!taken[i - at]) mark_refused(*rows[i], taken[i - at].error());
  }
  return {};
}

}  // namespace

const char* verdict_word(RowVerdict verdict) {
  switch (verdict) {
    case RowVerdict::fresh: return "new";
    case RowVerdict::changed: return "changed";
    case RowVerdict::missing: return "missing";
    case RowVerdict::same: return "same";
    case RowVerdict::refused: return "refused";
  }
  return "";
}

std::size_t RowsComparison::count(RowVerdict verdict) const {
  return static_cast<std::size_t>(std::ranges::count(rows, verdict, &ComparedRow::verdict));
}

Result<RowsComparison> compare_rows(Office& office, const RowsFile& file) {
  GEWU_TRY(ground, find_ground(office, file));
  RowsComparison comparison;
  GEWU_CHECK(Comparing(ground, comparison).run(file.csv));
  return comparison;
}

Result<RowsComparison> import_rows(Office& office, const RowsFile& file,
                                   const std::string& digest) {
  GEWU_TRY(ground, find_ground(office, file));
  RowsComparison comparison;
  GEWU_CHECK(Comparing(ground, comparison).run(file.csv));
  if (comparison.needs_review && digest != comparison.digest)
    return refuse(ErrorCode::conflict, "import.review", {{"digest", comparison.digest}});
  const auto rows_with = [&](RowVerdict verdict) {
    std::vector<ComparedRow*> rows;
    for (ComparedRow& row : comparison.rows)
      if (row.verdict == verdict) rows.push_back(&row);
    return rows;
  };
  GEWU_CHECK(open_rows(office, file, ground, rows_with(RowVerdict::fresh)));
  GEWU_CHECK(act_on_rows(office, file, ground.rule.changed, rows_with(RowVerdict::changed)));
  GEWU_CHECK(act_on_rows(office, file, ground.rule.missing, rows_with(RowVerdict::missing)));
  return comparison;
}

}  // namespace gewu::usecase
