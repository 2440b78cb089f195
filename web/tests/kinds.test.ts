import { filesIn } from '@/offline/pending'
import { describe, expect, it } from 'vitest'
import type { Field } from '../src/api/types'
import { check, decode, emptyDraft, encode, fieldOfKey, isEnterable, rowDraft } from '../src/define/kinds'
import { fromLocal, toLocal } from '../src/me/zone'

const field = (kind: Field['kind'], more: Partial<Field> = {}): Field => ({ name: 'f', label: { zh: '项' }, kind, ...more })

// What comes from the server, edited by nobody, goes back as it came.
const round: [string, Field, unknown][] = [
  ['text', field('text'), '路灯不亮'],
  ['number', field('number'), '12.5'],
  ['money', field('money'), '88.50'],
  ['date', field('date'), '2026-09-22'],
  ['instant', field('instant'), '2026-09-22T01:30:00Z'],
  ['limit', field('limit'), '5 day_working'],
  ['period', field('period'), { from: '2026-09-22T06:00:00Z', to: '2026-09-22T08:00:00Z' }],
  ['yes_no', field('yes_no'), false],
  ['choice', field('choice', { list: 'colour' }), 'red'],
  ['many choices', field('choice', { many: true }), ['red', 'blue']],
  ['many links', field('link', { many: true }), ['12', '13']],
  ['many texts', field('text', { many: true }), ['a', 'b']],
  ['territory', field('territory'), '222401002001'],
  ['point', field('place'), { lon: '129.508912', lat: '42.891200', address: '3 号楼' }],
  ['place by node', field('place'), { territory: '222401002001007' }],
  ['contact', field('contact'), { name: '李', phone: '13800138000' }],
  ['scores', field('scores'), { speed: { value: '90', reason: '快' }, result: { value: '80' } }],
  ['hours', field('hours'), { mon: ['08:30-12:00', '13:30-17:00'], sat: ['09:00-12:00'] }],
  ['line', field('line'), [['129.508912', '42.891200'], ['129.509912', '42.892200']]],
  ['account', field('account'), 'helper-7'],
  ['action', field('action'), 'whistle.sound'],
  ['indicator', field('indicator'), 'appeal.came_in'],
  ['rows', field('rows', { fields: [{ name: 'what', label: { zh: '事' }, kind: 'text' }, { name: 'due', label: { zh: '限' }, kind: 'date' }] }), [{ what: '修灯', due: '2026-09-28' }]],
]

describe('every kind', () => {
  it.each(round)('%s survives decode and encode', (_, spec, value) => {
    expect(encode(spec, decode(spec, value))).toEqual(value)
  })
  it.each(round)('%s left empty sends nothing', (_, spec) => {
    if (spec.kind === 'yes_no') return
    expect(encode(spec, emptyDraft(spec))).toBeUndefined()
    expect(encode(spec, decode(spec, null))).toBeUndefined()
  })
  it.each(round)('%s left empty is a fault where it is required', (_, spec) => {
    expect(check({ ...spec, required: true }, emptyDraft(spec))?.key).toBe('ui.form.fault.required')
    expect(check(spec, emptyDraft(spec))).toBeUndefined()
  })
})

describe('what is typed', () => {
  it('takes full-width digits and spaces of an input method', () => {
    expect(encode(field('number'), ' １２．５ ')).toBe('12.5')
    expect(encode(field('contact'), { name: '', phone: '１３８ ００１３-８０００' })).toEqual({ phone: '13800138000' })
  })
  it('prefers the point to the node, and drops blanks', () => {
    expect(encode(field('place'), { lon: '129.5', lat: '42.9', territory: 'x', address: '  ' })).toEqual({ lon: '129.5', lat: '42.9' })
  })
  it('takes hours as people write them', () => {
    expect(encode(field('hours'), { mon: '8：30－12:00、13:30~17:00' })).toEqual({ mon: ['08:30-12:00', '13:30-17:00'] })
    expect(check(field('hours'), { mon: '12:00-08:30' })?.key).toBe('ui.form.fault.hours')
    expect(check(field('hours'), { mon: '08:30-12:00 11:00-13:00' })?.key).toBe('ui.form.fault.hours')
    expect(check(field('hours'), { sun: '00:00-24:00' })).toBeUndefined()
  })
  it('an unanswered yes-or-no is not a no', () => {
    expect(encode(field('yes_no'), undefined)).toBeUndefined()
  })
})

