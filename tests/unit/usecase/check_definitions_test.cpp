#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/edited_appeal.h"
#include "support/shipped_office.h"
#include "usecase/check_definitions.h"

// What `gewu check` lets pass, publish lets pass, and the other way round.

namespace gewu::usecase {
namespace {

using kernel::DefinitionFile;
using kernel::Message;
using kernel::Severity;
using test::must;
using test::ShippedOffice;

const std::string kFile = "systems/whistles/whistle_call.yaml";

using Places = std::vector<std::string>;

/// The shipped files of some places, with one text in place of another in one of them.
std::vector<DefinitionFile> edited(const std::string& path, const std::string& old,
                                   const std::string& now, const Places& places = {"yanji"}) {
  std::string text = test::shipped_text(path);
  const auto at = text.find(old);
  if (at == std::string::npos) throw std::runtime_error("not in " + path + ": " + old);
  text.replace(at, old.size(), now);
  auto files = must(cli::office_files(test::shipped_folder().files, places));
  for (DefinitionFile& file : files)
    if (file.path == path) file = test::yaml_file(path, text);
  return files;
}

std::vector<DefinitionFile> booked_to(const std::string& organisation,
                                      const Places& places = {"yanji"}) {
  return edited(kFile, "refusals: {flow: refuse, book_to: unit",
                "refusals: {flow: refuse, book_to: " + organisation, places);
}

std::vector<Message> errors_of(const kernel::CompileResult& compiled) {
  std::vector<Message> errors;
  for (const Message& message : compiled.messages.sorted())
    if (message.severity == Severity::error) errors.push_back(message);
  return errors;
}

std::vector<Message> checked(const std::vector<DefinitionFile>& files) {
  return errors_of(check_definitions(files, organisations_of(test::shipped_tables(), files)));
}

std::size_t line_of(const std::string& path, const std::string& text) {
  const std::string all = test::shipped_text(path);
  return 1 + static_cast<std::size_t>(
                 std::count(all.begin(), all.begin() + static_cast<long>(all.find(text)), '\n'));
}

TEST(CheckDefinitions, what_is_shipped_holds_for_check_and_publish) {
  EXPECT_THAT(checked(must(cli::office_files(test::shipped_folder().files, {}))),
              ::testing::IsEmpty());
  ShippedOffice office;
  const auto here = must(cli::office_files(test::shipped_folder().files, {"yanji"}));
  EXPECT_TRUE(publish_definitions(*office.office, here, "publish", PublishMode::dry_run));
}

TEST(CheckDefinitions, an_organisation_that_nobody_is_is_refused_where_it_stands) {
  const auto files = booked_to("nobody_at_all");
  const auto errors = checked(files);
  ASSERT_THAT(errors, ::testing::Not(::testing::IsEmpty()));
  for (const Message& error : errors) {
    EXPECT_EQ(error.key, "expression.key");
    EXPECT_EQ(error.file, kFile);
    EXPECT_EQ(static_cast<std::size_t>(error.line), line_of(kFile, "refusals: {flow: refuse"));
  }
  ShippedOffice office;
  const auto published = publish_definitions(*office.office, files, "publish");
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().others.front().key, "expression.key");
}

TEST(CheckDefinitions, an_organisation_of_another_place_is_nobody_here) {
  // The department stands in one county's table; the system is practised by other places too.
  EXPECT_THAT(checked(booked_to("appeals_centre")), ::testing::IsEmpty());
  const auto errors = checked(booked_to("appeals_centre", {"yanji", "tonghua_county"}));
  ASSERT_THAT(errors, ::testing::Not(::testing::IsEmpty()));
  EXPECT_EQ(errors.front().key, "expression.key");
}

TEST(CheckDefinitions, a_place_knows_those_above_and_below_it) {
  const std::vector<DefinitionFile> files = {
      test::yaml_file("localities/wide/locality.yaml", "locality: wide\n"),
      test::yaml_file("localities/town/locality.yaml", "locality: town\nextends: wide\n"),
      test::yaml_file("localities/other/locality.yaml", "locality: other\nextends: wide\n"),
      test::yaml_file("localities/alone/locality.yaml", "locality: alone\n")};
  std::vector<LocalityTables> tables(3);
  tables[0] = {"wide", {}, {}, "key,label,kind\nwide_office,x,department\n", ""};
  tables[1] = {"town", {}, {}, "key,label,kind\ntown_office,x,department\n", ""};
  tables[2] = {"other", {}, {}, "key,label,kind\nother_office,x,department\n", ""};
  const auto known = organisations_of(tables, files);
  EXPECT_THAT(*known("town"), ::testing::ElementsAre("town_office", "wide_office"));
  EXPECT_THAT(*known("wide"),
              ::testing::ElementsAre("other_office", "town_office", "wide_office"));
  EXPECT_FALSE(known("alone"));  // no table says anything of it
}

TEST(CheckDefinitions, where_no_table_is_every_word_may_be_one) {
  const auto files = booked_to("nobody_at_all");
  EXPECT_THAT(errors_of(check_definitions(files, organisations_of({}, files))),
              ::testing::IsEmpty());
  ShippedOffice empty(":memory:", nullptr);
  EXPECT_TRUE(publish_definitions(*empty.office, files, "init"));
}

/// A condition in tables that stand in one another.
std::string nested(int levels) {
  std::string table = "true";
  for (int i = 0; i < levels; ++i) table = "{of: state, else: " + table + "}";
  return table;
}

TEST(CheckDefinitions, what_could_not_be_read_back_is_refused_before_it_is_stored) {
  const auto files = edited(kFile, "refusals: {flow: refuse,",
                            "refusals: {flow: refuse, where: " + nested(28) + ",");
  const auto errors = checked(files);
  ASSERT_THAT(errors, ::testing::Not(::testing::IsEmpty()));
  EXPECT_EQ(errors.front().key, "definition.stored");
  EXPECT_THAT(errors.front().file, ::testing::StartsWith("localities/"));
  ShippedOffice office;
  const auto published = publish_definitions(*office.office, files, "publish");
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().key, "publish.errors");
}

}  // namespace
}  // namespace gewu::usecase
