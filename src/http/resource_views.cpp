#include "http/door.h"
#include "usecase/saved_views.h"

namespace gewu::http {

Result<Answer> list_saved_views(Visit& visit) {
  GEWU_TRY(views, usecase::list_saved_views(visit.door.office, visit.caller));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("views").begin_array();
    for (const usecase::SavedView& view : views)
      out.begin_object().member("name", view.name).member("filter", view.filter).end_object();
    out.end_array().end_object();
  });
}

Result<Answer> save_view(Visit& visit) {
  GEWU_TRY(body, visit.body());
  const auto name = body.string_at("name"), filter = body.string_at("filter");
  if (!name) return refuse(ErrorCode::invalid, "view.name");
  if (!filter) return refuse(ErrorCode::invalid, "view.filter");
  GEWU_CHECK(usecase::save_view(visit.door.office, visit.caller,
                                {std::string(*name), std::string(*filter)}));
  return empty_answer();
}

Result<Answer> drop_saved_view(Visit& visit) {
  GEWU_TRY(body, visit.body());
  const auto name = body.string_at("name");
  if (!name) return refuse(ErrorCode::invalid, "view.name");
  GEWU_CHECK(usecase::drop_saved_view(visit.door.office, visit.caller, std::string(*name)));
  return empty_answer();
}

}  // namespace gewu::http
