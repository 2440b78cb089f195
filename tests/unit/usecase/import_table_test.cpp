#include "usecase/import_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/shipped_office.h"
#include "usecase/check_data.h"

namespace gewu::usecase {
namespace {

using test::must;
using test::ShippedOffice;

TableRules rules() {
  TableRules made;
  made.valid_from = *parse_date("2020-01-01");
  made.hash_password = [](std::string_view password) -> Result<std::string> {
    return "hash of " + std::string(password);
  };
  return made;
}

TEST(ImportTable, shipped_tables_fill_an_empty_office_and_again_change_nothing) {
  ShippedOffice office(":memory:", nullptr);
  for (const auto& place : test::shipped_folder().tables) {
    TableRules with = rules();
    for (std::size_t i = 0; i < place.territory_csv.size(); ++i) {
      with.grids_geojson = place.grids_geojson[i];
      const auto done = must(import_territory(*office.office, place.territory_csv[i], with));
      EXPECT_THAT(done.refused, ::testing::IsEmpty()) << place.name;
      EXPECT_TRUE(done.stored);
      const auto again = must(import_territory(*office.office, place.territory_csv[i], with));
      EXPECT_EQ(again.taken, 0u) << place.name;
      EXPECT_EQ(again.unchanged, done.taken) << place.name;
    }
    if (place.organisations_csv.empty()) continue;
    for (const auto& [import, csv] :
         {std::pair(&import_organisations, &place.organisations_csv),
          std::pair(&import_posts, &place.posts_csv)}) {
      const auto rows = static_cast<std::size_t>(std::ranges::count(*csv, '\n')) - 1;
      EXPECT_EQ(must(import(*office.office, *csv, with)).taken, rows) << place.name;
      EXPECT_EQ(must(import(*office.office, *csv, with)).taken, 0u) << place.name;
    }
  }
  EXPECT_TRUE(office.store->directory()->territory->find(test::kGrid));
  EXPECT_TRUE(office.store->directory()->roster->post_by_key("centre_1"));
}

constexpr const char* kSuccessor = "222401002001006";

TableRules newer_rules() {
  TableRules made = rules();
  made.valid_from = *parse_date("2026-09-20");
  return made;
}

std::string place_with(ShippedOffice& office, const kernel::Place& place) {
  Submission appeal = office.appeal();
  std::get<std::vector<kernel::NamedValue>>(appeal.values)[1].value = kernel::make_large(place);
  const auto done = submit_matter(*office.office, appeal);
  return done ? done->matter->territory : done.error().key;
}

TEST(ImportTable, a_newer_table_merges_units_and_matters_keep_their_old_grid) {
  ShippedOffice office;
  const kernel::Territory old = *office.store->directory()->territory->find(test::kGrid);
  kernel::Place at_point;
  at_point.point = old.centre;
  ASSERT_EQ(place_with(office, at_point), test::kGrid);
  const auto before = office.submit();
  ASSERT_EQ(before.matter->territory, test::kGrid);

  const std::string csv = std::string("code,name,level,successors\n") + test::kGrid + ',' +
                          old.name.zh + ",grid," + kSuccessor + "\n";
  TableRules looking = newer_rules();
  looking.preview = true;
  EXPECT_EQ(must(import_territory(*office.office, csv, looking)).ended, 1u);
  EXPECT_EQ(office.store->directory()->territory->find(test::kGrid)->valid_until, std::nullopt);
  const auto done = must(import_territory(*office.office, csv, newer_rules()));
  EXPECT_THAT(done.refused, ::testing::IsEmpty());
  EXPECT_TRUE(done.stored);
  EXPECT_EQ(done.taken, 1u);
  EXPECT_EQ(done.ended, 1u);
  const auto* ended = office.store->directory()->territory->find(test::kGrid);
  EXPECT_EQ(ended->valid_until, parse_date("2026-09-20"));
  EXPECT_THAT(ended->successors, ::testing::ElementsAre(kSuccessor));

  // What was there stays and goes on; what is new goes to the successor.
  auto centre = office.seat("centre_1", "centre");
  must(office.act(centre, before.matter->id, "accept", {{"category", kernel::Key{"lighting"}}}));
  EXPECT_EQ(office.store->read()->load(before.matter->id)->territory, test::kGrid);
  EXPECT_EQ(place_with(office, at_point), kSuccessor);
  kernel::Place named;
  named.territory = test::kGrid;
  EXPECT_EQ(place_with(office, named), "appeal.place.ended");
  EXPECT_THAT(must(check_data(*office.office)).differences, ::testing::IsEmpty());

  const auto again = must(import_territory(*office.office, csv, newer_rules()));
  EXPECT_EQ(again.taken, 0u);
  EXPECT_EQ(again.ended, 0u);
  EXPECT_EQ(again.unchanged, 1u);
  EXPECT_THAT(again.refused, ::testing::IsEmpty());
}

TEST(ImportTable, what_a_whole_table_no_longer_lists_ends_and_a_part_says_nothing_of_the_rest) {
  ShippedOffice office;
  const std::string community = "222401002001";
  const auto grids = [&] {
    return office.store->directory()->territory->children(community, newer_rules().valid_from);
  };
  const std::size_t count = grids().size();
  ASSERT_GT(count, 2u);
  std::string csv = "code,name,level\n";
  for (std::size_t i = 0; i + 1 < count; ++i)
    csv += grids()[i]->code + ',' + grids()[i]->name.zh + ",grid\n";
  const std::string last = grids().back()->code;
  const auto part = must(import_territory(*office.office, csv, newer_rules()));
  EXPECT_EQ(part.unchanged, count - 1);
  EXPECT_EQ(part.unlisted, 1u);
  EXPECT_EQ(part.ended, 0u);
  EXPECT_EQ(grids().size(), count);
  const std::string worker = "key,role,unit\nlast_worker,grid_worker,territory:" + last + "\n";
  EXPECT_TRUE(must(import_posts(*office.office, worker, {})).stored);
  TableRules whole = newer_rules();
  whole.whole = community;
  const auto done = must(import_territory(*office.office, csv, whole));
  EXPECT_THAT(done.posts_left, ::testing::Contains("last_worker"));
  EXPECT_EQ(done.ended, 1u);
  EXPECT_EQ(done.taken, 0u);
  EXPECT_TRUE(done.stored);
  EXPECT_EQ(grids().size(), count - 1);
  EXPECT_EQ(office.store->directory()->territory->find(last)->valid_until, whole.valid_from);
  const auto again = must(import_territory(*office.office, csv, whole));
  EXPECT_EQ(again.ended, 0u);
  EXPECT_THAT(again.posts_left, ::testing::IsEmpty());
  whole.whole = "222401099";
  EXPECT_EQ(import_territory(*office.office, csv, whole).error().key, "territory.import.whole");
}

TEST(ImportTable, a_preview_judges_every_cell_and_stores_nothing) {
  ShippedOffice office;
  TableRules looking = rules();
  looking.preview = true;
  const auto columns = [](const TableImport& seen) {
    std::vector<std::string> found;
    for (const RefusedRow& row : seen.refused) found.push_back(row.column);
    return found;
  };
  const auto seen = must(import_organisations(
      *office.office,
      "key,label,kind,parent,territory\nnew_house,新单位,department,,\nNew House,坏,department,,\n"
      "child,子,department,nowhere,\nother,子,department,,12345\nnameless,,department,,\n",
      looking));
  EXPECT_FALSE(seen.stored);
  EXPECT_EQ(seen.taken, 1u);
  EXPECT_THAT(columns(seen), ::testing::ElementsAre("key", "parent", "territory", "label"));
  EXPECT_EQ(office.store->directory()->roster->organisation("new_house"), nullptr);
  const auto accounts = must(import_accounts(
      *office.office, "login,post\nfirst,centre_1\nsecond,nowhere\nthird one,\n", looking));
  EXPECT_FALSE(accounts.stored);
  EXPECT_THAT(columns(accounts), ::testing::ElementsAre("post", "login"));
  EXPECT_FALSE(must(office.store->find_account("first")));
  // Whoever may not learn passwords makes accounts without one.
  TableRules blind = rules();
  blind.hash_password = nullptr;
  const auto refused =
      must(import_accounts(*office.office, "login,post,password\nfirst,,secret\n", blind));
  EXPECT_THAT(columns(refused), ::testing::ElementsAre("password"));
  const auto made = must(import_accounts(*office.office, "login,post\nfirst,\n", blind));
  EXPECT_THAT(made.passwords, ::testing::ElementsAre(::testing::Pair("first", "")));
  EXPECT_EQ(must(office.store->find_account("first"))->password, "");
}

TEST(ImportTable, a_bad_row_keeps_the_file_out_unless_the_good_ones_are_wanted) {
  ShippedOffice office;
  const std::string csv =
      "key,label,kind\nnew_house,新单位,department\nNew House,坏,department\n"
      "new_house,重复,department\nchild,子,department,extra\n";
  const auto none = must(import_organisations(*office.office, csv, rules()));
  EXPECT_FALSE(none.stored);
  EXPECT_EQ(none.taken, 0u);
  ASSERT_EQ(none.refused.size(), 3u);
  EXPECT_EQ(none.refused[0].line, 3);
  EXPECT_EQ(none.refused[0].key, "organisation.key");
  EXPECT_EQ(none.refused[1].key, "import.repeat");
  EXPECT_EQ(none.refused[2].key, "csv.row.cells");
  EXPECT_FALSE(office.store->directory()->roster->organisation("new_house"));
  TableRules partial = rules();
  partial.partial = true;
  EXPECT_EQ(must(import_organisations(*office.office, csv, partial)).taken, 1u);
  EXPECT_TRUE(office.store->directory()->roster->organisation("new_house"));
}

TEST(ImportTable, posts_need_a_unit_that_there_is) {
  ShippedOffice office;
  const auto done = must(import_posts(
      *office.office,
      "key,role,unit,organisation,seats\np1,centre,territory:222401,,2\n"
      "p2,centre,territory:999999999,,1\np3,centre,elsewhere,,1\np4,centre,territory:222401,,0\n"
      "p5,centre,territory:222401,nobody,1\n",
      rules()));
  std::vector<std::string> keys;
  for (const auto& row : done.refused) keys.push_back(row.key);
  EXPECT_THAT(keys, ::testing::ElementsAre("post.unit", "post.unit", "post.seats",
                                           "post.organisation"));
  EXPECT_FALSE(done.stored);
}

TEST(ImportTable, a_post_of_a_role_that_nobody_uses_is_taken_and_noted) {
  ShippedOffice office;
  const auto done = must(import_posts(
      *office.office, "key,role,unit\np1,centre,territory:222401\np2,centr,territory:222401\n", rules()));
  EXPECT_TRUE(done.stored);
  EXPECT_EQ(done.taken, 2u);
  ASSERT_EQ(done.noted.size(), 1u);
  EXPECT_EQ(done.noted[0].key, "post.role.unused");
  EXPECT_EQ(done.noted[0].column, "role");
  EXPECT_EQ(done.noted[0].line, 3);
}

TEST(ImportTable, accounts_get_one_time_passwords_and_seats) {
  ShippedOffice office;
  const auto done = must(import_accounts(
      *office.office, "login,display_name,post,password\nzhang,张某,centre_1,\nli,李某,centre_1,given password\n",
      rules()));
  EXPECT_TRUE(done.stored);
  ASSERT_EQ(done.passwords.size(), 1u);
  EXPECT_EQ(done.passwords[0].first, "zhang");
  EXPECT_EQ(done.passwords[0].second.size(), 19u);
  const auto zhang = must(office.store->find_account(std::string("zhang")));
  ASSERT_TRUE(zhang);
  EXPECT_EQ(zhang->password, "hash of " + done.passwords[0].second);
  EXPECT_EQ(office.store->directory()->roster->posts_held(zhang->id, office.clock.now()).size(), 1u);
  const auto again = must(import_accounts(*office.office, "login,post\nzhang,centre_1\nx y,centre_1\nw2,nothing\n",
                                          rules()));
  std::vector<std::string> keys;
  for (const auto& row : again.refused) keys.push_back(row.key);
  EXPECT_THAT(keys, ::testing::ElementsAre("account.login.taken", "account.login", "post.unknown"));
}

TEST(ImportTable, a_table_without_its_columns_is_refused_whole) {
  ShippedOffice office;
  EXPECT_EQ(import_posts(*office.office, "a,b\n1,2\n", rules()).error().key, "csv.column.missing");
  EXPECT_EQ(import_posts(*office.office, "", rules()).error().key, "csv.empty");
}

}  // namespace
}  // namespace gewu::usecase
