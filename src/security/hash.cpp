#include "security/hash.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium.h>

#include <algorithm>

#include "base/ensure.h"

namespace gewu::security {

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeDigest>;

namespace {

/// Fetched once: looking the algorithm up by name costs more than hashing an event.
const EVP_MD* digest_algorithm() {
  static EVP_MD* const digest = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  ensure(digest != nullptr, "SHA-256 is there");
  return digest;
}

DigestContext new_digest() {
  DigestContext context(EVP_MD_CTX_new());
  ensure(context != nullptr, "digest context");
  return context;
}

void begin(EVP_MD_CTX* context) {
  ensure(EVP_DigestInit_ex2(context, digest_algorithm(), nullptr) == 1, "digest begins");
}

void feed(EVP_MD_CTX* context, ByteView bytes) {
  ensure(EVP_DigestUpdate(context, begin_of(bytes), bytes.size()) == 1, "digest goes on");
}

Sha256 end(EVP_MD_CTX* context) {
  Sha256 hash{};
  unsigned int size = 0;
  ensure(EVP_DigestFinal_ex(context, hash.data(), &size) == 1 && size == hash.size(),
         "digest ends");
  return hash;
}

struct FreeMac {
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }  // wipes
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeMac>;

/// HMAC by the library that hashes events: it uses the processor's own instructions.
MacContext new_mac() {
  static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  ensure(algorithm != nullptr, "HMAC is there");
  MacContext context(EVP_MAC_CTX_new(algorithm));
  ensure(context != nullptr, "code context");
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end()};
  ensure(EVP_MAC_CTX_set_params(context.get(), params) == 1, "code's digest");
  return context;
}

}  // namespace

Sha256 sha256(std::initializer_list<ByteView> parts) {
  thread_local const DigestContext context = new_digest();  // reused: no allocation an event
  begin(context.get());
  for (const ByteView part : parts) feed(context.get(), part);
  return end(context.get());
}

Sha256 sha256(ByteView bytes) { return sha256({bytes}); }
Sha256 sha256(std::string_view text) { return sha256({view_of(text)}); }

struct Sha256Stream::Context {
  DigestContext digest = new_digest();
};

Sha256Stream::Sha256Stream() : context_(std::make_unique<Context>()) {
  begin(context_->digest.get());
}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::update(ByteView bytes) { feed(context_->digest.get(), bytes); }

Sha256 Sha256Stream::finish() {
  const Sha256 hash = end(context_->digest.get());
  begin(context_->digest.get());
  return hash;
}

std::optional<Sha256> parse_sha256(std::string_view hex) {
  const auto bytes = hex_decode(hex);
  Sha256 hash{};
  if (!bytes || bytes->size() != hash.size()) return std::nullopt;
  std::ranges::copy(*bytes, hash.begin());
  return hash;
}

Sha256 hmac_sha256(ByteView key, std::initializer_list<ByteView> parts) {
  thread_local const MacContext context = new_mac();  // reused, and wiped by the next key
  // An empty key is one too; a null one would mean the key before.
  constexpr std::uint8_t kNone = 0;
  ensure(EVP_MAC_init(context.get(), key.empty() ? &kNone : key.data(), key.size(), nullptr) == 1,
         "code begins");
  for (const ByteView part : parts)
    ensure(EVP_MAC_update(context.get(), begin_of(part), part.size()) == 1, "code goes on");
  Sha256 code{};
  std::size_t size = 0;
  ensure(EVP_MAC_final(context.get(), code.data(), &size, code.size()) == 1 && size == code.size(),
         "code ends");
  return code;
}

Sha256 hmac_sha256(ByteView key, ByteView message) { return hmac_sha256(key, {message}); }

void hkdf_sha256(ByteView key, ByteView salt, ByteView info, std::span<std::uint8_t> output) {
  ensure(output.size() <= 255 * 32, "HKDF gives at most 255 blocks");
  Sha256 extracted = hmac_sha256(salt, key);
  Sha256 block{};
  std::size_t done = 0;
  for (std::uint8_t counter = 1; done < output.size(); ++counter) {
    const ByteView previous = counter == 1 ? ByteView{} : ByteView{block};
    block = hmac_sha256(extracted, {previous, info, ByteView{&counter, 1}});
    const std::size_t size = std::min(block.size(), output.size() - done);
    std::copy_n(block.begin(), size, output.begin() + static_cast<std::ptrdiff_t>(done));
    done += size;
  }
  sodium_memzero(extracted.data(), extracted.size());
  sodium_memzero(block.data(), block.size());
}

}  // namespace gewu::security
