#include <fstream>
#include <set>
#include <sstream>

#include "codec/yaml.h"
#include "unit/http/http_office.h"

// Replies of the real office against openapi.yaml: every member that is sent must be in the
// contract, with its type; every required one must be sent.

namespace gewu::test {
namespace {

using codec::Json;
using codec::JsonKind;
using kernel::Node;

const Node* child(const Node& node, std::string_view key) { return node.find(key); }

std::string text_of(const Node& node, std::string_view key) {
  const Node* found = child(node, key);
  return found ? found->text : "";
}

class Contract {
 public:
  Contract() {
    std::ifstream file(std::string(GEWU_SOURCE_DIR) + "/openapi.yaml");
    std::stringstream text;
    text << file.rdbuf();
    auto nodes = codec::read_yaml(text.str(), "openapi.yaml");
    if (nodes) root_ = std::move(nodes->front());
    else ADD_FAILURE() << "openapi.yaml: " << nodes.error().key;
  }

  /// What is wrong with a value of a schema, a line each; empty: nothing.
  std::string faults_of(const Json& json, const std::string& schema) const {
    std::string faults;
    check(json, *child(*child(*child(root_, "components"), "schemas"), schema), schema, faults);
    return faults;
  }
  /// The schema of a 2xx reply.
  std::string faults_of_reply(const Json& json, const std::string& path,
                              const std::string& method, const std::string& status) const {
    std::string faults;
    const Node* node = &root_;
    for (const std::string& key : {std::string("paths"), path, method, std::string("responses"),
                                   status, std::string("content"), std::string("application/json"),
                                   std::string("schema")}) {
      node = child(*node, key);
      if (!node) return "the contract has no " + key + " of " + path;
    }
    check(json, *node, path, faults);
    return faults;
  }

 private:
  const Node& resolve(const Node& schema) const {
    const std::string reference = text_of(schema, "$ref");
    if (reference.empty()) return schema;
    const Node* node = &root_;
    for (const auto part : split(std::string_view(reference).substr(2), '/'))
      node = child(*node, part);
    return resolve(*node);
  }

  /// Properties and required names of a schema with those of its `allOf`.
  void collect(const Node& given, std::map<std::string, const Node*>& properties,
               std::set<std::string>& required, bool& is_open) const {
    const Node& schema = resolve(given);
    if (const Node* parts = child(schema, "allOf"))
      for (const Node& part : parts->items) collect(part, properties, required, is_open);
    if (const Node* own = child(schema, "properties"))
      for (const auto& entry : own->entries) properties[entry.key] = &entry.value;
    if (const Node* names = child(schema, "required"))
      for (const Node& name : names->items) required.insert(name.text);
    if (child(schema, "additionalProperties")) is_open = true;
  }

  void check_object(const Json& json, const Node& schema, const std::string& where,
                    std::string& faults) const {
    std::map<std::string, const Node*> properties;
    std::set<std::string> required;
    bool is_open = false;
    collect(schema, properties, required, is_open);
    for (const std::string& name : required)
      if (!json.find(name)) faults += where + " lacks " + name + "\n";
    for (const codec::JsonMember& member : *json.as_object()) {
      const auto known = properties.find(member.key);
      if (known != properties.end())
        check(member.value, *known->second, where + "." + member.key, faults);
      else if (!is_open)
        faults += where + " has an unknown " + member.key + "\n";
    }
  }

  void check(const Json& json, const Node& given, const std::string& where,
             std::string& faults) const {
    const Node& schema = resolve(given);
    const std::string type = child(schema, "allOf") ? "object" : text_of(schema, "type");
    const auto wrong = [&] { faults += where + " is no " + type + "\n"; };
    if (type == "object") {
      if (!json.as_object()) return wrong();
      check_object(json, schema, where, faults);
    } else if (type == "array") {
      if (!json.as_array()) return wrong();
      for (const Json& item : *json.as_array())
        check(item, *child(schema, "items"), where + "[]", faults);
    } else if (type == "string") {
      if (!json.as_string()) return wrong();
      check_enum(std::string(*json.as_string()), schema, where, faults);
    } else if (type == "integer") {
      if (!json.as_integer()) wrong();
    } else if (type == "number") {
      if (!json.as_number_text()) wrong();
    } else if (type == "boolean") {
      if (!json.as_boolean()) wrong();
    }
  }

