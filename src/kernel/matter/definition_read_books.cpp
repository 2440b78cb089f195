#include "kernel/matter/definition_read.h"
#include "kernel/matter/definition_reader.h"
#include "kernel/matter/definition_world.h"

// Books (language.md 2.1): append-only quantities with accounts.

namespace gewu::kernel {
namespace {

std::vector<std::vector<Name>> read_accounts(const Node& node, std::string_view where,
                                             Messages& messages) {
  std::vector<std::vector<Name>> accounts;
  const Node* written = node.find("accounts");
  if (written == nullptr || !written->is_list() || written->items.empty()) {
    messages.error("definition.key_missing", node.origin,
                   {{"where", std::string(where)}, {"name", "accounts"}});
    return accounts;
  }
  for (const Node& item : written->items) {
    Node one = Node::map(item.origin);
    one.put("account", item, item.origin);
    std::vector<Name> parts;
    for (WrittenName& part : read_names(one, "account", where, messages)) {
      if (part.name == "account")
        messages.error("definition.later", part.origin,
                       {{"where", std::string(where)}, {"name", part.name}});
      parts.push_back(std::move(part.name));
    }
    accounts.push_back(std::move(parts));
  }
  return accounts;
}

}  // namespace

Book read_book(const Name& name, const Node& node, Messages& messages) {
  Book book;
  book.name = name;
  const std::string where = inside("books", name);
  if (!expect_map(node, where, messages)) return book;
  check_keys(node, {"label", "source", "unit", "accounts", "floor", "expires"}, {}, where,
             messages);
  book.label = need_label(node, node.origin, where, messages);
  book.unit = read_text(node, "unit", where, messages).value_or("");
  if (book.unit.empty())
    messages.error("definition.key_missing", node.origin, {{"where", where}, {"name", "unit"}});
  book.accounts = read_accounts(node, where, messages);
  book.expires = node.find("expires") != nullptr ? read_limit(node, "expires", where, messages)
                                                 : std::nullopt;
  const Node* floor = node.find("floor");
  if (floor == nullptr) {
    book.floor = 0;
  } else if (floor->as_integer()) {
    book.floor = *floor->as_integer() * (book.is_money() ? 100 : kMicros);
  } else if (!floor->is_scalar() || floor->text != "none") {
    messages.error("definition.value_kind", floor->origin,
                   {{"where", inside(where, "floor")}, {"wanted", "whole number or none"}});
  }
  return book;
}

void check_book(const Book& book, const Node& written, const DefinitionWorld& world,
                Messages& messages) {
  for (const std::vector<Name>& account : book.accounts)
    for (const Name& part : account) {
      const bool known = part == "organisation" || part == "territory" || part == "post" ||
                         part == "account" || world.find_type(part) != nullptr;
      if (!known)
        messages.error("definition.unknown_type", written.find("accounts")->origin,
                       {{"where", inside("books", book.name)}, {"name", part}});
    }
}

}  // namespace gewu::kernel
