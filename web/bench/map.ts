import { createApp, h } from 'vue'
import '../src/kit/tokens.css'
import '../src/kit/base.css'
import TerritoryMap, { type Mark, type Shape } from '../src/map/TerritoryMap.vue'

// The map of a large city out of one seed: grids side by side, points inside them.
const grids = 3438
const points = 20_000
let state = 7
function random(): number {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
  return state / 2_147_483_648
}
const columns = Math.ceil(Math.sqrt(grids))
const side = 0.004
const corner = (x: number, y: number) => [105 + x * side, 36 + y * side]
const shapes: Shape[] = Array.from({ length: grids }, (_, at) => {
  const [x, y] = [at % columns, Math.floor(at / columns)]
  // Twenty points a ring, as surveyed ones have.
  const ring = [[0, 0], [1, 0], [1, 1], [0, 1]].flatMap(([east, north], edge, all) => {
    const [toEast, toNorth] = all[(edge + 1) % 4]!
    return Array.from({ length: 5 }, (__, step) => corner(x + east! + ((toEast! - east!) * step) / 5, y + north! + ((toNorth! - north!) * step) / 5))
  })
  return { id: String(at), label: `网格 ${at}`, value: Math.floor(random() * 8), geometry: { type: 'Polygon', coordinates: [[...ring, ring[0]!]] } }
})
// A hundred lamps: two red, one listed, six due soon, the rest on time or not begun.
const lamps = Array.from({ length: 100 }, (_, at) => (at < 2 ? 'red' : at < 3 ? 'violet' : at < 9 ? 'yellow' : at < 80 ? 'green' : 'grey'))
const marks: Mark[] = Array.from({ length: points }, (_, at) => {
  const [lon, lat] = corner(random() * columns, random() * columns)
  return { id: `m${at}`, lamp: lamps[Math.floor(random() * 100)]!, lon: lon!, lat: lat! }
})
createApp({ render: () => h(TerritoryMap, { label: 'map', shapes, marks, style: 'position:fixed;inset:0' }) }).mount('#app')
