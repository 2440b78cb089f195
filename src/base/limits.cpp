#include "base/limits.h"

namespace gewu {

std::vector<std::pair<std::string, std::size_t>> list_limits(const Limits& l) {
  return {{"body_bytes_max", l.body_bytes_max},
          {"photo_bytes_max", l.photo_bytes_max},
          {"json_depth_max", l.json_depth_max},
          {"text_code_points_max", l.text_code_points_max},
          {"page_rows_default", l.page_rows_default},
          {"page_rows_max", l.page_rows_max},
          {"dossier_rows_max", l.dossier_rows_max},
          {"opened_max", l.opened_max},
          {"open_depth_max", l.open_depth_max},
          {"ripple_depth_max", l.ripple_depth_max},
          {"touched_max", l.touched_max},
          {"group_commit_max", l.group_commit_max},
          {"delta_tail_rows_max", l.delta_tail_rows_max},
          {"limit_years_max", l.limit_years_max},
          {"definition_bytes_max", l.definition_bytes_max},
          {"definition_depth_max", l.definition_depth_max},
          {"geojson_bytes_max", l.geojson_bytes_max},
          {"geojson_depth_max", l.geojson_depth_max},
          {"import_bytes_max", l.import_bytes_max}};
}

}  // namespace gewu
