// A grid worker where there is no net: the app opens, the day's matters are there, what is done
// waits on the device, and afterwards each of it has happened once, in its order.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'

import { openDemo, pointIn, submitAppeal, until } from '../functional/office.mjs'
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

/** A picture of one point. */
const point = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='
const twoDaysMs = 2 * 86_400_000

/** Puts on the device what was done two days ago: of 200 things each fifth a report with a photo,
 *  each twentieth an action on what somebody else has changed since, the others notes. */
const keepTwoHundred = (page, plan) => page.evaluate(([{ matter, who, lon, lat, requests, picture }, ago]) => new Promise((done, fail) => {
  const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0)).buffer
  const then = Date.now() - ago
  const opening = indexedDB.open('gewu-offline')
  opening.onerror = () => fail(opening.error)
  opening.onsuccess = () => {
    const put = opening.result.transaction(['actions', 'files'], 'readwrite')
    const reportOf = (nth, request) => {
      put.objectStore('files').add({ id: `photo-${request}`, who, at: then, name: `${nth}.png`, media_type: 'image/png', bytes })
      const photos = [{ pending: `photo-${request}`, name: `${nth}.png`, media_type: 'image/png', bytes: bytes.byteLength }]
      return { kind: 'open', type: 'appeal', action: 'submit', values: { text: `第 ${nth} 件`, place: { lon, lat, address: '路口' }, photos } }
    }
    for (const [nth, request] of requests.entries()) {
      const note = { kind: 'act', matter, action: 'note', values: { text: `第 ${nth} 句`, audience: 'posts' } }
      const what = nth % 5 === 0 ? reportOf(nth, request) : nth % 20 === 7 ? { ...note, version: 1 } : note
      put.objectStore('actions').add({ request, who, post: '', at: new Date(then).toISOString(), title: `第 ${nth} 件事`, state: 'waiting', what })
    }
    put.oncomplete = () => (opening.result.close(), done())
    put.onerror = () => fail(put.error)
  }
}), [plan, twoDaysMs])
/** Every row that lies on the device, bytes as text where they are any. */
const lying = (page) => page.evaluate(() => new Promise((done) => {
  const opening = indexedDB.open('gewu-offline')
  opening.onsuccess = async () => {
    const shelves = {}
    for (const shelf of opening.result.objectStoreNames) {
      const all = opening.result.transaction(shelf).objectStore(shelf).getAll()
      await new Promise((read) => (all.onsuccess = read))
      const text = (value) => (value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value instanceof CryptoKey ? `key ${value.extractable}` : value)
      shelves[shelf] = all.result.map((row) => JSON.stringify(Object.values(row).map(text)))
    }
    opening.result.close()
    done(shelves)
  }
}))
/** The outbox as the page itself can read it: with the key that it may use and not see. */
const outbox = (page) => page.evaluate(() => new Promise((done) => {
  const opening = indexedDB.open('gewu-offline')
  opening.onsuccess = async () => {
    const read = (shelf) => new Promise((found) => {
      const all = opening.result.transaction(shelf).objectStore(shelf).getAll()
      all.onsuccess = () => found(all.result)
    })
    const keys = Object.fromEntries((await read('keys')).map(({ who, key }) => [who, key]))
    const rows = await read('actions')
    opening.result.close()
    const said = ({ who, seal }) =>
      crypto.subtle.decrypt({ name: 'AES-GCM', iv: seal.slice(0, 12), additionalData: new TextEncoder().encode(`actions ${who}`) }, keys[who], seal.slice(12))
    done(await Promise.all(rows.map(async (row) => JSON.parse(new TextDecoder().decode(await said(row))))))
  }
}))

