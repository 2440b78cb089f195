#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "cli/open_office.h"

namespace gewu::cli {

/// Days that a backup's key is kept: the shortest that any place of the office says
/// (setting backup_key_days).
std::int64_t backup_key_days(const usecase::Office& office);

/// Destroys keys of backups, and retired office keys, that are too old: at once and every hour, on
/// a thread of its own.
class KeyCare {
 public:
  using Log = std::function<void(const std::string& line)>;
  KeyCare(usecase::Office& office, std::string keys_folder, Log log);
  ~KeyCare();
  KeyCare(const KeyCare&) = delete;
  KeyCare& operator=(const KeyCare&) = delete;

 private:
  void loop();

  usecase::Office& office_;
  const std::string keys_folder_;
  const Log log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace gewu::cli
