// Boundaries of grids over the wire: judged, stored since a day, refused to others.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { openDemo } from './office.mjs'

const unit = '222401002'
let office, admin
const shapes = async () => (await admin.get(`/territory/${unit}/grids.geojson`)).json.features
const collection = (features) => JSON.stringify({ type: 'FeatureCollection', features })
const today = new Date().toISOString().slice(0, 10)
const draw = (who, features, more = {}) => who.post(`/territory/${unit}/drawing`, { grids: collection(features), valid_from: '2026-01-01', ...more })
const named = ({ properties, geometry }) => ({ type: 'Feature', properties: { code: properties.code }, geometry: structuredClone(geometry) })

before(async () => {
  office = await openDemo()
  office.addAdministrator('drawer')
  admin = await office.person('drawer', office.password)
})
after(() => office?.stop())

test('a subdistrict is judged within a second, a shrunk grid leaves a hole and is stored', async () => {
  const grid = named((await shapes())[0])
  const [ring] = grid.geometry.coordinates
  const middle = [0, 1].map((axis) => ring.reduce((sum, point) => sum + point[axis], 0) / ring.length)
  grid.geometry.coordinates = [ring.map((point) => point.map((at, axis) => Number((at * 0.9 + middle[axis] * 0.1).toFixed(6))))]
  const begun = performance.now()
  const judged = await draw(admin, [grid], { preview: true })
  const took = performance.now() - begun
  assert.equal(judged.status, 200, judged.text)
  assert.deepEqual([judged.json.stored, judged.json.changed], [false, 1])
  assert.ok(took < 3_000, `${took} ms`)
  console.log(`# judged ${unit} in ${Math.round(took)} ms`)
  assert.deepEqual((await draw(admin, [grid], { version: judged.json.version + 1 })).key, 'territory.drawing.stale')
  const stored = await draw(admin, [grid], { version: judged.json.version, valid_from: today })
  assert.equal(stored.json.stored, true, stored.text)
  const now = (await shapes()).find(({ properties }) => properties.code === grid.properties.code)
  assert.deepEqual(now.geometry.coordinates, grid.geometry.coordinates)
})

test('what overlaps is shown and never stored; others and wrong forms are refused', async () => {
  const [one, two] = (await shapes()).map(named)
  const drawn = { ...one, geometry: two.geometry }
  const judged = await draw(admin, [drawn], { preview: true })
  assert.ok(judged.json.findings.some(({ kind, area_m2 }) => kind === 'overlap' && area_m2 > 1), judged.text)
  const saved = await draw(admin, [drawn], { version: judged.json.version, valid_from: today })
  assert.deepEqual([saved.status, saved.json.stored], [200, false])
  const centre = await office.person('centre_1')
  assert.deepEqual((await draw(centre, [one], { preview: true })).key, 'account.administer')
  assert.equal((await draw(office.resident(), [one], { preview: true })).status, 401)
  for (const [more, key] of [[{ datum: 'moon' }, 'territory.drawing.datum'], [{ valid_from: 'soon' }, 'territory.drawing.from']]) {
    assert.deepEqual((await draw(admin, [one], more)).key, key)
  }
})
