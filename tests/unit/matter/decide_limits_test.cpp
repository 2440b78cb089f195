#include "decide_office.h"

// The bounds of one decision: how many matters it opens, how deep, and how many others it renews.

namespace gewu::test {
namespace {

constexpr std::string_view kBounds = R"YAML(
system: common
label: 公共件
roles:
  desk: {label: 社区坐班, unit: territory}
lists:
  builtin_state: {transferred: 已移交}
  outcome: {solved: 解决}
---
type: item
version: 1
see: {desk: {fields: all}}
label: 件
fields:
  of: {kind: link, label: 属于, to: batch, parent: true}
states: {made: {label: 已开, final: true}}
actions:
  make: {label: 开, opens: made, by: [system]}
---
type: batch
version: 1
label: 批
fields:
  where: {kind: place, label: 地点, required: true}
  first: {kind: number, label: 一, default: 0}
sets: {items: item.of}
states: {open: 开, done: {label: 完, final: true}}
actions:
  start:
    label: 起
    opens: open
    by: [desk]
    asks: [where]
    input:
      a: {kind: rows, label: 甲, max: 400, fields: {n: {kind: number, label: 数}}}
      b: {kind: rows, label: 乙, max: 400, fields: {n: {kind: number, label: 数}}}
    then:
      a: {open: items, each: input.a}
      b: {open: items, each: input.b}
  finish: {label: 止, from: [open], to: done, by: [desk]}
---
type: level_4
version: 1
see: {desk: {fields: all}}
label: 四
fields: {up: {kind: link, label: 上, to: any, parent: true}}
states: {open: {label: 开, final: true}}
actions:
  make: {label: 开, opens: open, by: [system]}
---
type: level_3
version: 1
see: {desk: {fields: all}}
label: 三
fields: {up: {kind: link, label: 上, to: any, parent: true}}
states: {open: {label: 开, final: true}}
actions:
  make: {label: 开, opens: open, by: [system], then: {next: {open: level_4, with: {up: this}}}}
---
type: level_2
version: 1
see: {desk: {fields: all}}
label: 二
fields: {up: {kind: link, label: 上, to: any, parent: true}}
states: {open: {label: 开, final: true}}
actions:
  make: {label: 开, opens: open, by: [system], then: {next: {open: level_3, with: {up: this}}}}
---
type: level_1
version: 1
see: {desk: {fields: all}}
label: 一
fields: {up: {kind: link, label: 上, to: any, parent: true}}
states: {open: {label: 开, final: true}}
actions:
  make: {label: 开, opens: open, by: [system], then: {next: {open: level_2, with: {up: this}}}}
---
type: level_0
version: 1
label: 零
fields: {where: {kind: place, label: 地点, required: true}}
states: {open: {label: 开, final: true}}
actions:
  make: {label: 开, opens: open, by: [desk], then: {next: {open: level_1, with: {up: this}}}}
---
type: counted
version: 1
label: 被数
fields:
  where: {kind: place, label: 地点, required: true}
  marks_now: {kind: number, label: 记数, value: count(marks)}
sets: {marks: mark.on}
states: {open: 开, done: {label: 完, final: true}}
actions:
  make: {label: 开, opens: open, by: [desk]}
  finish: {label: 止, from: [open], to: done, by: [desk]}
---
type: mark
version: 1
label: 记
fields:
  where: {kind: place, label: 地点, required: true}
  on: {kind: link, label: 记于, to: counted, many: true}
states: {open: {label: 开, final: true}}
actions:
  make: {label: 开, opens: open, by: [desk]}
)YAML";

constexpr std::string_view kLimitsTown = R"YAML(
locality: town
label: 镇
territory: "222401"
systems: {common: on}
calendar: work
calendars:
  work: {zone: Asia/Shanghai, frames: {mon: ['08:30-17:00']}, years: [2026]}
)YAML";

CompileResult compile_bounds(std::string_view system) {
  auto files = files_of(system, "systems/common");
  for (DefinitionFile& place : files_of(kLimitsTown)) files.push_back(std::move(place));
  return compile_localities(files, plain_options());
}

class Bounds : public testing::Test {
 protected:
  void SetUp() override {
    static const CompileResult compiled = compile_bounds(kBounds);
    ASSERT_EQ(errors_of(compiled.messages), "");
    auto directory = std::make_shared<Directory>(*office.directory());
    directory->localities = compiled.localities;
    office.set_directory(directory);
    office.go("2026-11-09 09:00");
  }
  static NamedValue place() {
    return {"where", make_large(Place{.territory = kGrid})};
  }
  static NamedValue rows(Name name, int count) {
    Values all;
    for (int i = 0; i < count; ++i)
      all.push_back(make_large(Row{{{"n", Value(Number{i * kMicros})}}}));
    return {std::move(name), make_set(std::move(all))};
  }
  Result<MatterId> start(int a, int b) {
    return office.open("batch", desk(), {place(), rows("a", a), rows("b", b)}, "start");
  }
  Actor desk() const { return office.at_post(4); }
  Office office;
};

TEST_F(Bounds, five_hundred_are_opened_by_one_decision_and_not_one_more) {
  const auto most = start(250, 250);
  ASSERT_TRUE(most) << most.error().key;
  EXPECT_EQ(office.all_of("item").size(), 500u);
  const auto more = start(250, 251);
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().key, "effect.opened_max");
  // Nothing of it stays.
  EXPECT_EQ(office.all_of("item").size(), 500u);
  EXPECT_EQ(office.all_of("batch").size(), 1u);
}

TEST_F(Bounds, four_levels_are_opened_inside_one_another) {
  const auto first = office.open("level_0", desk(), {place()});
  ASSERT_TRUE(first) << first.error().key;
  EXPECT_EQ(office.all_of("level_4").size(), 1u);
}

TEST_F(Bounds, a_fifth_level_is_refused_by_the_checker) {
  std::string deeper(kBounds);
  const std::string last = "  make: {label: 开, opens: open, by: [system]}\n---\ntype: level_3";
  ASSERT_NE(deeper.find(last), std::string::npos);
  deeper.replace(deeper.find(last), last.size(),
                 "  make: {label: 开, opens: open, by: [system],"
                 " then: {next: {open: item, with: {of: up}}}}\n---\ntype: level_3");
  EXPECT_NE(errors_of(compile_bounds(deeper).messages).find("definition.effect_depth"),
            std::string::npos);
}

TEST_F(Bounds, fifty_others_are_renewed_by_one_event_and_not_one_more) {
  Values on;
  for (int i = 0; i < 51; ++i) {
    const auto made = office.open("counted", desk(), {place()});
    ASSERT_TRUE(made) << made.error().key;
    on.push_back(Link{*made});
  }
  const auto mark = [&](std::size_t count) {
    return office.open(
        "mark", desk(),
        {place(), {"on", make_set(Values(on.begin(), on.begin() + static_cast<long>(count)))}});
  };
  const auto fifty = mark(50);
  ASSERT_TRUE(fifty) << fifty.error().key;
  const auto counted = office.load(on.front().get<Link>()->id);
  EXPECT_EQ(*counted->find_field("marks_now"), Value(Number{kMicros}));
  const auto more = mark(51);
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().key, "matter.touched_max");
  EXPECT_EQ(office.all_of("mark").size(), 1u);
}

}  // namespace
}  // namespace gewu::test
