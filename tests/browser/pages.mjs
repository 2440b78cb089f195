// Every page of a running office, in both themes and three languages: no accessibility violation
// (WCAG 2.0 to 2.2, A and AA), no violation of the content security policy, no error on the
// console, no sideways scroll from 320 to 1440 pixels, nor with large type, nor at twice the size,
// where each control can still be brought into sight and pressed.
//
//   node tests/browser/pages.mjs http://127.0.0.1:8080 LOGIN PASSWORD desk|phone [FOLDER FOR PICTURES]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(new URL('../../web/package.json', import.meta.url))
const { chromium } = require('playwright-core')
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const [base, login, password, held, pictures] = process.argv.slice(2)
if (!['desk', 'phone'].includes(held)) {
  console.error('usage: pages.mjs BASE LOGIN PASSWORD desk|phone [FOLDER]')
  process.exit(2)
}
if (pictures) mkdirSync(pictures, { recursive: true })
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const looks = {
  desk: [
    { language: 'zh-CN', theme: 'light', width: 1440, height: 900 },
    { language: 'ko', theme: 'dark', width: 1280, height: 800, zoomed: true },
  ],
  phone: [
    { language: 'en', theme: 'light', width: 1024, height: 768 },
    { language: 'zh-CN', theme: 'dark', width: 390, height: 844 },
    { language: 'en', theme: 'light', width: 320, height: 640, size: 'large' },
  ],
}
const faults = []
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--disable-gpu', '--no-sandbox'] })

/** Nothing loads, nothing moves, and nothing was changed on the page for a while. */
async function settle(page) {
  const late = (what) => () => faults.push(`${page.url()}: ${what} after 10 s`)
  await page.waitForLoadState('load')
  await page.waitForFunction(() => !document.querySelector('.skeleton'), undefined, { timeout: 10_000 }).catch(late('still loading'))
  const isStill = () => performance.now() - window.lastChange > 150 && document.getAnimations().every(({ playState }) => playState !== 'running')
  for (let tries = 0; ; ++tries) {
    await page.waitForFunction(isStill, undefined, { timeout: 10_000, polling: 50 }).catch(late('still moving'))
    if (!page.asked.size) return
    if (tries === 100) return late('still asking')()
    await page.waitForTimeout(100)
  }
}
/** What the page asks the server and has no answer to yet; the live line is never at its end. */
function followRequests(page) {
  page.asked = new Set()
  const ended = (request) => page.asked.delete(request)
  page.on('request', (request) => request.resourceType() !== 'eventsource' && page.asked.add(request))
  page.on('requestfinished', ended)
  page.on('requestfailed', ended)
}
/** When the page was last changed, for `settle`. */
function noteChanges() {
  window.lastChange = performance.now()
  new MutationObserver(() => (window.lastChange = performance.now())).observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
}
/** Controls that cannot be brought where they would be pressed: cut off, or covered by another. */
function unreachable() {
  const faults = []
  // Of what a window over the page covers nothing can be pressed; a link to the content comes with focus.
  const over = [...document.querySelectorAll('[role=dialog], [role=alertdialog]')].at(-1) ?? document
  const controls = [...over.querySelectorAll('a[href]:not(.skip), button, input, select, textarea, summary, [role=tab], [role=menuitem]')]
  const isShown = (one) => {
    const { width, height } = one.getBoundingClientRect()
    return width >= 8 && height >= 8 && one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !one.closest('.unseen, [inert]')
  }
  const said = (one) => `${one.tagName.toLowerCase()} “${(one.getAttribute('aria-label') ?? one.innerText ?? one.id).trim().slice(0, 30)}”`
  for (const one of controls.filter(isShown).slice(0, 200)) {
    one.scrollIntoView({ block: 'center', inline: 'center' })
    // A link over several lines has no middle of its own: the first of its boxes counts.
    const box = one.getClientRects()[0]
    const x = box.left + box.width / 2
    const y = box.top + Math.min(box.height / 2, 20)
    const top = document.elementFromPoint(x, y)
    if (top && (one.contains(top) || top.closest('label')?.contains(one) || top.closest('label')?.htmlFor === one.id)) continue
    faults.push(`${said(one)} at ${Math.round(x)},${Math.round(y)} ${top ? `lies under ${said(top)} .${top.className}` : 'is cut off'}`)
  }
  const wide = controls.filter((one) => isShown(one) && one.tagName === 'BUTTON' && getComputedStyle(one).overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1)
  return [...faults, ...wide.map((one) => `${said(one)} is cut in itself`)]
}
/** The same page as somebody sees it who needs everything twice as large. */
async function lookZoomed(page, name) {
  const { width, height } = page.viewportSize()
  const eyes = await page.context().newCDPSession(page)
  await eyes.send('Emulation.setDeviceMetricsOverride', { width: width / 2, height: height / 2, deviceScaleFactor: 2, mobile: false })
  await page.waitForFunction((half) => innerWidth === half, width / 2)
  await page.waitForTimeout(250)
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (sideways > 0) faults.push(`${name} at 200 %: ${sideways} px too wide`)
  // Not by page.screenshot: that puts the viewport back to what it was.
  if (pictures) writeFileSync(`${pictures}/${name}-zoomed.png`, Buffer.from((await eyes.send('Page.captureScreenshot')).data, 'base64'))
  faults.push(...(await page.evaluate(unreachable)).map((fault) => `${name} at 200 %: ${fault}`))
  await eyes.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false })
  await eyes.detach()
}
async function look(page, path, name, zoomed) {
  const heard = []
  const listen = (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) heard.push(message.text())
  }
  const failed = (error) => heard.push(String(error))
  page.on('console', listen)
  page.on('pageerror', failed)
  await page.goto(base + path)
  await settle(page)
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (sideways > 0) faults.push(`${name}: ${sideways} px too wide`)
  const found = await page.evaluate(async (tags) => (await window.axe.run(document, { runOnly: tags })).violations.map(({ id, nodes }) => `${id} ×${nodes.length} ${nodes[0].html.slice(0, 160)}`), rules)
  faults.push(...found.map((fault) => `${name}: ${fault}`), ...heard.map((text) => `${name}: ${text}`))
  if (!(await page.locator('h1').count())) faults.push(`${name}: no heading`)
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
  if (zoomed) await lookZoomed(page, name)
  page.off('console', listen)
  page.off('pageerror', failed)
}

