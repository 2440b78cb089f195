#include "usecase/export_matters.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "codec/csv.h"
#include "kernel/matter/access.h"
#include "kernel/matter/query.h"
#include "usecase/act_on_matter.h"
#include "usecase/matter_title.h"
#include "usecase/read_me.h"
#include "usecase/read_log.h"
#include "usecase/read_matter.h"
#include "usecase/read_room.h"
#include "usecase/submit_matter.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kPage = 1'000;
constexpr std::size_t kMineMax = 100;
constexpr std::string_view kOwnUnit = "-";        ///< that of the post
constexpr std::array<const char*, 8> kBuiltIn = {"number", "title",    "state",     "opened_at",
                                                 "handler", "territory", "next_due", "lamp"};

std::string_view name_of(store::WorkQuery::Of of) {
  switch (of) {
    case store::WorkQuery::Of::territory: return "territory";
    case store::WorkQuery::Of::owner: return "owner";
    case store::WorkQuery::Of::handler: return "handler";
  }
  return "territory";
}

/// What is kept of the question, for whoever approves it to read and for us to ask it again:
/// "territory 222401002 北山街道; lamp red". A part is its key, its value and words.
std::string written(const MatterQuestion& question, const Directory& directory) {
  const store::WorkQuery& list = question.list;
  Unit unit;
  if (!list.unit.empty())
    unit = list.of == store::WorkQuery::Of::territory ? territory_unit(list.unit)
                                                      : organisation_unit(list.unit);
  else if (const Post* post = directory.roster->post(question.caller.post))
    unit = post->unit;
  std::string text(name_of(list.of));
  text += " " + (list.unit.empty() ? std::string(kOwnUnit) : list.unit) + " " +
          unit_label(unit, directory).zh;
  for (const std::string& state : list.states) text += "; state " + state;
  if (list.lamp) text += "; lamp " + std::string(lamp_name(*list.lamp));
  if (list.claimed_only) text += "; claimed yes";
  if (!question.view.empty()) text += "; view " + question.view;
  return text;
}

MatterQuestion read_back(std::string_view text, const std::string& type) {
  MatterQuestion question;
  using Of = store::WorkQuery::Of;
  for (const std::string_view part : split(text, ';')) {
    const auto words = split(trim(part), ' ');
    if (words.size() < 2) continue;
    const std::string_view key = words[0];
    const std::string value(words[1]);
    if (key == "state") question.list.states.push_back(value);
    else if (key == "lamp") question.list.lamp = parse_lamp(value);
    else if (key == "claimed") question.list.claimed_only = true;
    else if (key == "view") question.view = value;
    else {
      question.list.of = key == "owner" ? Of::owner : key == "handler" ? Of::handler
                                                                       : Of::territory;
      if (value != kOwnUnit) question.list.unit = value;
    }
  }
  question.list.types = {type};
  return question;
}

Result<TypePtr> type_of(Office& office, const MatterQuestion& question) {
  if (question.list.types.size() != 1 || !trim(question.words).empty() ||
      question.parent.has_value())
    return refuse(ErrorCode::invalid, "export.type");
  const DirectoryPtr directory = office.store.directory();
  GEWU_TRY(locality, choose_locality(*directory, question.caller, office.clock.now(), ""));
  const TypePtr type = locality->find_type(question.list.types.front());
  if (!type) return refuse(ErrorCode::not_found, "not_found");
  return type;
}

/// The rows of a list, page by page, not noted as read; `each` says whether it wants more.
Status walk(Office& office, MatterQuestion question,
            const std::function<Result<bool>(const MatterRow&, const Directory&)>& each) {
  question.list.rows = kPage;
  question.list.backwards = false;
  question.list.cursor.clear();
  for (;;) {
    GEWU_TRY(page, find_unread(office, question));
    for (const MatterRow& row : page.rows) {
      GEWU_TRY(wants_more, each(row, *page.directory));
      if (!wants_more) return {};
    }
    if (page.next.empty()) return {};
    question.list.cursor = page.next;
  }
}

Result<std::size_t> count_rows(Office& office, const MatterQuestion& question) {
  std::size_t rows = 0;
  GEWU_CHECK(walk(office, question, [&](const MatterRow&, const Directory&) -> Result<bool> {
    return ++rows <= kExportRowsMax;
  }));
  return rows;
}

std::vector<ExportColumn> columns_of(const Type& type, const Locality& locality) {
  std::vector<ExportColumn> columns;
  const auto words = locality.lists.find("builtin_field");
  for (const char* name : kBuiltIn) {
    const ListRow* row = words == locality.lists.end() ? nullptr : words->second.find(name);
    columns.push_back({name, row ? row->label : Label{name, {}, {}}, false});
  }
  for (const FieldSpec& field : type.fields)
    if (!field.sealed) columns.push_back({field.name, field.label, field.personal});
  return columns;
}

