import { expect, it } from 'vitest'
import { linesOf } from '../src/places/admin/lines'

it('parts a line from its origin and marks what an overlay laid on', () => {
  const lines = linesOf('type: appeal  # systems/a/appeal.yaml:1\nlabel: {zh: "甲  # x"}  # systems/a/appeal.yaml:2\nwithin: 3 day_working  # localities/b/locality.yaml:9\n  - plain\n')
  expect(lines.map(({ text }) => text)).toEqual(['type: appeal', 'label: {zh: "甲  # x"}', 'within: 3 day_working', '  - plain'])
  expect(lines.map(({ isLaid }) => isLaid)).toEqual([false, false, true, false])
  expect(lines[2]!.origin).toBe('localities/b/locality.yaml:9')
})
