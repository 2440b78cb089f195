import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { now } from '@/api/live'
import type { Field, MatterRow, MatterType, View } from '@/api/types'
import { headline } from './label'
import { useSay } from './say'
import { valueWords } from './words'

const builtInLabels: Record<string, string> = {
  title: 'ui.column.title',
  number: 'ui.column.number',
  state: 'ui.column.state',
  next_due: 'ui.column.due',
  opened_at: 'ui.column.opened',
  territory: 'ui.column.territory',
  owner: 'ui.column.owner',
  handler: 'ui.column.handler',
}

/** The columns of a view in words, for any row of its type. */
export function useCells(type: MaybeRefOrGetter<MatterType | undefined>) {
  const { t, say, label, unit, instant, locale } = useSay()
  const fieldOf = (name: string): Field | undefined => toValue(type)?.fields.find((field) => field.name === name)
  const builtIn: Record<string, (row: MatterRow) => string> = {
    title: (row) => headline(row),
    number: (row) => row.number,
    state: (row) => label(row.state_label, row.state),
    next_due: (row) => (row.next_due ? instant(row.next_due) : '—'),
    opened_at: (row) => instant(row.opened_at),
    territory: (row) => unit(row.territory),
    owner: (row) => unit(row.owner),
    handler: (row) => unit(row.handler),
  }
  function words(name: string, value: unknown): string {
    const field = fieldOf(name)
    if (!field) return value === null || value === undefined || typeof value === 'object' ? '' : String(value)
    return valueWords(field, value, { say, language: locale.value, now: now.value, lists: toValue(type)?.lists ?? [] })
  }
  const cell = (name: string, row: MatterRow): string => builtIn[name]?.(row) ?? words(name, row.columns?.[name])
  const heading = (name: string): string => (builtInLabels[name] ? t(builtInLabels[name]) : label(fieldOf(name)?.label, name))
  return { cell, heading, words, fieldOf }
}
export type Cells = ReturnType<typeof useCells>

/** What a row says under the name that a view goes by. */
export function keyOf(row: MatterRow, by: string): string | undefined {
  if (by === 'handler' || by === 'owner' || by === 'territory') return row[by]?.code
  const value = by === 'state' || by === 'lamp' || by === 'next_due' || by === 'opened_at' ? row[by] : row.columns?.[by]
  return value === null || value === undefined ? undefined : String(value)
}

export function useViews(type: MaybeRefOrGetter<MatterType | undefined>) {
  return computed<View[]>(() => (toValue(type)?.views ?? []).filter(({ kind }) => kind !== 'slip'))
}
