// A changed definition over an office at work: what a dry run tells, what a publishing moves, with a
// server beside it, and when it is killed half-way.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { executable, openDemo, submitAppeal, until } from './office.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
let office, definitions, ended
before(async () => {
  office = await openDemo()
  definitions = mkdtempSync(join(tmpdir(), 'gewu-definitions-'))
  for (const folder of ['systems', 'localities']) cpSync(join(root, folder), join(definitions, folder), { recursive: true })
})
after(async () => {
  rmSync(definitions, { recursive: true, force: true })
  if (!ended) await office.stop()
  rmSync(office.folder, { recursive: true, force: true })
})
/** Ends the server and leaves the office. */
function endServer() {
  ended = new Promise((done) => office.child.once('exit', done))
  office.child.kill('SIGTERM')
  return ended
}

/** The appeal as a later version: the state is named anew, the promise is of so many working days. */
function change(version, oldState, state, within, clock) {
  const file = join(definitions, 'systems/appeals/appeal.yaml')
  const replaced = readFileSync(file, 'utf8').replace(/^version: \d+$/m, `version: ${version}`)
    .replace(new RegExp(`^  ${oldState}: {zh: 已受理`, 'm'), `  ${state}: {zh: 已受理`)
    .replace(new RegExp(`\\[${oldState}\\b`, 'g'), `[${state}`).replace(new RegExp(`, ${oldState}\\b`, 'g'), `, ${state}`)
    .replace(`to: ${oldState}\n`, `to: ${state}\n`).replace(/(promise:[^]*?within: )\S.*/, `$1${within}`)
  writeFileSync(file, replaced)
  writeFileSync(join(definitions, `systems/appeals/appeal.${version - 1}.migrate.yaml`),
                `migrate: appeal\nfrom: ${version - 1}\nto: ${version}\nstates: {${oldState}: ${state}}\nclocks: {promise: ${clock}}\n`)
}
const publishing = (...more) => ['publish', definitions, '--data', office.data, '--locality', 'yanji', ...more]
function run(args, expected = 0) {
  const { status, stdout, stderr } = spawnSync(executable, args, { cwd: root, encoding: 'utf8' })
  assert.equal(status, expected, `${args.join(' ')}\n${stdout}${stderr}`)
  return stdout + stderr
}
const proven = () => assert.match(run(['check', '--data', office.data]), / 0 differences\n/)
function sum(text, pattern) {
  return [...text.matchAll(pattern)].reduce((total, [, count]) => total + Number(count), 0)
}

test('a file that forgets a state is refused before anything is written', () => {
  change(2, 'accepted', 'taken', 'category.answer_limit', 'keep')
  const file = join(definitions, 'systems/appeals/appeal.1.migrate.yaml')
  const whole = readFileSync(file, 'utf8')
  writeFileSync(file, 'migrate: appeal\nfrom: 1\nto: 2\n')
  const { status, stderr } = spawnSync(executable, publishing(), { cwd: root, encoding: 'utf8' })
  assert.notEqual(status, 0)
  assert.match(stderr, /appeal\.1\.migrate\.yaml:1.*definition\.migration_state|definition\.migration_state.*appeal\.1\.migrate\.yaml/s)
  writeFileSync(file, whole)
})

test('beside a server: told, moved, and taken up without a restart', async () => {
  const { id } = await submitAppeal(office)
  const centre = await office.person('centre_1')
  const accepted = await centre.act(id, 'accept', { category: 'lighting' })
  assert.equal(accepted.status, 200, accepted.text)
  change(2, 'accepted', 'taken', '1 day_working', 'recompute')

  const told = run(publishing('--dry-run'))
  const wouldMove = sum(told, /^would move appeal 1 -> 2: \S+ -> \S+: (\d+)$/gm)
  assert.match(told, /^would move appeal 1 -> 2: accepted -> taken: \d+$/m)
  assert.ok(wouldMove > 0)
  assert.equal((await centre.get(`/matters/${id}`)).json.state, 'accepted', 'a dry run writes nothing')

  const said = run(publishing())
  assert.match(said, /^published yanji$/m)
  assert.equal(sum(said, /^moved (\d+)$/gm), wouldMove)
  const seen = await until(async () => {
    const { json } = await centre.get(`/matters/${id}`)
    return json.state === 'taken' && json
  })
  assert.ok(seen.actions.some(({ action }) => action === 'reclassify'))
  const { json } = await centre.get(`/matters/${id}/timeline`)
  const moved = json.events.find(({ action }) => action === 'migrate')
  assert.equal(moved.label.zh, '换用新定义')
  assert.equal(json.events.find(({ action }) => action === 'accept').state_label.zh, '已受理')
})

test('killed half-way it goes on where it was', async () => {
  await Promise.all(Array.from({ length: 8 }, () => submitAppeal(office)))
  await endServer()
  proven()
  change(3, 'taken', 'accepted', 'category.answer_limit', 'recompute_free')
  const wouldMove = sum(run(publishing('--dry-run')), /^would move appeal 2 -> 3: \S+ -> \S+: (\d+)$/gm)
  assert.ok(wouldMove > 8, `${wouldMove}`)
  const child = spawn(executable, publishing(), { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  await new Promise((done) => {
    child.stdout.on('data', (bytes) => /^published/m.test(bytes) && child.kill('SIGKILL'))
    child.once('exit', done)
  })
  proven()
  const left = sum(run(publishing('--dry-run')), /^would move appeal 2 -> 3: \S+ -> \S+: (\d+)$/gm)
  const said = run(publishing())
  assert.equal(sum(said, /^moved (\d+)$/gm), left)
  assert.doesNotMatch(run(publishing('--dry-run')), /would move/)
  proven()
})
