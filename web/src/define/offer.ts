import type { ActionForm, Matter } from '@/api/types'

/** Built-in actions that have a place of their own on the page. */
const placed = new Set(['note', 'unseal', 'fetch_export'])

/** The one step that moves the work on: the first declared action that is possible now. Closing
 *  or asking back is never pushed while another step is open; `now` is where the loop stands, and
 *  only where that is its end closing is a step. */
export function primaryOf(actions: readonly ActionForm[], now?: ActionForm['stage']): ActionForm | undefined {
  const possible = actions.filter((form) => !form.built_in && !form.clock && form.possible !== false)
  const step = possible.find(({ stage }) => stage !== 'close' && stage !== 'other')
  if (step || possible.length !== 1) return step
  return possible[0]!.stage === 'close' && now !== undefined && now !== 'close' ? undefined : possible[0]
}

/** What an author is asked to do next; giving up is offered, never proposed. */
export function nextForAuthor(actions: readonly ActionForm[]): ActionForm | undefined {
  const primary = primaryOf(actions)
  return primary?.stage === 'close' ? undefined : primary
}

export const stageNow = (matter: Pick<Matter, 'stages'>): ActionForm['stage'] | undefined =>
  matter.stages.find(({ status }) => status === 'now' || status === 'late')?.stage

/** Everything else in the order of the definition: declared ones first, then built-in ones. */
export function sideActions(actions: readonly ActionForm[], primary: ActionForm | undefined): ActionForm[] {
  const others = actions.filter((form) => form.action !== primary?.action && !placed.has(form.action))
  const isDeclared = (form: ActionForm) => !form.built_in && !form.clock
  return [...others.filter(isDeclared), ...others.filter((form) => !isDeclared(form))]
}
