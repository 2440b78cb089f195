#include "definition_fixture.h"

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

}  // namespace
}  // namespace gewu::test
