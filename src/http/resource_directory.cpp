#include <algorithm>

#include "base/text.h"
#include "http/degrees.h"
#include "http/door.h"
#include "http/render.h"
#include "kernel/matter/import_rule.h"
#include "kernel/matter/rounds.h"
#include "usecase/coverage.h"
#include "usecase/open_totals.h"
#include "usecase/read_me.h"
#include "usecase/search.h"

// The directory as clients need it: types, lists, territory, organisations.

namespace gewu::http {
namespace {

using namespace gewu::kernel;

Result<const Locality*> locality_of(Visit& visit, const Directory& directory) {
  return usecase::choose_locality(directory, visit.caller, visit.now(),
                                  visit.request.parameter("locality").value_or(""));
}

bool is_part(const Type& type) {
  return std::any_of(type.fields.begin(), type.fields.end(),
                     [](const FieldSpec& field) { return field.parent; });
}

void write_states(codec::JsonWriter& out, const Type& type) {
  out.key("states").begin_array();
  for (const StateSpec& state : type.states) {
    out.begin_object().member("name", state.name);
    write_label(out, "label", state.label);
    if (state.is_final) out.member("final", true);
    if (state.resting) out.member("resting", true);
    out.end_object();
  }
  out.end_array();
}

void write_actions(codec::JsonWriter& out, const Type& type) {
  std::vector<Stage> stages;
  out.key("actions").begin_array();
  for (const ActionSpec& action : type.actions) {
    out.begin_object().member("name", action.name);
    write_label(out, "label", action.label);
    out.member("stage", to_text(action.stage)).end_object();
    if (action.stage != Stage::other &&
        std::find(stages.begin(), stages.end(), action.stage) == stages.end())
      stages.push_back(action.stage);
  }
  std::sort(stages.begin(), stages.end());
  out.end_array().key("stages").begin_array();
  for (const Stage stage : stages) out.string(to_text(stage));
  out.end_array();
}

void write_view(codec::JsonWriter& out, const ViewSpec& view) {
  out.begin_object().member("name", view.name).member("kind", view.kind);
  write_label(out, "label", view.label);
  out.key("columns").begin_array();
  for (const Name& column : view.columns) out.string(column);
  out.end_array();
  if (!view.by.empty()) out.member("by", view.by);
  if (!view.order.empty()) out.member("order", view.order);
  out.end_object();
}

/// Rounds of duties, and turns with a calendar: nobody reported them.
bool comes_round(const Type& type) {
  return type.name == kRoundType || type.base == kRoundType ||
         std::ranges::any_of(type.views,
                             [](const ViewSpec& view) { return view.where && view.kind == "calendar"; });
}

void write_type_summary(codec::JsonWriter& out, const Type& type, const Locality& locality,
                        const std::vector<const ActionSpec*>& openings) {
  out.begin_object().member("name", type.name);
  write_label(out, "label", type.label);
  out.member("system", type.system).member("part", is_part(type));
  if (type.is_register) out.member("register", true);
  if (comes_round(type)) out.member("comes_round", true);
  out.key("opens").begin_array();
  for (const ActionSpec* action : openings)
    write_action_form(out, type, {action->name, action, true, ""}, &locality);
  out.end_array().key("views").begin_array();
  for (const ViewSpec& view : type.views)
    if (view.where && view.kind != "slip") write_view(out, view);
  out.end_array().end_object();
}

void write_import(codec::JsonWriter& out, const ImportRule& rule) {
  out.begin_object().member("name", rule.name);
  write_label(out, "label", rule.label);
  out.key("by").begin_array();
  for (const Name& role : rule.by) out.string(role);
  out.end_array().key("columns").begin_array();
  for (const auto& [field, column] : rule.take) out.string(column);
  out.end_array().member("review", rule.review).end_object();
}

void write_type(codec::JsonWriter& out, const Type& type) {
  out.begin_object().member("name", type.name);
  write_label(out, "label", type.label);
  out.member("system", type.system).key("fields").begin_array();
  for (const FieldSpec& field : type.fields) write_field_spec(out, field);
  out.end_array();
  write_states(out, type);
  write_actions(out, type);
  out.key("clocks").begin_array();
  for (const ClockSpec& clock : type.clocks) {
    out.begin_object().member("name", clock.name);
    write_label(out, "label", clock.label.zh.empty() ? Label{clock.name, "", ""} : clock.label);
    out.end_object();
  }
  out.end_array().key("views").begin_array();
  for (const ViewSpec& view : type.views) write_view(out, view);
  out.end_array().key("imports").begin_array();
  for (const ImportRule& rule : imports_of(type)) write_import(out, rule);
  out.end_array().key("lists").begin_array();
  for (const auto& [name, list] : type.lists) write_list(out, list);
  out.end_array().end_object();
}

void write_feature(codec::JsonWriter& out, const Territory& territory,
                   const Directory& directory) {
  out.begin_object().member("type", "Feature").key("properties");
  write_territory(out, territory, directory);
  out.key("geometry").begin_object().member("type", "Polygon").key("coordinates").begin_array();
  for (const Ring& ring : territory.boundary->rings) {
    out.begin_array();
    for (const LonLat point : ring)
      out.begin_array().scaled(point.lon_e6, 6).scaled(point.lat_e6, 6).end_array();
    out.end_array();
  }
  out.end_array().end_object().end_object();
}

using OpenCounts = std::vector<std::optional<std::int64_t>>;

Result<OpenCounts> count_open(Visit& visit, const std::vector<const Territory*>& nodes) {
  if (!visit.signed_in) return OpenCounts(nodes.size());
  std::vector<std::string> codes;
  for (const Territory* node : nodes) codes.push_back(node->code);
  return usecase::count_open(visit.door.office, visit.caller, codes);
}

void write_nodes(codec::JsonWriter& out, std::string_view key,
                 const std::vector<const Territory*>& nodes, const Directory& directory,
                 const OpenCounts& open) {
  out.key(key).begin_array();
  for (std::size_t i = 0; i < nodes.size(); ++i)
    write_territory(out, *nodes[i], directory, open[i]);
  out.end_array();
}

/// Whether the organisation is one of those asked for.
bool is_wanted(const Request& request, const Organisation& organisation,
               const Locality& locality) {
  const auto& ground =
      organisation.territory ? organisation.territory : organisation.in_charge_of;
  if (organisation.territory && !covers(locality.territory, *organisation.territory)) return false;
  const auto kinds = request.parameters("kind");
  if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), organisation.kind) == kinds.end())
    return false;
  if (const auto code = request.parameter("territory"); code && !code->empty())
    if (!ground || !(covers(*code, *ground) || covers(*ground, *code))) return false;
  const auto words = request.parameter("words");
  return !words || words->empty() || usecase::is_named(organisation.label, *words);
}

}  // namespace

