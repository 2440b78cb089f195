// Draws a made-up town plan: grids, communities, subdistricts and buildings.
//
//   node localities/tools/draw_grids.mjs
//
// Reads the communities of the six subdistricts from localities/jilin/territory.csv and writes
// territory_grids.csv, grids.geojson, areas.geojson (communities and subdistricts) and
// buildings.geojson into localities/yanji. Nothing in them was surveyed or copied from a map: the
// streets are a turned lattice with jittered corners around invented street centres, so every
// feature says `drawn: true`. The same script gives the same bytes.
//
// A grid is one block of the lattice. Corners and bends of streets are computed once and shared by
// the blocks on both sides, so that there are no gaps and no overlaps. Communities are runs of 4
// to 9 blocks through strips two blocks deep, subdistricts rectangles of strips.
import { readFileSync, writeFileSync } from "node:fs";

const kCentre = { lon: 129.5, lat: 42.9 };
const kBlock = { eastM: 260, northM: 235 };
const kTurn = (9 * Math.PI) / 180;
const kColumns = 21;
const kRows = 22;
// Subdistrict code → its rectangle of blocks; columns from the west, rows from the south.
const kPlan = [
  { code: "222401001", west: 0, south: 12, wide: 8, high: 10 },
  { code: "222401002", west: 8, south: 12, wide: 7, high: 10 },
  { code: "222401003", west: 15, south: 12, wide: 6, high: 10 },
  { code: "222401004", west: 0, south: 0, wide: 8, high: 12 },
  { code: "222401005", west: 8, south: 0, wide: 6, high: 12 },
  { code: "222401006", west: 14, south: 0, wide: 7, high: 12 },
];
// The scenarios name the seventh grid of this community.
const kLeastGrids = { 222401002001: 7 };
const kGridsMin = 4;
const kGridsMax = 9;
const kBuildingsMax = 5;

/** mulberry32: small, even enough for a drawing, the same everywhere. */
function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
const random = seeded(222401);
const jitter = (most) => (random() * 2 - 1) * most;

/** Metres east and north of the centre → [lon, lat] with 5 decimals (about a metre). */
function toDegrees(eastM, northM) {
  const east = eastM * Math.cos(kTurn) - northM * Math.sin(kTurn);
  const north = eastM * Math.sin(kTurn) + northM * Math.cos(kTurn);
  const perDegree = 111195;
  const lon = kCentre.lon + east / (perDegree * Math.cos((kCentre.lat * Math.PI) / 180));
  return [round(lon), round(kCentre.lat + north / perDegree)];
}
const round = (degrees) => Math.round(degrees * 1e5) / 1e5;

const cornersM = []; // [row][column] of metres
for (let row = 0; row <= kRows; ++row)
  cornersM.push(
    Array.from({ length: kColumns + 1 }, (_, column) => [
      (column - kColumns / 2) * kBlock.eastM + jitter(0.14 * kBlock.eastM),
      (row - kRows / 2) * kBlock.northM + jitter(0.14 * kBlock.northM),
    ]),
  );
const corners = cornersM.map((line) => line.map(([east, north]) => toDegrees(east, north)));

/** The bend in the middle of a street between two corners, once for both its sides. */
const bends = new Map();
function bend(rowA, columnA, rowB, columnB) {
  const key = [rowA, columnA, rowB, columnB].join(" ");
  if (!bends.has(key)) {
    const a = cornersM[rowA][columnA];
    const b = cornersM[rowB][columnB];
    const offset = jitter(0.05);
    const east = (a[0] + b[0]) / 2 + offset * (b[1] - a[1]);
    const north = (a[1] + b[1]) / 2 + offset * (a[0] - b[0]);
    bends.set(key, toDegrees(east, north));
  }
  return bends.get(key);
}

/** The ring of a block, counter-clockwise and closed. */
function blockRing(row, column) {
  const ring = [
    corners[row][column],
    bend(row, column, row, column + 1),
    corners[row][column + 1],
    bend(row, column + 1, row + 1, column + 1),
    corners[row + 1][column + 1],
    bend(row + 1, column, row + 1, column + 1),
    corners[row + 1][column],
    bend(row, column, row + 1, column),
  ];
  return [...ring, ring[0]];
}

/** A point inside a block, u eastwards and v northwards from 0 to 1, in metres. */
function insideM(row, column, u, v) {
  const [sw, se] = [cornersM[row][column], cornersM[row][column + 1]];
  const [nw, ne] = [cornersM[row + 1][column], cornersM[row + 1][column + 1]];
  return [0, 1].map(
    (i) => (1 - u) * (1 - v) * sw[i] + u * (1 - v) * se[i] + (1 - u) * v * nw[i] + u * v * ne[i],
  );
}

/** Blocks of a rectangle along strips two rows deep, turning at the ends: runs stay compact. */
function walk({ west, south, wide, high }) {
  const blocks = [];
  for (let strip = 0; strip < high / 2; ++strip)
    for (let step = 0; step < wide; ++step) {
      const column = west + (strip % 2 === 0 ? step : wide - 1 - step);
      const rows = [south + 2 * strip, south + 2 * strip + 1];
      if (step % 2 === 1) rows.reverse();
      for (const row of rows) blocks.push([row, column]);
    }
  return blocks;
}

