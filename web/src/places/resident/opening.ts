import type { ActionForm, Field, TypeSummary } from '@/api/types'

export interface Opening {
  type: TypeSummary
  form: ActionForm
}

/** What somebody may start here by themselves: parts are opened inside another matter, and what must
 *  name another matter is begun where that one is shown. */
export function openingsOf(types: readonly TypeSummary[]): Opening[] {
  const standsAlone = ({ form }: Opening) => !form.fields.some(({ kind, required }) => kind === 'link' && required === true)
  return types
    .filter(({ part, register }) => !part && !register)
    .flatMap((type) => type.opens.map((form) => ({ type, form })))
    .filter(standsAlone)
}

/** The report itself: what begins a loop at a place. */
export function reportOf(openings: readonly Opening[], wanted: string | undefined): Opening | undefined {
  const hasPlace = ({ form }: Opening) => form.fields.some(({ kind }) => kind === 'place')
  return (
    openings.find(({ type }) => type.name === wanted) ??
    openings.find((one) => one.form.stage === 'collect' && hasPlace(one)) ??
    openings.find(hasPlace) ??
    openings[0]
  )
}

const ranks: Partial<Record<Field['kind'], number>> = { file: -1, place: 0, choice: 1, text: 2, contact: 8 }
const rank = (field: Field) => ranks[field.kind] ?? 5

/** A photo, place, category, words, the rest, and at the end how to reach the author. A choice that has a
 *  default and need not be made is left to the office. */
export function phoneOrder(fields: readonly Field[]): Field[] {
  const isAsked = (field: Field) =>
    !field.computed && !(field.kind === 'choice' && !field.required && field.default !== undefined && field.default !== null)
  return fields
    .filter(isAsked)
    .map((field, at) => ({ field, at }))
    .sort((a, b) => rank(a.field) - rank(b.field) || a.at - b.at)
    .map(({ field }) => field)
}
