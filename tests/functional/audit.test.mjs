// What the two logs keep while people work, who reads them, and that an office may be given to three
// administrators of whom none is another.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gewu, openDemo, serve, submitAppeal, until } from './office.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
let office, admin
const password = 'a long enough password'
before(async () => {
  office = await openDemo()
  office.addAdministrator('admin_one', password)
  admin = await office.person('admin_one', password)
})
after(() => office.stop())
const reads = async (query) => (await admin.get(`/audit/reads?${query}`)).json.lines
const log = async (query) => (await admin.get(`/audit/log?${query}`)).json.lines
const lines = (text) => text.trim().split('\n').slice(1).map((line) => line.split('\t'))

test('a contact that is opened stands in the log of reads, is told to its author, and its value is in neither log', async () => {
  const { id, number, receipt } = await submitAppeal(office)
  const clerk = await office.person('caller_beishan_street')
  const opened = await clerk.act(id, 'unseal', { ground: 'verify', reason: '联系诉求人核实地点' })
  assert.equal(opened.status, 200, opened.text)
  assert.match(opened.text, /13812341234/)
  assert.equal((await clerk.get(`/matters/${id}`)).status, 200)
  // The lines of a second are written together.
  const found = await until(async () => {
    const all = await reads(`matter=${number}`)
    return all.length >= 2 && all
  })
  assert.deepEqual(new Set(found.map(({ kind }) => kind)), new Set(['unseal', 'sealed']))
  for (const line of found) {
    assert.equal(line.login, 'caller_beishan_street')
    assert.equal(line.post.role, 'caller')
    assert.equal(line.number, number)
    assert.match(line.request, /^[0-9A-Z]{4}-[0-9A-Z]{4}$/)
  }
  const timeline = await office.resident().get(`/receipts/${receipt}/timeline`)
  const told = timeline.json.events.find(({ action }) => action === 'unseal')
  assert.ok(told, timeline.text)
  assert.equal(told.by.name, undefined)
  assert.match(timeline.text, /联系诉求人核实地点/)
  const [, ...columns] = lines(gewu(['audit', 'reads', '--data', office.data, '--matter', number])).at(-1)
  assert.equal(columns[0], 'caller_beishan_street')
  const all = JSON.stringify([await reads('rows=500'), await log('rows=500')]) + gewu(['audit', 'log', '--data', office.data])
  for (const secret of ['李小明', '13812341234']) assert.ok(!all.includes(secret), secret)
})

test('signing in, what is refused and what administrators do are lines with their request', async () => {
  await office.resident().post('/sign-in', { login: 'centre_1', password: 'not that one' })
  await office.resident().post('/sign-in', { login: 'nobody has this', password: 'not that one' })
  const centre = await office.person('centre_1')
  assert.equal((await centre.post('/accounts/officer_water/disable')).status, 403)
  assert.equal((await centre.get('/audit/log')).key, 'account.audit')
  assert.equal((await admin.post('/accounts', { login: 'new_clerk' })).status, 201)
  const refused = await until(async () => {
    const all = await log('event=sign_in&success=false')
    return all.length >= 2 && all
  })
  assert.ok(refused.some(({ subject, key }) => subject === 'centre_1' && key === 'sign_in.refused'))
  assert.ok(refused.some(({ subject }) => subject === undefined))
  assert.ok(!JSON.stringify(refused).includes('nobody has this'))
  const [disabled] = await until(async () => {
    const all = await log('event=account_disable&login=centre_1')
    return all.length > 0 && all
  })
  assert.deepEqual([disabled.success, disabled.key, disabled.subject, disabled.peer], [false, 'account.administer', 'officer_water', '127.0.0.1'])
  assert.ok((await log('event=account_add&success=true')).some(({ subject, login }) => subject === 'new_clerk' && login === 'admin_one'))
  assert.ok((await log('event=account_add')).some(({ subject, source }) => subject === 'admin_one' && source === 'command'))
  assert.ok((await log('event=audit_read&login=admin_one')).length > 0)
  const printed = lines(gewu(['audit', 'log', '--data', office.data, '--event', 'sign_in', '--refused']))
  assert.ok(printed.length >= 2 && printed.every(([, event, done]) => event === 'sign_in' && done === 'refused'))
  assert.match(gewu(['check', '--data', office.data]), /, 0 differences$/m)
})

