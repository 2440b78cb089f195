#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/yaml.h"
#include "support/edited_appeal.h"
#include "support/shipped_office.h"

namespace gewu::usecase {
namespace {

using test::must;
using test::ShippedOffice;

TEST(Publish, an_empty_office_takes_up_all_as_compiled_and_a_second_time_nothing) {
  ShippedOffice office(":memory:", nullptr);
  const auto first = must(publish_definitions(*office.office, test::shipped_folder().files, "init"));
  EXPECT_THAT(first.published, ::testing::Contains("yanji"));
  for (const auto& [name, locality] : test::shipped_definitions().localities) {
    const auto* loaded = office.store->directory()->find_locality(name);
    ASSERT_TRUE(loaded) << name;
    for (const auto& [type_name, type] : locality->types) {
      ASSERT_TRUE(loaded->find_type(type_name)) << type_name;
      EXPECT_EQ(loaded->find_type(type_name)->text, type->text) << type_name;
      EXPECT_TRUE(office.store->directory()->find_pinned(type->text_sha256)) << type_name;
    }
  }
  const auto second =
      must(publish_definitions(*office.office, test::shipped_folder().files, "publish"));
  EXPECT_THAT(second.published, ::testing::IsEmpty());
  EXPECT_EQ(second.unchanged.size(), first.published.size());
}

TEST(Publish, errors_are_told_with_file_and_line_and_nothing_is_stored) {
  ShippedOffice office(":memory:", nullptr);
  auto files = must(cli::office_files(test::shipped_folder().files, {"yanji"}));
  auto broken = must(codec::read_yaml("type: broken\nlabel: x\nnonsense: 1\n",
                                      "systems/appeals/broken.yaml"));
  files.push_back({"systems/appeals/broken.yaml", broken.front()});
  const auto refused = publish_definitions(*office.office, files, "init");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().key, "publish.errors");
  EXPECT_THAT(refused.error().others, ::testing::Not(::testing::IsEmpty()));
  EXPECT_EQ(office.store->directory()->localities.size(), 0u);
}

TEST(Publish, a_changed_pinned_part_needs_a_new_version) {
  ShippedOffice office(":memory:", nullptr);
  auto files = must(cli::office_files(test::shipped_folder().files, {"yanji"}));
  must(publish_definitions(*office.office, files, "init"));
  for (auto& file : files)
    if (const auto* type = file.root.find("type"); type && type->text == "appeal")
      file.root.find("actions")->find("submit")->put("offline",
                                                     kernel::Node::scalar("2 day_natural"));
  const auto refused = publish_definitions(*office.office, files, "publish");
  ASSERT_FALSE(refused);
  ASSERT_FALSE(refused.error().others.empty());
  EXPECT_EQ(refused.error().others[0].key, "definition.version_same");
  for (auto& file : files)
    if (const auto* type = file.root.find("type"); type && type->text == "appeal")
      file.root.put("version", kernel::Node::scalar(std::to_string(test::appeal_version() + 1)));
  EXPECT_TRUE(publish_definitions(*office.office, files, "publish"));
  EXPECT_EQ(office.store->directory()->find_locality("yanji")->find_type("appeal")->version,
            test::appeal_version() + 1);
}

}  // namespace
}  // namespace gewu::usecase
