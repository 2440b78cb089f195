// A grid worker where there is no net: the app opens, the day's matters are there, what is done
// waits on the device, and afterwards each of it has happened once, in its order.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'

import { openDemo, submitAppeal, until } from '../functional/office.mjs'
import { onFailure, openBrowser, phone, signedIn } from './hands.mjs'

const login = 'dispatcher_beishan_street'
let office, browser
before(async () => {
  office = await openDemo()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await office?.stop()
})

/** The shell is laid by and answers for this page. */
const hasShell = (page) => page.waitForFunction(async () => {
  const { active } = await navigator.serviceWorker.ready
  return active?.state === 'activated' && Boolean(navigator.serviceWorker.controller)
})

test('without a net the app opens, shows the day and keeps what is done', async () => {
  const page = await signedIn(browser, office, login, { viewport: phone })
  await onFailure([page], 'offline', async () => {
    await page.waitForURL(/\/today/)
    const first = page.locator('a.stop').first()
    await first.waitFor()
    await hasShell(page)
    await page.waitForTimeout(4_000)
    const title = await first.locator('strong').innerText()
    await page.context().setOffline(true)
    await page.reload()
    await page.getByText('现在没有网').first().waitFor()
    await page.locator('a.stop', { hasText: title }).first().click()
    await page.getByRole('heading', { name: title }).waitFor()
    await page.getByPlaceholder(/写进展/).fill('离线写的一句。')
    await page.getByRole('button', { name: /发出/ }).first().click()
    await page.getByText(/有网后自动上传/).first().waitFor()
    await page.getByRole('link', { name: /上报/ }).click()
    await page.getByLabel('诉求内容').fill('离线上报：台阶松了。')
    await page.getByLabel('地址或附近的标志').fill('3 号楼门口')
    await page.getByRole('button', { name: '保存，有网后上传' }).click()
    await page.getByText('已保存在这台设备上').waitFor()
    await page.getByRole('link', { name: '待上传' }).click()
    await page.locator('li.waiting').nth(1).waitFor()
    assert.equal(await page.locator('li.waiting').count(), 2)
    const sent = []
    page.on('request', (request) => request.method() === 'POST' && /\/api\/matters/.test(request.url()) && sent.push(request.headers()))
    await page.context().setOffline(false)
    await page.locator('li.done').first().waitFor()
    await until(async () => (await page.locator('li.waiting').count()) === 0, 40_000)
    assert.ok((await page.locator('li.done').count()) >= 1)
    // When it was done: by the beat of before the reload.
    assert.ok(sent.length >= 2)
    for (const headers of sent) {
      assert.match(headers['gewu-beat'], /^\d+\.[0-9a-f]{32}$/)
      assert.ok(Number(headers['gewu-since']) > 0)
    }
  })
})

test('two hundred things done without a net happen once each and in order, though answers were lost', async () => {
  const page = await signedIn(browser, office, login, { viewport: phone })
  await onFailure([page], 'offline-many', async () => {
    const dispatcher = await office.person(login)
    const { id } = await submitAppeal(office, { text: '离线补记。' })
    await page.goto('/outbox')
    await page.getByText('没有等着上传的').waitFor()
    await page.context().setOffline(true)
    const requests = Array.from({ length: 200 }, () => randomUUID())
    await page.evaluate(([matter, ids, who]) => new Promise((done, fail) => {
      const opening = indexedDB.open('gewu-offline')
      opening.onerror = () => fail(opening.error)
      opening.onsuccess = () => {
        const put = opening.result.transaction('actions', 'readwrite')
        for (const [at, request] of ids.entries()) {
          put.objectStore('actions').add({
            request, who, post: '', at: new Date().toISOString(), title: `第 ${at} 句`, state: 'waiting',
            what: { kind: 'act', matter, action: 'note', values: { text: `第 ${at} 句`, audience: 'posts' } },
          })
        }
        put.oncomplete = () => (opening.result.close(), done())
      }
    }), [id, requests, dispatcher.me.account.id])
    // Every seventh answer is lost on its way back: the server has done it, the phone does not know.
    let heard = 0
    await page.route('**/api/matters/*/actions', async (route) => {
      heard += 1
      if (heard % 7) return route.continue()
      await route.fetch().catch(() => {})
      await route.abort()
    })
    await page.context().setOffline(false)
    await page.reload()
    await until(async () => {
      const send = page.getByRole('button', { name: '现在上传' })
      if (await send.count()) await send.click({ timeout: 1_000 }).catch(() => {})
      await page.waitForTimeout(400)
      return (await page.locator('li.done').count()) === 200
    }, 400_000)
    const { json } = await dispatcher.get(`/matters/${id}/timeline`)
    const said = json.events.filter(({ action }) => action === 'note').reverse().map(({ input }) => input.find(({ name }) => name === 'text').value)
    assert.deepEqual(said, requests.map((_, at) => `第 ${at} 句`))
    assert.ok(heard > 200, 'some were sent again')
  })
})

test('what is refused stays with its reason; signing out leaves nothing', async () => {
  const page = await signedIn(browser, office, login, { viewport: phone })
  await onFailure([page], 'offline-refused', async () => {
    const { id } = await submitAppeal(office, { text: '撤回的一件。' })
    await page.goto(`/matters/${id}`)
    await page.getByPlaceholder(/写进展/).waitFor()
    const dispatcher = await office.person(login)
    await page.evaluate(([matter, request, who]) => new Promise((done) => {
      const opening = indexedDB.open('gewu-offline')
      opening.onsuccess = () => {
        const put = opening.result.transaction('actions', 'readwrite')
        put.objectStore('actions').add({ request, who, post: '', at: new Date().toISOString(), title: '办不成的一步', state: 'waiting', what: { kind: 'act', matter, action: 'split', values: {} } })
        put.oncomplete = () => (opening.result.close(), done())
      }
    }), [id, randomUUID(), dispatcher.me.account.id])
    await page.goto('/outbox')
    await page.locator('li.refused .why').waitFor()
    await page.goto('/me')
    await page.getByRole('button', { name: '退出登录' }).click()
    await page.waitForURL(/sign-in/)
    const left = await page.evaluate(() => new Promise((done) => {
      const opening = indexedDB.open('gewu-offline')
      opening.onsuccess = () => {
        const get = opening.result.transaction('actions').objectStore('actions').count()
        get.onsuccess = () => done(get.result)
      }
    }))
    assert.equal(left, 0)
  })
})
