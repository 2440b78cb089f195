// Publishing a bundle of definitions from the web: what is wrong with it by file and line, what it
// would change, and that it takes two to put it to work.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { bring, openDemo, settle, submitAppeal } from './office.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const password = 'a long enough password'
let office, first, second, folder
before(async () => {
  office = await openDemo()
  for (const login of ['admin_one', 'admin_two']) office.addAdministrator(login, password)
  first = await office.person('admin_one', password)
  second = await office.person('admin_two', password)
  folder = mkdtempSync(join(tmpdir(), 'gewu-bundle-'))
  for (const part of ['systems', 'localities']) cpSync(join(root, part), join(folder, 'bundle', part), { recursive: true })
})
after(async () => {
  await office.stop()
  rmSync(folder, { recursive: true, force: true })
})
const path = (file) => join(folder, 'bundle', file)
const edit = (file, change) => writeFileSync(path(file), change(readFileSync(path(file), 'utf8')))
function zip() {
  rmSync(join(folder, 'bundle.zip'), { force: true })
  execFileSync('python3', ['-m', 'zipfile', '-c', join(folder, 'bundle.zip'), join(folder, 'bundle')])
  return readFileSync(join(folder, 'bundle.zip'))
}
const check = async (person, body) => settle(person, await person.post('/publication/check', body))

test('what is at work says nothing new; what is wrong is told by file and line', async () => {
  const same = await check(first, { upload: await bring(first, zip()) })
  assert.equal(same.state, 'done', JSON.stringify(same.refusal))
  assert.deepEqual([same.answer.faults, same.answer.published, same.answer.types], [[], [], []])
  const upload = await bring(first, zip())
  const nothing = await settle(first, await first.post('/publication/propose', { upload, sha256: same.answer.sha256 }))
  assert.equal(nothing.refusal.key, 'publication.nothing')

  const file = 'systems/appeals/appeal.yaml'
  const whole = readFileSync(path(file), 'utf8')
  edit(file, (text) => text.replace('type: appeal\n', 'type: appeal\nnonsense: 1\n'))
  const wrong = (await check(first, { upload: await bring(first, zip()) })).answer
  const fault = wrong.faults.find(({ key }) => key === 'definition.unknown_key')
  assert.deepEqual([fault.file, fault.line], [file, String(whole.split('\n').indexOf('type: appeal') + 2)])
  assert.deepEqual([wrong.published, wrong.types], [[], []])
  const refused = await settle(first, await first.post('/publication/propose', { upload: await bring(first, zip()), sha256: wrong.sha256 }))
  assert.equal(refused.refusal.key, 'publish.errors')
  writeFileSync(path(file), `${whole}\n  \tbad: [`)
  assert.ok((await check(first, { upload: await bring(first, zip()) })).answer.faults.every(({ key, file: of }) => key.startsWith('definition.yaml') && of === file))
  writeFileSync(path(file), whole)
  for (const [bytes, key] of [['no zip', 'bundle.form'], [Buffer.from('504b0506000000000000000000000000000000000000', 'hex'), 'bundle.empty']])
    assert.equal((await first.post('/publication/check', { upload: await bring(first, bytes) })).key, key)
})

