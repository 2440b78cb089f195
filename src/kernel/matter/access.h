#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "kernel/matter/directory.h"
#include "kernel/matter/dossier.h"
#include "kernel/matter/matter.h"

// Who may (engine.md 4, language.md 2.5 `by`, 2.2 `see`): one answer for `by`, `see`, `extend.by`
// and what is offered, and the same question backwards for `tell`.

namespace gewu::kernel {

/// A matter before the law: what the question of who may is asked about.
struct AccessCase {
  const Directory& directory;
  const Locality& locality;
  const Dossier& dossier;
  const Snapshot& matter;
  Instant now;
  const std::vector<NamedValue>* input = nullptr;  ///< `tell` may read it
  const Value* it = nullptr;                       ///< the unit that a duty's `tell` is about
};

/// Whether a post's unit covers the matter (plain `role`):
/// - a territory covers what lies in it;
/// - an organisation covers matters that it owns or handles, and those on the ground it works on
///   (its `territory`, else the node it is in charge of, else the ground of its parent);
/// - a row covers itself, matters with a link to it, and those within the row's own territory.
bool covers_matter(const Unit& unit, const AccessCase& access);

/// Whether a post's unit equals or covers another unit (`role@expr`). A territory covers the
/// organisations that work on its ground or are in charge of a node in it; an organisation covers
/// only itself. `organisation` is what the post belongs to: it may stand for an organisation unit.
bool covers_unit(const Unit& unit, std::string_view organisation, const Unit& other,
                 const Directory& directory);

/// The ground that an organisation works on: its territory, else the node it is in charge of, else
/// the ground of its parent. Empty: none.
std::string_view ground_of(const Organisation& organisation, const Roster& roster);

/// Whether the actor satisfies the audience for this matter.
Result<bool> satisfies(const Audience& audience, const Actor& actor, const AccessCase& access);
/// The first audience of a list that the actor satisfies; null: none.
Result<const Audience*> first_satisfied(const std::vector<Audience>& audiences, const Actor& actor,
                                        const AccessCase& access);

/// The actor made whole from the roster: role, unit and organisation of its post.
/// `post.unknown` when there is no such post or it was abolished.
Result<Actor> with_post(const Actor& actor, const Directory& directory, Instant now);

/// Whether the actor fits as he stands: the system, or somebody by the post that he names.
Result<bool> fits_as_given(const std::vector<Audience>& audiences, const Actor& actor,
                           const AccessCase& access);

/// Which of the actor's posts, or what else he is, satisfies one of the audiences: the post that
/// he names, else (with an account and no post) author, else the only post that fits, else
/// member, public. `post.choose` when several posts fit; `refusal` when nothing does.
Result<Actor> fit_actor(const std::vector<Audience>& audiences, const Actor& actor,
                        const AccessCase& access, const std::string& refusal);

/// Posts to tell, in the order of their ids.
struct Addressees {
  std::vector<PostId> posts;
  bool to_author = false;
  std::vector<MatterId> authors;   ///< of other matters
};
Result<Addressees> addressees_of(const Audience& audience, const AccessCase& access);

/// Whether the actor is the matter's author: his account, or its receipt code.
bool is_author(const Actor& actor, const Snapshot& matter);
/// Whether he is its author in his own name: by its code, or by an account that opened it through no
/// post. Who enters what somebody told him at a desk has no right over it.
bool is_own(const Actor& actor, const Snapshot& matter);
/// Whether an opening that residents may take themselves was taken by a post: for somebody else.
bool is_on_behalf(const ActionSpec& opening, const ActorRecord& by);
/// Whether a post opened the matter for somebody else.
bool was_entered_on_behalf(const Snapshot& matter);
/// Whether the actor entered the matter on behalf of another. He is its author in the journal, and
/// does not speak for the one who was not asked.
bool entered_on_behalf(const Actor& actor, const Snapshot& matter);

}  // namespace gewu::kernel