  static void check_enum(const std::string& text, const Node& schema, const std::string& where,
                         std::string& faults) {
    const Node* values = child(schema, "enum");
    if (!values) return;
    for (const Node& value : values->items)
      if (value.text == text) return;
    faults += where + " may not be " + text + "\n";
  }

  Node root_;
};

class ContractTest : public testing::Test {
 protected:
  void expect_reply(const std::string& path, const std::string& target, const Browser& browser) {
    const auto reply = office.get("/api" + target, browser);
    ASSERT_EQ(reply.status, 200) << target << " " << reply.body;
    EXPECT_EQ(contract.faults_of_reply(HttpOffice::json(reply), path, "get", "200"), "") << target;
  }
  Json act(const std::string& id, const std::string& who, const std::string& action,
           const std::string& values = "{}") {
    const auto reply = office.post("/api/matters/" + id + "/actions",
                                   R"({"action":")" + action + R"(","values":)" + values + "}",
                                   office.browser(who));
    EXPECT_EQ(reply.status, 200) << action << " " << reply.body
                                 << (office.log.empty() ? "" : office.log.back());
    if (reply.status != 200) return {};
    Json json = HttpOffice::json(reply);
    EXPECT_EQ(contract.faults_of(json, "Matter"), "") << action;
    return json;
  }
  /// A boundary is judged and proposed, and stands among those that wait.
  void expect_drawings(const Browser& administrator) {
    const std::string path = "/territory/{code}/drawing/";
    const std::string target = "/api/territory/222401002001/drawing/";
    const auto body = [](std::int64_t version) {
      return R"({"valid_from":"2026-01-01","version":)" + std::to_string(version) +
             R"(,"grids":"{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",)"
             R"(\"properties\":{\"code\":\"222401002001007\"},\"geometry\":{\"type\":\"Polygon\",)"
             R"(\"coordinates\":[[[129.5,42.9],[129.509,42.9],[129.509,42.91],[129.5,42.91],)"
             R"([129.5,42.9]]]}}]}"})";
    };
    const Json checked = HttpOffice::json(office.post(target + "check", body(0), administrator));
    EXPECT_EQ(contract.faults_of_reply(checked, path + "check", "post", "200"), "");
    const Json proposed = HttpOffice::json(office.post(
        target + "propose", body(checked.integer_at("version").value_or(0)), administrator));
    EXPECT_EQ(contract.faults_of_reply(proposed, path + "propose", "post", "200"), "");
    EXPECT_TRUE(proposed.string_at("proposed"));
    expect_reply("/drawings", "/drawings", administrator);
    const auto waiting = HttpOffice::json(office.get("/api/drawings", administrator));
    EXPECT_EQ(waiting.array_at("drawings")->size(), 1u);
  }
  HttpOffice office;
  Contract contract;
};

TEST_F(ContractTest, the_checker_itself_notices_what_is_wrong) {
  const auto faults = [&](const char* text) {
    return contract.faults_of(*codec::parse_json(text), "Error");
  };
  EXPECT_EQ(faults(R"({"code":"invalid","key":"k"})"), "");
  EXPECT_EQ(faults(R"({"code":"invalid"})"), "Error lacks key\n");
  EXPECT_EQ(faults(R"({"code":"bad","key":"k"})"), "Error.code may not be bad\n");
  EXPECT_EQ(faults(R"({"code":"invalid","key":1})"), "Error.key is no string\n");
  EXPECT_EQ(faults(R"({"code":"invalid","key":"k","x":1})"), "Error has an unknown x\n");
  EXPECT_EQ(faults(R"({"code":"invalid","key":"k","others":[{}]})"),
            "Error.others[] lacks code\nError.others[] lacks key\n");
}

TEST_F(ContractTest, replies_about_the_office) {
  const Browser nobody, centre = office.browser("centre");
  for (const Browser& browser : {nobody, centre}) {
    expect_reply("/health", "/health", browser);
    expect_reply("/me", "/me", browser);
    expect_reply("/types", "/types", browser);
    expect_reply("/types/{type}", "/types/appeal", browser);
    expect_reply("/types/{type}", "/types/whistle", browser);
    expect_reply("/lists/{list}", "/lists/appeal_category", browser);
    expect_reply("/public/figures", "/public/figures", browser);
    expect_reply("/public/notices", "/public/notices", browser);
    expect_reply("/public/places/{code}", "/public/places/" + kGrid, browser);
    expect_reply("/territory", "/territory", browser);
    expect_reply("/territory", "/territory?parent=222401", browser);
    expect_reply("/territory/at", "/territory/at?lon=129.505&lat=42.905", browser);
    expect_reply("/organisations", "/organisations", browser);
  }
  expect_reply("/indicators", "/indicators", centre);
  for (const Browser& browser : {nobody, centre})
    expect_reply("/territory/{code}", "/territory/222401002", browser);
  expect_reply("/organisations", "/organisations?kind=department&territory=222401", centre);
  expect_reply("/posts", "/posts?role=dispatcher", centre);
  expect_reply("/posts", "/posts?territory=" + kGrid, centre);
  expect_reply("/views", "/views", centre);
}

TEST_F(ContractTest, replies_of_search_sight_views_and_many_at_once) {
  const Json opened = office.submit(), other = office.submit();
  const std::string id(*opened.string_at("id")), second(*other.string_at("id"));
  const std::string receipt(*opened.string_at("receipt"));
  const Browser centre = office.browser("centre");
  const std::string words = "%E7%81%AF%E4%B8%8D%E4%BA%AE";  // 灯不亮
  expect_reply("/search", "/search?q=" + words, centre);
  const Json found = HttpOffice::json(office.get("/api/search?q=" + words, centre));
  EXPECT_EQ(found.array_at("matters")->size(), 2u);
  const Json page = HttpOffice::json(office.get("/api/matters?words=" + words, centre));
  EXPECT_EQ(page.array_at("rows")->size(), 2u);
  const Json all = HttpOffice::json(office.get("/api/matters", centre));
  EXPECT_EQ(all.integer_at("total"), 2);
  const Json node = HttpOffice::json(office.get("/api/territory/222401002", centre));
  EXPECT_EQ(node.object_at("node")->size() > 0, true);
  EXPECT_EQ(node.find("node")->integer_at("open"), 2);
  expect_reply("/matters/{id}/sight", "/matters/" + id + "/sight", centre);
  expect_reply("/matters/{id}", "/matters/" + id, centre);
  const auto many = office.post(
      "/api/matters/actions",
      R"({"action":"accept","values":{"category":"lighting"},"rows":[{"matter":")" + id +
          R"(","request":"00000000-0000-4000-8000-000000000001"},{"matter":"12345"},{"matter":")" +
          second + R"(","version":99}]})",
      centre);
  ASSERT_EQ(many.status, 200) << many.body;
  EXPECT_EQ(contract.faults_of_reply(HttpOffice::json(many), "/matters/actions", "post", "200"),
            "");
  const Json answered = HttpOffice::json(many);
  const auto& results = *answered.array_at("results");
  ASSERT_EQ(results.size(), 3u);
  EXPECT_EQ(results[0].boolean_at("done"), true);
  EXPECT_EQ(results[0].find("row")->string_at("state"), "accepted");
  EXPECT_EQ(results[1].find("error")->string_at("key"), "not_found");
  EXPECT_EQ(results[2].find("error")->string_at("key"), "matter.version");
  EXPECT_EQ(office.post("/api/views", R"({"name":"红灯","filter":"lamp=red"})", centre).status, 204);
  expect_reply("/views", "/views", centre);
  EXPECT_EQ(office.post("/api/views/drop", R"({"name":"红灯"})", centre).status, 204);
}

