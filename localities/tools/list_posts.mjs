// Lists made-up organisations and posts for the drawn town.
//
//   node localities/tools/list_posts.mjs
//
// Reads the six subdistricts and their communities from localities/jilin/territory.csv and writes
// organisations.csv and posts.csv into localities/yanji. The divisions' names are the national
// table's; departments are such as any town has; which of them exist there, who answers to whom
// and how many seats a post has is invented. `unit` is `territory:CODE` or `organisation:KEY`.
// The same script gives the same bytes.
import { readFileSync, writeFileSync } from "node:fs";

const kCounty = "222401";
const kSubdistricts = {
  "222401001": ["jinxue_street", "Jinxue"],
  "222401002": ["beishan_street", "Beishan"],
  "222401003": ["xinxing_street", "Xinxing"],
  "222401004": ["gongyuan_street", "Gongyuan"],
  "222401005": ["henan_street", "Henan"],
  "222401006": ["jiangong_street", "Jiangong"],
};
// key, zh, ko, en, kind, parent
const kDepartments = [
  ["appeals_centre", "群众诉求服务中心", "군중신소봉사중심", "Appeals Service Centre", "department", "city_government"],
  ["organisation_department", "组织部", "조직부", "Organisation Department", "party", "city_government"],
  ["housing_office", "住房和城乡建设局", "주택및도시농촌건설국", "Housing and Construction Bureau", "department", "city_government"],
  ["lighting_office", "路灯管理所", "가로등관리소", "Street Lighting Office", "public_institution", "housing_office"],
  ["property", "物业管理办公室", "부동산관리판공실", "Property Management Office", "public_institution", "housing_office"],
  ["parks", "园林管理处", "원림관리처", "Parks Office", "public_institution", "housing_office"],
  ["urban_management", "城市管理行政执法局", "도시관리행정집법국", "Urban Management Bureau", "department", "city_government"],
  ["sanitation", "环境卫生管理处", "환경위생관리처", "Sanitation Office", "public_institution", "urban_management"],
  ["gas", "燃气公司", "가스회사", "Gas Company", "enterprise", "city_government"],
  ["water", "自来水公司", "수도물회사", "Water Company", "enterprise", "city_government"],
  ["heating", "热力公司", "열공급회사", "Heating Company", "enterprise", "city_government"],
  ["fire", "消防救援大队", "소방구조대대", "Fire and Rescue Brigade", "department", "city_government"],
  ["police", "公安局", "공안국", "Police Bureau", "department", "city_government"],
  ["environment", "生态环境局", "생태환경국", "Ecology and Environment Bureau", "department", "city_government"],
  ["market", "市场监督管理局", "시장감독관리국", "Market Supervision Bureau", "department", "city_government"],
  ["transport", "交通运输局", "교통운수국", "Transport Bureau", "department", "city_government"],
  ["civil_affairs", "民政局", "민정국", "Civil Affairs Bureau", "department", "city_government"],
  ["health", "卫生健康局", "위생건강국", "Health Bureau", "department", "city_government"],
  ["education", "教育局", "교육국", "Education Bureau", "department", "city_government"],
  ["emergency", "应急管理局", "응급관리국", "Emergency Management Bureau", "department", "city_government"],
  ["planning_bureau", "自然资源局", "자연자원국", "Natural Resources and Planning Bureau", "department", "city_government"],
  ["statistics", "统计局", "통계국", "Statistics Bureau", "department", "city_government"],
  ["school", "示范小学", "시범소학교", "Model Primary School", "public_institution", "education"],
  ["hospital", "示范医院", "시범병원", "Model Hospital", "public_institution", "health"],
  ["bank", "示范银行支行", "시범은행지점", "Model Bank Branch", "enterprise", ""],
];

// Readings of the characters in the names of subdistricts and communities, in local orthography.
const kReadings = Object.fromEntries(
  ("进진 学학 北북 山산 新신 兴흥 公공 园원 河하 南남 建건 工공 向향 阳양 娇교 春춘 正정 安안 旭욱 " +
    "文문 庆경 明명 化화 丽려 丹단 延연 英영 虹홍 岭령 华화 光광 青청 吉길 民민 平평 昌창 盛성 " +
    "和화 泰태 富부 强강 旺왕 城성 月월 辉휘 校교 艺예 航항 纺방 法법 锦금 美미 绣수 祥상 碧벽 " +
    "水수 白백 玉옥 桦화 梅매 菊국 川천 丰풍 金금 长장 林림 生생 海해 龙룡 东동")
    .split(" ")
    .map((pair) => [...pair]),
);