const Value* field_value(const Snapshot& matter, std::string_view name) {
  const auto field = matter.type->find_field(name);
  return field ? &matter.fields[*field] : nullptr;
}

std::string text_value(const Snapshot& matter, std::string_view name) {
  const Value* value = field_value(matter, name);
  const auto* text = value ? value->get<std::string>() : nullptr;
  return text ? *text : std::string();
}

std::string cell_of(const MatterRow& row, const Name& column, const Directory& directory) {
  const Snapshot& matter = *row.seen.matter;
  if (column == "number") return matter.number;
  if (column == "title") return row.title;
  if (column == "state") return matter.type->states[matter.state].label.zh;
  if (column == "opened_at") return format_instant(matter.opened_at);
  if (column == "handler") return unit_label(matter.handler, directory).zh;
  if (column == "territory") return unit_label(territory_unit(matter.territory), directory).zh;
  if (column == "next_due") return matter.next_due() ? format_instant(*matter.next_due()) : "";
  if (column == "lamp") return std::string(lamp_name(row.seen.lamp));
  for (const SeenField& seen : row.seen.fields) {
    const FieldSpec& spec = matter.type->fields[seen.field];
    if (spec.name != column || spec.sealed || seen.is_sealed) continue;
    return value_words(spec, seen.value, *matter.type, directory);
  }
  return {};
}

/// "number 编号, text 内容": the name of each with its words.
std::string written(const std::vector<ExportColumn>& columns) {
  std::string text;
  for (const ExportColumn& column : columns) {
    std::string words = column.label.zh;
    std::ranges::replace(words, ',', ' ');
    text += (text.empty() ? "" : ", ") + column.name + " " + words;
  }
  return text;
}

/// An export as it was asked for.
struct Job {
  SnapshotPtr matter;
  MatterQuestion question;
  std::vector<Name> columns;
  std::size_t rows = 0;
  bool has_personal = false;
};

Result<Job> read_job(Office& office, const Caller& caller, MatterId id) {
  const ReadRoom room(office);
  GEWU_TRY(actor, actor_of(caller, *room.directory(), room.now()));
  Job job;
  job.matter = room.source().load(id);
  if (!job.matter || job.matter->type->name != kExportType || !is_author(actor, *job.matter))
    return refuse(ErrorCode::not_found, "not_found");
  job.question = read_back(text_value(*job.matter, "question"),
                           text_value(*job.matter, "of_type"));
  const std::string columns = text_value(*job.matter, "columns");
  for (const std::string_view column : split(columns, ','))
    job.columns.emplace_back(split(trim(column), ' ').front());
  if (const Value* rows = field_value(*job.matter, "row_count"))
    if (const auto* number = rows->get<Number>())
      job.rows = static_cast<std::size_t>(std::max<std::int64_t>(0, number->micros / kMicros));
  if (const Value* personal = field_value(*job.matter, "has_personal"))
    if (const auto* yes = personal->get<bool>()) job.has_personal = *yes;
  job.question.caller = caller;
  // Through the post that he asked with, if he still holds it.
  if (const ActionRecord* asked = job.matter->find_action("ask"))
    job.question.caller.post = asked->actor.post;
  return job;
}

Result<std::string> table_of(Office& office, const Job& job, const std::string& mark) {
  GEWU_TRY(type, type_of(office, job.question));
  std::string text;
  codec::CsvWriter csv(text, codec::CsvTarget::spreadsheet);
  const DirectoryPtr directory = office.store.directory();
  GEWU_TRY(locality,
           choose_locality(*directory, job.question.caller, office.clock.now(), ""));
  // In the order in which columns are offered, whatever order they were asked in.
  std::vector<Name> columns;
  std::vector<std::string> heads;
  bool shows_personal = false;
  for (const ExportColumn& column : columns_of(*type, *locality)) {
    const bool was_asked = std::ranges::find(job.columns, column.name) != job.columns.end();
    if (!was_asked || (column.is_personal && !job.has_personal)) continue;
    columns.push_back(column.name);
    shows_personal |= column.is_personal;
    heads.push_back(column.label.zh);
  }
  heads.push_back(mark);
  const auto write = [&](const std::vector<std::string>& cells) {
    const std::vector<std::string_view> views(cells.begin(), cells.end());
    csv.row(views);
  };
  write(heads);
  std::size_t rows = 0;
  const ReadRoom room(office);
  const auto take = [&](const MatterRow& row, const Directory& today) -> Result<bool> {
    if (rows >= job.rows) return false;
    if (shows_personal)
      GEWU_CHECK(note_read(office, room, job.question.caller, row.seen, store::ReadKind::table));
    std::vector<std::string> cells;
    for (const Name& column : columns) cells.push_back(cell_of(row, column, today));
    cells.push_back(mark);
    write(cells);
    return ++rows < job.rows;
  };
  GEWU_CHECK(walk(office, job.question, take));
  return text;
}

}  // namespace

