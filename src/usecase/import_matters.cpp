#include "usecase/import_matters.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <span>

#include "base/limits.h"
#include "codec/csv.h"
#include "kernel/matter/decide.h"
#include "security/bytes.h"
#include "security/hash.h"
#include "usecase/import_rows.h"
#include "usecase/work_ripples.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr std::size_t kStepsBetweenMax = 10'000;
constexpr std::size_t kAllRows = 1'000'000'000;
constexpr std::size_t kRowsTogether = kLimits.group_commit_max;
constexpr std::string_view kReportColumns[] = {"refused_line", "refused_key", "refused_reason",
                                               "refused_words"};

/// A matter on its way: what it does next depends on what the last commit left. Without a row it is
/// one that an import left with clocks that are due.
struct Journey {
  const FileRow* row = nullptr;
  std::vector<PlannedStep> steps;
  std::size_t step = 0;                ///< the next one
  MatterId matter;
  SnapshotPtr seen;                    ///< of the matter; null: to be read anew
  std::deque<store::PendingRipple> ripples;  ///< to be worked at `acted`
  Instant acted;
  Instant until;                       ///< without a row: clocks pass before this instant
  std::size_t commits = 0;
  bool is_step = false;                ///< the commit under way is the row's own step
  bool is_new = false;
};

/// Takes matters side by side through one commit after another, so that they share the syncs.
class Driver {
 public:
  Driver(Office& office, const Mapping& mapping, Name locality, AccountId account,
         std::string source)
      : office_(office),
        mapping_(mapping),
        locality_(std::move(locality)),
        account_(account),
        source_(std::move(source)) {}

  /// `done` is told of each with what ended it. An error of storage ends everything.
  Status run(std::deque<Journey>& journeys,
             const std::function<void(Journey&, const Status&)>& done) {
    std::vector<Journey*> going;
    for (Journey& journey : journeys) going.push_back(&journey);
    while (!going.empty()) {
      std::vector<store::CommitRequest> requests;
      std::vector<Journey*> asking;
      for (Journey* journey : going) {
        auto request = next(*journey);
        if (!request) {
          GEWU_CHECK(end(*journey, request.error(), done));
        } else if (!*request) {
          done(*journey, {});
        } else {
          requests.push_back(std::move(**request));
          asking.push_back(journey);
        }
      }
      if (requests.empty()) return {};
      auto results = office_.store.commit_all(std::move(requests));
      going.clear();
      for (std::size_t i = 0; i < asking.size(); ++i) {
        if (!results[i]) {
          GEWU_CHECK(end(*asking[i], results[i].error(), done));
          continue;
        }
        take(*asking[i], std::move(*results[i]));
        going.push_back(asking[i]);
      }
    }
    return {};
  }

 private:
  using Next = std::optional<store::CommitRequest>;

  /// What storage cannot do ends the import; what the engine refuses ends the row.
  static Status end(Journey& journey, const Error& error,
                    const std::function<void(Journey&, const Status&)>& done) {
    if (error.code == ErrorCode::unavailable) return std::unexpected(error);
    Error named = error;
    if (journey.is_step)
      named.details.push_back({"step", journey.steps[journey.step - 1].step->name});
    done(journey, std::unexpected(std::move(named)));
    return {};
  }

  /// The commit that comes next; nothing when the journey is over.
  Result<Next> next(Journey& journey) {
    if (++journey.commits > kStepsBetweenMax) return refuse(ErrorCode::internal, "time.endless");
    journey.is_step = false;
    if (!journey.ripples.empty()) {
      Next next = ripple_request(journey.ripples.front(), journey.acted, source_);
      journey.ripples.pop_front();
      return next;
    }
    const bool has_step = journey.step < journey.steps.size();
    if (!has_step && journey.row != nullptr) return Next();
    if (journey.matter.has_value()) {
      if (!journey.seen) journey.seen = office_.store.read()->load(journey.matter);
      const auto wake = journey.seen ? next_wake(*journey.seen) : std::nullopt;
      if (wake && (has_step ? *wake <= journey.steps[journey.step].at : *wake < journey.until))
        return Next(pass(journey, *wake));
    }
    return has_step ? Next(step(journey)) : Next();
  }

