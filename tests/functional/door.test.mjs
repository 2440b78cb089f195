// What the door refuses, and what it answers twice.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openDemo, openNew, pointIn, randomUUID, serveDemoAt, submitAppeal, until } from './office.mjs'

let office
before(async () => (office = await openDemo()))
after(() => office.stop())

test('the same request twice is done once', async () => {
  const resident = office.resident()
  const { lon, lat } = await pointIn(resident, '222401002')
  const body = { type: 'appeal', values: { text: '井盖破了。', place: { lon, lat } } }
  const headers = { 'gewu-request': randomUUID() }
  const first = await resident.post('/matters', body, headers)
  const again = await resident.post('/matters', body, headers)
  assert.equal(first.status, 201, first.text)
  assert.equal(again.status, 201)
  assert.equal(again.json.id, first.json.id)
  assert.equal(again.json.number, first.json.number)
  assert.equal(again.json.state, first.json.state)
  assert.deepEqual(again.json.line, first.json.line)
  const other = await resident.post('/matters', { ...body, values: { ...body.values, text: '别的事。' } }, headers)
  assert.equal(other.status, 409)
  assert.equal(other.key, 'request.reused')
  const centre = await office.person('centre_1')
  const note = { 'gewu-request': randomUUID() }
  const act = { action: 'note', values: { text: '已记' } }
  const path = `/matters/${first.json.id}/actions`
  const noted = await centre.post(path, act, note)
  assert.equal(noted.status, 200, noted.text)
  assert.equal((await centre.post(path, act, note)).json.version, noted.json.version)
  // At once from several connections, too.
  const burst = { 'gewu-request': randomUUID() }
  const replies = await Promise.all(Array.from({ length: 8 }, () => centre.post(path, act, burst)))
  for (const reply of replies) assert.equal(reply.status, 200, reply.text)
  assert.equal((await centre.get(`/matters/${first.json.id}`)).json.version, noted.json.version + 1)
})

test('a type says whether its matters come round by themselves', async () => {
  const { types } = (await office.resident().get('/types?locality=yanji')).json
  const turns = types.filter(({ comes_round: turning }) => turning).map(({ name }) => name)
  assert.ok(turns.includes('duty_round'), String(turns))
  for (const { name, views } of types) assert.equal(turns.includes(name), name === 'duty_round' || views.some(({ kind }) => kind === 'calendar'), name)
})

test('a stale version is a conflict', async () => {
  const { id } = await submitAppeal(office)
  const centre = await office.person('centre_1')
  const { version } = (await centre.get(`/matters/${id}`)).json
  assert.equal((await centre.act(id, 'note', { text: 'a' }, version)).status, 200)
  const stale = await centre.act(id, 'note', { text: 'b' }, version)
  assert.equal(stale.status, 409)
  assert.equal(stale.key, 'matter.version')
})

test('whoever sits on several posts says through which', async () => {
  const person = await office.person('two_posts')
  assert.equal(person.me.posts.length, 2)
  const open = await person.get('/matters')
  assert.equal(open.status, 400)
  assert.equal(open.key, 'post.choose')
  const post = person.me.posts.find(({ unit }) => unit.code === '222401002')
  const chosen = await person.get('/matters', { headers: { 'gewu-post': post.id } })
  assert.equal(chosen.status, 200, chosen.text)
  for (const bad of ['x', '0']) assert.equal((await person.get('/matters', { headers: { 'gewu-post': bad } })).key, 'post.form')
  assert.equal((await person.get('/matters', { headers: { 'gewu-post': '1' } })).key, 'post.not_held')
})

test('a hidden matter answers like a missing one to the byte', async () => {
  const { id } = await submitAppeal(office)
  const other = await office.person('dispatcher_xinxing_street')
  for (const person of [other, office.resident()]) {
    for (const tail of ['', '/timeline']) {
      const hidden = await person.get(`/matters/${id}${tail}`)
      const missing = await person.get(`/matters/987654321987${tail}`)
      assert.equal(hidden.status, 404)
      assert.equal(hidden.text, missing.text)
      const plain = (reply) => [...reply.headers].filter(([name]) => name !== 'date')
      assert.deepEqual(plain(hidden), plain(missing))
    }
    const hidden = await person.act(id, 'accept', { category: 'lighting' })
    const missing = await person.act('987654321987', 'accept', { category: 'lighting' })
    assert.equal(hidden.status, 404)
    assert.equal(hidden.text, missing.text)
  }
})

