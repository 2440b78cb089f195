#include "codec/file_kind.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/file_limits.h"
#include "base/text.h"

namespace gewu::codec {

namespace {

constexpr FileKind kJpeg{"image/jpeg", "jpg", true};
constexpr FileKind kPng{"image/png", "png", true};
constexpr FileKind kWebp{"image/webp", "webp", true};
constexpr FileKind kPdf{"application/pdf", "pdf", false};
constexpr FileKind kXlsx{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                         "xlsx", false};
constexpr FileKind kDocx{"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                         "docx", false};
constexpr FileKind kMp4{"video/mp4", "mp4", false};
constexpr FileKind kKinds[] = {kJpeg, kPng, kWebp, kPdf, kXlsx, kDocx, kMp4};

constexpr std::size_t kHeadLookedAt = 1024;   ///< as far as browsers look for a page
constexpr std::size_t kPdfTail = 1024;
constexpr std::size_t kZipEntriesMax = 10'000;
constexpr std::string_view kZipEnd = "PK\x05\x06";
constexpr int kBoxDepthMax = 8;

std::uint32_t little(std::string_view bytes, std::size_t at, int size) {
  std::uint32_t number = 0;
  for (int i = size - 1; i >= 0; --i)
    number = number << 8 | static_cast<std::uint8_t>(bytes[at + static_cast<std::size_t>(i)]);
  return number;
}

std::uint64_t big(std::string_view bytes, std::size_t at, int size) {
  std::uint64_t number = 0;
  for (int i = 0; i < size; ++i)
    number = number << 8 | static_cast<std::uint8_t>(bytes[at + static_cast<std::size_t>(i)]);
  return number;
}

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return made;
}

bool looks_like_page(std::string_view bytes) {
  const std::string head = lower(bytes.substr(0, kHeadLookedAt));
  for (const char* mark : {"<html", "<script", "<!doctype", "<svg", "<body", "<iframe", "<head"})
    if (head.find(mark) != std::string::npos) return true;
  return false;
}

bool is_pdf(std::string_view bytes) {
  if (!bytes.starts_with("%PDF-1.") && !bytes.starts_with("%PDF-2.")) return false;
  if (looks_like_page(bytes)) return false;
  const auto tail = bytes.substr(bytes.size() - std::min(bytes.size(), kPdfTail));
  // Whoever reads from the end would find an archive.
  return tail.find("%%EOF") != std::string_view::npos && tail.find(kZipEnd) == tail.npos;
}

/// Names in the directory at the end of an archive; nothing when it is not one from its first
/// byte to its last.
std::optional<std::vector<std::string_view>> zip_names(std::string_view bytes) {
  constexpr std::size_t kEndSize = 22, kEntrySize = 46;
  if (!bytes.starts_with("PK\x03\x04") || bytes.size() < kEndSize) return std::nullopt;
  const std::size_t end = bytes.size() - kEndSize;  // a comment behind it could be anything
  if (bytes.substr(end, 4) != kZipEnd) return std::nullopt;
  const std::size_t count = little(bytes, end + 10, 2);
  std::size_t at = little(bytes, end + 16, 4);
  if (count > kZipEntriesMax) return std::nullopt;
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < count; ++i) {
    if (at > end || end - at < kEntrySize || bytes.substr(at, 4) != "PK\x01\x02")
      return std::nullopt;
    const std::size_t name = little(bytes, at + 28, 2);
    const std::size_t more = little(bytes, at + 30, 2) + little(bytes, at + 32, 2);
    if (end - at < kEntrySize + name + more) return std::nullopt;
    names.push_back(bytes.substr(at + kEntrySize, name));
    at += kEntrySize + name + more;
  }
  if (at != end) return std::nullopt;
  return names;
}

std::optional<FileKind> office_document(std::string_view bytes) {
  const auto names = zip_names(bytes);
  if (!names) return std::nullopt;
  const auto has = [&](std::string_view name) { return std::ranges::count(*names, name) == 1; };
  const bool has_macros = std::ranges::any_of(*names, [](std::string_view name) {
    const std::string small = lower(name);
    return small.ends_with(".bin") && small.find("vba") != std::string::npos;
  });
  if (has_macros || !has("[Content_Types].xml")) return std::nullopt;
  if (has("xl/workbook.xml")) return kXlsx;
  if (has("word/document.xml")) return kDocx;
  return std::nullopt;
}

struct Box {
  std::size_t at = 0, header = 0, size = 0;
  std::string_view type;
};

/// The box at a place, when it ends by `end`.
std::optional<Box> box_at(std::string_view bytes, std::size_t at, std::size_t end) {
  if (end - at < 8) return std::nullopt;
  Box box{at, 8, big(bytes, at, 4), bytes.substr(at + 4, 4)};
  if (box.size == 1) {
    if (end - at < 16) return std::nullopt;
    box.header = 16;
    box.size = big(bytes, at + 8, 8);
  } else if (box.size == 0) {
    box.size = end - at;
  }
  if (box.size < box.header || box.size > end - at) return std::nullopt;
  return box;
}

bool is_mp4(std::string_view bytes) {
  constexpr std::string_view kBrands[] = {"isom", "iso2", "iso4", "iso5", "iso6", "mp41",
                                          "mp42", "avc1", "M4V ", "MSNV", "dash"};
  if (bytes.size() < 16 || bytes.substr(4, 4) != "ftyp") return false;
  return std::ranges::find(kBrands, bytes.substr(8, 4)) != std::end(kBrands);
}

void blank(std::string& bytes, const Box& box) {
  bytes.replace(box.at + 4, 4, "free");
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(box.at + box.header),
            bytes.begin() + static_cast<std::ptrdiff_t>(box.at + box.size), '\0');
}

