// Files of matters: what a request may name, who reads them, and what becomes of them in the end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "base/file_limits.h"
#include "base/spans.h"
#include "gateway/pictures.h"
#include "store/blobs.h"
#include "support/shipped_office.h"
#include "usecase/check_data.h"
#include "usecase/keep_file.h"
#include "usecase/pass_time.h"
#include "usecase/read_file.h"
#include "usecase/read_matter.h"

namespace gewu::usecase {
namespace {

using kernel::FileRef;
using kernel::NamedValue;
using test::must;
using ::testing::IsEmpty;

const std::string kPicture("\x89PNG\r\n\x1A\nplace 43.00N", 21);
const std::string kPdf = "%PDF-1.4\n1 0 obj\n%%EOF\n";

/// Draws every picture as the same few bytes and its number.
class Painter : public gateway::Pictures {
 public:
  Result<std::string> redraw(std::string_view) override {
    if (!refuses.empty()) return refuse(ErrorCode::invalid, refuses);
    return std::string("\x89PNG\r\n\x1A\n", 8) + "drawn " + std::to_string(++drawn_);
  }
  std::string refuses;

 private:
  int drawn_ = 0;
};

/// The shipped office with a shelf, a desk of the matter's place and one of another.
struct FilesOffice : test::ShippedOffice {
  FilesOffice() {
    char name[] = "/tmp/gewu-files-XXXXXX";
    folder = ::mkdtemp(name);
    blobs = std::make_unique<store::Blobs>(folder + "/files", vault);
    office = std::make_unique<Office>(
        Office{*store, clock, random, false, blobs.get(), &painter});
    centre = seat("centre_1", "zhang");
  }
  ~FilesOffice() { std::filesystem::remove_all(folder); }

  FileRef sent(const std::string& content = kPicture, const Caller& caller = {}) {
    return must(keep_file(*office, {caller, "照片.png", content}));
  }
  Submission appeal_with(const std::vector<FileRef>& photos) const {
    Submission submission = appeal();
    kernel::Values values;
    for (const FileRef& file : photos) values.push_back(kernel::make_large(file));
    std::get<std::vector<NamedValue>>(submission.values)
        .push_back({"photos", kernel::make_set(std::move(values))});
    return submission;
  }
  std::string refusal(const std::vector<FileRef>& photos) {
    const auto opened = submit_matter(*office, appeal_with(photos));
    return opened ? "" : test::key_of(opened.error());
  }
  std::string read(const Caller& caller, MatterId matter, const FileRef& file) {
    const auto shown = read_file(*office, caller, matter, file.sha256);
    return shown ? shown->name : shown.error().key;
  }
  bool lies_there(const FileRef& file) { return blobs->read(file.sha256).has_value(); }