/** How many grids each community gets: within bounds, all blocks given out. */
function shareOut(communities, total) {
  const counts = communities.map((community) => kLeastGrids[community.code] ?? kGridsMin);
  let left = total - counts.reduce((sum, count) => sum + count, 0);
  while (left > 0) {
    const at = Math.floor(random() * counts.length);
    if (counts[at] === kGridsMax) continue;
    ++counts[at];
    --left;
  }
  return counts;
}

/** The outline of blocks: edges that only one of them has, joined to one ring. */
function outline(rings) {
  const next = new Map();
  for (const ring of rings)
    for (let i = 0; i + 1 < ring.length; ++i) {
      const [from, to] = [ring[i].join(), ring[i + 1].join()];
      if (next.get(to)?.has(from)) {
        next.get(to).delete(from);
        if (next.get(to).size === 0) next.delete(to);
      } else {
        if (!next.has(from)) next.set(from, new Map());
        next.get(from).set(to, ring[i + 1]);
      }
    }
  const [start] = next.keys();
  const joined = [start.split(",").map(Number)];
  for (let at = start; next.size > 0; ) {
    const ways = next.get(at);
    if (ways === undefined || ways.size !== 1) throw new Error(`outline is not one ring at ${at}`);
    const [[to, point]] = ways;
    next.delete(at);
    joined.push(point);
    at = to;
  }
  return joined;
}

const table = readFileSync(new URL("../jilin/territory.csv", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => {
    const [code, name, level] = line.split(",");
    return { code, name, level };
  });

const grids = [];
const buildings = [];
const areas = [];
for (const plan of kPlan) {
  const communities = table.filter(
    (unit) => unit.level === "community" && unit.code.startsWith(plan.code),
  );
  const blocks = walk(plan);
  const counts = shareOut(communities, blocks.length);
  const subdistrictRings = [];
  communities.forEach((community, at) => {
    const rings = [];
    blocks.splice(0, counts[at]).forEach(([row, column], i) => {
      const number = i + 1;
      const grid = {
        code: community.code + String(number).padStart(3, "0"),
        name: `${community.name}第${number}网格`,
        ring: blockRing(row, column),
        centre: toDegrees(...insideM(row, column, 0.5, 0.5)),
      };
      grids.push(grid);
      rings.push(grid.ring);
      buildings.push(...drawBuildings(grid, row, column));
    });
    areas.push({ code: community.code, name: community.name, level: "community", ring: outline(rings) });
    subdistrictRings.push(...rings);
  });
  const { name } = table.find((unit) => unit.code === plan.code);
  areas.push({ code: plan.code, name, level: "subdistrict", ring: outline(subdistrictRings) });
}

/** Two to five houses in six places of a block, clear of the streets. */
function drawBuildings(grid, row, column) {
  const places = [0, 1, 2, 3, 4, 5];
  const count = 2 + Math.floor(random() * (kBuildingsMax - 1));
  return Array.from({ length: count }, (_, i) => {
    const [place] = places.splice(Math.floor(random() * places.length), 1);
    const u = 0.22 + 0.28 * (place % 3) + jitter(0.02);
    const v = 0.33 + 0.34 * Math.floor(place / 3) + jitter(0.02);
    const halfU = 0.07 + random() * 0.03;
    const halfV = 0.025 + random() * 0.015;
    const ring = [
      [u - halfU, v - halfV],
      [u + halfU, v - halfV],
      [u + halfU, v + halfV],
      [u - halfU, v + halfV],
    ].map(([x, y]) => toDegrees(...insideM(row, column, x, y)));
    return {
      code: grid.code + String(i + 1).padStart(3, "0"),
      name: `${i + 1}号楼`,
      ring: [...ring, ring[0]],
    };
  });
}

function write(name, text) {
  writeFileSync(new URL(`../yanji/${name}`, import.meta.url), text);
}

/** One feature a line: small to read, small to compare. */
function writeFeatures(name, units, properties) {
  const lines = units.map((unit) =>
    JSON.stringify({
      type: "Feature",
      properties: { ...properties(unit), drawn: true },
      geometry: { type: "Polygon", coordinates: [unit.ring] },
    }),
  );
  write(name, `{"type":"FeatureCollection","features":[\n${lines.join(",\n")}\n]}\n`);
}

areas.sort((a, b) => (a.code < b.code ? -1 : 1));
const named = ({ code, name }) => ({ code, name });
writeFeatures("grids.geojson", grids, named);
writeFeatures("buildings.geojson", buildings, named);
writeFeatures("areas.geojson", areas, ({ code, name, level }) => ({ code, name, level }));
write(
  "territory_grids.csv",
  `code,name,level,lon,lat,drawn\n${grids
    .map(({ code, name, centre: [lon, lat] }) => `${code},${name},grid,${lon},${lat},true`)
    .join("\n")}\n`,
);
