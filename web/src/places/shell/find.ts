import { api, ask } from '@/api/client'
import { ApiError } from '@/api/errors'
import type { Found } from '@/api/types'

/** Whatever the words find. An older server without a search still finds matters by number. */
export async function find(words: string): Promise<Found> {
  try {
    return await ask(api.GET('/search', { params: { query: { q: words, rows: 6 } } }))
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error
    const { rows } = await ask(api.GET('/matters', { params: { query: { words, rows: 20 } } }))
    return { matters: rows, posts: [], territory: [], organisations: [] }
  }
}
