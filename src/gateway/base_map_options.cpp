#include "gateway/base_map_options.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "codec/json.h"
#include "gateway/gateway.h"
#include "gateway/http_call.h"

namespace gewu::gateway {

namespace {

using codec::Json;

constexpr int kZoomMax = 22;
constexpr std::size_t kLayersMax = 4;
constexpr std::size_t kMegabyte = 1024 * 1024;
// 天地图: Web Mercator ("_w"), whose matrices are those of every other map and begin at level 1. Its
// "_c" in degrees would have to be bent into our view.
constexpr const char* kTianditu =
    "https://t{s}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
    "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}";
constexpr std::array<std::string_view, 8> kTiandituLayers = {"vec", "cva", "img", "cia",
                                                             "ter", "cta", "eva", "eia"};

std::unexpected<Error> wrong(const char* name) {
  return refuse(ErrorCode::invalid, "base_map.options", {{"name", name}});
}

void put(std::string& text, std::string_view name, std::string_view value) {
  for (auto at = text.find(name); at != text.npos; at = text.find(name, at + value.size()))
    text.replace(at, name.size(), value);
}

/// Texts of an array; nothing when one of them is no text of plain letters, digits, dots and dashes.
std::optional<std::vector<std::string>> plain_words(const Json::Array& array) {
  std::vector<std::string> words;
  for (const Json& one : array) {
    const std::string word(one.as_string().value_or(""));
    const bool is_plain = !word.empty() && std::ranges::all_of(word, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '.' || c == '-';
    });
    if (!is_plain) return std::nullopt;
    words.push_back(word);
  }
  return words;
}

/// A whole number between two bounds; absent: it stays as it is.
template <typename Number>
bool take_number(const Json& json, const char* name, std::int64_t low, std::int64_t high,
                 Number& into) {
  if (json.find(name) == nullptr) return true;
  const auto number = json.integer_at(name);
  if (!number || *number < low || *number > high) return false;
  into = static_cast<Number>(*number);
  return true;
}

Status take_tianditu(const Json& json, BaseMapOptions& options) {
  options.zoom_min = 1;
  options.zoom_max = 18;
  options.servers = {"0", "1", "2", "3", "4", "5", "6", "7"};
  options.key = json.string_at("key").value_or("");
  const bool is_plain = std::ranges::all_of(options.key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
  if (options.key.empty() || !is_plain) return wrong("key");
  std::vector<std::string> layers = {"vec", "cva"};
  if (json.find("layers") != nullptr) {
    const Json::Array* given = json.array_at("layers");
    const auto words = given ? plain_words(*given) : std::nullopt;
    if (!words || words->empty()) return wrong("layers");
    layers = *words;
  }
  // Their own service stands in some cities' networks under another address.
  const std::string address(json.string_at("url").value_or(kTianditu));
  for (const std::string& layer : layers) {
    if (std::ranges::find(kTiandituLayers, layer) == kTiandituLayers.end()) return wrong("layers");
    std::string url = address;
    put(url, "{layer}", layer);
    options.layers.push_back(std::move(url));
  }
  return {};
}

Status take_xyz(const Json& json, BaseMapOptions& options) {
  const auto url = json.string_at("url");
  if (!url || url->empty()) return wrong("url");
  options.layers = {std::string(*url)};
  options.key = json.string_at("key").value_or("");
  if (json.find("servers") != nullptr) {
    const Json::Array* given = json.array_at("servers");
    const auto words = given ? plain_words(*given) : std::nullopt;
    if (!words) return wrong("servers");
    options.servers = *words;
  }
  return {};
}

/// Whether each address names its tile, can be called, and keeps the key from being read on the way.
Status check_addresses(const BaseMapOptions& options) {
  if (options.layers.size() > kLayersMax) return wrong("layers");
  for (std::size_t layer = 0; layer < options.layers.size(); ++layer) {
    const std::string& url = options.layers[layer];
    const bool is_whole = url.contains("{z}") && url.contains("{x}") &&
                          (url.contains("{y}") || url.contains("{-y}")) &&
                          url.contains("{s}") == !options.servers.empty() &&
                          url.contains("{key}") == !options.key.empty();
    const auto target = parse_http_url(tile_url(options, layer, {3, 1, 2}));
    if (!is_whole || !target) return wrong("url");
    const bool is_here = target->host == "127.0.0.1" || target->host == "localhost" ||
                         target->host == "::1";
    if (!options.key.empty() && !target->is_tls && !is_here) return wrong("url");
  }
  return {};
}

}  // namespace

std::string tile_url(const BaseMapOptions& options, std::size_t layer, const TileNumber& number) {
  std::string url = options.layers[layer];
  const std::int64_t last_row = (std::int64_t{1} << number.zoom) - 1;
  put(url, "{z}", std::to_string(number.zoom));
  put(url, "{x}", std::to_string(number.column));
  put(url, "{y}", std::to_string(number.row));
  put(url, "{-y}", std::to_string(last_row - number.row));
  // One tile always from the same server, so that what it keeps is found again.
  if (!options.servers.empty())
    put(url, "{s}",
        options.servers[static_cast<std::size_t>(number.column + number.row) %
                        options.servers.size()]);
  put(url, "{key}", options.key);
  return url;
}

Result<BaseMapOptions> read_base_map_options(const std::string& text) {
  const auto json = codec::parse_json(text);
  if (!json || json->as_object() == nullptr) return wrong("json");
  BaseMapOptions options;
  const auto kind = json->string_at("kind").value_or("");
  if (kind == "tianditu") {
    GEWU_CHECK(take_tianditu(*json, options));
  } else if (kind == "xyz") {
    GEWU_CHECK(take_xyz(*json, options));
  } else if (kind == "pmtiles") {
    options.file = json->string_at("file").value_or("");
    if (options.file.empty()) return wrong("file");
  } else {
    return wrong("kind");
  }
  if (!take_number(*json, "zoom_min", 0, kZoomMax, options.zoom_min)) return wrong("zoom_min");
  if (!take_number(*json, "zoom_max", options.zoom_min, kZoomMax, options.zoom_max))
    return wrong("zoom_max");
  if (!take_number(*json, "tiles_a_minute", 1, 1'000'000, options.tiles_a_minute))
    return wrong("tiles_a_minute");
  if (!take_number(*json, "tiles_a_day", 1, 1'000'000'000, options.tiles_a_day))
    return wrong("tiles_a_day");
  std::size_t megabytes = options.cache_bytes / kMegabyte;
  if (!take_number(*json, "cache_mb", 1, 4'096, megabytes)) return wrong("cache_mb");
  options.cache_bytes = megabytes * kMegabyte;
  GEWU_CHECK(check_addresses(options));
  const Json::Object* attribution = json->object_at("attribution");
  for (const codec::JsonMember& member : attribution != nullptr ? *attribution : Json::Object{})
    if (const auto words = member.value.as_string())
      options.attribution.emplace_back(member.key, std::string(*words));
  const bool has_chinese = std::ranges::any_of(
      options.attribution, [](const auto& one) { return one.first == "zh" && !one.second.empty(); });
  if (!has_chinese) return wrong("attribution");
  return options;
}

}  // namespace gewu::gateway
