import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '../src/api/errors'
import { replay } from '../src/offline/replay'
import { dropKey, keySource } from '../src/offline/seal'
import { actionsOf, clearOf, draftsOf, keepAnswer, keepDraft, keepFile, keptAnswer, keptFile, openStore, put, tidy, type Store, type Waiting } from '../src/offline/store'

let db: Store
const day = 86_400_000
const open = (request: string, more: Partial<Waiting> = {}): Waiting => ({
  request, who: '7', post: '', at: '2026-11-21T08:00:00Z', title: request, state: 'waiting',
  what: { kind: 'open', type: 'a', action: 'b', values: {} }, ...more,
})
const note = (request: string, matter: string | { of: string }): Waiting => open(request, { what: { kind: 'act', matter, action: 'note', values: {} } })
const fail = (status: number, code: string) => new ApiError(status, { code, key: `x.${code}` } as never)

/** The server's key of an account; who signed in last gets it. */
const serverKey = async (who: string) => who.repeat(64).slice(0, 64)
beforeEach(async () => {
  keySource.ask = serverKey
  db = await openStore()
  for (const who of ['7', '8', '']) await dropKey(db, who)
  for (const shelf of ['actions', 'drafts', 'answers', 'files'] as const) await db.clear(shelf)
})
afterEach(() => vi.useRealTimers())

describe('what waited is sent', () => {
  it('two hundred in their order, each once', async () => {
    for (let at = 0; at < 200; at += 1) await put(db, open(`r${at}`))
    const sent: string[] = []
    await replay(db, '7', async ({ request }) => ({ matter: String(sent.push(request)) }))
    expect(sent).toEqual(Array.from({ length: 200 }, (_, at) => `r${at}`))
    await replay(db, '7', async () => Promise.reject(new Error('sent again')))
    expect((await actionsOf(db, '7')).every(({ state }) => state === 'done')).toBe(true)
  })
  it('stops where the net ends and goes on there with the same ids', async () => {
    for (const request of ['r1', 'r2', 'r3']) await put(db, open(request))
    const tried: string[] = []
    const once = async ({ request }: Waiting) => {
      tried.push(request)
      if (request === 'r2' && tried.length === 2) throw fail(0, 'unavailable')
      return { matter: '1' }
    }
    expect(await replay(db, '7', once)).toBe('paused')
    expect(await replay(db, '7', once)).toBe('all')
    expect(tried).toEqual(['r1', 'r2', 'r2', 'r3'])
  })
  it('keeps a refusal with its reason, takes down what stands on it, and goes on with the others', async () => {
    await put(db, open('r1'))
    await put(db, note('r2', { of: 'r1' }))
    await put(db, open('r3'))
    await put(db, note('r4', { of: 'r3' }))
    const targets: (string | undefined)[] = []
    await replay(db, '7', async ({ request }, matter) => {
      targets.push(matter)
      if (request === 'r1') throw fail(409, 'conflict')
      return { matter: `of-${request}`, number: '5' }
    })
    const now = await actionsOf(db, '7')
    expect(now.map(({ state }) => state)).toEqual(['refused', 'refused', 'done', 'done'])
    expect(now[0]!.problem?.key).toBe('x.conflict')
    expect(now[1]!.problem?.key).toBe('client.needs_other')
    expect(targets).toEqual([undefined, undefined, 'of-r3'])
  })
  it('of one person only', async () => {
    await put(db, open('mine'))
    await put(db, open('other', { who: '8' }))
    const sent: string[] = []
    await replay(db, '7', async ({ request }) => ({ matter: String(sent.push(request)) }))
    expect(sent).toEqual(['mine'])
  })
})

describe('what stays on the device', () => {
  it('goes at sign-out, that of others stays', async () => {
    await put(db, open('mine'))
    await put(db, open('other', { who: '8' }))
    await keepDraft(db, { id: 'd', who: '7', type: 'a', at: '2026-11-21', title: 'x', drafts: {} })
    await keepAnswer(db, '7', 'list', [1], 1)
    await clearOf(db, '7')
    expect(await actionsOf(db, '7')).toEqual([])
    expect(await draftsOf(db, '7')).toEqual([])
    expect(await keptAnswer(db, '7', 'list', 1)).toBeUndefined()
    expect(await actionsOf(db, '8')).toHaveLength(1)
  })
  it('answers for a week and no longer', async () => {
    await keepAnswer(db, '7', 'list', ['row'], 0)
    expect((await keptAnswer(db, '7', 'list', 6 * day))?.value).toEqual(['row'])
    expect(await keptAnswer(db, '7', 'list', 7 * day)).toBeUndefined()
    await tidy(db, 7 * day)
    expect(await db.count('answers')).toBe(0)
  })
})

