#include "cli/key_care.h"

#include <algorithm>
#include <chrono>

namespace gewu::cli {

namespace {
constexpr std::int64_t kDaysByDefault = 30;
constexpr std::chrono::hours kRound{1};
}  // namespace

std::int64_t backup_key_days(const usecase::Office& office) {
  std::optional<std::int64_t> days;
  for (const auto& [name, locality] : usecase::directory_of(office)->localities) {
    const kernel::Setting* setting = locality->find_setting("backup_key_days");
    const auto* number = setting ? setting->value.get<kernel::Number>() : nullptr;
    if (!number) continue;
    const std::int64_t here = number->micros / kernel::kMicros;
    days = std::min(days.value_or(here), here);
  }
  return days.value_or(kDaysByDefault);
}

KeyCare::KeyCare(usecase::Office& office, std::string keys_folder, Log log)
    : office_(office), keys_folder_(std::move(keys_folder)), log_(std::move(log)) {
  thread_ = std::thread([this] { loop(); });
}

KeyCare::~KeyCare() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void KeyCare::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const auto destroyed =
        store::destroy_old_keys(keys_folder_, office_.clock.now(), backup_key_days(office_));
    if (!destroyed) log_("keys: " + destroyed.error().key);
    lock.lock();
    changed_.wait_for(lock, kRound, [&] { return stopping_; });
  }
}

}  // namespace gewu::cli