TEST_F(ContractTest, replies_of_what_would_follow) {
  const std::string id(*office.submit().string_at("id"));
  const Browser centre = office.browser("centre");
  const auto action = office.post("/api/matters/" + id + "/preview",
                                  R"({"action":"accept","values":{"category":"lighting"}})", centre);
  ASSERT_EQ(action.status, 200) << action.body;
  EXPECT_EQ(contract.faults_of(HttpOffice::json(action), "Preview"), "");
  const Json told = HttpOffice::json(action);
  const auto& matters = *told.array_at("matters");
  ASSERT_EQ(matters.size(), 1U);
  EXPECT_FALSE(matters[0].array_at("clocks")->empty());
  const std::string opening =
      R"({"type":"supervision","values":{"about":")" + id + R"(","why":"chosen"}})";
  const auto opened = office.post("/api/matters/preview", opening, centre);
  ASSERT_EQ(opened.status, 200) << opened.body;
  EXPECT_EQ(contract.faults_of(HttpOffice::json(opened), "Preview"), "");
  EXPECT_EQ(office.post("/api/matters/preview", opening).status, 401);
  EXPECT_EQ(HttpOffice::key_of(office.get("/api/matters?view=call_back", centre)), "list.view");
}

TEST_F(ContractTest, what_is_asked_wrongly_of_the_lists_is_refused_by_key) {
  const Browser centre = office.browser("centre");
  const auto key = [&](const std::string& target) {
    return HttpOffice::key_of(office.get("/api" + target, centre));
  };
  EXPECT_EQ(key("/search?q="), "search.words");
  EXPECT_EQ(key("/search?q=a&of=all"), "search.of");
  EXPECT_EQ(key("/search?q=a&rows=51"), "search.rows");
  EXPECT_EQ(key("/search?q=a&rows=x"), "search.rows");
  EXPECT_EQ(key("/search?q=a&cursor=x"), "list.cursor");
  EXPECT_EQ(key("/posts?rows=0"), "post.rows");
  EXPECT_EQ(key("/territory/99"), "not_found");
  EXPECT_EQ(key("/matters/1/sight"), "not_found");
  const auto post = [&](const std::string& target, const std::string& body) {
    return HttpOffice::key_of(office.post("/api" + target, body, centre));
  };
  EXPECT_EQ(post("/views", "{}"), "view.name");
  EXPECT_EQ(post("/views", R"({"name":"a"})"), "view.filter");
  EXPECT_EQ(post("/views/drop", R"({"name":"a"})"), "not_found");
  EXPECT_EQ(post("/matters/actions", R"({"rows":[]})"), "action.required");
  EXPECT_EQ(post("/matters/actions", R"({"action":"a","rows":[]})"), "bulk.rows");
  EXPECT_EQ(post("/matters/actions", R"({"action":"a","rows":[{}]})"), "bulk.row");
  EXPECT_EQ(post("/matters/actions", R"({"action":"a","rows":[{"matter":"1","x":1}]})"),
            "json.unknown");
  std::string rows;
  for (int i = 0; i < 51; ++i) rows += std::string(i ? "," : "") + R"({"matter":"1"})";
  EXPECT_EQ(post("/matters/actions", R"({"action":"a","rows":[)" + rows + "]}"), "bulk.rows");
  EXPECT_EQ(HttpOffice::key_of(office.get("/api/search?q=a")), "session.absent");
}