  store::CommitRequest pass(Journey& journey, Instant wake) {
    journey.acted = wake;
    return request_of([this, id = journey.matter, wake](const store::Turn& turn) {
      return kernel::pass_time(Chamber{turn.directory, turn.source, wake, turn.ids}, id);
    });
  }

  store::CommitRequest step(Journey& journey) {
    const PlannedStep& planned = journey.steps[journey.step++];
    journey.acted = planned.at;
    journey.is_step = true;
    auto request = request_of([this, &journey, &planned](const store::Turn& turn) {
      return decide(journey, planned, turn);
    });
    request.request = store::RequestKey{
        "import:" + mapping_.name,
        security::hex_encode(security::sha256(journey.row->key + "\x1f" + planned.step->name)),
        security::sha256(planned.body)};
    return request;
  }

  template <typename Decide>
  store::CommitRequest request_of(Decide decide) {
    store::CommitRequest request;
    request.decide = [this, decide = std::move(decide)](const store::Turn& turn)
        -> Result<store::Writing> {
      GEWU_TRY(decision, decide(turn));
      mark_imported(decision, turn.now, source_);
      store::Writing writing;
      writing.decision = std::move(decision);
      return writing;
    };
    return request;
  }

  Result<Decision> decide(const Journey& journey, const PlannedStep& planned,
                          const store::Turn& turn) const {
    const Chamber chamber{turn.directory, turn.source, planned.at, turn.ids};
    Actor actor;
    if (planned.post.has_value()) {
      actor.kind = Actor::Kind::post;
      actor.post = planned.post;
      actor.account = account_;
    }
    Arrival arrival;
    arrival.recorded = turn.now;
    arrival.source = source_;
    if (!journey.matter.has_value())
      return open_matter(chamber, {mapping_.type, planned.step->action, actor, planned.values,
                                   locality_, std::move(arrival)});
    return kernel::act_on_matter(chamber, {journey.matter, planned.step->action, actor,
                                           planned.values, std::nullopt, std::move(arrival)});
  }

  static void take(Journey& journey, store::Committed committed) {
    if (journey.is_step && !committed.repeated) journey.is_new = true;
    if (journey.is_step && !journey.matter.has_value() && !committed.events.empty())
      journey.matter = committed.events.front().matter;
    journey.seen = nullptr;
    for (const SnapshotPtr& after : committed.after)
      if (after->id == journey.matter) journey.seen = after;
    for (const Event& event : committed.events)
      for (const MatterChange& change : event.touched)
        if (change.matter == journey.matter) journey.seen = nullptr;
    journey.ripples.insert(journey.ripples.end(), committed.ripples.begin(),
                           committed.ripples.end());
  }

  Office& office_;
  const Mapping& mapping_;
  Name locality_;
  AccountId account_;
  std::string source_;
};

class Importer {
 public:
  /// The file was fitted to this directory.
  Importer(Office& office, const Mapping& mapping, DirectoryPtr directory, MappedFile file,
           std::string_view csv, AccountId account)
      : office_(office),
        directory_(std::move(directory)),
        file_(std::move(file)),
        source_("import " + security::hex_encode(security::sha256(csv))),
        driver_(office, mapping, file_.locality().name, account, source_) {}

