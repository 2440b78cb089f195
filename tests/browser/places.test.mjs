// What residents look up without an account (who serves their grid, what lies nearest, public counts on a
// map, notices in two languages), and what a door code opens.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'

import { openDemo, pointIn, until } from '../functional/office.mjs'
import { desk, onFailure, openBrowser, phone, signedIn, visitor } from './hands.mjs'

const require = createRequire(new URL('../../web/package.json', import.meta.url))
const jsQR = require('jsqr').default ?? require('jsqr')
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const community = '222401002002'
let office, browser, at

before(async () => {
  office = await openDemo()
  at = await pointIn(office.resident(), community)
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await office?.stop()
})

async function faultsOf(page) {
  await page.evaluate(axe)
  return page.evaluate(async (tags) => (await window.axe.run(document, { runOnly: tags })).violations.map(({ id, nodes }) => `${id} ${nodes[0].html.slice(0, 120)}`), rules)
}

for (const colorScheme of ['light', 'dark'])
  test(`who serves my grid and what lies nearest, ${colorScheme}: the position stays on the phone`, async () => {
    const page = await visitor(browser, office, { viewport: phone, at, colorScheme })
    const asked = []
    page.on('request', (request) => asked.push(request.url()))
    await onFailure([page], `places-${colorScheme}`, async () => {
      await page.goto('/m')
      await page.getByRole('link', { name: /归谁管/ }).click()
      await page.getByRole('button', { name: '用我的位置' }).click()
      await page.waitForURL(`**/m/places/${at.code}`)
      const serving = page.locator('section').filter({ hasText: '谁在这里服务' })
      await serving.getByText('网格员').first().waitFor()
      const phones = serving.getByRole('link', { name: /拨打 0433-/ })
      assert.match(await phones.first().getAttribute('href'), /^tel:0433\d+$/)
      // Nobody's name: of no holder that the staff sees.
      const worker = await office.person('centre_1')
      const { json } = await worker.get(`/posts?territory=${at.code}&rows=200`)
      const shown = await page.locator('main').innerText()
      const names = json.posts.flatMap(({ holders }) => holders.map(({ name }) => name))
      assert.ok(names.length > 0)
      for (const name of names) assert.ok(!shown.includes(name), name)
      // The nearest first, from where the phone is.
      const near = page.locator('ol.near > li')
      await near.first().waitFor()
      const metres = (await near.locator('.far').allInnerTexts()).map((text) => (text.includes('公里') ? 1000 : 1) * Number(text.replace(/[^\d.]/g, '')))
      assert.ok(metres.length > 3)
      assert.deepEqual(metres, [...metres].sort((a, b) => a - b))
      assert.ok(metres[0] < 1500, `${metres[0]} m`)
      await near.first().getByText('开放时间').waitFor()
      await page.locator('.frame canvas').first().waitFor()
      assert.deepEqual(await faultsOf(page), [])
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0)
      // Only the grid was asked for, with four decimals, and nothing kept.
      const told = asked.filter((url) => url.includes('lon='))
      assert.equal(told.length, 1, told.join('\n'))
      assert.match(told[0], /\/api\/territory\/at\?lon=\d+\.\d{4}&lat=\d+\.\d{4}$/)
      const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
      assert.ok(!kept.includes(Number(at.lon).toFixed(3)), kept)
      // On to the report of this very place.
      await page.getByRole('link', { name: '在这里上报' }).click()
      await page.waitForURL(/\/m\/report\?place=/)
      await until(async () => (await page.locator('select').evaluateAll((all) => all.map(({ value }) => value))).includes(at.code))
      assert.deepEqual(page.heard, [])
    })
    await page.context().close()
  })

