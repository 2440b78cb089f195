#include "http/door.h"
#include "http/render.h"
#include "usecase/open_place.h"

// Who serves a place and what lies nearest; the same for whoever asks.

namespace gewu::http {
namespace {

using namespace gewu::kernel;

void write_facility(codec::JsonWriter& out, const usecase::Facility& facility,
                    const Directory& directory) {
  const Type& type = *facility.row.seen.matter->type;
  out.begin_object().member("id", std::to_string(facility.row.seen.matter->id.value));
  out.member("type", type.name);
  write_label(out, "type_label", type.label);
  out.member("title", facility.row.title);
  write_unit(out, "territory", territory_unit(facility.row.seen.matter->territory), directory);
  out.key("point").begin_array().scaled(facility.point.lon_e6, 6);
  out.scaled(facility.point.lat_e6, 6).end_array();
  if (!facility.address.empty()) out.member("address", facility.address);
  if (facility.metres) out.member("metres", *facility.metres);
  write_facts(out, facility.row, directory);
  out.end_object();
}

void write_serving_post(codec::JsonWriter& out, const usecase::ServingPost& post,
                        const Directory& directory) {
  out.begin_object();
  write_post_members(out, post.post, directory);
  write_label(out, "duty", post.duty);
  if (post.is_vacant) out.member("vacant", true);
  if (post.post.organisation && !post.post.organisation->phone.empty())
    out.member("phone", post.post.organisation->phone);
  out.end_object();
}

void write_nodes(codec::JsonWriter& out, const char* key, const std::vector<const Territory*>& nodes,
                 const Directory& directory) {
  out.key(key).begin_array();
  for (const Territory* node : nodes) write_territory(out, *node, directory);
  out.end_array();
}

}  // namespace

Result<Answer> read_open_place(Visit& visit) {
  GEWU_TRY(open, usecase::read_open_place(visit.door.office, visit.captured[0]));
  const Directory& directory = *open.directory;
  return json_answer([&](codec::JsonWriter& out) {
    out.begin_object().key("place");
    write_territory(out, *open.place, directory);
    write_nodes(out, "ancestors", open.above, directory);
    write_nodes(out, "children", open.below, directory);
    if (open.locality) out.member("locality", open.locality->name);
    out.key("offices").begin_array();
    for (const Organisation* office : open.offices) write_organisation(out, *office);
    out.end_array().key("posts").begin_array();
    for (const usecase::ServingPost& post : open.posts) write_serving_post(out, post, directory);
    out.end_array().key("facilities").begin_array();
    for (const usecase::Facility& facility : open.facilities)
      write_facility(out, facility, directory);
    out.end_array().end_object();
  });
}

}  // namespace gewu::http
