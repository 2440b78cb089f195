// The whole loop of an appeal, by the hands of seven people and the resident.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { bringToCalling } from './calling.mjs'
import { inDays, openDemo, submitAppeal, until } from './office.mjs'

let office
before(async () => (office = await openDemo()))
after(() => office.stop())

const street = '222401002'
async function figure(person, name, unit = street) {
  const { status, json, text } = await person.get(`/indicators/${name}?unit=${unit}`)
  assert.equal(status, 200, text)
  return json.rows[0]
}
function done(reply) {
  assert.equal(reply.status, 200, reply.text)
  return reply.json
}

test('from the first word to the resident\'s own answer', async () => {
  const centre = await office.person('centre_1')
  const dispatcher = await office.person('dispatcher_beishan_street')
  const second = await office.person('second_dispatcher')
  const caller = await office.person('caller_beishan_street')
  const officer = await office.person('officer_lighting_office')
  const other = await office.person('officer_water')
  const resident = office.resident()
  const before = { came: await figure(dispatcher, 'appeal.came_in'), solved: await figure(dispatcher, 'appeal.satisfied') }

  const { id, number, receipt } = await submitAppeal(office, { text: '胡同口路灯三天不亮。' })
  assert.match(number, /\d/)
  const mine = done(await resident.get(`/receipts/${receipt}`))
  assert.equal(mine.state, 'received')
  assert.equal(mine.fields.find((field) => field.name === 'contact').value.phone, '13812341234')

  const seen = done(await centre.get(`/matters/${id}`))
  const contact = seen.fields.find((field) => field.name === 'contact')
  assert.notEqual(contact?.value?.phone, '13812341234', 'a sealed contact stays closed without a reason')
  assert.ok(seen.actions.some(({ action }) => action === 'accept'))
  const accepted = done(await centre.act(id, 'accept', { category: 'lighting' }, seen.version))
  assert.equal(accepted.state, 'accepted')
  assert.equal(accepted.handler.code, 'lighting_office')
  assert.equal(accepted.clocks.find(({ name }) => name === 'accept').status, 'met')
  assert.equal(accepted.clocks.find(({ name }) => name === 'promise').status, 'running')

  const split = done(await dispatcher.act(id, 'split', {
    tasks: [{ by_whom: 'lighting_office', share: 'lead', what: '更换灯具', due: inDays(5) }],
  }))
  assert.equal(split.state, 'handling')
  assert.equal(split.parts.length, 1)
  const task = split.parts[0].id

  // The task rings at the department; no other department may take it, nor see more of the appeal
  // than anybody who passes by.
  const notices = done(await officer.get('/notices'))
  const rung = notices.notices.find(({ matter }) => matter?.id === task)
  assert.deepEqual([rung.text, rung.label.zh], ['task.send', '交办'], 'what happened, by the label of the definition')
  assert.ok(rung.label.ko && rung.label.en)
  const foreign = await other.act(task, 'take')
  assert.ok([403, 404].includes(foreign.status), foreign.text)
  const names = ({ json }) => json.fields?.map(({ name }) => name)
  const glimpsed = await other.get(`/matters/${id}`)
  assert.deepEqual(names(glimpsed), names(await office.resident().get(`/matters/${id}`)))
  assert.deepEqual(names(glimpsed).sort(), ['category', 'place'])
  const { events } = done(await other.get(`/matters/${id}/timeline`))
  assert.ok(events.length > 0)
  for (const { by } of events) assert.equal(by.name, undefined, 'roles, no names')
  for (const kept of ['胡同口', '13812341234']) assert.ok(!glimpsed.text.includes(kept), glimpsed.text)
  assert.ok(!done(await other.get('/notices')).notices.some(({ matter }) => matter?.id === task))
  done(await officer.act(task, 'take'))
  const early = await officer.act(task, 'report', {})
  assert.equal(early.status, 400)
  assert.equal(early.key, 'task.report.result')
  assert.equal(early.json.label.zh, '须填写办理结果')
  const reported = done(await officer.act(task, 'report', { result: '已更换灯具，夜间试灯正常。' }))
  assert.equal(reported.state, 'reported')

  const own = await officer.act(task, 'pass')
  assert.equal(own.status, 403, 'who handled never verifies')
  const passed = done(await second.act(task, 'pass'))
  assert.equal(passed.state, 'done')
  await until(async () => (await dispatcher.get(`/matters/${id}`)).json.state === 'calling')

  done(await caller.act(id, 'call', { reached: true }))
  const answered = done(await resident.post(`/receipts/${receipt}/actions`,
    { action: 'reply', values: { answer: 'solved', comment: '修好了，谢谢。' } }))
  assert.equal(answered.state, 'closed')
  assert.equal(answered.outcome, 'solved')
  assert.equal(answered.final, true)
  assert.ok(answered.stages.filter(({ status }) => status === 'done').length >= 4)

  const after = { came: await figure(dispatcher, 'appeal.came_in'), solved: await figure(dispatcher, 'appeal.satisfied') }
  assert.equal(Number(after.came.value), Number(before.came.value ?? 0) + 1)
  assert.equal(Number(after.solved.numerator), Number(before.solved.numerator ?? 0) + 1)
  assert.equal(Number(after.solved.denominator), Number(before.solved.denominator ?? 0) + 1)
  const records = done(await dispatcher.get(`/indicators/appeal.satisfied/records?unit=${street}`))
  assert.ok(records.records.some(({ matter }) => matter.id === id))

  const timeline = done(await resident.get(`/receipts/${receipt}/timeline`))
  const actions = timeline.events.map(({ action }) => action)
  for (const action of ['submit', 'accept', 'split', 'call', 'reply']) assert.ok(actions.includes(action), action)
  assert.ok(!JSON.stringify(timeline).includes('13812341234'))
  const office_timeline = done(await dispatcher.get(`/matters/${id}/timeline`))
  assert.ok(office_timeline.events.length >= timeline.events.length)
})