test('without a position the community and grid are chosen, and what is unknown is said', async () => {
  const page = await visitor(browser, office, { viewport: phone })
  await onFailure([page], 'places-chosen', async () => {
    await page.goto('/m/places')
    for (const [nth, code] of ['222401', '222401002', community].entries()) await page.locator('form select').nth(nth).selectOption(code)
    await page.getByRole('button', { name: '看这里' }).click()
    await page.waitForURL(`**/m/places/${community}`)
    await page.getByText('再往下选').waitFor()
    await page.goto('/m/places/999999')
    await page.getByText('没有这个地方').waitFor()
    assert.deepEqual(page.heard, [])
  })
  await page.context().close()
})

test('told counts stand on a map, hatched where nothing is told by itself, and the table holds the same', async () => {
  const page = await visitor(browser, office, { viewport: phone })
  await onFailure([page], 'places-figures', async () => {
    // Weeks are told one after the other, the oldest first: until one has something to tell.
    let week
    const found = async (monday = '') => (await office.resident().get(`/public/figures${monday && `?week=${monday}`}`)).json.figures[0].week
    await until(async () => {
      week = await found()
      while (week && !week.places.length && week.earlier) week = await found(week.earlier)
      return week?.places.length > 0
    }, 60_000)
    assert.ok(week.places.length, 'the demonstration has a week with something to tell')
    await page.goto(`/m/figures?week=${week.from}`)
    await page.locator('.map-of-counts canvas').first().waitFor()
    await page.getByText('没有单独公布').first().waitFor()
    assert.equal(await page.locator('table:not(details table) tbody tr').count(), week.places.length)
    assert.deepEqual(await faultsOf(page), [])
    // A press on the middle says what is told of that ground, or that nothing is.
    await page.waitForTimeout(600)
    const box = await page.locator('.map-of-counts .map').boundingBox()
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
    const said = page.locator('.map-of-counts .said')
    await until(async () => /：\d+ 件|没有单独公布/.test(await said.innerText()))
    const [, place, count] = /^(.+)：(\d+) 件/.exec(await said.innerText()) ?? []
    if (place) assert.ok(week.places.some((one) => one.label.zh === place && String(one.count) === count), await said.innerText())
    assert.deepEqual(page.heard, [])
  })
  await page.context().close()
})

test('a notice stands in two languages, side by side on a desk and one under the other on a phone', async () => {
  const community1 = await office.person('desk_222401002001')
  const street = await office.person('dispatcher_beishan_street')
  const both = { zh: '东门两侧划十二个车位。', ko: '동문 량쪽에 주차 자리 12개를 긋습니다.' }
  // Its place is that of the post that drafts it.
  const draft = (text) => community1.post('/matters', { type: 'public_notice', values: { text } }, { 'gewu-post': community1.me.posts[0].id })
  const put = async (text) => {
    const { json, status, text: said } = await draft(text)
    assert.equal(status, 201, said)
    const up = await street.act(json.id, 'put_up', {})
    assert.equal(up.status, 200, up.text)
    return json.id
  }
  const two = await put(both)
  const one = await put('早市下月迁址。')
  for (const [viewport, isBeside] of [[desk, true], [phone, false]]) {
    const page = await visitor(browser, office, { viewport })
    await onFailure([page], `places-notice-${viewport.width}`, async () => {
      await page.goto(`/m/notices/${two}`)
      const zh = page.locator('.both .prose[lang="zh-CN"]').first()
      const ko = page.locator('.both .prose[lang="ko"]').first()
      assert.equal(await zh.innerText(), both.zh)
      assert.equal(await ko.innerText(), both.ko)
      const [left, right] = [await zh.boundingBox(), await ko.boundingBox()]
      if (isBeside) assert.ok(right.x >= left.x + left.width && Math.abs(left.y - right.y) < 4)
      else assert.ok(right.y >= left.y + left.height)
      assert.deepEqual(await faultsOf(page), [])
      await page.getByRole('link', { name: '全部公示' }).click()
      await page.getByText('早市下月迁址。').waitFor()
      await page.goto(`/m/notices/${one}`)
      await page.getByText('只有中文文本').waitFor()
      assert.equal(await page.locator('[lang="ko"].prose').count(), 0)
      assert.deepEqual(page.heard, [])
    })
    await page.context().close()
  }
  // A draft is nobody's to read.
  const { json: hidden } = await draft(both)
  assert.equal((await office.resident().get(`/public/notices/${hidden.id}`)).status, 404)
})

