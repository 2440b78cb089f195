#include "base/spans.h"
#include "unit/http/http_office.h"
#include "unit/http/with_settings.h"
#include "usecase/pass_time.h"

// What a notice says happened: the label of the action or the clock that told, in three languages.

namespace gewu::test {
namespace {

using codec::Json;

/// The office's definitions with words for the steps of clocks, a key with words of its own, and a
/// task that tells of its deadline.
std::string with_words() {
  std::string system(kSystem);
  const auto put = [&](std::string_view before, std::string_view added, std::string_view after) {
    const std::string written = std::string(before) + std::string(after);
    const auto at = system.find(written);
    if (at == std::string::npos) ADD_FAILURE() << "not in the definitions: " << written;
    else system.insert(at + before.size(), added);
  };
  put("\nlists:\n",
      "  builtin_step: {before: {zh: 将到期, en: due soon}, due: {zh: 到期, en: fell due}}\n"
      "  message: {unseal_drawn: {zh: 请核查, ko: 확인 요망}}\n", "");
  put("\nsettings:\n", "  unseal_drawn: {kind: number, default: 100}\n", "");
  put("\"100%\": red}, then: {", "\"80%\": {urge: {tell: officer@by_whom}}, ", "\"100%\": {list_it:");
  return system;
}

class Notices : public testing::Test {
 protected:
  Notices() { publish_system(office, with_words()); }

  std::string act(const std::string& id, const char* login, const std::string& action,
                  const std::string& values) {
    const auto reply =
        office.post("/api/matters/" + id + "/actions",
                    R"({"action":")" + action + R"(","values":)" + values + "}",
                    office.browser(login));
    EXPECT_EQ(reply.status, 200) << reply.body;
    return reply.body;
  }
  /// An appeal that is with a department, the task in it told to the department.
  std::string handled() {
    const std::string id(*office.submit().string_at("id"));
    act(id, "centre", "accept", R"({"category":"lighting"})");
    act(id, "dispatcher", "split",
        R"({"tasks":[{"by_whom":"lighting_office","what":"换灯","due":"2026-12-01"}]})");
    return id;
  }
  void pass_days(int days) {
    office.clock.set(office.clock.now() + days * kMsPerDay);
    const auto passed = usecase::pass_all_time(*office.office, 100);
    ASSERT_TRUE(passed) << passed.error().key;
    EXPECT_TRUE(passed->failed.empty());
  }
  /// The labels of the notices of a post, newest first; a key alone where nothing names it.
  std::vector<std::string> told(const char* login, const char* language) {
    const Json json = HttpOffice::json(office.get("/api/notices", office.browser(login)));
    std::vector<std::string> found;
    for (const Json& notice : *json.array_at("notices")) {
      const Json* label = notice.find("label");
      found.emplace_back(label ? label->string_at(language).value_or("")
                               : *notice.string_at("text"));
    }
    return found;
  }

  HttpOffice office;
};

TEST_F(Notices, an_action_that_told_is_called_by_its_label) {
  handled();
  EXPECT_EQ(told("officer", "zh"), std::vector<std::string>{"派"});
}

TEST_F(Notices, a_clock_that_told_says_how_near_its_end_is) {
  handled();
  pass_days(21);  // to a working hour: posts are told in office hours
  EXPECT_EQ(told("officer", "zh"), (std::vector<std::string>{"办理 将到期", "派"}));
}

TEST_F(Notices, a_key_with_words_of_its_own_is_said_in_them) {
  const std::string id(*office.submit().string_at("id"));
  act(id, "caller", "unseal", R"({"ground":"call_back","reason":"回访"})");
  EXPECT_EQ(told("centre", "zh"), std::vector<std::string>{"请核查"});
  EXPECT_EQ(told("centre", "ko"), std::vector<std::string>{"확인 요망"});
}

TEST_F(Notices, what_no_text_of_today_knows_goes_without_a_label) {
  const std::string id(*office.submit().string_at("id"));
  act(id, "caller", "unseal", R"({"ground":"call_back","reason":"回访"})");
  std::string later = with_words();
  later.replace(later.find("unseal_drawn: {zh"), 12, "other_answer");
  publish_system(office, later);
  EXPECT_EQ(told("centre", "zh"), std::vector<std::string>{"unseal_drawn"});
}

}  // namespace
}  // namespace gewu::test