  std::string folder;
  Painter painter;
  std::unique_ptr<store::Blobs> blobs;
  Caller centre;
};

TEST(Files, a_picture_is_kept_as_it_was_drawn) {
  FilesOffice office;
  const FileRef file = office.sent();
  EXPECT_EQ(file.media_type, "image/png");
  EXPECT_EQ(file.name, "照片.png");
  const auto blob = must(office.blobs->read(file.sha256));
  EXPECT_EQ(blob.content.find("43.00N"), std::string::npos);
  EXPECT_EQ(static_cast<std::int64_t>(blob.content.size()), file.bytes);
}

TEST(Files, only_what_the_office_takes_is_kept) {
  FilesOffice office;
  const auto refused = [&](const std::string& content, const Caller& caller = {}) {
    const auto kept = keep_file(*office.office, {caller, "a", content});
    return kept ? "" : kept.error().key;
  };
  EXPECT_EQ(refused("<html>"), "upload.type");
  EXPECT_EQ(refused(kPdf), "upload.pictures_only");
  EXPECT_EQ(refused(kPdf, office.centre), "");
  EXPECT_EQ(refused(std::string(kFileLimits.file_bytes_max + 1, 'x')), "upload.too_large");
  office.painter.refuses = "upload.picture";
  EXPECT_EQ(refused(kPicture), "upload.picture");
}

TEST(Files, a_request_names_what_is_there_and_the_shelf_says_what_it_is) {
  FilesOffice office;
  const FileRef file = office.sent();
  const FileRef said{file.sha256, "../\"x\".html", "text/html", 1};
  const auto opened = must(submit_matter(*office.office, office.appeal_with({said})));
  const auto& matter = *office.store->read()->load(opened.matter->id);
  const auto photos = matter.fields[*matter.type->find_field("photos")];
  const auto* kept = photos.get_shared<kernel::Values>()->front().get_shared<FileRef>();
  EXPECT_EQ(*kept, (FileRef{file.sha256, "_x_.png", "image/png", file.bytes}));
}

TEST(Files, a_request_names_nothing_that_nobody_sent_and_not_too_many) {
  FilesOffice office;
  EXPECT_EQ(office.refusal({FileRef{std::string(64, 'a'), "a.png", "image/png", 1}}),
            "upload.absent field=photos");
  EXPECT_NE(office.refusal({FileRef{"../../office.db", "a.png", "image/png", 1}}), "");
  std::vector<FileRef> seven;
  for (int i = 0; i < 7; ++i) seven.push_back(office.sent());
  EXPECT_NE(office.refusal(seven), "");  // the definition takes six
  seven.pop_back();
  EXPECT_EQ(office.refusal(seven), "");
}

TEST(Files, a_note_takes_as_many_as_any_field) {
  FilesOffice office;
  const auto matter = office.submit().matter->id;
  const auto note = [&](std::size_t count) {
    kernel::Values values;
    for (std::size_t i = 0; i < count; ++i)
      values.push_back(kernel::make_large(office.sent(kPicture, office.centre)));
    const auto taken = office.act(office.centre, matter, "note",
                                  {{"text", std::string("现场照片")},
                                   {"files", kernel::make_set(std::move(values))}});
    return taken ? "" : taken.error().key;
  };
  EXPECT_EQ(note(kFileLimits.files_max + 1), "upload.count");
  EXPECT_EQ(note(kFileLimits.files_max), "");
}

TEST(Files, are_read_by_whoever_sees_the_field_and_absent_for_all_others) {
  FilesOffice office;
  const FileRef file = office.sent();
  const auto opened = must(submit_matter(*office.office, office.appeal_with({file})));
  const MatterId matter = opened.matter->id;
  Caller author;
  author.receipt_of = matter;
  EXPECT_EQ(office.read(office.centre, matter, file), "照片.png");
  EXPECT_EQ(office.read(author, matter, file), "照片.png");
  EXPECT_EQ(office.read({}, matter, file), "not_found");
  const auto elsewhere = office.seat("dispatcher_xinxing_street", "li");
  EXPECT_EQ(office.read(elsewhere, matter, file), "not_found");
  EXPECT_EQ(office.read(office.centre, MatterId{matter.value + 99}, file), "not_found");
  // Another matter that does not name it opens nothing, nor does a file that no matter names.
  const auto other = office.submit().matter->id;
  EXPECT_EQ(office.read(office.centre, other, file), "not_found");
  EXPECT_EQ(office.read(office.centre, matter, office.sent()), "not_found");
}

TEST(Files, of_a_note_among_posts_are_not_the_authors) {
  FilesOffice office;
  const auto matter = office.submit().matter->id;
  const FileRef inside = office.sent(kPicture, office.centre);
  const FileRef told = office.sent(kPicture, office.centre);
  const auto note = [&](const FileRef& file, const char* audience) {
    must(office.act(office.centre, matter, "note",
                    {{"text", std::string("说明")},
                     {"audience", kernel::Key{audience}},
                     {"files", kernel::make_set({kernel::make_large(file)})}}));
  };
  note(inside, "posts");
  note(told, "author");
  Caller author;
  author.receipt_of = matter;
  EXPECT_EQ(office.read(author, matter, inside), "not_found");
  EXPECT_EQ(office.read(author, matter, told), "照片.png");
  EXPECT_EQ(office.read(office.centre, matter, inside), "照片.png");
}

TEST(Files, that_nothing_names_go_after_a_day) {
  FilesOffice office;
  const FileRef lonely = office.sent(), named = office.sent();
  must(submit_matter(*office.office, office.appeal_with({named})));
  office.clock.set(office.clock.now() + (kMsPerDay - 1));
  EXPECT_EQ(must(sweep_files(*office.office)), 0u);
  office.clock.set(office.clock.now() + 2);
  EXPECT_EQ(must(sweep_files(*office.office)), 1u);
  EXPECT_FALSE(office.lies_there(lonely));
  EXPECT_TRUE(office.lies_there(named));
  EXPECT_EQ(office.refusal({lonely}), "upload.absent field=photos");
}

TEST(Files, that_are_erased_are_swept_and_the_check_agrees) {
  FilesOffice office;
  const FileRef erased = office.sent(), shared = office.sent();
  const auto opened = must(submit_matter(*office.office, office.appeal_with({erased, shared})));
  const MatterId matter = opened.matter->id;
  must(office.act(office.centre, matter, "refuse",
                  {{"ground", kernel::Key{"not_ours"}}, {"reason", std::string("重复")}, {"right_door", std::string("物业")}}));
  EXPECT_THAT(must(check_data(*office.office)).differences, IsEmpty());
  office.clock.set(office.clock.now() + std::int64_t{6} * 366 * kMsPerDay);
  must(submit_matter(*office.office, office.appeal_with({shared})));
  must(pass_all_time(*office.office, 100));
  EXPECT_EQ(office.read(office.centre, matter, erased), "not_found");
  EXPECT_EQ(office.store->used_files().value(), std::vector{shared.sha256});
  EXPECT_EQ(must(sweep_files(*office.office)), 1u);
  EXPECT_FALSE(office.lies_there(erased));
  EXPECT_TRUE(office.lies_there(shared));
  const auto check = must(check_data(*office.office));
  EXPECT_THAT(check.differences, IsEmpty());
  EXPECT_EQ(check.files, 1u);
}

TEST(Files, the_check_tells_of_a_missing_one) {
  FilesOffice office;
  const FileRef file = office.sent();
  must(submit_matter(*office.office, office.appeal_with({file})));
  std::filesystem::remove_all(office.folder + "/files");
  EXPECT_THAT(must(check_data(*office.office)).differences,
              ::testing::ElementsAre("file " + file.sha256 + ": upload.absent"));
}

TEST(Files, an_office_without_a_shelf_takes_none) {
  test::ShippedOffice office;
  EXPECT_EQ(keep_file(*office.office, {{}, "a.png", kPicture}).error().key, "upload.off");
  EXPECT_EQ(must(sweep_files(*office.office)), 0u);
}

}  // namespace
}  // namespace gewu::usecase
