#include "http/uploads.h"

#include <algorithm>
#include <array>

#include "security/bytes.h"

namespace gewu::http {

std::string Uploads::begin(AccountId account, Instant now) {
  std::array<std::uint8_t, 16> bytes{};
  random_.fill(bytes);
  const std::scoped_lock lock(mutex_);
  drop_old(now);
  const auto is_his = [&](const Upload& upload) { return upload.account == account; };
  if (static_cast<std::size_t>(std::ranges::count_if(uploads_, is_his)) >= limits_.of_account_max)
    uploads_.erase(std::ranges::find_if(uploads_, is_his));
  uploads_.push_back({security::hex_encode(bytes), account, now, std::make_shared<std::string>()});
  return uploads_.back().id;
}

Result<std::size_t> Uploads::add(AccountId account, std::string_view id, std::size_t offset,
                                 std::string_view piece, Instant now) {
  const std::scoped_lock lock(mutex_);
  drop_old(now);
  Upload* upload = find(account, id);
  if (!upload) return refuse(ErrorCode::not_found, "upload.unknown");
  const std::string& had = *upload->bytes;
  const bool came_before = offset <= had.size() && piece.size() <= had.size() - offset &&
                           std::string_view(had).substr(offset, piece.size()) == piece;
  if (came_before) return had.size();
  if (offset != had.size())
    return refuse(ErrorCode::conflict, "upload.offset", {{"bytes", std::to_string(had.size())}});
  if (piece.size() > limits_.bytes_max - had.size())
    return refuse(ErrorCode::too_large, "upload.size",
                  {{"max", std::to_string(limits_.bytes_max)}});
  std::size_t all = piece.size();
  for (const Upload& one : uploads_) all += one.bytes->size();
  if (all > limits_.all_bytes_max) return refuse(ErrorCode::too_many, "upload.all");
  // Whoever reads it at this moment keeps what he was given.
  if (upload->bytes.use_count() > 1) upload->bytes = std::make_shared<std::string>(had);
  upload->bytes->append(piece);
  upload->touched = now;
  return upload->bytes->size();
}

Result<Uploads::Bytes> Uploads::read(AccountId account, std::string_view id, Instant now) {
  const std::scoped_lock lock(mutex_);
  drop_old(now);
  Upload* upload = find(account, id);
  if (!upload) return refuse(ErrorCode::not_found, "upload.unknown");
  upload->touched = now;
  return Bytes(upload->bytes);
}

void Uploads::drop_old(Instant now) {
  std::erase_if(uploads_,
                [&](const Upload& upload) { return now - upload.touched > limits_.kept_ms; });
}

Uploads::Upload* Uploads::find(AccountId account, std::string_view id) {
  const auto found = std::ranges::find_if(
      uploads_, [&](const Upload& upload) { return upload.account == account && upload.id == id; });
  return found == uploads_.end() ? nullptr : &*found;
}

}  // namespace gewu::http
