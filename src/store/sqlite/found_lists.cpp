#include "store/sqlite/found_lists.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "finding/words.h"
#include "kernel/matter/words.h"
#include "store/sqlite/work_list.h"

namespace gewu::store::sqlite {

using namespace gewu::kernel;

namespace {

constexpr const char* kWordsKey = "words_version";
constexpr const char* kErasedKey = "words_erased_at";

/// A token of the scope: what is neither letter nor digit would part it.
std::string token(char kind, std::string_view text) {
  std::string made(1, kind);
  for (const char c : text) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                          (c >= 'A' && c <= 'Z') || c == '_';
    made += is_plain ? c : '_';
  }
  return made;
}

void collect_tokens(std::set<std::string>& tokens, const Value& value) {
  if (const Unit* unit = value.get<Unit>()) {
    if (unit->kind == Unit::Kind::organisation) tokens.insert(token('o', unit->code));
    if (unit->kind == Unit::Kind::row) tokens.insert(token('r', unit->code));
  } else if (const Link* link = value.get<Link>()) {
    if (link->id.has_value()) tokens.insert(token('r', std::to_string(link->id.value)));
  } else if (const Values* many = value.get_shared<Values>()) {
    for (const Value& element : *many) collect_tokens(tokens, element);
  }
}

Status add_words(Reader& writer, MatterId id, const std::string& words, const std::string& scope) {
  GEWU_TRY(keep, writer.use("insert into matter_words (id, words, scope) values (?, ?, ?)"));
  GEWU_CHECK(keep->bind(1, id.value).bind(2, words).bind(3, scope).run());
  GEWU_TRY(index, writer.use("insert into word_index (rowid, words, scope) values (?, ?, ?)"));
  return index->bind(1, id.value).bind(2, finding::index_tokens(words)).bind(3, scope).run();
}

/// As the index holds a matter.
struct Indexed {
  std::string words, scope;
};

Result<std::optional<Indexed>> find_indexed(Reader& writer, MatterId id) {
  GEWU_TRY(find, writer.use("select words, scope from matter_words where id = ?"));
  GEWU_TRY(found, find->bind(1, id.value).step());
  if (!found) return std::optional<Indexed>();
  return std::optional(Indexed{std::string(find->text(0)), std::string(find->text(1))});
}

/// The index knows no text: what goes out is what came in.
Status drop_words(Reader& writer, MatterId id, const Indexed& indexed) {
  GEWU_TRY(index, writer.use("insert into word_index (word_index, rowid, words, scope)"
                             " values ('delete', ?, ?, ?)"));
  index->bind(1, id.value).bind(2, finding::index_tokens(indexed.words));
  GEWU_CHECK(index->bind(3, indexed.scope).run());
  GEWU_TRY(drop, writer.use("delete from matter_words where id = ?"));
  return drop->bind(1, id.value).run();
}

Status note_erased_words(Reader& writer, Instant at) {
  GEWU_TRY(note, writer.use("insert or ignore into office (key, value) values (?, ?)"));
  return note->bind(1, kErasedKey).bind(2, std::to_string(at.ms)).run();
}

/// A ground's grid and every node above, an owner, a handler; an empty code is none.
std::vector<std::string> units_of(const std::string& territory, const std::string& owner,
                                  const std::string& handler) {
  std::vector<std::string> units;
  std::string code = territory;
  while (!code.empty() && code_depth(code) > kGridDepth) {
    const auto above = parent_code(code);
    if (!above) break;
    code = *above;
  }
  if (!code.empty()) {
    units = codes_above(code);
    units.push_back(std::move(code));
  }
  if (!owner.empty()) units.push_back("owner:" + owner);
  if (!handler.empty()) units.push_back("handler:" + handler);
  return units;
}

Status build_within(Reader& writer) {
  GEWU_CHECK(writer.connection().run("delete from open_count; delete from matter_words;"
                                     "insert into word_index (word_index) values ('delete-all');"));
  OpenCounts counts;
  GEWU_CHECK(writer.each_matter([&](const SnapshotPtr& matter) -> Status {
    counts.move(nullptr, *matter);
    return add_words(writer, matter->id, words_of(*matter), scope_of(*matter));
  }));
  return counts.write(writer);
}

}  // namespace

std::vector<std::string> counted_units(const Snapshot& matter) {
  if (matter.is_final()) return {};
  return units_of(matter.territory, matter.owner.code, matter.handler.code);
}

