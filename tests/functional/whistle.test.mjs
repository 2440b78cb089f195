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
      issues: [issue], called: ['lighting_office', 'housing_office'],
    },
  })
}

test('two departments report in, work and are verified; then the street stands down', async () => {
  const dispatcher = await office.person('dispatcher_beishan_street')
  const lighting = await office.person('officer_lighting_office')
  const housing = await office.person('officer_housing_office')
  const { id: issue, receipt } = await submitAppeal(office)
  const opened = done(await sound(dispatcher, issue), 201)
  const whistle = opened.id
  const calls = await until(async () => {
    const { parts } = (await dispatcher.get(`/matters/${whistle}`)).json
    return parts.length === 2 && parts
  })
  const call = (organisation) => calls.find(({ handler }) => handler.code === organisation).id
  const ofLighting = call('lighting_office'), ofHousing = call('housing_office')

  const running = done(await lighting.get(`/matters/${ofLighting}`))
  const clock = running.clocks.find(({ name }) => name === 'report_in')
  assert.equal(clock.status, 'running')
  assert.equal(Date.parse(clock.due) - Date.parse(clock.started), 30 * 60_000)

  // Nobody reports in for another.
  const foreign = await housing.act(ofLighting, 'report_in')
  assert.ok([403, 404].includes(foreign.status), foreign.text)
  done(await lighting.act(ofLighting, 'report_in', { way: '电话' }))
  assert.equal((await dispatcher.get(`/matters/${whistle}`)).json.state, 'sounded')
  done(await housing.act(ofHousing, 'report_in', { way: '到场' }))
  await until(async () => (await dispatcher.get(`/matters/${whistle}`)).json.state === 'gathered')

  const unplanned = await dispatcher.act(whistle, 'plan')
  assert.equal(unplanned.key, 'whistle.plan.division')
  done(await dispatcher.act(whistle, 'plan', { division: '房产局疏通，路灯所换线' }))
  for (const [officer, id] of [[lighting, ofLighting], [housing, ofHousing]]) {
    await until(async () => (await officer.get(`/matters/${id}`)).json.state === 'working')
    done(await officer.act(id, 'report', { result: '已处置' }))
    done(await dispatcher.act(id, 'verify'))
  }
  assert.equal((await dispatcher.get(`/matters/${whistle}`)).json.state, 'handling', 'its issue is still open')
  done(await office.resident().post(`/receipts/${receipt}/actions`, { action: 'withdraw' }))
  await until(async () => (await dispatcher.get(`/matters/${whistle}`)).json.state === 'answered')
  const over = done(await dispatcher.act(whistle, 'stand_down'))
  assert.equal(over.final, true)
})

test('a street without the devolved power may not whistle, and hears which rule refuses', async () => {
  const dispatcher = await office.person('dispatcher_henan_street')
  const { id: issue } = await submitAppeal(office, { subdistrict: '222401005' })
  const refused = await sound(dispatcher, issue, '222401005')
  assert.ok([400, 403, 409].includes(refused.status), refused.text)
  assert.match(refused.key, /basis/)
})