/** The definitions of this tree with lines added to a locality's settings. */
function definitionsWith(folder, locality, settings) {
  for (const part of ['systems', 'localities']) cpSync(join(root, part), join(folder, part), { recursive: true })
  const file = join(folder, 'localities', locality, 'locality.yaml')
  const text = readFileSync(file, 'utf8')
  assert.match(text, /^settings:/m)
  const inline = /^settings: \{/m
  writeFileSync(file, inline.test(text) ? text.replace(inline, `settings: {${settings}, `) : text.replace(/^settings:\n/m, `settings:\n  ${settings}\n`))
}

/** Six digits of now, by the secret in base 32 (RFC 6238). */
function oneTimeCode(secret) {
  const bits = [...secret.replace(/=+$/, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const mac = createHmac('sha1', key).update(step).digest()
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

test('an office of three administrators is made by three tokens, and none passes for another', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gewu-three-'))
  let three
  try {
    definitionsWith(folder, 'yanji', 'three_administrators: true')
    const printed = gewu(['init', '--data', join(folder, 'office'), folder, '--locality', 'yanji'])
    const tokens = [...printed.matchAll(/first (system|security|audit) administrator: (\S+)$/gm)]
    assert.deepEqual(tokens.map(([, duty]) => duty), ['system', 'security', 'audit'], printed)
    three = await serve(folder, printed)
    const people = {}
    for (const [, duty, token] of tokens) {
      const person = three.resident()
      const made = await person.post('/first-administrator', { token, login: `first_${duty}`, password })
      assert.equal(made.status, 201, made.text)
      assert.deepEqual(made.json.account.doors, [duty])
      // A password alone opens no door of the three.
      assert.equal((await person.get('/audit/log')).key, 'account.second_factor_required')
      const offered = await person.post('/account/second-factor', { password })
      assert.equal(offered.status, 200, offered.text)
      const confirmed = await person.post('/account/second-factor/confirm', { code: oneTimeCode(offered.json.secret) })
      assert.equal(confirmed.status, 200, confirmed.text)
      people[duty] = person
    }
    const { system, security, audit } = people
    const made = await system.post('/accounts', { login: 'clerk_one' })
    assert.equal(made.status, 201, made.text)
    assert.equal((await security.post('/accounts', { login: 'clerk_two' })).key, 'administrator.system')
    assert.equal((await system.post('/accounts/clerk_one/rights', { audit: true })).key, 'administrator.security')
    assert.equal((await security.post('/accounts/clerk_one/rights', { audit: true, security: true })).key, 'administrator.two')
    assert.equal((await security.post('/accounts/clerk_one/rights', { audit: true })).status, 204)
    assert.equal((await audit.get('/accounts')).key, 'administrator.system')
    for (const person of [system, security]) assert.equal((await person.get('/audit/log')).key, 'administrator.audit')
    const events = (await audit.get('/audit/log')).json.lines.map(({ event }) => event)
    for (const event of ['first_administrator', 'account_add', 'account_rights', 'publish']) assert.ok(events.includes(event), event)
    // Two duties at once, given where the machine is: no door opens until one is taken away.
    assert.throws(() => gewu(['account', 'rights', 'first_system', '--data', three.data, '--administrator', '--audit']), /administrator.two/)
  } finally {
    await three?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

test('with less than six months a log is refused by the definitions', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gewu-short-'))
  try {
    definitionsWith(folder, 'yanji', 'audit_log_days: 90')
    assert.throws(() => gewu(['init', '--data', join(folder, 'office'), folder, '--locality', 'yanji']), /definition\.setting_bounds/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
