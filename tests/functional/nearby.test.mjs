// "Me too": what anybody learns of open matters near a point, and the receipt of who joins one.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { openDemo, pointIn, randomUUID } from './office.mjs'

let office, centre, resident, place
const nearby = async (who, at) => (await who.get(`/matters/nearby?type=appeal&lon=${at.lon}&lat=${at.lat}`)).json.matters
async function report(address) {
  const reply = await office.resident().post('/matters', {
    type: 'appeal', values: { text: '只有我知道的话', place: { lon: place.lon, lat: place.lat, address } },
  })
  assert.equal(reply.status, 201, reply.text)
  return reply.json
}
const accept = async ({ id }, category) => assert.equal((await centre.act(id, 'accept', { category })).status, 200)

before(async () => {
  office = await openDemo()
  resident = office.resident()
  centre = await office.person('centre_1')
  place = await pointIn(resident, '222401002')
})
after(() => office?.stop())

test('a public thing is told of by its category, a private one never, and no words of anybody', async () => {
  const known = new Set((await nearby(resident, place)).map(({ id }) => id))
  const lamp = await report('明月胡同9号'), home = await report('明月胡同9号')
  await accept(lamp, 'lighting')
  await accept(home, 'housing')
  const reply = await resident.get(`/matters/nearby?type=appeal&lon=${place.lon}&lat=${place.lat}`)
  assert.equal(reply.status, 200)
  assert.doesNotMatch(reply.text, /只有我知道|明月胡同/)
  const found = reply.json.matters.filter(({ id }) => !known.has(id))
  assert.deepEqual(found.map(({ id }) => id), [lamp.id])
  const [one] = found
  assert.equal(one.what.zh, '路灯照明')
  assert.equal(one.metres, 0)
  assert.match(one.day, /^\d{4}-\d\d-\d\d$/)
  assert.deepEqual({ ...one.join, label: undefined }, { type: 'echo', action: 'join', field: 'about', label: undefined })
  // The matter itself says no more, its timeline neither.
  for (const path of [`/matters/${lamp.id}`, `/matters/${lamp.id}/timeline`]) {
    const open = await resident.get(path)
    assert.equal(open.status, 200, path)
    assert.doesNotMatch(open.text, /只有我知道|明月胡同|"text"|contact/)
    assert.ok(!open.text.includes(String(place.lon)), path)
  }
  assert.equal((await resident.get(`/matters/${home.id}`)).status, 404)
})

test('who joins is counted at the desk; once a device; the receipt follows and opens nothing else', async () => {
  const lamp = await report('明月胡同9号')
  await accept(lamp, 'lighting')
  const body = { type: 'echo', action: 'join', values: { about: lamp.id } }
  const header = { 'gewu-request': randomUUID() }
  const first = await office.resident().post('/matters', body, header)
  assert.equal(first.status, 201, first.text)
  const again = await office.resident().post('/matters', body, header)
  assert.equal(again.json.id, first.json.id)
  assert.notEqual(again.json.receipt, first.json.receipt)
  assert.equal((await resident.get(`/receipts/${first.json.receipt}`)).status, 404)
  const follows = await resident.get(`/receipts/${again.json.receipt}`)
  assert.equal(follows.json.type, 'echo')
  const [about] = follows.json.links.flatMap(({ rows }) => rows)
  assert.equal(about.id, lamp.id)
  assert.equal(about.state, 'accepted')
  assert.doesNotMatch(follows.text, /只有我知道|明月胡同/)
  const seen = (await centre.get(`/matters/${lamp.id}`)).json
  assert.equal(seen.fields.find(({ name }) => name === 'echoed').value, '1')
  await office.resident().post(`/receipts/${lamp.receipt}/actions`, { action: 'withdraw', values: {} })
  assert.equal((await resident.get(`/receipts/${again.json.receipt}`)).json.state, 'answered')
})

test('what is asked wrongly is refused with a key', async () => {
  for (const [query, status, key] of [
    ['type=appeal', 400, 'territory.point'],
    ['type=appeal&lon=181&lat=1', 400, 'territory.point'],
    ['type=appeal&lon=1&lat=91', 400, 'territory.point'],
    [`type=nothing&lon=${place.lon}&lat=${place.lat}`, 404, 'not_found'],
  ]) {
    const reply = await resident.get(`/matters/nearby?${query}`)
    assert.deepEqual([reply.status, reply.key], [status, key], query)
  }
  assert.deepEqual(await nearby(resident, { lon: 0, lat: 0 }), [])
})