test('an answer of "not solved" brings it back', async () => {
  const centre = await office.person('centre_1')
  const dispatcher = await office.person('dispatcher_beishan_street')
  const second = await office.person('second_dispatcher')
  const officer = await office.person('officer_lighting_office')
  const resident = office.resident()
  const { id, receipt } = await submitAppeal(office)
  done(await centre.act(id, 'accept', { category: 'lighting' }))
  const split = done(await dispatcher.act(id, 'split', {
    tasks: [{ by_whom: 'lighting_office', share: 'lead', what: '修灯', due: inDays(5) }],
  }))
  const task = split.parts[0].id
  done(await officer.act(task, 'take'))
  done(await officer.act(task, 'report', { result: '已修。' }))
  done(await second.act(task, 'redo', { reason: '现场仍不亮' }))
  done(await officer.act(task, 'report', { result: '重新接线。' }))
  done(await second.act(task, 'pass'))
  await until(async () => (await resident.get(`/receipts/${receipt}`)).json.state === 'calling')
  const back = done(await resident.post(`/receipts/${receipt}/actions`,
    { action: 'reply', values: { answer: 'not_solved' } }))
  assert.equal(back.state, 'reopened')
  assert.equal(back.outcome, undefined)
})

test('lists of the demonstration page in both directions and never show what the post does not cover', async () => {
  const dispatcher = await office.person('dispatcher_beishan_street')
  const first = done(await dispatcher.get('/matters?rows=20'))
  assert.equal(first.rows.length, 20)
  for (const row of first.rows) if (row.territory) assert.ok(row.territory.code.startsWith(street), row.territory.code)
  const next = done(await dispatcher.get(`/matters?rows=20&cursor=${encodeURIComponent(first.next)}`))
  const back = done(await dispatcher.get(`/matters?rows=20&cursor=${encodeURIComponent(next.previous)}`))
  assert.deepEqual(back.rows.map(({ id }) => id), first.rows.map(({ id }) => id))
  const elsewhere = await dispatcher.get('/matters?unit=222401003')
  assert.equal(elsewhere.status, 403)
  assert.equal(elsewhere.key, 'unit.not_covered')
})

test('the loop bar goes back with what comes back', async () => {
  const people = {}
  const { id, receipt } = await submitAppeal(office, { text: '路灯又灭了。' })
  const bar = async () => Object.fromEntries(done(await people.dispatcher.get(`/matters/${id}`)).stages.map(({ stage, status, at }) => [stage, at ? `${status} at` : status]))
  await bringToCalling(people, (login) => office.person(login), id)
  assert.deepEqual(await bar(), { collect: 'done at', receive: 'done at', dispatch: 'done at', handle: 'done at', follow_up: 'now', close: 'waiting' })
  const resident = office.resident()
  const answer = (given) => resident.post(`/receipts/${receipt}/actions`, { action: 'reply', values: { answer: given } })
  assert.equal(done(await answer('not_solved')).state, 'reopened')
  assert.deepEqual(await bar(), { collect: 'done at', receive: 'done at', dispatch: 'now', handle: 'waiting', follow_up: 'waiting', close: 'waiting' })
  await bringToCalling(people, (login) => office.person(login), id)
  assert.equal((await bar()).follow_up, 'now')
  assert.equal(done(await answer('solved')).state, 'closed')
  assert.ok(!Object.values(await bar()).some((status) => /now|late/.test(status)))
})
