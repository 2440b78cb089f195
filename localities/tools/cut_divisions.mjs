// Cuts a territory table out of the national table of divisions.
//
//   node localities/tools/cut_divisions.mjs SHARED/data/divisions/jilin_220000.csv \
//     > localities/jilin/territory.csv
//
// In: code (padded to 12 digits), name, level 1 to 5, … ; out: code (unpadded), name, level, in
// code order. Endings that are spelt in several ways are spelt one way, and a name that begins with
// the names of two or more units above loses them. Units of the fourth level whose name has none of the endings below have no desk:
// `level_4_other` (docs/decisions/level_four.md). tests/unit/place compares the result with what
// the importer makes of the same table.
import { readFileSync } from "node:fs";

const kDeskEndings = ["街道", "镇", "乡"];
const kUsualEndings = [
  ["社区居民委员会", "社区"],
  ["社区居委会", "社区"],
  ["村民委员会", "村委会"],
];
const kLengths = [2, 4, 6, 9, 12];
const kLevels = ["province", "prefecture", "county", "subdistrict", "community"];

const lines = readFileSync(process.argv[2], "utf8").replace(/^\uFEFF/, "").trim().split(/\r?\n/);
const names = new Map();

/** The code without padding, depth parts long. */
const cut = (code, depth) => code.slice(0, kLengths[depth - 1]);

function usualName(code, name, depth) {
  for (const [variant, usual] of kUsualEndings)
    if (name.endsWith(variant)) {
      name = name.slice(0, -variant.length) + usual;
      break;
    }
  for (let lowest = depth - 1; lowest > 1; --lowest) {
    let prefix = names.get(cut(code, lowest));
    for (let above = lowest - 1; above > 0; --above) {
      prefix = names.get(cut(code, above)) + prefix;
      if (name.length > prefix.length && name.startsWith(prefix)) return name.slice(prefix.length);
    }
  }
  return name;
}

const rows = lines
  .slice(1)
  .map((line) => line.split(","))
  .sort(([a], [b]) => (a < b ? -1 : 1)) // padded codes: parents first
  .map(([code, officialName, depthText]) => {
    const depth = Number(depthText);
    const name = usualName(code, officialName.trim(), depth);
    names.set(cut(code, depth), name);
    const hasDesk = kDeskEndings.some((ending) => officialName.trim().endsWith(ending));
    const level = depth === 4 && !hasDesk ? "level_4_other" : kLevels[depth - 1];
    return [cut(code, depth), name, level];
  });
rows.sort(([a], [b]) => (a < b ? -1 : 1));
process.stdout.write(`code,name,level\n${rows.map((row) => row.join(",")).join("\n")}\n`);
