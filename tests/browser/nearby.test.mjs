// A resident finds that somebody said it before, says "me too" on the phone, and follows it.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'

import { openDemo, pointIn } from '../functional/office.mjs'
import { onFailure, openBrowser, phone, visitor } from './hands.mjs'

const axe = readFileSync(createRequire(new URL('../../web/package.json', import.meta.url)).resolve('axe-core/axe.min.js'), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
let office, browser, at

before(async () => {
  office = await openDemo()
  at = await pointIn(office.resident(), '222401002')
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await office?.stop()
})

async function accepted(category) {
  const { json } = await office.resident().post('/matters', { type: 'appeal', values: { text: '井盖没有了', place: { lon: at.lon, lat: at.lat } } })
  const centre = await office.person('centre_1')
  assert.equal((await centre.act(json.id, 'accept', { category })).status, 200)
  return json
}

for (const colorScheme of ['light', 'dark'])
  test(`me too, ${colorScheme}: nothing to fill in, a receipt of one's own`, async () => {
    const matter = await accepted('drainage')
    const page = await visitor(browser, office, { viewport: phone, at, colorScheme })
    await onFailure([page], `nearby-${colorScheme}`, async () => {
      await page.goto('/m/report')
      await page.getByRole('button', { name: '用我的位置' }).click()
      const panel = page.getByRole('region', { name: '附近已有人反映' })
      const row = panel.getByRole('listitem').filter({ hasText: '排水井盖' }).first()
      await row.waitFor()
      assert.doesNotMatch(await panel.innerText(), /井盖没有了/)
      const box = await row.getByRole('button', { name: '我也是' }).boundingBox()
      assert.ok(box.height >= 48, `${box.height} px high`)
      await row.getByRole('button', { name: '我也是' }).click()
      const said = panel.getByRole('status').first()
      await said.waitFor()
      await page.evaluate(axe)
      const faults = await page.evaluate(async (tags) => (await window.axe.run(document, { runOnly: tags })).violations.map(({ id }) => id), rules)
      assert.deepEqual(faults, [])
      await said.getByRole('link', { name: '看进度' }).click()
      await page.getByText('已附诉').first().waitFor()
      await page.getByText(/· 已受理/).first().waitFor()
      assert.equal(await page.getByText('井盖没有了').count(), 0)
      assert.deepEqual(page.heard, [])
    })
    await page.context().close()
    const centre = await office.person('centre_1')
    const { json } = await centre.get(`/matters/${matter.id}`)
    assert.ok(json.fields.some(({ name }) => name === 'echoed'))
  })
