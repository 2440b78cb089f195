// Lists to come back to: desks that a definition keeps (督办, 回访) with what waits there, the form of
// a call-back, and views that a clerk keeps under a name.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { openDemo, submitAppeal, until } from '../functional/office.mjs'
import { onFailure, openBrowser, phone, signedIn } from './hands.mjs'

const words = '回访台的一件：楼道灯换了灯泡还是不亮。'
let office, browser, called
before(async () => {
  office = await openDemo()
  browser = await openBrowser()
  called = await bringToCalling()
})
after(async () => {
  await browser?.close()
  await office?.stop()
})

async function done(reply) {
  const answer = await reply
  assert.ok(answer.status < 300, answer.text)
  return answer.json
}
/** An appeal whose work is done and checked: the resident is to be called. */
async function bringToCalling() {
  const { id, number, receipt } = await submitAppeal(office, { text: words })
  const dispatcher = await office.person('dispatcher_beishan_street')
  await done((await office.person('centre_1')).act(id, 'accept', { category: 'lighting' }))
  const due = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10)
  await done(dispatcher.act(id, 'split', { tasks: [{ by_whom: 'lighting_office', share: 'lead', what: '换灯', due }] }))
  const task = (await done(dispatcher.get(`/matters/${id}`))).parts[0].id
  const officer = await office.person('officer_lighting_office')
  await done(officer.act(task, 'take'))
  await done(officer.act(task, 'report', { result: '已换' }))
  await done((await office.person('second_dispatcher')).act(task, 'pass'))
  await until(async () => (await dispatcher.get(`/matters/${id}`)).json.state === 'calling')
  return { id, number, receipt }
}
const shelf = (page) => page.getByRole('navigation', { name: '常用列表' })
const countOf = async (link) => Number((await link.locator('.num').innerText()).replace('+', ''))

test('a call-back desk holds only what is to be called, and its count is what it lists', async () => {
  const page = await signedIn(browser, office, 'caller_beishan_street')
  await onFailure([page], 'desks', async () => {
    await page.goto('/desk?scope=territory')
    const link = shelf(page).getByRole('link', { name: '回访台' })
    await link.locator('.num', { hasText: /\d/ }).waitFor()
    const count = await countOf(link)
    await link.click()
    await page.waitForURL(/view=call_back/)
    const row = page.locator(`a.entry[data-key="${called.id}"]`)
    await row.waitFor()
    await page.getByText(new RegExp(`共 ${count} 件`)).waitFor()
    const caller = await office.person('caller_beishan_street')
    const { json } = await caller.get('/matters?of=territory&type=appeal&view=call_back&rows=50')
    assert.ok(json.rows.length >= 1)
    assert.ok(json.rows.every(({ state }) => state === 'calling'))
    assert.equal(json.total, count)
    await row.click()
    const desk = page.getByRole('region', { name: '跟踪回访' })
    await desk.getByText('已试 0 次').waitFor()
    assert.ok(!(await page.locator('body').innerText()).includes('13812341234'), 'the contact is sealed')
    // Nobody answered: it is noted and counted.
    await desk.getByRole('radio', { name: '回访', exact: true }).check()
    await desk.getByRole('radio', { name: '否' }).check()
    await desk.getByRole('button', { name: '回访', exact: true }).click()
    await desk.getByText('已试 1 次').waitFor()
    // Then somebody did.
    await desk.getByRole('radio', { name: '居民答复' }).check()
    await desk.getByRole('radio', { name: '已解决' }).check()
    await desk.getByRole('button', { name: '居民答复' }).click()
    await desk.waitFor({ state: 'hidden' })
    await until(async () => (await caller.get(`/matters/${called.id}`)).json.state === 'closed')
  })
  assert.deepEqual(page.heard, [])
})

test('supervision: by lamp and by unit, with what is late and who has it', async () => {
  const page = await signedIn(browser, office, 'dispatcher_beishan_street')
  await onFailure([page], 'desks-board', async () => {
    const dispatcher = await office.person('dispatcher_beishan_street')
    const { id } = await submitAppeal(office, { text: '督办板上的一件。' })
    await done((await office.person('centre_1')).act(id, 'accept', { category: 'lighting' }))
    await done(dispatcher.post('/matters', { type: 'supervision', values: { about: id, why: 'chosen' } }))
    await page.goto('/desk?scope=territory')
    await shelf(page).getByRole('link', { name: '督办看板' }).click()
    await page.waitForURL(/view=pressing/)
    const board = page.getByRole('group', { name: '督办看板' })
    await board.getByRole('heading', { name: /超期/ }).waitFor()
    await board.getByRole('link').first().waitFor()
    await shelf(page).getByRole('link', { name: '按单位督办' }).click()
    await page.getByRole('group', { name: '按单位督办' }).getByRole('heading', { name: /路灯管理所/ }).waitFor()
  })
  assert.deepEqual(page.heard, [])
})

