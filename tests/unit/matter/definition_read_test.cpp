#include <cstdlib>
#include <set>

#include "definition_fixture.h"
#include "kernel/matter/expression_tree.h"
#include "kernel/matter/publish_check.h"

// What reading derives, and that what publish stores compiles to the same.

namespace gewu::test {
namespace {

const kernel::CompileResult& shipped() {
  static const kernel::CompileResult result = [] {
    const std::filesystem::path root = GEWU_SOURCE_DIR;
    auto files = read_folder(root, "systems");
    for (const char* folder : {"localities", "tests/localities"})
      for (auto& file : read_folder(root, folder))
        if (!file.path.ends_with("demo.yaml")) files.push_back(std::move(file));
    return compile_localities(files, plain_options());
  }();
  return result;
}

kernel::TypePtr type(const std::string& name, const std::string& place = "yanji") {
  const auto found = shipped().localities.find(place);
  return found == shipped().localities.end() ? nullptr : found->second->find_type(name);
}

TEST(DefinitionRead, knows_what_is_personal_sealed_and_which_key_encrypts_it) {
  const auto appeal = type("appeal");
  ASSERT_NE(appeal, nullptr);
  const auto field = [&](std::string_view name) {
    return appeal->fields[*appeal->find_field(name)];
  };
  EXPECT_TRUE(field("text").personal);
  EXPECT_TRUE(field("place").personal);
  EXPECT_FALSE(field("category").personal);
  EXPECT_TRUE(field("contact").sealed);
  EXPECT_EQ(field("contact").key_slot, 1);
  EXPECT_EQ(field("text").key_slot, 2);
  EXPECT_EQ(field("category").key_slot, 0);
  const auto& reply = *appeal->find_action("reply");
  EXPECT_TRUE(reply.input[1].personal) << "a comment of the author";
  EXPECT_FALSE(type("task")->fields[*type("task")->find_field("what")].personal);
}

TEST(DefinitionRead, knows_which_values_are_stored_over_sets) {
  const auto appeal = type("appeal");
  const auto& listed = appeal->fields[*appeal->find_field("listed")];
  EXPECT_TRUE(listed.over_sets);
  EXPECT_FALSE(listed.live);
}

TEST(DefinitionRead, adds_what_every_type_and_every_register_has) {
  const auto row = type("devolved_power");
  ASSERT_TRUE(row->find_state("transferred").has_value());
  EXPECT_TRUE(row->states[*row->find_state("transferred")].is_final);
  EXPECT_TRUE(row->states[*row->find_state("in_force")].resting);
  EXPECT_EQ(row->find_action("create")->label.zh, "登记");
  EXPECT_EQ(row->find_action("amend")->asks.size(), row->fields.size());
  EXPECT_EQ(row->reference->active, std::vector{*row->find_state("in_force")});
}

TEST(DefinitionRead, resolves_effects_and_clocks) {
  const auto appeal = type("appeal");
  const auto& make = appeal->find_action("split")->then.front();
  EXPECT_EQ(make.kind, kernel::EffectSpec::Kind::open);
  EXPECT_EQ(make.type, "task");
  EXPECT_EQ(make.action, "send");
  EXPECT_EQ(make.link, "about");
  const auto& promise = *appeal->find_clock("promise");
  EXPECT_EQ(promise.reads, std::vector{*appeal->find_field("category")});
  EXPECT_EQ(promise.steps.size(), 2U);
  EXPECT_EQ(promise.extend_most, 1);
  EXPECT_FALSE(appeal->find_clock("accept")->message_windows_always);
  EXPECT_TRUE(appeal->lists.contains("appeal_category"));
  EXPECT_TRUE(appeal->lists.contains("grounds"));
  EXPECT_FALSE(appeal->lists.contains("urgency"));
}

TEST(DefinitionRead, an_opening_asks_every_entered_field_unless_told) {
  const auto order = type("power_order");
  EXPECT_EQ(order->find_action("order")->asks.size(), 4U);
  const auto notice = type("public_notice");
  EXPECT_EQ(notice->find_action("draft")->asks.size(), notice->fields.size());
}

TEST(DefinitionRead, gives_belongs_that_are_not_written) {
  EXPECT_EQ(type("objection")->territory->text(), "notice.territory");
  EXPECT_EQ(type("objection")->owner->text(), "actor.organisation");
  EXPECT_EQ(type("objection")->handler, nullptr);
}

TEST(DefinitionRead, the_variant_begins_with_a_resident) {
  const auto town = type("whistle");
  const auto county = type("whistle", "tonghua_county");
  ASSERT_NE(county, nullptr);
  EXPECT_EQ(county->label.zh, "群众吹哨");
  EXPECT_EQ(county->find_action("sound")->by.front().kind, kernel::Audience::Kind::everyone);
  EXPECT_FALSE(county->find_action("sound")->basis.has_value());
  EXPECT_TRUE(town->find_action("sound")->basis.has_value());
  EXPECT_TRUE(county->find_action("sound")->then.empty());
  EXPECT_EQ(county->find_action("add_issue"), nullptr);
  EXPECT_FALSE(county->find_field("issues").has_value());
  const auto& place = *shipped().localities.at("tonghua_county");
  EXPECT_TRUE(place.lists.at("urgency").find("emergency")->off);
  EXPECT_EQ(place.levels.at(kernel::Level::grid).zh, "小区网格");
  EXPECT_FALSE(place.levels.contains(kernel::Level::entrance));
  EXPECT_EQ(place.find_type("menu_item"), nullptr) << "powers are off";
}

TEST(Published, what_is_stored_compiles_to_the_same) {
  kernel::SharedTypes shared;
  for (const auto& [name, locality] : shipped().localities) {
    const std::string text = to_canonical(shipped().published.at(name));
    const auto published = kernel::from_canonical(text);
    ASSERT_TRUE(published.has_value()) << name;
    EXPECT_EQ(to_canonical(*published), text);
    const auto loaded = load_locality(*published, plain_options(), shared);
    ASSERT_TRUE(loaded.has_value()) << name << " " << loaded.error().key;
    EXPECT_EQ((*loaded)->name, name);
    EXPECT_EQ((*loaded)->territory, locality->territory);
    EXPECT_EQ((*loaded)->roles, locality->roles);
    EXPECT_EQ((*loaded)->levels, locality->levels);
    ASSERT_EQ((*loaded)->types.size(), locality->types.size());
    for (const auto& [key, compiled] : locality->types) {
      EXPECT_EQ((*loaded)->types.at(key)->text, compiled->text);
      EXPECT_EQ((*loaded)->types.at(key)->text_sha256, compiled->text_sha256);
    }
    EXPECT_EQ((*loaded)->calendar->name(), locality->calendar->name());
  }
}

TEST(Published, an_old_text_loads_beside_todays) {
  const auto appeal = type("appeal");
  const auto old =
      load_pinned_type(appeal->text, shipped().published.at("yanji"), plain_options());
  ASSERT_TRUE(old.has_value()) << old.error().key;
  EXPECT_EQ((*old)->text, appeal->text);
  EXPECT_EQ((*old)->text_sha256, appeal->text_sha256);
  EXPECT_EQ((*old)->actions.size(), appeal->actions.size());
}

TEST(Published, damaged_text_is_refused) {
  const std::string text = to_canonical(shipped().published.at("yanji"));
  EXPECT_FALSE(kernel::from_canonical(text.substr(0, text.size() / 2)).has_value());
  EXPECT_FALSE(kernel::from_canonical("").has_value());
}

kernel::PublishedLocality with_type(std::string_view path, std::string_view value) {
  kernel::PublishedLocality systems = shipped().systems;
  kernel::Node* node = systems.node.find("types")->find("task")->find("definition");
  std::string_view rest = path;
  while (true) {
    const auto slash = rest.find('/');
    const std::string key(rest.substr(0, slash));
    if (slash == std::string_view::npos) {
      node->put(key, kernel::Node::scalar(std::string(value)));
      return systems;
    }
    node = node->find(key);
    rest.remove_prefix(slash + 1);
  }
}

TEST(Publishing, a_changed_rule_needs_a_new_version_and_changed_words_do_not) {
  const auto check = [](const kernel::PublishedLocality& after) {
    return errors_of(check_publication(shipped().systems, after));
  };
  EXPECT_EQ(check(shipped().systems), "");
  EXPECT_EQ(check(with_type("actions/take/label", "接单")), "");
  EXPECT_NE(check(with_type("actions/resend/most", "9")).find("definition.version_same"),
            std::string::npos);
  EXPECT_NE(check(with_type("clocks/check/within", "3 day_working")).find("version_same"),
            std::string::npos);
  EXPECT_NE(check(with_type("version", "0")).find("definition.version_back"), std::string::npos);
  auto raised = with_type("actions/resend/most", "9");
  raised.node.find("types")->find("task")->find("definition")->put("version",
                                                                   kernel::Node::scalar("2"));
  EXPECT_EQ(check(raised), "");
}

TEST(Publishing, the_pinned_part_leaves_labels_out) {
  EXPECT_EQ(pinned_part(*type("task")).find("交办任务"), std::string::npos);
  EXPECT_NE(pinned_part(*type("task")), pinned_part(*type("appeal")));
}

/// The blocks of the drafts: terse on purpose, without labels on fields, inputs and conditions.
TEST(Drafts, the_first_systems_are_read_with_no_fault_but_their_terseness) {
  const char* shared = std::getenv("GEWU_SHARED");
  const std::filesystem::path root =
      shared != nullptr ? std::filesystem::path(shared)
                        : std::filesystem::path(GEWU_SOURCE_DIR) / ".." / "shared";
  std::ifstream stream(root / "design" / "drafts.md");
  if (!stream) GTEST_SKIP() << "no drafts here";
  std::vector<kernel::DefinitionFile> files;
  std::string line, block, section;
  bool inside = false;
  while (std::getline(stream, line)) {
    if (line.starts_with("### ")) section = line.substr(4, line.find(' ', 4) - 4);
    const bool wanted = section == "3.0" || section == "3.1" || section == "3.2";
    if (line == "```yaml" && wanted) {
      inside = true;
      block.clear();
    } else if (line == "```" && inside) {
      inside = false;
      for (auto& file : files_of(block, "systems/" + section)) files.push_back(std::move(file));
    } else if (inside) {
      block += line + "\n";
    }
  }
  ASSERT_EQ(files.size(), 10U);
  const auto result = compile_localities(files, plain_options());
  std::set<std::string> keys;
  for (const auto& message : result.messages.all())
    if (message.severity == kernel::Severity::error) keys.insert(message.key);
  // Labels are left out; `agenda_item` and `devolved_power` are of systems that are not in these
  // blocks; the drafts forgot to let anybody see the contact of an objection, and are older than
  // the rules that a personal field says what it is kept for and that a clock pauses by two.
  EXPECT_EQ(keys, (std::set<std::string>{"definition.label_missing", "definition.unknown_type",
                                         "definition.field_unseen", "definition.purpose_missing",
                                         "definition.pause_apart", "expression.name"}))
      << errors_of(result.messages);
}

}  // namespace
}  // namespace gewu::test
