#include "usecase/change_directory.h"

#include <algorithm>
#include <map>

namespace gewu::usecase {

using namespace gewu::kernel;

namespace {

bool is_login(std::string_view login) {
  constexpr std::string_view kOthers = "._-@";
  return login.size() >= 2 && login.size() <= 64 && std::ranges::all_of(login, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

DirectoryEvent event_of(const store::Turn& turn, const std::string& source,
                        DirectoryChange change) {
  return {EventId{turn.ids.next()}, {}, turn.now, source, std::move(change)};
}

Status commit_all(Office& office, store::CommitRequest request) {
  GEWU_TRY(committed, office.store.commit(std::move(request)));
  static_cast<void>(committed);
  return {};
}

}  // namespace

Status change_directory(Office& office, std::vector<DirectoryChange> changes,
                        const std::string& source) {
  if (changes.empty()) return {};
  store::CommitRequest request;
  request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
    store::Writing writing;
    for (const DirectoryChange& change : changes) {
      writing.directory.push_back(event_of(turn, source, change));
      if (auto* post = std::get_if<PostChange>(&writing.directory.back().change))
        if (!post->post.id.has_value()) post->post.id = {turn.ids.next()};
    }
    return writing;
  };
  return commit_all(office, std::move(request));
}

Status check_login(std::string_view login) {
  if (!is_login(login)) return refuse(ErrorCode::invalid, "account.login");
  return {};
}

Result<std::vector<AccountId>> make_accounts(Office& office,
                                             const std::vector<NewAccount>& accounts,
                                             const std::string& source) {
  for (const NewAccount& wanted : accounts) GEWU_CHECK(check_login(wanted.login));
  std::vector<AccountId> ids;
  store::CommitRequest request;
  request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
    store::Writing writing;
    ids.clear();
    std::map<PostId, Post> posts;  // several of them may sit on one
    for (const NewAccount& wanted : accounts) {
      GEWU_TRY(known, office.store.find_account(wanted.login));
      if (known) return refuse(ErrorCode::conflict, "account.login.taken");
      const AccountId id{turn.ids.next()};
      ids.push_back(id);
      const std::string& name = wanted.display_name.empty() ? wanted.login : wanted.display_name;
      writing.accounts.push_back({id, wanted.login, name, wanted.password_hash, false,
                                  wanted.may_administer, wanted.may_import_past, wanted.may_secure,
                                  wanted.may_audit});
      for (const std::string& key : wanted.posts) {
        const Post* post = turn.directory.roster->post_by_key(key);
        if (!post) return refuse(ErrorCode::not_found, "post.unknown", {{"post", key}});
        Post& sitting = posts.try_emplace(post->id, *post).first->second;
        GEWU_TRY(seated, seat(sitting, id, turn.now));
        sitting = std::move(seated);
      }
    }
    for (auto& [id, post] : posts)
      writing.directory.push_back(event_of(turn, source, PostChange{std::move(post)}));
    return writing;
  };
  GEWU_CHECK(commit_all(office, std::move(request)));
  return ids;
}

Result<AccountId> make_account(Office& office, const NewAccount& wanted,
                               const std::string& source) {
  GEWU_TRY(ids, make_accounts(office, {wanted}, source));
  return ids.front();
}

Status change_account(Office& office, const store::Account& account) {
  GEWU_TRY(known, office.store.find_account(account.id));
  if (!known) return refuse(ErrorCode::not_found, "account.unknown");
  store::CommitRequest request;
  request.decide = [&](const store::Turn&) -> Result<store::Writing> {
    store::Writing writing;
    writing.accounts.push_back(account);
    return writing;
  };
  return commit_all(office, std::move(request));
}

Status seat_account(Office& office, const std::string& post_key, AccountId account,
                    Seating seating, const std::string& source) {
  store::CommitRequest request;
  request.decide = [&](const store::Turn& turn) -> Result<store::Writing> {
    const Post* post = turn.directory.roster->post_by_key(post_key);
    if (!post) return refuse(ErrorCode::not_found, "post.unknown", {{"post", post_key}});
    const auto changed = [&]() -> Result<Post> {
      switch (seating) {
        case Seating::seat: return seat(*post, account, turn.now);
        case Seating::deputise: return deputise(*post, account, turn.now, std::nullopt);
        case Seating::leave: return leave(*post, account, turn.now);
      }
      return refuse(ErrorCode::internal, "internal");
    }();
    if (!changed) return std::unexpected(changed.error());
    store::Writing writing;
    writing.directory.push_back(event_of(turn, source, PostChange{*changed}));
    return writing;
  };
  return commit_all(office, std::move(request));
}

}  // namespace gewu::usecase