test('two hundred things of two days without a net, photos among them, happen once each and in order, though answers were lost; conflicts are shown', async () => {
  const page = await signedIn(browser, office, login, { viewport: phone })
  await onFailure([page], 'offline-many', async () => {
    const dispatcher = await office.person(login)
    const { id } = await submitAppeal(office, { text: '离线补记。' })
    await dispatcher.act(id, 'note', { text: '别人先写的一句。', audience: 'posts' })
    const place = await pointIn(dispatcher, '222401002')
    const reports = async () => (await dispatcher.get('/matters?of=territory&unit=222401002&type=appeal')).json.total
    const before = await reports()
    await page.goto('/outbox')
    await page.getByText('没有等着上传的').waitFor()
    await page.context().setOffline(true)
    const requests = Array.from({ length: 200 }, () => randomUUID())
    await keepTwoHundred(page, { matter: id, who: dispatcher.me.account.id, lon: place.lon, lat: place.lat, requests, picture: point })
    // Every seventh answer is lost on its way back: the server has done it, the phone does not know.
    let heard = 0
    await page.route(/\/api\/matters(\/\d+\/actions)?$/, async (route) => {
      if (route.request().method() !== 'POST') return route.continue()
      heard += 1
      if (heard % 7) return route.continue()
      await route.fetch().catch(() => {})
      await route.abort()
    })
    await page.context().setOffline(false)
    await page.reload()
    const conflicts = requests.filter((_, nth) => nth % 5 !== 0 && nth % 20 === 7).length
    await until(async () => {
      const send = page.getByRole('button', { name: '现在上传' })
      if (await send.count()) await send.click({ timeout: 1_000 }).catch(() => {})
      await page.waitForTimeout(400)
      return (await page.locator('li.done').count()) + (await page.locator('li.refused').count()) === 200
    }, 400_000)
    assert.equal(conflicts, 10)
    assert.equal(await page.locator('li.refused .why').count(), conflicts)
    const { json } = await dispatcher.get(`/matters/${id}/timeline`)
    const said = json.events.filter(({ action }) => action === 'note').reverse().slice(1).map(({ input }) => input.find(({ name }) => name === 'text').value)
    assert.deepEqual(said, requests.flatMap((_, nth) => (nth % 5 === 0 || nth % 20 === 7 ? [] : [`第 ${nth} 句`])))
    const items = await outbox(page)
    assert.ok(items.filter(({ state }) => state === 'refused').every(({ problem }) => problem.key === 'matter.version'))
    const opened = items.filter(({ what }) => what.kind === 'open').map(({ matter }) => matter)
    assert.equal(new Set(opened).size, 40)
    assert.equal((await reports()) - before, 40)
    for (const matter of [opened[0], opened[39]]) {
      const shown = (await dispatcher.get(`/matters/${matter}`)).json
      assert.match(JSON.stringify(shown), /"sha256":"[0-9a-f]{64}"/)
    }
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

test('what waits lies sealed; a session that was ended takes the key away, the next sign-in sends it', async () => {
  const page = await signedIn(browser, office, login, { viewport: phone })
  await onFailure([page], 'offline-sealed', async () => {
    const dispatcher = await office.person(login)
    const words = `栏杆晃动，住户金某某说的 ${randomUUID()}`
    const { id } = await submitAppeal(office, { text: '离线加密的一件。' })
    await page.goto(`/matters/${id}`)
    await page.getByPlaceholder(/写进展/).waitFor()
    await hasShell(page)
    await page.context().setOffline(true)
    await page.getByPlaceholder(/写进展/).fill(words)
    await page.getByRole('button', { name: /发出/ }).first().click()
    await page.getByText(/有网后自动上传/).first().waitFor()
    const isSealed = async () => {
      const shelves = await lying(page)
      assert.equal(shelves.actions.length, 1)
      assert.ok(shelves.answers.length > 0)
      for (const row of Object.values(shelves).flat())
        for (const word of [words, '离线加密', '栏杆', '金某某', '北山']) assert.ok(!row.includes(word), `${word} in ${row.slice(0, 80)}`)
      return shelves
    }
    assert.match((await isSealed()).keys.join(), /key false/)
    // The page starts anew without a net: the key is there for it.
    await page.reload()
    await page.goto('/outbox')
    await page.locator('li.waiting').first().waitFor()
    // Somebody else ends the session: with the first word of the server the key is gone.
    for (const { id: session, current } of (await dispatcher.get('/account/sessions')).json.sessions) {
      if (current) continue
      const ended = await dispatcher.post(`/account/sessions/${session}/end`)
      assert.ok(ended.status < 300, ended.text)
    }
    await page.context().setOffline(false)
    await page.reload()
    await until(async () => !(await lying(page)).keys.some((row) => row.includes(dispatcher.me.account.id)), 60_000)
    await isSealed()
    const said = async () => (await dispatcher.get(`/matters/${id}/timeline`)).text.includes(words)
    assert.equal(await said(), false)
    await page.goto('/sign-in')
    await page.locator('#login').fill(login)
    await page.locator('#password').fill(office.passwordOf(login))
    await page.locator('button[type=submit]').click()
    await until(said, 60_000)
  })
})
