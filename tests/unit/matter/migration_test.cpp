#include "migration_fixture.h"

// What a migration file must say, against the stored text (language.md 2.8).

namespace gewu::test {
namespace {

using kernel::ClockMove;

/// "KEY:LINE name" of each error, in order.
std::string found(const kernel::Messages& messages) {
  std::string text;
  for (const kernel::Message& message : messages.sorted()) {
    if (message.severity != kernel::Severity::error) continue;
    text += (text.empty() ? "" : ", ") + message.key + ":" + std::to_string(message.line);
    for (const auto& detail : message.details)
      if (detail.name == "name") text += " " + detail.value;
  }
  return text;
}

constexpr const char* kPlain = "migrate: errand\nfrom: 1\nto: 2\n";

TEST(Migration, what_is_the_same_in_both_texts_needs_no_word) {
  const auto made = compile_errand({{"label: 差事", "label: 跑腿"}, {"开", "待办"}}, kPlain);
  EXPECT_EQ(found(made.messages), "");
  ASSERT_TRUE(made.migration);
  EXPECT_EQ(made.migration->states[0], 0u);
  EXPECT_EQ(made.migration->states[2], std::nullopt) << "final ones stay";
  EXPECT_TRUE(made.migration->fields.empty());
}

TEST(Migration, a_locality_knows_those_that_end_at_its_type) {
  const auto now = errands({{"version: 1", "version: 3"}}, kPlain);
  EXPECT_EQ(errors_of(now.messages), "");
  EXPECT_TRUE(now.localities.at("town")->migrations.empty()) << "history";
  const auto at_two = errands({{"version: 1", "version: 2"}}, kPlain);
  ASSERT_EQ(at_two.localities.at("town")->migrations.size(), 1u);
  const kernel::MigrationHead& head = at_two.localities.at("town")->migrations[0];
  EXPECT_EQ(head.key, "errand.1.2");
  const auto again = kernel::from_canonical(kernel::to_canonical(at_two.published.at("town")));
  ASSERT_TRUE(again);
  EXPECT_EQ(kernel::migrations_of(*again), at_two.localities.at("town")->migrations);
}

struct Refusal {
  const char* name;
  Edits edits;
  std::string file;
  std::string expected;
};

class MigrationRefusals : public ::testing::TestWithParam<Refusal> {};

TEST_P(MigrationRefusals, have_a_key_and_a_line) {
  const Refusal& refusal = GetParam();
  const auto made = compile_errand(refusal.edits, kPlain + refusal.file);
  EXPECT_EQ(found(made.messages), refusal.expected);
  EXPECT_FALSE(made.migration);
}

const Edits kNoBusy = {{"busy: 忙, ", ""}, {"to: busy", "to: open, most: 3"},
                       {"[open, busy], to", "[open], to"}, {"in: [open, busy]", "in: [open]"}, {"stock: [open, busy]", "stock: [open]"},
                       {", in_hand: {label: 在手, stock: [busy]}", ""}};
const Edits kNeedsText = {
    {"  amount:", "  why: {kind: text, label: 由, required: true}\n  amount:"}};
const Edits kNeedsNumber = {
    {"  amount:", "  why: {kind: number, label: 由, required: true}\n  amount:"}};
const Edits kLaterClock = {{"within: 5 day_working", "within: 3 day_working"}};
INSTANTIATE_TEST_SUITE_P(
    All, MigrationRefusals,
    ::testing::Values(
        Refusal{"state_without_place", kNoBusy, "", "definition.migration_state:1 busy"},
        Refusal{"state_into_an_end", kNoBusy, "states: {busy: done}\n",
                "definition.migration_final:4 busy"},
        Refusal{"state_never_there", {}, "states:\n  gone: open\n",
                "definition.unknown_state:5 gone"},
        Refusal{"needed_field", kNeedsText, "", "definition.migration_field:1 why"},
        Refusal{"other_kind", {{"{kind: number, label: 数量}", "{kind: text, label: 数量}"}}, "",
                "definition.migration_field:1 amount"},
        Refusal{"wrong_type", kNeedsNumber, "fields: {why: size}\n", "expression.type:4"},
        Refusal{"reads_what_was_not", kNeedsNumber, "fields: {why: why}\n", "expression.name:4"},
        Refusal{"computed",
                {{"  amount:", "  twice: {kind: number, label: 倍, value: amount * 2}\n  amount:"}},
                "fields: {twice: amount}\n", "definition.migration_computed:4 twice"},
        Refusal{"clock_not_treated", kLaterClock, "", "definition.migration_clock:1 answer"},
        Refusal{"clock_unknown", {}, "clocks: {other: keep}\n", "definition.unknown_clock:4 other"},
        Refusal{"clock_gone", {{"clocks: {answer:", "clocks: {reply:"}},
                "clocks: {answer: keep, reply: restart}\n", "definition.migration_stop:4 answer"},
        Refusal{"action_unknown", {}, "actions: {hop: go_on}\n", "definition.unknown_action:4 hop"},
        Refusal{"personal_is_gone",
                {{"  phone: {kind: contact, label: 电话}\n", ""}, {"note, phone, size", "note, size"},
                 {"phone: {after: closed, in: 30 day_natural, purpose: contact}, ", ""},
                 {"see: {clerk: {fields: all, sealed: true}}", "see: {clerk: {fields: all}}"}},
                "",
                "definition.migration_personal:1 note, definition.migration_personal:1 phone, "
                "definition.migration_personal:1 all"},
        Refusal{"personal_is_open", {{"label: 记, personal: true", "label: 记, personal: false"}}, "",
                "definition.migration_personal:1 note"},
        Refusal{"personal_copied",
                {{"  amount:", "  why: {kind: text, label: 由}\n  amount:"}},
                "fields: {why: note}\n", "definition.personal_copied:4 why"}),
    [](const auto& of) { return of.param.name; });

TEST(Migration, of_today_alone_is_checked_without_the_stored_text) {
  const auto errors = [](std::string_view file, const char* version = "version: 2") {
    return found(errands({{"version: 1", version}}, file).messages);
  };
  EXPECT_EQ(errors("migrate: errand\nfrom: 2\nto: 1\n"), "definition.migration_versions:1");
  EXPECT_EQ(errors("migrate: errand\nfrom: 1\nto: 3\n"), "definition.migration_versions:1");
  EXPECT_EQ(errors("migrate: errand\nto: 2\n"), "definition.key_missing:1 from");
  EXPECT_EQ(errors("migrate: nothing\nfrom: 1\nto: 2\n"), "definition.unknown_type:1 nothing");
  EXPECT_EQ(errors("migrate: errand\nfrom: 1\nto: 2\nstate: {}\n"),
            "definition.unknown_key:4 state");
  EXPECT_EQ(errors("migrate: errand\nfrom: 1\nto: 2\nstates: {open: nowhere}\n"),
            "definition.unknown_state:4 nowhere");
  EXPECT_EQ(errors("migrate: errand\nfrom: 1\nto: 2\nclocks: {answer: hurry}\n"),
            "definition.unknown_word:4 hurry");
  EXPECT_EQ(errors("migrate: errand\nfrom: 1\nto: 2\nfields: {nothing: amount}\n"),
            "definition.unknown_field:4 nothing");
  EXPECT_EQ(errors("migrate: errand\nfrom: 1\nto: 2\nactions: {go_on: hop}\n"),
            "definition.unknown_action:4 hop");
  EXPECT_EQ(errors("migrate: errand\nfrom: 1\nto: 2\nstates: {open: nowhere}\n", "version: 3"), "")
      << "history is not read again";
}

TEST(Migration, two_of_one_step_are_one_too_many) {
  auto files = files_of(std::string(kErrands), "systems/common");
  for (int i = 0; i < 2; ++i)
    for (auto& file : files_of("migrate: errand\nfrom: 1\nto: 1\n", "systems/common"))
      files.push_back(std::move(file));
  const auto compiled = kernel::compile_localities(files, plain_options());
  EXPECT_EQ(found(compiled.messages), "definition.file_twice:1 errand.1.1");
}

TEST(Migration, every_word_for_a_clock_can_be_written) {
  for (const char* word : {"keep", "recompute", "recompute_free", "restart", "stop"}) {
    const auto move = kernel::parse_clock_move(word);
    ASSERT_TRUE(move) << word;
    EXPECT_STREQ(kernel::to_text(*move), word);
    const auto made = compile_errand(
        kLaterClock, std::string(kPlain) + "clocks: {answer: " + word + "}\n");
    ASSERT_TRUE(made.migration) << found(made.messages);
    EXPECT_EQ(made.migration->clocks.at("answer"), *move);
  }
}

}  // namespace
}  // namespace gewu::test
