import { describe, expect, it } from 'vitest'
import type { ActionForm } from '../src/api/types'
import { nextForAuthor, primaryOf, sideActions } from '../src/define/offer'
import { openingsOf, phoneOrder, reportOf } from '../src/places/resident/opening'
import { figureWords, isNothing, monthsBefore } from '../src/places/figures/figure'
import { limitWords, valueWords } from '../src/define/words'
import { labelIn } from '../src/define/label'

const action = (name: string, more: Partial<ActionForm> = {}): ActionForm => ({ action: name, label: { zh: name }, stage: 'other', fields: [], ...more })

describe('what is offered', () => {
  it('has at most one primary: a possible step of the loop, never a closing one beside it', () => {
    const actions = [action('refuse', { stage: 'close' }), action('accept', { stage: 'receive' }), action('split', { stage: 'dispatch' })]
    expect(primaryOf(actions)?.action).toBe('accept')
    expect(primaryOf([action('accept', { stage: 'receive', possible: false }), action('split', { stage: 'dispatch' })])?.action).toBe('split')
  })
  it('makes the only step primary and built-in ones never', () => {
    expect(primaryOf([action('withdraw', { stage: 'close' })])?.action).toBe('withdraw')
    expect(primaryOf([action('claim', { built_in: true }), action('due.extend', { clock: 'due' })])).toBeUndefined()
    expect(primaryOf([])).toBeUndefined()
    expect(primaryOf([action('merge', { stage: 'close' })], 'receive')).toBeUndefined()
    expect(primaryOf([action('finish', { stage: 'close' })], 'close')?.action).toBe('finish')
  })
  it('never proposes to an author to give up', () => {
    expect(nextForAuthor([action('withdraw', { stage: 'close' })])).toBeUndefined()
    expect(nextForAuthor([action('withdraw', { stage: 'close' }), action('reply', { stage: 'follow_up' })])?.action).toBe('reply')
  })
  it('keeps notes and the seal out of the bar and built-in ones at the end', () => {
    const actions = [action('claim', { built_in: true }), action('note', { built_in: true }), action('a', { stage: 'handle' }), action('b')]
    const primary = primaryOf(actions)
    expect(sideActions(actions, primary).map((one) => one.action)).toEqual(['b', 'claim'])
  })
})

describe('a report', () => {
  const place = { name: 'where', label: { zh: '地点' }, kind: 'place' as const, required: true }
  const types = [
    { name: 'inner', label: { zh: '内' }, system: 's', part: true, opens: [action('open', { fields: [place] })] },
    { name: 'booking', label: { zh: '订' }, system: 's', opens: [action('book')] },
    { name: 'echo', label: { zh: '同' }, system: 's', opens: [action('join', { fields: [{ name: 'about', label: { zh: '某件' }, kind: 'link' as const, required: true }] })] },
    { name: 'problem', label: { zh: '报' }, system: 's', opens: [action('send', { stage: 'collect', fields: [place] })] },
  ]
  it('is what begins a loop at a place, unless another was asked for', () => {
    const openings = openingsOf(types)
    expect(openings.map(({ type }) => type.name)).toEqual(['booking', 'problem'])
    expect(reportOf(openings, undefined)?.type.name).toBe('problem')
    expect(reportOf(openings, 'booking')?.type.name).toBe('booking')
    expect(reportOf([], undefined)).toBeUndefined()
  })
  it('asks place, category, words, contact, and leaves out choices that have a default', () => {
    const fields = [
      { name: 'contact', label: { zh: '' }, kind: 'contact' as const },
      { name: 'text', label: { zh: '' }, kind: 'text' as const },
      { name: 'channel', label: { zh: '' }, kind: 'choice' as const, default: 'web' },
      { name: 'category', label: { zh: '' }, kind: 'choice' as const },
      place,
    ]
    expect(phoneOrder(fields).map(({ name }) => name)).toEqual(['where', 'category', 'text', 'contact'])
  })
})

describe('words', () => {
  const say = (key: string, named: Record<string, unknown> = {}) => `${key}${JSON.stringify(named)}`
  const words = { say, language: 'zh-CN', now: 0, lists: [{ name: 'colour', rows: [{ key: 'red', label: { zh: '红', ko: '빨강' } }] }] }
  it('come from the list, in the language, else the key', () => {
    expect(valueWords({ name: 'c', label: { zh: '' }, kind: 'choice', list: 'colour' }, 'red', words)).toBe('红')
    expect(valueWords({ name: 'c', label: { zh: '' }, kind: 'choice', list: 'colour' }, 'red', { ...words, language: 'ko' })).toBe('빨강')
    expect(valueWords({ name: 'c', label: { zh: '' }, kind: 'choice', list: 'colour' }, 'blue', words)).toBe('blue')
    expect(valueWords({ name: 'c', label: { zh: '' }, kind: 'choice', list: 'colour' }, null, words)).toBe('')
  })
  it('fall back to Chinese', () => {
    expect(labelIn('en', { zh: '红' })).toBe('红')
    expect(labelIn('en', undefined, 'key')).toBe('key')
  })
  it('say limits and leave odd ones alone', () => {
    expect(limitWords('5 day_working', say)).toBe('ui.unit.day_working{"n":"5"}')
    expect(limitWords('soon', say)).toBe('soon')
  })
})

describe('figures', () => {
  it('a ratio of counts is a share, nothing is a dash', () => {
    expect(figureWords('ratio', { value: '0.9643' }, 'zh-CN')).toBe('96.4%')
    expect(figureWords('coverage', { value: '0', denominator: '70' }, 'zh-CN')).toBe('0%')
    expect(figureWords('ratio', { value: '83' }, 'zh-CN')).toBe('83')
    expect(figureWords('flow', { value: '1234' }, 'zh-CN')).toBe('1,234')
    expect(figureWords('ratio', {}, 'zh-CN')).toBe('—')
    // Folded away is only what did not happen: nobody of five is a figure, and what is withheld did happen.
    expect([undefined, { value: '0' }, { denominator: '0' }].map(isNothing)).toEqual([true, true, true])
    expect([{ value: '3' }, { value: '0', denominator: '5' }, { withheld: true }].map(isNothing)).toEqual([false, false, false])
  })
  it('months go back over the year', () => {
    expect(monthsBefore('2026-02-28', 4)).toEqual(['2026-02', '2026-01', '2025-12', '2025-11'])
  })
})
