#include "base/persistent_map.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>

namespace gewu {
namespace {

struct Entry {
  int key = 0;
  std::string text;
  bool operator==(const Entry&) const = default;
};
struct KeyOf {
  int operator()(const Entry& entry) const { return entry.key; }
};
using Map = PersistentMap<Entry, KeyOf>;

std::vector<Entry> listed(const Map& map) {
  std::vector<Entry> entries;
  map.visit_all([&](const Entry& entry) { entries.push_back(entry); });
  return entries;
}

std::vector<Entry> listed(const std::map<int, std::string>& plain) {
  std::vector<Entry> entries;
  for (const auto& [key, text] : plain) entries.push_back({key, text});
  return entries;
}

RC_GTEST_PROP(PersistentMapProperty, agrees_with_std_map_and_never_changes, ()) {
  const int range = *rc::gen::element(5, 400);
  const int steps = *rc::gen::inRange(0, 900);
  Map map;
  std::map<int, std::string> plain;
  Map kept;
  std::vector<Entry> kept_as;
  for (int i = 0; i < steps; ++i) {
    const int key = *rc::gen::inRange(0, range);
    if (*rc::gen::inRange(0, 3) > 0) {
      map = map.with({key, std::to_string(i)});
      plain[key] = std::to_string(i);
    } else {
      map = map.without(key);
      plain.erase(key);
    }
    if (i == steps / 2) kept = map, kept_as = listed(plain);
  }
  RC_ASSERT(map.size() == plain.size());
  RC_ASSERT(listed(map) == listed(plain));
  RC_ASSERT(listed(kept) == kept_as);
  for (int key = -1; key <= range; ++key) {
    const auto expected = plain.lower_bound(key);
    const Entry* found = map.next_from(key);
    RC_ASSERT((found == nullptr) == (expected == plain.end()));
    if (found != nullptr) RC_ASSERT(found->key == expected->first);
    RC_ASSERT((map.find(key) != nullptr) == plain.contains(key));
  }
}

TEST(PersistentMap, builds_at_once_and_keeps_the_later_of_two) {
  std::vector<Entry> entries;
  for (int i = 1000; i > 0; --i) entries.push_back({i % 500, std::to_string(i)});
  const Map map = Map::of(entries);
  EXPECT_EQ(map.size(), 500u);
  EXPECT_EQ(map.find(7)->text, "7");
  EXPECT_EQ(map.find(500), nullptr);
  EXPECT_TRUE(Map::of({}).empty());
}

TEST(PersistentMap, a_change_shares_what_it_does_not_touch) {
  std::vector<Entry> entries;
  for (int i = 0; i < 1000; ++i) entries.push_back({i, "x"});
  const Map before = Map::of(entries);
  const Map after = before.with({500, "y"});
  int shared = 0;
  for (int i = 0; i < 1000; ++i) shared += before.find(i) == after.find(i) ? 1 : 0;
  EXPECT_EQ(shared, 999);
}

TEST(PersistentMap, visits_a_range_until_told_to_stop) {
  Map map;
  for (int i = 0; i < 300; i += 3) map = map.with({i, ""});
  std::vector<int> seen;
  map.visit_from(100, [&](const Entry& entry) {
    if (entry.key > 110) return false;
    seen.push_back(entry.key);
    return true;
  });
  EXPECT_EQ(seen, (std::vector<int>{102, 105, 108}));
}

}  // namespace
}  // namespace gewu
