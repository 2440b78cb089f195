#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "definition_fixture.h"
#include "kernel/matter/migration.h"

// Two texts of one small type, and what moves matters between them.

namespace gewu::test {

inline constexpr std::string_view kErrands = R"YAML(system: common
label: 公共件
lists:
  builtin_state: {transferred: 已移交}
  outcome: {done: 办结, transferred: 移交}
  size: {small: 小, large: 大}
  purposes: {contact: 联系}
settings:
  personal_purpose: {kind: choice, list: purposes, default: contact}
  personal_retention: {kind: limit, default: 5 year}
roles: {clerk: {label: 办事员, unit: territory}}
---
type: errand
version: 1
label: 差事
fields:
  note: {kind: text, label: 记, personal: true}
  phone: {kind: contact, label: 电话}
  size: {kind: choice, label: 大小, list: size}
  amount: {kind: number, label: 数量}
  room: {kind: text, label: 房间}
states: {open: 开, busy: 忙, done: {label: 完, final: true}}
actions:
  start: {label: 起, opens: open, by: [clerk], asks: [note, phone, size, amount, room]}
  go_on: {label: 续, from: [open], to: busy, by: [clerk]}
  finish: {label: 完, from: [open, busy], to: done, by: [clerk], outcome: done}
clocks: {answer: {label: 答复, from: start, until: finish, within: 5 day_working}}
holds: {room: {label: 占房, of: room, in: [open, busy], most: 1}}
see: {clerk: {fields: all, sealed: true}}
erase: {phone: {after: closed, in: 30 day_natural, purpose: contact}, all: {after: closed, in: 1 year}}
indicators: {open_now: {label: 在办, stock: [open, busy]}, in_hand: {label: 在手, stock: [busy]}}
---
locality: town
label: 市
territory: "222401"
systems: {common: on}
calendar: synthetic
calendars:
  synthetic:
    zone: Asia/Shanghai
    frames: {mon: ["08:30-12:00", "13:30-17:00"], tue: ["08:30-12:00", "13:30-17:00"], wed: ["08:30-12:00", "13:30-17:00"], thu: ["08:30-12:00", "13:30-17:00"], fri: ["08:30-12:00", "13:30-17:00"]}
    years: [2026, 2027]
)YAML";

using Edits = std::vector<std::pair<std::string, std::string>>;

/// The definitions with pieces of text replaced, version 2, and a migration beside them.
inline kernel::CompileResult errands(const Edits& edits = {}, std::string_view migration = {}) {
  std::string text(kErrands);
  for (const auto& [old, now] : edits) {
    const auto at = text.find(old);
    if (at == std::string::npos) ADD_FAILURE() << "nothing to edit: " << old;
    else text.replace(at, old.size(), now);
  }
  auto files = files_of(text, "systems/common");
  if (!migration.empty())
    for (auto& file : files_of(migration, "systems/common")) {
      file.path = "systems/common/errand.1.migrate.yaml";
      files.push_back(std::move(file));
    }
  return kernel::compile_localities(files, plain_options());
}

inline kernel::TypePtr errand_of(const kernel::CompileResult& compiled) {
  const auto town = compiled.localities.find("town");
  if (town == compiled.localities.end()) {
    ADD_FAILURE() << lines_of(compiled.messages);
    return nullptr;
  }
  return town->second->find_type("errand");
}

struct Compiled {
  kernel::MigrationPtr migration;
  kernel::Messages messages;
  kernel::CompileResult now;
};

/// Compiles the migration from the fixture's text to the edited one.
inline Compiled compile_errand(Edits edits, std::string_view migration) {
  edits.insert(edits.begin(), {"version: 1", "version: 2"});
  Compiled made;
  made.now = errands(edits, migration);
  EXPECT_EQ(errors_of(made.now.messages), "");
  const kernel::TypePtr from = errand_of(errands()), to = errand_of(made.now);
  const auto published = made.now.published.find("town");
  if (!from || !to || published == made.now.published.end()) return made;
  const kernel::Node* written = kernel::find_migration(published->second, "errand.1.2");
  if (written == nullptr) {
    ADD_FAILURE() << "no migration";
    return made;
  }
  made.migration =
      kernel::compile_migration(*written, from, to, published->second, made.messages);
  return made;
}

}  // namespace gewu::test
