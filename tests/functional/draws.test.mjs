// What is drawn by lot, over the real executable: rounds of a demonstration that were over before it
// was served are drawn by its first root, once, and anybody draws them again.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { gewu, openDemo, serve } from './office.mjs'

const patienceMs = 60_000
let office
before(async () => (office = await openDemo()))
after(() => office?.stop())

async function read(before) {
  const reply = await office.resident().get(`/public/draws${before ? `?before=${before}` : ''}`)
  assert.equal(reply.status, 200, reply.text)
  return reply
}
/** All draws, when as many as a moment ago are there. */
async function settled() {
  let last = -1
  for (const until = Date.now() + patienceMs; Date.now() < until; await wait(1_500)) {
    const { draws } = (await read()).json
    if (draws.length > 0 && draws.length === last) return draws
    last = draws.length
  }
  throw new Error('nothing is drawn')
}
const rechecks = async (person) => {
  const reply = await person.get('/matters?of=territory&type=recheck&rows=50')
  assert.equal(reply.status, 200, reply.text)
  return reply.json.rows
}

test('each round is drawn by a root that everybody may read, and small numbers are withheld', async () => {
  const draws = await settled()
  for (const draw of draws) {
    assert.equal(draw.name, 'appeal.recheck')
    assert.match(draw.seed, /^[0-9a-f]{64}$/)
    assert.ok(draw.root >= 1)
    assert.equal(draw.candidates === undefined, draw.drawn === undefined)
    assert.equal(draw.candidates === undefined, draw.digest === undefined)
    if (draw.candidates === undefined) continue
    assert.ok(draw.candidates >= 5)
    assert.equal(draw.drawn, Math.max(Math.ceil((draw.candidates * draw.share) / 100), draw.least))
  }
  assert.ok(draws.some(({ candidates }) => candidates), 'the demonstration has a street with enough')
  // The seed is the hash of a root that is open to all.
  const root = (await office.resident().get(`/roots/${draws[0].root}`)).json
  assert.equal(root.root.number, draws[0].root)
  assert.equal(root.hash, draws[0].seed)
  assert.equal((await office.resident().get('/public/draws?before=yesterday')).status, 400)
  assert.deepEqual((await read('2020-01-01')).json.draws, [])
})

test('the level above has what was drawn, the street has not', async () => {
  const centre = await office.person('centre_1')
  const drawn = await rechecks(centre)
  assert.ok(drawn.length > 0)
  const caller = await office.person('caller_beishan_street')
  assert.equal((await rechecks(caller)).length, 0)
  const { id } = drawn[0]
  assert.equal((await caller.get(`/matters/${id}`)).status, 404)
  assert.equal((await caller.act(id, 'call', { reached: true })).status, 404)
  const called = await centre.act(id, 'call', { reached: true })
  assert.equal(called.status, 200, called.text)
})

test('a restart draws nothing twice, and whoever holds an export draws the same', async () => {
  const before = await settled()
  const ended = new Promise((done) => office.child.once('exit', done))
  office.child.kill('SIGTERM')
  await ended
  assert.match(gewu(['check', '--data', office.data]), / 0 differences/)
  const folder = join(office.folder, 'exported')
  gewu(['export', 'journal', folder, '--data', office.data])
  assert.match(gewu(['verify', folder]), / 0 differences/)
  const audit = gewu(['audit', '--data', office.data, '--period', String(new Date().getUTCFullYear())])
  assert.match(audit, /draw_late/, 'rounds of before the first root are told as late')
  office = await serve(office.folder, office.printed)
  await wait(3_000)
  assert.deepEqual(await settled(), before)
})
