// Calling departments to several appeals (街道吹哨): from a matter or from those that are ticked in
// the list; what follows and by when is read before anything is sent.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { openDemo, submitAppeal, until } from '../functional/office.mjs'
import { onFailure, openBrowser, phone, signedIn } from './hands.mjs'

let office, browser
before(async () => {
  office = await openDemo()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await office?.stop()
})

const foresight = (page) => page.locator('.foresight')
const duesOf = async (page) => (await foresight(page).locator('.due').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '))
/** Ticks a department by the words on it. */
async function call(page, words) {
  const box = page.getByRole('group', { name: '召集部门' })
  await box.getByRole('searchbox').fill(words)
  await box.getByRole('checkbox', { name: words }).check()
}

test('from a matter: who is called, what lies inside, the deadline before it is sent', async () => {
  const text = '排水沟堵了，积水没过脚面，老人不敢出门。'
  const first = await submitAppeal(office, { text })
  const second = await submitAppeal(office, { text: `${text}请快来。` })
  const page = await signedIn(browser, office, 'dispatcher_beishan_street')
  await onFailure([page], 'compose', async () => {
    await page.goto(`/matters/${first.id}`)
    await page.getByRole('link', { name: /^吹哨/ }).waitFor()
    await page.keyboard.press('w')
    await page.waitForURL(/\/open\/whistle/)
    const inside = page.getByRole('group', { name: '涉及诉求' })
    await inside.getByRole('checkbox').first().waitFor()
    assert.ok(await inside.getByRole('checkbox', { name: new RegExp(first.number) }).isChecked())
    // What looks like the same thing is offered, never taken in by itself.
    const like = inside.getByRole('checkbox', { name: new RegExp(second.number) })
    await like.waitFor()
    assert.equal(await like.isChecked(), false)
    await foresight(page).getByText(/还要填.*吹哨事由/).waitFor()
    await like.check()
    await call(page, '自来水公司')
    await call(page, '路灯管理所')
    await page.getByLabel('吹哨事由').fill('积水淹了路灯线路，要一起到场。')
    await page.getByRole('radio', { name: '日常' }).check()
    await foresight(page).getByText('1 个工作日').waitFor()
    const calm = await duesOf(page)
    await page.getByRole('radio', { name: '应急' }).check()
    await foresight(page).getByText('30 分钟').waitFor()
    const urgent = await duesOf(page)
    assert.notDeepEqual(urgent, calm)
    await foresight(page).getByText('15 个工作日').waitFor()
    assert.match(await foresight(page).innerText(), /路灯管理所/)
    assert.match(await foresight(page).innerText(), /自来水公司/)
    // Nothing has happened so far.
    const dispatcher = await office.person('dispatcher_beishan_street')
    const links = async () => (await dispatcher.get(`/matters?of=territory&type=whistle&rows=50`)).json.rows.length
    const count = await links()
    await page.getByRole('button', { name: '吹哨', exact: true }).click()
    await page.waitForURL(/\/matters\/\d+$/)
    assert.equal(await links(), count + 1)
    const id = new URL(page.url()).pathname.split('/').pop()
    const whistle = await until(async () => {
      const { json } = await dispatcher.get(`/matters/${id}`)
      return json.parts.length === 2 && json
    })
    assert.deepEqual(whistle.fields.find(({ name }) => name === 'issues').value.sort(), [first.id, second.id].sort())
    const { json } = await dispatcher.get(`/matters/${whistle.parts[0].id}`)
    const clock = json.clocks.find(({ name }) => name === 'report_in')
    assert.equal(Date.parse(clock.due) - Date.parse(clock.started), 30 * 60_000)
  })
  assert.deepEqual(page.heard, [])
})

test('from the list: the ticked ones go inside together', async () => {
  const sent = []
  for (const text of ['吹哨甲：井盖松动。', '吹哨乙：井盖缺角。']) sent.push(await submitAppeal(office, { text }))
  const page = await signedIn(browser, office, 'dispatcher_beishan_street')
  await onFailure([page], 'compose-list', async () => {
    await page.goto(`/desk?scope=territory&type=appeal&words=${encodeURIComponent('井盖')}`)
    for (const { id } of sent) await page.locator('li.line', { has: page.locator(`a[data-key="${id}"]`) }).locator('input[type=checkbox]').check()
    await page.locator('.bulk').getByRole('link', { name: '吹哨' }).click()
    await page.waitForURL(/\/open\/whistle/)
    const inside = page.getByRole('group', { name: '涉及诉求' })
    for (const { number } of sent) {
      await inside.getByRole('checkbox', { name: new RegExp(number) }).waitFor()
      assert.ok(await inside.getByRole('checkbox', { name: new RegExp(number) }).isChecked())
    }
  })
  assert.deepEqual(page.heard, [])
})

test('what would be refused is read before it is sent; also on a phone', async () => {
  const { id } = await submitAppeal(office)
  const page = await signedIn(browser, office, 'dispatcher_beishan_street', { viewport: phone })
  await onFailure([page], 'compose-refused', async () => {
    // The same question to a rule that says no: the office answers for it.
    await page.route('**/api/matters/preview', (route) => route.fulfill({ status: 409, json: { code: 'conflict', key: 'whistle.sound.basis', label: { zh: '没有下放的权力' } } }))
    await page.goto(`/open/whistle?from=${id}&issues=${id}`)
    await call(page, '自来水公司')
    await page.getByLabel('吹哨事由').fill('管道渗水。')
    await page.getByRole('radio', { name: '日常' }).check()
    await foresight(page).locator('.refused', { hasText: '没有下放的权力' }).waitFor()
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.equal(sideways, 0)
  })
})
