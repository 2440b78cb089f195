#include "store/erased_log.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace gewu::store {

namespace {

constexpr std::size_t kReasonBytesMax = 128;

std::string format_line(const Erasure& line) {
  return std::to_string(line.key.matter.value) + " " + std::to_string(line.key.slot) + " " +
         format_instant(line.at) + " " + line.reason + "\n";
}

std::optional<Erasure> parse_line(std::string_view text) {
  const auto parts = split(text, ' ');
  if (parts.size() != 4) return std::nullopt;
  const auto matter = parse_integer(parts[0]);
  const auto slot = parse_integer(parts[1]);
  const auto at = parse_instant(parts[2]);
  if (!matter || !slot || *slot < 0 || *slot > UINT8_MAX || !at || !is_erasure_reason(parts[3]))
    return std::nullopt;
  return Erasure{{MatterId{*matter}, static_cast<std::uint8_t>(*slot)}, *at,
                 std::string(parts[3])};
}

}  // namespace

bool is_erasure_reason(std::string_view text) {
  return !text.empty() && text.size() <= kReasonBytesMax && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

Result<ErasedLog> ErasedLog::open(const std::string& path, bool is_durable) {
  GEWU_TRY(file, File::open(path, File::Mode::append));
  GEWU_CHECK(sync_folder_of(path));
  GEWU_TRY(text, file.read_all());
  const auto end = text.find_last_of('\n');
  const std::size_t whole = end == std::string::npos ? 0 : end + 1;
  if (whole != text.size()) {
    GEWU_CHECK(file.truncate(whole));
    GEWU_CHECK(file.sync());
  }
  ErasedLog log(std::move(file), is_durable);
  log.size_ = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  return log;
}

Status ErasedLog::append(std::span<const Erasure> lines) {
  std::string text;
  for (const Erasure& line : lines) text += format_line(line);
  GEWU_TRY(before, file_.size());
  if (auto written = file_.write_all(text); !written) {
    GEWU_CHECK(file_.truncate(before));  // half a line must not stand before the next
    return written;
  }
  if (is_durable_) GEWU_CHECK(file_.sync());
  size_ += lines.size();
  return {};
}

Result<std::vector<Erasure>> ErasedLog::read() const {
  GEWU_TRY(text, file_.read_all());
  std::vector<Erasure> lines;
  auto parts = split(text, '\n');
  parts.pop_back();  // what stands after the last end of line
  for (const std::string_view part : parts) {
    auto line = parse_line(part);
    if (!line)
      return refuse(ErrorCode::invalid, "vault.erased_log.form",
                    {{"file", file_.path()}, {"line", std::to_string(lines.size() + 1)}});
    lines.push_back(std::move(*line));
  }
  return lines;
}

}  // namespace gewu::store
