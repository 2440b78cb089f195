#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "usecase/find_matters.h"
#include "usecase/sign_in.h"

namespace gewu::usecase {

/// The type of an export's own matter: it is asked for at a list, so that no form opens one.
inline constexpr std::string_view kExportType = "data_export";
inline constexpr std::size_t kExportRowsMax = 5'000;

/// A column that a table may have: built in, or a field that is not sealed.
struct ExportColumn {
  kernel::Name name;
  kernel::Label label;
  bool is_personal = false;
};

/// What a list of one type may be asked for, and how many rows it holds for this caller.
struct ExportChoice {
  std::vector<ExportColumn> columns;
  const kernel::List* purposes = nullptr;   ///< rows of `export_purposes`; in `directory`
  kernel::DirectoryPtr directory;
  std::size_t rows = 0;                     ///< at most kExportRowsMax + 1
};
/// `invalid` `export.type` without exactly one type or with words, `not_found` for an unknown one;
/// errors of find_matters.
Result<ExportChoice> read_export_choice(Office& office, const MatterQuestion& question);

struct ExportOrder {
  MatterQuestion question;                  ///< cursor, rows and direction play no part
  std::vector<kernel::Name> columns;
  kernel::Name purpose;
  std::string reason;
  std::optional<RequestStamp> request;
};
/// Asks for the list as a table (导出申请): a matter of `data_export`, released by its rule or by a
/// second person. Contacts are in no table: each is opened by itself, with a reason. `too_large`
/// `export.rows` beyond kExportRowsMax, `invalid` `export.empty`, `export.column`.
Result<kernel::SnapshotPtr> ask_export(Office& office, const ExportOrder& order);

/// The caller's own exports, and those of others that he may approve now.
struct MyExports {
  kernel::DirectoryPtr directory;
  std::vector<MatterRow> mine, waiting;
  Instant as_of;
};
Result<MyExports> read_my_exports(Office& office, const Caller& caller);

struct ExportFile {
  std::string name;
  std::string text;                         ///< CSV for a spreadsheet
};
/// Makes the table now, as its author sees the list now, through the post that he asked with, and
/// records the fetching. Each row bears the number of the export and who fetched it. Never more
/// rows than were asked for, and nothing personal unless that was. `not_found` for others' exports;
/// errors of SignInDesk::check_own_code and of the action `fetch_export`.
Result<ExportFile> fetch_export(Office& office, SignInDesk& desk, const Caller& caller,
                                MatterId matter, std::string_view code);

}  // namespace gewu::usecase