test('a door code is read from the printed sheet, and opens the duty sheet or the page of the place', async () => {
  const page = await signedIn(browser, office, 'grid_worker_222401002002', { viewport: phone })
  await onFailure([page], 'places-door', async () => {
    await page.goto(`/codes?place=${community}`)
    await page.locator('.plate svg').first().waitFor()
    assert.deepEqual(await faultsOf(page), [])
    // As a camera sees it: the drawn picture, not the text that it was made of.
    const read = async (nth) => {
      const { data, side } = await page.locator('.plate svg').nth(nth).evaluate(async (svg) => {
        const copy = svg.cloneNode(true)
        copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
        copy.querySelector('.ground').setAttribute('fill', getComputedStyle(svg.querySelector('.ground')).fill)
        copy.querySelector('.dots').setAttribute('fill', getComputedStyle(svg.querySelector('.dots')).fill)
        copy.setAttribute('width', '300')
        copy.setAttribute('height', '300')
        const image = new Image()
        image.src = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' }))
        await image.decode()
        const canvas = document.createElement('canvas')
        canvas.width = canvas.height = 300
        const pen = canvas.getContext('2d')
        pen.drawImage(image, 0, 0)
        return { data: [...pen.getImageData(0, 0, 300, 300).data], side: 300 }
      })
      return jsQR(Uint8ClampedArray.from(data), side, side)?.data
    }
    assert.equal(await read(0), `${office.url}/at/${community}`)
    const last = (await page.locator('.plate').count()) - 1
    assert.ok(last > 2)
    assert.match(await read(last), new RegExp(`^${office.url}/at/${community}\\d{3}(\\?facility=\\d+)?$`))
    const before = (await office.person('centre_1').then((centre) => centre.get('/matters?rows=20'))).json.total
    await page.goto(await read(1))
    await page.waitForURL(/\/places\/\d{15}$/)
    assert.ok(!page.url().includes('/m/'))
    const held = page.locator('section').filter({ hasText: '谁在这里任职' })
    await held.getByText('网格员').first().waitFor()
    const people = (await (await office.person('centre_1')).get(`/posts?territory=${community}&role=grid_worker`)).json.posts[0].holders
    await held.getByText(people[0].name).first().waitFor()
    await page.getByText('打开这一页不留痕').waitFor()
    assert.deepEqual(await faultsOf(page), [])
    assert.equal((await office.person('centre_1').then((centre) => centre.get('/matters?rows=20'))).json.total, before)
    await page.getByRole('link', { name: '在这里上报' }).click()
    await page.waitForURL(/\/report\?place=\d{15}$/)
    assert.deepEqual(page.heard, [])
    const guest = await visitor(browser, office, { viewport: phone })
    await guest.goto(`/at/${community}001`)
    await guest.waitForURL(`**/m/places/${community}001`)
    await guest.getByText('谁在这里服务').waitFor()
    assert.deepEqual(guest.heard, [])
    await guest.context().close()
  })
  await page.context().close()
})

test('somebody of another place sees who serves it, and not what is open there', async () => {
  const page = await signedIn(browser, office, 'grid_worker_222401003001', { viewport: phone })
  await onFailure([page], 'places-elsewhere', async () => {
    await page.goto(`/at/${community}001`)
    await page.getByText('你的岗位不管这里').waitFor()
    await page.getByText('网格员').first().waitFor()
    assert.deepEqual(await faultsOf(page), [])
    assert.deepEqual(page.heard, [])
  })
  await page.context().close()
})
