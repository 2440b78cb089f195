// An administrator brings a boundary in a file of another datum, sees what is wrong, drops it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { openDemo } from '../functional/office.mjs'
import { onFailure, openBrowser, signedIn } from './hands.mjs'

const unit = '222401002'
let office, browser
before(async () => {
  office = await openDemo()
  office.addAdministrator('drawer')
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await office?.stop()
})

test('a file that lies over its neighbours is shown on the map and cannot be saved', async () => {
  const { json } = await office.resident().get(`/territory/${unit}/grids.geojson`)
  // The first one, drawn where the middle one lies: some hundred metres off, since the file is of
  // another datum, and all the same among its neighbours.
  const corner = ({ geometry }) => geometry.coordinates.flat(Infinity).slice(0, 2)
  const middle = [0, 1].map((axis) => json.features.reduce((sum, one) => sum + corner(one)[axis], 0) / json.features.length)
  const away = (one) => Math.hypot(...corner(one).map((number, axis) => number - middle[axis]))
  const [amid] = json.features.toSorted((a, b) => away(a) - away(b))
  const feature = { type: 'Feature', properties: { code: json.features[0].properties.code }, geometry: amid.geometry }
  const page = await signedIn(browser, office, 'drawer', { password: office.password })
  await onFailure([page], 'grids', async () => {
    await page.goto('/admin/grids')
    for (const name of ['延吉市', '北山街道']) {
      const select = page.locator('select').filter({ has: page.locator('option', { hasText: name }) }).last()
      await select.selectOption({ label: name })
    }
    await page.locator('canvas').first().waitFor()
    await page.getByText('从文件带入').click()
    await page.getByLabel('文件的坐标系').selectOption({ label: 'GCJ-02（高德、腾讯等）' })
    const file = { name: 'grids.geojson', mimeType: 'application/geo+json', buffer: Buffer.from(JSON.stringify({ type: 'FeatureCollection', features: [feature] })) }
    await page.getByLabel('GeoJSON 文件').setInputFiles(file)
    await page.getByText(/重叠 \d+ 平方米/).first().waitFor()
    const save = page.getByRole('button', { name: '保存 1 个网格' })
    assert.ok(await save.isDisabled())
    await page.getByRole('button', { name: '放弃改动' }).click()
    await page.getByText('改了 0 个网格').waitFor()
    assert.deepEqual(page.heard, [])
  })
  await page.context().close()
})
