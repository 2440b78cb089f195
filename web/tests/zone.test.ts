import { describe, expect, it } from 'vitest'
import { dayOf, fromLocal, toLocal } from '../src/me/zone'
import { clockWords, instantWords } from '../src/define/time'

describe('the zone of the office', () => {
  it('shows and takes instants wherever the reader sits', () => {
    expect(toLocal('2026-11-21T16:05:00Z', 'Asia/Shanghai')).toBe('2026-11-22T00:05')
    expect(toLocal('2026-11-21T16:05:00Z', 'America/New_York')).toBe('2026-11-21T11:05')
    for (const zone of ['Asia/Shanghai', 'Asia/Seoul', 'America/New_York', 'UTC']) {
      expect(fromLocal(toLocal('2026-09-22T01:30:00Z', zone), zone)).toBe('2026-09-22T01:30:00Z')
    }
    expect(dayOf(Date.parse('2026-11-21T16:00:00Z'), 'Asia/Shanghai')).toBe('2026-11-22')
    expect(clockWords('2026-11-21T16:05:00Z', 'zh-CN', 'Asia/Shanghai')).toBe('00:05')
    expect(instantWords('2026-11-21T16:05:00Z', 'zh-CN', 'Asia/Shanghai', Date.parse('2026-12-01T00:00:00Z'))).toMatch(/11\/22 00:05/)
  })
  it('keeps to the clock where it jumps', () => {
    expect(fromLocal('2026-03-08T02:30', 'America/New_York')).toMatch(/^2026-03-08T0[67]:30:00Z$/)
    expect(fromLocal('2026-11-01T01:30', 'America/New_York')).toMatch(/^2026-11-01T0[56]:30:00Z$/)
    expect(fromLocal('never')).toBe('')
    expect(toLocal('never')).toBe('')
  })
})
