#include <algorithm>

#include "base/instant.h"
#include "base/random.h"
#include "base/text.h"
#include "codec/json.h"
#include "fuzz/fuzz.h"
#include "gateway/id_token.h"
#include "http/message.h"
#include "security/one_time_code.h"
#include "security/token.h"

// What arrives as text: requests, cookies, codes that people type, JSON, what a provider says.

namespace gewu::fuzz {

namespace {

const security::Bytes kSecret(security::kCodeSecretSize, 7);
constexpr Instant kNow{1'790'000'000'000};

bool is_clean(std::string_view decoded) {
  return is_utf8(decoded) && decoded.find('\0') == std::string_view::npos;
}

/// First line: the target. Second: where it is said to come from. Third: how.
void run_request(std::string_view input) {
  const auto lines = split(input, '\n');
  http::Request request;
  const Status parsed = http::parse_target(lines[0], request);
  if (parsed) {
    std::string path;
    for (const std::string& segment : request.segments) {
      promise(segment != "." && segment != ".." && segment.find('/') == std::string::npos,
              "a segment names nothing above or below itself");
      promise(is_clean(segment), "a segment is text");
      path += "/" + segment;
    }
    promise(path == request.path, "the path is its segments");
    for (const auto& [name, value] : request.query) {
      promise(is_clean(name) && is_clean(value), "a parameter is text");
      promise(request.parameter(name).has_value(), "a parameter is found by its name");
      promise(!request.parameters(name).empty(), "all parameters of a name are found");
    }
  } else {
    promise(parsed.error().key == "http.target", "a refusal says why");
  }
  request.peer = "203.0.113.1";
  if (lines.size() > 1) request.headers.emplace_back("x-forwarded-for", lines[1]);
  if (lines.size() > 2) request.headers.emplace_back("x-forwarded-proto", lines[2]);
  http::learn_peer(request, "198.51.100.1");
  promise(request.peer == "203.0.113.1" && !http::comes_by_tls(request),
          "a stranger's header is not believed");
  http::learn_peer(request, "203.0.113.1");
  promise(!request.peer.empty() && request.peer.size() <= 64, "a peer is bounded");
}

/// A header of cookies, as a browser or anybody sends it.
void run_cookie(std::string_view input) {
  http::Request request;
  request.headers.emplace_back("cookie", input);
  for (const char* name : {"gewu_session", "gewu_device", "", "a"}) {
    const auto value = request.cookie(name);
    if (!value) continue;
    promise(value->find(';') == std::string_view::npos, "a cookie ends where the next begins");
    const auto stored = security::read_session_token(*value);
    promise(stored || stored.error().code == ErrorCode::unauthenticated,
            "a token of another form opens nothing");
    promise(!stored || value->size() == 43, "a token has one length");
  }
}

/// Codes that people type, and those of an app.
void run_code(std::string_view input) {
  const auto receipt = security::read_receipt_code(input);
  const auto administrator = security::read_administrator_token(input);
  promise(!(receipt && administrator), "no text is both a receipt and a token");
  std::string spaced;
  for (const char c : input) spaced += {' ', c};
  // Only of plain letters: a space inside a longer character would break it.
  if (std::ranges::all_of(input, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
    const auto again = security::read_receipt_code(spaced);
    promise(receipt.has_value() == again.has_value() && (!receipt || *receipt == *again),
            "spaces in a code do not matter");
  }
  const std::int64_t step = security::code_step(kNow);
  const auto matched = security::match_code(kSecret, input, kNow, step - 2);
  promise(!matched || (*matched >= step - 1 && *matched <= step + 1),
          "a code belongs to a step beside now");
  promise(!security::match_code(kSecret, input, kNow, step + 1), "a code is taken once");
}

bool is_plain(const codec::Json& value, std::size_t depth) {
  if (depth > kLimits.json_depth_max) return false;
  if (const auto* array = value.as_array())
    return std::ranges::all_of(*array, [&](const auto& one) { return is_plain(one, depth + 1); });
  if (const auto* object = value.as_object())
    return std::ranges::all_of(*object, [&](const codec::JsonMember& member) {
      return is_utf8(member.key) && value.find(member.key) == &member.value &&
             is_plain(member.value, depth + 1);
    });
  const auto text = value.as_string();
  return !text || is_utf8(*text);
}

void run_json(std::string_view input) {
  const auto value = codec::parse_json(input);
  if (!value) {
    promise(value.error().key.starts_with("json."), "a refusal says why");
    return;
  }
  promise(is_plain(*value, 0), "what is read is text, not too deep, each key once");
  const std::string written = codec::write_json(*value);
  const auto again = codec::parse_json(written);
  promise(again && *again == *value, "what is written is read the same");
  promise(codec::write_json(*again) == written, "what is read again is written the same");
}

// Of a provider that was made up for this: its public keys, and what it signed with either.
constexpr std::string_view kProviderKeys =
    R"({"keys":[{"kty":"RSA","n":"0fW2PPvDNDlPvpany6xrjNC5bnvZ21Zflc6T4uGG0b2MSv7CI-AU0)"
    R"(C8Ksaxjxkkqh7xLVZLcPbEvRLskOdRcoxxEhurUKg1GNDSKiIbLDTGILS2lEUEm_CNS2zNO04i4ZDpUW)"
    R"(9LZ2lMtxBFb4VvMm7cWSWzsPe4gKGnrWO1O9Nc11PLY2vI2sqZE_RO2gDFh630s-bfklQJIaPHPA8JfD)"
    R"(54eW9dccNZCACaymJI0_c-nsxmVqItO_jq7fCIMvMFZ6U89xZYyKdTebnwtyXmgOWRRDvC2i7_aM5yH9)"
    R"(yCjB9Fc8uCei7nIDmoiVwTiB822IvP_RLVWH5qKxYvUmkBR3w","e":"AQAB","kid":"r","use":"s)"
    R"(ig"},{"kty":"EC","x":"6EHayT2IplpZaICW3cFQV43j6Oh--HRTD_kF35aiYso","y":"YWY8V3Lb)"
    R"(iAmxh9ge65cTDwnpCsJ2TdOzrA6GtvbxaVY","crv":"P-256","kid":"e"}]})";
