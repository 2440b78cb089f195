import { api, ask } from './client'
import { ApiError } from './errors'
import type { components } from './schema'

/** A piece fits the bound of a body with room to spare. */
const pieceBytes = 192 * 1024
const firstAgainMs = 100
const againMsMax = 1_000

/** Brings up what is too large for one request, a piece at a time; gives its id. */
export async function upload(file: Blob, told: (share: number) => void = () => {}): Promise<string> {
  const { id } = await ask(api.POST('/uploads', {}))
  let at = 0
  do {
    // A file that was changed since it was chosen cannot be read any more.
    const piece = await file.slice(at, at + pieceBytes).arrayBuffer().catch(() => {
      throw new ApiError(0, { code: 'conflict', key: 'upload.changed' })
    })
    const params = { path: { id }, query: { at } }
    const { bytes } = await ask(
      api.POST('/uploads/{id}', {
        params,
        body: '',
        bodySerializer: () => new Uint8Array(piece),
        headers: { 'Content-Type': 'application/octet-stream' },
      }),
    )
    at = bytes
    told(file.size ? at / file.size : 1)
  } while (at < file.size)
  return id
}

export interface Progress {
  done: number
  of: number
}
/** Waits for what a chore comes to; a refusal of it is thrown as that of a request would be. */
export async function settle<Answer>(begun: components['schemas']['ChoreBegun'], told: (progress: Progress) => void = () => {}): Promise<Answer> {
  for (let pause = firstAgainMs; ; pause = Math.min(pause * 2, againMsMax)) {
    await new Promise((resume) => setTimeout(resume, pause))
    const { state, done, of, answer, refusal } = await ask(api.GET('/chores/{id}', { params: { path: { id: begun.chore } } }))
    told({ done, of })
    if (state === 'done') return answer as Answer
    if (state === 'refused') throw new ApiError(400, refusal ?? { code: 'internal', key: 'internal' })
  }
}