/// The first box of this type between two places; nothing when the boxes before it do not hold.
std::optional<Box> find_box(std::string_view bytes, std::string_view type, std::size_t from,
                            std::size_t end) {
  for (std::size_t at = from; at < end;) {
    const auto box = box_at(bytes, at, end);
    if (!box || box->type == type) return box;
    at = box->at + box->size;
  }
  return std::nullopt;
}

/// Whether a track holds anything but picture and sound: places, above all. Asked of the box that
/// says it, not of whatever looks like one.
bool is_other_track(std::string_view bytes, const Box& track) {
  const auto media =
      find_box(bytes, "mdia", track.at + track.header, track.at + track.size);
  if (!media) return true;
  const auto handler =
      find_box(bytes, "hdlr", media->at + media->header, media->at + media->size);
  if (!handler || handler->size < handler->header + 12) return true;
  const auto kind = bytes.substr(handler->at + handler->header + 8, 4);
  return kind != "vide" && kind != "soun";
}

bool strip_boxes(std::string& bytes, std::size_t from, std::size_t end, int depth) {
  if (depth > kBoxDepthMax) return false;
  for (std::size_t at = from; at < end;) {
    const auto box = box_at(bytes, at, end);
    if (!box) return false;
    at = box->at + box->size;
    if (box->type == "udta" || box->type == "meta" || box->type == "uuid") blank(bytes, *box);
    else if (box->type == "trak" && is_other_track(bytes, *box)) blank(bytes, *box);
    else if (box->type == "moov" || box->type == "trak" || box->type == "mdia" ||
             box->type == "minf")
      if (!strip_boxes(bytes, box->at + box->header, at, depth + 1)) return false;
  }
  return true;
}

/// The code point that begins here, and how many bytes it takes; text is well-formed.
std::pair<char32_t, std::size_t> code_point_at(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  const std::size_t size = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
  char32_t point = size == 1 ? byte : byte & (0xFF >> (size + 1));
  for (std::size_t i = 1; i < size; ++i)
    point = point << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3F);
  return {point, size};
}

/// Control characters, those that turn text round, and those that nobody sees.
bool is_hidden(char32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0xAD || point == 0x61C ||
         (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF ||
         (point >= 0xFFF9 && point <= 0xFFFB) || (point >= 0xE0000 && point <= 0xE007F);
}

bool is_reserved(char32_t point) {
  constexpr std::string_view kReserved = "<>:\"|?*;%&$`'";
  return point < 0x80 && kReserved.find(static_cast<char>(point)) != std::string_view::npos;
}

}  // namespace

std::optional<FileKind> sniff_file(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xD8\xFF")) return kJpeg;
  if (bytes.starts_with("\x89PNG\r\n\x1A\n")) return kPng;
  if (bytes.size() > 16 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP") return kWebp;
  if (is_pdf(bytes)) return kPdf;
  if (auto document = office_document(bytes)) return document;
  if (is_mp4(bytes)) return kMp4;
  return std::nullopt;
}

std::optional<FileKind> find_file_kind(std::string_view media_type) {
  for (const FileKind& kind : kKinds)
    if (kind.media_type == media_type) return kind;
  return std::nullopt;
}

std::string clean_file_name(std::string_view given, const FileKind& kind) {
  if (!is_utf8(given)) given = {};
  if (const auto slash = given.find_last_of("/\\"); slash != std::string_view::npos)
    given.remove_prefix(slash + 1);
  if (const auto dot = given.rfind('.'); dot != std::string_view::npos && given.size() - dot <= 6)
    given = given.substr(0, dot);
  std::string name;
  std::size_t points = 0;
  for (std::size_t at = 0; at < given.size() && points < kFileLimits.file_name_code_points_max;) {
    const auto [point, size] = code_point_at(given, at);
    if (!is_hidden(point)) {
      if (is_reserved(point)) name += '_';
      else name += given.substr(at, size);
      ++points;
    }
    at += size;
  }
  const auto first = name.find_first_not_of(". ");
  name.erase(0, first == std::string::npos ? name.size() : first);
  while (name.ends_with('.') || name.ends_with(' ')) name.pop_back();
  if (name.empty()) name = "file";
  return name + "." + kind.extension;
}

std::optional<std::string> strip_mp4(std::string bytes) {
  if (!strip_boxes(bytes, 0, bytes.size(), 0)) return std::nullopt;
  return bytes;
}

}  // namespace gewu::codec
