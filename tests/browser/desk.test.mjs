// The desk without a mouse, and several matters at once.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { openDemo, submitAppeal } from '../functional/office.mjs'
import { choose, onFailure, openBrowser, signedIn } from './hands.mjs'

let office, browser
before(async () => {
  office = await openDemo()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await office?.stop()
})

test('figures of another unit are refused in words, never told as nothing', async () => {
  const page = await signedIn(browser, office, 'dispatcher_beishan_street')
  await onFailure([page], 'figures-refused', async () => {
    await page.goto('/figures?unit=222401003')
    await page.getByRole('alert').getByText('不在您岗位的范围内').waitFor()
    assert.equal(await page.locator('a.figure').count(), 0)
    assert.equal(await page.getByText('没有发生').count(), 0)
    await page.goto('/figures')
    await page.locator('a.figure').first().waitFor()
    assert.equal(await page.getByRole('alert').count(), 0)
  })
})

test('the keyboard goes everywhere: J and K, Enter, slash, Ctrl K', async () => {
  const page = await signedIn(browser, office, 'dispatcher_beishan_street')
  await onFailure([page], 'keys', async () => {
    await page.goto('/desk?scope=territory')
    await page.locator('a.entry').first().waitFor()
    // Beside the list stands whatever the keys have chosen.
    const chosen = page.locator('a.entry[aria-current]')
    const preview = page.getByRole('region', { name: '事项预览' })
    const follows = async (row) => {
      const entry = page.locator('a.entry').nth(row)
      await page.waitForFunction(([at]) => document.querySelectorAll('a.entry')[at].ariaCurrent, [row])
      assert.equal(await chosen.count(), 1)
      const title = (await entry.locator('.title').innerText()).trim()
      await preview.getByRole('heading', { level: 2, name: title, exact: true }).waitFor()
      assert.ok(await preview.getByRole('list', { name: '办理环节' }).isVisible())
      return preview.getByRole('heading', { level: 2 }).getByRole('link').getAttribute('href')
    }
    await page.keyboard.press('j')
    const first = await follows(0)
    await page.keyboard.press('j')
    assert.notEqual(await follows(1), first)
    await page.keyboard.press('k')
    assert.equal(await follows(0), first)
    // The pointer chooses as the keys do, which go on from where it was; nothing is opened by that.
    await page.locator('a.entry').nth(2).click()
    const third = await follows(2)
    assert.equal(new URL(page.url()).pathname, '/desk')
    await page.keyboard.press('k')
    await follows(1)
    await page.locator('a.entry').nth(0).click()
    assert.equal(await follows(0), first)
    assert.notEqual(third, first)
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.pathname === first)
    await page.goBack()
    await page.locator('a.entry').first().waitFor()
    await page.keyboard.press('/')
    assert.equal(await page.evaluate(() => document.activeElement.type), 'search')
    // A letter in a field is a letter.
    await page.keyboard.type('jk')
    assert.equal(await page.locator('input[type=search]').inputValue(), 'jk')
    await page.keyboard.press('Control+k')
    const box = page.getByRole('dialog').getByRole('combobox')
    await box.waitFor()
    await page.waitForFunction(() => document.activeElement.getAttribute('role') === 'combobox')
    await page.keyboard.type('数据')
    await page.getByRole('option', { name: '数据' }).first().waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/figures/)
  })
  assert.deepEqual(page.heard, [])
})

test('one action on several: each by itself, one line for each that was refused', async () => {
  const sent = []
  for (const text of ['批量一：路灯不亮。', '批量二：路灯不亮。']) sent.push(await submitAppeal(office, { text }))
  const page = await signedIn(browser, office, 'centre_1')
  await onFailure([page], 'bulk', async () => {
    await page.goto(`/desk?scope=territory&type=appeal&words=${encodeURIComponent('批量')}`)
    await page.locator('li.line').nth(1).waitFor()
    // Somebody else is quicker with one of them, after it was chosen.
    for (const { id } of sent) {
      const row = page.locator('li.line', { has: page.locator(`a[data-key="${id}"]`) })
      await row.locator('input[type=checkbox]').check()
    }
    await page.getByRole('button', { name: '受理', exact: true }).waitFor()
    const other = await office.person('centre_1')
    assert.equal((await other.act(sent[0].id, 'accept', { category: 'lighting' })).status, 200)
    await page.getByRole('button', { name: '受理', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await choose(dialog, dialog.getByRole('combobox'), '路灯')
    await dialog.locator('footer').getByRole('button').last().click()
    await dialog.getByText('2 件中办成 1 件').waitFor()
    await dialog.getByRole('link', { name: /批量一/ }).waitFor()
  })
  const centre = await office.person('centre_1')
  for (const { id } of sent) assert.equal((await centre.get(`/matters/${id}`)).json.state, 'accepted')
})
