#include "security/token.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "security/uuid.h"

namespace gewu::security {

RC_GTEST_PROP(SessionToken, is_found_by_its_stored_form, (std::uint64_t seed)) {
  SeededRandom random(seed);
  const IssuedToken token = issue_session_token(random);
  RC_ASSERT(token.text.size() == 43u);
  const auto stored = read_session_token(token.text);
  RC_ASSERT(stored.has_value());
  RC_ASSERT(*stored == token.stored);
  RC_ASSERT(token.stored == sha256(token.text));
}

TEST(SessionToken, other_forms_are_refused) {
  for (const std::string& text : {std::string(), std::string(42, 'A'), std::string(44, 'A'),
                                  std::string(43, '+'), std::string(42, 'A') + "B"}) {
    const auto stored = read_session_token(text);
    ASSERT_FALSE(stored) << text;
    EXPECT_EQ(stored.error().code, ErrorCode::unauthenticated);
    EXPECT_EQ(stored.error().key, "token.session.form");
  }
  EXPECT_TRUE(read_session_token(std::string(43, 'A')));
}

RC_GTEST_PROP(ReceiptCode, is_read_however_it_is_typed, (std::uint64_t seed)) {
  SeededRandom random(seed);
  const IssuedToken code = issue_receipt_code(random);
  RC_ASSERT(code.text.size() == 34u);
  std::string typed = "  ";
  for (char c : code.text) {
    if (c == '-') {
      if (random.below(2) == 0) typed += random.below(2) == 0 ? "－" : "　";
      continue;
    }
    if (c == '0' && random.below(2) == 0) c = random.below(2) == 0 ? 'O' : 'o';
    if (c == '1' && random.below(2) == 0) c = "IiLl"[random.below(4)];
    if (c >= 'A' && c <= 'Z' && random.below(2) == 0) c = static_cast<char>(c - 'A' + 'a');
    if (random.below(3) == 0) {  // full width
      typed += "\xEF";
      const int point = c - 0x20 + 0xF00;
      typed += static_cast<char>(0x80 | point >> 6);
      typed += static_cast<char>(0x80 | (point & 0x3F));
    } else {
      typed += c;
    }
  }
  const auto stored = read_receipt_code(typed);
  RC_ASSERT(stored.has_value());
  RC_ASSERT(*stored == code.stored);
}

TEST(ReceiptCode, has_seven_groups_of_symbols_that_no_ear_confuses) {
  SeededRandom random(1);
  const IssuedToken code = issue_receipt_code(random);
  for (std::size_t at = 0; at < code.text.size(); ++at) {
    if (at % 5 == 4) {
      EXPECT_EQ(code.text[at], '-');
    } else {
      EXPECT_EQ(std::string_view("ILOU-").find(code.text[at]), std::string_view::npos);
    }
  }
  EXPECT_EQ(code.stored, sha256(code.text));
}

TEST(ReceiptCode, a_slip_of_the_finger_is_noticed) {
  SeededRandom random(2);
  int missed = 0, tried = 0;
  for (int round = 0; round < 200; ++round) {
    const IssuedToken code = issue_receipt_code(random);
    for (std::size_t at = 0; at < code.text.size(); ++at) {
      if (code.text[at] == '-') continue;
      std::string typed = code.text;
      typed[at] = typed[at] == '7' ? '8' : '7';
      ++tried;
      const auto stored = read_receipt_code(typed);
      if (stored) {
        ++missed;
        ASSERT_NE(*stored, code.stored);
      } else {
        ASSERT_EQ(stored.error().key, "token.receipt.mistyped");
      }
    }
  }
  EXPECT_EQ(tried, 5600);
  EXPECT_LT(missed, 12);  // one in 4,096 is expected
}

TEST(ReceiptCode, other_forms_are_refused) {
  SeededRandom random(3);
  const std::string code = issue_receipt_code(random).text;
  std::string with_u = code;
  with_u[0] = 'U';
  for (const std::string& typed : {std::string(), code.substr(1), code + "0", with_u,
                                   code.substr(0, 33) + "\xEF", code.substr(0, 33) + "路"}) {
    const auto stored = read_receipt_code(typed);
    ASSERT_FALSE(stored) << typed;
    EXPECT_EQ(stored.error().code, ErrorCode::invalid);
    EXPECT_EQ(stored.error().key, "token.receipt.form");
  }
}

TEST(AdministratorToken, is_no_receipt_code) {
  SeededRandom random(4);
  const IssuedToken token = issue_administrator_token(random);
  const auto stored = read_administrator_token(token.text);
  ASSERT_TRUE(stored);
  EXPECT_EQ(*stored, token.stored);
  EXPECT_EQ(read_receipt_code(token.text).error().key, "token.receipt.mistyped");
  EXPECT_EQ(read_administrator_token(issue_receipt_code(random).text).error().key,
            "token.administrator.mistyped");
  EXPECT_EQ(read_administrator_token("").error().key, "token.administrator.form");
}

TEST(Tokens, use_all_their_bits) {
  SeededRandom random(5);
  std::set<std::string> seen;
  for (int round = 0; round < 1000; ++round) {
    seen.insert(issue_session_token(random).text);
    seen.insert(issue_receipt_code(random).text);
  }
  EXPECT_EQ(seen.size(), 2000u);
  std::array<std::set<char>, 34> symbols;  // each place takes every symbol
  for (int round = 0; round < 1000; ++round) {
    const std::string text = issue_receipt_code(random).text;
    for (std::size_t at = 0; at < text.size(); ++at) symbols[at].insert(text[at]);
  }
  for (std::size_t at = 0; at < symbols.size(); ++at)
    EXPECT_EQ(symbols[at].size(), at % 5 == 4 ? 1u : 32u) << at;
}

RC_GTEST_PROP(Uuid, comes_back_from_its_text, (std::uint64_t seed)) {
  SeededRandom random(seed);
  const Uuid uuid = random_uuid(random);
  std::string text = format_uuid(uuid);
  RC_ASSERT(text[14] == '4');
  RC_ASSERT(std::string_view("89ab").find(text[19]) != std::string_view::npos);
  RC_ASSERT(parse_uuid(text) == uuid);
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'a' ? c - 32 : c; });
  RC_ASSERT(parse_uuid(text) == uuid);
}

TEST(Uuid, other_forms_are_refused) {
  const std::string good = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";  // RFC 4122, version 1
  ASSERT_TRUE(parse_uuid(good));
  EXPECT_EQ(format_uuid(*parse_uuid(good)), good);
  EXPECT_FALSE(parse_uuid(""));
  EXPECT_FALSE(parse_uuid("00000000-0000-0000-0000-000000000000"));
  EXPECT_FALSE(parse_uuid("f81d4fae-7dec-91d0-a765-00a0c91e6bf6"));  // no such version
  EXPECT_FALSE(parse_uuid("f81d4fae-7dec-11d0-c765-00a0c91e6bf6"));  // another variant
  EXPECT_FALSE(parse_uuid("{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}"));
  EXPECT_FALSE(parse_uuid("f81d4fae7dec11d0a76500a0c91e6bf6"));
  EXPECT_FALSE(parse_uuid("f81d4fae-7dec-11d0-a765-00a0c91e6bfg"));
  EXPECT_FALSE(parse_uuid("f81d4fae-7dec-11d0-a7650-0a0c91e6bf6"));
}

}  // namespace gewu::security
