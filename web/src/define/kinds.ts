import type { Field } from '@/api/types'
import { fromLocal, toLocal } from '@/me/zone'
import type { FileValue, PendingFile } from '@/offline/pending'

/** One coder a field kind: from the wire to what an editor holds (a draft), back, and what is
 *  wrong with it. Pure; rules that need the server are asked of the server. */
export type Draft = unknown
export interface Fault {
  key: string
  named?: Record<string, unknown>
}
export interface PeriodDraft {
  from: string
  to: string
}
export interface LimitDraft {
  count: string
  unit: string
}
export interface PlaceDraft {
  lon?: string
  lat?: string
  address: string
  territory?: string
}
export interface ContactDraft {
  name: string
  phone: string
}
/** A text in several languages; zh is always there. */
export const textLanguages = ['zh', 'ko', 'en'] as const
export type TextDraft = Record<(typeof textLanguages)[number], string>
export type ScoresDraft = Record<string, { value: string; reason: string }>
export type RowDraft = Record<string, Draft>
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
/** Frames of each day as they are typed, "08:30-12:00 13:30-17:00". */
export type HoursDraft = Partial<Record<(typeof weekdays)[number], string>>
export type FileDraft = FileValue | PendingFile
export type LineDraft = [lon: string, lat: string][]

export const limitUnits = ['minute', 'hour_natural', 'hour_working', 'day_working', 'day_natural', 'month', 'year'] as const
/** A tally is fed by anonymous actions. The form says so. */
const unavailable = new Set<Field['kind']>(['tally'])
const keyed = new Set<Field['kind']>(['choice', 'link', 'territory', 'organisation', 'post', 'file'])

export const isEnterable = (field: Field): boolean => !unavailable.has(field.kind) && !field.computed
/** Kinds whose many values are picked in one control; of the others many means a list of editors. */
export const picksMany = (field: Field): boolean => keyed.has(field.kind)

/** Something must be given: said so, or because at least one of many is demanded. */
export const isRequired = (field: Field): boolean =>
  Boolean(field.required) || ((Boolean(field.many) || field.kind === 'rows') && Number(field.min ?? 0) >= 1)

export function plain(text: string): string {
  return text.normalize('NFKC').trim()
}

