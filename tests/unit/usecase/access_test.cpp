// Who sees and may do what: every role, in every place that its post may sit, on a matter of every
// type in every state of the shipped definitions, against the written tables in tests/access. A
// change of a definition that widens or narrows anything shows as a line there.
//
//   GEWU_WRITE_ACCESS=1 build/dev/tests/unit/usecase/test_access
//
// writes the tables anew; the difference is to be read before it is committed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include "base/text.h"
#include "http/live.h"
#include "kernel/matter/access.h"
#include "kernel/matter/list_sight.h"
#include "kernel/matter/query.h"
#include "kernel/matter/who_sees.h"
#include "support/shipped_office.h"

namespace gewu::usecase {
namespace {

using namespace gewu::kernel;
using test::must;
using test::ShippedOffice;

constexpr const char* kLocality = "yanji";
constexpr const char* kMatterGrid = test::kGrid;            // 222401002001007
constexpr const char* kOwner = "beishan_street";
constexpr const char* kHandler = "lighting_office";

/// Where a post sits, seen from the matter.
struct Scope {
  const char* name;
  Unit unit;
};
const std::vector<Scope>& scopes_of(Unit::Kind kind) {
  static const std::map<Unit::Kind, std::vector<Scope>> scopes{
      {Unit::Kind::territory,
       {{"here", territory_unit(kMatterGrid)},
        {"above", territory_unit("222401")},
        {"elsewhere", territory_unit("222401001001001")}}},
      {Unit::Kind::organisation,
       {{"owner", organisation_unit(kOwner)},
        {"handler", organisation_unit(kHandler)},
        {"elsewhere", organisation_unit("jinxue_street")}}},
      {Unit::Kind::row, {{"elsewhere", row_unit("999")}}},
      {Unit::Kind::none, {}}};
  return scopes.at(kind);
}

struct Seat {
  std::string role, scope;
  Actor actor;
};

/// The shipped directory with a post of every role in every scope.
class AccessOffice {
 public:
  AccessOffice() : source_(office_.store->read()) {
    auto made = std::make_shared<Directory>(*office_.store->directory());
    locality_ = made->find_locality(kLocality);
    Roster roster = *made->roster;
    std::int64_t id = 9'000'000;
    std::vector<std::pair<Seat, PostId>> posts;
    for (const auto& [name, role] : locality_->roles)
      for (const Scope& scope : scopes_of(role.unit_kind)) {
        Post post;
        post.id = PostId{++id};
        post.key = "access_" + std::to_string(id);
        post.role = name;
        post.unit = scope.unit;
        post.state = PostState::vacant;
        if (scope.unit.kind == Unit::Kind::row) post.organisation = "jinxue_street";
        roster = must(roster.with(post));
        posts.push_back({{name, scope.name, {}}, post.id});
      }
    made->roster = std::make_shared<const Roster>(std::move(roster));
    directory_ = std::move(made);
    for (const auto& [name, kind] : {std::pair{"member", Actor::Kind::member},
                                    std::pair{"author", Actor::Kind::author},
                                    std::pair{"public", Actor::Kind::everyone}}) {
      Seat seat{name, "", {}};
      seat.actor.kind = kind;
      if (kind == Actor::Kind::member) seat.actor.account = AccountId{77};
      if (kind == Actor::Kind::author) seat.actor.receipt_of = MatterId{1};
      seats_.push_back(std::move(seat));
    }
    for (auto& [seat, post] : posts) {
      seat.actor.kind = Actor::Kind::post;
      seat.actor.post = post;
      seat.actor = must(with_post(seat.actor, *directory_, now()));
      seats_.push_back(std::move(seat));
    }
  }

  Instant now() { return office_.clock.now(); }
  Chamber chamber() { return {*directory_, *source_, now(), ids_}; }
  const Directory& directory() const { return *directory_; }
  const Locality& locality() const { return *locality_; }
  const std::vector<Seat>& seats() const { return seats_; }

  /// A matter as it may stand: organisations that it names are its handler, places its grid.
  static SnapshotPtr matter(const TypePtr& type, std::size_t state) {
    auto made = std::make_shared<Snapshot>();
    made->id = MatterId{1};
    made->type = type;
    made->version = 1;
    made->state = state;
    made->number = "1";
    made->opened_at = Instant{1'700'000'000'000};
    if (type->states[state].is_final) made->closed_at = made->opened_at;
    made->has_receipt = true;
    made->territory = kMatterGrid;
    made->owner = organisation_unit(kOwner);
    made->handler = organisation_unit(kHandler);
    for (const FieldSpec& field : type->fields) {
      Value value;
      if (field.kind == FieldKind::organisation && !field.many)
        value = organisation_unit(kHandler);
      if (field.kind == FieldKind::territory && !field.many) value = territory_unit(kMatterGrid);
      made->fields.push_back(std::move(value));
    }
    return made;
  }

