#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/matter/definition_read.h"
#include "kernel/matter/expression_check.h"

namespace gewu::kernel {

/// A locality while its definitions are being compiled: what expressions may ask about.
class DefinitionWorld : public World {
 public:
  std::map<Name, TypeDraft> drafts;
  std::map<Name, List> lists;
  std::map<Name, Book> books;
  std::map<Name, StaticType> settings;
  std::map<Name, Value> setting_values;
  std::set<Name> roles;
  std::set<Name> indicators;                     ///< "type.name"
  std::optional<std::set<Name>> organisations;   ///< none: not known, every key is taken for one

  /// Fills the shapes of lists; called once when `lists` is complete.
  void index_lists();
  const TypeDraft* find_draft(std::string_view type) const;

  const TypeShape* find_type(std::string_view type) const override;
  std::vector<const TypeShape*> all_types() const override;
  const ListShape* find_list(std::string_view list) const override;
  std::optional<StaticType> find_setting(std::string_view setting) const override;
  bool has_role(std::string_view role) const override;
  bool has_book(std::string_view book) const override;
  const Book* find_book(std::string_view book) const override;
  bool has_indicator(std::string_view indicator) const override;
  bool has_organisation(std::string_view key) const override;

 private:
  std::map<Name, ListShape> list_shapes_;
};

}  // namespace gewu::kernel
