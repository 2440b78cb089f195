// What a file is by its bytes, what is taken out of a film, and names that are names only.
#include "codec/file_kind.h"

#include <gtest/gtest.h>

#include "base/file_limits.h"
#include "base/text.h"

namespace gewu::codec {
namespace {

std::string kind_of(std::string_view bytes) {
  const auto kind = sniff_file(bytes);
  return kind ? kind->extension : "";
}
std::string name_of(std::string_view given) {
  return clean_file_name(given, *find_file_kind("image/jpeg"));
}

std::string little(std::uint32_t number, int size) {
  std::string bytes;
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xFF);
  return bytes;
}
std::string big(std::uint32_t number) {
  std::string bytes;
  for (int i = 3; i >= 0; --i) bytes += static_cast<char>(number >> (8 * i) & 0xFF);
  return bytes;
}

/// An archive of empty entries, as a writer of documents lays it out.
std::string archive(const std::vector<std::string>& names) {
  std::string bytes, directory;
  for (const std::string& name : names) {
    directory += "PK\x01\x02" + std::string(24, '\0') + little(name.size(), 2) +
                 std::string(12, '\0') + little(bytes.size(), 4) + name;
    bytes += "PK\x03\x04" + std::string(22, '\0') + little(name.size(), 2) + little(0, 2) + name;
  }
  const std::size_t at = bytes.size();
  return bytes + directory + "PK\x05\x06" + std::string(4, '\0') + little(names.size(), 2) +
         little(names.size(), 2) + little(directory.size(), 4) + little(at, 4) + little(0, 2);
}

std::string box(const std::string& type, const std::string& inside) {
  return big(static_cast<std::uint32_t>(inside.size() + 8)) + type + inside;
}
std::string track(const std::string& handler, const std::string& secret) {
  return box("trak", box("mdia", box("hdlr", std::string(8, '\0') + handler + secret)));
}
const std::string kFilm = box("ftyp", "isom" + big(0));

TEST(FileKind, is_told_by_the_first_bytes) {
  EXPECT_EQ(kind_of("\xFF\xD8\xFF\xE0 and so on"), "jpg");
  EXPECT_EQ(kind_of(std::string("\x89PNG\r\n\x1A\n", 8) + "rest"), "png");
  EXPECT_EQ(kind_of("RIFF\x10\0\0\0WEBPVP8 more bytes"), "");
  EXPECT_EQ(kind_of(std::string("RIFF\x10\0\0\0WEBPVP8 more", 20)), "webp");
  EXPECT_EQ(kind_of("%PDF-1.7\n1 0 obj\n%%EOF\n"), "pdf");
  EXPECT_EQ(kind_of(kFilm + box("mdat", "frames")), "mp4");
}

TEST(FileKind, is_nothing_for_what_is_not_taken) {
  for (const std::string& bytes :
       {std::string(), std::string("GIF89a"), std::string("\x7f" "ELF"), std::string("MZ"),
        std::string("<svg xmlns='http://www.w3.org/2000/svg'/>"), std::string("PK\x03\x04"),
        std::string("\xFF\xD8"), std::string("%PDF-3.0\n%%EOF"), std::string("%PDF-1.4 no end"),
        box("ftyp", "qt  " + big(0))})
    EXPECT_EQ(kind_of(bytes), "") << bytes;
}

TEST(FileKind, a_pdf_is_neither_a_page_nor_an_archive) {
  EXPECT_EQ(kind_of("%PDF-1.4\n<ScRipt>alert(1)</script>\n%%EOF"), "");
  EXPECT_EQ(kind_of("%PDF-1.4\n%%EOF\n" + archive({"a"})), "");
}

TEST(FileKind, documents_are_archives_from_first_to_last_byte) {
  const std::vector<std::string> sheet{"[Content_Types].xml", "xl/workbook.xml"};
  EXPECT_EQ(kind_of(archive(sheet)), "xlsx");
  EXPECT_EQ(kind_of(archive({"[Content_Types].xml", "word/document.xml"})), "docx");
  EXPECT_EQ(kind_of(archive(sheet) + "x"), "");
  EXPECT_EQ(kind_of("x" + archive(sheet)), "");
  EXPECT_EQ(kind_of(archive({"[Content_Types].xml", "META-INF/MANIFEST.MF"})), "");
  EXPECT_EQ(kind_of(archive({"xl/workbook.xml"})), "");
  std::string lies = archive(sheet);
  lies[lies.size() - 12] = 9;  // more entries than there are
  EXPECT_EQ(kind_of(lies), "");
  for (std::size_t size = 0; size < archive(sheet).size(); ++size)
    EXPECT_EQ(kind_of(archive(sheet).substr(0, size)), "") << size;
}

TEST(FileKind, documents_carry_no_macros) {
  EXPECT_EQ(kind_of(archive({"[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"})), "");
  EXPECT_EQ(kind_of(archive({"[Content_Types].xml", "word/document.xml", "word/VBAData.BIN"})),
            "");
}

TEST(Film, loses_place_device_and_other_tracks_without_growing) {
  const std::string film =
      kFilm + box("moov", box("udta", "+43.00+129.00/ PHONE") + box("meta", "PHONE") +
                              track("vide", "KEPT") + track("soun", "KEPT") +
                              track("meta", "+43.00")) +
      box("uuid", "PHONE") + box("mdat", "frames");
  const auto stripped = strip_mp4(film);
  ASSERT_TRUE(stripped);
  EXPECT_EQ(stripped->size(), film.size());
  EXPECT_EQ(stripped->find("43.00"), std::string::npos);
  EXPECT_EQ(stripped->find("PHONE"), std::string::npos);
  EXPECT_EQ(stripped->find("frames"), film.find("frames"));
  EXPECT_EQ(stripped->find("KEPT"), film.find("KEPT"));
  EXPECT_EQ(stripped->rfind("KEPT"), film.rfind("KEPT"));
  EXPECT_EQ(kind_of(*stripped), "mp4");
}

// Found by the fuzzer: what looked like the track's own word stood in another box before it.
TEST(Film, asks_the_track_itself_what_it_holds) {
  const std::string lie = box("free", "hdlr" + std::string(8, '\0') + "vide");
  const std::string media = box("mdia", box("hdlr", std::string(8, '\0') + "meta+43.00"));
  const auto stripped = strip_mp4(kFilm + box("moov", box("trak", lie + media)));
  ASSERT_TRUE(stripped);
  EXPECT_EQ(stripped->find("43.00"), std::string::npos);
}

TEST(Film, whose_boxes_do_not_fill_it_is_none) {
  const std::string film = kFilm + box("moov", track("vide", "")) + box("mdat", "frames");
  ASSERT_TRUE(strip_mp4(film));
  EXPECT_FALSE(strip_mp4(film + "x"));
  EXPECT_FALSE(strip_mp4(kFilm + big(0xFFFFFFFF) + "moov"));
  EXPECT_FALSE(strip_mp4(kFilm + big(4) + "moov"));
  EXPECT_FALSE(strip_mp4(kFilm + big(1) + "moov" + std::string(8, '\xFF')));
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep = box("trak", deep);
  EXPECT_TRUE(strip_mp4(kFilm + deep));  // no handler: blanked, not walked
  std::string walked;
  for (int i = 0; i < 100; ++i) walked = box("moov", walked);
  EXPECT_FALSE(strip_mp4(kFilm + walked));
}

TEST(FileName, is_a_name_only) {
  EXPECT_EQ(name_of("photo.jpeg"), "photo.jpg");
  EXPECT_EQ(name_of("../../etc/passwd"), "passwd.jpg");
  EXPECT_EQ(name_of("C:\\me\\..\\家门口.png"), "家门口.jpg");
  EXPECT_EQ(name_of("...hidden"), "hidden.jpg");
  EXPECT_EQ(name_of("a\r\nSet-Cookie: b"), "aSet-Cookie_ b.jpg");
  EXPECT_EQ(name_of("\"quoted\"; x"), "_quoted__ x.jpg");
  EXPECT_EQ(name_of("invoice\u202Egpj.exe"), "invoicegpj.jpg");
  EXPECT_EQ(name_of("a\u200Bb"), "ab.jpg");
  EXPECT_EQ(name_of("name. . "), "name.jpg");
  EXPECT_EQ(name_of(std::string("nul\0byte", 8)), "nulbyte.jpg");
  for (const char* none : {"", ".", "..", "/", "\\", "\u202E", "   ", "\xFF\xFE", ".jpg"})
    EXPECT_EQ(name_of(none), "file.jpg") << none;
}

TEST(FileName, is_not_longer_than_its_limit) {
  std::string many;
  for (std::size_t i = 0; i < 2 * kFileLimits.file_name_code_points_max; ++i) many += "格";
  EXPECT_EQ(name_of(many).size(), 3 * kFileLimits.file_name_code_points_max + 4);
}

TEST(FileName, cleaned_again_is_the_same) {
  for (const char* given : {"照片 1.jpg", "a.b.c.jpg", "x/y.z", "%41?", "COM1"})
    EXPECT_EQ(name_of(name_of(given)), name_of(given)) << given;
}

TEST(FileKind, is_found_by_its_media_type) {
  EXPECT_EQ(std::string(find_file_kind("application/pdf")->extension), "pdf");
  EXPECT_FALSE(find_file_kind("text/html"));
  EXPECT_FALSE(find_file_kind(""));
}

}  // namespace
}  // namespace gewu::codec
