#pragma once

#include <string>

#include "base/random.h"
#include "base/result.h"
#include "security/key.h"

namespace gewu::store {

/// The office key (本处密钥) wraps every key of the vault. It is one line of 64 hexadecimal digits
/// in a file outside the data (or a systemd credential), so that neither the data nor a backup
/// opens personal values by itself. Before them "sm4 " says that new boxes are sealed with SM4
/// (国密); without a word it is AES.

/// Makes the file, readable by its owner only, durable on return. `conflict` `store.file.exists`:
/// an office key is never overwritten.
Status create_office_key(const std::string& path, Random& random,
                         security::Cipher cipher = security::Cipher::aes_256_gcm);

/// `not_found` `vault.office_key.absent`; `forbidden` `vault.office_key.mode` when anyone but this
/// user and root could read or write it; `invalid` `vault.office_key.form`.
Result<security::Key> read_office_key(const std::string& path);

}  // namespace gewu::store