test('one proposes, another one sees the same and puts it to work; the matters move', async () => {
  const { id } = await submitAppeal(office)
  const centre = await office.person('centre_1')
  assert.equal((await centre.act(id, 'accept', { category: 'lighting' })).status, 200)
  const version = Number(/^version: (\d+)$/m.exec(readFileSync(path('systems/appeals/appeal.yaml'), 'utf8'))[1])
  edit('systems/appeals/appeal.yaml', (text) => text.replace(/^version: \d+$/m, `version: ${version + 1}`).replace(/(promise:[^]*?within: )\S.*/, '$11 day_working'))
  writeFileSync(path(`systems/appeals/appeal.${version}.migrate.yaml`), `migrate: appeal\nfrom: ${version}\nto: ${version + 1}\nclocks: {promise: recompute}\n`)
  // Scenarios that came in the archive say otherwise than the new promise: each is named.
  const contradicted = (await check(first, { upload: await bring(first, zip()) })).answer
  assert.ok(contradicted.faults.length > 0)
  for (const fault of contradicted.faults) {
    assert.deepEqual([fault.key, Object.keys(fault.details).sort()], ['scenario.failed', ['actual', 'expected', 'scenario']])
    assert.match(`${fault.file}:${fault.line}`, /\.scenario:\d+$/)
  }
  assert.deepEqual(contradicted.published, [])
  const refused = await settle(first, await first.post('/publication/propose', { upload: await bring(first, zip()), sha256: contradicted.sha256 }))
  assert.equal(refused.refusal.key, 'publish.errors')
  assert.deepEqual((await first.get('/publication')).json, {})
  // A bundle without scenarios is judged by the checker alone.
  for (const file of readdirSync(join(folder, 'bundle'), { recursive: true })) if (file.endsWith('.scenario')) rmSync(path(file))
  const upload = await bring(first, zip())
  const { answer: judged, refusal } = await check(first, { upload })
  assert.deepEqual(judged?.faults, [], JSON.stringify(refusal))
  assert.ok(judged.published.includes('yanji'))
  const change = judged.types.find(({ locality, type }) => locality === 'yanji' && type === 'appeal')
  assert.match(change.before, new RegExp(`^version: ${version}$`, 'm'))
  assert.match(change.after, new RegExp(`^version: ${version + 1}  # systems/appeals/appeal\\.yaml:\\d+$`, 'm'))
  const would = judged.moves.filter(({ type }) => type === 'appeal').reduce((sum, { matters }) => sum + matters, 0)
  assert.ok(would >= 1)

  assert.deepEqual((await second.get('/publication')).json, {})
  assert.equal((await first.post('/publication/confirm', { sha256: judged.sha256 })).status, 202)
  assert.equal((await first.post('/publication/propose', { upload, sha256: 'another' })).key, 'publication.stale')
  const proposed = await settle(first, await first.post('/publication/propose', { upload, sha256: judged.sha256 }))
  assert.equal(proposed.state, 'done', JSON.stringify(proposed.refusal))
  assert.deepEqual([(await first.get('/publication')).json.proposed.mine, (await second.get('/publication')).json.proposed.mine], [true, false])
  const own = await settle(first, await first.post('/publication/confirm', { sha256: judged.sha256 }))
  assert.equal(own.refusal.key, 'publication.second_person')
  const other = await settle(second, await second.post('/publication/confirm', { sha256: 'another' }))
  assert.equal(other.refusal.key, 'publication.stale')
  assert.deepEqual((await check(second, {})).answer.types, judged.types)
  const done = await settle(second, await second.post('/publication/confirm', { sha256: judged.sha256 }))
  assert.equal(done.state, 'done', JSON.stringify(done.refusal))
  assert.ok(done.answer.published.includes('yanji'))
  assert.ok(done.answer.moved >= 1, String(done.answer.moved))
  assert.deepEqual((await first.get('/publication')).json, {})
  const at = (await first.get('/definitions')).json.localities.find(({ name }) => name === 'yanji').types.find(({ name }) => name === 'appeal')
  assert.equal(at.version, version + 1)
  const log = (await first.get('/audit/log?event=publish')).json.lines
  assert.ok(log.some(({ success }) => success) && log.some(({ key }) => key === 'publication.second_person'), JSON.stringify(log))
})

test('it can be withdrawn, and nobody else sees any of it', async () => {
  edit('systems/appeals/appeal.yaml', (text) => text.replace(/^(label: \{zh: )([^,]+)/m, '$1$2（改）'))
  const upload = await bring(first, zip())
  const { answer } = await check(first, { upload })
  assert.deepEqual(answer.faults, [])
  await settle(first, await first.post('/publication/propose', { upload, sha256: answer.sha256 }))
  assert.equal((await second.post('/publication/withdraw', { sha256: 'another' })).key, 'publication.stale')
  assert.equal((await second.post('/publication/withdraw', { sha256: answer.sha256 })).status, 204)
  assert.equal((await second.post('/publication/withdraw', { sha256: answer.sha256 })).key, 'publication.none')
  assert.equal((await second.post('/publication/check', {})).key, 'publication.none')
  const centre = await office.person('centre_1')
  assert.equal((await centre.get('/publication')).key, 'account.administer')
  for (const door of ['check', 'propose', 'withdraw', 'confirm']) assert.equal((await centre.post(`/publication/${door}`, {})).key, 'account.administer')
})
