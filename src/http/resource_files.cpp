#include "base/text.h"
#include "codec/file_kind.h"
#include "http/door.h"
#include "usecase/keep_file.h"
#include "usecase/read_file.h"

namespace gewu::http {
namespace {

/// Nothing of it runs, whatever a browser takes it for: no script, no origin, no frame around it.
constexpr const char* kFilePolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";
/// The content of a hash never changes; that this person may see it does.
constexpr const char* kFileCache = "private, max-age=300";

/// RFC 8187: what is not a plain letter or digit in percent signs.
std::string extended_value(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string made = "UTF-8''";
  for (const char c : text) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                          (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_';
    if (is_plain) {
      made += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      made += '%';
      made += kDigits[byte >> 4];
      made += kDigits[byte & 15];
    }
  }
  return made;
}

/// RFC 6266: a name for old readers beside the true one.
std::string disposition(std::string_view name, bool is_picture, std::string_view extension) {
  return std::string(is_picture ? "inline" : "attachment") + "; filename=\"file." +
         std::string(extension) + "\"; filename*=" + extended_value(name);
}

Result<Answer> answer_file(Visit& visit, const usecase::Caller& caller, MatterId matter) {
  GEWU_TRY(shown, usecase::read_file(visit.door.office, caller, matter, visit.captured[1]));
  const auto kind = codec::find_file_kind(shown.blob.note.media_type);
  if (!kind) return refuse(ErrorCode::internal, "upload.broken");
  Answer answer;
  answer.response.content_type = kind->media_type;
  answer.response.body = std::move(shown.blob.content);
  auto& headers = answer.response.headers;
  headers.emplace_back("Content-Disposition",
                       disposition(shown.name, kind->is_picture, kind->extension));
  headers.emplace_back("Content-Security-Policy", kFilePolicy);
  headers.emplace_back("Cache-Control", kFileCache);
  return answer;
}

}  // namespace

Result<Answer> keep_file(Visit& visit) {
  GEWU_TRY(bytes, visit.bytes());
  usecase::Upload upload;
  upload.caller = visit.caller;
  upload.name = visit.request.parameter("name").value_or("");
  upload.content = bytes;
  GEWU_TRY(kept, usecase::keep_file(visit.door.office, upload));
  return json_answer(
      [&](codec::JsonWriter& out) {
        out.begin_object().member("sha256", kept.sha256).member("name", kept.name);
        out.member("media_type", kept.media_type).member("bytes", kept.bytes).end_object();
      },
      201);
}

Result<Answer> read_file(Visit& visit) {
  GEWU_TRY(id, visit.captured_matter());
  return answer_file(visit, visit.caller, id);
}

Result<Answer> read_receipt_file(Visit& visit) {
  GEWU_TRY(caller, usecase::find_receipt(visit.door.office, visit.captured[0]));
  return answer_file(visit, caller, caller.receipt_of);
}

}  // namespace gewu::http
