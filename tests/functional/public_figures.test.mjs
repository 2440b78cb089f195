// What everybody is told by place and week, over the real executable.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { openDemo, until } from './office.mjs'

const weekMs = 7 * 86_400_000
const placeMs = 8 * 3_600_000
const patienceMs = 60_000
let office, resident
const day = (ms) => new Date(ms).toISOString().slice(0, 10)
const figuresOf = async (week) => {
  const reply = await resident.get(`/public/figures${week ? `?week=${week}` : ''}`)
  assert.equal(reply.status, 200, reply.text)
  return reply
}
/** The Monday of the newest week to be told: of the last one that was over a day ago, where the office stands. */
function newestMonday() {
  const dayMs = weekMs / 7
  const over = new Date(Date.now() + placeMs - weekMs - dayMs)
  return day(over.getTime() - ((over.getUTCDay() + 6) % 7) * dayMs)
}
/** All weeks of the figure, the newest first, when the timers have told the last one. */
async function toldWeeks() {
  await until(async () => (await figuresOf()).json.figures[0].week?.from >= newestMonday(), patienceMs)
  const weeks = []
  for (let week; weeks.length < 60; week = weeks.at(-1).earlier) {
    const [figure] = (await figuresOf(week)).json.figures
    assert.ok(figure.week, week)
    weeks.push(figure.week)
    if (!figure.week.earlier) break
  }
  return weeks
}

before(async () => {
  office = await openDemo()
  resident = office.resident()
})
after(() => office?.stop())

test('weeks that are over are told to anybody, without a small count and without a small difference', async () => {
  const weeks = await toldWeeks()
  assert.equal(weeks.length, 12)
  let told = 0
  for (const { from, until, places } of weeks) {
    assert.equal(Date.parse(until) - Date.parse(from), weekMs - 86_400_000)
    assert.equal(new Date(`${from}T00:00:00Z`).getUTCDay(), 1, from)
    assert.ok(Date.parse(until) < Date.now() - 86_400_000, until)
    told += places.length
    for (const { code, count } of places) {
      assert.ok(count >= 5, `${from} ${code}`)
      const within = places.filter((other) => other.code.startsWith(code) && other.code !== code)
      const parts = within.filter((part) => !within.some((between) => part.code.startsWith(between.code) && part.code !== between.code))
      const rest = count - parts.reduce((sum, part) => sum + part.count, 0)
      assert.ok(rest === 0 || rest >= 5, `${from} ${code}: ${rest} left`)
    }
  }
  assert.ok(told > 0, 'the demonstration has weeks with something to tell')
})

test('it is the same for everybody and says who is withheld', async () => {
  const open = await figuresOf()
  assert.equal(open.json.reporters_min, 5)
  assert.deepEqual(open.json.figures.map(({ name }) => name), ['appeal.common_ground'])
  const centre = await office.person('centre_1')
  assert.equal((await centre.get('/public/figures')).text, open.text)
  assert.doesNotMatch(open.text, /contact|phone|1[3-9]\d{9}/)
})

test('a week begins on a Monday', async () => {
  for (const week of ['2026-11-10', 'now', '2026-13-01', '-1'])
    assert.equal((await resident.get(`/public/figures?week=${week}`)).status, 400, week)
  const later = day(Date.parse((await figuresOf()).json.figures[0].week.from) + 3 * weekMs)
  assert.equal((await figuresOf(later)).json.figures[0].week, undefined)
})
