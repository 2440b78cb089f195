// Single bytes changed by hand in the file of an office, and in an export: each is found, and the
// first line that is not as it was written is named. GEWU_TAMPERINGS: how many (./test --long:
// 10,000 of the file and as many of the export).
#include "unit/usecase/tampering.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "security/token.h"
#include "usecase/check_data.h"
#include "usecase/verify_export.h"

namespace gewu::usecase {
namespace {

using test::Hand;
using test::must;
using test::RecordedOffice;
using ::testing::IsEmpty;

std::size_t tamperings(std::size_t usual) {
  const char* asked = std::getenv("GEWU_TAMPERINGS");
  return asked ? static_cast<std::size_t>(std::atoll(asked)) : usual;
}

/// Another seed, other bytes: a long run may go in several processes.
std::uint64_t seed_of() {
  const char* asked = std::getenv("GEWU_TAMPER_SEED");
  return asked ? static_cast<std::uint64_t>(std::atoll(asked)) : 20260922;
}

std::string shown(std::string literal) {
  return literal.size() > 60 ? literal.substr(0, 60) + "…" : literal;
}

TEST(Tampering, every_single_byte_changed_in_the_file_is_found) {
  RecordedOffice recorded;
  ASSERT_THAT(must(check_data(recorded.office())).differences, IsEmpty());
  Hand hand(recorded.path());
  std::mt19937_64 random(seed_of());
  std::map<std::string, std::size_t> tried;
  std::size_t missed = 0, misnamed = 0;
  for (std::size_t done = 0, wanted = tamperings(120); done < wanted;) {
    const auto change = hand.spoil(random);
    if (!change) continue;
    ++done;
    ++tried[change->table];
    const auto check = check_data(recorded.office());
    const std::string what = change->table + "." + change->column + " of " + shown(change->row) +
                             ": " + shown(change->before) + " -> " + shown(change->after);
    if (check && check->differences.empty()) {
      ++missed;
      ADD_FAILURE() << "not found: " << what;
    }
    if (check && change->table == "event" &&
        (change->column == "body" || change->column == "hash")) {
      const std::string sequence =
          change->where_before.substr(change->where_before.find("\"sequence\" is ") + 14);
      const std::string line = sequence.substr(0, sequence.find(' '));
      if (check->differences.empty() || check->differences.front() != "chain " + line) ++misnamed;
    }
    hand.mend(*change);
  }
  EXPECT_EQ(missed, 0u);
  EXPECT_EQ(misnamed, 0u);
  for (const std::string& table : hand.tables())
    if (std::getenv("GEWU_TAMPERINGS")) std::printf("%6zu %s\n", tried[table], table.c_str());
  EXPECT_THAT(must(check_data(recorded.office())).differences, IsEmpty());
}

TEST(Tampering, rows_taken_out_or_put_in_are_found) {
  RecordedOffice recorded;
  Hand hand(recorded.path());
  for (const std::string& table : hand.tables()) {
    if (hand.column("select count(*) from " + table).front() == "0") continue;
    hand.run("create temp table kept as select * from " + table);
    const std::string last = table == "tree_node" || table == "delta" ? "" : " limit 1";
    if (!last.empty()) {
      hand.run("create temp table gone as select * from " + table + " order by random()" + last);
      const auto names = hand.column("select name from pragma_table_info('" + table + "')");
      std::string same;
      for (const std::string& name : names)
        same += (same.empty() ? "" : " and ") + ("t.\"" + name + "\" is g.\"" + name + "\"");
      hand.run("delete from " + table + " as t where exists (select 1 from gone g where " + same +
               ")");
      const auto check = check_data(recorded.office());
      EXPECT_TRUE(!check || !check->differences.empty()) << "a row less in " << table;
      hand.run("insert into " + table + " select * from gone; drop table gone");
    }
    hand.run("drop table kept");
  }
  EXPECT_THAT(must(check_data(recorded.office())).differences, IsEmpty());
}

using Files = std::map<std::string, std::string>;

Files export_of(Office& office) {
  Files files;
  for (const char* name : {kJournalFile, kRootsFile, kFiguresFile, kManifestFile}) files[name];
  must(export_journal(office, [&](const char* file, std::string_view line) -> Status {
    files[file] += std::string(line) + "\n";
    return {};
  }));
  return files;
}

ReadLines lines_of(const Files& files) {
  return [&files](const char* name,
                  const std::function<Status(std::string_view)>& each) -> Status {
    std::string_view rest = files.at(name);
    while (!rest.empty()) {
      const auto end = rest.find('\n');
      if (end == std::string_view::npos) return each(std::string(rest) + '\0');
      GEWU_CHECK(each(rest.substr(0, end)));
      rest.remove_prefix(end + 1);
    }
    return {};
  };
}

VerifyWish wish_of() {
  VerifyWish wish;
  wish.preset = test::shipped_directory();
  return wish;
}

TEST(Tampering, every_single_byte_changed_in_an_export_is_found) {
  RecordedOffice recorded;
  Files files = export_of(recorded.office());
  const VerifyWish wish = wish_of();
  ASSERT_THAT(must(verify_export(lines_of(files), wish)).differences, IsEmpty());
  std::mt19937_64 random(seed_of());
  std::vector<std::string> names;
  for (const auto& [name, text] : files) names.push_back(name);
  std::size_t missed = 0, misnamed = 0;
  for (std::size_t i = 0, wanted = tamperings(120); i < wanted; ++i) {
    const std::string& name = names[random() % names.size()];
    std::string& text = files[name];
    const std::size_t at = random() % text.size();
    const char old = text[at];
    text[at] = static_cast<char>(old ^ static_cast<char>(1 + random() % 255));
    const auto check = verify_export(lines_of(files), wish);
    if (check && check->differences.empty()) {
      ++missed;
      ADD_FAILURE() << "not found: " << name << " byte " << at;
    }
    const auto line = std::to_string(std::count(text.begin(),
                                                text.begin() + static_cast<std::ptrdiff_t>(at),
                                                '\n') + 1);
    if (check && name == kJournalFile && old != '\n' && text[at] != '\n' &&
        (check->differences.empty() || (check->differences.front() != "chain " + line &&
                                        check->differences.front() != "line " + line + ": form")))
      ++misnamed;
    text[at] = old;
  }
  EXPECT_EQ(missed, 0u);
  EXPECT_EQ(misnamed, 0u);
  EXPECT_THAT(must(verify_export(lines_of(files), wish)).differences, IsEmpty());
}

/// Whoever holds the machine and the key writes another past: only what left the house tells.
TEST(Tampering, another_past_with_its_own_roots_is_told_by_a_witness_alone) {
  RecordedOffice first, second(1);
  Files files = export_of(second.office());
  VerifyWish wish = wish_of();
  EXPECT_THAT(must(verify_export(lines_of(files), wish)).differences, IsEmpty());
  wish.witnessed = {first.roots[1]};
  EXPECT_THAT(must(verify_export(lines_of(files), wish)).differences,
              ::testing::Contains(::testing::HasSubstr("published root 2")));
  wish.witnessed = {second.roots[1], second.roots[0]};
  EXPECT_THAT(must(verify_export(lines_of(files), wish)).differences, IsEmpty());
  SeededRandom random(8);
  wish.key = security::public_key_of(security::Key::generate(random));
  EXPECT_THAT(must(verify_export(lines_of(files), wish)).differences,
              ::testing::ElementsAre("root 1: key", "root 2: key", "root 3: key"));
}

TEST(Tampering, an_older_copy_is_told_by_the_root_that_came_after_it) {
  RecordedOffice recorded;
  const Files older = export_of(recorded.office());
  recorded.shipped().submit();
  VerifyWish wish = wish_of();
  wish.witnessed = {recorded.sign()};
  EXPECT_THAT(must(verify_export(lines_of(older), wish)).differences,
              ::testing::ElementsAre("published root 4: beyond the journal"));
}

TEST(Tampering, a_receipt_finds_its_lines_and_figures_in_an_export) {
  RecordedOffice recorded;
  const Files files = export_of(recorded.office());
  VerifyWish wish = wish_of();
  wish.receipt = must(security::read_receipt_code(recorded.receipts[1]));
  const auto check = must(verify_export(lines_of(files), wish));
  EXPECT_TRUE(check.receipt_found);
  ASSERT_GE(check.receipt.size(), 2u);
  EXPECT_EQ(check.receipt.front().action, "submit");
  EXPECT_EQ(check.receipt.front().root, 1);
  EXPECT_FALSE(check.receipt.front().figures.empty());
  SeededRandom other(99);
  wish.receipt = security::issue_receipt_code(other).stored;
  EXPECT_FALSE(must(verify_export(lines_of(files), wish)).receipt_found);
}

TEST(Tampering, nothing_personal_stands_open_in_an_export) {
  RecordedOffice recorded;
  for (const auto& [name, text] : export_of(recorded.office())) {
    EXPECT_EQ(text.find("13900001234"), std::string::npos) << name;
    EXPECT_EQ(text.find("金某某"), std::string::npos) << name;
    EXPECT_EQ(text.find("职员"), std::string::npos) << name;
    for (const std::string& code : recorded.receipts)
      EXPECT_EQ(text.find(code), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace gewu::usecase