Result<Answer> list_types(Visit& visit) {
  const DirectoryPtr directory = usecase::directory_of(visit.door.office);
  GEWU_TRY(locality, locality_of(visit, *directory));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("types").begin_array();
    for (const auto& [name, type] : locality->types)
      write_type_summary(out, *type, *locality,
                         usecase::openings_for(*type, *directory, visit.caller, visit.now()));
    out.end_array().end_object();
  });
}

Result<Answer> read_type(Visit& visit) {
  const DirectoryPtr directory = usecase::directory_of(visit.door.office);
  GEWU_TRY(locality, locality_of(visit, *directory));
  const TypePtr type = locality->find_type(visit.captured[0]);
  if (!type) return refuse(ErrorCode::not_found, "not_found");
  return json_answer([&](codec::JsonWriter& out) { write_type(out, *type); });
}

Result<Answer> read_list(Visit& visit) {
  const DirectoryPtr directory = usecase::directory_of(visit.door.office);
  GEWU_TRY(locality, locality_of(visit, *directory));
  const auto list = locality->lists.find(visit.captured[0]);
  if (list == locality->lists.end()) return refuse(ErrorCode::not_found, "not_found");
  return json_answer([&](codec::JsonWriter& out) { write_list(out, list->second); });
}

Result<Answer> list_territory(Visit& visit) {
  const DirectoryPtr directory = usecase::directory_of(visit.door.office);
  std::vector<const Territory*> nodes;
  if (const auto parent = visit.request.parameter("parent")) {
    nodes = directory->territory->children(*parent);
  } else {
    GEWU_TRY(locality, locality_of(visit, *directory));
    if (const Territory* root = directory->territory->find(locality->territory))
      nodes.push_back(root);
  }
  GEWU_TRY(open, count_open(visit, nodes));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object();
    write_nodes(out, "nodes", nodes, *directory, open);
    out.end_object();
  });
}