TEST_F(ContractTest, replies_all_along_the_loop_of_an_appeal) {
  const Json opened = office.submit();
  EXPECT_EQ(contract.faults_of(opened, "Opened"), "");
  const std::string id(*opened.string_at("id")), receipt(*opened.string_at("receipt"));
  act(id, "centre", "accept", R"({"category":"lighting"})");
  act(id, "centre", "note", R"({"text":"已联系"})");
  const Json split = act(id, "dispatcher", "split", R"({"tasks":[{"by_whom":"lighting_office",)"
                                                    R"("what":"修灯","due":"2026-11-20"}]})");
  ASSERT_TRUE(split.array_at("parts"));
  ASSERT_EQ(split.array_at("parts")->size(), 1U);
  const std::string task((*split.array_at("parts"))[0].string_at("id").value());
  act(task, "officer", "take");
  act(task, "officer", "report", R"({"result":"已修"})");
  // Whoever sent it out may not say that it is done well if he handled it; he did not.
  act(task, "dispatcher_two", "pass");
  act(id, "caller", "call", R"({"reached":true})");
  for (const char* who : {"centre", "dispatcher", "caller", "officer"}) {
    const Browser browser = office.browser(who);
    const std::string& theirs = who == std::string("officer") ? task : id;
    expect_reply("/matters/{id}", "/matters/" + theirs, browser);
    expect_reply("/matters/{id}/timeline", "/matters/" + task + "/timeline",
                 office.browser("dispatcher"));
    expect_reply("/notices", "/notices", browser);
  }
  expect_reply("/matters", "/matters", office.browser("dispatcher"));
  expect_reply("/matters", "/matters?of=parent&unit=" + id, office.browser("dispatcher"));
  expect_reply("/receipts/{code}", "/receipts/" + receipt, {});
  expect_reply("/receipts/{code}/timeline", "/receipts/" + receipt + "/timeline", {});
  expect_reply("/receipts/{code}/proof", "/receipts/" + receipt + "/proof", {});
  const auto solved = office.ask({.method = "POST",
                                  .target = "/api/receipts/" + receipt + "/actions",
                                  .body = R"({"action":"reply","values":{"answer":"solved"}})",
                                  .peer = "203.0.113.5"});  // at home
  ASSERT_EQ(solved.status, 200) << solved.body;
  EXPECT_EQ(contract.faults_of(HttpOffice::json(solved), "Matter"), "");
  EXPECT_EQ(HttpOffice::json(solved).string_at("state"), "closed");
  EXPECT_EQ(HttpOffice::json(solved).string_at("outcome"), "solved");
  for (const char* name : {"appeal.came_in", "appeal.satisfied", "appeal.on_time"}) {
    const std::string path = std::string("/indicators/") + name;
    const Browser centre = office.browser("centre");
    expect_reply("/indicators/{name}", path + "?unit=222401", centre);
    expect_reply("/indicators/{name}", path + "?unit=222401&by=child", centre);
    expect_reply("/indicators/{name}/records", path + "/records?unit=222401", centre);
  }
  expect_reply("/indicators/{name}", "/indicators/appeal.came_in?unit=222401&by=channel",
               office.browser("centre"));
}

