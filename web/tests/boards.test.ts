import { describe, expect, it } from 'vitest'
import type { ActionForm, Matter, MatterRow, MatterType, View } from '../src/api/types'
import { lanesOf, monthBeside, treeOf, weeksOf } from '../src/define/boards/group'
import { sharedActions } from '../src/define/bulk'
import { metresBetween, orderOf } from '../src/places/field/today'
import { countLamps } from '../src/places/overview/count'

const row = (id: string, more: Partial<MatterRow> = {}): MatterRow => ({
  id, number: id, type: 't', type_label: { zh: 't' }, title: id, state: 'new', state_label: { zh: '新' }, lamp: 'green', opened_at: '2026-11-21T00:00:00Z', ...more,
})
const view = (more: Partial<View>): View => ({ name: 'v', kind: 'kanban', label: { zh: 'v' }, columns: ['title'], ...more })
const type = {
  name: 't', label: { zh: 't' }, actions: [], stages: [], clocks: [], views: [],
  fields: [{ name: 'colour', label: { zh: '色' }, kind: 'choice', list: 'colours' }],
  states: [{ name: 'new', label: { zh: '新' } }, { name: 'doing', label: { zh: '办' } }, { name: 'done', label: { zh: '完' }, final: true }],
  lists: [{ name: 'colours', rows: [{ key: 'red', label: { zh: '红' } }, { key: 'old', label: { zh: '旧' }, off: true }] }],
} as unknown as MatterType

describe('a board', () => {
  it('has the open states as lanes, also empty ones, and a final one only with something in it', () => {
    expect(lanesOf(view({ by: 'state' }), type, [row('1')]).map(({ key, rows }) => [key, rows.length])).toEqual([['new', 1], ['doing', 0]])
    expect(lanesOf(view({ by: 'state' }), type, [row('1', { state: 'done' })]).map(({ key }) => key)).toEqual(['new', 'doing', 'done'])
  })
  it('goes by a choice; what is not given, or no longer offered, has a lane where it occurs', () => {
    const lanes = lanesOf(view({ by: 'colour' }), type, [row('1', { columns: { colour: 'red' } }), row('2'), row('3', { columns: { colour: 'old' } })])
    expect(lanes.map(({ key, rows }) => [key, rows.map(({ id }) => id)])).toEqual([['red', ['1']], ['', ['2']], ['old', ['3']]])
  })
})
describe('a calendar', () => {
  it('has whole weeks from Monday', () => {
    const weeks = weeksOf('2026-11')
    expect(weeks[0]![0]).toBe('2026-10-26')
    expect(weeks.at(-1)!.at(-1)).toBe('2026-12-06')
    expect(weeksOf('2027-02')).toHaveLength(4)
    expect([monthBeside('2026-12', 1), monthBeside('2026-01', -1)]).toEqual(['2027-01', '2025-12'])
  })
})
describe('a tree', () => {
  const by = view({ kind: 'tree', by: 'up' })
  const up = (id: string, above?: string) => row(id, above ? { columns: { up: above } } : {})
  it('stands what is below under what is above; a parent outside leaves it at the top', () => {
    const roots = treeOf(by, [up('1'), up('2', '1'), up('3', '2'), up('4', '99')])
    expect(roots.map(({ row: one }) => one.id)).toEqual(['1', '4'])
    expect(roots[0]!.below[0]!.below[0]!.row.id).toBe('3')
  })
  it('loses nothing in a ring', () => {
    const roots = treeOf(by, [up('1', '2'), up('2', '1'), up('3', '1')])
    const all = (branches: typeof roots): string[] => branches.flatMap(({ row: one, below }) => [one.id, ...all(below)])
    expect(all(roots).sort()).toEqual(['1', '2', '3'])
  })
})
describe('a walk', () => {
  const unit = (code: string) => ({ kind: 'territory' as const, code })
  it('begins with what is late, then with what is near, then with what is due', () => {
    const centres = new Map<string, [number, number]>([['a', [129.5, 42.9]], ['b', [129.51, 42.9]]])
    const rows = [row('green-near', { territory: unit('a') }), row('red-far', { lamp: 'red', territory: unit('b') }), row('red-near', { lamp: 'red', territory: unit('a') }), row('soon', { lamp: 'yellow' })]
    expect(orderOf(rows, [129.5, 42.9], centres).map(({ row: one }) => one.id)).toEqual(['red-near', 'red-far', 'soon', 'green-near'])
    const due = orderOf([row('later', { next_due: '2026-11-23T00:00:00Z' }), row('first', { next_due: '2026-11-22T00:00:00Z' })], undefined, centres)
    expect(due.map(({ row: one }) => one.id)).toEqual(['first', 'later'])
  })
  it('measures in metres', () => {
    expect(metresBetween([129.5, 42.9], [129.5, 42.9])).toBe(0)
    expect(metresBetween([129.5, 42.9], [129.51, 42.9])).toBeGreaterThan(780)
    expect(metresBetween([129.5, 42.9], [129.51, 42.9])).toBeLessThan(850)
  })
  it('counts each matter once, under its own child', () => {
    const { all, below } = countLamps([row('1', { lamp: 'red', territory: unit('2201') }), row('2', { territory: unit('2202001') }), row('3')], ['2201', '2202'])
    expect([all.open, all.red, below.get('2201')!.red, below.get('2202')!.open]).toEqual([3, 1, 1, 1])
  })
})
describe('several at once', () => {
  const form = (action: string, more: Partial<ActionForm> = {}): ActionForm => ({ action, label: { zh: action }, stage: 'handle', fields: [], ...more })
  const matter = (kind: string, actions: ActionForm[]) => ({ ...row('1'), type: kind, actions }) as Matter
  it('may take what all of them offer, of one type', () => {
    const one = matter('t', [form('a'), form('b'), form('note', { built_in: true })])
    expect(sharedActions([one, matter('t', [form('b'), form('note', { built_in: true })])]).map(({ action }) => action)).toEqual(['b'])
    expect(sharedActions([one, matter('t', [form('b', { possible: false })])])).toEqual([])
    expect(sharedActions([one, matter('u', [form('b')])])).toEqual([])
    expect(sharedActions([])).toEqual([])
  })
})
