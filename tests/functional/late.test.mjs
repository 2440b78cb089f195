// What was done without a net counts from when it was done, by the server's own signed word; the
// word holds over a restart of the server, and so does the key of what lies on a phone.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openDemo, pointIn, serve } from './office.mjs'

let office
before(async () => (office = await openDemo()))
after(() => office?.stop())

test('a beat of before a restart dates what arrives late; one of somebody else dates nothing', async () => {
  const desk = await office.person('desk_222401002001')
  const other = await office.person('centre_1')
  const beat = (await desk.get('/me')).headers.get('gewu-beat')
  const others = (await other.get('/me')).headers.get('gewu-beat')
  assert.ok(beat && others && beat !== others)
  assert.equal((await office.resident().get('/types')).headers.get('gewu-beat'), null)
  const keyOf = async (person) => (await person.get('/account/device-key')).json
  const key = await keyOf(desk)
  assert.equal(key.account, desk.me.account.id)
  assert.match(key.key, /^[0-9a-f]{64}$/)
  assert.notEqual(key.key, (await keyOf(other)).key)
  assert.equal((await office.resident().get('/account/device-key')).status, 401)

  const ended = new Promise((done) => office.child.once('exit', done))
  office.child.kill('SIGTERM')
  await ended
  office = await serve(office.folder, office.printed)
  desk.office = office
  assert.deepEqual(await keyOf(desk), key, 'what a phone sealed opens after a restart')
  const heard = Number(beat.split('.')[0])
  const { lon, lat } = await pointIn(desk, '222401002')
  const submit = (headers) => desk.post('/matters', { type: 'appeal', values: { text: '井盖响。', place: { lon, lat, address: '路口' } } }, headers)
  const opening = async (reply) => {
    assert.equal(reply.status, 201, reply.text)
    return (await desk.get(`/matters/${reply.json.id}/timeline`)).json.events[0]
  }
  const late = await opening(await submit({ 'gewu-beat': beat, 'gewu-since': '5' }))
  assert.equal(late.late_arrival, true)
  assert.equal(Date.parse(late.sent), heard + 5)
  assert.ok(!(await opening(await submit({ 'gewu-beat': others, 'gewu-since': '5' }))).late_arrival)
  assert.ok(!(await opening(await submit({ 'gewu-beat': `${beat}0`, 'gewu-since': '5' }))).late_arrival)
  assert.ok(!(await opening(await submit({}))).late_arrival)
  const refused = await submit({ 'gewu-beat': beat, 'gewu-since': 'yesterday' })
  assert.equal(refused.status, 400)
  assert.equal(refused.key, 'beat.since')
})
