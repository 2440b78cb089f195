import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, onBeforeUnmount, onMounted, ref, shallowRef, watch, type Ref } from 'vue'
import { api, ask } from '@/api/client'
import { isStale, onChange } from '@/api/live'
import type { Lamp, MatterPage, MatterRow, Post } from '@/api/types'
import type { Place } from '@/kit/window'
import { useMe } from '@/me/me'

export const scopes = ['handler', 'owner', 'territory', 'claimed'] as const
export type Scope = (typeof scopes)[number]
/** The lists a post has: those of its organisation, and of its ground if it sits on one. */
export function scopesOf(post: Post | undefined): Exclude<Scope, 'claimed'>[] {
  const own = post?.organisation ? (['handler', 'owner'] as const) : []
  return [...own, ...(post?.unit.kind === 'organisation' ? [] : (['territory'] as const))]
}
export interface Asked {
  scope: Scope
  types: string[]
  lamp: Lamp | undefined
  words: string
  view?: string
}
type Rows = 20 | 50 | 1000

/** The total, or what one page shows of it. */
export function countOf(answer: MatterPage): string {
  if (answer.total !== undefined) return String(answer.total)
  return answer.next ? `${answer.rows.length}+` : String(answer.rows.length)
}

/** Asks for a page of a list, as the acting post. */
export function useAsking() {
  const me = useMe()
  function queryOf({ scope, types, lamp, words, view }: Asked, rows: Rows, cursor: string) {
    const organisation = me.post?.organisation?.code
    return {
      of: scope === 'claimed' ? (scopesOf(me.post)[0] ?? ('territory' as const)) : scope,
      ...(scope !== 'territory' && organisation ? { unit: organisation } : {}),
      ...(scope === 'claimed' ? { claimed: true } : {}),
      ...(types.length ? { type: types } : {}),
      ...(view && types.length === 1 && !words ? { view } : {}),
      ...(lamp ? { lamp } : {}),
      ...(words ? { words } : {}),
      ...(cursor ? { cursor } : {}),
      rows,
    }
  }
  const read = (of: Asked, rows: Rows = 50, cursor = ''): Promise<MatterPage> =>
    ask(api.GET('/matters', { params: { query: queryOf(of, rows, cursor) } }))
  return { read, queryOf }
}

const staleAgainMs = 30_000
const calmAgainMs = 300_000
/** From so many rows on a page behind is a long one. */
const longAfter = 100

/** The list as it was left, so that coming back is coming back. */
interface Left {
  question: string
  rows: readonly MatterRow[]
  firstRows: readonly string[]
  next: string
  place: Place
}
let left: Left | undefined

export function useWorkList(asked: Ref<Asked>) {
  const me = useMe()
  const client = useQueryClient()
  const { read } = useAsking()
  const key = computed(() => ['list', me.acting, asked.value])
  // Lamps turn at stored instants without an event; and without a line the list is asked by itself.
  const page = useQuery({
    queryKey: key,
    queryFn: () => read(asked.value),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    refetchInterval: () => (isStale.value ? staleAgainMs : calmAgainMs),
  })

  // What is on the screen. It follows the answer of its own question; later answers only mend rows
  // in place, so that nothing moves under the pointer, and what came or left waits behind a pill.
  // Pages behind the first are read when somebody gets there.
  const rows = shallowRef<readonly MatterRow[]>([])
  const question = computed(() => JSON.stringify(key.value))
  const next = ref('')
  const waiting = ref(0)
  let shownFor = ''
  let firstRows: readonly string[] = []
  function compare(answer: MatterPage) {
    const fresh = new Map(answer.rows.map((row) => [row.id, row]))
    const shown = new Set(rows.value.map(({ id }) => id))
    rows.value = rows.value.map((row) => fresh.get(row.id) ?? row)
    const came = answer.rows.filter(({ id }) => !shown.has(id)).length
    const left = firstRows.filter((id) => !fresh.has(id)).length
    waiting.value = Math.max(came, left)
  }
  function show(answer: MatterPage) {
    rows.value = answer.rows
    firstRows = answer.rows.map(({ id }) => id)
    next.value = answer.next ?? ''
    waiting.value = 0
  }
  function takeUp(of: Left) {
    rows.value = of.rows
    firstRows = of.firstRows
    next.value = of.next
    shownFor = of.question
  }
  if (left?.question === question.value) takeUp(left)
  watch(
    [() => page.data.value, () => page.isPlaceholderData.value],
    ([answer, isOld]) => {
      if (!answer || isOld) return
      if (question.value !== shownFor) {
        shownFor = question.value
        show(answer)
      } else {
        compare(answer)
      }
    },
    { immediate: true },
  )
  function bringIn() {
    if (page.data.value) show(page.data.value)
  }
  const isReading = ref(false)
  /** The page behind; long steps once somebody reads on. */
  async function readOn() {
    if (!next.value || isReading.value || shownFor !== question.value) return
    isReading.value = true
    const of = question.value
    try {
      const answer = await read(asked.value, rows.value.length >= longAfter ? 1000 : 50, next.value)
      if (of !== question.value) return
      const known = new Set(rows.value.map(({ id }) => id))
      rows.value = [...rows.value, ...answer.rows.filter(({ id }) => !known.has(id))]
      next.value = answer.next ?? ''
    } catch {
      // What is shown stays; whoever scrolls on asks again.
    } finally {
      isReading.value = false
    }
  }
  const start = left?.question === question.value ? left.place : undefined
  function leave(place: Place) {
    left = { question: shownFor, rows: rows.value, firstRows, next: next.value, place }
  }

  const first = (scope: Scope, lamp?: Lamp, view?: string): Asked => ({ scope, types: asked.value.types, lamp, words: '', ...(view ? { view } : {}) })
  const counts = useQuery({
    queryKey: computed(() => ['list', 'counts', me.acting, asked.value.types]),
    queryFn: async () => {
      const scopes = scopesOf(me.post)
      const answers = await Promise.all(scopes.map((scope) => read(first(scope), 50)))
      return Object.fromEntries(scopes.map((scope, at) => [scope, countOf(answers[at]!)])) as Record<Scope, string | undefined>
    },
    refetchOnWindowFocus: false,
  })
  const lamps = ['red', 'yellow', 'green', 'violet', 'grey'] as const
  const lampCounts = useQuery({
    queryKey: computed(() => ['list', 'lamps', me.acting, asked.value.scope, asked.value.types, asked.value.view]),
    queryFn: async () => {
      const answers = await Promise.all(lamps.map((lamp) => read(first(asked.value.scope, lamp, asked.value.view), 50)))
      return Object.fromEntries(lamps.map((lamp, at) => [lamp, countOf(answers[at]!)])) as Record<Lamp, string | undefined>
    },
    refetchOnWindowFocus: false,
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  let off = () => {}
  onMounted(() => {
    off = onChange(() => {
      if (timer) return
      timer = setTimeout(() => {
        timer = undefined
        void client.invalidateQueries({ queryKey: ['list'] })
      }, 1_000)
    })
  })
  onBeforeUnmount(() => {
    off()
    clearTimeout(timer)
  })
  return { page, rows, next, question, waiting, bringIn, readOn, isReading, start, leave, counts, lampCounts, lamps }
}
