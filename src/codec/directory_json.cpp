#include "codec/event_json.h"
#include "codec/matter_json.h"
#include "codec/value_json.h"

namespace gewu::codec {
namespace {

using namespace gewu::kernel;

void write_label(JsonWriter& out, std::string_view key, const Label& label) {
  out.key(key).begin_object().member("zh", label.zh);
  if (!label.ko.empty()) out.member("ko", label.ko);
  if (!label.en.empty()) out.member("en", label.en);
  out.end_object();
}

Label read_label(const Json* json) {
  if (!json) return {};
  return {text_at(*json, "zh"), text_at(*json, "ko"), text_at(*json, "en")};
}

void write_days(JsonWriter& out, Date from, const std::optional<Date>& until) {
  out.member("valid_from", from.days);
  if (until) out.member("valid_until", until->days);
}

std::optional<Date> date_at(const Json& json, std::string_view key) {
  const auto days = json.integer_at(key);
  if (!days) return std::nullopt;
  return Date{static_cast<std::int32_t>(*days)};
}

void write_boundary(JsonWriter& out, const Boundary& boundary) {
  out.key("boundary").begin_array();
  for (const Ring& ring : boundary.rings) {
    out.begin_array();
    for (const LonLat point : ring) out.integer(point.lon_e6).integer(point.lat_e6);
    out.end_array();
  }
  out.end_array();
}

Result<Boundary> read_boundary(const Json::Array& rings) {
  Boundary boundary;
  for (const Json& item : rings) {
    const auto* numbers = item.as_array();
    if (!numbers || numbers->size() % 2 != 0) return bad_record("boundary");
    Ring ring;
    for (std::size_t i = 0; i < numbers->size(); i += 2) {
      const auto lon = (*numbers)[i].as_integer(), lat = (*numbers)[i + 1].as_integer();
      if (!lon || !lat) return bad_record("boundary");
      ring.push_back({static_cast<std::int32_t>(*lon), static_cast<std::int32_t>(*lat)});
    }
    boundary.rings.push_back(std::move(ring));
  }
  return boundary;
}

struct Writer {
  JsonWriter& out;

  void operator()(const TerritoryChange& change) {
    const Territory& territory = change.territory;
    out.member("change", "territory").member("code", territory.code);
    out.member("level", level_name(territory.level));
    write_label(out, "name", territory.name);
    write_days(out, territory.valid_from, territory.valid_until);
    if (!territory.successors.empty()) {
      out.key("successors").begin_array();
      for (const auto& code : territory.successors) out.string(code);
      out.end_array();
    }
    if (territory.boundary) write_boundary(out, *territory.boundary);
    if (territory.centre) {
      out.key("centre").begin_array().integer(territory.centre->lon_e6);
      out.integer(territory.centre->lat_e6).end_array();
    }
    if (territory.drawn) out.member("drawn", true);
  }

  void operator()(const OrganisationChange& change) {
    const Organisation& organisation = change.organisation;
    out.member("change", "organisation").member("key", organisation.key);
    write_label(out, "label", organisation.label);
    out.member("kind", organisation.kind);
    if (organisation.parent) out.member("parent", *organisation.parent);
    if (organisation.managing_subdistrict)
      out.member("managing_subdistrict", *organisation.managing_subdistrict);
    if (organisation.territory) out.member("territory", *organisation.territory);
    if (organisation.in_charge_of) out.member("in_charge_of", *organisation.in_charge_of);
    if (!organisation.phone.empty()) out.member("phone", organisation.phone);
    write_days(out, organisation.valid_from, organisation.valid_until);
  }

  void operator()(const PostChange& change) {
    const Post& post = change.post;
    out.member("change", "post").member("post", post.id.value).member("key", post.key);
    out.member("role", post.role).member("unit", unit_text(post.unit));
    if (post.organisation) out.member("organisation", *post.organisation);
    out.member("seats", post.seats).member("state", post_state_name(post.state));
    out.key("holders").begin_array();
    for (const Holder& holder : post.holders) {
      out.begin_object().member("account", holder.account.value);
      write_instant(out, "from", holder.from);
      if (holder.until) write_instant(out, "until", *holder.until);
      if (holder.deputy) out.member("deputy", true);
      out.end_object();
    }
    out.end_array();
  }

