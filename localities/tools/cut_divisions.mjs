// Cuts a territory table out of the national table of divisions.
//
//   node localities/tools/cut_divisions.mjs SHARED/data/divisions/jilin_220000.csv \
//     > localities/jilin/territory.csv
//
// In: code (padded to 12 digits), name, level 1 to 5, … ; out: code (unpadded), name, level, in
// code order. Units of the fourth level whose name has none of the endings below have no desk:
// `level_4_other` (docs/decisions/level_four.md). tests/unit/place compares the result with what
// the importer makes of the same table.
import { readFileSync } from "node:fs";

const kDeskEndings = ["街道", "镇", "乡"];
const kLengths = [2, 4, 6, 9, 12];
const kLevels = ["province", "prefecture", "county", "subdistrict", "community"];

const lines = readFileSync(process.argv[2], "utf8").replace(/^\uFEFF/, "").trim().split(/\r?\n/);
const rows = lines.slice(1).map((line) => {
  const [code, name, depth] = line.split(",");
  const hasDesk = kDeskEndings.some((ending) => name.endsWith(ending));
  const level = depth === "4" && !hasDesk ? "level_4_other" : kLevels[depth - 1];
  return `${code.slice(0, kLengths[depth - 1])},${name.trim()},${level}`;
});
rows.sort((a, b) => (a.split(",")[0] < b.split(",")[0] ? -1 : 1));
process.stdout.write(`code,name,level\n${rows.join("\n")}\n`);
