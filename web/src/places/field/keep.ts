import { api, ask } from '@/api/client'
import type { MatterRow } from '@/api/types'
import { askOrKept } from '@/offline/kept'

const most = 20
const seen = new Map<string, string>()

/** Lays today's matters and their definitions by, so that they open where there is no net: the most
 *  urgent ones, one after the other, each again only when it changed. */
export async function keepForToday(who: string, rows: readonly MatterRow[]): Promise<void> {
  if (!who) return
  for (const { id, type, state, lamp } of rows.slice(0, most)) {
    const mark = `${who} ${state} ${lamp}`
    if (seen.get(id) === mark) continue
    seen.set(id, mark)
    const path = { params: { path: { id } } }
    try {
      await askOrKept(who, `matter ${id}`, () => ask(api.GET('/matters/{id}', path)))
      await askOrKept(who, `timeline ${id}`, () => ask(api.GET('/matters/{id}/timeline', path)))
      if (!seen.has(`type ${type}`)) await askOrKept(who, `type ${type}`, () => ask(api.GET('/types/{type}', { params: { path: { type } } })))
      seen.set(`type ${type}`, '')
    } catch {
      seen.delete(id)
      return
    }
  }
}
