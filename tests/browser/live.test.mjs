// A list that is alive and holds still: what came waits behind a pill, a broken line is taken up
// where it broke, and a page without news says how old it is.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { openDemo, submitAppeal } from '../functional/office.mjs'
import { onFailure, openBrowser, signedIn } from './hands.mjs'

let office, browser
before(async () => {
  office = await openDemo()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await office?.stop()
})

const list = '/desk?scope=territory'
const titles = (page) => page.locator('a.entry .title').allInnerTexts()
const pill = (page) => page.getByRole('button', { name: /条更新/ })

test('what comes in waits behind a pill and moves no row', async () => {
  const page = await signedIn(browser, office, 'dispatcher_beishan_street', { timezoneId: 'America/New_York' })
  await onFailure([page], 'live', async () => {
    await page.goto(list)
    await page.locator('a.entry').nth(5).hover()
    const before = await titles(page)
    assert.ok(before.length > 5)
    assert.equal(await pill(page).count(), 0)
    // Full pages begin with what is most urgent, so that a new one shows up where the list is short.
    const listening = page.waitForResponse((response) => response.url().includes('/api/live'))
    await page.goto(`${list}&type=whistle`)
    await page.locator('a.entry').first().waitFor()
    await listening
    const dispatcher = await office.person('dispatcher_beishan_street')
    const first = await submitAppeal(office, { text: '消息一：井盖缺了半块。' })
    await sound(dispatcher, first.id)
    await pill(page).waitFor()
    const held = await titles(page)
    assert.ok(!held.some((title) => title.includes('积水')), 'nothing came in by itself')
    await pill(page).click()
    await page.locator('a.entry', { hasText: '积水' }).first().waitFor()
    assert.equal(await pill(page).count(), 0)
  })
  assert.deepEqual(page.heard, [])
})

test('what changed before the line stood is told too', async () => {
  const page = await signedIn(browser, office, 'dispatcher_beishan_street')
  await onFailure([page], 'live-gap', async () => {
    const dispatcher = await office.person('dispatcher_beishan_street')
    let open
    const mayOpen = new Promise((done) => (open = done))
    await page.route('**/api/live*', async (route) => {
      await mayOpen
      await route.continue()
    })
    await page.goto(`${list}&type=whistle`)
    await page.locator('a.entry').first().waitFor()
    const { id } = await submitAppeal(office, { text: '线还没接上时的一件。' })
    await sound(dispatcher, id)
    assert.equal(await pill(page).count(), 0)
    open()
    await pill(page).waitFor()
  })
})

test('a line that broke is taken up where it broke', async () => {
  const page = await signedIn(browser, office, 'dispatcher_beishan_street')
  await onFailure([page], 'live-again', async () => {
    const dispatcher = await office.person('dispatcher_beishan_street')
    let opened = 0
    page.on('request', (request) => { if (request.url().includes('/api/live')) opened += 1 })
    await page.goto(`${list}&type=whistle`)
    await page.locator('a.entry').first().waitFor()
    await page.context().setOffline(true)
    const { id } = await submitAppeal(office, { text: '断线时的一件。' })
    await sound(dispatcher, id)
    await page.context().setOffline(false)
    await pill(page).waitFor()
    assert.ok(opened >= 1)
  })
})

test('without news for a minute the page says how old it is', async () => {
  const page = await signedIn(browser, office, 'dispatcher_beishan_street')
  await page.clock.install()
  await page.goto(list)
  await page.locator('a.entry').first().waitFor()
  await page.route('**/api/live*', (route) => route.abort())
  assert.equal(await page.locator('.stale').count(), 0)
  await page.clock.fastForward(75_000)
  await page.getByText(/数据截至/).waitFor()
})

async function sound(person, issue) {
  const { json } = await person.get(`/matters/${issue}`)
  const { value } = json.fields.find(({ name }) => name === 'place')
  const { status, text } = await person.post('/matters', {
    type: 'whistle',
    values: { reason: '积水淹了线路', urgency: 'routine', place: { lon: value.lon, lat: value.lat }, issues: [issue], called: ['water'] },
  })
  assert.equal(status, 201, text)
}