test('a view kept under a name is there again, for this post alone, and can be dropped', async () => {
  const page = await signedIn(browser, office, 'two_posts')
  await onFailure([page], 'desks-kept', async () => {
    await page.goto('/desk?scope=territory&type=appeal&lamp=green&as=table&cols=title,category,handler')
    await page.getByRole('table').waitFor()
    await page.getByRole('button', { name: '保存为视图' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('视图名称').fill('正常的诉求')
    await dialog.getByRole('button', { name: '保存', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.goto('/desk?scope=territory')
    const link = shelf(page).getByRole('link', { name: '正常的诉求' })
    await link.locator('.num', { hasText: /\d/ }).waitFor()
    await link.click()
    await page.waitForURL(/lamp=green/)
    await page.getByRole('columnheader').nth(2).waitFor()
    assert.deepEqual(await page.getByRole('columnheader').allInnerTexts(), ['事项', '类别', '责任单位'])
    const person = await office.person('two_posts')
    const { views } = (await person.get('/views')).json
    assert.match(views[0].filter, /post=\d+/)
    const other = person.me.posts.find(({ id }) => !views[0].filter.includes(`post=${id}`)).id
    await page.evaluate((id) => localStorage.setItem('gewu.post', id), other)
    await page.goto('/desk?scope=territory')
    await shelf(page).getByRole('link', { name: '回访台' }).waitFor()
    assert.equal(await shelf(page).getByRole('link', { name: '正常的诉求' }).count(), 0)
    await page.evaluate((ids) => localStorage.setItem('gewu.post', ids.mine), { mine: views[0].filter.match(/post=(\d+)/)[1] })
    await page.goto('/desk?scope=territory')
    await shelf(page).getByRole('button', { name: '删除视图：正常的诉求' }).click()
    await shelf(page).getByRole('link', { name: '正常的诉求' }).waitFor({ state: 'detached' })
    assert.equal((await person.get('/views')).json.views.length, 0)
  })
  assert.deepEqual(page.heard, [])
})

test('columns stand in the order that was chosen, also in a kept view', async () => {
  const page = await signedIn(browser, office, 'dispatcher_beishan_street')
  await onFailure([page], 'desks-columns', async () => {
    const heads = () => page.getByRole('columnheader').allInnerTexts()
    await page.goto('/desk?scope=territory&type=appeal&as=table&cols=title,category,handler')
    await page.getByRole('table').waitFor()
    await page.getByText('列', { exact: true }).click()
    await page.getByRole('button', { name: '责任单位：前移' }).press('Enter')
    await page.waitForURL(/cols=title,handler,category|cols=title%2Chandler%2Ccategory/)
    assert.deepEqual(await heads(), ['事项', '责任单位', '类别'])
    await until(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label') === '责任单位：前移'))
    // One that is added stands last, and taking one away leaves the others where they are.
    await page.getByRole('checkbox', { name: '编号' }).check()
    await page.getByRole('columnheader', { name: '编号' }).waitFor()
    await page.getByRole('checkbox', { name: '事项' }).uncheck()
    await page.getByRole('columnheader', { name: '事项' }).waitFor({ state: 'detached' })
    assert.deepEqual(await heads(), ['责任单位', '类别', '编号'])
    await page.getByRole('button', { name: '保存为视图' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('视图名称').fill('我的列')
    await dialog.getByRole('button', { name: '保存', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.goto('/desk?scope=territory')
    await shelf(page).getByRole('link', { name: '我的列' }).click()
    await page.getByRole('columnheader').nth(2).waitFor()
    assert.deepEqual(await heads(), ['责任单位', '类别', '编号'])
  })
  assert.deepEqual(page.heard, [])
})

test('whoever opens a row of a table comes back to it, by the link and by the browser', async () => {
  const page = await signedIn(browser, office, 'dispatcher_beishan_street', { viewport: { width: 1440, height: 620 } })
  await onFailure([page], 'desks-back', async () => {
    await page.goto('/desk?scope=territory&type=appeal&as=table')
    const link = page.getByRole('rowheader').getByRole('link').nth(14)
    await link.waitFor()
    const href = await link.getAttribute('href')
    const row = page.locator(`a[href="${href}"]`)
    for (const back of [() => page.goBack(), () => page.keyboard.press('Escape')]) {
      await row.scrollIntoViewIfNeeded()
      const before = (await row.boundingBox()).y
      await row.click()
      await page.waitForURL(/matters/)
      await page.locator('main h1').first().waitFor()
      await back()
      await page.waitForURL(/as=table/)
      await row.waitFor()
      await until(async () => Math.abs((await row.boundingBox()).y - before) < 4)
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('href')), href)
    }
  })
  assert.deepEqual(page.heard, [])
})

test('on a phone a row opens without leaving the app, and the list is where it was', async () => {
  const page = await signedIn(browser, office, 'dispatcher_beishan_street', { viewport: phone })
  // Every row that was ever drawn.
  await page.addInitScript(() => {
    window.drawn = new Set()
    const note = () => document.querySelectorAll('a.entry').forEach(({ dataset }) => window.drawn.add(dataset.key))
    new MutationObserver(note).observe(document, { subtree: true, childList: true })
  })
  await onFailure([page], 'desks-phone', async () => {
    await page.goto('/desk?scope=territory&type=appeal')
    await page.evaluate(() => (window.stayed = true))
    await page.locator('a.entry').first().waitFor()
    // Only what is near is drawn, and what is drawn stays for as long as nobody moves.
    const isGone = (key) => !document.querySelector(`a.entry[data-key="${key}"]`)
    await page.evaluate(() => new Promise((done) => setTimeout(done, 300)))
    assert.deepEqual(await page.evaluate(`[...window.drawn].filter(${isGone})`), [])
    // The last of them lies below the fold.
    const href = await page.locator('a.entry').last().getAttribute('href')
    const row = page.locator(`a.entry[href="${href}"]`)
    await row.scrollIntoViewIfNeeded()
    const before = (await row.boundingBox()).y
    await row.click()
    await page.waitForURL(/matters/)
    assert.equal(await page.evaluate(() => window.stayed), true)
    await page.goBack()
    await page.waitForURL(/desk/)
    await until(async () => Math.abs(((await page.locator(`a[href="${href}"]`).boundingBox())?.y ?? -999) - before) < 40)
  })
  assert.deepEqual(page.heard, [])
})