let looked = 0
for (const { language, theme, width, height, size, zoomed } of looks[held]) {
  const context = await browser.newContext({ viewport: { width, height }, locale: language, timezoneId: 'Asia/Shanghai' })
  await context.addInitScript(
    ([lang, colour, type]) => {
      localStorage.setItem('gewu.language', lang)
      localStorage.setItem('gewu.theme', colour)
      localStorage.setItem('gewu.size', type)
    },
    [language, theme, size ?? 'normal'],
  )
  await context.addInitScript(noteChanges)
  // With each page rather than sent to it afterwards, which costs a tenth of a second every time.
  await context.addInitScript(axe)
  const page = await context.newPage()
  followRequests(page)
  const named = (name) => `${name}-${width}-${language}-${theme}`
  for (const [name, path] of [['home', '/m'], ['report', '/m/report'], ['public-figures', '/m/figures'], ['places', '/m/places'], ['place', '/m/places/222401002002001'], ['billboard', '/m/notices'], ['progress-unknown', '/m/p/AAAA-AAAA'], ['sign-in', '/sign-in'], ['reset', '/reset'], ['lost', '/nowhere']]) {
    await look(page, path, named(name), zoomed)
    looked += 1
  }
  await page.goto(`${base}/sign-in`)
  await page.fill('#login', login)
  await page.fill('#password', password)
  await page.click('button[type=submit]')
  await page.waitForURL((url) => !url.pathname.includes("sign-in"))
  const posts = await page.evaluate(async () => (await (await fetch('/api/me')).json()).posts)
  const token = posts[0]?.id ?? ''
  const ask = (path) => page.evaluate(async ([url, post]) => (await fetch(`/api${url}`, { headers: { 'Gewu-Post': post } })).json(), [path, token])
  const rows = (await ask('/matters?rows=20')).rows ?? []
  const openings = ((await ask('/types')).types ?? []).filter(({ opens, part }) => opens.length && !part)
  const paths = [['desk', '/desk'], ['today', '/today'], ['report-inside', '/report'], ['outbox', '/outbox'], ['open', '/open'], ['map', '/map'], ['overview', '/overview'], ['wall', '/wall'], ['figures', '/figures'], ['notices', '/notices'], ['admin', '/admin'], ['admin-accounts', '/admin/accounts'], ['admin-posts', '/admin/accounts?see=posts'], ['admin-import', '/admin/import'], ['admin-account', '/admin/accounts?of=centre_1'], ['admin-grids', '/admin/grids'], ['admin-definitions', '/admin/definitions?type=appeal'], ['admin-calendar', '/admin/calendar'], ['admin-publish', '/admin/publish'], ['admin-canaries', '/admin/canaries'], ['admin-audit', '/admin/audit'], ['exports', '/exports'], ['sheet', '/places/222401002002001'], ['codes', '/codes?place=222401002002'], ['register-import', '/desk/import/party_unit/grids'], ['me', '/me']]
  // Every kind of view that a definition here asks for, once.
  const seen = new Set()
  for (const { name } of (await ask('/types')).types) {
    for (const view of (await ask(`/types/${name}`)).views ?? []) {
      if (seen.has(view.kind) || view.kind === 'slip') continue
      seen.add(view.kind)
      paths.push([`view-${view.kind}`, `/desk?scope=territory&type=${name}&view=${view.name}`])
    }
  }
  if (rows[0]) paths.push(['desk-chosen', `/desk?at=${rows[0].id}`], ['matter', `/matters/${rows[0].id}`], ['slip', `/matters/${rows[0].id}/slip`])
  else faults.push('the list of the first post is empty: nothing to look at')
  for (const { name } of openings.slice(0, 6)) paths.push([`open-${name}`, `/open/${name}`])
  for (const [name, path] of paths) {
    await look(page, path, named(name), zoomed)
    looked += 1
  }
  // The comparison with a register once more, as the post whose it is.
  const keeper = posts.find(({ role }) => role === 'unit_keeper')
  if (!keeper) faults.push('nobody here keeps a register')
  else {
    await page.evaluate((id) => localStorage.setItem('gewu.post', id), keeper.id)
    await look(page, '/desk/import/party_unit/grids', named('register-import-own'), zoomed)
    if (!(await page.locator('#register-file').count())) faults.push(`${named('register-import-own')}: no file can be chosen`)
    looked += 1
  }
  await context.close()
}
await browser.close()
console.log(`${looked} pages looked at`)
if (faults.length) {
  console.error(faults.join('\n'))
  process.exitCode = 1   // not at once: a pipe still has to take the lines
}
