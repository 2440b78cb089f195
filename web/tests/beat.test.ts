import { afterEach, beforeEach, expect, test, vi } from 'vitest'

const kept = new Map<string, string>()
beforeEach(() => {
  kept.clear()
  vi.resetModules()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
    removeItem: (key: string) => kept.delete(key),
  })
})
afterEach(() => vi.unstubAllGlobals())
const fresh = () => import('@/api/beat')

test('what is done counts from the last beat, by the clock of the page', async () => {
  const { hearBeat, beatNow } = await fresh()
  const clock = vi.spyOn(performance, 'now').mockReturnValue(1_000)
  expect(beatNow()).toBeUndefined()
  hearBeat('1.aa')
  hearBeat('2.bb')
  hearBeat(null)
  clock.mockReturnValue(61_000)
  expect(beatNow()).toEqual({ beat: '2.bb', since: 60_000 })
  clock.mockRestore()
})

test('a page that is opened anew without a net still knows the last beat; who signs out takes it along', async () => {
  const { hearBeat } = await fresh()
  hearBeat('1.aa')
  vi.resetModules()
  const { beatNow, forgetBeat } = await fresh()
  expect(beatNow()?.beat).toBe('1.aa')
  forgetBeat()
  expect(beatNow()).toBeUndefined()
  vi.resetModules()
  expect((await fresh()).beatNow()).toBeUndefined()
})

test('a clock that was set back, and what is no beat, say nothing', async () => {
  kept.set('gewu.beat', JSON.stringify({ beat: '1.aa', at: Date.now() + 3_600_000 }))
  expect((await fresh()).beatNow()).toBeUndefined()
  vi.resetModules()
  kept.set('gewu.beat', '{')
  expect((await fresh()).beatNow()).toBeUndefined()
})
