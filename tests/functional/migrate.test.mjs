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
  // Without the scenarios, which say otherwise than what is tried here.
  for (const folder of ['systems', 'localities']) cpSync(join(root, folder), join(definitions, folder), { recursive: true, filter: (path) => !path.endsWith('.scenario') })
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

const appeal = 'systems/appeals/appeal.yaml'
/** What names a state of the appeal is written anew with it. */
const beside = 'systems/appeals/echo.yaml'
const versionOf = (file) => Number(/^version: (\d+)$/m.exec(readFileSync(join(definitions, file), 'utf8'))[1])
const migrationFrom = (version) => join(definitions, `systems/appeals/appeal.${version}.migrate.yaml`)
function edit(file, edits) {
  const path = join(definitions, file)
  writeFileSync(path, edits(readFileSync(path, 'utf8').replace(/^version: \d+$/m, `version: ${versionOf(file) + 1}`)))
}
/** The appeal as the next version: the state is named anew, the promise is of so many working days. */
function change(oldState, state, within, clock) {
  const version = versionOf(appeal)
  const anew = (text) => text.replace(new RegExp(`\\[${oldState}\\b`, 'g'), `[${state}`).replace(new RegExp(`, ${oldState}\\b`, 'g'), `, ${state}`)
  edit(beside, anew)
  edit(appeal, (text) => anew(text.replace(new RegExp(`^  ${oldState}: {zh: 已受理`, 'm'), `  ${state}: {zh: 已受理`))
    .replace(`to: ${oldState}\n`, `to: ${state}\n`).replace(/(promise:[^]*?within: )\S.*/, `$1${within}`))
  writeFileSync(migrationFrom(version),
                `migrate: appeal\nfrom: ${version}\nto: ${version + 1}\nstates: {${oldState}: ${state}}\nclocks: {promise: ${clock}}\n`)
  return version
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
  const version = change('accepted', 'taken', '1 day_working', 'recompute')
  const file = migrationFrom(version)
  const whole = readFileSync(file, 'utf8')
  writeFileSync(file, `migrate: appeal\nfrom: ${version}\nto: ${version + 1}\n`)
  const { status, stderr } = spawnSync(executable, publishing(), { cwd: root, encoding: 'utf8' })
  assert.notEqual(status, 0)
  assert.ok(stderr.includes(`appeal.${version}.migrate.yaml:1: definition.migration_state`), stderr)
  writeFileSync(file, whole)
})

test('beside a server: told, moved, and taken up without a restart', async () => {
  const { id } = await submitAppeal(office)
  const centre = await office.person('centre_1')
  const accepted = await centre.act(id, 'accept', { category: 'lighting' })
  assert.equal(accepted.status, 200, accepted.text)

  const told = run(publishing('--dry-run'))
  const wouldMove = sum(told, /^would move appeal \d+ -> \d+: \S+ -> \S+: (\d+)$/gm)
  assert.match(told, /^would move appeal \d+ -> \d+: accepted -> taken: \d+$/m)
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
  const version = change('taken', 'accepted', 'category.answer_limit', 'recompute_free')
  const moves = new RegExp(`^would move appeal ${version} -> ${version + 1}: \\S+ -> \\S+: (\\d+)$`, 'gm')
  const wouldMove = sum(run(publishing('--dry-run')), moves)
  assert.ok(wouldMove > 8, `${wouldMove}`)
  const child = spawn(executable, publishing(), { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  await new Promise((done) => {
    child.stdout.on('data', (bytes) => /^published/m.test(bytes) && child.kill('SIGKILL'))
    child.once('exit', done)
  })
  proven()
  const left = sum(run(publishing('--dry-run')), moves)
  const said = run(publishing())
  assert.equal(sum(said, /^moved (\d+)$/gm), left)
  assert.doesNotMatch(run(publishing('--dry-run')), /would move/)
  proven()
})
