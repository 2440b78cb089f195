#include "usecase/migrate_matters.h"

#include <algorithm>

#include "base/text.h"
#include "kernel/matter/decide.h"
#include "usecase/passing_ids.h"
#include "usecase/work_ripples.h"

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

constexpr const char* kWho = "migrating";
constexpr std::int64_t kSilenceMs = 30'000;
constexpr std::size_t kChunk = 64;

/// A text that a migration leaves, with the open matters that are under it.
struct OldText {
  MigrationHead head;
  TypePtr type;
  std::vector<MatterId> open;
};

/// Older texts of types that `today` has, as far as `wanted` says, in a fixed order.
template <typename Wanted>
std::vector<TypePtr> older_texts(const Directory& directory, const Locality& today,
                                 Wanted wanted) {
  std::vector<TypePtr> found;
  for (const auto& [sha256, type] : *directory.pinned) {
    const TypePtr now = today.find_type(type->name);
    if (now && now->text_sha256 != sha256 && wanted(*type, *now)) found.push_back(type);
  }
  std::ranges::sort(found, {}, [](const TypePtr& type) { return type->text_sha256; });
  return found;
}

Result<std::vector<OldText>> old_texts(Office& office, const Directory& stored,
                                       const Locality& today) {
  std::vector<OldText> texts;
  for (const MigrationHead& head : today.migrations)
    for (TypePtr& type : older_texts(stored, today, [&](const Type& old, const Type&) {
           return is_for(head, old);
         })) {
      GEWU_TRY(open, office.store.find_pinned(head.type, type->text_sha256));
      const Locality* known = stored.find_locality(today.name);
      const TypePtr current = known != nullptr ? known->find_type(head.type) : nullptr;
      if (open.empty() && (!current || current->text_sha256 != type->text_sha256)) continue;
      texts.push_back({head, std::move(type), std::move(open)});
    }
  return texts;
}

/// What a locality published, from the text that the directory keeps.
Result<PublishedLocality> published_of(const Locality& locality) {
  if (!locality.text) return refuse(ErrorCode::internal, "definition.canonical");
  return from_canonical(*locality.text);
}

Result<MigrationPtr> compile(const OldText& old, const Locality& today,
                             const PublishedLocality& published) {
  const Node* written = find_migration(published, old.head.key);
  if (written == nullptr) return refuse(ErrorCode::internal, "definition.canonical");
  Messages messages;
  MigrationPtr migration =
      compile_migration(*written, old.type, today.find_type(old.head.type), published, messages);
  if (migration) return migration;
  for (const Message& message : messages.all())
    if (message.severity == Severity::error)
      return std::unexpected(Error{ErrorCode::invalid, message.key, message.details, {}});
  return refuse(ErrorCode::internal, "definition.canonical");
}

/// Whether the locality is the one that the matter follows: the nearest up its territory.
bool is_governed(const Directory& directory, const Snapshot& matter, const Name& locality) {
  const Locality* nearest = directory.locality_of(matter.territory);
  return (nearest != nullptr ? nearest->name : matter.type->locality) == locality;
}

store::CommitRequest request_for(MatterId id, MigrationPtr migration, const Name& locality) {
  store::CommitRequest request;
  request.decide = [id, migration = std::move(migration),
                    locality](const store::Turn& turn) -> Result<store::Writing> {
    store::Writing writing;
    const SnapshotPtr matter = turn.source.load(id);
    if (!matter || !is_governed(turn.directory, *matter, locality)) return writing;
    const Chamber chamber{turn.directory, turn.source, turn.now, turn.ids};
    GEWU_TRY(decision, migrate_matter(chamber, id, *migration));
    writing.decision = std::move(decision);
    return writing;
  };
  return request;
}

/// Whether somebody else said lately that he is at it.
Result<bool> is_taken(Office& office, const std::string& who) {
  GEWU_TRY(said, office.store.read_office(kWho));
  if (!said) return false;
  const auto parts = split(*said, ' ');
  const auto at = parts.size() == 2 ? parse_integer(parts[1]) : std::nullopt;
  return at && parts[0] != who && office.clock.now().ms - *at < kSilenceMs;
}

/// Moves those under one text.
Status move_all(Office& office, const std::string& who, const OldText& old,
                const MigrationPtr& migration, const Name& locality, std::size_t matters_max,
                MigrationRun& run) {
  for (std::size_t at = 0; at < old.open.size(); at += kChunk) {
    if (run.moved >= matters_max) {
      run.more = true;
      return {};
    }
    GEWU_CHECK(announce_migration(office, who));
    const std::size_t end = std::min(old.open.size(), at + kChunk);
    std::vector<store::CommitRequest> requests;
    for (std::size_t i = at; i < end; ++i)
      requests.push_back(request_for(old.open[i], migration, locality));
    const auto committed = office.store.commit_all(std::move(requests));
    for (std::size_t i = at; i < end; ++i) {
      const auto& one = committed[i - at];
      if (!one) {
        if (one.error().code == ErrorCode::unavailable) return std::unexpected(one.error());
        run.failed.emplace_back(old.open[i], one.error());
      } else if (!one->events.empty()) {
        ++run.moved;
        settle_ripples(office, one->ripples, old.open[i]);
      }
    }
  }
  return {};
}

