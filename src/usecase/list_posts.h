#pragma once

#include <string>
#include <vector>

#include "usecase/read_me.h"

namespace gewu::finding {
struct Question;
}

namespace gewu::usecase {

class ReadRoom;

/// A post with the people who hold it now.
struct HeldPost {
  MyPost post;                        ///< `deputy` says nothing here
  struct Person {
    std::string name;                 ///< display name of an official
    bool deputy = false;
  };
  std::vector<Person> people;
};

struct PostQuestion {
  Caller caller;
  kernel::Name role;                  ///< empty: any
  std::string unit;                   ///< code or "org:KEY": posts on exactly that
  std::string territory;              ///< posts whose unit covers this code, nearest first
  std::string words;                  ///< part of a name, role or unit
  std::size_t rows = 50;
};

struct PostList {
  kernel::DirectoryPtr directory;
  std::vector<HeldPost> posts;
};

/// Posts to choose from, for those who hold one themselves. `forbidden` `post.none` for others;
/// `invalid` `post.rows`.
Result<PostList> list_posts(Office& office, const PostQuestion& question);

/// Role, unit and organisation of a post, and the locality it works in.
MyPost describe_post(const kernel::Directory& directory, const kernel::Post& post, Instant now);
/// A post with its people. Inside the room only.
Result<HeldPost> hold(Office& office, const kernel::Directory& directory,
                      const kernel::Post& post, Instant now);
/// Posts by words in the names of their people, their role and unit. Inside the room only.
Result<std::vector<HeldPost>> find_posts(Office& office, const ReadRoom& room,
                                         const finding::Question& asked, std::size_t rows);

/// The role's label where the post works; its name when there is none.
kernel::Label role_label(const MyPost& post);

}  // namespace gewu::usecase