describe('faults', () => {
  const faults: [string, Field, unknown, string | undefined][] = [
    ['letters for a number', field('number'), '12a', 'ui.form.fault.number'],
    ['seven decimals', field('number'), '0.1234567', 'ui.form.fault.number'],
    ['three decimals of money', field('money'), '1.234', 'ui.form.fault.number'],
    ['below the least', field('number', { min: '3' }), '2', 'ui.form.fault.min'],
    ['at the most', field('number', { max: '3' }), '3', undefined],
    ['above the most', field('number', { max: '3' }), '3.1', 'ui.form.fault.max'],
    ['long text', field('text', { length_max: 3 }), '一二三四', 'ui.form.fault.length_max'],
    ['characters outside the basic plane count once', field('text', { length_max: 3 }), '𠮷𠮷𠮷', undefined],
    ['half a period', field('period'), { from: '2026-09-22T09:00', to: '' }, 'ui.form.fault.period_half'],
    ['a period that ends first', field('period'), { from: '2026-09-22T09:00', to: '2026-09-22T08:00' }, 'ui.form.fault.period_order'],
    ['a limit of no days', field('limit'), { count: '0', unit: 'day_working' }, 'ui.form.fault.limit'],
    ['a phone of three digits', field('contact'), { name: '', phone: '110' }, 'ui.form.fault.phone'],
    ['too many picked', field('organisation', { many: true, max: '1' }), ['a', 'b'], 'ui.form.fault.count_max'],
    ['too few picked', field('link', { many: true, min: '2' }), ['a'], 'ui.form.fault.count_min'],
    ['a date before the least', field('date', { min: '2026-09-22' }), '2026-09-21', 'ui.form.fault.min'],
  ]
  it.each(faults)('%s', (_, spec, draft, key) => {
    expect(check(spec, draft)?.key).toBe(key)
  })
  it('at least one of many is demanded even where nothing says required', () => {
    expect(check(field('link', { many: true, min: '1' }), [])?.key).toBe('ui.form.fault.required')
    expect(check(field('number', { min: '1' }), '')).toBeUndefined()
  })
  it('names the row of a table that is wrong', () => {
    const table = field('rows', { fields: [{ name: 'what', label: { zh: '事' }, kind: 'text', required: true }] })
    expect(check(table, [{ what: 'a' }, { what: '' }])).toEqual({ key: 'ui.form.fault.row', named: { row: 2 } })
  })
  it('a file is named as the server answered it, or waits on this device', () => {
    const sent = { sha256: 'a'.repeat(64), name: 'a.jpg', media_type: 'image/jpeg', bytes: 3 }
    const waiting = { pending: '7', name: 'b.jpg', media_type: 'image/jpeg', bytes: 4 }
    const photos = field('file', { many: true, required: true })
    expect(encode(photos, decode(photos, [sent]))).toEqual([sent])
    expect(encode(photos, [sent, waiting])).toEqual([sent, waiting])
    expect(check(photos, [])).toBeDefined()
    expect(check(photos, [waiting])).toBeUndefined()
    expect(filesIn([sent, waiting, 'a', null])).toEqual([sent])
    expect(filesIn(undefined)).toEqual([])
  })
  it('asks nothing of what cannot be entered', () => {
    expect(isEnterable(field('tally'))).toBe(false)
    expect(check(field('tally', { required: true }), undefined)).toBeUndefined()
    expect(isEnterable(field('number', { computed: true }))).toBe(false)
  })
})

describe('rows and keys', () => {
  it('a new row starts with its defaults', () => {
    const table = field('rows', { fields: [{ name: 'share', label: { zh: '责' }, kind: 'choice', default: 'lead' }] })
    expect(rowDraft(table)).toEqual({ share: 'lead' })
  })
  it('finds the field a refusal speaks of', () => {
    const fields = [field('text', { name: 'reason' }), field('choice', { name: 'ground' })]
    expect(fieldOfKey('thing.ask_more.ground.required', fields)).toBe('ground')
    expect(fieldOfKey('thing.reason.length_max', fields)).toBe('reason')
    expect(fieldOfKey('ground.close.when', fields)).toBeUndefined()
  })
  it('local time and instant are the same moment', () => {
    expect(fromLocal(toLocal('2026-09-22T01:30:00Z'))).toBe('2026-09-22T01:30:00Z')
    expect(toLocal('never')).toBe('')
    expect(fromLocal('')).toBe('')
  })
})
