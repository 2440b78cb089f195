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

const Value* field_of(const Snapshot& matter, const Name& name) {
  const auto& fields = matter.type->fields;
  for (std::size_t i = 0; i < fields.size() && i < matter.fields.size(); ++i)
    if (fields[i].name == name) return &matter.fields[i];
  return nullptr;
}

void take_links(const Value& value, std::vector<MatterId>& ids) {
  if (const Link* link = value.get<Link>()) ids.push_back(link->id);
  if (const Values* all = value.get_shared<Values>())
    for (const Value& one : *all) take_links(one, ids);
}

/// One breadth-first walk: what is still to be read of which matters.
class Loader {
 public:
  Loader(DossierSource& source, Dossier& dossier) : source_(source), dossier_(dossier) {}

  Status walk(std::vector<std::pair<const ReadPlan::Step*, MatterId>> frontier) {
    while (!frontier.empty()) {
      std::vector<std::pair<const ReadPlan::Step*, MatterId>> further;
      for (const auto& [step, from] : frontier)
        for (const MatterId id : targets(*step, from)) {
          GEWU_CHECK(load(id));
          for (const ReadPlan::Step& next : step->then) further.emplace_back(&next, id);
        }
      frontier = std::move(further);
    }
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
  std::vector<MatterId> targets(const ReadPlan::Step& step, MatterId from) {
    std::vector<MatterId> ids;
    const Snapshot* matter = dossier_.peek(from);
    if (matter == nullptr) return ids;
    switch (step.kind) {
      case ReadPlan::Step::Kind::parent:
        if (matter->parent.has_value()) ids.push_back(matter->parent);
        break;
      case ReadPlan::Step::Kind::link:
        if (step.field == "transferred_to") ids.push_back(matter->transferred_to);
        if (const Value* value = field_of(*matter, step.field)) take_links(*value, ids);
        break;
      case ReadPlan::Step::Kind::members: {
        SetKey key{step.type, step.field, from};
        if (!dossier_.has_members(key)) {
          ids = source_.members(key);
          dossier_.add_members(std::move(key), ids);
        } else {
          const auto known = dossier_.members(key);
          ids.assign(known.begin(), known.end());
        }
        break;
      }
    }
    return ids;
  }

  DossierSource& source_;
  Dossier& dossier_;
  std::unordered_set<MatterId> absent_;
};

}  // namespace

std::size_t SetKeyHash::operator()(const SetKey& key) const {
  const std::size_t type = std::hash<std::string>{}(key.type);
  const std::size_t field = std::hash<std::string>{}(key.field);
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

bool Dossier::has_members(const SetKey& key) const { return members_.find(key) != nullptr; }

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
  members_[key] = std::move(members);
}

void Dossier::add_holds(const Name& type, const Name& hold, const std::vector<std::string>& keys,
                        std::vector<HoldRecord> held) {
  holds_[holds_key(type, hold, keys)] = std::move(held);
}

Status load_dossier(const ReadPlan& plan, const SnapshotPtr& matter,
                    std::span<const MatterId> inputs, DossierSource& source, Dossier& dossier) {
  Loader loader(source, dossier);
  std::vector<std::pair<const ReadPlan::Step*, MatterId>> frontier;
  if (matter) {
    dossier.add(matter);
    for (const ReadPlan::Step& step : plan.steps) frontier.emplace_back(&step, matter->id);
  }
  for (const MatterId input : inputs) {
    GEWU_CHECK(loader.load(input));
    for (const ReadPlan::Step& step : plan.input) frontier.emplace_back(&step, input);
  }
  return loader.walk(std::move(frontier));
}

}  // namespace gewu::kernel
