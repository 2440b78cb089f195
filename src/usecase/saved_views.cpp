#include "usecase/saved_views.h"

#include <algorithm>

#include "base/text.h"
#include "codec/json_writer.h"

namespace gewu::usecase {
namespace {

constexpr std::size_t kViewsMax = 50;
constexpr std::size_t kNameMax = 60;
constexpr std::size_t kFilterMax = 2'000;

Result<std::string> key_of(const Caller& caller) {
  if (!caller.account.has_value()) return refuse(ErrorCode::unauthenticated, "session.absent");
  return "views." + std::to_string(caller.account.value);
}

Status write(Office& office, const std::string& key, const std::vector<SavedView>& views) {
  std::string body;
  codec::JsonWriter out(body);
  out.begin_array();
  for (const SavedView& view : views)
    out.begin_object().member("name", view.name).member("filter", view.filter).end_object();
  out.end_array();
  return office.store.write_office(key, body);
}

}  // namespace

Result<std::vector<SavedView>> list_saved_views(Office& office, const Caller& caller) {
  GEWU_TRY(key, key_of(caller));
  GEWU_TRY(body, office.store.read_office(key));
  std::vector<SavedView> views;
  if (!body) return views;
  GEWU_TRY(json, codec::parse_json(*body));
  if (const auto* rows = json.as_array())
    for (const codec::Json& row : *rows)
      views.push_back({std::string(row.string_at("name").value_or("")),
                       std::string(row.string_at("filter").value_or(""))});
  return views;
}

Status save_view(Office& office, const Caller& caller, const SavedView& view) {
  GEWU_TRY(key, key_of(caller));
  const std::size_t name_length = count_code_points(trim(view.name));
  if (name_length < 1 || name_length > kNameMax) return refuse(ErrorCode::invalid, "view.name");
  if (view.filter.size() > kFilterMax) return refuse(ErrorCode::invalid, "view.filter");
  GEWU_TRY(views, list_saved_views(office, caller));
  const SavedView kept{std::string(trim(view.name)), view.filter};
  std::erase_if(views, [&](const SavedView& one) { return one.name == kept.name; });
  if (views.size() >= kViewsMax) return refuse(ErrorCode::too_many, "view.count");
  views.insert(std::ranges::lower_bound(views, kept.name, {}, &SavedView::name), kept);
  return write(office, key, views);
}

Status drop_saved_view(Office& office, const Caller& caller, const std::string& name) {
  GEWU_TRY(key, key_of(caller));
  GEWU_TRY(views, list_saved_views(office, caller));
  const auto gone = std::erase_if(views, [&](const SavedView& one) { return one.name == name; });
  if (gone == 0) return refuse(ErrorCode::not_found, "not_found");
  return write(office, key, views);
}

}  // namespace gewu::usecase
