// Lists made-up grids for a few communities of a place, without outlines: a name and a code each.
//
//   node localities/tools/list_grids.mjs LOCALITY SUBDISTRICT GRIDS NAME [TERRITORY_CSV]
//
// Every community (社区) of SUBDISTRICT gets GRIDS grids, called NAME after their number. Nothing was
// surveyed. The same script gives the same bytes.
import { readFileSync, writeFileSync } from "node:fs";

const [locality, subdistrict, grids, name, table = "localities/jilin/territory.csv"] =
  process.argv.slice(2);
const communities = readFileSync(table, "utf8")
  .trim()
  .split("\n")
  .map((line) => line.split(","))
  .filter(([code, label]) => code.length === 12 && code.startsWith(subdistrict) && label.endsWith("社区"));
const rows = communities.flatMap(([code, label]) =>
  Array.from({ length: Number(grids) }, (_, index) => [
    `${code}${String(index + 1).padStart(3, "0")}`,
    `${label}第${index + 1}${name}`,
    "grid",
  ]),
);
writeFileSync(
  new URL(`../${locality}/territory_grids.csv`, import.meta.url),
  `code,name,level\n${rows.map((row) => row.join(",")).join("\n")}\n`,
);