std::string done_key(const Name& locality) { return "migrated." + locality; }

/// How a clock shows at an instant.
std::string lamp_of_clock(const ClockState* clock, Instant now) {
  if (clock == nullptr) return "none";
  if (clock->status != ClockStatus::running) return to_text(clock->status);
  if (clock->red_at && *clock->red_at <= now) return "red";
  if (clock->yellow_at && *clock->yellow_at <= now) return "yellow";
  return "green";
}

void note_turns(MigrationPreview& preview, const Snapshot& before, const Snapshot& after,
                Instant now) {
  for (const ClockState& clock : after.clocks) {
    if (!is_deadline(clock)) continue;
    const std::string was = lamp_of_clock(before.find_clock(clock.name), now);
    const std::string is = lamp_of_clock(&clock, now);
    if (was != is) ++preview.turns[{after.type->name, clock.name, was, is}];
  }
}

Status preview_text(Office& office, const Directory& after, const Locality& today,
                    const OldText& old, const MigrationPtr& migration,
                    MigrationPreview& preview) {
  const std::unique_ptr<DossierSource> source = office.store.read();
  PassingIds ids;
  const Instant now = office.clock.now();
  const Chamber chamber{after, *source, now, ids};
  for (const MatterId id : old.open) {
    const SnapshotPtr matter = source->load(id);
    if (!matter || !is_governed(after, *matter, today.name)) continue;
    const auto decision = migrate_matter(chamber, id, *migration);
    if (!decision) {
      preview.refused.emplace_back(id, decision.error());
      continue;
    }
    if (decision->steps.empty()) continue;
    const Snapshot& moved = *decision->steps.front().after;
    ++preview.moves[{moved.type->name, old.head.from, old.head.to,
                     matter->type->states[matter->state].name,
                     moved.type->states[moved.state].name}];
    note_turns(preview, *matter, moved, now);
  }
  return {};
}

}  // namespace

Status announce_migration(Office& office, const std::string& who) {
  return office.store.write_office(kWho, who + " " + std::to_string(office.clock.now().ms));
}

Status check_migrations(Office& office, const Locality& today, const PublishedLocality& published,
                        Messages& messages) {
  if (today.migrations.empty()) return {};
  const DirectoryPtr stored = office.store.directory();
  GEWU_TRY(texts, old_texts(office, *stored, today));
  for (const OldText& old : texts)
    if (const Node* written = find_migration(published, old.head.key))
      static_cast<void>(compile_migration(*written, old.type, today.find_type(old.head.type),
                                          published, messages));
  return {};
}

Result<MigrationPreview> preview_migrations(Office& office, const Directory& after) {
  MigrationPreview preview;
  for (const auto& [name, today] : after.localities) {
    GEWU_TRY(texts, old_texts(office, after, *today));
    if (!texts.empty()) {
      GEWU_TRY(published, published_of(*today));
      for (const OldText& old : texts) {
        GEWU_TRY(migration, compile(old, *today, published));
        GEWU_CHECK(preview_text(office, after, *today, old, migration, preview));
      }
    }
    const auto stays = older_texts(after, *today, [&](const Type& old, const Type& now) {
      return old.version < now.version &&
             std::ranges::none_of(today->migrations, [&](const MigrationHead& head) {
               return is_for(head, old);
             });
    });
    const std::unique_ptr<DossierSource> source = office.store.read();
    for (const TypePtr& old : stays) {
      GEWU_TRY(open, office.store.find_pinned(old->name, old->text_sha256));
      for (const MatterId id : open)
        if (const SnapshotPtr matter = source->load(id);
            matter && is_governed(after, *matter, name))
          ++preview.stays[{old->name, old->version}];
    }
  }
  return preview;
}

Result<MigrationRun> migrate_matters(Office& office, const std::string& who,
                                     std::size_t matters_max) {
  MigrationRun run;
  const DirectoryPtr directory = office.store.directory();
  for (const auto& [name, today] : directory->localities) {
    if (today->migrations.empty()) continue;
    GEWU_TRY(done, office.store.read_office(done_key(name)));
    if (done == today->text_sha256) continue;
    GEWU_TRY(taken, is_taken(office, who));
    if (taken) {
      run.left_to_another = true;
      return run;
    }
    GEWU_TRY(texts, old_texts(office, *directory, *today));
    if (!texts.empty()) {
      GEWU_TRY(published, published_of(*today));
      for (const OldText& old : texts) {
        const auto migration = compile(old, *today, published);
        if (migration) {
          GEWU_CHECK(move_all(office, who, old, *migration, name, matters_max, run));
        } else {
          // Publishing refuses this; what was opened since, under a text unknown to it, stays.
          for (const MatterId id : old.open) run.failed.emplace_back(id, migration.error());
        }
        if (run.more) return run;
      }
    }
    GEWU_CHECK(office.store.write_office(done_key(name), today->text_sha256));
  }
  return run;
}

}  // namespace gewu::usecase
