// What only a file can show: restarts, bytes on the disk, older and newer files, a broken journal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>

#include "base/spans.h"
#include "support/shipped_office.h"
#include "usecase/check_data.h"
#include "usecase/pass_time.h"

namespace gewu {
namespace {

using test::must;
using test::ShippedOffice;
namespace fs = std::filesystem;

class StoreFile : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("gewu_store_file_" + std::to_string(getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string path() const { return (folder_ / "office.db").string(); }

  /// Runs SQL behind the store's back.
  void spoil(const std::string& sql) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(path().c_str(), &handle), SQLITE_OK);
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK)
        << (message ? message : "");
    sqlite3_free(message);
    sqlite3_close(handle);
  }
  std::string all_bytes() const {
    std::string bytes;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      std::ifstream file(entry.path(), std::ios::binary);
      bytes.append(std::istreambuf_iterator<char>(file), {});
    }
    return bytes;
  }

  fs::path folder_;
};

TEST_F(StoreFile, a_restart_gives_the_same_state) {
  ShippedOffice office(path(), test::shipped_directory());
  const auto centre = office.seat("centre_1", "zhang");
  const auto matter = office.submit().matter->id;
  must(office.act(centre, matter, "accept", {{"category", kernel::Key{"lighting"}}}));
  const auto before = office.store->read()->load(matter);
  office.office.reset();
  office.store.reset();
  office.store = must(office.open(path(), test::shipped_directory()));
  const auto after = office.store->read()->load(matter);
  ASSERT_TRUE(after);
  EXPECT_EQ(before->number, after->number);
  EXPECT_EQ(before->state, after->state);
  EXPECT_EQ(before->clocks, after->clocks);
  EXPECT_EQ(before->actions, after->actions);
  usecase::Office again{*office.store, office.clock, office.random};
  EXPECT_THAT(must(usecase::check_data(again)).differences, ::testing::IsEmpty());
}

TEST_F(StoreFile, two_processes_write_one_after_the_other_and_the_journal_stays_one) {
  ShippedOffice serving(path(), test::shipped_directory());
  const auto centre = serving.seat("centre_1", "zhang");
  const auto matter = serving.submit().matter->id;
  {
    // What an import or a publishing beside the server does: its own store on the same file.
    const auto beside = must(serving.open(path(), test::shipped_directory()));
    usecase::Office other{*beside, serving.clock, serving.random};
    must(usecase::submit_matter(other, serving.appeal()));
    usecase::MatterAction accept;
    accept.caller = centre;
    accept.matter = matter;
    accept.action = "accept";
    accept.values = std::vector<kernel::NamedValue>{{"category", kernel::Key{"lighting"}}};
    must(usecase::act_on_matter(other, accept));
  }
  // Its own memory of the matter is from before.
  const auto again = serving.act(centre, matter, "accept", {{"category", kernel::Key{"road"}}});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().key, "appeal.accept.from");
  const auto second = serving.submit().matter->id;
  EXPECT_EQ(serving.store->read()->load(second)->number.back(), '3');
  EXPECT_THAT(must(usecase::check_data(*serving.office)).differences, ::testing::IsEmpty());
}

TEST_F(StoreFile, a_store_that_was_only_opened_writes_after_another_process_wrote) {
  ShippedOffice serving(path(), test::shipped_directory());
  const auto beside = must(serving.open(path(), test::shipped_directory()));
  serving.submit();
  usecase::Office other{*beside, serving.clock, serving.random};
  must(usecase::submit_matter(other, serving.appeal()));
  serving.submit();
  EXPECT_THAT(must(usecase::check_data(*serving.office)).differences, ::testing::IsEmpty());
}

TEST_F(StoreFile, a_restart_gives_the_same_directory_though_parents_sort_behind) {
  ShippedOffice office(path(), nullptr);
  kernel::Organisation parent, child;
  parent.key = "z_house";
  child.key = "a_office";
  for (auto* organisation : {&parent, &child}) {
    organisation->label = {"单位", "", ""};
    organisation->kind = "department";
    organisation->valid_from = *parse_date("2020-01-01");
  }
  child.parent = "z_house";
  must(usecase::change_directory(
      *office.office, {kernel::OrganisationChange{parent}, kernel::OrganisationChange{child}},
      "test"));
  kernel::Post post;
  post.key = "p";
  post.role = "officer";
  post.unit = kernel::organisation_unit("a_office");
  post.organisation = "a_office";
  must(usecase::change_directory(*office.office, {kernel::PostChange{post}}, "test"));
  const auto before = office.store->directory()->roster->organisations().size();
  office.office.reset();
  office.store.reset();
  office.store = must(office.open(path(), nullptr));
  EXPECT_EQ(office.store->directory()->roster->organisations().size(), before);
  EXPECT_TRUE(office.store->directory()->roster->post_by_key("p"));
  usecase::Office again{*office.store, office.clock, office.random};
  kernel::Organisation orphan = child;
  orphan.key = "orphan";
  orphan.parent = "nobody";
  EXPECT_EQ(usecase::change_directory(again, {kernel::OrganisationChange{orphan}}, "test")
                .error().key,
            "organisation.parent");
}

