#include "store/sqlite/secrets.h"

#include "codec/event_json.h"
#include "codec/value_json.h"
#include "security/commitment.h"
#include "security/sealed_box.h"

namespace gewu::store::sqlite {
namespace {

using namespace gewu::kernel;

/// A box moved to another matter or field does not open.
security::Bytes context_of(MatterId matter, std::string_view name) {
  security::Bytes context;
  security::append_u64(context, static_cast<std::uint64_t>(matter.value));
  security::append_part(context, security::view_of(name));
  return context;
}

}  // namespace

Result<std::string> Secrets::box(MatterId matter, std::string_view name, std::uint8_t key_slot,
                                 const Value& value, std::string* commitment) {
  std::string plain;
  codec::JsonWriter writer(plain);
  codec::write_value(writer, value);
  GEWU_TRY(key, vault_.create({matter, key_slot}));
  const auto context = context_of(matter, name);
  if (commitment) {
    const security::CommitmentSalt salt(key);
    *commitment =
        security::hex_encode(security::commit_value(salt, context, security::view_of(plain)));
  }
  return security::base64url_encode(
      security::seal(key, context, security::view_of(plain), random_));
}

Result<Value> Secrets::unbox(MatterId matter, std::string_view name, std::uint8_t key_slot,
                             std::string_view box, const std::string* commitment) {
  auto key = vault_.key_of({matter, key_slot});
  if (!key) {
    if (key.error().key == "vault.key.erased") return Value(Erased{});
    return std::unexpected(key.error());
  }
  const auto bytes = security::base64url_decode(box);
  if (!bytes) return refuse(ErrorCode::internal, "journal.box");
  const auto context = context_of(matter, name);
  GEWU_TRY(plain, security::open(*key, context, *bytes));
  if (commitment) {
    const auto stated = security::parse_sha256(*commitment);
    const security::CommitmentSalt salt(*key);
    if (!stated || !security::verify_commitment(salt, context, plain, *stated))
      return refuse(ErrorCode::internal, "journal.commitment");
  }
  GEWU_TRY(json, codec::parse_json({reinterpret_cast<const char*>(plain.data()), plain.size()},
                                   codec::journal_limits()));
  return codec::read_value(json);
}

Result<std::string> Secrets::hide_recorded(MatterId matter, const RecordedValue& value) {
  std::string commitment;
  Value clear = value.value;
  if (const Sealed* sealed = clear.get_shared<Sealed>()) {
    // Copied from a snapshot without being opened: the same box says the same thing.
    GEWU_TRY(opened, unbox(matter, value.name, value.key_slot, sealed->box, nullptr));
    clear = std::move(opened);
  }
  GEWU_TRY(boxed, box(matter, value.name, value.key_slot, clear, &commitment));
  std::string text;
  codec::JsonWriter out(text);
  out.begin_object().member("box", boxed).member("commitment", commitment).end_object();
  return text;
}

Result<Value> Secrets::open_recorded(MatterId matter, const Name& field, std::uint8_t key_slot,
                                     const codec::Json& hidden) {
  const auto boxed = hidden.string_at("box");
  const auto commitment = hidden.string_at("commitment");
  if (!boxed || !commitment) return refuse(ErrorCode::internal, "journal.box");
  const std::string stated(*commitment);
  return unbox(matter, field, key_slot, *boxed, &stated);
}

Result<SnapshotPtr> Secrets::seal_fields(const SnapshotPtr& snapshot) {
  std::shared_ptr<Snapshot> closed;
  for (std::size_t i = 0; i < snapshot->fields.size(); ++i) {
    const FieldSpec& spec = snapshot->type->fields[i];
    const Value& value = snapshot->fields[i];
    if (!spec.sealed || value.is_missing() || value.get_shared<Sealed>()) continue;
    if (!closed) closed = std::make_shared<Snapshot>(*snapshot);
    GEWU_TRY(boxed, box(snapshot->id, spec.name, spec.key_slot, value, nullptr));
    closed->fields[i] = make_large(Sealed{std::move(boxed)});
  }
  return closed ? SnapshotPtr(std::move(closed)) : snapshot;
}

Result<Value> Secrets::open_sealed(MatterId matter, const FieldSpec& field, const Sealed& sealed) {
  return unbox(matter, field.name, field.key_slot, sealed.box, nullptr);
}

}  // namespace gewu::store::sqlite
