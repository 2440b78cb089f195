#include "usecase/root_statement.h"

#include <algorithm>

#include "codec/json_writer.h"

namespace gewu::usecase {

using security::Sha256;

namespace {

// The closing zero ends each label, so that none is the beginning of another.
constexpr std::string_view kSigned{"gewu/root/1\0", 12};
constexpr std::string_view kHashed{"gewu/root/hash/1\0", 17};

security::Bytes message_of(std::string_view text) {
  security::Bytes message;
  message.reserve(kSigned.size() + text.size());
  std::ranges::copy(kSigned, std::back_inserter(message));
  std::ranges::copy(text, std::back_inserter(message));
  return message;
}

std::string text_of(const RootStatement& statement) {
  std::string text;
  codec::JsonWriter out(text);
  out.begin_object().member("gewu_root", 1).member("number", statement.number);
  out.member("at", format_instant(statement.at)).key("streams").begin_array();
  for (const StreamRoot& stream : statement.streams) {
    out.begin_object().member("name", stream.name).member("size", stream.size);
    out.member("head", security::hex_encode(stream.head));
    out.member("tree", security::hex_encode(stream.tree)).end_object();
  }
  out.end_array();
  if (!statement.logs.empty()) {
    out.key("logs").begin_array();
    for (const LogRoot& log : statement.logs) {
      out.begin_object().member("name", log.name).member("size", log.size);
      out.member("head", security::hex_encode(log.head)).end_object();
    }
    out.end_array();
  }
  out.member("previous", security::hex_encode(statement.previous));
  out.member("key", security::hex_encode(statement.key)).end_object();
  return text;
}

std::unexpected<Error> bad_form() { return refuse(ErrorCode::invalid, "root.form"); }

Result<Sha256> hash_at(const codec::Json& json, const char* key) {
  const auto hash = security::parse_sha256(json.string_at(key).value_or(""));
  if (!hash) return bad_form();
  return *hash;
}

Result<RootStatement> read_statement(std::string_view text) {
  GEWU_TRY(json, codec::parse_json(text));
  RootStatement statement;
  statement.number = json.integer_at("number").value_or(0);
  const auto at = parse_instant(json.string_at("at").value_or(""));
  const auto* streams = json.array_at("streams");
  if (!at || !streams) return bad_form();
  statement.at = *at;
  for (const codec::Json& item : *streams) {
    StreamRoot stream;
    stream.name = item.string_at("name").value_or("");
    stream.size = item.integer_at("size").value_or(-1);
    GEWU_TRY(head, hash_at(item, "head"));
    GEWU_TRY(tree, hash_at(item, "tree"));
    stream.head = head;
    stream.tree = tree;
    statement.streams.push_back(std::move(stream));
  }
  if (const auto* logs = json.array_at("logs"))
    for (const codec::Json& item : *logs) {
      GEWU_TRY(head, hash_at(item, "head"));
      statement.logs.push_back({std::string(item.string_at("name").value_or("")),
                                item.integer_at("size").value_or(-1), head});
    }
  GEWU_TRY(previous, hash_at(json, "previous"));
  GEWU_TRY(key, hash_at(json, "key"));
  statement.previous = previous;
  statement.key = key;
  return statement;
}

}  // namespace

const StreamRoot* RootStatement::find_stream(std::string_view name) const {
  const auto found = std::ranges::find(streams, name, &StreamRoot::name);
  return found == streams.end() ? nullptr : &*found;
}

const LogRoot* RootStatement::find_log(std::string_view name) const {
  const auto found = std::ranges::find(logs, name, &LogRoot::name);
  return found == logs.end() ? nullptr : &*found;
}

bool logs_follow(const RootStatement& earlier, const RootStatement& later) {
  return std::ranges::all_of(earlier.logs, [&](const LogRoot& before) {
    const LogRoot* after = later.find_log(before.name);
    return after && (after->size == before.size ? after->head == before.head
                                                : after->size > before.size);
  });
}

SignedRoot sign_statement(const security::Key& seed, RootStatement statement) {
  statement.key = security::public_key_of(seed);
  SignedRoot root;
  root.text = text_of(statement);
  root.signature = security::sign(seed, message_of(root.text));
  root.statement = std::move(statement);
  return root;
}

Sha256 hash_of(const SignedRoot& root) {
  return security::sha256({security::view_of(kHashed), security::view_of(root.text)});
}

std::string line_of(const SignedRoot& root) {
  std::string line;
  codec::JsonWriter out(line);
  out.begin_object().key("root").raw(root.text);
  out.member("signature", security::hex_encode(root.signature)).end_object();
  return line;
}

Result<SignedRoot> read_signed(std::string_view text, const security::Signature& signature) {
  auto statement = read_statement(text);
  // One text for one statement: nothing can hide beside what is read.
  if (!statement || text_of(*statement) != text) return bad_form();
  if (!security::verify_signature(statement->key, message_of(text), signature))
    return refuse(ErrorCode::invalid, "root.signature");
  return SignedRoot{std::move(*statement), std::string(text), signature};
}

Result<SignedRoot> read_root_line(std::string_view line) {
  const auto json = codec::parse_json(line);
  if (!json) return bad_form();
  const codec::Json* root = json->find("root");
  const auto bytes = security::hex_decode(json->string_at("signature").value_or(""));
  security::Signature signature{};
  if (!root || !bytes || bytes->size() != signature.size()) return bad_form();
  std::ranges::copy(*bytes, signature.begin());
  GEWU_TRY(read, read_signed(codec::write_json(*root), signature));
  if (line_of(read) != line) return bad_form();
  return read;
}

}  // namespace gewu::usecase
