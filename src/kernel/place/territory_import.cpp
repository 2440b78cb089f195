#include "kernel/place/territory_import.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "base/limits.h"
#include "base/text.h"

namespace gewu::kernel {
namespace {

constexpr std::string_view kWideSpace = "\xE3\x80\x80";  // U+3000

/// Without blanks at both ends, the wide ones of Chinese tables too.
std::string_view trim_wide(std::string_view text) {
  for (;;) {
    const std::string_view before = text;
    text = trim(text);
    if (text.starts_with(kWideSpace)) text.remove_prefix(kWideSpace.size());
    if (text.ends_with(kWideSpace)) text.remove_suffix(kWideSpace.size());
    if (text == before) return text;
  }
}

/// A row of which the form is right, not yet its place among the others.
struct ReadRow {
  std::size_t line = 0;
  std::string code_text;
  Territory territory;
  std::vector<TerritoryCode> successors;
};

class Reader {
 public:
  Reader(const TerritoryImportRules& rules, const TerritoryTree& known)
      : rules_(rules), known_(known) {}

  TerritoryImport read(std::vector<TerritoryRow> rows) {
    std::vector<ReadRow> read;
    read.reserve(rows.size());
    for (TerritoryRow& row : rows) read_row(std::move(row), read);
    // Parents begin their children's codes, so that code order meets them first.
    std::ranges::stable_sort(read, {}, [](const ReadRow& row) {
      return std::pair(std::string_view(row.territory.code), row.line);
    });
    for (ReadRow& row : read) place_row(std::move(row));
    note_same_names();
    std::ranges::stable_sort(result_.refused, {}, &ImportFinding::line);
    std::ranges::stable_sort(result_.noted, {}, &ImportFinding::line);
    return std::move(result_);
  }

 private:
  void refuse_row(std::size_t line, std::string code, std::string_view why,
                  std::vector<ErrorDetail> details = {}) {
    result_.refused.push_back(
        {line, std::move(code), "territory.import." + std::string(why), std::move(details)});
  }

  void note(std::size_t line, std::string code, std::string_view what,
            std::vector<ErrorDetail> details = {}) {
    result_.noted.push_back(
        {line, std::move(code), "territory.import.note." + std::string(what), std::move(details)});
  }

  void read_row(TerritoryRow row, std::vector<ReadRow>& read) {
    const std::string_view code_text = trim_wide(row.code);
    const auto code = parse_territory_code(code_text);
    if (!code) return refuse_row(row.line, row.code, "code");
    const auto successors = read_successors(row, *code);
    if (!successors) return refuse_row(row.line, row.code, "successor");
    const auto level = read_level(row, *code);
    if (!level) return refuse_row(row.line, row.code, "level", {{"level", row.level}});
    if (!fits_parent(row.parent, *code))
      return refuse_row(row.line, row.code, "parent", {{"parent", row.parent}});
    auto name = read_name(row);
    if (!name) return refuse_row(row.line, row.code, "name");
    const bool is_drawable = !row.boundary || is_closed(*row.boundary);
    if (!is_drawable || (row.centre && !is_on_earth(*row.centre)))
      return refuse_row(row.line, row.code, "boundary");

    Territory territory;
    territory.code = *code;
    territory.level = *level;
    territory.name = {std::move(*name), std::string(trim_wide(row.name_ko)),
                      std::string(trim_wide(row.name_en))};
    territory.valid_from = rules_.valid_from;
    territory.boundary = std::move(row.boundary);
    territory.centre = row.centre;
    territory.drawn = row.drawn;
    read.push_back({row.line, std::move(row.code), std::move(territory), *successors});
  }

  static std::optional<std::vector<TerritoryCode>> read_successors(const TerritoryRow& row,
                                                                   const TerritoryCode& code) {
    std::vector<TerritoryCode> successors;
    for (const std::string& text : row.successors) {
      auto successor = parse_territory_code(trim_wide(text));
      if (!successor || *successor == code) return std::nullopt;
      successors.push_back(std::move(*successor));
    }
    return successors;
  }

  std::optional<Level> read_level(const TerritoryRow& row, const TerritoryCode& code) const {
    const int depth = code_depth(code);
    const std::string_view text = trim_wide(row.level);
    if (const auto named = parse_level(text))
      return level_depth(*named) == depth ? named : std::nullopt;
    if (!text.empty() && parse_integer(text) != depth) return std::nullopt;
    if (depth == 4) return has_desk(row.name) ? Level::subdistrict : Level::level_4_other;
    for (const Level level : {Level::province, Level::prefecture, Level::county, Level::community,
                              Level::grid, Level::building, Level::entrance})
      if (level_depth(level) == depth) return level;
    return std::nullopt;
  }

