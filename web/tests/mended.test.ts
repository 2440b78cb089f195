import { describe, expect, it } from 'vitest'
import { refusedTable } from '../src/places/admin/mended'

const row = (cells: string[], column?: string) => ({ line: 7, key: 'import.time', cells, ...(column ? { column } : {}), reason: { code: 'invalid' as const, key: 'import.time', ...(column ? { details: { column } } : {}) } })

describe('the rows that were refused', () => {
  it('stand behind their reasons, as they were, and quoted where they must be', () => {
    const table = refusedTable(['no', 'made'], [row(['1', 'a, "b"\nc'], 'made')], () => 'in words')
    expect(table).toBe('refused_line,refused_reason,refused_words,no,made\r\n7,import.time column=made,in words,1,"a, ""b""\nc"\r\n')
  })
  it('of a mended table do not carry the reasons of the time before', () => {
    const table = refusedTable(['refused_line', 'refused_key', 'no'], [row(['7', 'x', '1'])], () => '')
    expect(table).toBe('refused_line,refused_reason,refused_words,no\r\n7,import.time,,1\r\n')
  })
  it('keep cells beyond the last column and short rows', () => {
    const table = refusedTable(['no', 'made'], [row(['1', '2', '3']), row(['1'])], () => '')
    expect(table.split('\r\n').slice(1)).toEqual(['7,import.time,,1,2,3', '7,import.time,,1,', ''])
  })
})
