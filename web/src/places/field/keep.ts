import { api, ask } from '@/api/client'
import type { MatterRow } from '@/api/types'
import { askOrKept, layBy } from '@/offline/kept'

const most = 20
const seen = new Map<string, string>()

/** What this post may report, with its questions: asked for once a visit. */
async function keepForReport(who: string): Promise<void> {
  if (seen.has(`report ${who}`)) return
  const { types } = await askOrKept(who, 'types of today', () => ask(api.GET('/types', { params: { query: {} } })))
  layBy(who, 'types ', { types })
  for (const { name, opens, part } of types) {
    if (part || !opens.some(({ fields }) => fields.some(({ kind }) => kind === 'place'))) continue
    await askOrKept(who, `type ${name}`, () => ask(api.GET('/types/{type}', { params: { path: { type: name } } })))
  }
  seen.set(`report ${who}`, '')
}

/** Lays today's matters and their definitions by, so that they open where there is no net: the most
 *  urgent ones, one after the other, each again only when it changed. */
export async function keepForToday(who: string, rows: readonly MatterRow[]): Promise<void> {
  if (!who) return
  await keepForReport(who).catch(() => undefined)
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
