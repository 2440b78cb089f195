import { expect, test } from 'vitest'
import { Heights } from '@/kit/heights'

/** The same by adding up, for comparison. */
function plain(sizes: readonly number[]) {
  const top = (at: number) => sizes.slice(0, at).reduce((sum, one) => sum + one, 0)
  return { top, at: (depth: number) => Math.max(0, Math.min(sizes.length - 1, sizes.findIndex((_, at) => top(at + 1) > depth) < 0 ? sizes.length - 1 : sizes.findIndex((_, at) => top(at + 1) > depth))) }
}

test('tops and depths are those of adding up, whatever was measured', () => {
  const heights = new Heights(60)
  const sizes: number[] = []
  let seed = 7
  const next = (most: number) => (seed = (seed * 48271) % 2147483647) % most
  for (let turn = 0; turn < 200; turn += 1) {
    if (turn % 40 === 0) {
      while (sizes.length < 100 + turn * 2) sizes.push(60)
      heights.resize(sizes.length)
    }
    const at = next(sizes.length)
    const height = 40 + next(80)
    expect(heights.measure(at, height)).toBe(height === sizes[at] ? 0 : height - sizes[at]!)
    sizes[at] = height
    const known = plain(sizes)
    const depth = next(known.top(sizes.length) + 200) - 100
    expect(heights.at(depth)).toBe(known.at(depth))
    expect(heights.top(at)).toBe(known.top(at))
    expect(heights.top(sizes.length)).toBe(known.top(sizes.length))
  }
})

test('what was measured stays when rows are added, and is forgotten for another list', () => {
  const heights = new Heights(60)
  heights.resize(10)
  heights.measure(3, 100)
  heights.resize(1000)
  expect(heights.top(4)).toBe(280)
  heights.forget()
  expect(heights.top(4)).toBe(240)
  heights.resize(0)
  expect(heights.at(50)).toBe(0)
  expect(heights.top(5)).toBe(0)
})