test('unknown, doubled and deep JSON, and what is too large', async () => {
  const resident = office.resident()
  const send = (raw, headers) => resident.ask('POST', '/matters', { raw, headers })
  assert.equal((await send('{"type":"appeal","values":{},"kind":1}')).key, 'json.unknown')
  assert.equal((await send('{"type":"appeal","type":"appeal"}')).key, 'json.duplicate')
  assert.equal((await send('{"type":')).key, 'json.syntax')
  assert.equal((await send('['.repeat(17) + ']'.repeat(17))).key, 'json.depth')
  const unknown = await send('{"type":"appeal","values":{"nothing":1}}')
  assert.equal(unknown.status, 400)
  assert.ok([unknown.json, ...(unknown.json.others ?? [])].some(({ key }) => key === 'form.unknown'), unknown.text)
  const form = await send('{}', { 'content-type': 'text/plain' })
  assert.equal(form.key, 'http.content_type')
  const large = await send(JSON.stringify({ type: 'appeal', values: { text: 'x'.repeat(300 * 1024) } }))
  assert.equal(large.status, 413)
  assert.equal(large.key, 'http.body_too_large')
})

test('a page hears of a change in its lists, and of no other', async () => {
  const dispatcher = await office.person('dispatcher_beishan_street')
  const abort = new AbortController()
  const live = await fetch(`${office.url}/api/live`, { headers: dispatcher.headers(), signal: abort.signal })
  assert.equal(live.status, 200)
  assert.equal(live.headers.get('content-type'), 'text/event-stream')
  let heard = ''
  const reading = (async () => {
    for await (const bytes of live.body) heard += Buffer.from(bytes).toString()
  })().catch(() => {})
  const hears = async (text) => {
    for (let i = 0; i < 100 && !heard.includes(text); ++i) await new Promise((done) => setTimeout(done, 50))
    return heard.includes(text)
  }
  assert.ok(await hears('event: beat'))
  const elsewhere = await submitAppeal(office, { subdistrict: '222401003' })
  const here = await submitAppeal(office)
  assert.ok(await hears(`"matter":"${here.id}"`), heard)
  assert.ok(!heard.includes(`"matter":"${elsewhere.id}"`))
  const last = /id: (\w+)/g
  const ids = [...heard.matchAll(last)].map((match) => match[1])
  abort.abort()
  await reading

  const missed = await submitAppeal(office)
  const resumed = new AbortController()
  const again = await fetch(`${office.url}/api/live`,
    { headers: dispatcher.headers({ 'last-event-id': ids.at(-1) }), signal: resumed.signal })
  heard = ''
  const rereading = (async () => {
    for await (const bytes of again.body) heard += Buffer.from(bytes).toString()
  })().catch(() => {})
  assert.ok(await hears(`"matter":"${missed.id}"`), heard)
  // Signing out closes it from the other side.
  await dispatcher.post('/sign-out')
  await Promise.race([rereading, new Promise((_, fail) => setTimeout(() => fail(new Error('still open')), 10_000).unref())])
  resumed.abort()
  assert.equal((await office.resident().get('/live')).status, 401)
})

test('signing in and out', async () => {
  const person = await office.person('centre_1')
  assert.equal(person.me.account.login, 'centre_1')
  assert.equal(person.me.demo, true)
  assert.equal((await person.get('/me')).json.posts[0].role, 'centre')
  const { cookie } = person
  assert.equal((await person.post('/sign-out')).status, 204)
  assert.doesNotMatch(person.cookie, /gewu_session/)
  assert.match(person.cookie, /gewu_staff/, 'the browser stays known as one of the staff')
  person.cookie = cookie
  assert.equal((await person.get('/me')).json.account, undefined)
  assert.equal((await person.get('/notices')).status, 401)
})

