import type { Figure, Indicator } from '@/api/types'

export type FigureRow = Figure['rows'][number] | undefined

/** A figure as it is read: a ratio of counts and a coverage as a share, a count without decimals. */
export function figureWords(head: Indicator['head'], row: FigureRow, language: string): string {
  const value = row?.value === undefined ? Number.NaN : Number(row.value)
  if (!Number.isFinite(value)) return '—'
  const isShare = (head === 'ratio' || head === 'coverage') && value >= 0 && value <= 1
  return new Intl.NumberFormat(language, isShare ? { style: 'percent', maximumFractionDigits: 1 } : { maximumFractionDigits: 2 }).format(value)
}

/** Of the day "2026-11-22": "2026-11" and the months before it, newest first. */
export function monthsBefore(today: string, count: number): string[] {
  const [year = 0, month = 1] = today.split('-').map(Number)
  return Array.from({ length: count }, (_, back) => {
    const at = year * 12 + month - 1 - back
    return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`
  })
}

/** A numerator or denominator that is counted for a ratio: it stands beside its ratio, not alone. */
export const isPart = (indicator: string): boolean => indicator.includes('#')

/** Nothing happened that it counts; what is withheld did happen. */
export const isNothing = (row: FigureRow): boolean => !row?.withheld && !Number(row?.value ?? 0) && !Number(row?.denominator ?? 0)
