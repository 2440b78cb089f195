import { carried } from '@/api/client'
import { keepAnswer, keptAnswer, openStore } from './store'
import { isNetFailure } from './outbox'

const placeOf = (key: string) => (key === 'me' ? key : `${carried.post} ${key}`)

/** Keeps an answer for when there is no net; a device that cannot is no reason to fail. */
export function layBy(who: string, key: string, answer: unknown): void {
  void openStore().then((db) => keepAnswer(db, who, placeOf(key), answer, Date.now())).catch(() => undefined)
}

/** Asks the server; without a net the answer of last time, as this person had it (`onKept` is told). */
export async function askOrKept<Answer>(who: string, key: string, question: () => Promise<Answer>, onKept: () => void = () => {}): Promise<Answer> {
  try {
    const answer = await question()
    if (who) layBy(who, key, answer)
    return answer
  } catch (error) {
    if (!who || !isNetFailure(error)) throw error
    const kept = await openStore().then((db) => keptAnswer(db, who, placeOf(key), Date.now())).catch(() => undefined)
    if (!kept) throw error
    onKept()
    return kept.value as Answer
  }
}
