// Pictures of every main screen, phone and desk, light and dark, from a demonstration of its own:
// `npm run shots` in web/ (with a word: only screens whose name has it). Into shots/, which git does
// not know; with --docs instead the three of the README, small, into docs/pictures/.
import { mkdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { openDemo } from '../functional/office.mjs'
import { desk, openBrowser, phone, signedIn, visitor } from './hands.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const most = 200 * 1024
const administrator = 'shots_admin'
const dispatcher = 'dispatcher_beishan_street'
const first = async (page) => page.locator('a.entry').first().click()
const opened = (nth) => async (page) => {
  const link = await page.locator('a.entry').nth(nth).getAttribute('href')
  await page.goto(link)
}
/** name, who, where, and what is done before the picture. */
const screens = [
  ['home', undefined, '/m'],
  ['report', undefined, '/m/report'],
  ['outbox', undefined, '/m/outbox'],
  ['sign-in', undefined, '/sign-in'],
  ['reset', undefined, '/reset?token=shown'],
  ['today', dispatcher, '/today'],
  ['desk', dispatcher, '/desk?scope=territory', first],
  ['board', dispatcher, '/desk?scope=territory&type=appeal&view=board'],
  ['table', dispatcher, '/desk?scope=territory&as=table'],
  ['matter', dispatcher, '/desk?scope=territory&type=appeal', opened(2)],
  ['open', dispatcher, '/open'],
  ['notices', dispatcher, '/notices'],
  ['exports', dispatcher, '/exports'],
  ['me', dispatcher, '/me'],
  ['map', dispatcher, '/map'],
  ['overview', 'centre_1', '/overview'],
  ['figures', 'centre_1', '/figures'],
  ['health', administrator, '/admin'],
  ['accounts', administrator, '/admin/accounts'],
  ['import', administrator, '/admin/import'],
  ['grids', administrator, '/admin/grids'],
  ['definitions', administrator, '/admin/definitions'],
  ['publish', administrator, '/admin/publish'],
  ['audit', administrator, '/admin/audit'],
  ['calendar', administrator, '/admin/calendar'],
]
const wall = ['wall', 'centre_1', '/wall']
const held = { viewport: phone, hasTouch: true, isMobile: true }
const forms = [
  ['phone', held], ['phone-dark', { ...held, colorScheme: 'dark' }],
  ['desk', { viewport: desk }], ['desk-dark', { viewport: desk, colorScheme: 'dark' }],
]
const docs = [
  [screens.find(([name]) => name === 'desk'), { viewport: desk }],
  [screens.find(([name]) => name === 'today'), held],
  [wall, { viewport: { width: 1920, height: 1080 } }],
]

/** One sign-in for all pictures of somebody in a form. */
async function visit(browser, office, known, login, options) {
  const key = `${login} ${JSON.stringify(options)}`
  if (!known.has(key)) known.set(key, await (login ? signedIn(browser, office, login, options) : visitor(browser, office, options)))
  return known.get(key)
}
async function show(page, [, , path, before]) {
  await page.goto(path)
  await page.waitForFunction(() => !document.querySelector('.skeleton'))
  if (before) await before(page)
  await page.waitForTimeout(1_200)
}
async function small(page, target) {
  for (let quality = 80; quality >= 40; quality -= 10) {
    await page.screenshot({ path: target, type: 'jpeg', quality })
    if (statSync(target).size <= most) return
  }
  throw new Error(`${target} is too large`)
}

const wanted = process.argv.slice(2).find((word) => !word.startsWith('--')) ?? ''
const isDocs = process.argv.includes('--docs')
const folder = isDocs ? `${root}/docs/pictures` : `${root}/shots`
mkdirSync(folder, { recursive: true })
const office = await openDemo()
office.addAdministrator(administrator)
const browser = await openBrowser()
const known = new Map()
let count = 0
try {
  for (const [screen, options] of isDocs ? docs : []) {
    const page = await visit(browser, office, known, screen[1], options)
    await show(page, screen)
    await small(page, `${folder}/${screen[0]}.jpg`)
    ++count
  }
  for (const screen of isDocs ? [] : screens.filter(([name]) => name.includes(wanted)))
    for (const [form, options] of forms) {
      const page = await visit(browser, office, known, screen[1], options)
      await show(page, screen)
      await page.screenshot({ path: `${folder}/${screen[0]}-${form}.png` })
      ++count
    }
  for (const [form, viewport] of isDocs || !'wall'.includes(wanted) ? [] : [['1080p', { width: 1920, height: 1080 }], ['4k', { width: 3840, height: 2160 }]]) {
    const page = await visit(browser, office, known, wall[1], { viewport })
    await show(page, wall)
    await page.screenshot({ path: `${folder}/wall-${form}.png` })
    ++count
  }
} finally {
  await browser.close()
  await office.stop()
}
console.log(`${count} pictures in ${folder.slice(root.length)}/`)
