import { ApiError } from '@/api/errors'
import { actionsOf, put, type Store, type Waiting } from './store'

export interface Receipt {
  matter: string
  number?: string | undefined
  receipt?: string | undefined
}
/** Sends one and answers what it became; throws ApiError. */
export type Send = (item: Waiting, matter: string | undefined) => Promise<Receipt>

/** No answer, no session, or too much at once: the order is kept and all of it waits. */
const isPause = ({ code }: ApiError) => code === 'unavailable' || code === 'unauthenticated' || code === 'too_many' || code === 'internal'

/** Sends what waits, in the order it was written, one at a time. A refusal stays, with its reason,
 *  and what stands on the refused one is refused with it; the others go on. */
export async function replay(db: Store, who: string, send: Send, onStep: () => void = () => {}): Promise<'all' | 'paused'> {
  const items = await actionsOf(db, who)
  const byRequest = new Map(items.map((item) => [item.request, item]))
  for (const item of items) {
    if (item.state !== 'waiting') continue
    const above = item.what.kind === 'act' && typeof item.what.matter === 'object' ? byRequest.get(item.what.matter.of) : undefined
    const isOrphan = item.what.kind === 'act' && typeof item.what.matter === 'object' && above?.state !== 'done'
    if (isOrphan) {
      item.state = 'refused'
      item.problem = { code: 'conflict', key: 'client.needs_other' }
    } else {
      try {
        const target = item.what.kind === 'act' ? (typeof item.what.matter === 'string' ? item.what.matter : above?.matter) : undefined
        Object.assign(item, await send(item, target), { state: 'done' })
        delete item.problem
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        if (isPause(error)) return 'paused'
        item.state = 'refused'
        item.problem = error.problem
      }
    }
    await put(db, item)
    onStep()
  }
  return 'all'
}