/** The Korean name of a division, or nothing where a character has no reading above. */
function korean(name, ending, koreanEnding) {
  if (!name.endsWith(ending)) return "";
  const readings = [...name.slice(0, -ending.length)].map((character) => kReadings[character]);
  return readings.includes(undefined) ? "" : readings.join("") + koreanEnding;
}

const units = readFileSync(new URL("../jilin/territory.csv", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split(","))
  .filter(([code]) => Object.keys(kSubdistricts).includes(code.slice(0, 9)));

const organisations = [
  ["city_government", "市人民政府", "시인민정부", "City Government", "government", "", kCounty, kCounty],
];
const posts = [];
const add = (key, role, unit, organisation, seats) =>
  posts.push([key, role, unit, organisation, seats]);

for (const department of kDepartments) organisations.push([...department, kCounty, ""]);
for (const [code, name, level] of units) {
  const [streetKey, english] = kSubdistricts[code.slice(0, 9)];
  if (level === "subdistrict") {
    organisations.push([
      streetKey, `${name}办事处`, korean(name, "街道", "가도판사처"), `${english} Subdistrict Office`,
      "subdistrict_office", "city_government", code, code,
    ]);
  } else {
    organisations.push([
      `community_${code}`, name, korean(name, "社区", "사회구역"), "", "community", streetKey, code,
      code,
    ]);
  }
}

add("centre_1", "centre", `territory:${kCounty}`, "appeals_centre", 6);
add("registrar_1", "registrar", `territory:${kCounty}`, "organisation_department", 2);
add("reform_office_1", "reform_office", `territory:${kCounty}`, "city_government", 2);
add("legal_reviewer_1", "legal_reviewer", `territory:${kCounty}`, "city_government", 2);
for (let number = 1; number <= 6; ++number)
  add(`leader_${number}`, "leader", `territory:${kCounty}`, "city_government", 1);
for (const [code, , level] of units) {
  if (level === "subdistrict") {
    const [key] = kSubdistricts[code];
    add(`dispatcher_${key}`, "dispatcher", `territory:${code}`, key, 3);
    add(`street_lead_${key}`, "street_lead", `territory:${code}`, key, 1);
    add(`caller_${key}`, "caller", `territory:${code}`, key, 2);
  } else {
    add(`desk_${code}`, "desk", `territory:${code}`, `community_${code}`, 3);
    add(`grid_worker_${code}`, "grid_worker", `territory:${code}`, `community_${code}`, 9);
  }
}
for (const [key, , , , kind] of organisations) {
  if (kind === "community" || kind === "government") continue;
  add(`officer_${key}`, "officer", `organisation:${key}`, key, 6);
  add(`unit_head_${key}`, "unit_head", `organisation:${key}`, key, 1);
  add(`finance_${key}`, "finance", `organisation:${key}`, key, 2);
}
// Keepers of registers and lists, and secretaries: last, so that older rows keep their places.
for (const role of [
  "secretary", "profile_clerk", "linkage_clerk", "conference_office", "duty_reviewer", "link_office",
  "measure_office", "setup_office", "quota_office", "duty_keeper", "permit_office", "inspector",
  "unit_keeper",
])
  add(`${role}_1`, role, `territory:${kCounty}`, "organisation_department", 1);
for (const [code, key] of Object.entries(kSubdistricts).map(([code, [key]]) => [code, key]))
  for (const role of ["secretary", "platform_worker"])
    add(`${role}_${key}`, role, `territory:${code}`, key, role === "secretary" ? 1 : 4);

function write(name, header, rows) {
  const text = [header, ...rows].map((row) => row.join(",")).join("\n");
  writeFileSync(new URL(`../yanji/${name}`, import.meta.url), `${text}\n`);
}
write(
  "organisations.csv",
  ["key", "label", "label_ko", "label_en", "kind", "parent", "territory", "in_charge_of"],
  organisations,
);
write("posts.csv", ["key", "role", "unit", "organisation", "seats"], posts);
