// Lists made-up organisations and posts for the subdistricts and communities of a place.
//
//   node localities/tools/list_offices.mjs LOCALITY CODE [TERRITORY_CSV]
//
// Reads the divisions below CODE from the territory table (that of the province unless another is
// named) and writes organisations.csv and posts.csv into localities/LOCALITY. Names of divisions
// are the national table's; which departments and posts exist, who answers to whom and how many
// seats a post has is invented. Keys end in the locality's name, so that several places fit into
// one office. SKIP in the environment names codes, parted by spaces, that are left out (a town that
// lists its own). The same script gives the same bytes.
import { readFileSync, writeFileSync } from "node:fs";

const [locality, top, table = "localities/jilin/territory.csv"] = process.argv.slice(2);
const kLevels = { 4: "州（市）", 6: "县（市、区）" };
const kSkipped = (process.env.SKIP ?? "").split(" ").filter(Boolean);

// key, zh, ko, en, kind; all answer to the government
const kDepartments = [
  ["organisation_department", "组织部", "조직부", "Organisation Department", "party"],
  ["reform_bureau", "机构编制委员会办公室", "기구편제위원회판공실", "Establishment Office", "party"],
  ["urban_management", "城市管理局", "도시관리국", "Urban Management Bureau", "department"],
  ["housing", "住房和城乡建设局", "주택및도시농촌건설국", "Housing Bureau", "department"],
  ["planning", "自然资源局", "자연자원국", "Natural Resources Bureau", "department"],
  ["police", "公安局", "공안국", "Police Bureau", "department"],
  ["market", "市场监督管理局", "시장감독관리국", "Market Supervision Bureau", "department"],
  ["civil_affairs", "民政局", "민정국", "Civil Affairs Bureau", "department"],
  ["fire", "消防救援大队", "소방구조대대", "Fire and Rescue Brigade", "department"],
  ["statistics", "统计局", "통계국", "Statistics Bureau", "department"],
  ["water", "供水公司", "상수도회사", "Water Company", "enterprise"],
  ["property", "示范物业公司", "시범물업회사", "Model Property Firm", "enterprise"],
  ["bank", "示范银行支行", "시범은행지점", "Model Bank Branch", "enterprise"],
  ["school", "示范学校", "시범학교", "Model School", "public_institution"],
];

const rows = readFileSync(table, "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split(","))
  .filter(([code]) => code.startsWith(top) && !kSkipped.some((skip) => code.startsWith(skip)));
const streets = new Map(
  rows.filter(([, name]) => /(街道|镇)$/.test(name)).map(([code]) => [code, `street_${code}`]),
);

const key = (name) => `${name}_${locality}`;
const government = key("government");
const organisations = [];
const posts = [];
const add = (role, unit, organisation, seats) =>
  posts.push([`${role}_${unit.replace(/^.*:/, "")}`, role, unit, organisation, seats]);

organisations.push([
  government, `${kLevels[top.length]}人民政府`, "인민정부", "Government", "government", "", top, top,
]);
for (const [name, zh, ko, en, kind] of kDepartments)
  organisations.push([key(name), zh, ko, en, kind, government, top, ""]);
for (const [code, name, level] of rows) {
  const street = streets.get(code.slice(0, 9));
  if (level === "county" && code !== top)
    organisations.push([`county_${code}`, `${name}人民政府`, "", "", "government", government, code, code]);
  if (streets.has(code))
    organisations.push([
      street, `${name}办事处`, "", "", "subdistrict_office",
      code.slice(0, 6) === top ? government : `county_${code.slice(0, 6)}`, code, code,
    ]);
  if (street && level === "community" && name.endsWith("社区"))
    organisations.push([`community_${code}`, name, "", "", "community", street, code, code]);
}

for (const [role, office, seats] of [
  ["centre", government, 4],
  ["registrar", key("organisation_department"), 2],
  ["reform_office", key("reform_bureau"), 2],
  ["legal_reviewer", government, 2],
  ["leader", government, 12],
  // The keepers of registers and lists: one post each at the top.
  ...["profile_clerk", "linkage_clerk", "leading_office", "conference_office", "duty_reviewer",
    "link_office", "measure_office", "duty_keeper", "permit_office", "catalogue_keeper",
    "inspector", "unit_keeper",
  ].map((role) => [role, key("organisation_department"), 2]),
  ...["setup_office", "quota_office"].map((role) => [role, key("reform_bureau"), 2]),
])
  add(role, `territory:${top}`, office, seats);
for (const [organisation, , , , kind, , territory] of organisations) {
  if (kind === "government" && territory !== top)
    add("centre", `territory:${territory}`, organisation, 2);
  if (kind === "subdistrict_office") {
    add("dispatcher", `territory:${territory}`, organisation, 3);
    add("street_lead", `territory:${territory}`, organisation, 1);
    add("caller", `territory:${territory}`, organisation, 2);
    add("secretary", `territory:${territory}`, organisation, 1);
    add("platform_worker", `territory:${territory}`, organisation, 8);
    add("enforcement_lead", `territory:${territory}`, organisation, 1);
  }
  if (kind === "community") {
    add("desk", `territory:${territory}`, organisation, 3);
    add("grid_worker", `territory:${territory}`, organisation, 9);
    continue;
  }
  if (kind === "government") continue;
  for (const [role, seats] of [["officer", 6], ["unit_head", 1], ["finance", 2]])
    add(role, `organisation:${organisation}`, organisation, seats);
}

function write(name, header, lines) {
  const text = [header, ...lines].map((line) => line.join(",")).join("\n");
  writeFileSync(new URL(`../${locality}/${name}`, import.meta.url), `${text}\n`);
}
write(
  "organisations.csv",
  ["key", "label", "label_ko", "label_en", "kind", "parent", "territory", "in_charge_of"],
  organisations,
);
write("posts.csv", ["key", "role", "unit", "organisation", "seats"], posts);
