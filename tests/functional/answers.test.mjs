// Who may answer for a resident: whoever holds the link that was sent to him, once; never from a session,
// a browser or an address of those who are measured by it.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { bringToCalling, messagesIn } from './calling.mjs'
import { gewu, openDemoWith, Person, randomUUID, serve, submitAppeal, until } from './office.mjs'

const folder = mkdtempSync(join(tmpdir(), 'gewu-messages-'))
const file = join(folder, 'messages.jsonl')
const words = ['--behind-proxy', '127.0.0.1', '--messages', file, '--public-url', 'https://office.example/', '--staff-networks', '10.20.0.0/16,192.0.2.7']
let office
before(async () => (office = await openDemoWith(words)))
after(async () => {
  await office?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Somebody at an address, as the proxy in front says. */
class Somewhere extends Person {
  constructor(of, address) {
    super(of)
    this.address = address
    this.mayRead = true
  }
  headers(more = {}) {
    return super.headers({ 'x-forwarded-for': this.address, ...more })
  }
  link(code) {
    return this.get('/answer', { headers: { 'gewu-answer': code } })
  }
  answer(code, answer = 'solved', more = {}) {
    return this.post('/answer', { values: { answer } }, { 'gewu-answer': code, ...more })
  }
  byReceipt(receipt, action, values = {}) {
    return this.post(`/receipts/${receipt}/actions`, { action, values })
  }
}
const atHome = () => new Somewhere(office, '203.0.113.77')
async function staff(login, address = '198.51.100.5') {
  const person = new Somewhere(office, address)
  const reply = await person.post('/sign-in', { login, password: office.passwordOf(login) })
  assert.equal(reply.status, 200, reply.text)
  return person
}
/** Those of one appeal that ask for an answer: the town of the demonstration has others that wait. */
const about = (number) => messagesIn(file).filter(({ kind, text }) => kind === 'answer' && text.en.includes(number))
const codeIn = ({ link }) => link.split('#')[1]
const done = (reply) => {
  assert.ok(reply.status < 300, `${reply.status} ${reply.text}`)
  return reply.json
}
const people = {}
const callAbout = (id) => bringToCalling(people, staff, id)
/** An appeal that waits for its author: {id, number, receipt, code}. */
async function asked() {
  const appeal = await submitAppeal(office)
  await callAbout(appeal.id)
  const message = await until(() => about(appeal.number).at(-1))
  return { ...appeal, message, code: codeIn(message) }
}

test('a link goes to the phone of the author, shows what was done, and answers once', async () => {
  const { id, number, message, code } = await asked()
  assert.equal(message.to, '13812341234')
  assert.match(message.link, /^https:\/\/office\.example\/m\/answer#[0-9A-Z]{4}(-[0-9A-Z]{4}){6}$/)
  for (const language of ['zh-CN', 'ko', 'en']) assert.ok(message.text[language].includes(number) && message.text[language].includes(message.link), message.text[language])
  const home = atHome()
  const seen = await home.link(code)
  assert.equal(seen.status, 200, seen.text)
  assert.equal(seen.json.matter.number, number)
  assert.deepEqual(seen.json.matter.actions.map(({ action }) => action), ['reply'])
  assert.ok(seen.json.timeline.events.some(({ action }) => action === 'all_done'))
  for (const hidden of ['13812341234', '李小明']) assert.ok(!seen.text.includes(hidden), 'no contact')
  const request = { 'gewu-request': randomUUID() }
  assert.equal((await home.answer(code, 'solved', request)).status, 204)
  assert.equal((await home.answer(code, 'solved', request)).status, 204, 'the same request, whose answer was lost')
  assert.equal((await home.answer(code, 'not_solved')).key, 'answer_link.used')
  assert.equal((await home.link(code)).key, 'answer_link.used')
  const { dispatcher } = people
  assert.equal((await dispatcher.get(`/matters/${id}`)).json.state, 'closed')
  const { events } = (await dispatcher.get(`/matters/${id}/timeline`)).json
  assert.deepEqual(events.find(({ action }) => action === 'reply').by, { kind: 'author', by_link: true })
})

test('of two at once one is taken', async () => {
  const { id, code } = await asked()
  const replies = await Promise.all(['solved', 'not_solved', 'partly'].map((answer) => atHome().answer(code, answer)))
  assert.deepEqual(replies.map(({ status }) => status).sort(), [204, 409, 409])
  for (const { status, key } of replies) if (status === 409) assert.equal(key, 'answer_link.used')
  const { events } = (await people.dispatcher.get(`/matters/${id}/timeline`)).json
  assert.equal(events.filter(({ action }) => action === 'reply').length, 1)
})

test('one ends when the matter goes on, and codes of others are none', async () => {
  const { id, number, receipt, code } = await asked()
  const home = atHome()
  assert.equal((await home.byReceipt(receipt, 'reply', { answer: 'not_solved' })).status, 200)
  assert.equal((await home.answer(code)).key, 'answer_link.left')
  await callAbout(id)
  const message = await until(() => about(number)[1])
  assert.equal((await home.answer(code)).key, 'answer_link.left', 'it does not come back with the state')
  assert.equal((await home.link(receipt)).key, 'token.answer.mistyped')
  assert.equal((await home.link('')).key, 'token.answer.form')
  assert.equal((await home.answer(codeIn(message))).status, 204)
})

test('another number is given by the link that the old one got, and by nobody else', async () => {
  const { id, number, receipt } = await submitAppeal(office)
  const home = atHome()
  const contact = { name: '金某', phone: '13700000001' }
  const receiptSees = done(await home.get(`/receipts/${receipt}`))
  assert.ok(receiptSees.actions.some(({ action }) => action === 'ask_contact'))
  assert.ok(!receiptSees.actions.some(({ action }) => action === 'change_contact'))
  assert.equal((await home.byReceipt(receipt, 'change_contact', { contact })).key, 'appeal.change_contact.by')
  const clerk = await staff('caller_beishan_street', '203.0.113.90')
  assert.equal((await clerk.byReceipt(receipt, 'ask_contact')).key, 'author.staff_session')
  done(await home.byReceipt(receipt, 'ask_contact'))
  const first = await until(() => about(number).at(-1))
  assert.equal(first.to, '13812341234')
  const code = codeIn(first)
  const seen = done(await home.link(code))
  assert.deepEqual(seen.matter.actions.map(({ action }) => action), ['change_contact'])
  const give = (person, values) => person.post('/answer', { values }, { 'gewu-answer': code })
  assert.equal((await give(home, {})).key, 'appeal.change_contact.contact.required')
  assert.equal((await give(clerk, { contact })).key, 'author.staff_session')
  assert.equal((await give(home, { contact })).status, 204)
  assert.equal((await give(home, { contact })).key, 'answer_link.used')
  done(await home.byReceipt(receipt, 'ask_contact'))
  const second = await until(() => about(number)[1])
  assert.equal(second.to, '13700000001')
  const timeline = (await people.dispatcher.get(`/matters/${id}/timeline`)).text
  assert.ok(timeline.includes('change_contact') && !timeline.includes('13700000001'))
  assert.match(gewu(['audit', '--data', office.data]), /contact_changed/)
})

test('a clerk with a link or a receipt is refused by session, by browser and by address, and told', async () => {
  const { receipt, code } = await asked()
  const home = atHome()
  const clerk = await staff('caller_beishan_street', '203.0.113.80')
  const refused = async (who, key) => {
    assert.equal((await who.answer(code)).key, key)
    assert.equal((await who.byReceipt(receipt, 'reply', { answer: 'solved' })).key, key)
    assert.equal((await who.byReceipt(receipt, 'withdraw')).key, key)
    assert.equal((await who.get(`/receipts/${receipt}`)).status, 200, 'to look is no harm')
  }
  await refused(clerk, 'author.staff_session')
  done(await clerk.get('/me'))
  assert.equal((await clerk.post('/sign-out')).status, 204)
  clerk.address = '203.0.113.81'
  await refused(clerk, 'author.staff_device')
  assert.equal((await clerk.byReceipt(receipt, 'note', { text: '代写' })).key, 'author.staff_device')
  for (const address of ['203.0.113.80', '10.20.30.40', '192.0.2.7'])
    await refused(new Somewhere(office, address), 'author.staff_address')
  assert.equal((await new Somewhere(office, '10.20.30.40').byReceipt(receipt, 'note', { text: '在窗口补充' })).status, 200)

  office.addAdministrator('answers_audit', office.password, '--audit')
  const auditor = await staff('answers_audit')
  const { lines } = done(await auditor.get('/audit/log?event=author_refused'))
  const keys = new Set(lines.map(({ key }) => key))
  assert.deepEqual([...keys].sort(), ['author.staff_address', 'author.staff_device', 'author.staff_session'])
  assert.ok(lines.every(({ success }) => !success))
  assert.ok(lines.some(({ login }) => login === 'caller_beishan_street'))
  const said = JSON.stringify(lines)
  assert.ok(!said.includes(code) && !said.includes(receipt))
  assert.equal((await home.answer(code)).status, 204, 'the resident is not held up by any of it')
})

test('link, device and networks hold over a restart, and no file of the office has the code', async () => {
  const { id, code } = await asked()
  const clerk = await staff('caller_beishan_street', '203.0.113.82')
  done(await clerk.get('/me'))
  await clerk.post('/sign-out')
  const ended = new Promise((end) => office.child.once('exit', end))
  office.child.kill('SIGTERM')
  await ended
  const plain = code.replaceAll('-', '')
  for (const name of readdirSync(office.data)) {
    if (!name.endsWith('.db')) continue
    const bytes = readFileSync(join(office.data, name))
    assert.ok(!bytes.includes(code) && !bytes.includes(plain), name)
  }
  const exported = join(folder, 'journal')
  gewu(['export', 'journal', exported, '--data', office.data])
  for (const name of readdirSync(exported)) assert.ok(!readFileSync(join(exported, name)).includes(code), name)
  assert.ok(!office.stderr.includes(code), 'nor does the log of the server')
  assert.match(gewu(['audit', '--data', office.data]), /answered_by_link/)
  gewu(['check', '--data', office.data])
  office = await serve(office.folder, office.printed, words)
  for (const person of [clerk, ...Object.values(people)]) person.office = office
  clerk.address = '203.0.113.83'
  assert.equal((await clerk.answer(code)).key, 'author.staff_device')
  assert.equal((await new Somewhere(office, '10.20.0.1').answer(code)).key, 'author.staff_address')
  const home = atHome()
  assert.equal((await home.answer(code)).status, 204)
  assert.equal((await home.answer(code)).key, 'answer_link.used')
  assert.equal((await people.dispatcher.get(`/matters/${id}`)).json.state, 'closed')
})
