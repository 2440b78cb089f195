#pragma once

#include <vector>

#include "usecase/session.h"

namespace gewu::usecase {

/// The doors of administration. Where a locality of the office asks for separate administrators
/// (三员分立: the setting `three_administrators`), each is somebody else's; without it whoever may
/// administer has them all.
enum class Duty {
  system,    ///< 系统管理员: accounts, posts, tables, health
  security,  ///< 安全管理员: who sits where, rights, second factors, changes of two persons
  audit,     ///< 审计管理员: reads the logs, and nothing else
};

/// Whether a locality of the office asks for three.
bool has_three_administrators(const kernel::Directory& directory);

/// The duties that an account has been given: by its marks, and for audit by a post whose role
/// `audits`.
std::vector<Duty> duties_of(const Office& office, const SignedInCaller& by);

/// Whether somebody works for the office (经办人员): holds a post, or administers.
bool is_staff(const Office& office, const SignedInCaller& by);

/// Whether one of these duties is his. `forbidden` `account.administer`, for audit alone
/// `account.audit`; with three administrators `administrator.system`, `.security` or `.audit` by
/// the first that was asked for, and `administrator.two` for whoever holds two.
Status check_duty(const Office& office, const SignedInCaller& by, std::vector<Duty> any_of);

/// The doors that are open to him, by name: "system", "security", "audit".
std::vector<const char*> open_doors(const Office& office, const SignedInCaller& by);

/// Posts whose role audits, that somebody holds now: who is told of unusual reading.
std::vector<PostId> audit_posts(const kernel::Directory& directory, Instant now);

}  // namespace gewu::usecase
