import type { Field, Label, List } from '@/api/types'
import { labelIn } from './label'
import { officeZone } from '@/me/zone'
import { weekdays } from './kinds'
import { dateWords, instantWords, type Say } from './time'

/** How one value is said. Pure: lists, names and the present instant are given. */
export interface Words {
  say: Say
  language: string
  now: number
  lists: readonly List[]
  unitLabel?: (code: string) => Label | undefined
}

export function listOf(lists: readonly List[], name: string | undefined): List | undefined {
  return lists.find((list) => list.name === name)
}

export function rowWords(words: Words, list: string | undefined, key: string): string {
  const row = listOf(words.lists, list)?.rows.find((candidate) => candidate.key === key)
  return labelIn(words.language, row?.label, key)
}

/** "5 day_working" as “5 个工作日”. */
export function limitWords(limit: string, say: Say): string {
  const [count = '', unit = ''] = limit.split(' ')
  const n = Number(count)
  return unit && Number.isFinite(n) ? say(`ui.unit.${unit}`, { n: count }, n) : limit
}

export function moneyWords(amount: string, language: string): string {
  const value = Number(amount)
  if (!Number.isFinite(value)) return amount
  return new Intl.NumberFormat(language, { style: 'currency', currency: 'CNY', currencyDisplay: 'narrowSymbol' }).format(value)
}

function placeWords(value: Record<string, unknown>): string {
  if (typeof value.address === 'string' && value.address) return value.address
  if (value.lon !== undefined && value.lat !== undefined) return `${value.lon}, ${value.lat}`
  return typeof value.territory === 'string' ? value.territory : ''
}

/** Neighbouring days with the same hours together: “周一–周五 08:30-17:00”. */
export function hoursWords(hours: Record<string, string[]>, say: Say): string {
  const runs: { first: string; last: string; frames: string }[] = []
  for (const day of weekdays) {
    const frames = (hours[day] ?? []).join(' ')
    const run = runs.at(-1)
    if (run && run.frames === frames) run.last = day
    else runs.push({ first: day, last: day, frames })
  }
  const name = (day: string) => say(`ui.weekday.${day}`)
  return runs
    .filter(({ frames }) => frames)
    .map(({ first, last, frames }) => `${first === last ? name(first) : `${name(first)}–${name(last)}`} ${frames}`)
    .join('；')
}

function oneWords(field: Field, value: unknown, words: Words): string {
  const record = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  switch (field.kind) {
    case 'yes_no':
      return words.say(value === true ? 'ui.form.yes' : 'ui.form.no')
    case 'choice':
      return rowWords(words, field.list, String(value))
    case 'money':
      return moneyWords(String(value), words.language)
    case 'quantity':
      return `${String(value)} ${field.unit ?? ''}`.trim()
    case 'date':
      return dateWords(String(value), words.language)
    case 'instant':
      return instantWords(String(value), words.language, officeZone.value, words.now)
    case 'period':
      return words.say('ui.form.from_to', {
        from: instantWords(String(record.from), words.language, officeZone.value, words.now),
        to: instantWords(String(record.to), words.language, officeZone.value, words.now),
      })
    case 'limit':
      return limitWords(String(value), words.say)
    case 'place':
      return placeWords(record)
    case 'contact':
      return [record.name, record.phone].filter(Boolean).join(' ')
    case 'file':
      return String(record.name ?? '')
    case 'hours':
      return hoursWords(record as Record<string, string[]>, words.say)
    case 'line':
      return words.say('ui.form.points', { n: Array.isArray(value) ? value.length : 0 }, Array.isArray(value) ? value.length : 0)
    case 'territory':
    case 'organisation':
      return labelIn(words.language, words.unitLabel?.(String(value)), String(value))
    case 'scores':
      return Object.entries(record)
        .map(([row, score]) => `${rowWords(words, field.list, row)} ${String((score as { value?: unknown }).value ?? '')}`)
        .join(' · ')
    case 'text':
      if (field.languages && typeof value === 'object') return labelIn(words.language, record as unknown as Label, '')
      return String(value)
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
}

export function valueWords(field: Field, value: unknown, words: Words): string {
  if (value === null || value === undefined || value === '') return ''
  if (field.kind === 'rows') {
    return words.say('ui.form.rows', { n: Array.isArray(value) ? value.length : 0 }, Array.isArray(value) ? value.length : 0)
  }
  if (Array.isArray(value) && field.kind !== 'line') return value.map((element) => oneWords(field, element, words)).join('、')
  return oneWords(field, value, words)
}
