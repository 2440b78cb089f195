// A street calls two departments to what it cannot settle alone.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openDemo, pointIn, submitAppeal, until } from './office.mjs'

let office
before(async () => (office = await openDemo()))
after(() => office.stop())

function done(reply, status = 200) {
  assert.equal(reply.status, status, reply.text)
  return reply.json
}
async function sound(person, issue, subdistrict = '222401002') {
  const { lon, lat } = await pointIn(person, subdistrict)
  return person.post('/matters', {
    type: 'whistle',
    values: {
      reason: '积水淹了路灯线路', urgency: 'emergency', place: { lon, lat, address: '小广场' },
      issues: [issue], called: ['lighting_office', 'water'],
    },
  })
}

/** The demo's streets order powers by chance: whichever rows gave this one are retired. */
async function takeBack(action, holder) {
  const keeper = await office.person('reform_office_1')
  const { rows } = done(await keeper.get('/matters?type=devolved_power&limit=100'))
  for (const { id, state, columns } of rows)
    if (state === 'in_force' && columns.opens_action === action && columns.holder === holder) done(await keeper.act(id, 'retire', {}))
}

test('two departments report in, work and are verified; then the street stands down', async () => {
  const dispatcher = await office.person('dispatcher_beishan_street')
  const lighting = await office.person('officer_lighting_office')
  const water = await office.person('officer_water')
  const { id: issue, receipt } = await submitAppeal(office)
  const opened = done(await sound(dispatcher, issue), 201)
  const whistle = opened.id
  const calls = await until(async () => {
    const { parts } = (await dispatcher.get(`/matters/${whistle}`)).json
    return parts.length === 2 && parts
  })
  const call = (organisation) => calls.find(({ handler }) => handler.code === organisation).id
  const ofLighting = call('lighting_office'), ofWater = call('water')

  const running = done(await lighting.get(`/matters/${ofLighting}`))
  const clock = running.clocks.find(({ name }) => name === 'report_in')
  assert.equal(clock.status, 'running')
  assert.equal(Date.parse(clock.due) - Date.parse(clock.started), 30 * 60_000)

  // Nobody reports in for another.
  const foreign = await water.act(ofLighting, 'report_in')
  assert.ok([403, 404].includes(foreign.status), foreign.text)
  done(await lighting.act(ofLighting, 'report_in', { way: '电话' }))
  assert.equal((await dispatcher.get(`/matters/${whistle}`)).json.state, 'sounded')
  done(await water.act(ofWater, 'report_in', { way: '到场' }))
  await until(async () => (await dispatcher.get(`/matters/${whistle}`)).json.state === 'gathered')

  const unplanned = await dispatcher.act(whistle, 'plan')
  assert.equal(unplanned.key, 'whistle.plan.division')
  done(await dispatcher.act(whistle, 'plan', { division: '水务集团疏通，路灯所换线' }))
  for (const [officer, id] of [[lighting, ofLighting], [water, ofWater]]) {
    await until(async () => (await officer.get(`/matters/${id}`)).json.state === 'working')
    done(await officer.act(id, 'report', { result: '已处置' }))
    done(await dispatcher.act(id, 'verify'))
  }
  assert.equal((await dispatcher.get(`/matters/${whistle}`)).json.state, 'handling', 'its issue is still open')
  done(await office.resident().post(`/receipts/${receipt}/actions`, { action: 'withdraw' }))
  await until(async () => (await dispatcher.get(`/matters/${whistle}`)).json.state === 'answered')
  // Street and department rate one another before it is over.
  const early = await dispatcher.act(whistle, 'stand_down')
  assert.equal(early.key, 'whistle.stand_down.rated')
  for (const [key, id] of [['lighting_office', ofLighting], ['water', ofWater]]) {
    const head = await office.person(`unit_head_${key}`)
    const rate = (rows) => Object.fromEntries(rows.map((row) => [row, { value: 9, reason: '及时' }]))
    done(await dispatcher.act(id, 'rate_unit', { street_score: rate(['speed', 'result']) }))
    done(await head.act(id, 'rate_street', { unit_score: rate(['clear', 'lead']) }))
  }
  const over = done(await dispatcher.act(whistle, 'stand_down'))
  assert.equal(over.final, true)
})

test('a street without the devolved power may not whistle, and hears which rule refuses', async () => {
  const dispatcher = await office.person('dispatcher_henan_street')
  await takeBack('whistle.sound', 'henan_street')
  const { id: issue } = await submitAppeal(office, { subdistrict: '222401005' })
  const refused = await sound(dispatcher, issue, '222401005')
  assert.ok([400, 403, 409].includes(refused.status), refused.text)
  assert.match(refused.key, /basis/)
})