test('a forged change is refused', async () => {
  const person = await office.person('centre_1')
  const { id } = await submitAppeal(office)
  const body = { action: 'note', values: { text: 'x' } }
  for (const headers of [{ 'gewu-csrf': '' }, { 'gewu-csrf': 'x' }]) {
    const reply = await person.post(`/matters/${id}/actions`, body, headers)
    assert.equal(reply.status, 403)
    assert.equal(reply.key, 'session.csrf')
  }
  const cross = await person.post(`/matters/${id}/actions`, body, { 'sec-fetch-site': 'cross-site' })
  assert.equal(cross.key, 'http.cross_site')
  assert.equal((await person.post(`/matters/${id}/actions`, body)).status, 200)
})

test('ten wrong passwords are enough, and the right one waits too', async () => {
  const login = 'caller_xinxing_street'
  const nobody = office.resident()
  for (let i = 0; i < 10; ++i)
    assert.equal((await nobody.post('/sign-in', { login, password: 'not this one' })).key, 'sign_in.refused')
  const waiting = await nobody.post('/sign-in', { login, password: office.password })
  assert.equal(waiting.status, 429)
  assert.equal(waiting.key, 'sign_in.wait')
  const seconds = Number(waiting.headers.get('retry-after'))
  assert.ok(seconds > 800 && seconds <= 900, `${seconds}`)
  assert.equal((await nobody.post('/sign-in', { login: 'centre_1', password: office.password })).status, 200)
})

test('an account that asks too often is told when to come again, and others are not held up', async () => {
  const person = await office.person('officer_water')
  let refused
  for (let i = 0; i < 60 && !refused; ++i) {
    const replies = await Promise.all(Array.from({ length: 30 }, () => person.get('/me')))
    refused = replies.find(({ status }) => status === 429)
  }
  assert.equal(refused?.key, 'http.too_many')
  assert.equal(refused.headers.get('retry-after'), refused.json.details.seconds)
  assert.equal((await office.resident().get('/me')).status, 200)
})

test('a demonstration is served on loopback alone', async () => {
  assert.match(await serveDemoAt('0.0.0.0'), /http\.demo_address/)
})

test('a new office has one door for its first administrator, once', async () => {
  const fresh = await openNew()
  try {
    const token = /([0-9A-Z]{4}-){3,}[0-9A-Z]{4}/.exec(fresh.printed)?.[0]
    assert.ok(token, fresh.printed)
    const person = fresh.resident()
    const wish = { token, login: 'administrator', password: 'a very long password' }
    assert.equal((await person.post('/first-administrator', { ...wish, password: 'short' })).key, 'account.password')
    const wrong = await person.post('/first-administrator', { ...wish, token: token.replace(/^./, (c) => (c === '7' ? '8' : '7')) })
    assert.equal(wrong.status, 403)
    assert.equal(wrong.key, 'sign_in.token')
    const made = await person.post('/first-administrator', wish)
    assert.equal(made.status, 201, made.text)
    assert.equal(made.json.account.login, 'administrator')
    assert.equal((await fresh.resident().post('/first-administrator', { ...wish, login: 'another' })).key, 'sign_in.token')
    await fresh.person('administrator', 'a very long password')
    const { code } = await fresh.stop()
    assert.equal(code, 0, fresh.stderr)
  } finally {
    if (fresh.child.exitCode === null) await fresh.stop()
  }
})

test('stderr has a line for a failure and no value of anybody', async () => {
  await office.resident().get('/receipts/SECRET-WORD')
  const line = await until(() => office.stderr.trim().split('\n').filter(Boolean).map((text) => JSON.parse(text)).findLast(({ route }) => route === '/api/receipts/{code}'))
  assert.equal(line.status, 400)
  assert.equal(line.method, 'GET')
  assert.ok(!office.stderr.includes('SECRET-WORD'))
  assert.ok(!office.stderr.includes('13812341234'))
})
