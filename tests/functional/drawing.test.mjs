// Boundaries of grids over the wire: judged, proposed by one, put to work by another, refused to others.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { openDemo, until } from './office.mjs'

const unit = '222401002'
let office, admin, second
const shapes = async () => (await admin.get(`/territory/${unit}/grids.geojson`)).json.features
const collection = (features) => JSON.stringify({ type: 'FeatureCollection', features })
const today = new Date().toISOString().slice(0, 10)
const draw = (who, verb, features, more = {}) => who.post(`/territory/${unit}/drawing/${verb}`, { grids: collection(features), valid_from: '2026-01-01', ...more })
const word = (who, verb, sha256) => who.post(`/territory/${unit}/drawing/${verb}`, { sha256 })
const shrunk = (grid) => {
  const [ring] = grid.geometry.coordinates
  const middle = [0, 1].map((axis) => ring.reduce((sum, point) => sum + point[axis], 0) / ring.length)
  const coordinates = [ring.map((point) => point.map((at, axis) => Number((at * 0.9 + middle[axis] * 0.1).toFixed(6))))]
  return { ...grid, geometry: { ...grid.geometry, coordinates } }
}
const named = ({ properties, geometry }) => ({ type: 'Feature', properties: { code: properties.code }, geometry: structuredClone(geometry) })

before(async () => {
  office = await openDemo()
  for (const login of ['drawer', 'second_drawer']) office.addAdministrator(login)
  admin = await office.person('drawer', office.password)
  second = await office.person('second_drawer', office.password)
})
after(() => office?.stop())

test('a subdistrict is judged within a second; a shrunk grid takes two persons, and the log names both', async () => {
  const standing = named((await shapes())[0])
  const grid = shrunk(standing)
  const begun = performance.now()
  const judged = await draw(admin, 'check', [grid])
  const took = performance.now() - begun
  assert.equal(judged.status, 200, judged.text)
  assert.deepEqual([judged.json.stored, judged.json.changed], [false, 1])
  assert.ok(took < 3_000, `${took} ms`)
  console.log(`# judged ${unit} in ${Math.round(took)} ms`)
  assert.equal((await draw(admin, 'propose', [grid], { version: judged.json.version + 1 })).key, 'territory.drawing.stale')
  const proposed = await draw(admin, 'propose', [grid], { version: judged.json.version, valid_from: today })
  assert.equal(proposed.json.stored, false, proposed.text)
  const { proposed: sha256 } = proposed.json
  const stands = async () => (await shapes()).find(({ properties }) => properties.code === grid.properties.code).geometry.coordinates
  assert.deepEqual(await stands(), standing.geometry.coordinates, 'nothing before the second word')

  const { drawings: [waiting, ...others] } = (await second.get('/drawings')).json
  assert.deepEqual(others, [])
  assert.deepEqual([waiting.sha256, waiting.unit.code, waiting.mine, waiting.stale, waiting.changed, waiting.from], [sha256, unit, false, false, 1, today])
  assert.equal((await admin.get('/drawings')).json.drawings[0].mine, true)
  assert.equal((await word(admin, 'confirm', sha256)).key, 'territory.drawing.second_person')
  assert.equal((await word(second, 'confirm', 'another')).key, 'territory.drawing.stale')
  const confirmed = await word(second, 'confirm', sha256)
  assert.equal(confirmed.json.stored, true, confirmed.text)
  assert.deepEqual(await stands(), grid.geometry.coordinates)
  assert.equal((await word(second, 'confirm', sha256)).key, 'territory.drawing.none')

  const line = async (event) => (await admin.get(`/audit/log?event=${event}&success=true`)).json.lines[0]
  const subject = `${unit} ${sha256.slice(0, 12)}`
  const by = async (event) => { const { login, subject: of } = await line(event); return [login, of] }
  assert.deepEqual(await by('drawing_propose'), ['drawer', subject])
  assert.deepEqual(await by('drawing'), ['second_drawer', `${subject} drawer`])
})

test('a proposal is withdrawn, and nobody confirms it', async () => {
  const grid = shrunk(named((await shapes())[1]))
  const { version } = (await draw(admin, 'check', [grid])).json
  const { proposed: sha256 } = (await draw(admin, 'propose', [grid], { version, valid_from: today })).json
  assert.equal((await word(second, 'withdraw', sha256)).status, 204)
  assert.equal((await word(second, 'confirm', sha256)).key, 'territory.drawing.none')
  assert.deepEqual((await admin.get('/drawings')).json.drawings, [])
  assert.equal((await admin.get('/audit/log?event=drawing_withdraw')).json.lines[0].login, 'second_drawer')
})

test('what overlaps is shown and never stored; others and wrong forms are refused', async () => {
  const [one, two] = (await shapes()).map(named)
  const drawn = { ...one, geometry: two.geometry }
  const judged = await draw(admin, 'check', [drawn])
  assert.ok(judged.json.findings.some(({ kind, area_m2 }) => kind === 'overlap' && area_m2 > 1), judged.text)
  const barred = await draw(admin, 'propose', [drawn], { version: judged.json.version, valid_from: today })
  assert.deepEqual([barred.status, barred.json.stored, barred.json.proposed], [200, false, undefined])
  // Refusals wait for their second.
  await until(async () => (await admin.get('/audit/log?event=drawing_propose&success=false')).json.lines.some(({ key }) => key === 'territory.drawing.barred'))
  // A neighbour outside the subdistrict is a neighbour too.
  const { json: beside } = await admin.get('/territory/222401003/grids.geojson')
  const far = await draw(admin, 'check', [{ ...one, geometry: beside.features[0].geometry }])
  assert.ok(far.json.findings.some(({ kind, code, other }) => kind === 'overlap' && [code, other].includes(beside.features[0].properties.code)), far.text)
  const centre = await office.person('centre_1')
  assert.deepEqual((await draw(centre, 'check', [one])).key, 'account.administer')
  for (const verb of ['confirm', 'withdraw']) assert.equal((await word(centre, verb, 'any')).key, 'account.administer')
  assert.equal((await centre.get('/drawings')).key, 'account.administer')
  assert.equal((await draw(office.resident(), 'check', [one])).status, 401)
  for (const [more, key] of [[{ datum: 'moon' }, 'territory.drawing.datum'], [{ valid_from: 'soon' }, 'territory.drawing.from']]) {
    assert.deepEqual((await draw(admin, 'check', [one], more)).key, key)
  }
})
