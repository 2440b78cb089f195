#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/yaml.h"
#include "simulation/behaviour.h"
#include "support/shipped_office.h"

namespace gewu::simulation {
namespace {

constexpr const char* kNames = "surnames: [金]\ngiven_names: [美兰]\n";

Result<Behaviour> read(const std::string& text) {
  const auto documents = test::must(codec::read_yaml("demo: town\n" + text, "demo.yaml"));
  return read_behaviour(documents.front());
}

std::string refusal(const std::string& text) {
  const auto read_text = read(text);
  return read_text ? "read" : test::key_of(read_text.error());
}

TEST(Behaviour, what_is_written_is_read) {
  const auto behaviour = test::must(read(
      std::string(kNames) +
      "days: 7\nhours: [9, 17]\nrecent: 30%\n"
      "openings: {a: {type: thing, by: {resident: 3, desk: 1}, count: 9, small: 2}}\n"
      "topics: {lamp: {for: {thing: 2}, values: {kind: light}, texts: {text: [x]}}}\n"
      "delays: {thing.open: [10 minute, 2 day_natural]}\nleft: {thing.open: 5%}\n"
      "weights: {note: 3}\nnumbers: {due: [-1, 4]}\n"));
  EXPECT_EQ(behaviour.locality, "town");
  EXPECT_EQ(behaviour.days, 7);
  EXPECT_EQ(behaviour.hour_until, 17);
  EXPECT_EQ(behaviour.openings.front().by, (Weights{{"resident", 3}, {"desk", 1}}));
  EXPECT_EQ(behaviour.topics.front().types.at("thing"), 2);
  EXPECT_EQ(behaviour.delays.at("thing.open").to, 2 * 24 * 60);
  EXPECT_EQ(behaviour.left_percent.at("thing.open"), 5);
  EXPECT_EQ(behaviour.numbers.at("due"), (std::pair<std::int64_t, std::int64_t>{-1, 4}));
}

TEST(Behaviour, a_faulty_file_is_refused_with_its_line) {
  const std::string names = kNames;
  EXPECT_EQ(refusal("days: 7\n"), "demo.form file=demo.yaml:1 reason=names");
  EXPECT_EQ(refusal(names + "wether: 1\n"), "demo.form file=demo.yaml:4 reason=unknown key wether");
  EXPECT_EQ(refusal(names + "recent: 130%\n"), "demo.form file=demo.yaml:4 reason=percent");
  EXPECT_EQ(refusal(names + "recent: much\n"), "demo.form file=demo.yaml:4 reason=percent");
  EXPECT_EQ(refusal(names + "days: 0\n"), "demo.form file=demo.yaml:1 reason=days");
  EXPECT_EQ(refusal(names + "hours: [9, 25]\n"), "demo.form file=demo.yaml:4 reason=hours");
  EXPECT_EQ(refusal(names + "delays: {any: [2 hour_natural, 1 minute]}\n"),
            "demo.form file=demo.yaml:4 reason=range");
  EXPECT_EQ(refusal(names + "delays: {any: [1 day_working, 2 day_working]}\n"),
            "demo.form file=demo.yaml:4 reason=minutes");
  EXPECT_EQ(refusal(names + "openings: {a: {by: {desk: 1}}}\n"),
            "demo.form file=demo.yaml:4 reason=type");
  EXPECT_EQ(refusal(names + "openings: {a: {type: thing}}\n"),
            "demo.form file=demo.yaml:4 reason=by");
  EXPECT_EQ(refusal(names + "texts: {any: []}\n"), "demo.form file=demo.yaml:4 reason=list");
}

TEST(Behaviour, words_of_the_topic_go_before_those_of_the_form_and_the_last_resort) {
  const auto behaviour = test::must(read(
      std::string(kNames) + "topics: {lamp: {for: {thing: 1}, texts: {result: [own]}}}\n"
                            "texts: {thing.report.result: [form], result: [bare], any: [last]}\n"));
  const Topic& topic = behaviour.topics.front();
  const auto first = [&](const Topic* of, const char* place, const char* name) {
    const auto* words = behaviour.find_texts(of, place, name);
    return words ? words->front() : "none";
  };
  EXPECT_EQ(first(&topic, "thing.report", "result"), "own");
  EXPECT_EQ(first(nullptr, "thing.report", "result"), "form");
  EXPECT_EQ(first(nullptr, "thing.other", "result"), "bare");
  EXPECT_EQ(first(&topic, "thing.report", "comment"), "last");
}

}  // namespace
}  // namespace gewu::simulation
