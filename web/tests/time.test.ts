import { beforeAll, describe, expect, it } from 'vitest'
import { dateWords, dueWords, instantWords, lengthWords, type Say } from '../src/define/time'
import en from '../src/locales/en.json'
import zh from '../src/locales/zh-CN.json'
import ko from '../src/locales/ko.json'
import { addWords, useWords, type Language } from '../src/words'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const now = Date.parse('2026-11-21T09:40:00Z')
const { t, locale } = useWords()
const say: Say = t
const inWords = (language: Language, ms: number) => {
  locale.value = language
  return dueWords(new Date(now + ms).toISOString(), now, say)
}

// One table for all three languages: remaining or overdue, at most two units.
const table: [string, number, string, string, string][] = [
  ['an hour and a half', 90 * minute, '剩 1 小时 30 分', '1시간 30분 남음', '1 hour 30 min left'],
  ['minutes', 55 * minute, '剩 55 分', '55분 남음', '55 min left'],
  ['seconds', 20_000, '剩 不到 1 分', '1분 미만 남음', 'under a minute left'],
  ['a day and hours', day + 4 * hour + 9 * minute, '剩 1 天 4 小时', '1일 4시간 남음', '1 day 4 hours left'],
  ['days drop the hours', 4 * day + 5 * hour, '剩 4 天', '4일 남음', '4 days left'],
  ['exactly an hour', hour, '剩 1 小时', '1시간 남음', '1 hour left'],
  ['overdue', -(3 * hour + 20 * minute), '超期 3 小时 20 分', '3시간 20분 초과', '3 hours 20 min overdue'],
  ['overdue by days', -(2 * day + hour), '超期 2 天 1 小时', '2일 1시간 초과', '2 days 1 hour overdue'],
]

describe('remaining time', () => {
  beforeAll(() => {
    addWords('zh-CN', zh)
    addWords('ko', ko)
    addWords('en', en)
  })
  it.each(table)('%s', (_, ms, zhWords, koWords, enWords) => {
    expect(inWords('zh-CN', ms)).toBe(zhWords)
    expect(inWords('ko', ms)).toBe(koWords)
    expect(inWords('en', ms)).toBe(enWords)
  })
  it('says that no clock runs, also for nonsense', () => {
    locale.value = 'zh-CN'
    expect(dueWords(undefined, now, say)).toBe('未启动计时')
    expect(dueWords('soon', now, say)).toBe('未启动计时')
  })
  it('takes lengths by their size alone', () => {
    locale.value = 'zh-CN'
    expect(lengthWords(-53 * minute, say)).toBe('53 分')
  })
})

describe('instants', () => {
  it('are said in the zone given and name another year', () => {
    expect(instantWords('2026-11-21T12:00:00Z', 'zh-CN', 'Asia/Shanghai', now)).toBe('11/21 20:00')
    expect(instantWords('2025-12-31T16:30:00Z', 'zh-CN', 'Asia/Shanghai', now)).toBe('01/01 00:30')
    expect(instantWords('2025-06-30T16:30:00Z', 'zh-CN', 'Asia/Shanghai', now)).toBe('2025/07/01 00:30')
  })
  it('do not move a date by a zone', () => {
    expect(dateWords('2026-09-01', 'zh-CN')).toBe('2026/09/01')
    expect(dateWords('nonsense', 'zh-CN')).toBe('nonsense')
  })
})
