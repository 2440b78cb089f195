// An administrator makes a backup on the page of the office's health, waits, and sees it in the list.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { openDemoWith } from '../functional/office.mjs'
import { desk, onFailure, openBrowser, phone, signedIn } from './hands.mjs'

let office, browser, folder
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gewu-backups-'))
  office = await openDemoWith(['--backups', join(folder, 'shelf')])
  office.addAdministrator('keeper')
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await office?.stop()
  rmSync(folder, { recursive: true, force: true })
})

for (const [form, viewport] of [['desk', desk], ['phone', phone]])
  test(`pressed, waited for, seen in the list: ${form}`, async () => {
    const page = await signedIn(browser, office, 'keeper', { password: office.password, viewport })
    await onFailure([page], `backup-${form}`, async () => {
      await page.goto('/admin')
      const panel = page.locator('section').filter({ has: page.getByRole('heading', { name: '备份', exact: true }) })
      const rows = panel.getByRole('row').filter({ has: page.locator('time') })
      await panel.getByRole('button', { name: '现在备份' }).waitFor()
      const before = await rows.count()
      await panel.getByRole('button', { name: '现在备份' }).click()
      await page.getByText('备份已完成').first().waitFor({ timeout: 120_000 })
      await rows.nth(before).waitFor()
      assert.equal(await rows.count(), before + 1)
      assert.match(await rows.first().innerText(), /MB/)
      assert.equal(readdirSync(join(folder, 'shelf')).length, before + 1)
      await page.reload()
      await rows.nth(before).waitFor()
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      assert.equal(wide, 0, 'no sideways scroll')
      assert.deepEqual(page.heard, [])
    })
    await page.context().close()
  })