Result<Answer> read_territory(Visit& visit) {
  const DirectoryPtr directory = usecase::directory_of(visit.door.office);
  const Territory* node = directory->territory->find(visit.captured[0]);
  if (!node) return refuse(ErrorCode::not_found, "not_found");
  auto ancestors = directory->territory->ancestors(node->code);
  std::reverse(ancestors.begin(), ancestors.end());
  const auto children = directory->territory->children(node->code);
  GEWU_TRY(open_in, count_open(visit, {node}));
  GEWU_TRY(open_above, count_open(visit, ancestors));
  GEWU_TRY(open_below, count_open(visit, children));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("node");
    write_territory(out, *node, *directory, open_in.front());
    write_nodes(out, "ancestors", ancestors, *directory, open_above);
    write_nodes(out, "children", children, *directory, open_below);
    out.end_object();
  });
}

Result<Answer> find_territory(Visit& visit) {
  const auto lon = parse_degrees(visit.request.parameter("lon"));
  const auto lat = parse_degrees(visit.request.parameter("lat"));
  if (!lon || !lat || !is_on_earth({*lon, *lat}))
    return refuse(ErrorCode::invalid, "territory.point");
  const DirectoryPtr directory = usecase::directory_of(visit.door.office);
  std::vector<const Territory*> nodes;
  if (const auto grid = directory->grids->grid_of({*lon, *lat}, usecase::day_of(visit.now()))) {
    nodes = directory->territory->ancestors(*grid);
    std::reverse(nodes.begin(), nodes.end());
    if (const Territory* leaf = directory->territory->find(*grid)) nodes.push_back(leaf);
  }
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("nodes").begin_array();
    for (const Territory* node : nodes) write_territory(out, *node, *directory);
    out.end_array().end_object();
  });
}

Result<Answer> read_grids(Visit& visit) {
  const DirectoryPtr directory = usecase::directory_of(visit.door.office);
  const std::string& code = visit.captured[0];
  const Territory* root = directory->territory->find(code);
  if (!root) return refuse(ErrorCode::not_found, "not_found");
  // Nothing finer than the tree's version can change what is drawn.
  const std::string tag =
      "\"" + code + "-" + std::to_string(directory->territory->version()) + "\"";
  if (const auto known = visit.request.header("if-none-match"); known && *known == tag) {
    Answer same = empty_answer();
    same.response.status = 304;
    return same;
  }
  Answer answer = json_answer([&](codec::JsonWriter& out) {
    out.begin_object().member("type", "FeatureCollection").key("features").begin_array();
    for (const Territory* node : directory->territory->subtree(code, date_of({9999, 1, 1})))
      if (node->level == Level::grid && node->boundary) write_feature(out, *node, *directory);
    out.end_array().end_object();
  });
  answer.response.content_type = "application/geo+json";
  answer.response.headers = {{"Cache-Control", "no-cache"}, {"ETag", tag}};
  return answer;
}

Result<Answer> list_organisations(Visit& visit) {
  const DirectoryPtr directory = usecase::directory_of(visit.door.office);
  GEWU_TRY(locality, locality_of(visit, *directory));
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("organisations").begin_array();
    for (const Organisation* organisation : directory->roster->organisations())
      if (is_wanted(visit.request, *organisation, *locality))
        write_organisation(out, *organisation);
    out.end_array().end_object();
  });
}

}  // namespace gewu::http