TEST_F(ContractTest, a_calendar_notice_is_previewed_and_agreed_to_by_two) {
  const Json opened = office.submit();
  const std::string id(*opened.string_at("id"));
  act(id, "centre", "accept", R"({"category":"other"})");
  std::string places(kPlaces);
  places.replace(places.find("\"2026-10-01\""), 12, "\"2026-11-12\", \"2026-10-01\"");
  auto files = files_of(kSystem, "systems/common");
  for (kernel::DefinitionFile& place : files_of(places)) files.push_back(std::move(place));
  std::erase_if(files, [](const auto& file) { return file.path.find("county") != file.path.npos; });
  ASSERT_TRUE(usecase::publish_definitions(*office.office, files, "test"));

  const Browser centre = office.browser("centre"), caller = office.browser("caller");
  const auto asked = [&](const Browser& browser, const std::string& body) {
    return office.post("/api/calendar-notice", body, browser);
  };
  EXPECT_EQ(HttpOffice::key_of(office.get("/api/calendar-notice", centre)), "account.administer");
  EXPECT_EQ(HttpOffice::key_of(asked(centre, R"({"fingerprint":"x"})")), "account.administer");
  for (const char* login : {"centre", "caller"}) {
    auto account = **office.store->find_account(login);
    account.may_administer = true;
    ASSERT_TRUE(usecase::change_account(*office.office, account));
  }
  expect_reply("/calendar-notice", "/calendar-notice", centre);
  const Json preview = HttpOffice::json(office.get("/api/calendar-notice", centre));
  EXPECT_EQ(preview.find("later")->as_integer(), 1);
  EXPECT_EQ(preview.array_at("rows")->size(), 1u);
  const std::string body =
      R"({"fingerprint":")" + std::string(*preview.string_at("fingerprint")) + R"("})";
  EXPECT_EQ(HttpOffice::key_of(asked(centre, "{}")), "calendar.fingerprint");
  EXPECT_EQ(HttpOffice::key_of(asked(centre, R"({"fingerprint":"x"})")), "calendar.stale");
  const auto proposed = asked(centre, body);
  EXPECT_EQ(contract.faults_of_reply(HttpOffice::json(proposed), "/calendar-notice", "post", "200"),
            "");
  EXPECT_EQ(HttpOffice::json(proposed).find("moved")->as_boolean(), false);
  EXPECT_EQ(HttpOffice::key_of(asked(centre, body)), "calendar.second_person");
  EXPECT_EQ(HttpOffice::json(asked(caller, body)).find("moved")->as_boolean(), true);
  EXPECT_EQ(HttpOffice::key_of(asked(caller, body)), "calendar.nothing");
  expect_reply("/matters/{id}/timeline", "/matters/" + id + "/timeline", centre);
}

