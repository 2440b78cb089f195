import createClient, { type Middleware } from 'openapi-fetch'
import { hearBeat } from './beat'
import { ApiError, refusalOf } from './errors'
import type { paths } from './schema'

/** What each request carries beside its own content; set by who is signed in. */
export const carried = { post: '', csrf: '' }
let onSignedOut: () => void = () => {}
export function whenSignedOut(act: () => void): void {
  onSignedOut = act
}

const headers: Middleware = {
  onRequest({ request }) {
    if (carried.post) request.headers.set('Gewu-Post', carried.post)
    if (request.method === 'GET') return
    if (carried.csrf) request.headers.set('Gewu-Csrf', carried.csrf)
    if (!request.headers.has('Gewu-Request')) request.headers.set('Gewu-Request', newRequestId())
  },
  onResponse({ response }) {
    hearBeat(response.headers.get('Gewu-Beat'))
  },
}

export const api = createClient<paths>({
  baseUrl: '/api',
  querySerializer: { array: { style: 'form', explode: true } },
})
api.use(headers)

/** A random UUID, also on plain http where crypto.randomUUID is missing. */
export function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** The answer, or a thrown ApiError: also where the server could not be reached at all. */
export async function ask<Answer>(
  call: Promise<{ data?: Answer; error?: unknown; response: Response }>,
): Promise<Answer> {
  let result
  try {
    result = await call
  } catch {
    throw new ApiError(0, { code: 'unavailable', key: 'client.no_answer' })
  }
  if (result.response.ok) return result.data as Answer
  const refusal = refusalOf(result.response.status, result.error)
  if (refusal.code === 'unauthenticated') onSignedOut()
  throw refusal
}
