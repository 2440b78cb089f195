#include "kernel/matter/dossier.h"

#include <unordered_set>
#include <utility>

#include "base/limits.h"

namespace gewu::kernel {
namespace {

std::string holds_key(const Name& type, const Name& hold, const std::vector<std::string>& keys) {
  std::string key = type + '\n' + hold;
  for (const std::string& part : keys) {
    key += '\n';
    key += part;
  }
  return key;
}

void take_links(const Value& value, std::vector<MatterId>& ids) {
  if (const Link* link = value.get<Link>()) ids.push_back(link->id);
  if (const Values* all = value.get_shared<Values>())
    for (const Value& one : *all) take_links(one, ids);
}

/// One walk along a plan: what it comes to is loaded once.
class Loader {
 public:
  Loader(DossierSource& source, Dossier& dossier) : source_(source), dossier_(dossier) {}

  Status walk(const std::vector<ReadPlan::Step>& steps, MatterId from) {
    for (const ReadPlan::Step& step : steps) GEWU_CHECK(take(step, from));
    return {};
  }

  Status load(MatterId id) {
    if (!id.has_value() || dossier_.peek(id) || absent_.contains(id)) return {};
    if (dossier_.row_count() >= kLimits.dossier_rows_max)
      return refuse(ErrorCode::too_large, "dossier.too_large",
                    {{"max", std::to_string(kLimits.dossier_rows_max)}});
    if (SnapshotPtr snapshot = source_.load(id)) dossier_.add(std::move(snapshot));
    else absent_.insert(id);
    return {};
  }

 private:
  Status go_on(const ReadPlan::Step& step, MatterId target) {
    GEWU_CHECK(load(target));
    return step.then.empty() ? Status() : walk(step.then, target);
  }

  Status take(const ReadPlan::Step& step, MatterId from) {
    const Snapshot* matter = dossier_.peek(from);
    if (matter == nullptr) return {};
    switch (step.kind) {
      case ReadPlan::Step::Kind::parent:
        return matter->parent.has_value() ? go_on(step, matter->parent) : Status();
      case ReadPlan::Step::Kind::link: {
        std::vector<MatterId> ids;
        if (step.field == "transferred_to") ids.push_back(matter->transferred_to);
        if (const Value* value = matter->find_field(step.field)) take_links(*value, ids);
        for (const MatterId id : ids) GEWU_CHECK(go_on(step, id));
        return {};
      }
      case ReadPlan::Step::Kind::members:
        for (const MatterId id : dossier_.members_from(source_, {step.type, step.field, from}))
          GEWU_CHECK(go_on(step, id));
        return {};
    }
    return {};
  }

  DossierSource& source_;
  Dossier& dossier_;
  std::unordered_set<MatterId> absent_;
};

}  // namespace

std::size_t SetKeyHash::operator()(const SetKey& key) const {
  const std::size_t type = std::hash<std::string_view>{}(key.type);
  const std::size_t field = std::hash<std::string_view>{}(key.field);
  return (type * 31 + field) * 31 + std::hash<MatterId>{}(key.target);
}

SnapshotPtr Dossier::find(MatterId id) const {
  const SnapshotPtr* found = matters_.find(id);
  return found == nullptr ? nullptr : *found;
}

const Snapshot* Dossier::peek(MatterId id) const {
  const SnapshotPtr* found = matters_.find(id);
  return found == nullptr ? nullptr : found->get();
}

std::span<const MatterId> Dossier::members(const SetKey& key) const {
  const std::vector<MatterId>* found = members_.find(key);
  if (found == nullptr) return {};
  return *found;
}

std::span<const MatterId> Dossier::members_from(DossierSource& source, SetKey key) {
  if (const std::vector<MatterId>* known = members_.find(key)) return *known;
  std::vector<MatterId> found = source.members(key);
  return members_.add(std::move(key)) = std::move(found);
}

std::span<const HoldRecord> Dossier::holds(const Name& type, const Name& hold,
                                           const std::vector<std::string>& keys) const {
  const auto found = holds_.find(holds_key(type, hold, keys));
  if (found == holds_.end()) return {};
  return found->second;
}

void Dossier::add(SnapshotPtr snapshot) {
  const MatterId id = snapshot->id;
  matters_[id] = std::move(snapshot);
}

void Dossier::add_members(SetKey key, std::vector<MatterId> members) {
  members_[std::move(key)] = std::move(members);
}

void Dossier::add_holds(const Name& type, const Name& hold, const std::vector<std::string>& keys,
                        std::vector<HoldRecord> held) {
  holds_[holds_key(type, hold, keys)] = std::move(held);
}

Status load_dossier(const ReadPlan& plan, const SnapshotPtr& matter,
                    std::span<const MatterId> inputs, DossierSource& source, Dossier& dossier) {
  Loader loader(source, dossier);
  if (matter) {
    dossier.add(matter);
    GEWU_CHECK(loader.walk(plan.steps, matter->id));
  }
  for (const MatterId input : inputs) {
    GEWU_CHECK(loader.load(input));
    GEWU_CHECK(loader.walk(plan.input, input));
  }
  return {};
}

}  // namespace gewu::kernel