  bool has_desk(std::string_view name) const {
    const auto ends = [&](const std::string& ending) { return trim_wide(name).ends_with(ending); };
    return rules_.subdistrict_endings.empty() ||
           std::ranges::any_of(rules_.subdistrict_endings, ends);
  }

  static bool fits_parent(std::string_view text, const TerritoryCode& code) {
    if (trim_wide(text).empty()) return true;
    const auto parent = parse_territory_code(trim_wide(text));
    return parent && parent_code(code) == *parent;
  }

  std::optional<std::string> read_name(const TerritoryRow& row) {
    std::string name(trim_wide(row.name));
    if (name.empty() || !is_utf8(name) || !is_utf8(row.name_ko) || !is_utf8(row.name_en) ||
        count_code_points(name) > kLimits.text_code_points_max)
      return std::nullopt;
    for (const auto& [variant, usual] : rules_.usual_endings) {
      if (variant == usual || !name.ends_with(variant)) continue;
      const std::string before = name;
      name.replace(name.size() - variant.size(), variant.size(), usual);
      note(row.line, row.code, "ending", {{"name", before}});
      break;
    }
    return name;
  }

  static bool is_closed(const Boundary& boundary) {
    const auto closed = [](const Ring& ring) {
      return ring.size() >= 4 && ring.front() == ring.back() &&
             std::ranges::all_of(ring, is_on_earth);
    };
    return !boundary.rings.empty() && std::ranges::all_of(boundary.rings, closed);
  }

  void place_row(ReadRow row) {
    const TerritoryCode& code = row.territory.code;
    const auto [first, is_new] = seen_.try_emplace(code, Seen{row.line, row.territory.name.zh});
    if (!is_new) {
      const bool same = first->second.name == row.territory.name.zh;
      return refuse_row(row.line, row.code_text, same ? "repeat" : "conflict",
                        {{"first_line", std::to_string(first->second.line)}});
    }
    if (!row.successors.empty()) {
      result_.successions.push_back({row.line, code, std::move(row.successors)});
      return;
    }
    const auto parent = parent_code(code);
    if (parent && !taken_.contains(*parent) && known_.find(*parent, rules_.valid_from) == nullptr)
      return refuse_row(row.line, row.code_text, "orphan", {{"parent", *parent}});
    if (row.territory.level == Level::level_4_other)
      note(row.line, row.code_text, "level_4_other", {{"name", row.territory.name.zh}});
    drop_names_above(row);
    taken_.emplace(code, row.territory.name.zh);
    result_.territories.push_back(std::move(row.territory));
  }

  std::string_view name_above(const TerritoryCode& code) const {
    if (const auto taken = taken_.find(code); taken != taken_.end()) return taken->second;
    const Territory* known = known_.find(code, rules_.valid_from);
    return known == nullptr ? std::string_view() : std::string_view(known->name.zh);
  }

  /// Some tables write a unit's address as its name. One name above alone stays: the forestry
  /// bureau of a city is called by the city.
  void drop_names_above(ReadRow& row) {
    std::string& name = row.territory.name.zh;
    const std::vector<TerritoryCode> above = codes_above(row.territory.code);
    for (std::size_t lowest = 0; lowest + 1 < above.size(); ++lowest) {
      std::string prefix(name_above(above[lowest]));
      for (std::size_t at = lowest + 1; at < above.size(); ++at) {
        prefix.insert(0, name_above(above[at]));
        if (name.size() <= prefix.size() || !name.starts_with(prefix)) continue;
        note(row.line, row.code_text, "prefix", {{"name", name}});
        name.erase(0, prefix.size());
        return;
      }
    }
  }

  void note_same_names() {
    std::map<std::pair<TerritoryCode, std::string>, TerritoryCode> named;
    for (const Territory& territory : result_.territories) {
      const auto key = std::pair(parent_code(territory.code).value_or(""), territory.name.zh);
      const auto [first, is_new] = named.try_emplace(key, territory.code);
      if (!is_new)
        note(seen_.at(territory.code).line, territory.code, "same_name",
             {{"first_code", first->second}});
    }
  }

  struct Seen {
    std::size_t line = 0;
    std::string name;
  };
  const TerritoryImportRules& rules_;
  const TerritoryTree& known_;
  TerritoryImport result_;
  std::map<TerritoryCode, Seen> seen_;
  std::map<TerritoryCode, std::string> taken_;  ///< code, name
};

}  // namespace

TerritoryImport import_territories(std::vector<TerritoryRow> rows,
                                   const TerritoryImportRules& rules, const TerritoryTree& known) {
  return Reader(rules, known).read(std::move(rows));
}

}  // namespace gewu::kernel
