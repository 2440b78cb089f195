import type { Figure, Indicator } from '@/api/types'

/** A figure as it is read: a ratio of counts as a share, a count without decimals. */
export function figureWords(head: Indicator['head'], row: Figure['rows'][number] | undefined, language: string): string {
  const value = row?.value === undefined ? Number.NaN : Number(row.value)
  if (!Number.isFinite(value)) return '—'
  const isShare = head === 'ratio' && value >= 0 && value <= 1
  return new Intl.NumberFormat(language, isShare ? { style: 'percent', maximumFractionDigits: 1 } : { maximumFractionDigits: 2 }).format(value)
}

/** "2026-11" and the months before it, newest first. */
export function monthsBefore(today: Date, count: number): string[] {
  return Array.from({ length: count }, (_, back) => {
    const month = new Date(today.getFullYear(), today.getMonth() - back, 1)
    return `${month.getFullYear()}-${String(month.getMonth() + 1).padStart(2, '0')}`
  })
}
