import type { ActionForm, Field, TypeSummary } from '@/api/types'

/** An opening that calls several organisations to several matters at once: it gets the composer. */
export interface Calling {
  called: Field
  inside: Field
}
export function callingOf(opening: ActionForm | undefined): Calling | undefined {
  const called = opening?.fields.find(({ kind, many }) => kind === 'organisation' && many)
  const inside = opening?.fields.find(({ kind, many }) => kind === 'link' && many)
  return called && inside ? { called, inside } : undefined
}

export interface Call {
  key: string
  type: TypeSummary
  opening: ActionForm
  field: string
  most: number
}
/** What a post may call organisations to, about matters of one type. */
export function callsAbout(types: readonly TypeSummary[], about: string | undefined): Call[] {
  if (!about) return []
  return types.flatMap((type) =>
    type.opens.flatMap((opening) => {
      const inside = callingOf(opening)?.inside
      if (!inside || (inside.to !== about && inside.to !== 'any') || type.name === about) return []
      return [{ key: `${type.name}/${opening.action}`, type, opening, field: inside.name, most: Number(inside.max ?? 50) }]
    }),
  )
}

/** The page that composes it, with these matters inside. */
export function composeAt(call: Call, ids: readonly string[]) {
  return { path: `/open/${call.type.name}`, query: { action: call.opening.action, from: ids[0], [call.field]: ids.join(',') } }
}