  Status read(std::string_view csv) {
    std::map<std::string, std::int64_t> lines;
    bool has_columns = false;
    GEWU_TRY(table, codec::read_csv(csv, {}, [&](const codec::CsvRow& row) -> Status {
      if (!has_columns) GEWU_CHECK(file_.take_columns({row.columns.begin(), row.columns.end()}));
      has_columns = true;
      FileRow read{row.line, {row.cells.begin(), row.cells.end()}, {}, {}};
      ++import_.rows;
      Status fine = row.fault ? Status(std::unexpected(*row.fault)) : file_.begin(read);
      if (fine) {
        const auto [known, is_first] = lines.emplace(read.key, read.line);
        if (!is_first)
          fine = refuse(ErrorCode::invalid, "import.key_twice",
                        {{"line", std::to_string(known->second)}});
      }
      if (!fine) refuse_row(read, fine.error());
      else rows_.push_back(std::move(read));
      return {};
    }));
    if (!has_columns) GEWU_CHECK(file_.take_columns(table.columns));
    import_.columns = table.columns;
    std::ranges::stable_sort(rows_, {}, &FileRow::first);
    return {};
  }

  Result<MatterImport> judge(const ImportProgress& progress) {
    for (std::size_t at = 0; at < rows_.size(); ++at) {
      if (const auto steps = file_.plan(rows_[at]); steps) ++import_.taken;
      else refuse_row(rows_[at], steps.error());
      if ((at + 1) % kRowsTogether == 0) GEWU_CHECK(tell(progress, at + 1));
    }
    return finished();
  }

  Result<MatterImport> run(const ImportProgress& progress) {
    GEWU_CHECK(take_up_ripples());
    for (std::size_t from = 0; from < rows_.size(); from += kRowsTogether) {
      const std::size_t count = std::min(kRowsTogether, rows_.size() - from);
      GEWU_CHECK(run_rows(std::span(rows_).subspan(from, count)));
      GEWU_CHECK(tell(progress, from + count));
    }
    GEWU_CHECK(pass_what_is_past());
    return finished();
  }

 private:
  Status tell(const ImportProgress& progress, std::size_t done) const {
    if (!progress || progress(done, rows_.size())) return {};
    return refuse(ErrorCode::unavailable, "import.stopped");
  }

  MatterImport finished() {
    std::ranges::stable_sort(import_.refused, {}, &RefusedMatter::line);
    return std::move(import_);
  }

  void refuse_row(const FileRow& row, Error error) {
    import_.refused.push_back({row.line, row.key, std::move(error), row.cells});
  }

  /// Follow-ups of imported events that an import left when it was killed: they act at the instant
  /// of their cause, as they would have.
  Status take_up_ripples() {
    GEWU_TRY(pending, office_.store.read_ripples(office_.clock.now() + 1, kAllRows));
    std::deque<Journey> journeys;
    for (const store::PendingRipple& row : pending) {
      GEWU_TRY(events, office_.store.read_timeline(row.ripple.source, kAllRows));
      const auto cause = std::ranges::find(events, row.ripple.cause, &Event::id);
      if (cause == events.end() || cause->source.empty()) continue;
      Journey& journey = journeys.emplace_back();
      journey.ripples.push_back(row);
      journey.acted = cause->at;
    }
    return driver_.run(journeys, [](Journey&, const Status&) {});
  }

  Status run_rows(std::span<const FileRow> rows) {
    std::deque<Journey> journeys;
    for (const FileRow& row : rows) {
      auto steps = file_.plan(row);
      if (!steps) {
        refuse_row(row, std::move(steps).error());
        continue;
      }
      Journey& journey = journeys.emplace_back();
      journey.row = &row;
      journey.steps = std::move(*steps);
    }
    return driver_.run(journeys, [this](Journey& journey, const Status& how) {
      if (!how) {
        refuse_row(*journey.row, how.error());
        if (journey.matter.has_value()) halted_.insert(journey.matter);
      } else {
        ++(journey.is_new ? import_.taken : import_.repeated);
      }
    });
  }

  /// Clocks of imported matters, and of what they opened, that were due before they were recorded:
  /// they belong to the past of the file, and nobody is told. Those due since belong to the office.
  /// A matter whose row was refused half-way waits for its mended row.
  Status pass_what_is_past() {
    std::set<MatterId> known = halted_;
    for (;;) {
      GEWU_TRY(due, office_.store.find_due(office_.clock.now(), kAllRows));
      std::erase_if(due, [&](MatterId matter) { return !known.insert(matter).second; });
      if (due.empty()) return {};
      for (std::size_t from = 0; from < due.size(); from += kRowsTogether) {
        const std::size_t count = std::min(kRowsTogether, due.size() - from);
        GEWU_CHECK(pass_together(std::span(due).subspan(from, count)));
      }
    }
  }

