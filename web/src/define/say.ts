import { useWords } from '@/words'
import { now } from '@/api/live'
import type { Label, Unit } from '@/api/types'
import type { ApiError, Problem } from '@/api/errors'
import { officeZone } from '@/me/zone'
import { labelIn } from './label'
import { clockWords, dateWords, dueWords, instantWords, lengthWords, type Say } from './time'

/** The words a page needs for what the server says: labels, times, refusals. */
export function useSay() {
  const { t, te, locale } = useWords()
  const say: Say = t

  function label(of: Label | undefined, key = ''): string {
    return labelIn(locale.value, of, key)
  }
  function unit(of: Unit | undefined): string {
    return of ? label(of.label, of.code) : ''
  }
  /** A refusal in words: its own label, its key, the end of its key, or its code. */
  function problem(of: Problem): string {
    if (of.label?.zh) return label(of.label)
    const exact = `error.${of.key}`
    if (te(exact) && typeof of.key === 'string') return t(exact, of.details ?? {})
    const ending = `error.ending.${of.key.split('.').at(-1)}`
    if (te(ending)) return t(ending, of.details ?? {})
    return te(`error.code.${of.code}`) ? t(`error.code.${of.code}`) : t('error.code.internal')
  }
  function refusal(error: unknown): string {
    const { problem: first } = error as ApiError
    return first ? problem(first) : t('error.client.no_answer')
  }
  return {
    t,
    say,
    label,
    unit,
    problem,
    refusal,
    due: (at: string | undefined) => dueWords(at, now.value, say),
    length: (ms: number) => lengthWords(ms, say),
    instant: (at: string) => instantWords(at, locale.value, officeZone.value, now.value),
    clock: (at: string) => clockWords(at, locale.value, officeZone.value),
    date: (day: string) => dateWords(day, locale.value),
    locale,
  }
}
