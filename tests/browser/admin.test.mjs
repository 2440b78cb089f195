// The administrator's pages: what two of them do with a calendar notice.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { gewu, inDays, openDemo, submitAppeal, until } from '../functional/office.mjs'
import { desk, onFailure, openBrowser, phone, signedIn } from './hands.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const password = 'a long enough password'
let office, browser, definitions

before(async () => {
  office = await openDemo()
  for (const login of ['admin_one', 'admin_two']) gewu(['account', 'add', login, '--data', office.data, '--administrator'], `${password}\n`)
  definitions = mkdtempSync(join(tmpdir(), 'gewu-definitions-'))
  for (const folder of ['systems', 'localities']) cpSync(join(root, folder), join(definitions, folder), { recursive: true })
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await office?.stop()
  rmSync(definitions, { recursive: true, force: true })
})
const admin = (login, viewport = desk) => signedIn(browser, office, login, { password, viewport })

test('a calendar notice: one administrator proposes, another one sees the same clocks and moves them', async () => {
  const { id } = await submitAppeal(office)
  const centre = await office.person('centre_1')
  assert.equal((await centre.act(id, 'accept', { category: 'lighting' })).status, 200)
  const file = join(definitions, 'localities/yanbian/calendars/yanbian.yaml')
  const days = Array.from({ length: 9 }, (_, at) => `      - ${inDays(at + 1)}\n`).join('')
  writeFileSync(file, readFileSync(file, 'utf8').replace('    holidays:\n', `    holidays:\n${days}`))
  const first = await admin('admin_one')
  const second = await admin('admin_two', phone)
  await onFailure([first, second], 'admin-calendar', async () => {
    await first.goto('/admin/calendar')
    await first.getByText('没有需要调整的时限').waitFor()
    gewu(['publish', definitions, '--data', office.data, '--locality', 'yanji'])
    await until(async () => {
      await first.getByRole('link', { name: '运行情况' }).click()
      await first.getByRole('link', { name: '节假日通知' }).click()
      return first.getByRole('rowheader').first().isVisible()
    })
    assert.match(await first.getByRole('row').nth(1).innerText(), /推后 \d+ (天|小时)/)
    await first.getByRole('button', { name: '提议调整' }).click()
    await first.getByRole('dialog').getByText(/推后 [1-9]\d* 个时限/).waitFor()
    await first.getByRole('dialog').getByRole('button', { name: '提议调整' }).click()
    await first.getByText('您已提议调整').waitFor()
    assert.equal(await first.getByRole('button', { name: '提议调整' }).count(), 0)

    const before = (await centre.get(`/matters/${id}`)).json.version
    await second.goto('/admin/calendar')
    await second.getByText('另一位管理员已提议调整').waitFor()
    await second.getByRole('button', { name: '同意并调整' }).click()
    await second.getByRole('dialog').getByRole('button', { name: '同意并调整' }).click()
    await second.getByText('没有需要调整的时限').waitFor()
    assert.equal((await centre.get(`/matters/${id}`)).json.version, before + 1)
  })
  assert.deepEqual([...first.heard, ...second.heard], [])
})

test('whoever is no administrator is told so', async () => {
  const page = await signedIn(browser, office, 'centre_1')
  await page.goto('/admin/calendar')
  await page.getByText('这一页只给管理员看').waitFor()
  assert.equal(await page.getByRole('table').count(), 0)
})
