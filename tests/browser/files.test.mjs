// A photo by hand: a resident attaches one to a report and sees it on the progress page, the desk sees
// it on the matter's page and answers with one of its own; nobody sees it grow on a stranger's page.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { deflateSync, crc32 } from 'node:zlib'

import { openDemo, pointIn } from '../functional/office.mjs'
import { desk, onFailure, openBrowser, signedIn, visitor } from './hands.mjs'

const street = '222401002'
let office, browser, place

before(async () => {
  office = await openDemo()
  browser = await openBrowser()
  place = await pointIn(office.resident(), street)
})
after(async () => {
  await browser?.close()
  await office?.stop()
})

/** A plain picture of one colour, as a phone would hand it over. */
function picture(width, height, colour) {
  const be32 = (number) => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(number); return bytes }
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data])
    return Buffer.concat([be32(data.length), body, be32(crc32(body))])
  }
  const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, colour)])
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.concat([be32(width), be32(height), Buffer.from([8, 2, 0, 0, 0])])),
    chunk('IDAT', deflateSync(Buffer.concat(Array.from({ length: height }, () => line)))), chunk('IEND', Buffer.alloc(0)),
  ])
}
const photo = (name, colour) => ({ name, mimeType: 'image/png', buffer: picture(320, 240, colour) })
/** Width and height of a picture as the browser decoded it. */
const drawn = (image) => image.evaluate((one) => one.decode().then(() => [one.naturalWidth, one.naturalHeight]))
/** Opens the picture of this name large and closes it again. */
async function enlarge(page, name) {
  await page.getByRole('button', { name: `打开${name}` }).first().click()
  const large = page.getByRole('dialog').getByRole('img', { name })
  await large.waitFor()
  const size = await drawn(large)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  return size
}

test('a photo goes from the resident to the desk and one comes back', async (t) => {
  const resident = await visitor(browser, office, { at: place })
  const pages = [resident]
  const step = (name, walk) => t.test(name, () => onFailure(pages, 'files', walk))
  let receipt, id

  await step('a resident adds two photos, takes one away again and reports', async () => {
    await resident.goto('/m/report')
    await resident.getByRole('button', { name: '用我的位置' }).click()
    await resident.locator('.under strong').waitFor()
    const input = resident.locator('input[type=file][multiple]')
    await input.setInputFiles([photo('门口.png', 90), photo('wrong.png', 200)])
    await resident.getByRole('button', { name: '移除wrong.png' }).click()
    await resident.getByRole('img', { name: '门口.png' }).waitFor()
    await resident.getByRole('button', { name: '移除wrong.png' }).waitFor({ state: 'detached' })
    await resident.getByLabel('诉求内容').fill('门口路灯不亮。')
    await resident.getByRole('button', { name: '提交', exact: true }).click()
    receipt = (await resident.locator('.receipt').innerText()).trim()
    assert.deepEqual(await resident.getByRole('alert').allInnerTexts(), [])
  })
  await step('what is taken away on its way does not come back when it has arrived', async () => {
    await resident.goto('/m/report')
    let arrive
    const taken = new Promise((done) => (arrive = done))
    await resident.route(/\/api\/files/, async (route) => (await taken, route.continue()))
    await resident.locator('input[type=file][multiple]').setInputFiles([photo('late.png', 30)])
    await resident.getByRole('button', { name: '移除late.png' }).click()
    const arrived = resident.waitForResponse(/\/api\/files/)
    arrive()
    await (await arrived).finished()
    await resident.locator('input[type=file][multiple]').setInputFiles([photo('next.png', 60)])
    await resident.getByRole('img', { name: 'next.png' }).waitFor()
    assert.equal(await resident.getByRole('img', { name: 'late.png' }).count(), 0)
    await resident.unroute(/\/api\/files/)
  })
  await step('what is no picture is refused in words, and the report goes without it', async () => {
    await resident.goto('/m/report')
    await resident.locator('input[type=file][multiple]').setInputFiles([{ name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<script>alert(1)</script>') }])
    await resident.getByRole('alert').filter({ hasText: '只收图片' }).waitFor()
    await resident.getByRole('button', { name: '移除page.html' }).click()
    await resident.getByRole('alert').waitFor({ state: 'detached' })
  })
  await step('the resident sees it on the progress page, small and large', async () => {
    await resident.goto(`/m/p/${receipt}`)
    await resident.locator('.files img').first().waitFor()
    assert.deepEqual(await drawn(resident.locator('.files img').first()), [320, 240])
    assert.deepEqual(await enlarge(resident, '门口.png'), [320, 240])
    id = (await (await resident.request.get(`/api/receipts/${receipt}`)).json()).id
  })
  await step('the desk sees it on the page of the matter and notes one of its own', async () => {
    const dispatcher = await signedIn(browser, office, 'dispatcher_beishan_street', { viewport: desk })
    pages.push(dispatcher)
    await dispatcher.goto(`/matters/${id}`)
    assert.deepEqual(await enlarge(dispatcher, '门口.png'), [320, 240])
    await dispatcher.getByLabel('写进展').fill('现场已看过。')
    await dispatcher.locator('.composer input[type=file][multiple]').setInputFiles([photo('现场.png', 30)])
    await dispatcher.locator('.composer').getByRole('img', { name: '现场.png' }).waitFor()
    await dispatcher.locator('.composer').getByText('居民可见').first().click()
    await dispatcher.locator('.composer button[type=submit]').click()
    await dispatcher.locator('.timeline').getByRole('button', { name: '打开现场.png' }).waitFor()
    assert.deepEqual(await enlarge(dispatcher, '现场.png'), [320, 240])
    assert.deepEqual(dispatcher.heard, [])
  })
  await step('the resident sees that one in what happened', async () => {
    await resident.goto(`/m/p/${receipt}`)
    await resident.locator('.timeline').getByRole('button', { name: '打开现场.png' }).waitFor()
    assert.deepEqual(await enlarge(resident, '现场.png'), [320, 240])
    assert.deepEqual(resident.heard, [])
  })
})