TEST_F(StoreFile, sealed_values_stand_nowhere_in_clear) {
  ShippedOffice office(path(), test::shipped_directory());
  office.submit();
  EXPECT_EQ(all_bytes().find("13900001234"), std::string::npos);
  office.office.reset();
  office.store.reset();
  EXPECT_EQ(all_bytes().find("13900001234"), std::string::npos);
}

TEST_F(StoreFile, erased_words_leave_the_file_with_the_next_purge) {
  // Two characters that stand nowhere else; an index may share the first bytes of its words.
  const std::string trace = std::string("魑魅").substr(2);
  ShippedOffice office(path(), test::shipped_directory());
  const auto centre = office.seat("centre_1", "zhang");
  const auto matter = office.submit("魑魅出没").matter->id;
  must(office.act(centre, matter, "refuse",
                  {{"ground", kernel::Key{"not_ours"}}, {"reason", std::string("不实")}, {"right_door", std::string("无")}}));
  EXPECT_NE(all_bytes().find(trace), std::string::npos);
  office.clock.set(office.clock.now() + 6 * 366 * kMsPerDay);
  must(usecase::pass_all_time(*office.office, 10));
  ASSERT_TRUE(office.store->read()->load(matter)->erased_any);
  must(office.store->fold());
  EXPECT_NE(all_bytes().find(trace), std::string::npos);  // in the index's old segments
  office.clock.set(office.clock.now() + 11 * 60'000);
  must(office.store->fold());
  EXPECT_EQ(all_bytes().find(trace), std::string::npos);
  const auto check = must(usecase::check_data(*office.office));
  EXPECT_THAT(check.differences, ::testing::IsEmpty());
}

TEST_F(StoreFile, lists_of_an_older_executable_are_made_anew) {
  MatterId matter;
  {
    ShippedOffice office(path(), test::shipped_directory());
    matter = office.submit("污水管破裂").matter->id;
    office.submit("井盖丢失");
  }
  spoil("delete from open_count; delete from matter_words;"
        "insert into word_index (word_index) values ('delete-all');"
        "update office set value = '0' where key = 'words_version'");
  ShippedOffice office(path(), test::shipped_directory());
  store::WordQuery query{"污水", {kernel::territory_unit("22")}, {}, {}, 10};
  const auto found = must(office.store->find_words(query));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.front()->id, matter);
  const auto counts =
      must(office.store->count_open(store::WorkQuery::Of::territory, {"222401"}));
  EXPECT_THAT(counts.front(), ::testing::ElementsAre(store::OpenCount{"appeal.received", 2}));
  // The vault of the first is gone with it; what this is about can be compared without keys.
  for (const std::string& difference : must(office.store->take_inventory()).differences)
    ADD_FAILURE() << difference;
}

TEST_F(StoreFile, a_newer_file_is_refused) {
  { ShippedOffice office(path(), test::shipped_directory()); }
  spoil("pragma user_version = 999");
  SeededRandom random(1);
  store::MemoryVault vault(random);
  ManualClock clock;
  store::sqlite::OpenOptions options;
  options.path = path();
  options.clock = &clock;
  options.random = &random;
  options.vault = &vault;
  options.apply_directory = usecase::apply_directory_events;
  options.may_migrate = true;
  const auto opened = store::sqlite::open_store(std::move(options));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().key, "store.newer");
  EXPECT_EQ(must(store::sqlite::read_schema_version(path())), 999);
}

class Spoilt : public StoreFile,
               public ::testing::WithParamInterface<std::pair<const char*, const char*>> {};

INSTANTIATE_TEST_SUITE_P(
    Ways, Spoilt,
    ::testing::Values(
        std::pair{"update event set body = replace(body, 'submit', 'accept') where sequence = 1",
                  "chain"},
        std::pair{"delete from event where sequence = (select max(sequence) from event)",
                  "stream"},
        std::pair{"update matter set snapshot = replace(snapshot, '\"version\":1', "
                  "'\"version\":7')",
                  "version"},
        std::pair{"update worklist set due = due + 1", "worklist"},
        std::pair{"update number_series set last = last + 1", "numbers"},
        std::pair{"delete from delta; delete from cell", "cell"},
        std::pair{"update matter set wake_at = null", "column"}));

TEST_P(Spoilt, is_found_and_named) {
  const auto [sql, expected] = GetParam();
  ShippedOffice office(path(), test::shipped_directory());
  office.submit();
  office.submit();
  office.office.reset();
  office.store.reset();
  spoil(sql);
  office.store = must(office.open(path(), test::shipped_directory()));
  usecase::Office again{*office.store, office.clock, office.random};
  const auto check = must(usecase::check_data(again));
  EXPECT_THAT(check.differences, ::testing::Contains(::testing::HasSubstr(expected)));
}

}  // namespace
}  // namespace gewu
