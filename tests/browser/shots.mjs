// Pictures of every main screen, phone and desk, light and dark, from a demonstration of its own:
// `npm run shots` in web/ (with words: only screens whose name has one). Into shots/, which git does
// not know; with --docs instead the three of the README, small, into docs/pictures/.
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { openDemoWith, until } from '../functional/office.mjs'
import { desk, openBrowser, phone, signedIn, visitor } from './hands.mjs'
import { organisations, provider, Scene, units } from './scene.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const most = 200 * 1024
const administrator = 'shots_admin'
const dispatcher = 'dispatcher_beishan_street'
const first = async (page) => page.locator('a.entry').first().click()
const opened = (nth) => async (page) => {
  const link = await page.locator('a.entry').nth(nth).getAttribute('href')
  await page.goto(link)
}
const file = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
async function unseal(page, scene) {
  const { id } = await scene.sealed()
  await page.goto(`/matters/${id}`)
  await page.getByRole('button', { name: '查看', exact: true }).first().click()
  await page.getByRole('dialog').waitFor()
}
async function exporting(page) {
  await page.getByRole('button', { name: '导出' }).first().click()
  await page.getByRole('dialog').locator('.columns').waitFor()
}
async function judgedTable(page) {
  await page.locator('#import-text').fill(organisations)
  await page.locator('form button[type=submit]').click()
  await page.locator('table').first().waitFor()
  await page.locator('table').first().scrollIntoViewIfNeeded()
}
async function judgedUnits(page) {
  await page.locator('#register-file').setInputFiles(file('units.csv', units))
  await page.locator('form button[type=submit]').click()
  await page.locator('table').first().waitFor()
}
async function judgedBundle(page, scene) {
  await scene.proposal()
  await page.reload()
  await page.getByRole('button', { name: '看会改什么' }).click()
  await page.locator('summary').first().click()
  await page.locator('tr.new').first().waitFor()
}
async function waitingBoundary(page, scene) {
  await scene.drawing()
  await page.reload()
  await page.getByRole('button', { name: '看会改什么' }).click()
  await page.getByText('改了 1 个网格').waitFor()
}
async function late(page, scene) {
  const { id } = await scene.late()
  await page.goto(`/matters/${id}`)
  const tag = page.getByText('离线补报').first()
  await tag.waitFor()
  await tag.scrollIntoViewIfNeeded()
}
async function canaries(page, scene) {
  await scene.canary()
  await page.reload()
  await page.getByRole('row').nth(1).waitFor()
  await page.locator('#canary-type').selectOption('appeal')
  await page.locator('#canary-state').selectOption('withdrawn')
  await page.locator('input[type=tel]').waitFor()
}
async function nearby(page, scene) {
  const at = await scene.nearby()
  await page.context().grantPermissions(['geolocation'])
  await page.context().setGeolocation({ longitude: Number(at.lon), latitude: Number(at.lat) })
  await page.reload()
  await page.getByRole('button', { name: '用我的位置' }).click()
  const panel = page.getByRole('region', { name: '附近已有人反映' })
  await panel.waitFor()
  await panel.scrollIntoViewIfNeeded()
}
async function draws(page, { office }) {
  // Rounds that were over before it was served are drawn by its first root.
  await until(async () => (await office.resident().get('/public/draws')).json.draws.length > 0, 90_000)
  await page.reload()
  await page.locator('.seed').first().waitFor()
  await page.getByRole('heading', { name: '随机抽取公开' }).evaluate((panel) => panel.scrollIntoView())
}
async function answering(page, scene) {
  await page.goto(await scene.answerPath())
  await page.getByRole('button', { name: '提交答复' }).waitFor()
}
async function handed(page) {
  await page.getByLabel('诉求内容').fill('路灯坏了，晚上看不清路。')
  await page.getByLabel('地址或附近的标志').fill('三号楼门口')
  await page.locator('input[type=tel]').fill('13000000009')
  await page.locator('form button[type=submit]').click()
  await page.locator('.slip').waitFor()
}
/** name, who, where, and what is done before the picture. */
const screens = [
  ['home', undefined, '/m'],
  ['report', undefined, '/m/report'],
  ['nearby', undefined, '/m/report', nearby],
  ['outbox', undefined, '/m/outbox'],
  ['public-figures', undefined, '/m/figures'],
  ['draws', undefined, '/m/figures', draws],
  ['answer', undefined, '/m', answering],
  ['places', undefined, '/m/places'],
  ['place', undefined, '/m/places/222401002002001'],
  ['billboard', undefined, '/m/notices'],
  ['sign-in', undefined, '/sign-in'],
  ['reset', undefined, '/reset?token=shown'],
  ['today', dispatcher, '/today'],
  ['desk', dispatcher, '/desk?scope=territory', first],
  ['board', dispatcher, '/desk?scope=territory&type=appeal&view=board'],
  ['table', dispatcher, '/desk?scope=territory&as=table'],
  ['matter', dispatcher, '/desk?scope=territory&type=appeal', opened(2)],
  ['late', 'grid_worker_222401002001', '/today', late],
  ['unseal', 'caller_beishan_street', '/desk', unseal],
  ['open', dispatcher, '/open'],
  ['handed', 'desk_222401002001', '/open/appeal', handed],
  ['notices', dispatcher, '/notices'],
  ['drawn', 'street_lead_beishan_street', '/notices', async (page, scene) => {
    await scene.drawn()
    await page.reload()
    await page.getByText('被抽中').first().waitFor()
  }],
  ['exports', dispatcher, '/exports'],
  ['sheet', 'grid_worker_222401002002', '/places/222401002002001'],
  ['codes', dispatcher, '/codes?place=222401002002'],
  ['exporting', dispatcher, '/desk?scope=territory&type=appeal&as=table', exporting],
  ['register', 'unit_keeper_1', '/desk/import/party_unit/grids'],
  ['register-judged', 'unit_keeper_1', '/desk/import/party_unit/grids', judgedUnits],
  ['me', dispatcher, '/me'],
  ['map', dispatcher, '/map'],
  ['overview', 'centre_1', '/overview'],
  ['figures', 'centre_1', '/figures'],
  ['health', administrator, '/admin'],
  ['accounts', administrator, '/admin/accounts'],
  ['import', administrator, '/admin/import'],
  ['import-judged', administrator, '/admin/import', judgedTable],
  ['grids', administrator, '/admin/grids'],
  ['grids-waiting', administrator, '/admin/grids', waitingBoundary],
  ['definitions', administrator, '/admin/definitions'],
  ['publish', administrator, '/admin/publish'],
  ['publish-judged', administrator, '/admin/publish', judgedBundle],
  ['audit', administrator, '/admin/audit'],
  ['canaries', administrator, '/admin/canaries', canaries],
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
async function show(page, [, , path, before], scene) {
  await page.goto(path)
  await page.waitForFunction(() => !document.querySelector('.skeleton'))
  if (before) await before(page, scene)
  await page.waitForTimeout(1_200)
}
async function small(page, target) {
  for (let quality = 80; quality >= 40; quality -= 10) {
    await page.screenshot({ path: target, type: 'jpeg', quality })
    if (statSync(target).size <= most) return
  }
  throw new Error(`${target} is too large`)
}

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const isWanted = (name) => !wanted.length || wanted.some((word) => name.includes(word))
const isDocs = process.argv.includes('--docs')
const folder = isDocs ? `${root}/docs/pictures` : `${root}/shots`
mkdirSync(folder, { recursive: true })
const openid = join(folder, 'openid.json')
writeFileSync(openid, JSON.stringify(provider))
const messages = join(folder, 'messages.jsonl')
const office = await openDemoWith(['--openid', openid, '--messages', messages, '--public-url', 'https://office.example'])
office.addAdministrator(administrator)
const scene = new Scene(office, office.password, messages)
const browser = await openBrowser()
const known = new Map()
let count = 0
try {
  for (const [screen, options] of isDocs ? docs : []) {
    const page = await visit(browser, office, known, screen[1], options)
    await show(page, screen, scene)
    await small(page, `${folder}/${screen[0]}.jpg`)
    ++count
  }
  for (const screen of isDocs ? [] : screens.filter(([name]) => isWanted(name)))
    for (const [form, options] of forms) {
      const page = await visit(browser, office, known, screen[1], options)
      await show(page, screen, scene)
      await page.screenshot({ path: `${folder}/${screen[0]}-${form}.png` })
      ++count
    }
  for (const [form, viewport] of isDocs || !isWanted('wall') ? [] : [['1080p', { width: 1920, height: 1080 }], ['4k', { width: 3840, height: 2160 }]]) {
    const page = await visit(browser, office, known, wall[1], { viewport })
    await show(page, wall, scene)
    await page.screenshot({ path: `${folder}/wall-${form}.png` })
    ++count
  }
} finally {
  await browser.close()
  await office.stop()
  scene.end()
  rmSync(openid)
  rmSync(messages, { force: true })
}
console.log(`${count} pictures in ${folder.slice(root.length)}/`)
