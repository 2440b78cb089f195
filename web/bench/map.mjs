// How long a frame takes while the map of a large city is dragged: npm run bench:map, JSON to stdout;
// with a folder behind it also two pictures.
// 3,438 grids and 20,000 points at 1440×900, the whole city and one subdistrict of it.
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { build, preview } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const outDir = fileURLToPath(new URL('../node_modules/.bench-map/', import.meta.url))
const moves = 60
await build({ root, base: './', logLevel: 'error', build: { outDir, emptyOutDir: true, rolldownOptions: { input: `${root}/bench/map.html` } } })
const server = await preview({ root, logLevel: 'error', build: { outDir }, preview: { port: 0, host: '127.0.0.1' } })
const url = `${server.resolvedUrls.local[0]}bench/map.html`
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--disable-gpu', '--no-sandbox'] })

/** The work of each frame: from the first callback of an animation frame to when its tasks are done. */
function watchFrames() {
  window.frames_ = []
  const own = window.requestAnimationFrame.bind(window)
  const channel = new MessageChannel()
  let begun = 0
  channel.port1.onmessage = () => window.frames_.push(performance.now() - begun)
  const tick = () => {
    begun = performance.now()
    channel.port2.postMessage(0)
    own(tick)
  }
  own(tick)
}
const part = (sorted, share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] * 10) / 10
async function drag(page) {
  const load = loadavg()[0]
  await page.evaluate(() => (window.frames_ = []))
  await page.mouse.move(1000, 500)
  await page.mouse.down()
  for (let at = 0; at < moves; at += 1) {
    // Out and back, so that the city stays in sight.
    const way = at < moves / 2 ? at : moves - at
    await page.mouse.move(1000 - way * 9, 500 - way * 4)
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done())))
  }
  const frames = (await page.evaluate(() => window.frames_)).sort((a, b) => a - b)
  await page.mouse.up()
  await page.waitForTimeout(500)
  return { frames: frames.length, median_ms: part(frames, 0.5), p95_ms: part(frames, 0.95), worst_ms: part(frames, 1), load }
}
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
await page.addInitScript(watchFrames)
await page.goto(url)
await page.locator('canvas').first().waitFor()
await page.waitForTimeout(2_000)
const whole = await drag(page)
if (process.argv[2]) await page.screenshot({ path: `${process.argv[2]}/map-whole.png` })
for (let step = 0; step < 3; step += 1) await page.locator('.ol-zoom-in').click().then(() => page.waitForTimeout(700))
const near = await drag(page)
if (process.argv[2]) await page.screenshot({ path: `${process.argv[2]}/map-near.png` })
await browser.close()
await server.close()
console.log(JSON.stringify({ grids: 3438, points: 20_000, width: 1440, height: 900, most_ms: 60, whole, near }, null, 2))
process.exit(0)
