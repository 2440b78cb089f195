// A matter that never was: it looks like any other, moves no figure, and tells who reads it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gewu, openDemo, pointIn, submitAppeal, until } from './office.mjs'

const password = 'a long enough password'
let office, admin
before(async () => {
  office = await openDemo()
  office.addAdministrator('admin_one', password)
  admin = await office.person('admin_one', password)
})
after(() => office?.stop())
const log = async (query) => (await admin.get(`/audit/log?${query}`)).json.lines
const secrets = ['编某某', '13000000007']
const plant = async (state = 'withdrawn', more = {}) => {
  const clerk = await office.person('caller_beishan_street')
  const { lon, lat } = await pointIn(clerk, '222401002')
  const values = { text: '楼道里堆着旧家具，没人来搬。', place: { lon, lat, address: '二单元门口' }, contact: { name: secrets[0], phone: secrets[1] }, ...more }
  return admin.post('/canaries', { type: 'appeal', state, values })
}

test('it stands among the others and moves no figure', async () => {
  const caller = await office.person('caller_beishan_street')
  const figures = async () => {
    const centre = await office.person('centre_1')
    const names = (await centre.get('/indicators')).json.indicators.map(({ name }) => name).filter((name) => name.startsWith('appeal.'))
    assert.ok(names.length > 3)
    const today = new Date().toISOString().slice(0, 7)
    const read = await Promise.all(names.map(async (name) => {
      const { status, json } = await centre.get(`/indicators/${name}?unit=222401&period=${today}`)
      return [name, status, status === 200 ? json.rows : json.key]
    }))
    assert.ok(read.filter(([, status]) => status === 200).length > 3, JSON.stringify(read))
    return JSON.stringify(read)
  }
  const before = await figures()
  const planted = await plant()
  assert.equal(planted.status, 201, planted.text)
  const { matter, number } = planted.json
  assert.equal(await figures(), before)
  const found = await caller.get(`/search?q=${encodeURIComponent('旧家具')}`)
  assert.ok(found.json.matters.some(({ id }) => id === matter), found.text)
  // Nothing that anybody is shown says what it is.
  const page = await caller.get(`/matters/${matter}`)
  assert.equal(page.json.number, number)
  for (const text of [found.text, page.text, (await caller.get(`/matters/${matter}/timeline`)).text]) {
    assert.ok(text.length > 100)
    assert.doesNotMatch(text, /canary|诱饵/)
  }
  assert.equal((await office.resident().get(`/matters/${matter}`)).status, 404)
  // The next author's number follows.
  const next = await submitAppeal(office)
  const last = (text) => Number(/(\d+)\D*$/.exec(text)[1])
  assert.equal(last(next.number), last(number) + 1)
  assert.match(gewu(['check', '--data', office.data]), /, 0 differences$/m)
})

test('whoever reads it is told of within seconds, once, and the log does not say which it is', async () => {
  const [{ id, matter, number }] = (await admin.get('/canaries')).json.canaries
  const clerk = await office.person('dispatcher_beishan_street')
  const seen = await clerk.get(`/matters/${matter}`)
  assert.equal(seen.status, 200, seen.text)
  const alarms = await until(async () => {
    const all = await log('event=canary_read&login=dispatcher_beishan_street')
    return all.length > 0 && all
  }, 30_000)
  assert.deepEqual(alarms.map(({ subject, key }) => [subject, key]), [['dispatcher_beishan_street', `canary=${id}`]])
  await clerk.get(`/matters/${matter}`)
  const caller = await office.person('caller_beishan_street')
  const opened = await caller.act(matter, 'unseal', { ground: 'verify', reason: '核实' })
  assert.equal(opened.status, 200, opened.text)
  assert.match(opened.text, new RegExp(secrets[1]))
  await until(async () => (await log('event=canary_read&login=caller_beishan_street')).length > 0, 30_000)
  assert.equal((await log('event=canary_read&login=dispatcher_beishan_street')).length, 1)
  const all = JSON.stringify(await log('rows=500'))
  for (const secret of [...secrets, number]) assert.ok(!all.includes(secret), secret)
  assert.match(gewu(['check', '--data', office.data]), /, 0 differences$/m)
})

test('only the security administrator plants and lists, and not what would mislead', async () => {
  const clerk = await office.person('centre_1')
  assert.equal((await clerk.get('/canaries')).key, 'account.administer')
  assert.equal((await clerk.post('/canaries', { type: 'appeal', state: 'withdrawn', values: {} })).key, 'account.administer')
  assert.equal((await plant('closed')).key, 'canary.public')
  assert.equal((await plant('merged')).key, 'canary.goes_on')
  assert.equal((await plant('received')).key, 'canary.state')
  assert.equal((await plant('withdrawn', { contact: undefined })).key, 'canary.contact')
  const list = await admin.get('/canaries')
  assert.equal(list.json.canaries.length, 1)
  for (const secret of secrets) assert.ok(!list.text.includes(secret), secret)
  assert.ok(list.json.choices.some(({ type, states }) => type === 'appeal' && states.some(({ name }) => name === 'withdrawn')))
  const lines = await log('event=canary_list')
  assert.ok(lines.some(({ login, success }) => login === 'admin_one' && success))
})
