// A queue of 100,000 matters: only what is seen is drawn, and the keyboard
// moves through it. The rows are made up at the door of the browser, page by page
// as the server would; all else is the real office.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { openDemo } from '../functional/office.mjs'
import { onFailure, openBrowser, signedIn } from './hands.mjs'

const all = 100_000
let office, browser
before(async () => {
  office = await openDemo()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await office?.stop()
})

/** Row `nth` of the long list; every third title takes two lines. */
const made = (like, nth) => ({
  ...like, id: String(9_000_000_000 + nth), number: `N-${nth}`,
  title: `第 ${nth} 件${nth % 3 ? '' : '：这一件的标题很长，一行写不下，要换到第二行才写得完，看看行高对不对'}`,
})
async function withManyRows(page) {
  let like
  let asked = 0
  await page.route(/\/api\/matters\?/, async (route) => {
    const query = new URL(route.request().url()).searchParams
    if (!like) {
      const answer = await route.fetch()
      const { rows: few } = await answer.json()
      // The office may be gone before the page's last question.
      if (!few?.length) return route.fulfill({ response: answer })
      like = few[0]
    }
    const from = Number(query.get('cursor') ?? 0)
    const rows = Number(query.get('rows') ?? 20)
    const upTo = Math.min(all, from + rows)
    if (query.has('cursor')) asked += 1
    await route.fulfill({ json: {
      rows: Array.from({ length: upTo - from }, (_, nth) => made(like, from + nth)),
      ...(upTo < all ? { next: String(upTo) } : {}), total: all, as_of: new Date().toISOString(),
    } })
  })
  return () => asked
}
/** What one jump to another part of the list costs until it is drawn, in the middle of 60. */
const jumpCosts = (page) => page.evaluate(async () => {
  const box = document.querySelector('.rows')
  const costs = []
  for (let turn = 0; turn < 60; turn += 1) {
    box.scrollTop = (((turn * 7919) % 1000) / 1000) * (box.scrollHeight - 3 * box.clientHeight)
    const began = performance.now()
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))
    costs.push(performance.now() - began)
  }
  return costs.sort((a, b) => a - b)[30]
})
const edges = (page) => page.evaluate(() => {
  const { top, bottom } = document.querySelector('.rows').getBoundingClientRect()
  return { top, bottom, rows: [...document.querySelectorAll('.queue > li')].map((li) => { const at = li.getBoundingClientRect(); return [at.top, at.bottom] }) }
})
/** No hole: the rows that are drawn lie one under another and cover what is seen. */
const covered = ({ top, bottom, rows }) => rows[0][0] <= top && rows.at(-1)[1] >= bottom && rows.every(([begins], nth) => !nth || Math.abs(begins - rows[nth - 1][1]) < 1)
const drawn = (page) => page.locator('.queue > li').count()

test('100,000 rows: few are drawn, frames are short, keys move, the place is kept', async (t) => {
  const page = await signedIn(browser, office, 'dispatcher_beishan_street')
  await onFailure([page], 'long', async () => {
    const pagesRead = await withManyRows(page)
    await page.goto('/desk?scope=territory&type=appeal')
    await page.locator('a.entry', { hasText: '第 0 件' }).waitFor()
    assert.ok((await drawn(page)) < 60)
    const few = await jumpCosts(page)
    // To the end of what is read, again and again, until all is read.
    const frames = await page.evaluate(async (count) => {
      const box = document.querySelector('.rows')
      const times = []
      let most = 0
      let last = performance.now()
      const end = last + 240_000
      for (;;) {
        await new Promise((done) => requestAnimationFrame(done))
        const now = performance.now()
        times.push(now - last)
        most = Math.max(most, document.querySelectorAll('.queue > li').length)
        last = now
        box.scrollTop = box.scrollHeight
        const li = document.querySelector('.queue > li:last-child')
        if (Number(li.ariaPosInSet ?? li.getAttribute('aria-posinset')) >= count || now > end) break
        if (box.scrollTop + box.clientHeight >= box.scrollHeight - 10) await new Promise((done) => setTimeout(done, 30))
      }
      return { count: times.length, most }
    }, all)
    // In no frame: also not between a move and the browser's word of it.
    assert.ok(frames.most < 100, `${frames.most} rows were drawn at once`)
    await page.locator(`.queue > li[aria-posinset="${all}"]`).waitFor()
    assert.equal(await page.locator('.queue > li').last().getAttribute('aria-setsize'), String(all))
    assert.ok((await drawn(page)) < 60, `${await drawn(page)} rows are drawn`)
    assert.ok(pagesRead() >= 100)
    // With everything read, moving about costs no more than it did with a hundred rows.
    const many = await jumpCosts(page)
    for (let turn = 0; turn < 50 && !covered(await edges(page)); turn += 1) await page.waitForTimeout(100)
    assert.ok(covered(await edges(page)))
    t.diagnostic(`frames while reading: ${frames.count}, at most ${frames.most} rows in one; a jump among 100 rows ${few.toFixed(1)} ms, among 100,000 ${many.toFixed(1)} ms (medians)`)
    // A cost for each row would be a thousand times as much; a busy machine is a few times slower.
    assert.ok(many < 5 * few + 100, `${few} ms among 100 rows, ${many} ms among 100,000`)
    assert.ok((await drawn(page)) < 60)
  })
  assert.deepEqual(page.heard, [])
})

test('keys move beyond what is drawn, and Enter opens', async () => {
  const page = await signedIn(browser, office, 'dispatcher_beishan_street')
  await onFailure([page], 'long-keys', async () => {
    await withManyRows(page)
    await page.goto('/desk?scope=territory&type=appeal')
    await page.locator('a.entry', { hasText: '第 0 件' }).waitFor()
    for (let turn = 0; turn < 40; turn += 1) await page.keyboard.press('j')
    await page.waitForFunction(() => document.querySelector('a.entry[aria-current]')?.dataset.key === '9000000039')
    const inView = () => page.waitForFunction(() => {
      const box = document.querySelector('.rows').getBoundingClientRect()
      const row = document.querySelector('a.entry[aria-current]')?.getBoundingClientRect()
      return row && row.top >= box.top - 1 && row.bottom <= box.bottom + 1 && document.activeElement?.dataset.key === '9000000039'
    })
    await inView()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/matters\/9000000039/)
  })
})
