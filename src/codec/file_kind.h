#pragma once

#include <optional>
#include <string>
#include <string_view>

// What an uploaded file is, by its bytes alone: what a sender says of it is never asked.

namespace gewu::codec {

/// A kind of file that the office takes.
struct FileKind {
  const char* media_type = "";
  const char* extension = "";
  bool is_picture = false;   ///< is drawn anew before it is kept
};

/// JPEG, PNG, WebP, PDF, XLSX, DOCX or MP4; nothing for anything else, for what is two of them at
/// once, for documents that carry macros and for a PDF that a browser would take for a page.
std::optional<FileKind> sniff_file(std::string_view bytes);
/// The kind that has this media type; nothing for others.
std::optional<FileKind> find_file_kind(std::string_view media_type);

/// A name that is a name only: no folder, no control character, none that turns the direction of
/// text round or is not seen, no dots in front, bounded length, and the extension of its kind.
std::string clean_file_name(std::string_view given, const FileKind& kind);

/// An MP4 without what it says of place, device and time: metadata boxes become free space of the
/// same size, and tracks of metadata go, so that every offset stays true. Nothing when the boxes
/// do not fill the file exactly.
std::optional<std::string> strip_mp4(std::string bytes);

}  // namespace gewu::codec