constexpr std::string_view kSignedEc =
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImUifQ.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJhdWQiOlsiZ2V3d"
    "SIsIm90aGVyIl0sImF6cCI6Imdld3UiLCJleHAiOjE3OTAwMDAzMDAsImlhdCI6MTc4OTk5OTk5MC41LCJub25jZ"
    "SI6Im4iLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJsaSIsImFtciI6WyJvdHAiXX0.ehGXePkOmHaSfikG3LtL-T95F"
    "lnKF5vSEf6CvFgICGldjsf7TNe9vnoMbrCB1-9KmVWYVDQNxjGAv3yaChb_nA";
constexpr std::string_view kSignedRsa =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJhdWQiOlsiZ2V3d"
    "SIsIm90aGVyIl0sImF6cCI6Imdld3UiLCJleHAiOjE3OTAwMDAzMDAsImlhdCI6MTc4OTk5OTk5MC41LCJub25jZ"
    "SI6Im4iLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJsaSIsImFtciI6WyJvdHAiXX0.aoB0KJRV3_ptgSmxe14V29HM5"
    "vEe43EcCEPd_LDZSmizprbRMu-f9eKpoYoe-7ia-n8rXQYYtcbG4oTKDvxwVRHcfAVVAGVZvxJ-6A3xud0jH3mO8"
    "fcxklLgma7tn_jOEvGw-4G6y1J42tta9zh4txSsV6JziZqg-ANtGV5I7NRum94jmC6GW0bLU0j2ECfijsy_Sy_9I"
    "q8JlYzYMYEceuOwrHn7EFX4tqiTtuQP5Vo6OJ6KdiWIl2xUvyhHqhzuiI-w0aXBLwqtZyf4ZIUkFSDS_vp7lCZwK"
    "4ECiB59dfeMh4e6BSS_qAm78Y2VYFcG2LElydrAK55NJzYpPKsuxA";

