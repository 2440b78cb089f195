#pragma once

#include <memory>
#include <string>

#include "base/instant.h"
#include "base/result.h"
#include "security/secure_random.h"
#include "store/store.h"
#include "store/vault.h"
#include "usecase/office.h"

// Where an office lies on disk, and opening it. The data folder holds office.db and keys.db; the
// office key and erased.log lie beside it in FOLDER.keys, so that a copy of the data alone opens
// no personal value.

namespace gewu::cli {

struct OfficePlaces {
  std::string folder;
  std::string office_db() const { return folder + "/office.db"; }
  std::string keys_db() const { return folder + "/keys.db"; }
  std::string secrets() const;                       ///< FOLDER.keys
  std::string office_key() const { return secrets() + "/office.key"; }
  std::string erased_log() const { return secrets() + "/erased.log"; }
};

/// An office that is open; one process at a time.
struct OpenOffice {
  std::unique_ptr<security::SecureRandom> random;
  std::unique_ptr<Clock> clock;
  std::unique_ptr<store::Vault> vault;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<usecase::Office> office;
};

struct OpenHow {
  bool may_create = false;    ///< init and demo
  bool may_migrate = false;   ///< serve: backed up before
  std::unique_ptr<Clock> clock;  ///< absent: the system's
};

/// `not_found` `office.absent`, `conflict` `office.exists`; else the errors of store and vault.
Result<OpenOffice> open_office(const OfficePlaces& places, OpenHow how);

/// The whole file; `not_found` `file.absent` with its name.
Result<std::string> read_file(const std::string& path);
/// Prints an error for people: its key, what it is about, and every further one.
void print_error(const Error& error);

}  // namespace gewu::cli