export function emptyDraft(field: Field): Draft {
  if (field.kind === 'rows') return []
  if (field.many) return []
  if (field.languages) return { zh: '', ko: '', en: '' } satisfies TextDraft
  switch (field.kind) {
    case 'period':
      return { from: '', to: '' } satisfies PeriodDraft
    case 'limit':
      return { count: '', unit: 'day_working' } satisfies LimitDraft
    case 'place':
      return { address: '' } satisfies PlaceDraft
    case 'contact':
      return { name: '', phone: '' } satisfies ContactDraft
    case 'scores':
      return {} satisfies ScoresDraft
    case 'hours':
      return {} satisfies HoursDraft
    case 'line':
      return [] satisfies LineDraft
    default:
      return undefined
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
const asText = (value: unknown): string => (value === undefined || value === null ? '' : String(value))

function decodeOne(field: Field, value: unknown): Draft {
  if (field.languages) {
    const { zh, ko, en } = typeof value === 'string' ? { zh: value, ko: '', en: '' } : asRecord(value)
    return { zh: asText(zh), ko: asText(ko), en: asText(en) } satisfies TextDraft
  }
  switch (field.kind) {
    case 'yes_no':
      return value === true
    case 'instant':
      return toLocal(asText(value))
    case 'period': {
      const { from, to } = asRecord(value)
      return { from: toLocal(asText(from)), to: toLocal(asText(to)) } satisfies PeriodDraft
    }
    case 'limit': {
      const [count = '', unit = 'day_working'] = asText(value).split(' ')
      return { count, unit } satisfies LimitDraft
    }
    case 'place': {
      const { lon, lat, address, territory } = asRecord(value)
      return {
        address: asText(address),
        ...(lon !== undefined && lat !== undefined ? { lon: asText(lon), lat: asText(lat) } : {}),
        ...(territory ? { territory: asText(territory) } : {}),
      } satisfies PlaceDraft
    }
    case 'contact': {
      const { name, phone } = asRecord(value)
      return { name: asText(name), phone: asText(phone) } satisfies ContactDraft
    }
    case 'scores':
      return Object.fromEntries(
        Object.entries(asRecord(value)).map(([row, score]) => {
          const { value: points, reason } = asRecord(score)
          return [row, { value: asText(points), reason: asText(reason) }]
        }),
      ) satisfies ScoresDraft
    case 'hours':
      return Object.fromEntries(
        Object.entries(asRecord(value)).map(([day, frames]) => [day, (Array.isArray(frames) ? frames : []).join(' ')]),
      ) satisfies HoursDraft
    case 'file':
      return value as FileDraft
    case 'line':
      return (Array.isArray(value) ? value : []).map((point) => [asText((point as unknown[])[0]), asText((point as unknown[])[1])]) as LineDraft
    default:
      return asText(value)
  }
}

export function decode(field: Field, value: unknown): Draft {
  if (value === undefined || value === null) return emptyDraft(field)
  if (field.kind === 'rows') {
    const rows = Array.isArray(value) ? value : []
    return rows.map((row) => rowDraft(field, asRecord(row)))
  }
  if (field.many) return (Array.isArray(value) ? value : [value]).map((element) => decodeOne(field, element))
  return decodeOne(field, value)
}

/** A row of a small table: what is given, else the default of its column. */
export function rowDraft(field: Field, values: Record<string, unknown> = {}): RowDraft {
  return Object.fromEntries((field.fields ?? []).map((cell) => [cell.name, decode(cell, values[cell.name] ?? cell.default)]))
}

/** Full-width signs and dashes of an input method, and hours without their zero, are understood. */
function framesOf(typed: string): string[] {
  const pad = (time: string) => time.replace(/^(\d):/, '0$1:')
  return plain(typed).replace(/[–—~至]/g, '-').replace(/\s*-\s*/g, '-').split(/[\s,;、，；]+/).filter(Boolean)
    .map((frame) => frame.split('-').map(pad).join('-'))
}
/** One language alone is plain text, as it was before there were several. */
function encodeText(draft: TextDraft): unknown {
  const said = textLanguages.flatMap((language) => (draft[language].trim() ? [[language, draft[language].trim()] as const] : []))
  if (!said.length) return undefined
  return said.length === 1 && said[0]![0] === 'zh' ? said[0]![1] : Object.fromEntries(said)
}
function encodeOne(field: Field, draft: Draft): unknown {
  if (field.languages) return encodeText(draft as TextDraft)
  switch (field.kind) {
    case 'yes_no':
      return draft === undefined ? undefined : draft === true
    case 'number':
    case 'money':
    case 'quantity':
      return plain(asText(draft)) || undefined
    case 'instant':
      return fromLocal(asText(draft)) || undefined
    case 'period': {
      const { from, to } = draft as PeriodDraft
      return from && to ? { from: fromLocal(from), to: fromLocal(to) } : undefined
    }
    case 'limit': {
      const { count, unit } = draft as LimitDraft
      return plain(count) ? `${plain(count)} ${unit}` : undefined
    }
    case 'place': {
      const { lon, lat, address, territory } = draft as PlaceDraft
      const words = address.trim()
      if (lon === undefined && !words && !territory) return undefined
      return {
        ...(lon !== undefined && lat !== undefined ? { lon, lat } : territory ? { territory } : {}),
        ...(words ? { address: words } : {}),
      }
    }
    case 'contact': {
      const { name, phone } = draft as ContactDraft
      const number = plain(phone).replace(/[\s-]/g, '')
      if (!name.trim() && !number) return undefined
      return { ...(name.trim() ? { name: name.trim() } : {}), ...(number ? { phone: number } : {}) }
    }
    case 'scores': {
      const given = Object.entries(draft as ScoresDraft).filter(([, score]) => plain(score.value))
      if (!given.length) return undefined
      return Object.fromEntries(
        given.map(([row, { value, reason }]) => [row, { value: plain(value), ...(reason.trim() ? { reason: reason.trim() } : {}) }]),
      )
    }
    case 'hours': {
      const days = weekdays.map((day) => [day, framesOf((draft as HoursDraft)[day] ?? '')] as const).filter(([, frames]) => frames.length)
      return days.length ? Object.fromEntries(days) : undefined
    }
    case 'line':
      return (draft as LineDraft).length ? draft : undefined
    case 'file':
      return draft ?? undefined
    case 'text':
    case 'account':
      return asText(draft).trim() || undefined
    default:
      return asText(draft) || undefined
  }
}

/** What is sent; undefined where nothing was entered. */
export function encode(field: Field, draft: Draft): unknown {
  if (!isEnterable(field)) return undefined
  if (field.kind === 'rows') {
    const rows = (draft as RowDraft[]).map((row) => {
      const cells = (field.fields ?? []).map((cell) => [cell.name, encode(cell, row[cell.name])] as const)
      return Object.fromEntries(cells.filter(([, value]) => value !== undefined))
    })
    return rows.length ? rows : undefined
  }
  if (field.many) {
    const many = ((draft as Draft[] | undefined) ?? []).map((element) => encodeOne(field, element)).filter((value) => value !== undefined)
    return many.length ? many : undefined
  }
  return encodeOne(field, draft ?? emptyDraft(field))
}

const decimal = /^-?\d{1,13}(\.\d{1,6})?$/
const decimalMoney = /^-?\d{1,13}(\.\d{1,2})?$/

function checkNumber(field: Field, text: string): Fault | undefined {
  const shape = field.kind === 'money' ? decimalMoney : decimal
  if (!shape.test(text)) return { key: 'ui.form.fault.number' }
  if (field.min !== undefined && Number(text) < Number(field.min)) return { key: 'ui.form.fault.min', named: { min: field.min } }
  if (field.max !== undefined && Number(text) > Number(field.max)) return { key: 'ui.form.fault.max', named: { max: field.max } }
  return undefined
}

const frameShape = /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/
/** Each frame ends after it began, and after the one before it. */
function areFrames(days: Record<string, string[]>): boolean {
  return Object.values(days).every((frames) =>
    frames.every((frame, at) => {
      const [from = '', to = ''] = frame.split('-')
      return frameShape.test(frame) && from < to && (at === 0 || frames[at - 1]!.split('-')[1]! < from)
    }),
  )
}

function checkOne(field: Field, draft: Draft): Fault | undefined {
  const sent = encodeOne(field, draft)
  switch (field.kind) {
    case 'number':
    case 'money':
    case 'quantity':
      return sent === undefined ? undefined : checkNumber(field, String(sent))
    case 'limit':
      return sent === undefined || /^[1-9]\d{0,4} /.test(String(sent)) ? undefined : { key: 'ui.form.fault.limit' }
    case 'text': {
      const most = field.length_max ?? 5000
      if (field.languages && sent !== undefined) {
        const given = draft as TextDraft
        if (!given.zh.trim()) return { key: 'ui.form.fault.zh_missing' }
        return textLanguages.some((language) => [...given[language]].length > most) ? { key: 'ui.form.fault.length_max', named: { max: most } } : undefined
      }
      return sent !== undefined && [...String(sent)].length > most ? { key: 'ui.form.fault.length_max', named: { max: most } } : undefined
    }
    case 'period': {
      const { from, to } = draft as PeriodDraft
      if (Boolean(from) !== Boolean(to)) return { key: 'ui.form.fault.period_half' }
      return from && from >= to ? { key: 'ui.form.fault.period_order' } : undefined
    }
    case 'contact': {
      const { phone } = (sent ?? {}) as { phone?: string }
      return phone !== undefined && !/^\+?\d{5,15}$/.test(phone) ? { key: 'ui.form.fault.phone' } : undefined
    }
    case 'date':
      if (sent !== undefined && field.min !== undefined && String(sent) < field.min) return { key: 'ui.form.fault.min', named: { min: field.min } }
      if (sent !== undefined && field.max !== undefined && String(sent) > field.max) return { key: 'ui.form.fault.max', named: { max: field.max } }
      return undefined
    case 'hours':
      return areFrames((sent ?? {}) as Record<string, string[]>) ? undefined : { key: 'ui.form.fault.hours' }
    case 'line':
      return sent !== undefined && (sent as LineDraft).length < 2 ? { key: 'ui.form.fault.line' } : undefined
    case 'scores':
      for (const score of Object.values(draft as ScoresDraft)) {
        if (plain(score.value) && !decimal.test(plain(score.value))) return { key: 'ui.form.fault.number' }
      }
      return undefined
    default:
      return undefined
  }
}

function checkCount(field: Field, count: number): Fault | undefined {
  if (field.min !== undefined && count > 0 && count < Number(field.min)) {
    return { key: 'ui.form.fault.count_min', named: { min: field.min } }
  }
  if (field.max !== undefined && count > Number(field.max)) return { key: 'ui.form.fault.count_max', named: { max: field.max } }
  return undefined
}

/** What can be said wrong of a draft before it is sent; nothing where the server has to say. */
export function check(field: Field, draft: Draft): Fault | undefined {
  if (!isEnterable(field)) return undefined
  const value = draft ?? emptyDraft(field)
  const list = field.kind === 'rows' || field.many ? ((value as Draft[] | undefined) ?? []) : undefined
  if (isRequired(field) && encode(field, value) === undefined) return { key: 'ui.form.fault.required' }
  if (!list) return checkOne(field, value)
  const count = checkCount(field, list.length)
  if (count) return count
  if (field.kind === 'rows') {
    for (const row of list as RowDraft[]) {
      for (const cell of field.fields ?? []) {
        const fault = check(cell, row[cell.name])
        if (fault) return { key: 'ui.form.fault.row', named: { row: (list as RowDraft[]).indexOf(row) + 1 } }
      }
    }
    return undefined
  }
  for (const element of list) {
    const fault = checkOne({ ...field, min: undefined, max: undefined } as Field, element)
    if (fault) return fault
  }
  return undefined
}

/** The form field that a refusal key speaks of: TYPE.FIELD.required or TYPE.ACTION.INPUT.max. */
export function fieldOfKey(key: string, fields: readonly Field[]): string | undefined {
  const parts = key.split('.').slice(1).reverse()
  return parts.find((part) => fields.some(({ name }) => name === part))
}
