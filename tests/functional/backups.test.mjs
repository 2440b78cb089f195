// Backups that an administrator lets be made from the web, in the folder that the server was given;
// restoring is the command line's, and what was made here can be restored.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { executable, gewu, openDemo, openDemoWith, settle } from './office.mjs'

const password = 'a long enough password'
let office, admin, folder
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gewu-backups-'))
  office = await openDemoWith(['--backups', join(folder, 'shelf')])
  office.addAdministrator('admin_one', password)
  admin = await office.person('admin_one', password)
})
after(async () => {
  await office?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('one is made, verified and listed; what was cut off is told; it can be restored', async () => {
  assert.deepEqual((await admin.get('/office/backups')).json, { set_up: true, backups: [] })
  const made = await settle(admin, await admin.post('/office/backups'))
  assert.equal(made.state, 'done', JSON.stringify(made.refusal))
  const { backups: [one, ...others] } = (await admin.get('/office/backups')).json
  assert.deepEqual(others, [])
  assert.deepEqual([one.verified, one.whole, one.can_open], [true, true, true])
  const place = join(folder, 'shelf', one.name)
  assert.ok(one.bytes >= statSync(join(place, 'office.sealed')).size)
  assert.deepEqual(readdirSync(join(folder, 'shelf')), [one.name])
  assert.ok(!existsSync(join(office.data, 'backup.part')), 'nothing in clear is left')
  assert.ok(Math.abs(Date.parse((await admin.get('/office')).json.backed_up_at) - Date.now()) < 60_000)
  assert.ok((await admin.get('/audit/log?event=backup')).json.lines.some(({ success }) => success))

  // Restored elsewhere, with the key of this office.
  const other = join(folder, 'restored', 'office')
  cpSync(`${office.data}.keys`, `${other}.keys`, { recursive: true })
  gewu(['restore', place, '--data', other])
  assert.match(gewu(['check', '--data', other]), / 0 differences/)

  rmSync(join(place, 'keys'), { recursive: true })
  truncateSync(join(place, 'office.sealed'), 1000)
  const { backups: [cut] } = (await admin.get('/office/backups')).json
  assert.deepEqual([cut.whole, cut.can_open], [false, false])
})

test('one at a time: beside another one it is refused, and what is being made stays whole', async () => {
  const beside = join(folder, 'beside')
  const held = spawnSync('flock', [`${office.data}.keys/backup.lock`, executable, 'backup', beside, '--data', office.data], { encoding: 'utf8' })
  assert.notEqual(held.status, 0)
  assert.match(held.stderr, / backup\.busy: /)
  assert.ok(!existsSync(beside), 'nothing was begun')
  gewu(['backup', beside, '--data', office.data])
  assert.ok(existsSync(join(beside, 'office.sealed')))
})

test('nobody else, and not where no folder is set up', async () => {
  const centre = await office.person('centre_1')
  assert.equal((await centre.get('/office/backups')).key, 'account.administer')
  assert.equal((await centre.post('/office/backups')).key, 'account.administer')
  const bare = await openDemo()
  try {
    bare.addAdministrator('admin_one', password)
    const person = await bare.person('admin_one', password)
    assert.deepEqual((await person.get('/office/backups')).json, { set_up: false, backups: [] })
    assert.equal((await person.post('/office/backups')).key, 'backup.not_set_up')
  } finally {
    await bare.stop()
  }
})
