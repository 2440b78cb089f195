#include <png.h>
#include <webp/encode.h>

#include "base/file_limits.h"
#include "base/text.h"
#include "codec/file_kind.h"
#include "fuzz/fuzz.h"
#include "gateway/picture_worker.h"

// What arrives as a file: its kind, its name, its pixels.

namespace gewu::fuzz {

namespace {

void run_kind(std::string_view input) {
  const auto kind = codec::sniff_file(input);
  if (!kind) return;
  promise(codec::find_file_kind(kind->media_type).has_value(), "a kind is found by its own name");
  if (std::string_view(kind->extension) != "mp4") return;
  const auto stripped = codec::strip_mp4(std::string(input));
  if (!stripped) return;
  promise(stripped->size() == input.size(), "a film keeps its length");
  promise(codec::strip_mp4(*stripped) == stripped, "a stripped film has nothing left to strip");
}

void run_name(std::string_view input) {
  const codec::FileKind kind = *codec::find_file_kind("image/jpeg");
  const std::string name = codec::clean_file_name(input, kind);
  promise(is_utf8(name) && name.ends_with(".jpg"), "a name is text and says its kind");
  promise(name.find_first_of("/\\:\"<>|?*\r\n") == std::string::npos &&
              name.find('\0') == std::string::npos,
          "a name stays in its folder and in its header");
  promise(name.front() != '.' && name.size() > 4, "a name is a name");
  promise(count_code_points(name) <= kFileLimits.file_name_code_points_max + 4,
          "a name is bounded");
  promise(codec::clean_file_name(name, kind) == name, "a clean name is clean");
}

FileLimits small_limits() {
  FileLimits limits;
  limits.picture_pixels_max = 4096;
  limits.picture_side_max = 16;
  return limits;
}

void run_picture(std::string_view input) {
  gateway::read_orientation(input);
  const auto made = gateway::redraw_picture(input, small_limits());
  if (!made) {
    promise(made.error().key == "upload.picture" || made.error().key == "upload.pixels",
            "a refusal says why");
    return;
  }
  const auto kind = codec::sniff_file(*made);
  promise(kind && kind->is_picture, "what is drawn is a picture");
  promise(made->find("Exif") == std::string::npos, "what is drawn says nothing of its place");
  const auto again = gateway::redraw_picture(*made, small_limits());
  promise(again.has_value(), "what is drawn can be drawn again");
}

std::string png_of(std::size_t side) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = image.height = static_cast<png_uint_32>(side);
  image.format = PNG_FORMAT_RGBA;
  std::vector<std::uint8_t> pixels(4 * side * side);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i * 37);
  png_alloc_size_t size = 0;
  png_image_write_to_memory(&image, nullptr, &size, 0, pixels.data(), 0, nullptr);
  std::string made(size, '\0');
  png_image_write_to_memory(&image, made.data(), &size, 0, pixels.data(), 0, nullptr);
  return made;
}
std::string webp_of(int side, bool is_lossless) {
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(3 * side * side), 90);
  std::uint8_t* bytes = nullptr;
  const std::size_t size =
      is_lossless ? WebPEncodeLosslessRGB(pixels.data(), side, side, 3 * side, &bytes)
                  : WebPEncodeRGB(pixels.data(), side, side, 3 * side, 75, &bytes);
  std::string made(reinterpret_cast<char*>(bytes), size);
  WebPFree(bytes);
  return made;
}
/// What the office itself makes of another, with a place and a way of being held put in front.
std::string jpeg_with_exif() {
  const auto made = gateway::redraw_picture(webp_of(16, true), small_limits());
  promise(made.has_value(), "a sample can be drawn");
  const std::string exif(
      "\xFF\xE1\0\x22"
      "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0", 36);
  return made->substr(0, 2) + exif + made->substr(2);
}

std::string number(std::size_t value, int size, bool is_little) {
  std::string bytes;
  for (int i = 0; i < size; ++i)
    bytes += static_cast<char>(value >> (8 * (is_little ? i : size - 1 - i)) & 0xFF);
  return bytes;
}
std::string box(const std::string& type, const std::string& inside) {
  return number(inside.size() + 8, 4, false) + type + inside;
}
std::string film() {
  const std::string handler = box("hdlr", std::string(8, '\0') + "vide1234");
  const std::string track = box("trak", box("mdia", handler));
  return box("ftyp", std::string("isom\0\0\0\0", 8)) +
         box("moov", box("udta", "PLACE") + track + box("meta", "PLACE")) + box("mdat", "frames");
}
/// An archive of empty entries.
std::string archive(const std::vector<std::string>& names) {
  std::string bytes, directory;
  for (const std::string& name : names) {
    directory += "PK\x01\x02" + std::string(24, '\0') + number(name.size(), 2, true) +
                 std::string(12, '\0') + number(bytes.size(), 4, true) + name;
    bytes += "PK\x03\x04" + std::string(22, '\0') + number(name.size(), 4, true) + name;
  }
  return bytes + directory + "PK\x05\x06" + std::string(4, '\0') + number(names.size(), 2, true) +
         number(names.size(), 2, true) + number(directory.size(), 4, true) +
         number(bytes.size(), 4, true) + number(0, 2, true);
}

}  // namespace

std::vector<Target> file_targets() {
  return {
      {.name = "kind",
       .run = run_kind,
       .samples = {archive({"[Content_Types].xml", "xl/workbook.xml"}), film(),
                   "%PDF-1.7\n1 0 obj\n%%EOF\n", png_of(2)},
       .words = {"PK\x01\x02", "PK\x05\x06", "[Content_Types].xml", "word/document.xml",
                 "xl/workbook.xml", "vbaProject.bin", "ftyp", "moov", "trak", "mdia", "hdlr",
                 "udta", "meta", "uuid", "free", "vide", "%PDF-1.", "%%EOF", "<script", "RIFF",
                 std::string("\0\0\0\1", 4), std::string("\0\0\0\0", 4)}},
      {.name = "name",
       .run = run_name,
       .samples = {"家门口 1.jpg", "../../etc/passwd", "C:\\a\\b.exe", "a\u202Egpj.exe"},
       .words = {"/", "\\", ".", "..", ".jpg", ".jpeg", "\"", ":", "%", "\u202E", "\u200B", " ",
                 "\xEF\xBB\xBF", "\xC0\x80", "\xED\xA0\x80", "格", "\xF0\x9F\x98\x80",
                 std::string(1, '\0'), "\r\n", "\u0085"},
       .bytes_max = 1024},
      {.name = "picture",
       .run = run_picture,
       .samples = {png_of(8), png_of(40), webp_of(16, true), webp_of(16, false), jpeg_with_exif()},
       .words = {"\xFF\xD8", "\xFF\xD9", "\xFF\xDA", "\xFF\xC2", "\xFF\xC0", "\xFF\xC4",
                 "\xFF\xDD", "\xFF\xEE", "IHDR", "IDAT", "PLTE", "tRNS", "iCCP", "IEND", "VP8 ",
                 "VP8L", "VP8X", "ALPH", "ANIM", "EXIF", "Adobe", "Exif"}},
  };
}

}  // namespace gewu::fuzz
