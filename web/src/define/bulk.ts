import { api, ask, newRequestId } from '@/api/client'
import { ApiError, type Problem } from '@/api/errors'
import type { ActionForm, Matter, Values } from '@/api/types'
import { forgetFiles, withFiles } from '@/offline/pending'

export interface BulkResult {
  id: string
  problem?: Problem
}

/** Declared actions that every one of these matters offers now, in the order of the first. */
export function sharedActions(matters: readonly Matter[]): ActionForm[] {
  const [first, ...others] = matters
  if (!first) return []
  const offers = (matter: Matter, action: string) => matter.type === first.type && matter.actions.some((one) => one.action === action && one.possible !== false)
  return first.actions.filter((one) => !one.built_in && !one.clock && one.possible !== false && others.every((matter) => offers(matter, one.action)))
}

/** The same action on each, each by itself through the same door: one that is refused leaves the
 *  others. A lost answer is asked for once more under the same id. */
export async function actOnEach(matters: readonly Matter[], action: string, values: Values, onStep: (result: BulkResult) => void): Promise<void> {
  // Files that could not be sent when they were chosen go once, before the first that names them.
  let settled: Values
  try {
    settled = await withFiles(values)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    for (const { id } of matters) onStep({ id, problem: error.problem })
    return
  }
  for (const { id, version } of matters) {
    const call = { params: { path: { id }, header: { 'Gewu-Request': newRequestId() } }, body: { action, values: settled, version } }
    const send = () => ask(api.POST('/matters/{id}/actions', call))
    try {
      await send().catch((error: unknown) => {
        if (error instanceof ApiError && error.key === 'client.no_answer') return send()
        throw error
      })
      onStep({ id })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      onStep({ id, problem: error.problem })
    }
  }
  await forgetFiles(values)
}