  Status pass_together(std::span<const MatterId> matters) {
    std::deque<Journey> journeys;
    for (const MatterId matter : matters) {
      GEWU_TRY(events, office_.store.read_timeline(matter, kAllRows));
      const auto opening = std::ranges::find_if(
          events, [](const Event& event) { return event.opening.has_value(); });
      if (opening == events.end() || opening->source.empty() || !opening->recorded) continue;
      Journey& journey = journeys.emplace_back();
      journey.matter = matter;
      journey.until = *opening->recorded;
    }
    // What a clock refuses stays due: the office's own timers meet it again and tell of it.
    return driver_.run(journeys, [](Journey&, const Status&) {});
  }

  Office& office_;
  DirectoryPtr directory_;
  MappedFile file_;
  std::string source_;
  Driver driver_;
  MatterImport import_;
  std::vector<FileRow> rows_;
  std::set<MatterId> halted_;
};

std::string reason_text(const Error& error) {
  std::string reason = error.key;
  for (const ErrorDetail& detail : error.details)
    reason += " " + detail.name + "=" + detail.value;
  for (const Error& other : error.others) reason += "; " + reason_text(other);
  return reason;
}

}  // namespace

namespace {

/// Reads the file for somebody who may import the past.
Result<Importer> read_import(Office& office, const Mapping& mapping, std::string_view csv,
                             AccountId importer) {
  GEWU_TRY(account, office.store.find_account(importer));
  if (!account || account->disabled || !account->may_import_past)
    return refuse(ErrorCode::forbidden, "import.right");
  const DirectoryPtr directory = office.store.directory();
  GEWU_TRY(file, MappedFile::fit(mapping, *directory, office.clock.now()));
  Importer import(office, mapping, directory, std::move(file), csv, importer);
  GEWU_CHECK(import.read(csv));
  return import;
}

}  // namespace

Result<MatterImport> import_matters(Office& office, const Mapping& mapping, std::string_view csv,
                                    AccountId importer, const ImportProgress& progress) {
  GEWU_TRY(import, read_import(office, mapping, csv, importer));
  return import.run(progress);
}

Result<MatterImport> judge_matters(Office& office, const Mapping& mapping, std::string_view csv,
                                   AccountId importer, const ImportProgress& progress) {
  GEWU_TRY(import, read_import(office, mapping, csv, importer));
  return import.judge(progress);
}

std::string refused_table(const MatterImport& import,
                          const std::function<std::string(const Error&)>& words) {
  std::string table;
  codec::CsvWriter out(table, codec::CsvTarget::exchange);
  // A mended table that is refused again has the report's columns already.
  std::vector<std::size_t> own;
  std::vector<std::string_view> head(std::begin(kReportColumns), std::end(kReportColumns));
  for (std::size_t i = 0; i < import.columns.size(); ++i) {
    if (std::ranges::find(kReportColumns, import.columns[i]) != std::end(kReportColumns)) continue;
    own.push_back(i);
    head.push_back(import.columns[i]);
  }
  out.row(std::span<const std::string_view>(head));
  for (const RefusedMatter& row : import.refused) {
    const std::string line = std::to_string(row.line), reason = reason_text(row.reason),
                      said = words(row.reason);
    std::vector<std::string_view> cells = {line, row.key, reason, said};
    for (const std::size_t column : own)
      cells.push_back(column < row.cells.size() ? row.cells[column] : std::string_view());
    // Cells beyond the last column were the row's fault: they are there to be mended.
    for (std::size_t i = import.columns.size(); i < row.cells.size(); ++i)
      cells.push_back(row.cells[i]);
    out.row(std::span<const std::string_view>(cells));
  }
  return table;
}

}  // namespace gewu::usecase