std::string state_key(const Snapshot& matter) {
  return matter.type->name + "." + matter.type->states[matter.state].name;
}

void OpenCounts::move(const Snapshot* before, const Snapshot& after) {
  if (before != nullptr && before->state == after.state && before->type == after.type &&
      before->territory == after.territory && before->owner == after.owner &&
      before->handler == after.handler)
    return;
  if (before != nullptr) add(*before, -1);
  add(after, +1);
}

void OpenCounts::add(const Snapshot& matter, std::int64_t by) {
  if (matter.is_final()) return;
  std::string state = state_key(matter);
  std::string key;
  for (const std::string* part : {&matter.territory, &matter.owner.code, &matter.handler.code})
    key.append(*part).push_back('\x1e');  // no code has such a letter
  key += state;
  const auto [known, is_new] = stands_.try_emplace(std::move(key));
  if (is_new)
    known->second = {matter.territory, matter.owner.code, matter.handler.code, std::move(state)};
  known->second.by += by;
}

Status OpenCounts::write(Reader& writer) {
  std::map<std::pair<std::string, std::string>, std::int64_t> changes;  // unit, state
  for (const auto& [key, stand] : stands_) {
    if (stand.by == 0) continue;
    for (std::string& unit : units_of(stand.territory, stand.owner, stand.handler))
      changes[{std::move(unit), stand.state}] += stand.by;
  }
  for (const auto& [key, by] : changes) {
    if (by == 0) continue;
    GEWU_TRY(change, writer.use("insert into open_count (unit, state, n) values (?1, ?2, ?3)"
                                " on conflict do update set n = n + ?3"));
    GEWU_CHECK(change->bind(1, key.first).bind(2, key.second).bind(3, by).run());
    if (by > 0) continue;
    // A row of nothing could be changed by hand and nobody would notice.
    GEWU_TRY(drop, writer.use("delete from open_count where unit = ?1 and state = ?2 and n = 0"));
    GEWU_CHECK(drop->bind(1, key.first).bind(2, key.second).run());
  }
  stands_.clear();
  return {};
}

std::string scope_of(const Snapshot& matter) {
  std::set<std::string> tokens{token('y', matter.type->name),
                               token('r', std::to_string(matter.id.value))};
  if (!matter.type->base.empty()) tokens.insert(token('y', matter.type->base));
  if (!matter.territory.empty()) {
    tokens.insert(token('t', matter.territory));
    for (const TerritoryCode& above : codes_above(matter.territory))
      tokens.insert(token('t', above));
  }
  collect_tokens(tokens, matter.owner);
  collect_tokens(tokens, matter.handler);
  for (const Value& value : matter.fields) collect_tokens(tokens, value);
  std::string scope;
  for (const std::string& one : tokens) scope += (scope.empty() ? "" : " ") + one;
  return scope;
}

Status write_words(Reader& writer, const Snapshot* before, const Snapshot& after, Instant at) {
  if (before == nullptr) return add_words(writer, after.id, words_of(after), scope_of(after));
  if (words_of(*before) == words_of(after) && scope_of(*before) == scope_of(after)) return {};
  return renew_words(writer, after, at);
}

Status renew_words(Reader& writer, const Snapshot& matter, Instant at) {
  const std::string words = words_of(matter), scope = scope_of(matter);
  GEWU_TRY(indexed, find_indexed(writer, matter.id));
  if (indexed) {
    if (indexed->words == words && indexed->scope == scope) return {};
    GEWU_CHECK(drop_words(writer, matter.id, *indexed));
    if (matter.erased_any && indexed->words != words) GEWU_CHECK(note_erased_words(writer, at));
  }
  return add_words(writer, matter.id, words, scope);
}

Status note_words_stand(Reader& writer) {
  GEWU_TRY(note, writer.use("insert or replace into office (key, value) values (?, ?)"));
  return note->bind(1, std::string_view(kWordsKey)).bind(2, std::to_string(kWordsVersion)).run();
}

Status note_words_owed(Reader& writer) {
  GEWU_TRY(note, writer.use("delete from office where key = ?"));
  return note->bind(1, std::string_view(kWordsKey)).run();
}

Result<bool> purge_words(Reader& writer, Instant now, bool at_once) {
  GEWU_TRY(since, writer.office_value(kErasedKey));
  if (!since) return false;
  if (!at_once && now.ms < parse_integer(*since).value_or(0) + kWordsPurgeMs) return false;
  writer.rest();
  GEWU_CHECK(writer.connection().run("pragma secure_delete=on;"
                                     "insert into word_index (word_index) values ('optimize');"
                                     "delete from office where key = 'words_erased_at';"));
  return true;
}

