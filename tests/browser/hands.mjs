// Hands and eyes for the walks in Chromium: who signs in, presses a named action, fills a form by
// the words a person reads.
import { createRequire } from 'node:module'

const require = createRequire(new URL('../../web/package.json', import.meta.url))
const { chromium } = require('playwright-core')

export const desk = { width: 1440, height: 900 }
export const phone = { width: 390, height: 844 }

export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--disable-gpu', '--no-sandbox'],
  })
}

/** A page of somebody without a session; what it logs as an error is kept in `page.heard`. */
export async function visitor(browser, office, { viewport = phone, at, ...more } = {}) {
  const place = at
    ? { permissions: ['geolocation'], geolocation: { longitude: Number(at.lon), latitude: Number(at.lat) } }
    : {}
  const context = await browser.newContext({
    baseURL: office.url, viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...place, ...more,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  page.heard = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) page.heard.push(message.text())
  })
  page.on('pageerror', (error) => page.heard.push(String(error)))
  return page
}

/** The same, signed in through the form. */
export async function signedIn(browser, office, login, options = {}) {
  const page = await visitor(browser, office, { viewport: desk, ...options })
  await page.goto('/sign-in')
  await page.locator('#login').fill(login)
  await page.locator('#password').fill(options.password ?? office.passwordOf(login))
  await page.locator('button[type=submit]').click()
  await page.waitForURL((url) => !url.pathname.includes('sign-in'))
  return page
}

/** The editor under a label, inside the open dialog or the page. */
export const editor = (scope, label) => scope.getByLabel(label, { exact: false }).first()

/** Presses the action of this name, fills its form, sends it, and waits until the window closed. */
export async function act(page, name, fill = async () => {}) {
  // On the button the letter of its shortcut may follow the name.
  const button = page.getByRole('button', { name: new RegExp(`^${name}( ?[A-Z])?$`) }).first()
  const more = page.getByRole('button', { name: '更多' }).first()
  await button.or(more).first().waitFor()
  if (await button.isVisible()) {
    await button.click()
  } else {
    await more.click()
    await page.getByRole('menuitem', { name, exact: true }).first().click()
  }
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await fill(dialog)
  await dialog.locator('footer').getByRole('button').last().click()
  await dialog.waitFor({ state: 'hidden' })
}

/** Types words into a searchable list and takes the first row that shows them. */
export async function choose(scope, input, words) {
  await input.click()
  await input.fill(words)
  await scope.page().getByRole('option', { name: words, exact: false }).first().click()
}

/** What a walk saw when it failed, for those who mend it: build/test/NAME.png. */
export async function onFailure(pages, name, walk) {
  try {
    await walk()
  } catch (error) {
    const folder = new URL('../../build/test/', import.meta.url).pathname
    for (const [at, page] of pages.entries()) await page.screenshot({ path: `${folder}${name}-${at}.png` }).catch(() => {})
    throw error
  }
}
