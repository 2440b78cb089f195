import { describe, expect, it } from 'vitest'
import { diffOf } from '../src/places/admin/diff'

const said = (...lines: string[]) => lines.map((text) => ({ text, origin: 'f:1' }))
const told = (lines: ReturnType<typeof diffOf>) => lines.map(({ how, text }) => `${{ same: ' ', gone: '-', new: '+' }[how]}${text}`)

describe('what became of the lines', () => {
  it('tells what was taken away and added, with a little of what stayed around it', () => {
    const before = ['1', '2', '3', '4', '5', '6', '7', '8', '9']
    expect(told(diffOf(before, said('1', '2', '3', '4', 'five', '6', '7', '8', '9')))).toEqual([' 2', ' 3', ' 4', '-5', '+five', ' 6', ' 7', ' 8'])
  })
  it('of equal texts tells nothing, whatever their origins', () => {
    expect(diffOf(['a', 'b'], said('a', 'b'))).toEqual([])
  })
  it('a text that came or went', () => {
    expect(told(diffOf([], said('a', 'b')))).toEqual(['+a', '+b'])
    expect(told(diffOf(['a', 'b'], []))).toEqual(['-a', '-b'])
  })
  it('keeps every line of both in order', () => {
    const before = [...'abcabba']
    const after = [...'cbabac']
    const lines = diffOf(before, said(...after))
    expect(lines.filter(({ how }) => how !== 'new').map(({ text }) => text)).toEqual(before)
    expect(lines.filter(({ how }) => how !== 'gone').map(({ text }) => text)).toEqual(after)
  })
})
