#include "store/sqlite/secrets.h"

#include "base/text.h"
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

Result<std::string> Secrets::box(const Origin& origin, const Value& value,
                                 std::string* commitment) {
  std::string plain;
  codec::JsonWriter writer(plain);
  codec::write_value(writer, value);
  GEWU_TRY(known, writing_key({origin.matter, origin.key_slot}));
  const auto context = context_of(origin.matter, origin.field);
  if (commitment)
    *commitment = security::hex_encode(
        security::commit_value(known->salt, context, security::view_of(plain)));
  return security::base64url_encode(
      security::seal(known->key, context, security::view_of(plain), random_));
}

Result<const Secrets::WritingKey*> Secrets::writing_key(KeySlot slot) {
  if (const auto known = writing_keys_.find(slot); known != writing_keys_.end())
    return &known->second;
  GEWU_TRY(key, slot.matter == opening_ ? vault_.create_first(slot) : vault_.create(slot));
  security::CommitmentSalt salt(key);
  const auto made =
      writing_keys_.emplace(slot, WritingKey{std::move(key), std::move(salt)}).first;
  return &made->second;
}

Status Secrets::flush() {
  abandon();
  return vault_.flush();
}

void Secrets::abandon() {
  writing_keys_.clear();
  opening_ = {};
}

void Secrets::forget(KeySlot slot) {
  writing_keys_.erase(slot);
  opening_ = {};
}

Result<Sealed> Secrets::seal(const Origin& origin, const Value& value) {
  GEWU_TRY(bytes, box(origin, value, nullptr));
  std::string text = std::to_string(origin.matter.value) + ":" + std::to_string(origin.key_slot);
  text += ":" + origin.field + ":" + bytes;
  return Sealed{std::move(text)};
}

Result<Secrets::OpenBox> Secrets::read_sealed(const Sealed& sealed) {
  const auto parts = split(sealed.box, ':');
  if (parts.size() != 4) return refuse(ErrorCode::internal, "journal.box");
  const auto matter = parse_integer(parts[0]);
  const auto slot = parse_integer(parts[1]);
  if (!matter || !slot || *slot < 0 || *slot > 255)
    return refuse(ErrorCode::internal, "journal.box");
  return OpenBox{{{*matter}, std::string(parts[2]), static_cast<std::uint8_t>(*slot)}, parts[3]};
}

Result<Value> Secrets::unbox(const Origin& origin, std::string_view box,
                             const std::string* commitment) {
  auto key = vault_.key_of({origin.matter, origin.key_slot});
  if (!key) {
    if (key.error().key == "vault.key.erased") return Value(Erased{});
    return std::unexpected(key.error());
  }
  const auto bytes = security::base64url_decode(box);
  if (!bytes) return refuse(ErrorCode::internal, "journal.box");
  const auto context = context_of(origin.matter, origin.field);
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

Result<Value> Secrets::open(const Sealed& sealed) {
  GEWU_TRY(parts, read_sealed(sealed));
  return unbox(parts.origin, parts.bytes, nullptr);
}

Result<Value> Secrets::open_sealed(MatterId matter, const FieldSpec& field, const Sealed& sealed) {
  GEWU_TRY(parts, read_sealed(sealed));
  if (parts.origin != Origin{matter, field.name, field.key_slot})
    return refuse(ErrorCode::internal, "journal.box");
  return unbox(parts.origin, parts.bytes, nullptr);
}

Result<std::string> Secrets::hide_recorded(MatterId matter, const RecordedValue& value) {
  std::string commitment;
  Value clear = value.value;
  if (const Sealed* sealed = clear.get_shared<Sealed>()) {
    // Copied from a snapshot, perhaps of another matter, without being opened.
    GEWU_TRY(opened, open(*sealed));
    clear = std::move(opened);
  }
  GEWU_TRY(boxed, box({matter, value.name, value.key_slot}, clear, &commitment));
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
  return unbox({matter, field, key_slot}, *boxed, &stated);
}

Result<SnapshotPtr> Secrets::seal_fields(const SnapshotPtr& snapshot) {
  std::shared_ptr<Snapshot> closed;
  for (std::size_t i = 0; i < snapshot->fields.size(); ++i) {
    const FieldSpec& spec = snapshot->type->fields[i];
    const Value& held = snapshot->fields[i];
    const Sealed* sealed = held.get_shared<Sealed>();
    if (held.is_missing() || (!spec.sealed && !sealed)) continue;
    Value value = held;
    const Origin own{snapshot->id, spec.name, spec.key_slot};
    if (sealed) {
      GEWU_TRY(parts, read_sealed(*sealed));
      if (spec.sealed && parts.origin == own) continue;
      GEWU_TRY(opened, open(*sealed));
      value = std::move(opened);
    }
    if (!closed) closed = std::make_shared<Snapshot>(*snapshot);
    if (spec.sealed && !value.is_missing()) {
      GEWU_TRY(boxed, seal(own, value));
      value = make_large(std::move(boxed));
    }
    closed->fields[i] = std::move(value);
  }
  return closed ? SnapshotPtr(std::move(closed)) : snapshot;
}

}  // namespace gewu::store::sqlite