describe('what lies on the device', () => {
  const secret = '金某某 13900001234 台阶松了'
  /** Each byte as a letter. */
  const bytesAsText = (bytes: ArrayBuffer) => [...new Uint8Array(bytes)].map((byte) => String.fromCharCode(byte)).join('')
  const bytesOf = async () => {
    const rows = (await Promise.all((['actions', 'drafts', 'answers', 'files'] as const).map((shelf) => db.getAll(shelf)))).flat()
    return rows.map((row) => Object.values(row).map((value) => (value instanceof ArrayBuffer ? bytesAsText(value) : JSON.stringify(value))).join(' ')).join('\n')
  }
  const keepAll = async (who: string) => {
    const values = { text: secret }
    await put(db, open('r1', { who, title: secret, what: { kind: 'open', type: 'a', action: 'b', values } }))
    await keepDraft(db, { id: `d${who}`, who, type: 'a', at: '2026-11-21', title: secret, drafts: values })
    await keepAnswer(db, who, 'matter 12', { text: secret }, 1)
    await keepFile(db, { id: `f${who}`, who, at: 1, name: `${secret}.png`, media_type: 'image/png', bytes: new TextEncoder().encode(secret).buffer })
  }
  const isReadable = async (who: string) => {
    const said = [(await actionsOf(db, who))[0]?.title, (await draftsOf(db, who))[0]?.title, ((await keptAnswer(db, who, 'matter 12', 2).catch(() => undefined))?.value as { text?: string })?.text]
    const file = await keptFile(db, `f${who}`).catch(() => undefined)
    return [...said, file && new TextDecoder().decode(file.bytes)].map((one) => one === secret)
  }

  it('holds no word of it that can be read, with an account and without', async () => {
    for (const who of ['7', '']) {
      await keepAll(who)
      const lying = await bytesOf()
      for (const word of [secret, ...secret.split(' ')]) {
        expect(lying).not.toContain(word)
        expect(lying).not.toContain(bytesAsText(new TextEncoder().encode(word).buffer))
      }
      expect(await isReadable(who)).toEqual([true, true, true, true])
    }
  })
  it('has a key that no script can read', async () => {
    await keepAll('7')
    const row = (await db.get('keys', '7'))!
    expect(row.key.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('raw', row.key)).rejects.toThrow()
  })
  it('stays closed without the key, and opens again when the server gives it again', async () => {
    await keepAll('7')
    await dropKey(db, '7')
    keySource.ask = async () => Promise.reject(new Error('no session'))
    expect(await isReadable('7')).toEqual([false, false, false, false])
    expect(await db.count('actions')).toBe(1)
    keySource.ask = async () => 'ab'.repeat(32)
    expect(await isReadable('7')).toEqual([false, false, false, false])
    await dropKey(db, '7')
    keySource.ask = serverKey
    expect(await isReadable('7')).toEqual([true, true, true, true])
  })
  it('opens for three days without a word of the server, and not after seven', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000 })
    await keepAll('7')
    keySource.ask = async () => Promise.reject(new Error('no net'))
    vi.setSystemTime(1_000 + 3 * day)
    expect((await actionsOf(db, '7'))[0]?.title).toBe(secret)
    vi.setSystemTime(1_000 + 7 * day)
    expect(await actionsOf(db, '7')).toEqual([])
    expect(await db.get('keys', '7')).toBeUndefined()
  })
  it('opens for nobody under whose name a row was put by hand', async () => {
    await keepAll('7')
    await put(db, open('other', { who: '8' }))
    const [mine] = await db.getAll('actions')
    await db.put('actions', { ...mine!, who: '8' })
    expect((await actionsOf(db, '8')).map(({ request }) => request)).toEqual(['other'])
  })
  it('that was written before there were keys is sealed when it is read', async () => {
    await db.put('actions', { ...open('old', { title: secret }) } as never)
    expect((await actionsOf(db, '7')).map(({ title }) => title)).toEqual([secret])
    expect(await bytesOf()).not.toContain(secret)
    expect((await actionsOf(db, '7')).map(({ title }) => title)).toEqual([secret])
  })
})
