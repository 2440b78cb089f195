#include "definition_fixture.h"
#include "kernel/matter/built_in.h"
#include "kernel/matter/read_plan.h"

// The definitions that Gewu ships compile without an error, as publish demands it.

namespace gewu::test {
namespace {

std::vector<kernel::DefinitionFile> shipped_files() {
  const std::filesystem::path root = GEWU_SOURCE_DIR;
  auto files = read_folder(root, "systems");
  for (const char* folder : {"localities", "tests/localities"})
    for (kernel::DefinitionFile& file : read_folder(root, folder)) files.push_back(std::move(file));
  return files;
}

TEST(DefinitionShipped, compiles_without_an_error) {
  const auto result = compile_localities(shipped_files(), plain_options());
  EXPECT_EQ(errors_of(result.messages), "");
  for (const char* name : {"jilin", "yanbian", "yanji", "tonghua_county"})
    EXPECT_TRUE(result.localities.contains(name)) << name;
}

/// What the code names itself has words in every place: they stand in lists of `common`.
TEST(DefinitionShipped, built_in_actions_and_their_inputs_have_words) {
  const auto result = compile_localities(shipped_files(), plain_options());
  std::size_t seen = 0;
  for (const auto& [name, locality] : result.localities) {
    const auto has_word = [&](const char* list, const kernel::Name& key) {
      const auto found = locality->lists.find(list);
      return found != locality->lists.end() && found->second.find(key) != nullptr;
    };
    for (const auto& [type_name, type] : locality->types)
      for (const kernel::Name& action : built_in_actions(*type)) {
        const kernel::Name word = action.substr(action.find('.') + 1);
        EXPECT_TRUE(has_word("builtin_action", word)) << name << " " << word;
        for (const kernel::FieldSpec& input : built_in_inputs(*type, action)) {
          ++seen;
          EXPECT_TRUE(has_word("builtin_input", input.name)) << name << " " << input.name;
        }
      }
  }
  EXPECT_GT(seen, 0u);
}

/// The bounds of docs/decisions/cost.md, measured: what comes near one is seen here first.
TEST(DefinitionShipped, costs_stay_below_their_bounds) {
  const auto result = compile_localities(shipped_files(), plain_options());
  std::size_t most = 0, types = 0;
  std::string dearest;
  for (const auto& [name, locality] : result.localities)
    for (const auto& [type_name, type] : locality->types) {
      const kernel::FindType find = [&](std::string_view other) -> const kernel::Type* {
        return locality->find_type(other).get();
      };
      const std::size_t rows =
          estimate_rows(*type, type->read_plan, find, kernel::kSetSizeExpected);
      ++types;
      if (rows > most) {
        most = rows;
        dearest = name + " " + type_name;
      }
    }
  EXPECT_GT(types, 100u);
  EXPECT_LE(most, 500u) << dearest << " of " << types;
  EXPECT_GT(most, kernel::kSetSizeExpected) << "sets are counted";
}

}  // namespace
}  // namespace gewu::test
