// A new office key: the real command, killed at random moments and run again; then every contact
// opens, and backups of before are restored.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { executable, gewu, openDemo, serve, submitAppeal } from './office.mjs'

let folder, data, keys, printed, receipts
before(async () => {
  const office = await openDemo()
  folder = mkdtempSync(join(tmpdir(), 'gewu-keys-'))
  receipts = []
  for (let i = 0; i < 3; ++i) receipts.push((await submitAppeal(office, { text: `第 ${i} 件` })).receipt)
  printed = office.printed
  data = join(folder, 'office')
  keys = `${data}.keys`
  gewu(['backup', join(folder, 'copy'), '--data', office.data])
  const { cpSync } = await import('node:fs')
  const held = office.folder
  // The server is stopped by its own end; its folder is kept by copying it first.
  assert.throws(() => gewu(['keys', 'rotate', '--data', office.data]), /in_use|使用|쓰이고/)
  cpSync(held, folder, { recursive: true })
  await office.stop()
})
after(() => rmSync(folder, { recursive: true, force: true }))

const random = (() => {
  let state = Number(process.env.GEWU_SEED ?? 20261122)
  return () => ((state = (state * 1103515245 + 12345) % 2147483648) / 2147483648)
})()

/** Runs the rotation and kills it after so long; the code it ended with, or the signal. */
function rotateAndKill(ms, more = []) {
  const child = spawn(executable, ['keys', 'rotate', '--data', data, '--rows-a-step', '20', ...more], { stdio: ['ignore', 'pipe', 'pipe'] })
  let err = ''
  child.stderr.on('data', (bytes) => (err += bytes))
  return new Promise((done) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), ms)
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      done({ code, signal, err })
    })
  })
}
async function contacts() {
  const office = await serve(folder, printed)
  try {
    for (const receipt of receipts) {
      const reply = await office.resident().get(`/receipts/${receipt}`)
      assert.equal(reply.status, 200, reply.text)
      assert.equal(reply.json.fields.find(({ name }) => name === 'contact').value.phone, '13812341234')
    }
  } finally {
    office.child.kill('SIGTERM')
    await new Promise((done) => office.child.once('exit', done))
  }
}

test('killed at any moment it is gone on with, and every contact opens', async () => {
  // How long a whole rotation takes here, so that a kill falls inside it on any machine.
  const began = performance.now()
  assert.equal((await rotateAndKill(60_000)).code, 0)
  const whole = performance.now() - began
  let killed = 0, halfWay = 0
  for (let round = 0; round < 4; ++round) {
    const before = readFileSync(join(keys, 'office.key'), 'utf8')
    for (let tries = 0; ; ++tries) {
      const { code, signal, err } = await rotateAndKill(tries > 12 ? 60_000 : (0.1 + 0.8 * random()) * whole)
      if (signal === 'SIGKILL') {
        ++killed
        if (existsSync(join(keys, 'office.key.next'))) {
          ++halfWay
          assert.throws(() => gewu(['check', '--data', data]), undefined, 'nobody works with a half-changed key')
        }
        // The kill may have come after the new key had its name.
        if (readFileSync(join(keys, 'office.key'), 'utf8') !== before && !existsSync(join(keys, 'office.key.next'))) break
        continue
      }
      assert.equal(code, 0, err)
      break
    }
    assert.notEqual(readFileSync(join(keys, 'office.key'), 'utf8'), before)
    await contacts()
  }
  assert.ok(killed > 0, 'the command was killed at least once')
  console.log(`killed ${killed} times, ${halfWay} of them half-way`)
  assert.match(gewu(['check', '--data', data]), / 0 differences/)
})

test('to the national cipher: old boxes open, new ones are SM4', async () => {
  assert.match(gewu(['keys', 'rotate', '--data', data, '--cipher', 'sm4']), /wrapped anew/)
  assert.match(readFileSync(join(keys, 'office.key'), 'utf8'), /^sm4 [0-9a-f]{64}\n$/)
  const office = await serve(folder, printed)
  try {
    const { receipt } = await submitAppeal(office, { text: '国密' })
    receipts.push(receipt)
  } finally {
    office.child.kill('SIGTERM')
    await new Promise((done) => office.child.once('exit', done))
  }
  await contacts()
  assert.match(gewu(['check', '--data', data]), / 0 differences/)
})

test('a backup of before a rotation is restored with the retired key', () => {
  assert.ok(readdirSync(keys).some((name) => name.startsWith('office.key.retired.')))
  // Half of a key, as an older version left it when it was killed there: the whole one is still found.
  writeFileSync(join(keys, 'office.key.retired.9999999999999'), 'aes', { mode: 0o600 })
  const again = join(folder, 'again')
  gewu(['restore', join(folder, 'copy'), '--data', again, '--keys', keys])
  assert.match(gewu(['check', '--data', again, '--keys', keys]), / 0 differences/)
})
