import { describe, expect, it } from 'vitest'
import { readCsv, textOf } from '../src/places/admin/csv'

describe('a table', () => {
  it('knows the line that each row begins on', () => {
    const table = readCsv('key,label\r\none,"a, ""b""\nc"\n\ntwo,d')
    expect(table.columns).toEqual(['key', 'label'])
    expect(table.rows).toEqual([
      { line: 2, cells: ['one', 'a, "b"\nc'] },
      { line: 5, cells: ['two', 'd'] },
    ])
  })
  it('keeps short rows, empty cells and no byte order mark', () => {
    expect(readCsv('\uFEFFkey,label,kind\n,x,\nlonely\n').rows.map(({ cells }) => cells)).toEqual([['', 'x', ''], ['lonely']])
    expect(readCsv('')).toEqual({ columns: [], rows: [] })
  })
  it('is read in either encoding', async () => {
    expect(await textOf(new Blob([new Uint8Array([0xc2, 0xb7, 0xb5, 0xc6])]))).toBe('路灯')
    expect(await textOf(new Blob(['路灯']))).toBe('路灯')
  })
})
