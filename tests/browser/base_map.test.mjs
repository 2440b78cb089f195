// The ground under the boundaries, as a person sees it in Chromium: tiles through our server, a file of
// pictures, a file of shapes, and a provider that is gone. The policy of pages knows no other origin.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openProvider, pmtiles, png, squareTile, tilesIn } from '../functional/ground_hands.mjs'
import { openDemoWith, pointIn } from '../functional/office.mjs'
import { desk, onFailure, openBrowser, phone, signedIn, visitor } from './hands.mjs'

const ground = [230, 140, 40]
const attribution = { zh: '测试底图 审图号 0号', ko: '시험 바탕지도', en: 'Base map of a test' }
const dispatcher = 'dispatcher_beishan_street'
let folder, browser
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gewu-ground-'))
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function withGround(content, walk) {
  const path = join(folder, 'settings.json')
  writeFileSync(path, JSON.stringify({ attribution, ...content }))
  const office = await openDemoWith(['--base-map', path])
  try {
    await walk(office)
  } finally {
    await office.stop()
  }
}
/** The colour in the middle of what lies under the boundaries; nothing while nothing does. */
const colourOf = (page, layer = 'base') => page.evaluate((name) => {
  const canvas = document.querySelector(`.map .${name} canvas, .map canvas.${name}`)
  if (!canvas?.width) return null
  const { data } = canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 1, 1)
  return [...data]
}, layer)
async function untilColour(page, expected, layer) {
  let seen
  for (let turn = 0; turn < 100; turn += 1) {
    seen = await colourOf(page, layer)
    if (seen && expected(seen)) return
    await page.waitForTimeout(100)
  }
  assert.fail(`last seen ${JSON.stringify(seen)}`)
}
const isGround = ([red, green, blue, alpha]) => red === ground[0] && green === ground[1] && blue === ground[2] && alpha === 255
/** What goes out from a page to anywhere else than its own office. */
function strangers(page, office) {
  const seen = []
  page.on('request', (request) => { if (!request.url().startsWith(office.url) && !/^(data|blob):/.test(request.url())) seen.push(request.url()) })
  return seen
}

test('tiles of somebody else are seen under the boundaries, by staff and by whoever reports', async () => {
  const provider = await openProvider(ground)
  try {
    await withGround({ kind: 'xyz', url: `${provider.url}/{z}/{x}/{y}.png` }, async (office) => {
      const page = await signedIn(browser, office, dispatcher, { viewport: desk })
      await onFailure([page], 'ground-tiles', async () => {
        const others = strangers(page, office)
        await page.goto('/map')
        await untilColour(page, isGround)
        await page.getByText(attribution.zh).waitFor()
        assert.deepEqual(others, [])
        assert.deepEqual(page.heard, [])
        assert.ok(provider.heard.length > 0)
      })
      await page.context().close()
      const at = await pointIn(office.resident(), '222401002')
      const resident = await visitor(browser, office, { viewport: phone, at })
      await onFailure([resident], 'ground-report', async () => {
        await resident.goto('/m/report')
        await resident.getByRole('button', { name: '用我的位置' }).click()
        await untilColour(resident, isGround)
        await resident.getByText(attribution.zh).waitFor()
        assert.deepEqual(resident.heard, [])
      })
      await resident.context().close()
    })
  } finally {
    await provider.close()
  }
})

test('a provider that is gone leaves the boundaries and says so', async () => {
  const provider = await openProvider(ground)
  await provider.close()
  await withGround({ kind: 'xyz', url: `${provider.url}/{z}/{x}/{y}.png` }, async (office) => {
    const page = await signedIn(browser, office, dispatcher, { viewport: desk })
    await onFailure([page], 'ground-gone', async () => {
      await page.goto('/map')
      await page.getByText('底图暂时取不到').waitFor()
      assert.equal(await colourOf(page), null, 'nothing is asked for any more')
      assert.equal(await page.getByText(attribution.zh).count(), 0)
      await page.locator('.map canvas').first().waitFor()
      assert.deepEqual(page.heard.filter((line) => !/503/.test(line)), [])
    })
    await page.context().close()
  })
})

test('a file of pictures and a file of shapes are drawn from our own server', async () => {
  const frame = [129.0, 42.5, 130.0, 43.3]
  const zooms = [8, 9, 10, 11, 12]
  const all = zooms.flatMap((z) => tilesIn(frame, z))
  writeFileSync(join(folder, 'pictures.pmtiles'), pmtiles(all.map((tile) => ({ ...tile, bytes: png(ground) })), 'png', frame))
  await withGround({ kind: 'pmtiles', file: 'pictures.pmtiles' }, async (office) => {
    const page = await signedIn(browser, office, dispatcher, { viewport: desk })
    await onFailure([page], 'ground-file', async () => {
      await page.goto('/map')
      await untilColour(page, isGround)
      assert.deepEqual(page.heard, [])
    })
    await page.context().close()
  })
  writeFileSync(join(folder, 'shapes.pmtiles'), pmtiles(all.map((tile) => ({ ...tile, bytes: squareTile('water') })), 'mvt', frame))
  await withGround({ kind: 'pmtiles', file: 'shapes.pmtiles' }, async (office) => {
    const page = await signedIn(browser, office, dispatcher, { viewport: desk })
    await onFailure([page], 'ground-shapes', async () => {
      await page.goto('/map')
      const water = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--water').trim())
      const wanted = [1, 3, 5].map((at) => Number.parseInt(water.slice(at, at + 2), 16))
      await untilColour(page, (seen) => wanted.every((part, at) => Math.abs(part - seen[at]) <= 1), 'drawn')
      assert.deepEqual(page.heard, [])
    })
    await page.context().close()
  })
})
