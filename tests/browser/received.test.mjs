// The real executable and real Chromium: a resident's report that is received at the desk.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'

import { openDemo, pointIn } from '../functional/office.mjs'

const require = createRequire(new URL('../../web/package.json', import.meta.url))
const { chromium } = require('playwright-core')
const desk = 'centre_1'
let office, browser

before(async () => {
  office = await openDemo()
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--disable-gpu', '--no-sandbox'],
  })
})
after(async () => {
  await browser?.close()
  await office?.stop()
})

test('a resident reports on the phone and follows the receipt; the desk accepts it', async () => {
  const place = await pointIn(office.resident(), '222401002')
  const phone = await browser.newContext({
    viewport: { width: 390, height: 844 }, locale: 'zh-CN', permissions: ['geolocation'],
    geolocation: { longitude: Number(place.lon), latitude: Number(place.lat) },
  })
  const page = await phone.newPage()
  await page.goto(`${office.url}/m/report`)
  await page.locator('textarea').first().fill('楼道灯坏了三天。')
  await page.locator('input[type="text"]').first().fill('2号楼2单元')
  assert.equal(await page.locator('[role="alert"]').count(), 0)
  const opened = await office.resident().post('/matters', {
    type: 'appeal',
    values: { text: '楼道灯坏了三天。', place: { lon: place.lon, lat: place.lat } },
  })
  assert.equal(opened.status, 201)
  await page.goto(`${office.url}/m/p/${opened.json.receipt}`)
  await page.getByText(opened.json.number).first().waitFor()
  await phone.close()

  const work = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })
  const bench = await work.newPage()
  await bench.goto(`${office.url}/sign-in`)
  await bench.locator('input').nth(0).fill(desk)
  await bench.locator('input[type="password"]').fill(office.password)
  await bench.locator('button[type="submit"]').click()
  await bench.waitForURL((url) => !url.pathname.includes('sign-in'))
  await bench.goto(`${office.url}/matters/${opened.json.id}`)
  await bench.getByText('楼道灯坏了三天。').first().waitFor()
  await bench.getByRole('button', { name: /受理/ }).first().click()
  const dialog = bench.getByRole('dialog')
  await dialog.waitFor()
  await work.close()
})
