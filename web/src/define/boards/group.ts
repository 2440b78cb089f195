import type { MatterRow, MatterType, View } from '@/api/types'
import { keyOf } from '../cells'
import { listOf } from '../words'

const lampOrder = ['red', 'yellow', 'violet', 'green', 'grey'] as const
const units = ['handler', 'owner', 'territory'] as const

/** Lanes of a board: the open states, the lamps, or the rows of the choice it goes by, in their own
 *  order; units by who has most. A lane for what has none only where there is something in it. */
export interface Lane {
  key: string
  label: MatterType['label'] | undefined
  rows: MatterRow[]
}
export function lanesOf(view: View, type: MatterType, rows: readonly MatterRow[]): Lane[] {
  const by = view.by ?? 'state'
  const list = listOf(type.lists, type.fields.find(({ name }) => name === by)?.list)
  const unit = units.find((one) => one === by)
  const known: Lane[] =
    by === 'lamp'
      ? lampOrder.filter((lamp) => lamp !== 'violet' || rows.some((row) => row.lamp === lamp)).map((key) => ({ key, label: undefined, rows: [] }))
    : by === 'state'
      ? type.states.filter(({ final, name }) => !final || rows.some(({ state }) => state === name)).map(({ name, label }) => ({ key: name, label, rows: [] }))
      : (list?.rows ?? []).filter(({ off }) => !off).map(({ key, label }) => ({ key, label, rows: [] }))
  const lanes = new Map(known.map((lane) => [lane.key, lane]))
  for (const row of rows) {
    const key = keyOf(row, by) ?? ''
    if (!lanes.has(key)) lanes.set(key, { key, label: unit ? row[unit]?.label : undefined, rows: [] })
    lanes.get(key)!.rows.push(row)
  }
  const all = [...lanes.values()]
  return unit ? all.sort((a, b) => b.rows.length - a.rows.length) : all
}

/** Six weeks of a month, Monday first, each day "2026-11-22". */
export function weeksOf(month: string): string[][] {
  const first = new Date(`${month}-01T00:00:00Z`)
  const start = first.getTime() - ((first.getUTCDay() + 6) % 7) * 86_400_000
  const day = (at: number) => new Date(start + at * 86_400_000).toISOString().slice(0, 10)
  const weeks = Array.from({ length: 6 }, (_, week) => Array.from({ length: 7 }, (_, at) => day(week * 7 + at)))
  return weeks.filter((week) => week.some((one) => one.startsWith(month)))
}
export function monthBeside(month: string, step: number): string {
  const [year = 0, of = 1] = month.split('-').map(Number)
  const at = year * 12 + of - 1 + step
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`
}

/** A tree by the link to the matter above: whatever lies outside the rows, or would close a ring,
 *  stands at the top. */
export interface Branch {
  row: MatterRow
  below: Branch[]
}
export function treeOf(view: View, rows: readonly MatterRow[]): Branch[] {
  const branches = new Map(rows.map((row) => [row.id, { row, below: [] } as Branch]))
  const above = (row: MatterRow) => {
    const key = keyOf(row, view.by ?? '')
    return key && key !== row.id ? branches.get(key) : undefined
  }
  const isRinged = (row: MatterRow) => {
    const seen = new Set([row.id])
    for (let up = above(row); up; up = above(up.row)) {
      if (seen.has(up.row.id)) return true
      seen.add(up.row.id)
    }
    return false
  }
  const roots: Branch[] = []
  for (const branch of branches.values()) {
    const parent = isRinged(branch.row) ? undefined : above(branch.row)
    ;(parent?.below ?? roots).push(branch)
  }
  return roots
}
