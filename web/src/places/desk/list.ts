import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'
import { api, ask } from '@/api/client'
import { isStale, onChange } from '@/api/live'
import type { Lamp, MatterPage, MatterRow, Post } from '@/api/types'
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
  cursor: string
  last: boolean
}

/** Asks for a page of a list, as the acting post. */
export function useAsking() {
  const me = useMe()
  function queryOf({ scope, types, lamp, words, cursor, last }: Asked, rows: 20 | 50 | 1000) {
    const organisation = me.post?.organisation?.code
    return {
      of: scope === 'claimed' ? (scopesOf(me.post)[0] ?? ('territory' as const)) : scope,
      ...(scope !== 'territory' && organisation ? { unit: organisation } : {}),
      ...(scope === 'claimed' ? { claimed: true } : {}),
      ...(types.length ? { type: types } : {}),
      ...(lamp ? { lamp } : {}),
      ...(words ? { words } : {}),
      ...(cursor ? { cursor } : {}),
      ...(last ? { last: true } : {}),
      rows,
    }
  }
  const read = (of: Asked, rows: 20 | 50 | 1000 = 20): Promise<MatterPage> =>
    ask(api.GET('/matters', { params: { query: queryOf(of, rows) } }))
  return { read }
}

const staleAgainMs = 30_000
const calmAgainMs = 300_000

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
  const rows = ref<MatterRow[]>([])
  const waiting = ref(0)
  let shownFor = ''
  function compare(answer: MatterPage) {
    const fresh = new Map(answer.rows.map((row) => [row.id, row]))
    const shown = new Set(rows.value.map(({ id }) => id))
    rows.value = rows.value.map((row) => fresh.get(row.id) ?? row)
    const came = answer.rows.filter(({ id }) => !shown.has(id)).length
    const left = rows.value.filter(({ id }) => !fresh.has(id)).length
    waiting.value = Math.max(came, left)
  }
  function show(answer: MatterPage) {
    rows.value = [...answer.rows]
    waiting.value = 0
  }
  watch(
    [() => page.data.value, () => page.isPlaceholderData.value],
    ([answer, isOld]) => {
      if (!answer || isOld) return
      const question = JSON.stringify(key.value)
      if (question !== shownFor) {
        shownFor = question
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

  const first = (scope: Scope, lamp?: Lamp): Asked => ({ ...asked.value, scope, lamp, words: '', cursor: '', last: false })
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
    queryKey: computed(() => ['list', 'lamps', me.acting, asked.value.scope, asked.value.types]),
    queryFn: async () => {
      const answers = await Promise.all(lamps.map((lamp) => read(first(asked.value.scope, lamp), 50)))
      return Object.fromEntries(lamps.map((lamp, at) => [lamp, countOf(answers[at]!)])) as Record<Lamp, string | undefined>
    },
    refetchOnWindowFocus: false,
  })
  /** The total, or what one page shows of it. */
  function countOf(answer: MatterPage): string {
    if (answer.total !== undefined) return String(answer.total)
    return answer.next ? `${answer.rows.length}+` : String(answer.rows.length)
  }

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
  return { page, rows, waiting, bringIn, counts, lampCounts, lamps }
}
