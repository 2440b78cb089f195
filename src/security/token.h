#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "security/hash.h"

namespace gewu::security {

/// A token as it is given out. `text` is shown once and never kept; `stored`, its SHA-256, is what
/// the database holds: a stolen database opens no session and no matter. Tokens carry at least
/// 128 random bits, so that a plain hash suffices and look-up by it leaks nothing.
struct IssuedToken {
  std::string text;
  Sha256 stored{};
};

/// A session of somebody signed in: 256 bits, base64url, 43 characters.
IssuedToken issue_session_token(Random& random);
/// The stored form to look up; `unauthenticated` `token.session.form` for a text of other form.
Result<Sha256> read_session_token(std::string_view text);

/// Receipt code (回执码): what the author without an account holds. 128 bits and 12 check bits in Crockford's base32, seven groups of four:
/// "7K3Q-0VXM-…", to be read aloud and typed on a phone.
IssuedToken issue_receipt_code(Random& random);
/// Forgives case, spaces, dashes, full-width characters, and O for 0, I and L for 1.
/// `invalid` `token.receipt.form` (other length or letters), `token.receipt.mistyped` (the check
/// bits do not fit: one wrong or swapped symbol is noticed before any look-up).
Result<Sha256> read_receipt_code(std::string_view typed);

/// What the journal keeps of a receipt: a hash of the stored form, so that whoever holds the code
/// finds his matter in an export, and nobody comes from an export to the code or its look-up.
Sha256 receipt_mark(const Sha256& stored);

/// What an answer link (答复链接) carries: as long and as forgiving as a receipt code, and never read
/// as one. Errors `token.answer.form`, `token.answer.mistyped`.
IssuedToken issue_answer_code(Random& random);
Result<Sha256> read_answer_code(std::string_view typed);
/// What the journal keeps of it, as of a receipt.
Sha256 answer_mark(const Sha256& stored);

/// The one-use token by which the first administrator signs in; of the receipt code's form, but
/// neither is read as the other. Errors `token.administrator.form`, `token.administrator.mistyped`.
IssuedToken issue_administrator_token(Random& random);
Result<Sha256> read_administrator_token(std::string_view typed);

}  // namespace gewu::security
