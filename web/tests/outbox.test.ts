import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it } from 'vitest'
import { ApiError } from '../src/api/errors'
import { replay } from '../src/offline/replay'
import { actionsOf, clearOf, draftsOf, keepAnswer, keepDraft, keptAnswer, openStore, put, tidy, type Store, type Waiting } from '../src/offline/store'

let db: Store
const day = 86_400_000
const open = (request: string, more: Partial<Waiting> = {}): Waiting => ({
  request, who: '7', post: '', at: '2026-11-21T08:00:00Z', title: request, state: 'waiting',
  what: { kind: 'open', type: 'a', action: 'b', values: {} }, ...more,
})
const note = (request: string, matter: string | { of: string }): Waiting => open(request, { what: { kind: 'act', matter, action: 'note', values: {} } })
const fail = (status: number, code: string) => new ApiError(status, { code, key: `x.${code}` } as never)

beforeEach(async () => {
  db = await openStore()
  for (const shelf of ['actions', 'drafts', 'answers'] as const) await db.clear(shelf)
})

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
