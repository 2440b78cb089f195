// Whose data it is: what is kept of somebody, what for and how long, and that it ends: by his own
// word, by time, and in every backup.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gewu, openDemo, serve, submitAppeal, until } from './office.mjs'

let office
before(async () => (office = await openDemo()))
after(() => office?.stop())

const words = '三号楼二单元张桂兰家的污水'
const filesIn = (folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile())
const inFiles = (folder, text) => filesIn(folder).some((path) => readFileSync(path).includes(text))
const act = (person, receipt, action, values = {}) => person.post(`/receipts/${receipt}/actions`, { action, values })

test('a resident fetches everything that is kept of him, and what for', async () => {
  const { receipt } = await submitAppeal(office, { text: words })
  const resident = office.resident()
  assert.equal((await act(resident, receipt, 'note', { text: '请白天来电' })).status, 200)
  const reply = await resident.get(`/receipts/${receipt}/data`)
  assert.equal(reply.status, 200, reply.text)
  assert.match(reply.headers.get('content-disposition'), /^attachment; filename="matter-\d+\.json"$/)
  assert.equal(reply.headers.get('cache-control'), 'no-store')
  const kept = Object.fromEntries(reply.json.kept.map((one) => [one.field ?? 'notes', one]))
  assert.equal(kept.contact.purpose, 'contact')
  assert.equal(kept.contact.kept_for, '180 day_natural')
  assert.equal(kept.contact.kept_until, undefined, 'it is still open')
  assert.equal(kept.text.purpose, 'handling')
  assert.equal(kept.text.purpose_label.zh, '办理本事项')
  assert.equal(kept.notes.kept_for, '5 year')
  assert.equal(reply.json.may_erase, false)
  assert.ok(reply.text.includes('13812341234') && reply.text.includes(words) && reply.text.includes('请白天来电'))
  const centre = await office.person('centre_1')
  assert.equal((await centre.get(`/receipts/${receipt.replace(/^./, (c) => (c === '7' ? '8' : '7'))}/data`)).status, 400)
})

test('who has an account fetches his own, and nothing that he entered for others', async () => {
  const desk = await office.person('dispatcher_beishan_street')
  const reply = await desk.get('/me/data')
  assert.equal(reply.status, 200, reply.text)
  assert.equal(reply.json.account.login, 'dispatcher_beishan_street')
  assert.ok(reply.json.posts.length > 0)
  assert.equal((await office.resident().get('/me/data')).status, 401)
  assert.equal((await desk.get('/me/data?before=x')).key, 'data.before')
})

test('once it is final he has it erased: no file, no search, no backup brings it back', async () => {
  const centre = await office.person('centre_1')
  const { id, receipt } = await submitAppeal(office, { text: words })
  const resident = office.resident()
  await act(resident, receipt, 'note', { text: '张桂兰，白天在家' })
  const backup = join(office.folder, 'backup')
  const early = await act(resident, receipt, 'erase')
  assert.equal(early.status, 409)
  assert.equal(early.key, 'appeal.erase.from')
  assert.equal((await act(resident, receipt, 'withdraw')).json.final, true)
  assert.equal((await centre.act(id, 'erase')).key, 'appeal.erase.by')
  const printed = gewu(['backup', backup, '--data', office.data])
  assert.match(printed, /can be opened for 30 days/)
  assert.ok(inFiles(office.data, '张桂兰'), 'it lies in the snapshot until then')

  const erased = await act(resident, receipt, 'erase')
  assert.equal(erased.status, 200, erased.text)
  const own = await resident.get(`/receipts/${receipt}/data`)
  assert.equal(own.json.may_erase, false)
  assert.ok(own.json.kept.every((one) => one.erased), own.text)
  assert.ok(!own.text.includes('张桂兰') && !own.text.includes('13812341234'))
  assert.ok(own.json.timeline.events.some(({ action }) => action === 'erase'), 'it is an event')
  const log = readFileSync(join(`${office.data}.keys`, 'erased.log'), 'utf8')
  assert.match(log, new RegExp(`^${id} \\d+ \\S+ appeal\\.erase\\.author$`, 'm'))
  const found = await centre.get(`/search?q=${encodeURIComponent('张桂兰')}&of=matters`)
  assert.ok(!found.json.matters.some((row) => row.id === id))
  const late = await act(resident, receipt, 'note', { text: '再说一句' })
  assert.equal(late.key, 'vault.key.erased')

  // The chain and every row agree, and the old backup, restored, is cleared before it is served.
  assert.match(gewu(['check', '--data', office.data]), / 0 differences/)
  const place = join(office.folder, 'restored')
  const restored = join(place, 'office')
  const told = gewu(['restore', backup, '--data', restored, '--keys', `${office.data}.keys`])
  assert.match(told, /[1-9]\d* matters cleared/)
  assert.match(gewu(['check', '--data', restored, '--keys', `${office.data}.keys`]), / 0 differences/)
  for (const folder of [restored, backup]) assert.ok(!inFiles(folder, '张桂兰白天'), folder)
  const again = await serve(place, office.printed, ['--keys', `${office.data}.keys`])
  try {
    const there = await again.resident().get(`/receipts/${receipt}/data`)
    assert.equal(there.status, 200, there.text)
    assert.ok(!there.text.includes('13812341234') && !there.text.includes('污水'), 'erased in the restored office')
  } finally {
    again.child.kill('SIGTERM')
    await new Promise((done) => again.child.once('exit', done))
  }
})

test('no backup of keys outlives its days', async () => {
  const backup = join(office.folder, 'old-backup')
  gewu(['backup', backup, '--data', office.data])
  const keys = join(`${office.data}.keys`, 'backups')
  const id = readdirSync(join(backup, 'keys'))[0].replace('.sealed', '')
  const day = 86_400_000
  // As if it had been made so long ago; the name says when.
  const older = `${Date.now() - 31 * day}-${id.split('-')[1]}`
  writeFileSync(join(keys, `${older}.key`), readFileSync(join(keys, `${id}.key`)), { mode: 0o600 })
  writeFileSync(join(backup, 'keys', `${older}.sealed`), readFileSync(join(backup, 'keys', `${id}.sealed`)))
  rmSync(join(keys, `${id}.key`))
  rmSync(join(backup, 'keys', `${id}.sealed`))
  assert.match(gewu(['keys', 'retire', '--data', office.data]), /^1 keys older than 30 days destroyed/)
  assert.throws(() => gewu(['restore', backup, '--data', join(office.folder, 'never'), '--keys', `${office.data}.keys`]), /restore\.keys_expired|到期|expired|destroyed/)
})
