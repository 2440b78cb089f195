#include <algorithm>
#include <cmath>
#include <optional>

#include "base/text.h"
#include "http/door.h"
#include "http/error_reply.h"
#include "http/render.h"

// What lies under the boundaries: which there is, its tiles, or parts of the file that holds them.
// Everybody may ask: the place of a report is chosen without an account. Nothing of it is personal.

namespace gewu::http {
namespace {

/// A tile shows the ground, the same to everybody.
constexpr const char* kTileCache = "public, max-age=86400";
/// Asked again each time, by its tag: another file may lie there tomorrow.
constexpr const char* kGroundFileCache = "public, no-cache";
/// What one answer carries of the file at most; readers of PMTiles ask for far less.
constexpr std::uint64_t kPartBytesMax = 8 * 1024 * 1024;

struct Part {
  std::uint64_t from = 0, count = 0;
};
enum class RangeKind { whole, part, beyond };

/// RFC 9110, 14: one range of bytes; several, and what is no range, are as if nothing was asked.
RangeKind read_range(const Request& request, std::uint64_t bytes, const std::string& tag,
                     Part& part) {
  part = {0, bytes};
  const auto header = request.header("range");
  if (!header || !header->starts_with("bytes=")) return RangeKind::whole;
  if (const auto only_if = request.header("if-range"); only_if && *only_if != tag)
    return RangeKind::whole;
  const std::string_view asked = trim(header->substr(6));
  const auto dash = asked.find('-');
  if (dash == asked.npos || asked.contains(',')) return RangeKind::whole;
  const auto number = [](std::string_view text) -> std::optional<std::uint64_t> {
    const bool is_plain = !text.empty() && std::ranges::all_of(text, [](char c) {
      return c >= '0' && c <= '9';
    });
    const auto read = is_plain ? parse_integer(text) : std::nullopt;
    return read ? std::optional(static_cast<std::uint64_t>(*read)) : std::nullopt;
  };
  const auto first = number(asked.substr(0, dash)), last = number(asked.substr(dash + 1));
  const bool has_first = dash != 0, has_last = dash + 1 != asked.size();
  if ((has_first && !first) || (has_last && !last) || (!has_first && !has_last))
    return RangeKind::whole;
  if (has_first && has_last && *last < *first) return RangeKind::whole;
  if (has_first ? *first >= bytes : *last == 0 || bytes == 0) return RangeKind::beyond;
  part.from = has_first ? *first : bytes - std::min(bytes, *last);
  const std::uint64_t end = has_first && has_last ? std::min(bytes, *last + 1) : bytes;
  part.count = end - part.from;
  return RangeKind::part;
}

std::string quoted(const std::string& tag) { return "\"" + tag + "\""; }

}  // namespace

Result<Answer> read_base_map(Visit& visit) {
  usecase::BaseMap* map = visit.door.options.base_map;
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().member("kind", map == nullptr ? "none" : map->file() ? "pmtiles" : "tiles");
    if (map != nullptr) {
      const usecase::BaseMapSettings& settings = map->settings();
      out.member("layers", static_cast<std::int64_t>(settings.layers));
      out.member("zoom_min", static_cast<std::int64_t>(settings.zoom_min));
      out.member("zoom_max", static_cast<std::int64_t>(settings.zoom_max));
      kernel::Label attribution;
      for (const auto& [language, words] : settings.attribution)
        (language == "zh" ? attribution.zh : language == "ko" ? attribution.ko : attribution.en) =
            words;
      write_label(out, "attribution", attribution);
      if (const auto frame = map->frame()) {
        out.key("frame").begin_array();
        for (const double degrees : {frame->west, frame->south, frame->east, frame->north})
          out.scaled(std::llround(degrees * 1e6), 6);
        out.end_array();
      }
      if (const auto trouble = map->trouble()) out.member("trouble", *trouble);
    }
    out.end_object();
  });
}

Result<Answer> read_tile(Visit& visit) {
  usecase::BaseMap* map = visit.door.options.base_map;
  if (map == nullptr) return refuse(ErrorCode::not_found, "base_map.none");
  const auto number = [&](std::size_t at) { return parse_integer(visit.captured[at]).value_or(-1); };
  const std::int64_t layer = number(0), zoom = number(1);
  if (layer < 0 || zoom < 0 || zoom > 22) return refuse(ErrorCode::invalid, "base_map.tile");
  GEWU_TRY(tile, map->read_tile(static_cast<std::size_t>(layer),
                                {static_cast<int>(zoom), number(2), number(3)}));
  Answer answer;
  Response& response = answer.response;
  response.content_type = tile->media_type;
  const std::string tag = quoted(tile->tag);
  response.headers = {{"Cache-Control", kTileCache}, {"ETag", tag}};
  if (visit.request.header("if-none-match") == tag) response.status = 304;
  else response.body = tile->bytes;
  return answer;
}

Result<Answer> read_base_map_file(Visit& visit) {
  usecase::BaseMap* map = visit.door.options.base_map;
  if (map == nullptr || map->file() == nullptr)
    return refuse(ErrorCode::not_found, "base_map.none");
  GEWU_TRY(file, map->file()->open());
  const std::string tag = quoted(file->tag());
  const std::uint64_t bytes = file->bytes();
  Answer answer;
  Response& response = answer.response;
  const auto finish = [&] {
    response.headers.emplace_back("Accept-Ranges", "bytes");
    response.headers.emplace_back("Cache-Control", kGroundFileCache);
    response.headers.emplace_back("ETag", tag);
    return std::move(answer);
  };
  response.content_type = "application/vnd.pmtiles";
  if (visit.request.header("if-none-match") == tag) {
    response.status = 304;
    return finish();
  }
  Part part;
  const RangeKind kind = read_range(visit.request, bytes, tag, part);
  if (kind == RangeKind::beyond) {
    response = error_response({ErrorCode::invalid, "base_map.range", {}, {}}, visit.request,
                              nullptr);
    response.status = 416;
    response.headers.emplace_back("Content-Range", "bytes */" + std::to_string(bytes));
    return finish();
  }
  if (part.count > kPartBytesMax)
    return refuse(ErrorCode::too_large, "base_map.range",
                  {{"max", std::to_string(kPartBytesMax)}});
  if (kind == RangeKind::part) {
    response.status = 206;
    response.headers.emplace_back("Content-Range",
                                  "bytes " + std::to_string(part.from) + "-" +
                                      std::to_string(part.from + part.count - 1) + "/" +
                                      std::to_string(bytes));
  }
  GEWU_TRY(content, file->read(part.from, static_cast<std::size_t>(part.count)));
  response.body = std::move(content);
  return finish();
}

}  // namespace gewu::http
