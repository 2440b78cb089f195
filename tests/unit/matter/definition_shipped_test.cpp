#include "definition_fixture.h"
#include "kernel/matter/read_plan.h"

// The definitions that Gewu ships compile without an error, as publish demands it.

namespace gewu::test {
namespace {

std::vector<kernel::DefinitionFile> shipped() {
  const std::filesystem::path root = GEWU_SOURCE_DIR;
  auto files = read_folder(root, "systems");
  for (const char* folder : {"localities", "tests/localities"})
    for (kernel::DefinitionFile& file : read_folder(root, folder)) files.push_back(std::move(file));
  return files;
}

TEST(DefinitionShipped, compiles_without_an_error) {
  const auto result = compile_localities(shipped(), plain_options());
  EXPECT_EQ(errors_of(result.messages), "");
  for (const char* name : {"jilin", "yanbian", "yanji", "tonghua_county"})
    EXPECT_TRUE(result.localities.contains(name)) << name;
}

/// The bounds of docs/decisions/cost.md, measured: what comes near one is seen here first.
TEST(DefinitionShipped, costs_stay_below_their_bounds) {
  const auto result = compile_localities(shipped(), plain_options());
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