TEST_F(ContractTest, accounts_tables_and_definitions_of_an_administrator) {
  auto account = **office.store->find_account("centre");
  account.may_administer = true;
  ASSERT_TRUE(usecase::change_account(*office.office, account));
  const Browser centre = office.browser("centre");
  office.submit();
  office.get("/api/matters?rows=20", centre);  // a row shows what a resident wrote
  for (const char* path :
       {"/accounts", "/all-posts", "/definitions", "/office", "/audit/log", "/audit/reads"})
    expect_reply(path, path, centre);
  expect_reply("/accounts/{login}", "/accounts/officer", centre);
  const auto made = office.post("/api/accounts", R"({"login":"new_one"})", centre);
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(contract.faults_of_reply(HttpOffice::json(made), "/accounts", "post", "201"), "");
  const auto judged = office.post(
      "/api/imports/accounts",
      R"({"csv":"login,post\nother_one,\nno spaces,\nlast,nowhere\n","partial":true})", centre);
  EXPECT_EQ(contract.faults_of_reply(HttpOffice::json(judged), "/imports/{table}", "post", "200"),
            "");
  EXPECT_EQ(HttpOffice::json(judged).array_at("tokens")->size(), 1u);
  expect_drawings(centre);
  const Json place = HttpOffice::json(office.get("/api/definitions", centre));
  const Json& first = place.array_at("localities")->front();
  const std::string name(*first.string_at("name"));
  const std::string type(*first.array_at("types")->front().string_at("name"));
  expect_reply("/definitions/{locality}/{type}", "/definitions/" + name + "/" + type, centre);
}

TEST_F(ContractTest, refusals) {
  const Browser centre = office.browser("centre");
  for (const auto& reply :
       {office.get("/api/nothing"), office.get("/api/matters"), office.get("/api/matters/1"),
        office.post("/api/matters", R"({"type":"appeal","values":{"text":1,"nothing":2}})"),
        office.post("/api/matters", R"({"type":"nothing","values":{}})"),
        office.post("/api/matters", "{"), office.get("/api/receipts/x"),
        office.post("/api/notices/read", "{}", centre), office.get("/api/types/nothing"),
        office.get("/api/lists/nothing"), office.get("/api/indicators/x.y", centre)}) {
    EXPECT_GE(reply.status, 400);
    EXPECT_EQ(contract.faults_of(HttpOffice::json(reply), "Error"), "") << reply.body;
  }
}

}  // namespace
}  // namespace gewu::test
