// An administrator brings a boundary in a file of another datum, sees what is wrong, drops it; and one that
// is right is proposed by him and put to work by another, who sees it first.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { openDemo } from '../functional/office.mjs'
import { onFailure, openBrowser, phone, signedIn } from './hands.mjs'

const unit = '222401002'
let office, browser
before(async () => {
  office = await openDemo()
  for (const login of ['drawer', 'second_drawer']) office.addAdministrator(login)
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await office?.stop()
})

async function openUnit(page) {
  await page.goto('/admin/grids')
  for (const name of ['延吉市', '北山街道']) {
    const select = page.locator('select').filter({ has: page.locator('option', { hasText: name }) }).last()
    await select.selectOption({ label: name })
  }
  await page.locator('canvas').first().waitFor()
  await page.getByText('从文件带入').click()
}
function bring(page, feature) {
  const buffer = Buffer.from(JSON.stringify({ type: 'FeatureCollection', features: [feature] }))
  return page.getByLabel('GeoJSON 文件').setInputFiles({ name: 'grids.geojson', mimeType: 'application/geo+json', buffer })
}

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
    await openUnit(page)
    await page.getByLabel('文件的坐标系').selectOption({ label: 'GCJ-02（高德、腾讯等）' })
    await bring(page, feature)
    await page.getByText(/重叠 \d+ 平方米/).first().waitFor()
    const propose = page.getByRole('button', { name: '提议改动 1 个网格' })
    assert.ok(await propose.isDisabled())
    await page.getByRole('button', { name: '放弃改动' }).click()
    await page.getByText('改了 0 个网格').waitFor()
    assert.deepEqual(page.heard, [])
  })
  await page.context().close()
})

test('one proposes a smaller grid, another sees it on the map and confirms', async () => {
  const shape = async () => (await office.resident().get(`/territory/${unit}/grids.geojson`)).json.features[0]
  const { properties, geometry } = await shape()
  const [ring] = geometry.coordinates
  const middle = [0, 1].map((axis) => ring.reduce((sum, point) => sum + point[axis], 0) / ring.length)
  const coordinates = [ring.map((point) => point.map((at, axis) => Number((at * 0.9 + middle[axis] * 0.1).toFixed(6))))]
  const first = await signedIn(browser, office, 'drawer', { password: office.password })
  const second = await signedIn(browser, office, 'second_drawer', { password: office.password, viewport: phone })
  await onFailure([first, second], 'grids-two', async () => {
    await openUnit(first)
    await bring(first, { type: 'Feature', properties: { code: properties.code }, geometry: { ...geometry, coordinates } })
    await first.getByText('改了 1 个网格').waitFor()
    await first.getByRole('button', { name: '提议改动 1 个网格' }).click()
    await first.getByText(/你于 .* 提议改动北山街道的 1 个网格/).waitFor()
    assert.equal(await first.getByRole('button', { name: '确认并启用' }).count(), 0, 'not by himself')
    assert.deepEqual((await shape()).geometry, geometry, 'nothing has changed')

    await second.goto('/admin/grids')
    await second.getByText(/另一位管理员于 .* 提议改动北山街道的 1 个网格/).waitFor()
    assert.equal(await second.getByRole('button', { name: '确认并启用' }).count(), 0, 'not before it was looked at')
    await second.getByRole('button', { name: '看会改什么' }).click()
    await second.getByText('改了 1 个网格').waitFor()
    // The old line beside the new one, what that means in words, and whose ground it is.
    await second.getByText(/面积由 .*平方.*变为 .*，少 .*（19%）/).waitFor()
    for (const line of ['现在的界线', '新的界线']) await second.getByText(line).waitFor()
    const shown = await second.locator('.levels select').evaluateAll((all) => all.map((one) => one.selectedOptions[0]?.text))
    assert.ok(shown.includes('北山街道'), shown.join())
    const wide = await second.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.equal(wide, 0, 'no sideways scroll')
    await second.getByRole('button', { name: '确认并启用' }).click()
    await second.getByText('已启用 1 个网格的新边界').first().waitFor()
    assert.deepEqual((await shape()).geometry.coordinates, coordinates)
    await first.goto('/admin/audit')
    for (const [event, login] of [['提议网格边界', 'drawer'], ['启用网格边界', 'second_drawer']])
      await first.getByRole('row').filter({ hasText: event }).filter({ hasText: login }).first().waitFor()
    assert.deepEqual([...first.heard, ...second.heard], [])
  })
  for (const page of [first, second]) await page.context().close()
})
