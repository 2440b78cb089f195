// A resident answers on the phone by the link that was sent: real executable, real Chromium.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'

import { answerPath, bringToCalling } from '../functional/calling.mjs'
import { openDemoWith, submitAppeal } from '../functional/office.mjs'
import { onFailure, openBrowser, phone, signedIn, visitor } from './hands.mjs'

const require = createRequire(new URL('../../web/package.json', import.meta.url))
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'gewu-messages-'))
const file = join(folder, 'messages.jsonl')
const shots = new URL('../../build/test/', import.meta.url).pathname
let office, browser
before(async () => {
  mkdirSync(shots, { recursive: true })
  office = await openDemoWith(['--messages', file, '--public-url', 'https://office.example'])
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await office?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The path of the link that the author of a new appeal got. */
async function asked() {
  const { id, number } = await submitAppeal(office)
  await bringToCalling({}, (login) => office.person(login), id)
  return { number, path: await answerPath(file, number) }
}
async function faults(page) {
  await page.evaluate(axe)
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] }))
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

test('the link opens what was done and one form, thanks, and is used up', async () => {
  const { number, path } = await asked()
  const page = await visitor(browser, office, { viewport: phone })
  await onFailure([page], 'answer', async () => {
    await page.goto(path)
    await page.getByText(number).waitFor()
    await page.getByText('居民答复').first().waitFor()
    assert.deepEqual(await faults(page), [])
    await page.screenshot({ path: `${shots}answer-form.png`, fullPage: true })
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no page wider than the phone')
    // Nothing chosen yet: the form says so, nothing is sent.
    await page.getByRole('button', { name: '提交答复' }).click()
    await page.getByText('是否解决').first().waitFor()
    await page.getByRole('radio', { name: '已解决', exact: true }).check()
    await page.getByRole('button', { name: '提交答复' }).click()
    await page.getByText('谢谢您的答复').waitFor()
    assert.deepEqual(await faults(page), [])
    await page.screenshot({ path: `${shots}answer-thanks.png` })
    await page.reload()
    await page.getByText('这个链接已经用过').waitFor()
    assert.deepEqual(await faults(page), [])
    await page.screenshot({ path: `${shots}answer-used.png` })
    assert.deepEqual(page.heard, [])
  })
  await page.context().close()
})

test('in a browser where staff signed in it says why not, and what to do', async () => {
  const { path } = await asked()
  const page = await signedIn(browser, office, 'caller_beishan_street', { viewport: phone })
  await onFailure([page], 'answer-staff', async () => {
    await page.goto(path)
    await page.getByRole('radio', { name: '已解决', exact: true }).check()
    await page.getByRole('button', { name: '提交答复' }).click()
    await page.getByText('不能代居民办理').waitFor()
    assert.deepEqual(await faults(page), [])
    assert.deepEqual(page.heard, [])
  })
  await page.context().close()
})

test('another number is asked for on the progress page, and given on the page that the old one leads to', async () => {
  const { number, receipt } = await submitAppeal(office)
  const page = await visitor(browser, office, { viewport: phone })
  await onFailure([page], 'answer-contact', async () => {
    const askForLink = async () => {
      await page.goto(`/m/p/${receipt}`)
      await page.getByRole('button', { name: /换联系电话/ }).click()
      await page.getByRole('dialog').getByRole('button', { name: /换联系电话/ }).click()
    }
    await askForLink()
    const path = await answerPath(file, number, '13812341234')
    assert.deepEqual(await faults(page), [])
    await page.screenshot({ path: `${shots}contact-asked.png`, fullPage: true })
    await page.goto(path)
    await page.getByText('请填写新的联系方式').waitFor()
    assert.deepEqual(await faults(page), [])
    assert.equal(await page.locator('form .optional').count(), 0, 'the number is not left to him')
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no page wider than the phone')
    await page.locator('input[type=tel]').fill('13700000002')
    await page.screenshot({ path: `${shots}contact-form.png`, fullPage: true })
    await page.getByRole('button', { name: '提交答复' }).click()
    await page.getByText('谢谢').first().waitFor()
    await page.screenshot({ path: `${shots}contact-thanks.png` })
    // The next link goes to the new number.
    await askForLink()
    await answerPath(file, number, '13700000002')
    assert.deepEqual(page.heard, [])
  })
  await page.context().close()
})