/// What is signed of a token: all before its last dot.
std::string_view signed_part(std::string_view token) { return token.substr(0, token.rfind('.')); }

/// First line: an ID token. Second: the provider's keys; without it the true ones.
void run_id_token(std::string_view input) {
  const auto end = input.find('\n');
  const std::string_view token = input.substr(0, end);
  const auto keys = codec::parse_json(end == input.npos ? kProviderKeys : input.substr(end + 1));
  if (!keys) return;
  const auto claims =
      gateway::read_id_token(token, *keys, {"https://id.example", "gewu", "n", kNow});
  if (!claims) {
    promise(claims.error().key == "sso.answer" && !claims.error().details.empty(),
            "a refusal says why");
    return;
  }
  promise(signed_part(token) == signed_part(kSignedEc) ||
              signed_part(token) == signed_part(kSignedRsa),
          "nothing is believed that was not signed");
  promise(claims->string_at("preferred_username") == "li", "what was signed is read");
}

}  // namespace

std::vector<Target> text_targets() {
  SeededRandom random(11);
  const security::IssuedToken session = security::issue_session_token(random);
  const security::IssuedToken receipt = security::issue_receipt_code(random);
  const security::IssuedToken first = security::issue_administrator_token(random);
  const std::string code = security::one_time_code(kSecret, security::code_step(kNow));
  return {
      {.name = "request",
       .run = run_request,
       .samples = {"/api/matters/12/files/ab?name=%E8%B7%AF.jpg&name=+x\n10.0.0.1, ::1\nhttps",
                   "/api/search?q=a%20b&rows=20", "/"},
       .words = {"%2e", "%2F", "%00", "..", "/", "?", "&", "=", "+", "%", "%c0%af", "\n", ",",
                 "https", "%e8%b7%af", "\\"}},
      {.name = "cookie",
       .run = run_cookie,
       .samples = {"gewu_session=" + session.text + "; gewu_device=abc", "a=b; ; =; gewu_session=",
                   " gewu_device =x"},
       .words = {"gewu_session=", "gewu_device=", ";", "=", "; ", "\"", " ", "\t", session.text}},
      {.name = "code",
       .run = run_code,
       .samples = {receipt.text, first.text, code, " " + code.substr(0, 3) + " " + code.substr(3)},
       .words = {"-", " ", "O", "0", "I", "L", "1", "ｏ", "０", "－", "　", "U", "z", "\xEF\xBC"},
       .bytes_max = 256},
      {.name = "json",
       .run = run_json,
       .samples = {R"({"a":[1,-2.5e3,true,null,"x\n\u4e2d\ud83d\ude00"],"b":{"c":{},"d":[]}})",
                   R"([[[[[[{"k":0},{"k":-0}]]]]],"",12345678901234567890])",
                   R"({"type":"appeal","values":{"text":"灯","place":{"lon":"129.5"}}})"},
       .words = {"{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\udc00", "null",
                 "true", "false", "-", "0", "1e999999999", "9223372036854775808", "\xED\xA0\x80",
                 "\xC0\x80", "\xEF\xBB\xBF", "\"a\":", " ", "/*", "NaN", "[[[[[[[["}},
      {.name = "id_token",
       .run = run_id_token,
       .samples = {std::string(kSignedEc), std::string(kSignedRsa),
                   std::string(kSignedEc) + "\n" + std::string(kProviderKeys),
                   std::string(kSignedRsa) + "\n" + std::string(kProviderKeys)},
       .words = {".", "=", "-", "_", "\n", "eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzI1NiJ9",
                 "\"kty\":", "\"RSA\"", "\"EC\"", "\"oct\"", "\"kid\":", "\"n\":\"\"",
                 "\"e\":\"AA\"",
                 "\"x\":\"\"", "\"crv\":", "\"use\":\"enc\"", "[]", "{}"}},
  };
}

}  // namespace gewu::fuzz
