// Lists the made-up ground of a locality's year: which subdistricts and communities of the national
// table stood then, their grids, offices and posts.
//
//   node localities/tools/list_year.mjs LOCALITY CODE SUBDISTRICTS COMMUNITIES GRIDS SECRETARIES LEADERS
//
// The national table is of 2023; a document prints fewer. Left out are the subdistricts with the
// fewest communities, then the last communities of the largest, until COMMUNITIES are left: made up,
// not a fact about any of them. GRIDS are dealt to the communities as evenly as whole numbers allow.
// SECRETARIES posts: one at the top, in each county, subdistrict and community, the rest in grids.
// LEADERS posts in each county. Writes into localities/LOCALITY/year. The same script gives the same
// bytes.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const [locality, top, ...numbers] = process.argv.slice(2);
const [streets, communities, grids, secretaries, leaders] = numbers.map(Number);
const table = readFileSync(new URL("../jilin/territory.csv", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split(","));
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
  ["emergency", "应急管理局", "비상관리국", "Emergency Bureau", "department"],
  ["transport", "交通运输局", "교통운수국", "Transport Bureau", "department"],
  ["environment", "生态环境局", "생태환경국", "Environment Bureau", "department"],
  ["health", "卫生健康局", "위생건강국", "Health Bureau", "department"],
  ["justice", "司法局", "사법국", "Justice Bureau", "department"],
  ["statistics", "统计局", "통계국", "Statistics Bureau", "department"],
  ["water", "供水公司", "상수도회사", "Water Company", "enterprise"],
  ["heating", "供热公司", "난방회사", "Heating Company", "enterprise"],
  ["property", "示范物业公司", "시범물업회사", "Model Property Firm", "enterprise"],
  ["bank", "示范银行支行", "시범은행지점", "Model Bank Branch", "enterprise"],
  ["school", "示范学校", "시범학교", "Model School", "public_institution"],
];
const kTop = [
  "registrar", "profile_clerk", "linkage_clerk", "leading_office", "conference_office",
  "duty_reviewer", "link_office", "measure_office", "duty_keeper", "permit_office",
  "catalogue_keeper", "inspector", "unit_keeper", "setup_office", "quota_office", "reform_office",
  "legal_reviewer",
];

const below = (code) => table.filter(([own]) => own.startsWith(code) && own !== code);
const isCommunity = ([code, name, level]) => level === "community" && name.endsWith("社区");
let kept = below(top)
  .filter(([, name]) => name.endsWith("街道"))
  .map((street) => ({ street, members: below(street[0]).filter(isCommunity) }))
  .sort((a, b) => b.members.length - a.members.length || a.street[0].localeCompare(b.street[0]))
  .slice(0, streets);
for (let all = kept.reduce((sum, { members }) => sum + members.length, 0); all > communities; --all)
  kept.reduce((a, b) => (b.members.length > a.members.length ? b : a)).members.pop();
kept = kept.sort((a, b) => a.street[0].localeCompare(b.street[0]));

const places = kept.flatMap(({ members }) => members);
const counties = table.filter(([code, , level]) => level === "county" && code.startsWith(top));
const prefecture = table.find(([code]) => code === top);
const cells = places.flatMap(([code, name], index) => {
  const count = Math.floor(((index + 1) * grids) / places.length) - Math.floor((index * grids) / places.length);
  return Array.from({ length: count }, (_, i) => [
    `${code}${String(i + 1).padStart(3, "0")}`, `${name}第${i + 1}网格`, "grid",
  ]);
});

const organisations = [];
const posts = [];
const seat = (role, code, organisation) =>
  posts.push([`${role}_${code}`, role, `territory:${code}`, organisation, 1]);
const office = (key, label, kind, parent, code, ko = "", en = "") =>
  organisations.push([key, label, ko, en, kind, parent, code, code]);
const government = `government_${locality}`;
office(government, `${prefecture[1]}人民政府`, "government", "", top, "인민정부", "Government");
for (const [name, zh, ko, en, kind] of kDepartments) {
  const key = `${name}_${locality}`;
  organisations.push([key, zh, ko, en, kind, government, top, ""]);
  for (const role of ["officer", "unit_head", "finance"])
    posts.push([`${role}_${key}`, role, `organisation:${key}`, key, 1]);
}
for (const role of ["centre", "secretary", ...kTop])
  seat(role, top, role === "centre" || role === "secretary" ? government : `organisation_department_${locality}`);
// Two people where one may not check what he wrote.
posts.push([`quota_office_2_${top}`, "quota_office", `territory:${top}`, `reform_bureau_${locality}`, 1]);
posts.push([`profile_clerk_2_${top}`, "profile_clerk", `territory:${top}`, `statistics_${locality}`, 1]);
for (const [code, name] of counties) {
  office(`county_${code}`, `${name}人民政府`, "government", government, code);
  for (const role of ["centre", "secretary", "conference_office"]) seat(role, code, `county_${code}`);
  for (let i = 1; i <= leaders; ++i)
    posts.push([`leader_${code}_${i}`, "leader", `territory:${code}`, `county_${code}`, 1]);
}
for (const { street, members } of kept) {
  const [code, name] = street;
  const key = `street_${code}`;
  office(key, `${name}办事处`, "subdistrict_office", `county_${code.slice(0, 6)}`, code);
  for (const role of ["dispatcher", "street_lead", "caller", "secretary", "platform_worker", "enforcement_lead"])
    seat(role, code, key);
  for (const role of ["officer", "unit_head", "finance"])
    posts.push([`${role}_${key}`, role, `organisation:${key}`, key, 1]);
  for (const [own, label] of members) {
    office(`community_${own}`, label, "community", key, own);
    for (const role of ["desk", "secretary", "grid_worker"]) seat(role, own, `community_${own}`);
  }
}
const spare = secretaries - 1 - counties.length - kept.length - places.length;
cells
  .filter((_, index) => Math.floor(((index + 1) * spare) / cells.length) > Math.floor((index * spare) / cells.length))
  .forEach(([code]) => seat("secretary", code, `community_${code.slice(0, 12)}`));

const folder = new URL(`../${locality}/year/`, import.meta.url);
mkdirSync(folder, { recursive: true });
function write(name, header, lines) {
  const text = [header, ...lines].map((line) => line.join(",")).join("\n");
  writeFileSync(new URL(name, folder), `${text}\n`);
}
const province = table.find(([code]) => code === top.slice(0, 2));
write("territory.csv", ["code", "name", "level"], [
  province, prefecture, ...counties,
  ...kept.flatMap(({ street, members }) => [street, ...members]), ...cells,
].map(([code, name, level]) => [code, name, level]));
write("organisations.csv",
  ["key", "label", "label_ko", "label_en", "kind", "parent", "territory", "in_charge_of"], organisations);
write("posts.csv", ["key", "role", "unit", "organisation", "seats"], posts);
