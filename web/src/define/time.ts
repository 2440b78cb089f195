/** Time is said as remaining or overdue; the exact instant stands beside it. Pure: `now` is given. */
export type Say = (key: string, named?: Record<string, unknown>, plural?: number) => string

const minuteMs = 60_000
const hourMinutes = 60
const dayMinutes = 24 * 60

/** A length in words, at most two units, the smaller one only where it still matters. */
export function lengthWords(ms: number, say: Say): string {
  const minutes = Math.floor(Math.abs(ms) / minuteMs)
  if (minutes < 1) return say('ui.time.under_minute')
  const days = Math.floor(minutes / dayMinutes)
  const hours = Math.floor((minutes % dayMinutes) / hourMinutes)
  const rest = minutes % hourMinutes
  const parts: string[] = []
  if (days) parts.push(say('ui.time.days', { n: days }, days))
  if (hours && days < 3) parts.push(say('ui.time.hours', { n: hours }, hours))
  if (rest && !days) parts.push(say('ui.time.minutes', { n: rest }, rest))
  return parts.join(' ')
}

/** “剩 55 分”, “超期 3 小时 20 分”, or that no clock runs. */
export function dueWords(due: string | null | undefined, now: number, say: Say): string {
  if (!due) return say('ui.time.no_clock')
  const left = Date.parse(due) - now
  if (Number.isNaN(left)) return say('ui.time.no_clock')
  const length = lengthWords(left, say)
  return left < 0 ? say('ui.time.over', { length }) : say('ui.time.left', { length })
}

/** Day and minute in the reader's language; the year only when it is another one. */
export function instantWords(instant: string, language: string, zone: string | undefined, now: number): string {
  const at = new Date(instant)
  if (Number.isNaN(at.getTime())) return instant
  const year = (value: Date | number) =>
    new Intl.DateTimeFormat('en', { year: 'numeric', timeZone: zone }).format(value)
  return new Intl.DateTimeFormat(language, {
    ...(year(at) === year(now) ? {} : { year: 'numeric' }),
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  }).format(at)
}

export function clockWords(instant: string, language: string, zone: string | undefined): string {
  const at = new Date(instant)
  if (Number.isNaN(at.getTime())) return instant
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone }).format(at)
}

export function dateWords(date: string, language: string): string {
  const at = new Date(`${date}T00:00:00Z`)
  if (Number.isNaN(at.getTime())) return date
  return new Intl.DateTimeFormat(language, { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: 'UTC' }).format(at)
}
