// Lists that leave the office: asked for with a purpose, by a second person where they are many or
// personal, with a mark in each row; and paging through everything is stopped.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openDemo, openDemoWith, serve, submitAppeal } from './office.mjs'

let office, dispatcher, centre
before(async () => {
  office = await openDemo()
  dispatcher = await office.person('dispatcher_beishan_street')
  centre = await office.person('centre_1')
  for (let i = 0; i < 3; ++i) await submitAppeal(office, { text: `=cmd 第 ${i} 件，李家门口` })
})
after(() => office?.stop())

const list = 'of=territory&type=appeal'
const ask = (person, columns, more = {}) => person.post(`/exports?${list}`, { purpose: 'statistics', columns, ...more })
const fetchIt = (person, id, body = {}) => person.post(`/exports/${id}/file`, body)
const readTable = (text) => text.replace(/^\uFEFF/, '').trim().split('\r\n').map((line) => line.split(','))

test('what may be asked for: no contact, personal columns are marked', async () => {
  const { json, status, text } = await dispatcher.get(`/exports?${list}`)
  assert.equal(status, 200, text)
  const byName = Object.fromEntries(json.columns.map((column) => [column.name, column]))
  assert.equal(byName.contact, undefined)
  assert.equal(byName.text.personal, true)
  assert.equal(byName.number.personal, undefined)
  assert.ok(json.rows >= 3 && json.rows_max === 5000)
  assert.deepEqual(json.purposes.rows.map(({ key }) => key), ['statistics', 'report', 'handover', 'audit'])
})

test('a small plain list is released by the rule; each row bears its mark', async () => {
  const asked = await ask(dispatcher, ['number', 'state'])
  assert.equal(asked.status, 201, asked.text)
  assert.equal(asked.json.state, 'released')
  const { id, number } = asked.json
  const file = await fetchIt(dispatcher, id)
  assert.equal(file.status, 200, file.text)
  assert.match(file.headers.get('content-disposition'), new RegExp(`filename="${number}-dispatcher_beishan_street.csv"`))
  const [head, ...rows] = readTable(file.text)
  assert.equal(head.length, 3)
  assert.equal(rows.length, Number(asked.json.columns.row_count))
  for (const row of rows) assert.equal(row.at(-1), `${number} dispatcher_beishan_street`)
  const others = await fetchIt(centre, id)
  assert.equal(others.status, 404, 'nobody fetches what another asked for')
  for (let i = 0; i < 2; ++i) assert.equal((await fetchIt(dispatcher, id)).status, 200)
  assert.equal((await fetchIt(dispatcher, id)).key, 'data_export.fetch_export.most')
  const timeline = (await dispatcher.get(`/matters/${id}/timeline`)).json.events
  assert.equal(timeline.filter(({ action }) => action === 'fetch_export').length, 3, 'each fetching is an event')
})

test('anything personal waits for a second person, who is never the one who asked', async () => {
  const asked = await ask(centre, ['number', 'text'], { reason: '专题分析' })
  assert.equal(asked.json.state, 'asked', asked.text)
  const { id } = asked.json
  assert.equal((await fetchIt(centre, id)).key, 'data_export.fetch_export.from')
  assert.equal((await centre.act(id, 'approve')).key, 'data_export.approve.apart')
  const mine = await dispatcher.get('/exports')
  assert.ok(!mine.json.waiting.some((row) => row.id === id), 'a dispatcher approves none')
  const asking = await ask(dispatcher, ['number', 'text'])
  const waiting = (await centre.get('/exports')).json.waiting
  assert.ok(waiting.some((row) => row.id === asking.json.id))
  assert.ok(!waiting.some((row) => row.id === id), 'my own is not mine to approve')
  const approved = await centre.act(asking.json.id, 'approve')
  assert.equal(approved.status, 200, approved.text)
  const file = await fetchIt(dispatcher, asking.json.id)
  assert.equal(file.status, 200, file.text)
  assert.ok(file.text.includes("'=cmd"), 'no cell is run as a formula')
  assert.ok(!file.text.includes('13812341234'))
})

test('a matter opened by hand with smaller numbers gives no more than it says', async () => {
  const post = dispatcher.me.posts[0].id
  const opened = await dispatcher.post('/matters', { type: 'data_export', locality: 'yanji', values: {
    purpose: 'statistics', of_type: 'appeal', question: 'territory -', columns: 'number,text,contact', row_count: 1, has_personal: false,
  } }, { 'gewu-post': post })
  assert.equal(opened.status, 201, opened.text)
  const file = await fetchIt(dispatcher, opened.json.id)
  assert.equal(file.status, 200, file.text)
  const [head, ...rows] = readTable(file.text)
  assert.equal(rows.length, 1)
  assert.equal(head.length, 2, 'the number and the mark')
})

test('unhappy ways', async () => {
  assert.equal((await dispatcher.post('/exports?of=territory', { purpose: 'statistics', columns: ['number'] })).key, 'export.type')
  assert.equal((await ask(dispatcher, [])).key, 'export.column')
  assert.equal((await ask(dispatcher, ['contact'])).key, 'export.column')
  assert.equal((await ask(dispatcher, ['number'], { purpose: 'curiosity' })).status, 400)
  assert.equal((await ask(dispatcher, ['number'], { more: 1 })).key, 'json.unknown')
  assert.equal((await office.resident().get('/exports')).status, 401)
  assert.ok(!(await dispatcher.get('/types')).json.types?.some?.(({ name, openings }) => name === 'data_export' && openings?.length), 'no form opens one')
})

test('whoever pages through everything is stopped for the day', async () => {
  let again
  const small = await openDemoWith(['--list-budget', '25'])
  try {
    const person = await small.person('centre_1')
    const first = await person.get('/matters?of=territory&rows=20')
    assert.equal(first.status, 200)
    assert.ok(first.json.next, 'there is more')
    assert.equal((await person.get('/matters?of=territory&rows=20')).status, 200, 'the same again costs nothing')
    const second = await person.get(`/matters?of=territory&rows=20&cursor=${encodeURIComponent(first.json.next)}`)
    assert.equal(second.status, 429)
    assert.equal(second.key, 'list.budget')
    assert.ok(second.headers.get('retry-after'))
    assert.equal((await (await small.person('dispatcher_beishan_street')).get('/matters?of=territory&rows=20')).status, 200, 'another account has its own')
    // Neither a new server forgives it, nor a new session.
    small.child.kill('SIGTERM')
    await new Promise((done) => small.child.once('exit', done))
    again = await serve(small.folder, small.printed, ['--list-budget', '25'])
    const later = await again.person('centre_1')
    assert.equal((await later.get(`/matters?of=territory&rows=20&cursor=${encodeURIComponent(first.json.next)}`)).key, 'list.budget')
    assert.equal((await later.get('/matters?of=territory&rows=20')).status, 200, 'what was shown is shown again')
  } finally {
    await (again ?? small).stop()
  }
})