 private:
  class Ids : public IdSource {
   public:
    std::int64_t next() override { return ++last_; }

   private:
    std::int64_t last_ = 1'000;
  };
  ShippedOffice office_;
  std::unique_ptr<DossierSource> source_;
  DirectoryPtr directory_;
  const Locality* locality_ = nullptr;
  std::vector<Seat> seats_;
  Ids ids_;
};

/// What one seat sees and may do of a type, over its states.
struct Rights {
  std::map<std::string, std::vector<std::string>> seen;     // audience -> states
  std::map<std::string, std::vector<std::string>> actions;  // action -> states
};

std::string joined(const std::vector<std::string>& names, std::size_t all) {
  if (names.size() == all) return "*";
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : "+") + name;
  return text;
}

std::string joined(const std::map<std::string, std::vector<std::string>>& by_name,
                   std::size_t all) {
  std::string text;
  for (const auto& [name, states] : by_name)
    text += (text.empty() ? "" : " ") + name + ":" + joined(states, all);
  return text;
}

Rights rights_of(AccessOffice& office, const TypePtr& type, const Seat& seat,
                 std::size_t& asked) {
  Rights rights;
  for (std::size_t state = 0; state < type->states.size(); ++state) {
    const SnapshotPtr matter = AccessOffice::matter(type, state);
    const std::string& label = type->states[state].name;
    ++asked;
    const auto seen = must(see_matter(office.chamber(), matter, seat.actor));
    if (!seen) continue;
    rights.seen[seen->audience].push_back(label);
    for (const OfferedAction& offered :
         must(offer_actions(office.chamber(), matter, seat.actor))) {
      ++asked;
      if (offered.spec != nullptr) rights.actions[offered.action].push_back(label);
    }
  }
  return rights;
}

/// One table a system: a line for each type, role and scope that sees more than any member.
using Tables = std::map<std::string, std::string>;

Tables tabulate(AccessOffice& office, std::size_t& asked) {
  Tables tables;
  for (const auto& [name, type] : office.locality().types) {
    std::string& table = tables[type->system];
    if (table.empty()) table = "type,role,scope,sees,may\n";
    std::string of_member;
    for (const Seat& seat : office.seats()) {
      const Rights rights = rights_of(office, type, seat, asked);
      const std::string line = joined(rights.seen, type->states.size()) + "," +
                               joined(rights.actions, type->states.size());
      if (seat.role == "member") of_member = line;
      // What everybody who is signed in has stands once, not for every role there is.
      if (rights.seen.empty() || (!seat.scope.empty() && line == of_member)) continue;
      table += name + "," + seat.role + "," + seat.scope + "," + line + "\n";
    }
  }
  return tables;
}

std::string read_all(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The first line in which two tables differ.
std::string difference(const std::string& written, const std::string& now) {
  std::istringstream a(written), b(now);
  std::string left, right;
  for (int line = 1;; ++line) {
    const bool has_left = static_cast<bool>(std::getline(a, left));
    const bool has_right = static_cast<bool>(std::getline(b, right));
    if (!has_left && !has_right) return "";
    if (!has_left) left = "(nothing)";
    if (!has_right) right = "(nothing)";
    if (left != right)
      return "line " + std::to_string(line) + "\n  written " + left + "\n  now     " + right;
  }
}

TEST(Access, every_role_action_and_scope_is_as_the_written_tables_say) {
  AccessOffice office;
  std::size_t asked = 0;
  const Tables tables = tabulate(office, asked);
  const std::filesystem::path folder = std::filesystem::path(GEWU_SOURCE_DIR) / "tests/access";
  std::size_t lines = 0;
  const bool writes = std::getenv("GEWU_WRITE_ACCESS") != nullptr;
  std::set<std::string> files;
  std::string missing;
  for (const auto& [system, table] : tables) {
    lines += static_cast<std::size_t>(std::ranges::count(table, '\n')) - 1;
    const auto path = folder / (system + ".csv");
    files.insert(path.filename().string());
    if (writes) std::ofstream(path) << table;
    if (!std::filesystem::exists(path)) missing += " " + system;
    else EXPECT_EQ(difference(read_all(path), table), "") << path;
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    EXPECT_TRUE(files.contains(entry.path().filename().string()))
        << entry.path() << " is of no system that is practised";
  std::cout << "access: " << office.locality().types.size() << " types, " << office.seats().size()
            << " seats, " << asked << " questions, " << lines << " lines in " << tables.size()
            << " tables\n";
  // A skip passes here and fails in CI: a system comes with its table.
  if (!missing.empty()) GTEST_SKIP() << "no table yet of" << missing;
}

TEST(Access, who_sees_nothing_may_do_nothing_and_is_told_nothing) {
  AccessOffice office;
  for (const auto& [name, type] : office.locality().types)
    for (const Seat& seat : office.seats())
      for (std::size_t state = 0; state < type->states.size(); ++state) {
        const SnapshotPtr matter = AccessOffice::matter(type, state);
        if (must(see_matter(office.chamber(), matter, seat.actor))) continue;
        const auto offered = must(offer_actions(office.chamber(), matter, seat.actor));
        for (const OfferedAction& action : offered)
          EXPECT_EQ(action.spec, nullptr)
              << name << " " << type->states[state].name << " offers " << action.action << " to "
              << seat.role << " " << seat.scope << ", who may not see it";
      }
}

TEST(Access, posts_elsewhere_see_only_what_is_open_to_all_who_are_signed_in) {
  AccessOffice office;
  for (const auto& [name, type] : office.locality().types)
    for (const Seat& seat : office.seats()) {
      if (seat.scope != "elsewhere") continue;
      for (std::size_t state = 0; state < type->states.size(); ++state) {
        const auto seen =
            must(see_matter(office.chamber(), AccessOffice::matter(type, state), seat.actor));
        if (!seen) continue;
        ASSERT_NE(seen->line, nullptr) << name << " " << seat.role;
        const bool is_open = !comes_before_roles(*seen->line) || seen->line->audience.at ||
                             seen->line->audience.kind == Audience::Kind::holder;
        EXPECT_TRUE(is_open) << name << " " << seat.role << " by " << seen->audience;
      }
    }
}

// Totals rest on list_sight: what it says of a whole list must be so of each matter in it.
TEST(Access, what_a_total_counts_is_seen_and_what_it_leaves_out_is_not) {
  AccessOffice office;
  const std::pair<ListOf, std::string> lists[] = {{ListOf::territory, kMatterGrid},
                                                 {ListOf::territory, "222401002001"},
                                                 {ListOf::owner, kOwner},
                                                 {ListOf::handler, kHandler}};
  std::size_t all = 0, none = 0, some = 0;
  for (const auto& [name, type] : office.locality().types)
    for (const Seat& seat : office.seats()) {
      if (seat.actor.kind != Actor::Kind::post) continue;
      for (std::size_t state = 0; state < type->states.size(); ++state) {
        const bool sees = must(see_matter(office.chamber(), AccessOffice::matter(type, state),
                                          seat.actor)).has_value();
        for (const auto& [of, unit] : lists) {
          const auto sight = list_sight(*type, state, seat.actor, of, unit, office.directory());
          if (sight == ListSight::all) ++all;
          if (sight == ListSight::none) ++none;
          if (sight == ListSight::some) ++some;
          const bool agrees = sight == ListSight::some || sees == (sight == ListSight::all);
          EXPECT_TRUE(agrees) << name << " " << seat.role << " " << seat.scope << " " << unit;
        }
      }
    }
  EXPECT_GT(all, 100u);
  EXPECT_GT(none, 100u);
  std::cout << "totals: all " << all << ", none " << none << ", some " << some << "\n";
}

/// What an open page hears, each id as one word.
class Heard : public http::EventStream {
 public:
  bool send(std::string text) override {
    for (const auto line : split(text, '\n')) {
      if (line.starts_with("id: ")) ids.emplace_back(line.substr(4));
      heard += line.starts_with("id: ") ? std::string("id: ID") : std::string(line);
      heard += '\n';
      changes += line == "event: changed" ? 1 : 0;
    }
    return true;
  }
  void end() override {}
  std::string heard;
  std::vector<std::string> ids;
  std::size_t changes = 0;
};

/// The page of one seat; `sees` by matter id.
std::shared_ptr<Heard> hear(const Seat& seat, const Directory& directory, const Type& type,
                            const std::vector<bool>& sees, bool tell_unseen) {
  SeededRandom random(5);
  http::LiveFeed feed{{[&](const Caller&, const std::vector<MatterId>& matters) {
                         std::vector<bool> may;
                         for (const MatterId matter : matters)
                           may.push_back(sees[static_cast<std::size_t>(matter.value)]);
                         return may;
                       },
                       [](const Caller&) { return std::size_t{0}; }},
                      random};
  http::LivePage page;
  auto heard = std::make_shared<Heard>();
  page.stream = heard;
  if (const Post* post = directory.roster->post(seat.actor.post)) {
    page.interest.posts.push_back(post->id);
    page.interest.units.push_back(post->unit);
    if (post->organisation)
      page.interest.units.push_back(organisation_unit(*post->organisation));
  }
  feed.join(std::move(page));
  feed.deliver();
  for (std::size_t state = 0; state < sees.size(); ++state) {
    Change change;
    change.matter = {static_cast<std::int64_t>(state)};
    change.type = type.name;
    change.territory = kMatterGrid;
    change.owner = kOwner;
    change.handler = kHandler;
    if (sees[state] || tell_unseen) feed.tell({change});
    feed.deliver();
    feed.beat(Instant{1'000});
  }
  return heard;
}

// The live stream: whoever sees a matter on the ground or in the organisation of his post hears
// that it changed, nobody else does, and what is not seen leaves no trace in what is heard.
TEST(Access, the_live_stream_tells_of_what_is_seen_and_nothing_tells_of_the_rest) {
  AccessOffice office;
  std::size_t told = 0, silent = 0, traces = 0;
  for (const auto& [name, type] : office.locality().types)
    for (const Seat& seat : office.seats()) {
      std::vector<bool> sees;
      for (std::size_t state = 0; state < type->states.size(); ++state)
        sees.push_back(must(see_matter(office.chamber(), AccessOffice::matter(type, state),
                                       seat.actor)).has_value());
      const auto heard = hear(seat, office.directory(), *type, sees, true);
      const auto alone = hear(seat, office.directory(), *type, sees, false);
      const bool is_near = !seat.scope.empty() && seat.scope != "elsewhere";
      const auto seen = static_cast<std::size_t>(std::ranges::count(sees, true));
      EXPECT_EQ(heard->changes, is_near ? seen : 0)
          << name << " " << seat.role << " " << seat.scope;
      for (std::size_t state = 0; state < sees.size(); ++state)
        EXPECT_EQ(heard->heard.find("\"matter\":\"" + std::to_string(state) + "\"") !=
                      std::string::npos,
                  is_near && sees[state])
            << name << " " << type->states[state].name << " " << seat.role << " " << seat.scope;
      traces += heard->heard != alone->heard ? 1 : 0;
      const std::set<std::string> ids(heard->ids.begin(), heard->ids.end());
      EXPECT_EQ(ids.size(), heard->ids.size()) << "an id that is heard twice says: nothing since";
      for (const std::string& id : ids) EXPECT_EQ(id.size(), ids.begin()->size());
      told += heard->changes;
      silent += sees.size() - heard->changes;
    }
  EXPECT_EQ(traces, 0u);
  EXPECT_GT(told, 1'000u);
  EXPECT_GT(silent, 1'000u);
  std::cout << "live: told " << told << ", not told " << silent << ", traces of what is not seen "
            << traces << "\n";
}

TEST(Access, who_sees_names_every_post_that_sees) {
  AccessOffice office;
  for (const auto& [name, type] : office.locality().types)
    for (std::size_t state = 0; state < type->states.size(); ++state) {
      const SnapshotPtr matter = AccessOffice::matter(type, state);
      std::set<PostId> named;
      for (const SightLine& line : must(who_sees(office.chamber(), matter)))
        named.insert(line.posts.begin(), line.posts.end());
      for (const Seat& seat : office.seats()) {
        if (seat.actor.kind != Actor::Kind::post) continue;
        const auto seen = must(see_matter(office.chamber(), matter, seat.actor));
        const bool by_name = seen && (seen->line == nullptr || comes_before_roles(*seen->line));
        const bool is_named = named.contains(seat.actor.post);
        EXPECT_TRUE(is_named || !by_name)
            << name << " " << type->states[state].name << " " << seat.role << " " << seat.scope;
        EXPECT_TRUE(!is_named || seen) << name << " " << seat.role << " " << seat.scope;
      }
    }
}

}  // namespace
}  // namespace gewu::usecase