Status build_lists(Reader& writer) {
  return writer.derive_anew(kWordsKey, std::to_string(kWordsVersion),
                            [&] { return build_within(writer); });
}

std::string match_of(const WordQuery& query) {
  const finding::Question question = finding::read_question(query.words);
  if (question.phrases.empty() || query.within.empty()) return {};
  std::string words;
  for (const std::string& phrase : question.phrases)
    words += (words.empty() ? "\"" : " AND \"") + phrase + "\" *";
  const auto any = [](const std::vector<std::string>& tokens) {
    std::string text;
    for (const std::string& one : tokens) text += (text.empty() ? "" : " OR ") + one;
    return " AND scope : (" + text + ")";
  };
  std::vector<std::string> within, types;
  for (const Unit& unit : query.within) {
    switch (unit.kind) {
      case Unit::Kind::none: break;
      case Unit::Kind::territory: within.push_back(token('t', unit.code)); break;
      case Unit::Kind::organisation: within.push_back(token('o', unit.code)); break;
      case Unit::Kind::row: within.push_back(token('r', unit.code)); break;
    }
  }
  if (within.empty()) return {};
  for (const std::string& type : query.types) types.push_back(token('y', type));
  std::string match = "words : (" + words + ")" + any(within);
  if (!types.empty()) match += any(types);
  return match;
}

Result<std::vector<SnapshotPtr>> Reader::find_words(const WordQuery& query) {
  const std::string match = match_of(query);
  std::vector<SnapshotPtr> found;
  if (match.empty()) return found;
  const OneMoment moment(*this);
  std::vector<MatterId> ids;
  {
    GEWU_TRY(statement, use("select rowid from word_index where word_index match ?1"
                            " and rowid < ?2 order by rowid desc limit ?3"));
    statement->bind(1, match).bind(3, static_cast<std::int64_t>(query.rows));
    statement->bind(2, query.before.has_value() ? query.before.value : kNoDue);
    for (;;) {
      GEWU_TRY(has_row, statement->step());
      if (!has_row) break;
      ids.push_back({statement->integer(0)});
    }
  }
  for (const MatterId id : ids) {
    GEWU_TRY(matter, load(id));
    if (matter) found.push_back(std::move(matter));
  }
  return found;
}

Result<std::vector<OpenCount>> Reader::open_counts(std::string_view unit) {
  GEWU_TRY(statement, use("select state, n from open_count where unit = ? and n > 0"));
  statement->bind(1, unit);
  std::vector<OpenCount> counts;
  for (;;) {
    GEWU_TRY(found, statement->step());
    if (!found) return counts;
    counts.push_back({std::string(statement->text(0)), statement->integer(1)});
  }
}

/// Counters and words against the matters themselves.
Status Reader::compare_lists(Inventory& inventory) {
  std::map<std::string, std::int64_t> counts;
  std::map<std::int64_t, std::string> words;
  GEWU_TRY(stored, use("select unit, state, n from open_count"));
  for (;;) {
    GEWU_TRY(found, stored->step());
    if (!found) break;
    const std::string counter = std::string(stored->text(0)) + " " + std::string(stored->text(1));
    counts[counter] = stored->integer(2);
    if (stored->integer(2) == 0) inventory.differences.push_back("open_count " + counter);
  }
  GEWU_TRY(rows, use("select id, words, scope from matter_words"));
  for (;;) {
    GEWU_TRY(found, rows->step());
    if (!found) break;
    words[rows->integer(0)] = std::string(rows->text(1)) + '\n' + std::string(rows->text(2));
  }
  GEWU_CHECK(each_matter([&](const SnapshotPtr& matter) -> Status {
    for (const std::string& unit : counted_units(*matter))
      --counts[unit + " " + state_key(*matter)];
    const auto found = words.find(matter->id.value);
    if (found == words.end() || found->second != words_of(*matter) + '\n' + scope_of(*matter))
      inventory.differences.push_back("words " + std::to_string(matter->id.value));
    if (found != words.end()) words.erase(found);
    return {};
  }));
  for (const auto& [id, text] : words)
    inventory.differences.push_back("words " + std::to_string(id));
  for (const auto& [counter, rest] : counts)
    if (rest != 0) inventory.differences.push_back("open_count " + counter);
  return {};
}

}  // namespace gewu::store::sqlite
