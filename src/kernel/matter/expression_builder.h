#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/matter/expression_tree.h"

namespace gewu::kernel {

/// Puts an Expression together: the only one who writes into it.
class ExpressionBuilder {
 public:
  ExpressionBuilder() : made_(std::make_shared<Expression>()) {}

  std::int32_t add(Op op, std::int32_t a = -1, std::int32_t b = -1, std::int32_t c = -1);
  std::int32_t call(Op op, const std::vector<std::int32_t>& arguments, std::int32_t a = -1,
                    std::int32_t b = -1);
  /// Says what `c` of a node names.
  void set_name(std::int32_t at, std::string_view text) {
    const std::int32_t named = name(text);
    made_->nodes_[at].c = named;
  }
  std::int32_t constant(Value value);
  std::int32_t name(std::string_view text);

  const ExpressionNode& node(std::int32_t at) const { return made_->nodes_[at]; }
  std::int32_t argument(const ExpressionNode& of, int i) const {
    return made_->arguments_[of.first_argument + i];
  }
  const Value* constant_at(std::int32_t at) const;
  const Name& name_at(std::int32_t at) const { return made_->names_[at]; }
  /// Whether the node or one below it reads the element of a set.
  bool reads_element(std::int32_t at) const;

  ExpressionUses& uses() { return made_->uses_; }
  void read(ExpressionRead read);
  void own_field(std::size_t slot);
  void reference_type(std::string_view type) { put(made_->reference_types_, type); }
  void action(std::string_view action) { put(made_->actions_, action); }
  void clock(std::string_view clock) { put(made_->clocks_, clock); }
  void setting(std::string_view setting) { put(made_->settings_, setting); }
  void list(std::string_view list) { put(made_->lists_, list); }

  std::shared_ptr<const Expression> finish(std::string text, Origin origin, StaticType type,
                                           std::int32_t root, std::vector<ReadPath> elements);

 private:
  static void put(std::vector<Name>& names, std::string_view name);
  void collect_results(std::int32_t at);
  std::vector<std::int32_t> children_of(std::int32_t at) const;

  std::shared_ptr<Expression> made_;
};

}  // namespace gewu::kernel
