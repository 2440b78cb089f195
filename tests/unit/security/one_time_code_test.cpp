#include "security/one_time_code.h"

#include <gtest/gtest.h>

namespace gewu::security {
namespace {

/// RFC 6238, appendix B: the secret of its SHA-1 vectors.
ByteView rfc_secret() { return view_of("12345678901234567890"); }

TEST(OneTimeCode, gives_the_published_codes) {
  // The last six of the RFC's eight digits.
  const std::pair<std::int64_t, const char*> vectors[] = {
      {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
      {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
  for (const auto& [second, code] : vectors)
    EXPECT_EQ(one_time_code(rfc_secret(), code_step(Instant{second * 1000})), code) << second;
}

TEST(OneTimeCode, is_taken_a_step_early_and_late_and_once) {
  const Instant now{1'111'111'111'000};
  const std::int64_t step = code_step(now);
  for (const std::int64_t near : {step - 1, step, step + 1})
    EXPECT_EQ(match_code(rfc_secret(), one_time_code(rfc_secret(), near), now, 0), near);
  for (const std::int64_t far : {step - 2, step + 2})
    EXPECT_FALSE(match_code(rfc_secret(), one_time_code(rfc_secret(), far), now, 0));
  EXPECT_FALSE(match_code(rfc_secret(), one_time_code(rfc_secret(), step), now, step));
  EXPECT_EQ(match_code(rfc_secret(), "050 471", now, step - 1), step);
  for (const char* wrong : {"", "05047", "0504711", "o50471", "050472"})
    EXPECT_FALSE(match_code(rfc_secret(), wrong, now, 0)) << wrong;
}

TEST(OneTimeCode, secret_is_spelt_as_apps_want_it) {
  // RFC 4648, 10, without padding.
  const std::pair<const char*, const char*> vectors[] = {{"", ""},         {"f", "MY"},
                                                         {"fo", "MZXQ"},   {"foo", "MZXW6"},
                                                         {"foob", "MZXW6YQ"}, {"fooba", "MZXW6YTB"},
                                                         {"foobar", "MZXW6YTBOI"}};
  for (const auto& [plain, text] : vectors) EXPECT_EQ(base32_encode(view_of(plain)), text);
  EXPECT_EQ(code_uri(view_of("foobar"), "格务", "li@home"),
            "otpauth://totp/%E6%A0%BC%E5%8A%A1:li%40home?secret=MZXW6YTBOI&issuer="
            "%E6%A0%BC%E5%8A%A1");
  SeededRandom random(1);
  EXPECT_EQ(new_code_secret(random).size(), kCodeSecretSize);
}

}  // namespace
}  // namespace gewu::security
