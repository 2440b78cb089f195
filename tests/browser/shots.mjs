// Pictures of the main screens, from a demonstration of its own: `npm run shots` in web/. Into
// shots/, which git does not know; with --docs also the three of the README, small, into docs/pictures/.
import { mkdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { openDemo } from '../functional/office.mjs'
import { desk, openBrowser, phone, signedIn, visitor } from './hands.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const most = 200 * 1024
const wall = { width: 1920, height: 1080 }
const first = async (page) => page.locator('a.entry').first().click()
/** name, who, where, how large, and what is done before the picture; `docs` names one of the README. */
const shots = [
  ['desk', 'dispatcher_beishan_street', '/desk?scope=territory', desk, first, 'desk'],
  ['desk-dark', 'dispatcher_beishan_street', '/desk?scope=territory', desk, first],
  ['board', 'dispatcher_beishan_street', '/desk?scope=territory&type=appeal&view=board', desk],
  ['matter', 'dispatcher_beishan_street', '/desk?scope=territory&type=appeal', desk, async (page) => {
    await page.locator('a.entry').nth(2).dblclick()
    await page.waitForURL(/matters/)
  }],
  ['map', 'dispatcher_beishan_street', '/map', desk],
  ['overview', 'centre_1', '/overview', desk],
  ['figures', 'centre_1', '/figures', desk],
  ['wall', 'centre_1', '/wall', wall, undefined, 'wall'],
  ['today', 'dispatcher_beishan_street', '/today', phone, undefined, 'today'],
  ['home', undefined, '/m', phone],
  ['report', undefined, '/m/report', phone],
  ['report-ko', undefined, '/m/report', phone],
]
const isDocs = process.argv.includes('--docs')
mkdirSync(`${root}/shots`, { recursive: true })
if (isDocs) mkdirSync(`${root}/docs/pictures`, { recursive: true })
const office = await openDemo()
const browser = await openBrowser()
try {
  for (const [name, login, path, viewport, before, docs] of shots) {
    const colorScheme = name.endsWith('-dark') ? 'dark' : 'light'
    const locale = name.endsWith('-ko') ? 'ko' : 'zh-CN'
    const options = { viewport, colorScheme, locale }
    const page = login ? await signedIn(browser, office, login, options) : await visitor(browser, office, options)
    await page.goto(path)
    await page.waitForFunction(() => !document.querySelector('.skeleton'))
    if (before) await before(page)
    await page.waitForTimeout(2_500)
    await page.screenshot({ path: `${root}/shots/${name}.png` })
    if (isDocs && docs) {
      const target = `${root}/docs/pictures/${docs}.jpg`
      for (let quality = 80; quality >= 40; quality -= 10) {
        await page.screenshot({ path: target, type: 'jpeg', quality })
        if (statSync(target).size <= most) break
      }
      if (statSync(target).size > most) throw new Error(`${target} is too large`)
    }
    await page.context().close()
  }
} finally {
  await browser.close()
  await office.stop()
}
console.log(`${shots.length} pictures in shots/`)
