#pragma once

#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "kernel/matter/dossier.h"

namespace gewu::simulation {

/// "appeal.handling", as a plan writes it.
inline std::string state_of(const kernel::Snapshot& matter) {
  return matter.type->name + "." + matter.type->states[matter.state].name;
}

/// What ten people see who look at one matter at the same moment (一览): each row is read once.
/// Good for as long as nothing is committed.
class Glance : public kernel::DossierSource {
 public:
  explicit Glance(std::unique_ptr<kernel::DossierSource> source) : source_(std::move(source)) {}

  kernel::SnapshotPtr load(MatterId id) override {
    const auto [known, is_new] = matters_.try_emplace(id);
    if (is_new) known->second = source_->load(id);
    return known->second;
  }
  std::vector<MatterId> members(const kernel::SetKey& key) override {
    const auto [known, is_new] = members_.try_emplace(key);
    if (is_new) known->second = source_->members(key);
    return known->second;
  }
  std::vector<kernel::HoldRecord> holds(const kernel::Name& type, const kernel::Name& hold,
                                        const std::vector<std::string>& keys,
                                        MatterId except) override {
    return source_->holds(type, hold, keys, except);
  }
  std::vector<kernel::BookEntry> entries(const kernel::Name& book, const std::string& account,
                                         Instant since) override {
    return source_->entries(book, account, since);
  }
  std::int64_t balance(const kernel::Name& book, const std::string& account) override {
    return source_->balance(book, account);
  }
  std::vector<kernel::CountedBy> counts(const std::string& indicator, Date from,
                                        Date until) override {
    return source_->counts(indicator, from, until);
  }
  std::vector<kernel::CountedBy> cells(const kernel::CellQuery& query) override {
    return source_->cells(query);
  }
  std::int64_t cited(MatterId row) override { return source_->cited(row); }

 private:
  std::unique_ptr<kernel::DossierSource> source_;
  std::unordered_map<MatterId, kernel::SnapshotPtr> matters_;
  std::unordered_map<kernel::SetKey, std::vector<MatterId>, kernel::SetKeyHash> members_;
};

}  // namespace gewu::simulation
