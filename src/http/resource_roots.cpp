#include "base/text.h"
#include "http/door.h"
#include "usecase/prove.h"

// What anybody may have: signed roots and proofs of hashes. No word of any matter stands in them.

namespace gewu::http {
namespace {

void write_root(codec::JsonWriter& out, const usecase::SignedRoot& root) {
  out.begin_object().key("root").raw(root.text);
  out.member("signature", security::hex_encode(root.signature));
  out.member("hash", security::hex_encode(usecase::hash_of(root))).end_object();
}

void write_path(codec::JsonWriter& out, const security::MerklePath& path) {
  out.begin_array();
  for (const security::Sha256& hash : path) out.string(security::hex_encode(hash));
  out.end_array();
}

Result<std::int64_t> number_in(const std::string& text) {
  const auto number = parse_integer(text);
  if (!number || *number < 1) return refuse(ErrorCode::not_found, "not_found");
  return *number;
}

}  // namespace

Result<Answer> read_latest_root(Visit& visit) {
  GEWU_TRY(root, usecase::latest_root(visit.door.office));
  if (!root) return refuse(ErrorCode::not_found, "root.none");
  return json_answer([&](codec::JsonWriter& out) { write_root(out, *root); });
}

Result<Answer> read_root(Visit& visit) {
  GEWU_TRY(number, number_in(visit.captured[0]));
  GEWU_TRY(root, usecase::read_root(visit.door.office, number));
  return json_answer([&](codec::JsonWriter& out) { write_root(out, root); });
}

Result<Answer> read_root_consistency(Visit& visit) {
  GEWU_TRY(newer, number_in(visit.captured[0]));
  GEWU_TRY(older, number_in(visit.captured[1]));
  GEWU_TRY(proof, usecase::prove_consistency(visit.door.office, older, newer));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("older");
    write_root(out, proof.older);
    out.key("newer");
    write_root(out, proof.newer);
    out.key("streams").begin_array();
    for (const auto& [name, path] : proof.streams) {
      out.begin_object().member("name", name).key("path");
      write_path(out, path);
      out.end_object();
    }
    out.end_array().end_object();
  });
}

Result<Answer> read_receipt_proof(Visit& visit) {
  GEWU_TRY(caller, usecase::find_receipt(visit.door.office, visit.captured[0]));
  GEWU_TRY(proof, usecase::prove_matter(visit.door.office, caller.receipt_of));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object();
    if (proof.root) {
      out.key("root");
      write_root(out, *proof.root);
    }
    out.key("lines").begin_array();
    for (const usecase::LineProof& line : proof.lines) {
      out.begin_object().member("stream", line.stream).member("sequence", line.sequence);
      out.member("hash", security::hex_encode(line.hash)).member("action", line.action);
      out.member("at", format_instant(line.at));
      if (line.path) {
        out.key("path");
        write_path(out, *line.path);
      }
      out.end_object();
    }
    out.end_array().end_object();
  });
}

}  // namespace gewu::http