  void operator()(const Publication& change) {
    out.member("change", "publication").member("locality", change.locality);
    out.member("sha256", change.sha256).member("text", change.text);
  }
};

Result<TerritoryChange> read_territory(const Json& json) {
  Territory territory;
  territory.code = text_at(json, "code");
  const auto level = parse_level(text_at(json, "level"));
  const auto from = date_at(json, "valid_from");
  if (!level || !from) return bad_record("territory");
  territory.level = *level;
  territory.name = read_label(json.find("name"));
  territory.valid_from = *from;
  territory.valid_until = date_at(json, "valid_until");
  if (const auto* successors = json.array_at("successors"))
    for (const Json& code : *successors)
      territory.successors.emplace_back(code.as_string().value_or(""));
  if (const auto* rings = json.array_at("boundary")) {
    GEWU_TRY(boundary, read_boundary(*rings));
    territory.boundary = std::move(boundary);
  }
  if (const auto* centre = json.array_at("centre"); centre && centre->size() == 2)
    territory.centre =
        LonLat{static_cast<std::int32_t>((*centre)[0].as_integer().value_or(0)),
               static_cast<std::int32_t>((*centre)[1].as_integer().value_or(0))};
  territory.drawn = json.boolean_at("drawn").value_or(false);
  return TerritoryChange{std::move(territory)};
}

std::optional<std::string> optional_text_at(const Json& json, std::string_view key) {
  const auto text = json.string_at(key);
  if (!text) return std::nullopt;
  return std::string(*text);
}

Result<OrganisationChange> read_organisation(const Json& json) {
  Organisation organisation;
  organisation.key = text_at(json, "key");
  organisation.label = read_label(json.find("label"));
  organisation.kind = text_at(json, "kind");
  organisation.parent = optional_text_at(json, "parent");
  organisation.managing_subdistrict = optional_text_at(json, "managing_subdistrict");
  organisation.territory = optional_text_at(json, "territory");
  organisation.in_charge_of = optional_text_at(json, "in_charge_of");
  organisation.phone = optional_text_at(json, "phone").value_or("");
  organisation.valid_from = date_at(json, "valid_from").value_or(Date{});
  organisation.valid_until = date_at(json, "valid_until");
  return OrganisationChange{std::move(organisation)};
}

Result<PostChange> read_post(const Json& json) {
  Post post;
  post.id = {integer_at(json, "post")};
  post.key = text_at(json, "key");
  post.role = text_at(json, "role");
  GEWU_TRY(unit, parse_unit(text_at(json, "unit")));
  post.unit = std::move(unit);
  post.organisation = optional_text_at(json, "organisation");
  post.seats = static_cast<int>(integer_at(json, "seats"));
  const auto state = parse_post_state(text_at(json, "state"));
  if (!state) return bad_record("post");
  post.state = *state;
  if (const auto* holders = json.array_at("holders"))
    for (const Json& item : *holders) {
      GEWU_TRY(from, instant_at(item, "from"));
      post.holders.push_back({{integer_at(item, "account")},
                              from,
                              optional_instant_at(item, "until"),
                              item.boolean_at("deputy").value_or(false)});
    }
  return PostChange{std::move(post)};
}

}  // namespace

void write_directory_event(std::string& bytes, const DirectoryEvent& event) {
  JsonWriter out(bytes);
  out.begin_object().member("id", event.id.value).key("actor");
  write_actor(out, event.actor);
  write_instant(out, "at", event.at);
  if (!event.source.empty()) out.member("source", event.source);
  std::visit(Writer{out}, event.change);
  out.end_object();
}

Result<DirectoryEvent> read_directory_event(const Json& json) {
  DirectoryEvent event;
  event.id = {integer_at(json, "id")};
  const Json* actor = json.find("actor");
  if (!actor) return bad_record("directory event");
  GEWU_TRY(by, read_actor(*actor));
  event.actor = std::move(by);
  GEWU_TRY(at, instant_at(json, "at"));
  event.at = at;
  event.source = text_at(json, "source");
  const std::string change = text_at(json, "change");
  if (change == "territory") {
    GEWU_TRY(territory, read_territory(json));
    event.change = std::move(territory);
  } else if (change == "organisation") {
    GEWU_TRY(organisation, read_organisation(json));
    event.change = std::move(organisation);
  } else if (change == "post") {
    GEWU_TRY(post, read_post(json));
    event.change = std::move(post);
  } else if (change == "publication") {
    event.change =
        Publication{text_at(json, "locality"), text_at(json, "text"), text_at(json, "sha256")};
  } else {
    return bad_record("directory event");
  }
  return event;
}

}  // namespace gewu::codec