Result<ExportChoice> read_export_choice(Office& office, const MatterQuestion& question) {
  GEWU_TRY(type, type_of(office, question));
  ExportChoice choice;
  choice.directory = office.store.directory();
  GEWU_TRY(locality,
           choose_locality(*choice.directory, question.caller, office.clock.now(), ""));
  choice.columns = columns_of(*type, *locality);
  const auto purposes = locality->lists.find("export_purposes");
  if (purposes != locality->lists.end()) choice.purposes = &purposes->second;
  GEWU_TRY(rows, count_rows(office, question));
  choice.rows = rows;
  return choice;
}

Result<SnapshotPtr> ask_export(Office& office, const ExportOrder& order) {
  GEWU_TRY(type, type_of(office, order.question));
  if (order.columns.empty()) return refuse(ErrorCode::invalid, "export.column");
  const DirectoryPtr directory = office.store.directory();
  GEWU_TRY(locality,
           choose_locality(*directory, order.question.caller, office.clock.now(), ""));
  std::vector<ExportColumn> columns = columns_of(*type, *locality);
  for (const Name& name : order.columns)
    if (std::ranges::find(columns, name, &ExportColumn::name) == columns.end())
      return refuse(ErrorCode::invalid, "export.column", {{"name", name}});
  std::erase_if(columns, [&](const ExportColumn& column) {
    return std::ranges::find(order.columns, column.name) == order.columns.end();
  });
  const bool has_personal = std::ranges::any_of(columns, &ExportColumn::is_personal);
  GEWU_TRY(rows, count_rows(office, order.question));
  if (rows == 0) return refuse(ErrorCode::invalid, "export.empty");
  if (rows > kExportRowsMax)
    return refuse(ErrorCode::too_large, "export.rows", {{"max", std::to_string(kExportRowsMax)}});
  Submission submission;
  submission.caller = order.question.caller;
  // Where it counts follows from the post: the only one, where none is named.
  const auto held = directory->roster->posts_held(submission.caller.account, office.clock.now());
  if (!submission.caller.post.has_value() && held.size() == 1)
    submission.caller.post = held.front()->id;
  submission.type = kExportType;
  submission.action = "ask";
  submission.locality = locality->name;
  submission.request = order.request;
  std::vector<NamedValue> values = {
      {"purpose", Key{order.purpose}},
      {"of_type", order.question.list.types.front()},
      {"what", type->label.zh},
      {"question", written(order.question, *directory)},
      {"columns", written(columns)},
      {"row_count", Number{static_cast<std::int64_t>(rows) * kMicros}},
      {"has_personal", has_personal}};
  if (!trim(order.reason).empty()) values.push_back({"reason", order.reason});
  submission.values = std::move(values);
  GEWU_TRY(submitted, submit_matter(office, submission));
  return submitted.matter;
}

Result<MyExports> read_my_exports(Office& office, const Caller& caller) {
  const ReadRoom room(office);
  GEWU_TRY(actor, actor_of(caller, *room.directory(), room.now()));
  MyExports exports;
  exports.directory = room.directory();
  exports.as_of = room.now();
  GEWU_TRY(ids, office.store.find_authored(caller.account, {}, kMineMax));
  for (const MatterId id : ids) {
    const SnapshotPtr matter = room.source().load(id);
    if (!matter || matter->type->name != kExportType) continue;
    GEWU_TRY(row, room.row(matter, actor));
    if (row) exports.mine.push_back(std::move(*row));
  }
  MatterQuestion question;
  question.caller = caller;
  question.list.types = {std::string(kExportType)};
  question.list.states = {std::string(kExportType) + ".asked"};
  question.list.rows = 50;
  GEWU_TRY(page, find_matters(office, question));
  for (MatterRow& row : page.rows) {
    if (is_author(actor, *row.seen.matter)) continue;
    GEWU_TRY(offered, offer_actions(room.chamber(), row.seen.matter, actor));
    const bool may = std::ranges::any_of(offered, [](const OfferedAction& action) {
      return action.action == "approve" && action.possible;
    });
    if (may) exports.waiting.push_back(std::move(row));
  }
  return exports;
}

Result<ExportFile> fetch_export(Office& office, SignInDesk& desk, const Caller& caller,
                                MatterId id, std::string_view code) {
  GEWU_TRY(job, read_job(office, caller, id));
  GEWU_CHECK(desk.check_own_code(caller.account, code));
  MatterAction fetch;
  fetch.caller = caller;
  fetch.caller.post = {};  // as its author
  fetch.matter = id;
  fetch.action = "fetch_export";
  fetch.values = std::vector<NamedValue>{};
  GEWU_TRY(fetched, act_on_matter(office, fetch));
  GEWU_TRY(account, office.store.find_account(caller.account));
  const std::string login = account ? account->login : std::string();
  const std::string mark = job.matter->number + " " + login;
  GEWU_TRY(text, table_of(office, job, mark));
  return ExportFile{job.matter->number + "-" + login + ".csv", std::move(text)};
}

}  // namespace gewu::usecase
